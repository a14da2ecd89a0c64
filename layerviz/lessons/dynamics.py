"""What is wrong with a lesson when it is played: its commands run, its questions are answered, its pictures
compared."""

import re
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Literal

import msgspec

from layerviz.engine.world import World
from layerviz.lessons import asking, challenge, placeholders, playing, stage, values
from layerviz.lessons.expressions import evaluate, holds
from layerviz.lessons.known import NOTHING, Known
from layerviz.lessons.nodes import Path as FieldPath
from layerviz.lessons.nodes import did_you_mean
from layerviz.lessons.playing import ChallengeRun, Played, StepRun, play
from layerviz.lessons.schema import Lesson, Question, Step, Text
from layerviz.lessons.statics import Fault
from layerviz.lessons.syntax import ExpressionError
from layerviz.lessons.values import Scene
from layerviz.picture.expand import primitives
from layerviz.picture.layout import View
from layerviz.picture.primitives import Font
from layerviz.picture.theme import DARK
from layerviz.picture.widths import wrap
from layerviz.shell import Result
from layerviz.strings import LANGUAGES, Lang
from layerviz.strings.saying import Saying, saying

MOST_LETTERS: dict[Lang, float] = {"en": 90, "zh_CN": 40}
MOST_OF_TITLE: dict[Lang, float] = {"en": 34, "zh_CN": 17}
"""Letters of a caption, and of a step's title. In Chinese, Latin letters, digits and blanks count half."""

_CAPTION = (Font(20, 500), 880.0, 2)
_SMALL = (Font(14, 400), 880.0, 2)
"""Font, width and lines that the smallest player has for them."""

_MEANT = re.compile(r"hint: did you mean (.+)\?")
"""The one remark of the shell that a finding repeats: lessons are played in English, findings said in any language."""


def faults(lesson: Lesson, known: Known = NOTHING) -> Iterator[Fault]:
    """All that shows when the lesson is played, as far as what is `known` to be wrong lets it be: what follows from
    that, or from commands that fail, is no news."""
    sound = _playable(lesson, known)
    if not sound.steps:
        return
    played = play(sound)
    failed = list(_failed(played))
    yield from failed
    until = min((_step_of(fault) for fault in failed), default=len(played.steps))
    for run in played.steps[:until]:
        yield from _step(run, ("steps", run.number - 1), known)
    yield from (fault for fault in _alike(played.steps[:until]) if not known.alters(fault.field))
    if not failed and len(sound.steps) == len(lesson.steps):
        for name in ("title", "objective", "takeaway"):
            yield from _filled(getattr(lesson, name), (name,), Scene(played.steps[-1].after))
        if played.challenge and ("challenge",) not in known.spots:
            yield from _challenge(played.challenge, known)


def _playable(lesson: Lesson, known: Known) -> Lesson:
    """The lesson up to the first step whose commands are not known, with nothing on the stage that is no address."""
    steps: list[Step] = []
    for number, step in enumerate(lesson.steps):
        at = ("steps", number)
        if known.is_unsure(("setup",)) or known.is_unsure(at):
            return msgspec.structs.replace(lesson, steps=tuple(steps), challenge=None)
        shown = {name: () for name in ("show", "look") if known.touches((*at, name))}
        if known.touches((*at, "show_before")):
            step = msgspec.structs.replace(step, show_before=None)
        steps.append(msgspec.structs.replace(step, **shown))
    goal = lesson.challenge
    if goal and known.touches(("challenge", "show")):
        goal = msgspec.structs.replace(goal, show=())
    return msgspec.structs.replace(lesson, steps=tuple(steps), challenge=goal)


def _step_of(fault: Fault) -> int:
    """Which step a command belongs to that fails, from 0; of the setup all that comes after it is in doubt, of the
    challenge nothing."""
    match fault.field:
        case ("steps", int(number), *_):
            return number
        case ("setup", *_):
            return 0
    return sys.maxsize


def _failed(played: Played) -> Iterator[Fault]:
    """The commands that fail. What fails in a later step may do so because an earlier one did: it says so."""
    earlier: FieldPath = ()
    for fault in _failing(played):
        yield fault._replace(hint=fault.hint or saying("check.mend.first", field=_name(earlier))) if earlier else fault
        earlier = earlier or fault.field


def _name(field: FieldPath) -> str:
    return ".".join(map(str, field))


