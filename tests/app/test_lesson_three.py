"""Lesson 3 from its first question to its challenge, as a student goes through it: by mouse and keys."""

from PySide6.QtTest import QTest

from layerviz.app.window import Window
from layerviz.engine.address import parse, resolve
from layerviz.engine.sizes import seen, stored
from layerviz.picture.shapes import shape_id
from tests.app.hands import LESSON, Key, addresses, click, click_shape, moves, phase_of, press, settle


def test_the_whole_lesson_with_its_questions_and_its_challenge(window: Window) -> None:
    window.open_lesson(LESSON)
    player, stage = window.player, window.player.stage
    assert stage.hasFocus()

    # 3.1: a choice, by its number, while the stage has the keyboard.
    assert player.question.isVisible() and player.question.kind == "choose"
    press(window, "1")
    assert "You count lines" in player.question.feedback.text.text()
    press(window, "2")
    assert phase_of(window) == "play"
    settle(stage)
    assert phase_of(window) == "rest"

    press(window, Key.Key_Right)  # 3.2 asks nothing: its motion plays
    assert moves(stage)
    settle(stage)
    assert {"one[1]:/file1", "one[1]:/file2", "one[1]:/file3"} <= addresses(stage)

    press(window, Key.Key_Space)  # 3.3: digits typed on the stage reach the field
    press(window, "3", Key.Key_Return)
    assert "top layer" in player.question.feedback.text.text()
    assert player.question.number.field.selectedText() == "3"
    press(window, "6")
    assert player.question.number.field.text() == "6"
    click(player.question.check)
    settle(stage)
    assert player.world is not None
    assert len(seen(resolve(player.world, parse("two")).stack)) == 6

    press(window, Key.Key_PageDown)  # 3.4
    settle(stage)
    press(window, Key.Key_Return)  # 3.5
    settle(stage)

    click(player.foot.next)  # 3.6: the belief behind 7, outlined on the stage
    press(window, "7", Key.Key_Return)
    assert stage.marked == ("three[3]:/file5", "three[2]:/file5")
    assert "/file5" in player.question.feedback.where.text()
    press(window, "6", Key.Key_Return)
    settle(stage)
    assert phase_of(window) == "look"
    click_shape(stage, shape_id("slab", "three", 3))
    assert "5 lies below it" in player.question.feedback.text.text()
    click_shape(stage, shape_id("tile", "three", 2, "/file5"))
    assert phase_of(window) == "rest"
    stack = resolve(player.world, parse("three")).stack
    assert (len(seen(stack)), len(stored(stack))) == (6, 7)

    press(window, Key.Key_Right, "7", Key.Key_Return)  # 3.7
    settle(stage)
    press(window, Key.Key_Right)  # Now you
    assert phase_of(window) == "challenge" and player.end.isVisible()

    press(window, Key.Key_Return)
    build = window.build
    assert window.pages.currentWidget() is build
    prompt = build.terminal.prompt
    assert prompt.hasFocus()
    for line in (
        "mkdir e",
        'echo "File 8" > e/file2',
        "cat > Dockerfile <<EOF",
        "FROM scratch",
        "COPY a/ /",
        "COPY b/ /",
        "COPY e/ /",
        "EOF",
        "docker build -t mine .",
    ):
        QTest.keyClicks(prompt, line)
        QTest.keyClick(prompt, Key.Key_Return)
    settle(build.stage)
    stack = resolve(build.world, parse("mine")).stack
    assert (len(stack), len(seen(stack)), len(stored(stack))) == (3, 6, 7)
    assert build.challenge.is_reached
    assert window.progress.of(LESSON).solved
    assert window.progress.of(LESSON).par_met

    click(build.challenge.go_on)
    assert window.pages.currentWidget() is player
    assert phase_of(window) == "finish"
    assert window.progress.of(LESSON).finished


def test_next_on_an_open_question_asks_once_and_then_skips(window: Window) -> None:
    window.open_lesson(LESSON)
    player = window.player
    press(window, Key.Key_Right)
    assert phase_of(window) == "ask"
    assert player.question.feedback.isVisible()
    press(window, Key.Key_Right)
    assert phase_of(window) == "play"


def test_back_is_instant_and_leads_to_the_end_of_the_step_before(window: Window) -> None:
    window.open_lesson(LESSON)
    player = window.player
    player.jump(3)
    settle(player.stage)
    press(window, Key.Key_Left)
    assert player.walk is not None
    assert (player.walk.step, player.walk.phase) == (2, "rest")
    assert not moves(player.stage)


def test_the_answer_can_be_shown_and_then_the_motion_plays(window: Window) -> None:
    window.open_lesson(LESSON)
    player = window.player
    player.jump(2)
    click(player.question.show_answer)
    assert "6" in player.question.feedback.text.text()
    click(player.question.check)
    assert phase_of(window) == "play"
