"""Every step of every lesson, in both languages: its outcome, its questions and the middle of its motion are pictures
in which nothing is cut, overlaps or does not fit, on a page and in windows of every size."""

from collections.abc import Iterator

import pytest

from layerviz.lessons import stage
from layerviz.lessons.loading import lessons
from layerviz.lessons.playing import StepRun, play
from layerviz.picture.expand import outline, primitives
from layerviz.picture.layout import View
from layerviz.picture.primitives import Text
from layerviz.picture.shapes import Badge, Frame, Label, Slab, Tile
from layerviz.picture.theme import THEMES, Theme, contrast
from layerviz.strings import LANGUAGES, Lang
from tests.picture.judging import problems

RUNS = [(f"{run.lesson.id}-{run.step.id}", run) for found in lessons() for run in play(found).steps]
RUN = pytest.mark.parametrize("run", [run for _, run in RUNS], ids=[name for name, _ in RUNS])
LANG = pytest.mark.parametrize("lang", LANGUAGES)

WINDOWS = {"1024 × 640": (976, 416), "1280 × 720": (920, 384), "1440 × 900": (760, 564), "1920 × 1080": (1240, 744)}
"""Sizes of the stage in windows of these sizes."""


def stills(run: StepRun, view: View, *, captioned: bool) -> Iterator[tuple[str, Frame]]:
    """The step's outcome and its questions."""
    yield "outcome", stage.picture(run, stage.captioned(run, view) if captioned else view).frame
    for number, question in enumerate(run.step.ask):
        asking = stage.asking_captioned(run, question, view) if captioned else view
        yield f"question {number}", stage.asked(run, question, asking).frame


@LANG
@RUN
def test_a_step_s_page_is_sound(run: StepRun, lang: Lang) -> None:
    found = {name: problems(frame) for name, frame in stills(run, View(lang=lang), captioned=True)}
    assert not any(found.values()), found


@LANG
@RUN
def test_the_middle_of_its_motion_is_sound(run: StepRun, lang: Lang) -> None:
    timeline = stage.timeline(run, stage.captioned(run, View(lang=lang)))
    found = {part: problems(timeline.at(timeline.duration_ms * part), moving=True) for part in (0.25, 0.5, 0.75)}
    assert not any(found.values()), found


@RUN
def test_nothing_that_moves_passes_over_the_title(run: StepRun) -> None:
    timeline = stage.timeline(run, stage.captioned(run, View()))
    for part in range(1, 16):
        frame = timeline.at(timeline.duration_ms * part / 16)
        title = next(shape for shape in frame.shapes if isinstance(shape, Label) and shape.id == "title")
        for shape in frame.shapes:
            if isinstance(shape, Slab | Tile | Badge) and shape.opacity > 0.1:
                assert min(y for _, y in outline(shape, frame.camera)) > title.y, (part, shape.id)


@pytest.mark.parametrize("size", WINDOWS.values(), ids=list(WINDOWS))
@LANG
@RUN
def test_it_is_sound_on_the_stage_of_every_window(run: StepRun, lang: Lang, size: tuple[int, int]) -> None:
    view = View(lang=lang, width=size[0], height=size[1], fixed=True)
    found = {name: problems(frame) for name, frame in stills(run, view, captioned=False)}
    assert not any(found.values()), found


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@LANG
@RUN
def test_its_words_are_drawn_in_every_theme_and_can_be_read(run: StepRun, lang: Lang, theme: Theme) -> None:
    least = 7.0 if theme.name == "projector" else 4.5
    drawn = 0
    for _, frame in stills(run, View(lang=lang), captioned=True):
        for shape, opacity, pieces in primitives(frame, theme):
            for piece in pieces:
                if not isinstance(piece, Text):
                    continue
                drawn += 1
                assert piece.text, shape.id
                if isinstance(shape, Label) and opacity == 1:
                    assert min(contrast(piece.colour, part) for part in theme.ground) >= least, shape.id
    assert drawn