def _failing(played: Played) -> Iterator[Fault]:
    yield from _statuses(played.silent, ("setup",))
    for run in played.steps:
        at = ("steps", run.number - 1)
        yield from _statuses(run.silent, (*at, "world"))
        if run.step.expect_errors:
            if all(result.status == 0 for result in run.results):
                yield Fault((*at, "expect_errors"), saying("check.none_fails"), saying("check.mend.expect_errors"))
        else:
            yield from _statuses(run.results, (*at, "run"))
    if played.challenge:
        yield from _statuses(played.challenge.silent, ("challenge", "start"))


def _statuses(results: tuple[Result, ...], at: FieldPath) -> Iterator[Fault]:
    for result in results:
        if result.status != 0:
            said = (result.stderr or result.stdout).strip().splitlines()
            ended = saying("check.status", command=_short(result.command), status=result.status)
            what = saying("check.status_said", ended=ended, said=said[0]) if said else ended
            meant = _MEANT.fullmatch(result.hints[0]) if result.hints else None
            hint = saying("check.mend.did_you_mean", name=meant[1]) if meant else None
            yield Fault(at, what, hint, line=result.line)


def _step(run: StepRun, at: FieldPath, known: Known) -> Iterator[Fault]:
    step = run.step
    for name, room in (("caption", _CAPTION), ("small", _SMALL)):
        text: Text | None = getattr(step, name)
        yield from _filled(text, (*at, name), run.scene, _fits(*room))
    yield from _filled(step.title, (*at, "title"), run.scene, _short_enough("title", MOST_OF_TITLE))
    yield from _filled(step.caption, (*at, "caption"), run.scene, _short_enough("caption", MOST_LETTERS))
    yield from _filled(step.notes, (*at, "notes"), run.scene)
    for name in ("show", "look"):
        yield from _there(run, getattr(step, name), (*at, name))
    shown = [(run.scene, name) for name in run.place_after.show]
    shown += [(Scene(run.before), name) for name in run.place_before.show]
    if (
        step.directory not in ("", "/")
        and shown
        and not any(values.has_directory(*one, step.directory) for one in shown)
    ):
        yield Fault((*at, "directory"), saying("check.no_directory", name=step.directory), saying("check.mend.show"))
    for number, question in enumerate(step.ask):
        if not known.touches((*at, "ask", number)):
            yield from _question(run, question, (*at, "ask", number))


def _there(run: StepRun, addresses: tuple[str, ...], at: FieldPath) -> Iterator[Fault]:
    for number, address in enumerate(addresses):
        if not values.is_named(run.scene, address):
            hint = did_you_mean(address, values.names_of_the_world(run.scene))
            yield Fault((*at, number), saying("check.not_after", name=address), hint)


def _question(run: StepRun, question: Question, at: FieldPath) -> Iterator[Fault]:
    yield from _filled(question.text, (*at, "text"), run.scene)
    for number, option in enumerate(question.options):
        yield from _filled(option.text, (*at, "options", number, "text"), run.scene)
        yield from _filled(option.feedback, (*at, "options", number, "feedback"), run.scene)
    for number, feedback in enumerate(question.feedback):
        yield from _filled(feedback.text, (*at, "feedback", number, "text"), run.scene)
    try:
        if question.kind == "number":
            yield from _number(run, question, at)
        elif question.kind == "choose":
            yield from _choice(run, question, at)
        elif question.kind == "click":
            yield from _click(run, question, at)
    except ExpressionError as wrong:
        yield Fault((*at, "answer"), wrong.sentence, wrong.advice, wrong.at)


def _number(run: StepRun, question: Question, at: FieldPath) -> Iterator[Fault]:
    right = asking.right_number(run, question)
    for number, feedback in enumerate(question.feedback):
        if feedback.is_ == str(right):
            yield Fault((*at, "feedback", number), saying("check.feedback_of_right", answer=right))


def _choice(run: StepRun, question: Question, at: FieldPath) -> Iterator[Fault]:
    right: list[int] = []
    for number, option in enumerate(question.options):
        try:
            if holds(option.right_if, run.scene):
                right.append(number)
            elif option.feedback is None:
                yield Fault((*at, "options", number), saying("check.no_feedback"), saying("check.mend.belief"))
        except ExpressionError as wrong:
            yield Fault((*at, "options", number, "right_if"), wrong.sentence, wrong.advice, wrong.at)
    if len(right) != 1:
        numbers = tuple(number + 1 for number in right)
        what = saying("check.all_right", numbers=numbers) if right else saying("check.none_right")
        yield Fault((*at, "options"), what, saying("check.mend.exactly_one"))


def _click(run: StepRun, question: Question, at: FieldPath) -> Iterator[Fault]:
    right = asking.right_layers(run, question)
    if not right and question.none is None:
        yield Fault((*at, "answer"), saying("check.no_layer"), saying("check.mend.no_layer"))
    for number, feedback in enumerate(question.feedback):
        if asking.judge(run, question, feedback.is_, "en").right:
            yield Fault((*at, "feedback", number), saying("check.feedback_of_right", answer=feedback.is_))


