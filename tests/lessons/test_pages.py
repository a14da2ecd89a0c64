"""What every step's page has in common: how large panels are written, that neighbours that are hidden say so alike."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from layerviz.lessons import stage
from layerviz.lessons.loading import lessons
from layerviz.lessons.playing import StepRun, play
from layerviz.picture.expand import outline
from layerviz.picture.layout import Picture, View
from layerviz.picture.shapes import AnyShape, Badge, Camera, Head, Label, Panel, Slab, Stage, Tile
from layerviz.strings import LANGUAGES, Lang
from tests.lessons.test_storyboards import run_of
from tests.picture.judging import overlap

RUNS = [(f"{run.lesson.id}-{run.step.id}", run) for found in lessons() for run in play(found).steps]
RUN = pytest.mark.parametrize("run", [run for _, run in RUNS], ids=[name for name, _ in RUNS])
LANG = pytest.mark.parametrize("lang", LANGUAGES)
LISTS = ("log", "inspect", "names", "driver", "diff", "config", "disk", "memory")
BESIDE = [(name, run) for name, run in RUNS if run.place_after.beside in LISTS]


def page(run: StepRun, lang: Lang = "en") -> Picture:
    return stage.picture(run, stage.captioned(run, View(lang=lang)))


@LANG
@pytest.mark.parametrize("run", [run for _, run in BESIDE], ids=[name for name, _ in BESIDE])
def test_a_panel_is_written_large_where_its_lines_are_few(run: StepRun, lang: Lang) -> None:
    shapes = page(run, lang).frame.shapes
    lines = [s for s in shapes if isinstance(s, Label) and s.id.startswith(f"line.{run.place_after.beside}.")]
    assert lines
    assert max(line.size_px for line in lines) >= 20
    assert min(line.size_px for line in lines) >= 17  # what is only remarked


@RUN
def test_a_window_s_panel_is_written_as_large_as_the_words_around_it(run: StepRun) -> None:
    shapes = stage.picture(run, View(fixed=True, width=1240, height=744)).frame.shapes
    mono = [s for s in shapes if isinstance(s, Label) and s.id.startswith("line.") and s.mono and s.weight == 400]
    assert all(14 <= line.size_px <= 16 for line in mono)


@LANG
@RUN
def test_hidden_tiles_of_one_slab_say_so_in_one_form(run: StepRun, lang: Lang) -> None:
    forms: dict[tuple[float, int | str], set[bool]] = {}
    for shape in page(run, lang).frame.shapes:
        if isinstance(shape, Tile) and shape.look == "hidden":
            forms.setdefault((shape.level, shape.hue), set()).add(bool(shape.tag))
    assert all(len(found) == 1 for found in forms.values())


@LANG
@RUN
def test_labels_of_images_at_one_height_keep_apart(run: StepRun, lang: Lang) -> None:
    frame = page(run, lang).frame
    pills = [outline(s, frame.camera) for s in frame.shapes if isinstance(s, Badge) and s.id.startswith("tag.")]
    pills.sort(key=lambda corners: corners[0][1])
    assert all(lower[0][1] - upper[2][1] >= 7 for upper, lower in pairwise(pills))  # 4 px of a page 960 wide


@LANG
def test_narrow_blocks_are_told_once_and_as_a_sum(lang: Lang) -> None:
    shapes = page(run_of("an-image-grows", "shared"), lang).frame.shapes
    under = [s.text for s in shapes if isinstance(s, Label) and s.id.endswith("_20blocks")]
    assert under == [
        {"en": "hatched: counted before", "zh_CN": "斜线的：前面已经算过"}[lang],
        "2.8 kB + 1.4 kB + 1.1 kB",
    ]
    assert not [s for s in shapes if isinstance(s, Label) and s.id.endswith("_20size") and "listed" in s.id]
    assert any(isinstance(s, Panel) and s.style == "again" for s in shapes)


def test_wide_blocks_carry_their_size_each() -> None:
    shapes = page(run_of("one-image-six-layers", "disk")).frame.shapes
    listed = [
        s.text
        for s in shapes
        if isinstance(s, Label) and s.id.startswith("line.disk.listed_20") and s.align == "centre"
    ]
    assert listed == ["69 MB", "35 MB", "69 MB", "64 MB"]


@LANG
@RUN
def test_every_page_names_its_merged_view_at_one_kind_of_place_that_is_free(run: StepRun, lang: Lang) -> None:
    picture = page(run, lang)
    shapes, camera = picture.frame.shapes, picture.frame.camera
    planes = [s for s in shapes if isinstance(s, Slab) and s.style == "view"]
    names = [s for s in shapes if isinstance(s, Label) and s.id.startswith(("viewname.", "rail.view.head"))]
    assert bool(names) == bool(planes)
    _check_names(names, shapes, camera)
    if planes and names[0].id.startswith("viewname."):
        top = min(camera.at(Stage(plane.u0, 1.0, plane.level))[1] for plane in planes)
        assert min(x for x, _ in outline(names[0], camera)) == pytest.approx(60)  # where the title begins
        assert abs(min(y for _, y in outline(names[0], camera)) - top) < 32
        assert min(name.size_px for name in names) >= 16


@LANG
@RUN
@pytest.mark.parametrize("size", [(920, 384), (1360, 760)])
def test_in_a_window_it_touches_nothing_either(run: StepRun, lang: Lang, size: tuple[int, int]) -> None:
    picture = stage.picture(run, View(lang=lang, fixed=True, width=size[0], height=size[1]))
    shapes = picture.frame.shapes
    names = [s for s in shapes if isinstance(s, Label) and s.id.startswith("viewname.")]
    rails = any(isinstance(s, Label) and s.id == "rail.view.head" for s in shapes)
    planes = [s for s in shapes if isinstance(s, Slab) and s.style == "view"]
    assert bool(names) == (picture.mode == "slabs" and bool(planes) and not rails)
    _check_names(names, shapes, picture.frame.camera)


@LANG
@RUN
def test_nor_does_it_on_its_way(run: StepRun, lang: Lang) -> None:
    timeline = stage.timeline(run, stage.captioned(run, View(lang=lang)))
    for part in (0.2, 0.4, 0.6, 0.8):
        frame = timeline.at(timeline.duration_ms * part)
        names = [s for s in frame.shapes if isinstance(s, Label) and s.id.startswith("viewname.") and s.opacity > 0.5]
        _check_names(names, frame.shapes, frame.camera)


def _check_names(names: Sequence[Label], shapes: Sequence[AnyShape], camera: Camera) -> None:
    for name in names:
        box = outline(name, camera)
        for other in shapes:
            if other in names or not isinstance(other, Slab | Tile | Head | Label | Badge) or other.opacity < 0.5:
                continue
            if not isinstance(other, Label) or other.text:
                assert not overlap(box, outline(other, camera), -2.0), (name.id, other.id)


@pytest.mark.parametrize("step_id", ["two", "cost", "commit", "remove"])
def test_numerals_of_stacks_side_by_side_fill_their_tiles_and_names_read(step_id: str) -> None:
    picture = page(run_of("the-writable-layer", step_id))
    camera = picture.frame.camera
    assert picture.mode == "slabs"
    numerals = [s for s in picture.frame.shapes if isinstance(s, Tile) and len(s.label) == 1]
    assert numerals
    for tile in numerals:
        assert 26 <= tile.label_px <= -camera.depth_y * (tile.v1 - tile.v0) * 0.9
    assert min(s.text_px for s in picture.frame.shapes if isinstance(s, Head)) >= 18


@LANG
@pytest.mark.parametrize("step_id", ["linux-five", "windows", "today"])
def test_cards_are_written_large_all_alike_and_whole(step_id: str, lang: Lang) -> None:
    run = run_of("one-unified-view", step_id)
    labels = [s for s in page(run, lang).frame.shapes if isinstance(s, Label) and s.id.startswith("card.")]
    sizes = {s.size_px for s in labels if s.weight == 400}
    assert len(sizes) == 1 and sizes.pop() >= 17
    assert not [s for s in labels if s.text.endswith("…")]
