"""What was done in which lesson, remembered in one small JSON file that is replaced whole, never half.

A file that cannot be read is put aside as `progress.damaged.json`, and the window says so.
"""

import contextlib
import json
from pathlib import Path
from typing import NamedTuple

from layerviz.kept import user_folder, value_of, write_whole
from layerviz.resources import Problem


class ProgressError(Problem):
    """Progress cannot be saved."""


class LessonProgress(NamedTuple):
    """`step` is where one left off and `furthest` the last step reached, both from 1 (0: never opened)."""

    step: int = 0
    furthest: int = 0
    finished: bool = False
    solved: bool = False
    par_met: bool = False


class _Saved(NamedTuple):
    version: int = 1
    last: str = ""
    lessons: dict[str, LessonProgress] = {}  # noqa: RUF012 # a tuple's field: replaced, never changed


def progress_file() -> Path:
    """Where progress is kept: in the user's own folder for data."""
    return user_folder("data") / "progress.json"


class Progress:
    """The progress kept in `file`; every change is saved at once. `damaged` names a file that had to be put aside."""

    def __init__(self, file: Path, damaged: Path | None, saved: _Saved) -> None:
        self.file, self.damaged, self._saved = file, damaged, saved

    @classmethod
    def open(cls, file: Path | None = None) -> "Progress":
        """The progress in `file` (by default `progress_file()`); a new one where there is none."""
        file = file or progress_file()
        try:
            return cls(file, None, _saved(json.loads(file.read_bytes())))
        except FileNotFoundError:
            return cls(file, None, _Saved())
        except (ValueError, OSError):
            aside = file.with_name("progress.damaged.json")
            with contextlib.suppress(OSError):
                file.replace(aside)
            return cls(file, aside, _Saved())

    @property
    def last(self) -> str:
        """The lesson that was open last, "" before the first."""
        return self._saved.last

    def of(self, lesson_id: str) -> LessonProgress:
        return self._saved.lessons.get(lesson_id, LessonProgress())

    def at_step(self, lesson_id: str, step: int) -> None:
        """The lesson is open at `step` (from 1)."""
        known = self.of(lesson_id)
        self._keep(lesson_id, known._replace(step=step, furthest=max(step, known.furthest)))

    def finished(self, lesson_id: str) -> None:
        """Its last step was seen."""
        self._keep(lesson_id, self.of(lesson_id)._replace(finished=True))

    def solved(self, lesson_id: str, within_par: bool) -> None:
        """Its challenge's goal was reached."""
        known = self.of(lesson_id)
        self._keep(lesson_id, known._replace(solved=True, par_met=known.par_met or within_par))

    def forget(self) -> None:
        """Start over: nothing was done."""
        self._save(_Saved())

    def _keep(self, lesson_id: str, known: LessonProgress) -> None:
        self._save(_Saved(last=lesson_id, lessons={**self._saved.lessons, lesson_id: known}))

    def _save(self, saved: _Saved) -> None:
        if saved == self._saved and self.file.exists():
            return
        self._saved = saved
        try:
            write_whole(self.file, _json(saved))
        except OSError as error:
            what = f"progress cannot be saved: {error.strerror}"
            raise ProgressError(self.file, what, "make room, or make the folder writable") from None


def _saved(read: object) -> _Saved:
    """What a file holds. Raises `ValueError`."""
    known = value_of(_Saved, read)
    return known._replace(lessons={name: value_of(LessonProgress, one) for name, one in known.lessons.items()})


def _json(saved: _Saved) -> bytes:
    lessons = {name: known._asdict() for name, known in saved.lessons.items()}
    return json.dumps({**saved._asdict(), "lessons": lessons}, separators=(",", ":")).encode()
