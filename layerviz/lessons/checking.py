"""What is wrong with a lesson file: every finding with its line and column, all at once.

What can be seen in the text (schema, expressions, placeholders, lengths), and what shows only when the lesson is
played: commands that fail, answers of which none or two are right, steps that change nothing. What is a consequence of
something else that is told is left out.
"""

from pathlib import Path
from typing import NamedTuple

from layerviz.lessons import statics
from layerviz.lessons.known import Known
from layerviz.lessons.loading import Source, read_lesson
from layerviz.lessons.nodes import Mark
from layerviz.lessons.nodes import Path as FieldPath
from layerviz.strings import Lang, tr
from layerviz.strings.saying import Saying


class Finding(NamedTuple):
    """One thing that is wrong: `field` is where in the lesson ("steps.2.caption.en"), `hint` what to do (None:
    nothing)."""

    file: Path
    line: int
    column: int
    field: str
    what: Saying
    hint: Saying | None = None

    def said(self, lang: Lang) -> str:
        """What is wrong and what to do, behind the field."""
        what = self.what.said(lang)
        if self.hint:
            what = tr(lang, "common.with_hint", what=what, hint=self.hint.said(lang))
        return f"{self.field}: {what}" if self.field else what


def check(file: Path) -> tuple[Finding, ...]:
    """All that is wrong with the lesson in `file`, in the order of its lines. Raises `LessonError` where there is
    none."""
    source = read_lesson(file)
    told = {
        Finding(file, wrong.mark.line, wrong.mark.column, wrong.field, wrong.what, wrong.hint) for wrong in source.wrong
    }
    lesson = source.guess
    if lesson is not None:
        from layerviz.lessons import dynamics

        unread = Known(source.spots)
        written = [fault for fault in statics.faults(lesson, file) if not unread.explains(fault.field)]
        known = Known(source.spots | {fault.field for fault in written})
        played = [
            fault
            for fault in dynamics.faults(lesson, known)
            if fault.what.key in _WHATEVER_ELSE or not known.explains(fault.field)
        ]
        told |= {_finding(source, fault) for fault in (*written, *played)}
    return tuple(sorted(told, key=lambda one: (one.line, one.column, one.field, one.what.said("en"))))


_WHATEVER_ELSE = ("check.long_title", "check.long_caption", "check.many_lines", "check.alike")
"""What is told whatever else is wrong there: a text that is too long, and that two steps look alike."""


def _finding(source: Source, fault: statics.Fault) -> Finding:
    mark = _mark(source, fault.field).moved(fault.letter)
    if fault.line and not mark.scale:
        mark = _line_below(source, mark, fault.line)
    return Finding(source.file, mark.line, mark.column, ".".join(map(str, fault.field)), fault.what, fault.hint)


def _line_below(source: Source, mark: Mark, number: int) -> Mark:
    """The beginning of line `number` of the block of text that begins below `mark`."""
    line = source.text.splitlines()[mark.line + number - 1]
    return Mark(mark.line + number, len(line) - len(line.lstrip()) + 1)


def _mark(source: Source, field: FieldPath) -> Mark:
    """Where the field stands, or the nearest that is written around it."""
    while field not in source.marks:
        field = field[:-1]
    return source.marks[field]
