"""What is wrong with a lesson file: every finding with its line and column, all at once.

First what can be seen in the text (schema, expressions, placeholders, lengths), then, if that is sound, what shows only
when the lesson is played: commands that fail, answers of which none or two are right, steps that change nothing.
"""

from pathlib import Path
from typing import NamedTuple

from layerviz.lessons import statics
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
            what = tr(lang, "lessons.with_hint", what=what, hint=self.hint.said(lang))
        return f"{self.field}: {what}" if self.field else what


def check(file: Path) -> tuple[Finding, ...]:
    """All that is wrong with the lesson in `file`, in the order of its lines. Raises `LessonError` where there is
    none."""
    source = read_lesson(file)
    if source.lesson is None:
        return tuple(
            Finding(file, wrong.mark.line, wrong.mark.column, wrong.field, wrong.what, wrong.hint)
            for wrong in source.wrong
        )
    found = list(statics.faults(source.lesson, file))
    if not found:
        from layerviz.lessons import dynamics

        found = list(dynamics.faults(source.lesson))
    told = {_finding(source, fault) for fault in found}
    return tuple(sorted(told, key=lambda one: (one.line, one.column, one.field, one.what.said("en"))))


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
