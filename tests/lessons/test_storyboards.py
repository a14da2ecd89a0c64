"""Every lesson says what its storyboard says, word for word and number for number, in both languages."""

import pytest

from layerviz.lessons import asking, playing, values
from layerviz.lessons.loading import lesson, lessons
from layerviz.lessons.playing import StepRun, play
from layerviz.strings import LANGUAGES
from tests.lessons.storyboards import STORYBOARDS

STEPS = [(lesson_id, step_id) for lesson_id, steps in STORYBOARDS.items() for step_id in steps]


def run_of(lesson_id: str, step_id: str) -> StepRun:
    return next(run for run in play(lesson(lesson_id)).steps if run.step.id == step_id)


@pytest.mark.parametrize("lesson_id", STORYBOARDS)
def test_a_lesson_has_the_storyboard_s_steps_in_its_order(lesson_id: str) -> None:
    assert [step.id for step in lesson(lesson_id).steps] == list(STORYBOARDS[lesson_id])


def test_every_lesson_has_a_storyboard() -> None:
    assert [found.id for found in lessons()] == list(STORYBOARDS)


@pytest.mark.parametrize(("lesson_id", "step_id"), STEPS)
def test_captions_read_as_told(lesson_id: str, step_id: str) -> None:
    run, told = run_of(lesson_id, step_id), STORYBOARDS[lesson_id][step_id]
    assert (playing.caption(run, "en"), playing.small(run, "en")) == (told.en, told.small_en)
    assert (playing.caption(run, "zh_CN"), playing.small(run, "zh_CN")) == (told.zh_CN, told.small_zh_CN)


@pytest.mark.parametrize(("lesson_id", "step_id"), STEPS)
def test_the_engine_computes_the_answers_told(lesson_id: str, step_id: str) -> None:
    run, told = run_of(lesson_id, step_id), STORYBOARDS[lesson_id][step_id]
    asked = [question for question in run.step.ask if question.kind != "poll"]
    assert len(asked) == len(told.answers)
    for question, right in zip(asked, told.answers, strict=True):
        if question.kind == "click":
            assert asking.right_layers(run, question) == values.stack_of(run.scene, right)
        else:
            assert asking.answer(run, question, "en") == right


@pytest.mark.parametrize(("lesson_id", "step_id"), STEPS)
def test_every_belief_that_the_file_names_gets_its_own_words(lesson_id: str, step_id: str) -> None:
    run = run_of(lesson_id, step_id)
    for question in run.step.ask:
        given: list[int | str] = []
        if question.kind == "choose":
            given = [n for n, option in enumerate(question.options) if option.feedback]
        elif question.kind != "poll":
            given = [int(f.is_) if question.kind == "number" else f.is_ for f in question.feedback]
        assert given or question.kind == "poll"
        for answer in given:
            for lang in LANGUAGES:
                verdict = asking.judge(run, question, answer, lang)
                assert not verdict.right
                assert verdict.text
