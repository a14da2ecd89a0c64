"""Steps as pictures: motion begins and ends in them, questions give nothing away, neighbours differ."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import msgspec
import pytest

from layerviz.lessons import playing, stage
from layerviz.lessons.loading import lessons
from layerviz.lessons.playing import StepRun, play
from layerviz.picture.layout import View
from layerviz.picture.shapes import Badge, Beam, Label, Line, Panel, Slab, Stage, Tile
from layerviz.strings import LANGUAGES, Lang
from tests.lessons.test_storyboards import run_of

RUNS = [(run.lesson.id, run.step.id, run) for found in lessons() for run in play(found).steps]
RUN = pytest.mark.parametrize("run", [r[2] for r in RUNS], ids=[f"{r[0]}-{r[1]}" for r in RUNS])
VIEW = View()


@RUN
def test_a_step_s_motion_begins_and_ends_in_its_two_pictures(run: StepRun) -> None:
    timeline = stage.timeline(run, VIEW)
    assert timeline.at(0).shapes == stage.first(run, VIEW).frame.shapes
    assert timeline.at(timeline.duration_ms).shapes == stage.picture(run, VIEW).frame.shapes


@RUN
def test_a_step_begins_where_the_one_before_it_ended(run: StepRun) -> None:
    if run.number == 1 or run.step.world or run.step.show_before is not None:
        return
    earlier = play(run.lesson).steps[run.number - 2]
    if not earlier.step.world:
        assert stage.first(run, VIEW).frame.shapes == stage.picture(earlier, VIEW).frame.shapes


@RUN
def test_no_light_and_no_hatching_gives_a_prediction_away(run: StepRun) -> None:
    for question in run.step.ask:
        if question.when == "before":
            shapes = stage.asked(run, question, VIEW).frame.shapes
            assert not [shape for shape in shapes if isinstance(shape, Beam)]
            assert not [shape for shape in shapes if isinstance(shape, Tile) and shape.look == "hidden"]


def test_the_layer_to_come_is_dashed_while_it_is_asked_about() -> None:
    run = run_of("two-layers-six-files", "cover")
    assert stage.coming(run) == ("three[3]",)
    slabs = [s for s in stage.asked(run, run.step.ask[0], VIEW).frame.shapes if isinstance(s, Slab)]
    assert [slab.style for slab in slabs if slab.number] == ["layer", "layer", "expected"]


def test_where_the_number_of_layers_is_the_question_none_to_come_is_drawn() -> None:
    run = run_of("an-image-grows", "python")
    slabs = [s for s in stage.asked(run, run.step.ask[0], VIEW).frame.shapes if isinstance(s, Slab) and s.number]
    assert [slab.number for slab in slabs] == ["1"]


def test_a_captioned_page_carries_the_lesson_s_words() -> None:
    run = run_of("two-layers-six-files", "cover")
    view = stage.captioned(run, View(lang="zh_CN"))
    assert view.kicker == "第 3 课  ·  两层六个文件，三层还是六个"
    assert view.title == "存了七个，看到六个"
    english = stage.captioned(run, View())
    assert english.kicker == "LESSON 3  ·  TWO LAYERS, SIX FILES; THREE LAYERS, STILL SIX"
    assert view.caption == playing.caption(run, "zh_CN")
    assert (view.step, view.challenge) == ((6, 7), True)
    asking = stage.asking_captioned(run, run.step.ask[0], view)
    assert (asking.caption, asking.small) == ("从镜像 three 里能看到几个文件？", "")
    assert asking.title == "先猜一猜"  # the step's own title would tell the answer
    after = stage.asking_captioned(run, run.step.ask[1], view)
    assert after.title == view.title


def test_a_page_shows_what_there_is_to_choose_from_and_marks_what_is_right_once_it_is_told() -> None:
    run = run_of("one-image-six-layers", "disk")
    (question,) = run.step.ask
    asking = stage.asking_captioned(run, question, View())
    assert (asking.options, asking.right) == (("237 MB", "168 MB", "133 MB"), None)
    told = stage.asking_captioned(run, question, View(), told=True)
    words = [shape.text for shape in stage.asked(run, question, told).frame.shapes if isinstance(shape, Label)]
    assert {"237 MB", "168 MB", "133 MB"} <= set(words)
    assert (told.options[told.right or 0], told.caption) == ("168 MB", asking.caption)
    number = run_of("two-layers-six-files", "cover")
    assert stage.asking_captioned(number, number.step.ask[0], View(), told=True).options == ("6",)


def test_a_poll_before_anything_is_there_has_a_question_mark_to_look_at_and_gives_nothing_away() -> None:
    run = run_of("one-image-six-layers", "pull")
    view = stage.asking_captioned(run, run.step.ask[0], View())
    shapes = stage.asked(run, run.step.ask[0], view).frame.shapes
    assert [shape.text for shape in shapes if isinstance(shape, Label) and shape.on] == ["?"]
    assert view.title == "What do you think?"


def test_a_step_without_a_title_has_its_lesson_s() -> None:
    run = run_of("two-layers-six-files", "cover")
    untitled = stage.captioned(replace(run, step=msgspec.structs.replace(run.step, title=None)), View())
    assert (untitled.kicker, untitled.title) == ("LESSON 3", run.lesson.title.en)


def test_cards_are_in_the_language_of_the_view() -> None:
    run = run_of("one-unified-view", "today")
    texts = " ".join(stage.picture(run, View(lang="zh_CN")).alt)
    assert "目录一层层叠放" in texts
    assert "folders laid over each other" not in texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_counts_steps_and_the_challenge_is_a_mark_of_another_shape_after_them(lang: Lang) -> None:
    last = play(run_of("two-layers-six-files", "cover").lesson).steps[-1]

    def row(view: View) -> tuple[str, list[Panel]]:
        shapes = stage.picture(last, view).frame.shapes
        marks = [shape for shape in shapes if isinstance(shape, Panel) and shape.id.startswith("step.")]
        said = next(shape.text for shape in shapes if isinstance(shape, Label) and shape.id == "step")
        return said, sorted(marks, key=lambda mark: mark.x)

    said, marks = row(stage.captioned(last, View(lang=lang)))
    assert said == {"en": "step 7 of 7", "zh_CN": "第 7 步，共 7 步"}[lang]
    assert [mark.style for mark in marks] == ["dot"] * 7 + ["diamond"]
    assert max(marks[:-1], key=lambda mark: mark.width) is marks[-2]
    gaps = {round(right.x - left.x - left.width) for left, right in pairwise(marks)}
    assert gaps == {12}
    said, marks = row(stage.challenge_captioned(last, View(lang=lang)))
    assert said == {"en": "Now you", "zh_CN": "轮到你"}[lang]
    assert marks[-1].style == "diamond" and marks[-1].opacity == 1.0
    assert all(mark.opacity < 1 and mark.width == marks[0].width for mark in marks[:-1])


def test_a_lesson_without_a_challenge_has_dots_alone() -> None:
    only = play(run_of("start", "drop").lesson).steps[-1]
    shapes = stage.picture(only, stage.captioned(only, View())).frame.shapes
    assert not [shape for shape in shapes if isinstance(shape, Panel) and shape.style == "diamond"]


def test_a_challenge_s_stage_is_empty_until_something_is_built() -> None:
    start = play(run_of("two-layers-six-files", "cover").lesson).challenge
    assert start is not None
    assert not [s for s in stage.challenge(start, start.world, VIEW).frame.shapes if isinstance(s, Slab)]
    done = playing.example(start)[-1].world
    slabs = [s for s in stage.challenge(start, done, VIEW).frame.shapes if isinstance(s, Slab) and s.number]
    assert len(slabs) == 3


def test_each_line_of_inspect_lights_with_its_slab_while_the_rest_dims() -> None:
    timeline = stage.timeline(run_of("one-image-six-layers", "inspect"), VIEW)
    lit: list[str] = []
    for ms in range(0, int(timeline.duration_ms), 40):
        shapes = timeline.at(ms).shapes
        slabs = [shape for shape in shapes if isinstance(shape, Slab)]
        glowing = [slab for slab in slabs if slab.glow > 0.95]
        if not glowing or glowing[0].number in lit:
            continue
        (bright,) = glowing
        assert all(slab.dim > 0.3 for slab in slabs if slab is not bright)
        lines = [s for s in shapes if isinstance(s, Label) and s.twin.startswith("line inspect ") and s.opacity > 0.95]
        assert [line.address for line in lines] == [bright.address]
        lit.append(bright.number)
    assert lit == ["1", "2", "3", "4", "5", "6"]


def test_three_lookups_end_in_one_file_before_the_one_copy_in_memory_lights() -> None:
    timeline = stage.timeline(run_of("one-image-six-layers", "memory"), VIEW)
    frames = [timeline.at(timeline.duration_ms * n / 240) for n in range(241)]
    tile = next(s for s in frames[-1].shapes if isinstance(s, Tile) and s.twin == "line memory tile")
    low = [
        {s.id for s in frame.shapes if isinstance(s, Badge) and s.on and s.text == "" and s.on.level == tile.level}
        for frame in frames
    ]
    assert len(set().union(*low)) == 2 * 3  # each falls to the base, and goes on to the file
    middle = (tile.u0 + tile.u1) / 2
    arrived = [
        n for n, frame in enumerate(frames)
        if any(isinstance(s, Badge) and s.on == Stage(middle, 0.5, tile.level) for s in frame.shapes)
    ]  # fmt: skip
    lit = [n for n, frame in enumerate(frames) if any(s.twin == "line memory one" for s in frame.shapes)]
    assert arrived and arrived[0] < lit[0]


def test_the_picture_of_shared_layers_waits_for_no_graph_library() -> None:
    code = """
