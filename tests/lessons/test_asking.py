"""Answers are judged by the world, and a wrong one hears the belief behind it."""

import pytest

from layerviz.lessons.asking import NONE, answer, answer_said, answers, judge, layer_said
from layerviz.lessons.playing import StepRun
from layerviz.lessons.schema import Question
from tests.lessons.test_storyboards import run_of


def asked(lesson_id: str, step_id: str, number: int = 0) -> tuple[StepRun, Question]:
    run = run_of(lesson_id, step_id)
    return run, run.step.ask[number]


def test_a_number_is_right_when_the_engine_counts_it() -> None:
    run, question = asked("two-layers-six-files", "cover")
    assert judge(run, question, 6, "en").right


def test_a_known_wrong_number_hears_its_belief_and_where_it_breaks() -> None:
    run, question = asked("two-layers-six-files", "cover")
    verdict = judge(run, question, 7, "en")
    assert not verdict.right
    assert verdict.text.startswith("You added a name.")
    assert verdict.look == ("three[3]:/file5", "three[2]:/file5")


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "The engine counts 6. Type it, and watch why."), ("zh_CN", "引擎数出来是 6。填上它，看看为什么。")],
)
def test_any_other_number_hears_what_the_engine_counted(lang: str, said: str) -> None:
    run, question = asked("two-layers-six-files", "cover")
    assert judge(run, question, 42, lang).text == said  # type: ignore[arg-type]  # both are languages


def test_an_option_is_judged_by_its_condition() -> None:
    run, question = asked("the-writable-layer", "change")
    assert [judge(run, question, n, "en").right for n in range(3)] == [False, False, True]
    assert "whole file is copied up" in judge(run, question, 0, "en").text


@pytest.mark.parametrize("clicked", ["three[2]", "three[2]:/file5", "three[2]:/file4", "two[2]"])
def test_a_click_anywhere_in_the_right_layer_is_right(clicked: str) -> None:
    run, question = asked("two-layers-six-files", "cover", 1)
    assert judge(run, question, clicked, "en").right


def test_a_click_elsewhere_hears_why_or_at_least_that_it_is_another_layer() -> None:
    run, question = asked("two-layers-six-files", "cover", 1)
    assert judge(run, question, "three[3]:/file5", "en").text == "That is 7, the newer one. 5 lies below it."
    assert judge(run, question, NONE, "en").text.startswith("You think new destroys old.")
    assert judge(run, question, "three[1]", "en").text == "Not in that layer. Look at each one, from the top."
    assert judge(run, question, "three:/file5", "en").text == "Click a layer, or a file in one."


def test_a_container_s_layer_is_the_image_s_where_it_belongs_to_it() -> None:
    run, question = asked("one-unified-view", "lookup")
    assert judge(run, question, "view[2]:/files/file1", "en").right
    assert judge(run, question, "six[2]", "en").right
    assert judge(run, question, "view[4]", "en").text.startswith("That layer has no file1")
    assert not judge(run, question, "view[rw]", "en").right


def test_a_poll_takes_every_answer_and_has_none() -> None:
    run, question = asked("one-image-six-layers", "pull")
    assert all(judge(run, question, n, "en").right for n in range(3))
    assert answer(run, question, "en") == ""


def test_the_right_answers_in_words() -> None:
    assert answers(run_of("two-layers-six-files", "cover"), "en") == ("6", "three[2]")
    assert answers(run_of("two-layers-six-files", "recall"), "zh_CN") == ("没有",)


def test_a_layer_is_called_what_stands_on_its_front_edge() -> None:
    run, question = asked("the-writable-layer", "recall")
    assert (answer(run, question, "en"), answer_said(run, question, "en")) == ("view[3]", "Layer 3")
    assert answer_said(run, question, "zh_CN") == "第 3 层"
    assert (layer_said("c1[rw]:/e", "en"), layer_said("three", "en")) == ("Container layer", "three")
