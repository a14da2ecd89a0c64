"""Questions: what the engine says is right, and what is said to an answer.

An answer is what the player hands over: the number typed, the index of an option, or the address that was clicked
("none" for "in no layer"). A wrong one is never called wrong: its feedback names the belief behind it."""

from dataclasses import dataclass
from typing import cast

from layerviz.engine.address import parse
from layerviz.lessons import placeholders, values
from layerviz.lessons.expressions import evaluate, holds
from layerviz.lessons.playing import StepRun, filled
from layerviz.lessons.schema import Question
from layerviz.lessons.values import At, Missing, Scene
from layerviz.strings import Lang, tr

NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is what the engine computed, what to say to it, and which addresses to outline with it."""

    right: bool
    text: str = ""
    look: tuple[str, ...] = ()


def right_number(run: StepRun, question: Question) -> int:
    """The answer of a `number` question, computed from the world after the step's commands."""
    return cast(int, evaluate(question.answer, run.scene))


def right_option(run: StepRun, question: Question) -> int:
    """The index of the one option whose condition holds."""
    return next(index for index, option in enumerate(question.options) if holds(option.right_if, run.scene))


def right_layers(run: StepRun, question: Question) -> tuple[At, ...]:
    """The layers that a `click` question asks for."""
    return cast("tuple[At, ...]", evaluate(question.answer, run.scene))


def answer(run: StepRun, question: Question, lang: Lang) -> str:
    """The right answer in words, for "show the answer"; "" for a poll."""
    match question.kind:
        case "number":
            return str(right_number(run, question))
        case "choose":
            return filled(run, question.options[right_option(run, question)].text, lang)
        case "click":
            return placeholders.fill(f"{{{question.answer}}}", run.scene, lang)
    return ""


def answer_said(run: StepRun, question: Question, lang: Lang) -> str:
    """The same as a person reads it: layers are called what stands on their front edges."""
    if question.kind != "click":
        return answer(run, question, lang)
    right = right_layers(run, question)
    if not right and question.none is not None:
        return question.none.of(lang)
    return ", ".join(layer_said(str(at), lang) for at in right)


def layer_said(address: str, lang: Lang) -> str:
    """What the thing at `address` is called: its layer, or the stack that is no layer."""
    meant = parse(address.split(":/", 1)[0])
    if meant.layer == "rw":
        return tr(lang, "stage.container_layer")
    return tr(lang, "stage.layer", n=meant.layer) if meant.layer is not None else meant.name


def answers(run: StepRun, lang: Lang) -> tuple[str, ...]:
    """The right answers of all questions of the step, in order."""
    return tuple(answer(run, question, lang) for question in run.step.ask)


def judge(run: StepRun, question: Question, given: int | str, lang: Lang) -> Verdict:
    """What to say to the answer `given`. A poll takes every answer."""
    match question.kind:
        case "number":
            return _judge_number(run, question, int(given), lang)
        case "choose":
            option = question.options[int(given)]
            right = holds(option.right_if, run.scene)
            return Verdict(right, filled(run, option.feedback, lang), () if right else option.look)
        case "click":
            return _judge_click(run, question, str(given), lang)
    return Verdict(True)


def _judge_number(run: StepRun, question: Question, given: int, lang: Lang) -> Verdict:
    right = right_number(run, question)
    if given == right:
        return Verdict(True)
    for feedback in question.feedback:
        if feedback.is_ == str(given):
            return Verdict(False, filled(run, feedback.text, lang), feedback.look)
    return Verdict(False, tr(lang, "lessons.counted", n=right))


def _judge_click(run: StepRun, question: Question, given: str, lang: Lang) -> Verdict:
    right = right_layers(run, question)
    clicked = () if given == NONE else _layer(run.scene, given)
    if given != NONE and not clicked:
        return Verdict(False, tr(lang, "lessons.click_a_layer"))
    if (given == NONE and not right) or (clicked and clicked[0] in right):
        return Verdict(True)
    for feedback in question.feedback:
        meant = feedback.is_ == given if NONE in (given, feedback.is_) else _layer(run.scene, feedback.is_) == clicked
        if meant:
            return Verdict(False, filled(run, feedback.text, lang), feedback.look)
    return Verdict(False, tr(lang, "lessons.another_layer"))


def _layer(scene: Scene, address: str) -> tuple[At, ...]:
    """The layer that a click on `address` means; none for a merged view or your computer."""
    stack = address.split(":/", 1)[0]
    for world in (scene, scene.earlier()):
        try:
            layers = values.stack_of(world, stack)
        except Missing:
            continue
        return layers if stack.endswith("]") else ()
    return ()
