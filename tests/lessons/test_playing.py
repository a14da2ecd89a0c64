"""A lesson is played: one world through its steps, others for recall, and every command's outcome kept."""

from pathlib import Path
from typing import get_args

from layerviz.lessons import playing, schema
from layerviz.lessons.loading import lesson, lessons, load, number_of
from layerviz.lessons.playing import play
from layerviz.lessons.values import Scene, is_there
from layerviz.picture.layout.place import Beside
from tests.lessons.storyboards import STORYBOARDS
from tests.lessons.writing import lesson_file


def test_every_command_of_every_lesson_ends_well() -> None:
    for found in lessons():
        played = play(found)
        results = [*played.silent, *(r for run in played.steps for r in (*run.silent, *run.results))]
        assert {result.status for result in results} == {0}, found.id


def test_a_step_goes_on_in_the_world_of_the_one_before() -> None:
    steps = play(lesson("two-layers-six-files")).steps
    assert steps[2].before is steps[1].after
    assert steps[1].before is not steps[0].after


def test_a_recall_step_plays_in_a_world_of_its_own_that_leaves_no_trace() -> None:
    recall, first, *_ = play(lesson("two-layers-six-files")).steps
    assert is_there(Scene(recall.after), "grow:4")
    assert not is_there(Scene(first.before), "grow:4")
    assert not is_there(Scene(recall.before), "host:/a")
    assert first.place_before.show == ()


def test_what_a_step_does_not_say_is_as_in_the_step_before(tmp_path: Path) -> None:
    whole = next(run for run in play(lesson("two-layers-six-files")).steps if run.step.id == "whole")
    assert whole.step.show == ()
    assert (whole.place_after.show, whole.place_after.directory) == (("two",), "/")
    assert whole.place_before.show == ("two",)


def test_commands_repeat_with_the_number_of_the_round(tmp_path: Path) -> None:
    run = ("      docker build -t one .\n", "      docker build -t one .\n      mkdir d{i}\n")
    repeated = load(lesson_file(tmp_path, run, ("    run: |", "    repeat: 3\n    run: |")))
    world = play(repeated).steps[0].after
    assert [is_there(Scene(world), f"host:/d{n}") for n in (1, 2, 3, 4)] == [True, True, True, False]


def test_playing_again_costs_nothing() -> None:
    assert play(lesson("start")) is play(lesson("start"))


def test_lesson_0_runs_what_the_drop_makes() -> None:
    (step,) = play(lesson("start")).steps
    act = step.step.act
    assert act is not None
    assert is_there(Scene(step.before), act.source)
    assert is_there(Scene(step.before), act.onto)
    assert [result.command for result in step.results] == ['echo "COPY c/ /" >> Dockerfile', "docker build -t three ."]


def test_doors_lead_to_lessons_or_to_build() -> None:
    known = {found.id for found in lessons()} | {"build"}
    doors = lesson("start").doors
    assert [door.to for door in doors] == ["one-image-six-layers", "two-layers-six-files", "build"]
    assert {door.to for door in doors} <= known


def test_lessons_are_found_by_id_and_by_number_and_needed_ones_exist() -> None:
    assert [number_of(found) for found in lessons()] == list(range(len(STORYBOARDS)))
    assert lesson("3") is lesson("03") is lesson("two-layers-six-files")
    known = {found.id for found in lessons()}
    assert all(set(found.needs) <= known for found in lessons())


def test_the_notes_of_every_step_are_filled() -> None:
    for found in lessons():
        for run in play(found).steps:
            if run.step.notes:
                assert "{" not in playing.notes(run, "en") + playing.notes(run, "zh_CN")


def test_the_schema_knows_the_panels_of_the_layout() -> None:
    assert get_args(schema.Beside) == get_args(Beside)
