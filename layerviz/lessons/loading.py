"""Lesson files: read, and listed in the order of their numbers.

A lesson is one file `NN-id.yaml`; NN gives its place in the story.
"""

import difflib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from layerviz.lessons.nodes import Mark, Wrong, read
from layerviz.lessons.nodes import Path as FieldPath
from layerviz.lessons.schema import Lesson
from layerviz.resources import lessons_folder
from layerviz.strings.problem import SpokenProblem
from layerviz.strings.saying import saying

_NAME = re.compile(r"(\d\d)-(.+)\.yaml")


class LessonError(SpokenProblem):
    """A lesson file cannot be used, or there is no such lesson."""


class Source(NamedTuple):
    """A lesson file as it was read: its text, where each field stands, and what is wrong. `guess` is the lesson without
    that, None where nothing could be read; `spots` are the fields that it lacks for that."""

    file: Path
    text: str
    marks: dict[FieldPath, Mark]
    wrong: tuple[Wrong, ...]
    guess: Lesson | None = None
    spots: frozenset[FieldPath] = frozenset()

    @property
    def lesson(self) -> Lesson | None:
        """None if anything is wrong."""
        return None if self.wrong else self.guess


def read_lesson(file: Path) -> Source:
    """What `file` holds, with everything that breaks the schema. Raises `LessonError` where there is no file to
    read."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        what = saying("check.no_utf8_byte", byte=error.start)
        wrong = Wrong(Mark(1, 1), "", what, saying("check.mend.save_utf8"))
        return Source(file, "", {}, (wrong,))
    except OSError as error:
        what = saying("check.refused", reason=error.strerror) if error.strerror else saying("check.unreadable")
        raise LessonError(file, what, saying("check.mend.name_file")) from None
    _, reading = read(text, Lesson)
    return Source(file, text, reading.marks, tuple(reading.wrong), reading.guess, frozenset(reading.spots))


def load(file: Path) -> Lesson:
    """The lesson in `file`. Raises `LessonError` with the first thing that is wrong and the number of all."""
    source = read_lesson(file)
    if source.lesson is None:
        first = source.wrong[0]
        where = f"{file}:{first.mark.line}:{first.mark.column}" + (f": {first.field}" if first.field else "")
        more = len(source.wrong) - 1
        raise LessonError(
            where, saying("check.and_more", what=first.what, count=more) if more else first.what, first.hint
        )
    return source.lesson


def lesson_files() -> tuple[Path, ...]:
    """The files of the lessons shipped, in the order of the story."""
    return tuple(sorted(file for file in lessons_folder().iterdir() if _NAME.fullmatch(file.name)))


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons shipped, in the order of the story."""
    return tuple(load(file) for file in lesson_files())


def lesson(lesson_id: str) -> Lesson:
    """The lesson of that id, or of that number (`3`, `03`). Raises `LessonError` naming those that exist."""
    for file, found in zip(lesson_files(), lessons(), strict=True):
        number = file.name[:2]
        if lesson_id == found.id or (lesson_id.isdigit() and int(lesson_id) == int(number)):
            return found
    there_are = saying("check.mend.there_are", names=tuple(found.id for found in lessons()))
    raise LessonError(lesson_id, saying("check.no_such_lesson"), there_are)


def meant(word: str, others: Iterable[str] = ()) -> str:
    """The lesson's id, or the one of `others`, that `word` may have been meant for; "" where none is near."""
    known = [*others, *(found.id for found in lessons())]
    beginning = [one for one in known if len(word) > 1 and one.startswith(word.lower())]
    return next(iter(beginning or difflib.get_close_matches(word.lower(), known, n=1)), "")


def number_of(lesson: Lesson) -> int | None:
    """The lesson's number in the story (NN of its file); None for one that is not shipped."""
    for file, found in zip(lesson_files(), lessons(), strict=True):
        if found is lesson:
            return int(file.name[:2])
    return None