def _alike(runs: tuple[StepRun, ...]) -> Iterator[Fault]:
    """Steps that look the same as the one before: the reader would think that nothing happened."""
    for one, other in pairwise(runs):
        if _drawn(one) == _drawn(other):
            at = ("steps", other.number - 1)
            yield Fault(at, saying("check.alike"), saying("check.mend.alike"))


def _drawn(run: StepRun) -> tuple[object, ...]:
    """What is drawn of the step's outcome, whatever its parts are called."""
    return tuple(drawn for _, *drawn in primitives(stage.picture(run, View()).frame, DARK))


def _challenge(start: ChallengeRun, known: Known) -> Iterator[Fault]:
    lesson = start.lesson
    goal = lesson.challenge
    assert goal is not None
    at: FieldPath = ("challenge",)
    if any(known.touches((*at, name)) for name in ("start", "checks", "react")):
        return
    results = playing.example(start)
    if challenge.is_reached(lesson, start.world):
        yield Fault((*at, "start"), saying("check.reached_at_start"))
    ways = {(*at, "show_me"): results}
    ways |= {(*at, "also", number): way for number, way in enumerate(playing.other_ways(start))}
    for field, way in ways.items():
        failed = list(_statuses(way, field))
        if failed:
            yield from failed
            return
        yield from _missed(start, way, field)
    reached = results[-1].world if results else start.world
    if len(results) > goal.par:
        yield Fault((*at, "par"), saying("check.beyond_par", count=len(results), par=goal.par))
    yield from _challenge_texts(start, reached)


def _missed(start: ChallengeRun, way: tuple[Result, ...], field: FieldPath) -> Iterator[Fault]:
    """The lines of the goal that `way` leaves open."""
    world = way[-1].world if way else start.world
    for number, (check, fulfilled) in enumerate(challenge.judge(start.lesson, world), 1):
        if not fulfilled:
            missed = saying("check.missed", number=number)
            now = challenge.there_now(check, world)
            yield Fault(field, saying("check.missed_now", missed=missed, now=now) if now else missed)


def _challenge_texts(start: ChallengeRun, reached: World) -> Iterator[Fault]:
    goal = start.lesson.challenge
    assert goal is not None
    at: FieldPath = ("challenge",)
    done = Scene(reached, start.world)
    yield from _filled(goal.text, (*at, "text"), done)
    yield from _filled(goal.success, (*at, "success"), done)
    for number, line in enumerate(goal.checks):
        yield from _filled(line.text, (*at, "checks", number, "text"), done)
        try:
            evaluate(line.right_if, done)
        except ExpressionError as wrong:
            yield Fault((*at, "checks", number, "right_if"), wrong.sentence, wrong.advice, wrong.at)
    for number, hint in enumerate(goal.hints):
        yield from _filled(hint, (*at, "hints", number), done)
    for number, react in enumerate(goal.react):
        if holds(react.when, done):
            yield Fault((*at, "react", number, "when"), saying("check.said_of_goal"))


Judge = Callable[[str, Lang], Saying | None]
"""What is wrong with a filled text, None if nothing."""


def _filled(text: Text | None, at: FieldPath, scene: Scene, judge: Judge | None = None) -> Iterator[Fault]:
    if text is None:
        return
    for lang in LANGUAGES:
        try:
            filled = placeholders.fill(text.of(lang), scene, lang)
        except ExpressionError as wrong:
            yield Fault((*at, lang), wrong.sentence, wrong.advice)
            continue
        what = judge(filled, lang) if judge else None
        if what:
            yield Fault((*at, lang), what, saying("check.mend.shorter"))


def _short_enough(what: Literal["title", "caption"], most: dict[Lang, float]) -> Judge:
    def judge(filled: str, lang: Lang) -> Saying | None:
        letters = sum(0.5 if lang == "zh_CN" and letter.isascii() else 1 for letter in filled)
        if letters <= most[lang]:
            return None
        return saying(f"check.long_{what}", letters=f"{letters:g}", most=f"{most[lang]:g}")

    return judge


def _fits(font: Font, width: float, lines: int) -> Judge:
    def judge(filled: str, lang: Lang) -> Saying | None:
        fits = len(wrap(filled, font, width)) <= lines
        return None if fits else saying("check.many_lines", lines=lines)

    return judge


def _short(command: str) -> str:
    first = command.strip().split("\n", 1)[0]
    return first if len(first) <= 60 else first[:59] + "…"
