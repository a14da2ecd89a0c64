"""A lesson begins with what one will be able to do after it."""

from layerviz.app.window import Window
from layerviz.lessons import loading


def test_the_first_step_says_the_objective_in_the_chosen_language(window: Window) -> None:
    lesson = loading.lesson("3")
    assert lesson.objective is not None
    window.open_lesson(lesson.id)
    said = window.player.left_pane.objective
    assert said.isVisible() and said.text() == f"Goal: {lesson.objective.en}"
    window.look.choose_lang("zh_CN")
    assert said.text() == f"目标：{lesson.objective.zh_CN}"


def test_later_steps_keep_it_at_the_title_only(window: Window) -> None:
    lesson = loading.lesson("3")
    assert lesson.objective is not None
    window.open_lesson(lesson.id)
    window.player.jump(1)
    assert not window.player.left_pane.objective.isVisible()
    assert lesson.objective.en in window.player.bar.title.toolTip()


def test_a_lesson_without_an_objective_leaves_no_gap(window: Window) -> None:
    lesson = loading.lesson("0")
    assert lesson.objective is None
    window.open_lesson(lesson.id)
    assert not window.player.left_pane.objective.isVisible()
