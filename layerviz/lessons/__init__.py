"""Lessons: stories of commands with questions, told by the engine.

`load`, `lessons`, `lesson(id)` read lesson files, `play` runs their commands, `stage` draws their steps, `asking`
judges answers, `challenge` judges attempts, `check` says what is wrong with a file, `Progress` remembers what was
done."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerviz.lessons.checking import check as check
    from layerviz.lessons.loading import LessonError as LessonError
    from layerviz.lessons.loading import lesson as lesson
    from layerviz.lessons.loading import lessons as lessons
    from layerviz.lessons.loading import load as load
    from layerviz.lessons.playing import Played as Played
    from layerviz.lessons.playing import StepRun as StepRun
    from layerviz.lessons.playing import play as play
    from layerviz.lessons.progress import Progress as Progress

_HOMES = {
    "check": "checking",
    "LessonError": "loading",
    "lesson": "loading",
    "lessons": "loading",
    "load": "loading",
    "Played": "playing",
    "StepRun": "playing",
    "play": "playing",
    "Progress": "progress",
}


def __getattr__(name: str) -> object:
    # Looked up late: the command line names lessons without reading YAML or running an engine.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