import sys
from layerviz.lessons import loading, playing, stage
from layerviz.picture.layout import View
run = next(run for run in playing.play(loading.lesson("1")).steps if len(run.place_after.show) > 1)
ids = [shape.id for shape in stage.picture(run, View()).frame.shapes]
assert ids
sys.exit("networkx" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("mode", ["slabs", "flat"])
def test_where_a_container_was_removed_its_footprint_stays_in_words_too_and_is_no_container(
    lang: Lang, mode: Literal["slabs", "flat"]
) -> None:
    run = run_of("the-writable-layer", "remove")
    motion = stage.timeline(run, stage.captioned(run, View(lang=lang, mode=mode)))
    (gone,) = (s for s in motion.at(0).shapes if isinstance(s, Slab) and s.style == "container" and s.u0 == 0)
    assert not [s for s in motion.at(0).shapes if s.id.startswith("footprint")]
    shapes = motion.at(motion.duration_ms).shapes
    lines = [s for s in shapes if isinstance(s, Line) and s.id.startswith("footprint")]
    corners = {(line.on0.u, line.on0.v, line.on0.level) for line in lines if line.on0}
    assert corners == {(u, v, gone.level) for u in (gone.u0, gone.u1) for v in (0, 1)}
    assert all(line.dashed and line.hue == "dim" and line.opacity < 1 and not line.address for line in lines)
    (words,) = (s for s in shapes if isinstance(s, Label) and s.id.startswith("footprint"))
    assert words.text == {"en": "c1 removed", "zh_CN": "c1 已删除"}[lang]
    assert words.colour == "dim" and words.on is not None and gone.u0 < words.on.u < gone.u1


@pytest.mark.parametrize(
    "view", [View(), View(fixed=True, width=920, height=384), View(fixed=True, width=760, height=564)]
)
def test_when_a_container_is_removed_nothing_else_moves(view: View) -> None:
    run = run_of("the-writable-layer", "remove")
    motion = stage.timeline(run, view)
    begin = stage.first(run, view).frame
    stands = {shape.twin: shape for shape in stage.picture(run, view).frame.shapes if isinstance(shape, Slab)}
    assert sum(slab.style == "layer" for slab in stands.values()) == 4
    assert sum(slab.style == "container" for slab in stands.values()) == 1
    for share in range(11):
        frame = motion.at(motion.duration_ms * share / 10)
        assert frame.camera == begin.camera
        for slab in frame.shapes:
            if isinstance(slab, Slab) and slab.twin in stands:
                there = stands[slab.twin]
                assert (slab.u0, slab.u1, slab.level) == (there.u0, there.u1, there.level)
