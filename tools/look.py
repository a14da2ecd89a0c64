"""What people see, for looking at: contact sheets of every step of every lesson, and the real windows.

    python -m tools.look [sheets] [windows] [LESSON…]

Without words, everything. Sheets hold twelve steps each, three themes × two languages a lesson, beside them one of the
same steps as their questions are asked and one of the middles of their motions. The windows are opened by
`tools.look_windows` under a virtual display of their size. All of it goes into `build/look`, which git ignores.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication

from layerviz.lessons import stage
from layerviz.lessons.loading import lesson as lesson_named
from layerviz.lessons.loading import lessons, number_of
from layerviz.lessons.playing import StepRun, play
from layerviz.lessons.schema import Lesson
from layerviz.picture.layout import View
from layerviz.picture.paint import image, load_fonts
from layerviz.picture.shapes import Frame
from layerviz.picture.theme import THEMES
from layerviz.strings import LANGUAGES, Lang
from tools.sheet import COLUMNS, ROWS, sheet

FOLDER = Path(__file__).resolve().parent.parent / "build" / "look"


def main(words: Sequence[str]) -> None:
    """Draw what `words` name."""
    kinds = {word for word in words if word in ("sheets", "windows")} or {"sheets", "windows"}
    named = [word for word in words if word not in ("sheets", "windows")]
    FOLDER.mkdir(parents=True, exist_ok=True)
    if "sheets" in kinds:
        app = QGuiApplication(sys.argv[:1])
        load_fonts()
        for lesson in [lesson_named(word) for word in named] or lessons():
            sheets_of(lesson)
        app.quit()
    if "windows" in kinds:
        from tools.look_windows import photograph_all

        photograph_all(FOLDER / "windows")


def sheets_of(lesson: Lesson) -> None:
    """Write all sheets of one lesson."""
    name = f"{number_of(lesson) or 0:02}-{lesson.id}"
    for lang in LANGUAGES:
        for theme in THEMES:
            _write_sheets(f"{name}-{lang}-{theme}", list(_outcomes(lesson, lang)), theme)
        _write_sheets(f"{name}-{lang}-asked", list(_questions(lesson, lang)), "dark")
        _write_sheets(f"{name}-{lang}-middle", list(_middles(lesson, lang)), "dark")


def _page(lang: Lang) -> View:
    return View(lang=lang)


def _outcomes(lesson: Lesson, lang: Lang) -> Iterator[tuple[str, Frame]]:
    for run in play(lesson).steps:
        yield _label(run), stage.picture(run, stage.captioned(run, _page(lang))).frame


def _questions(lesson: Lesson, lang: Lang) -> Iterator[tuple[str, Frame]]:
    for run in play(lesson).steps:
        for question in run.step.ask:
            view = stage.asking_captioned(run, question, _page(lang))
            yield f"{_label(run)} · asked {question.when}", stage.asked(run, question, view).frame


def _middles(lesson: Lesson, lang: Lang) -> Iterator[tuple[str, Frame]]:
    for run in play(lesson).steps:
        timeline = stage.timeline(run, stage.captioned(run, _page(lang)))
        if timeline.duration_ms:
            for part in (0.3, 0.6):
                frame = timeline.at(timeline.duration_ms * part)
                yield f"{_label(run)} · {part:.0%} of {timeline.duration_ms} ms", frame


def _label(run: StepRun) -> str:
    return f"{run.number} {run.step.id}"


def _write_sheets(name: str, cells: list[tuple[str, Frame]], theme: str) -> None:
    size = COLUMNS * ROWS
    for number, first in enumerate(range(0, len(cells), size), 1):
        file = FOLDER / f"{name}-{number}.png"
        # At its full size and then shrunk, as one looks at it: what is too small shows all the same.
        sheet([(label, image(frame, THEMES[theme])) for label, frame in cells[first : first + size]]).save(str(file))
        print(file.relative_to(FOLDER.parent.parent))


if __name__ == "__main__":
    main(sys.argv[1:])
