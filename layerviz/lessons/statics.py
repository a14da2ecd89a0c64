"""What is wrong with a lesson as it is written, before any command runs."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from layerviz.engine.address import AddressError, parse
from layerviz.lessons.bare_numbers import bare_numbers
from layerviz.lessons.expressions import Kind, checked
from layerviz.lessons.loading import lesson_files
from layerviz.lessons.nodes import Path as FieldPath
from layerviz.lessons.nodes import did_you_mean
from layerviz.lessons.placeholders import check_placeholder, placeholders
from layerviz.lessons.schema import Challenge, Lesson, Question, Step, Text
from layerviz.lessons.syntax import ExpressionError
from layerviz.strings import LANGUAGES, Lang
from layerviz.strings.saying import Saying, saying

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FILE = re.compile(r"(\d\d)-(.+)\.yaml")


class Fault(NamedTuple):
    """Something wrong at a letter of a field, or in a line of it (from 1; 0: no certain one)."""

    field: FieldPath
    what: Saying
    hint: Saying | None = None
    letter: int = 0
    line: int = 0


def faults(lesson: Lesson, file: Path) -> Iterator[Fault]:
    """All that can be seen without playing the lesson."""
    named = _FILE.fullmatch(file.name)
    if named and named[2] != lesson.id:
        hint = saying("check.mend.file_or_id", file_id=named[2], id=lesson.id)
        yield Fault(("id",), saying("check.file_called", name=file.name), hint)
    yield from _ids(lesson)
    yield from _lessons_named(lesson, file)
    yield from _minutes(lesson)
    for name in ("title", "objective", "takeaway"):
        yield from _text(getattr(lesson, name), (name,))
    if not lesson.steps:
        yield Fault(("steps",), saying("check.no_steps"))
    for number, step in enumerate(lesson.steps):
        yield from _step(step, ("steps", number))
    if lesson.challenge:
        yield from _challenge(lesson.challenge, ("challenge",))
    for number, door in enumerate(lesson.doors):
        yield from _text(door.text, ("doors", number, "text"))


def _ids(lesson: Lesson) -> Iterator[Fault]:
    seen: set[str] = set()
    for field, given in ((("id",), lesson.id), *((("steps", n, "id"), step.id) for n, step in enumerate(lesson.steps))):
        if not _ID.fullmatch(given):
            yield Fault(field, saying("check.no_id", given=given), saying("check.mend.id"))
        if len(field) > 1 and given in seen:
            yield Fault(field, saying("check.step_twice", given=given))
        if len(field) > 1:
            seen.add(given)


def _lessons_named(lesson: Lesson, file: Path) -> Iterator[Fault]:
    """Lessons that this one needs or leads to: those shipped, and those that lie beside it."""
    named = (_FILE.fullmatch(other.name) for other in (*lesson_files(), *file.parent.glob("*.yaml")))
    known = sorted({match[2] for match in named if match} | {lesson.id})
    for number, needed in enumerate(lesson.needs):
        if needed not in known:
            yield Fault(("needs", number), saying("check.no_lesson", given=needed), did_you_mean(needed, known))
    for number, door in enumerate(lesson.doors):
        if door.to not in (*known, "build"):
            hint = did_you_mean(door.to, (*known, "build")) or saying("check.mend.door")
            yield Fault(("doors", number, "to"), saying("check.no_lesson", given=door.to), hint)


def _minutes(lesson: Lesson) -> Iterator[Fault]:
    total = sum(step.minutes for step in lesson.steps) + (lesson.challenge.minutes if lesson.challenge else 0)
    if total != lesson.minutes:
        yield Fault(("minutes",), saying("check.minutes", steps=total, lesson=lesson.minutes))


def _step(step: Step, at: FieldPath) -> Iterator[Fault]:
    for name in ("show", "show_before", "look"):
        yield from _addresses(getattr(step, name) or (), (*at, name))
    if step.directory and not step.directory.startswith("/"):
        yield Fault((*at, "directory"), saying("check.no_path", given=step.directory), saying("check.mend.path"))
    if step.beside == "cards" and not step.cards:
        yield Fault((*at, "beside"), saying("check.no_cards"), saying("check.mend.cards"))
    if step.repeat > 1 and "{i}" not in step.run:
        yield Fault((*at, "repeat"), saying("check.same_command"), saying("check.mend.round"))
    for name in ("title", "caption", "small"):
        yield from _text(getattr(step, name), (*at, name), numbers=True)
    yield from _text(step.notes, (*at, "notes"))
    if step.act:
        yield from _text(step.act.text, (*at, "act", "text"))
        yield from _addresses((step.act.source,), (*at, "act", "source"), one=True)
        yield from _addresses((step.act.onto,), (*at, "act", "onto"), one=True)
    for number, card in enumerate(step.cards):
        for name in ("title", "text", "small"):
            yield from _text(getattr(card, name), (*at, "cards", number, name))
    for number, question in enumerate(step.ask):
        yield from _question(question, (*at, "ask", number))


def _question(question: Question, at: FieldPath) -> Iterator[Fault]:
    yield from _text(question.text, (*at, "text"))
    yield from _text(question.none, (*at, "none"))
    by_options = question.kind in ("choose", "poll")
    if by_options:
        if len(question.options) < 2:
            yield Fault(at, saying("check.no_choices"), saying("check.mend.choices"))
        if question.answer or question.feedback:
            what = saying("check.options_instead", kind=question.kind)
            yield Fault(at, what, saying("check.mend.options_instead"))
    else:
        if not question.answer:
            yield Fault(at, saying("check.missing", name="answer"), saying("check.mend.answer"))
        else:
            wanted: Kind = "number" if question.kind == "number" else "layers"
            yield from _expression(question.answer, (*at, "answer"), wanted)
        if question.options:
            yield Fault((*at, "options"), saying("check.has_no_options", kind=question.kind))
    for number, option in enumerate(question.options):
        here = (*at, "options", number)
        yield from _text(option.text, (*here, "text"))
        yield from _text(option.feedback, (*here, "feedback"))
        yield from _addresses(option.look, (*here, "look"))
        if question.kind == "choose" and not option.right_if:
            yield Fault(here, saying("check.missing", name="right_if"), saying("check.mend.right_if"))
        elif question.kind == "poll" and option.right_if:
            yield Fault((*here, "right_if"), saying("check.poll"))
        elif option.right_if:
            yield from _expression(option.right_if, (*here, "right_if"), "truth")
    for number, feedback in enumerate(question.feedback):
        here = (*at, "feedback", number)
        yield from _text(feedback.text, (*here, "text"))
        yield from _addresses(feedback.look, (*here, "look"))
        if question.kind == "number" and not re.fullmatch(r"-?\d+", feedback.is_):
            yield Fault((*here, "is"), saying("check.no_number", given=feedback.is_))
        if question.kind == "click" and feedback.is_ != "none":
            yield from _addresses((feedback.is_,), (*here, "is"), one=True)
        if question.kind == "click" and feedback.is_ == "none" and question.none is None:
            yield Fault((*here, "is"), saying("check.no_none"), saying("check.mend.none_button"))


def _challenge(challenge: Challenge, at: FieldPath) -> Iterator[Fault]:
    yield from _text(challenge.text, (*at, "text"))
    yield from _text(challenge.success, (*at, "success"), numbers=True)
    yield from _addresses(challenge.show, (*at, "show"))
    if not challenge.checks:
        yield Fault((*at, "checks"), saying("check.no_checks"))
    for number, line in enumerate(challenge.checks):
        yield from _expression(line.right_if, (*at, "checks", number, "right_if"), "truth")
        yield from _text(line.text, (*at, "checks", number, "text"))
    for number, hint in enumerate(challenge.hints):
        yield from _text(hint, (*at, "hints", number))
    for number, react in enumerate(challenge.react):
        yield from _expression(react.when, (*at, "react", number, "when"), "truth")
        yield from _text(react.text, (*at, "react", number, "text"))


def _text(text: Text | None, at: FieldPath, *, numbers: bool = False) -> Iterator[Fault]:
    """Faults of a text in both languages; with `numbers` bare ones are faults too."""
    if text is None:
        return
    for lang in LANGUAGES:
        written = text.of(lang)
        try:
            holes = placeholders(written)
            for hole in holes:
                try:
                    check_placeholder(hole)
                except ExpressionError as wrong:
                    yield Fault((*at, lang), wrong.sentence, wrong.advice, hole.start + wrong.at)
        except ExpressionError as wrong:
            yield Fault((*at, lang), wrong.sentence, saying("check.mend.brace"), wrong.at)
            continue
        if numbers:
            yield from _bare(written, lang, (*at, lang))


def _bare(written: str, lang: Lang, at: FieldPath) -> Iterator[Fault]:
    blank = list(written)
    for hole in placeholders(written):
        blank[hole.start : hole.end] = "\x00" * (hole.end - hole.start)
    for first, last in bare_numbers("".join(blank), lang):
        what = saying("check.bare_number", text=written[first:last])
        yield Fault(at, what, saying("check.mend.bare_number"), first)


def _expression(expression: str, at: FieldPath, wanted: Kind) -> Iterator[Fault]:
    try:
        checked(expression, wanted)
    except ExpressionError as wrong:
        yield Fault(at, wrong.sentence, wrong.advice, wrong.at)


def _addresses(given: tuple[str, ...], at: FieldPath, *, one: bool = False) -> Iterator[Fault]:
    for number, address in enumerate(given):
        try:
            parse(address)
        except AddressError:
            what = saying("check.given_no_address", given=address)
            yield Fault(at if one else (*at, number), what, saying("check.mend.address"))
