"""The window as a whole: the first start, keys, languages, themes, full screen, what is remembered, what is damaged."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from layerviz.app.fault import FaultDialog
from layerviz.app.first_start import FirstStart
from layerviz.app.passing import Passing
from layerviz.app.player import Player
from layerviz.app.scenes import AskScene
from layerviz.app.start import catch_what_nobody_foresaw
from layerviz.app.window import Window
from layerviz.images.problems import ImageProblem
from layerviz.lessons.progress import progress_file
from layerviz.picture.shapes import Tile, shape_id
from tests.app.hands import (
    LESSON,
    Key,
    addresses,
    centre_of,
    click,
    click_shape,
    drag,
    moves,
    phase_of,
    picture_of,
    press,
    settle,
    seven_over_five,
    step_of,
)

CONTROL = Qt.KeyboardModifier.ControlModifier


def hand_of(player: Player) -> QPoint:
    """Where the tile lies that the hand may take."""
    return centre_of(player.stage, "hand")


def is_black(player: Player) -> bool:
    """Whether nothing but black is seen of the page."""
    seen = player.grab().toImage()
    places = [(x, y) for x in range(0, seen.width(), 40) for y in range(0, seen.height(), 40)]
    return all(seen.pixelColor(x, y).lightness() == 0 for x, y in places)


def test_the_first_start_is_one_button_and_lesson_zero_is_done_by_hand(window: Window) -> None:
    first = window.pages.currentWidget()
    assert isinstance(first, FirstStart) and first.start.hasFocus()
    press(window, Key.Key_Space)
    player, stage = window.player, window.player.stage
    assert window.pages.currentWidget() is player
    assert phase_of(window) == "act"

    drag(stage, hand_of(player), stage, QPoint(12, 12))  # beside the stack: it falls back
    assert phase_of(window) == "act"
    drag(stage, hand_of(player), stage, centre_of(stage, shape_id("slab", "two", 2)))
    assert phase_of(window) == "ask"
    settle(stage)
    picture = picture_of(stage)
    assert any(isinstance(s, Tile) and s.address == "three[3]:/file5" for s in picture.frame.shapes)

    press(window, "7", Key.Key_Return)
    assert "covers 5" in player.question.feedback.text.text()
    press(window, "6", Key.Key_Return)
    settle(stage)
    assert player.caption.text == "Six seen, seven stored. That is a container image: layers."
    press(window, Key.Key_Right)
    assert player.end.isVisible() and phase_of(window) == "finish"
    assert window.progress.of("start").finished


def test_the_tile_is_taken_by_keyboard_too(window: Window) -> None:
    press(window, Key.Key_Space)
    press(window, Key.Key_Return)
    assert phase_of(window) == "ask"


def test_full_screen_keeps_the_place_reveals_answers_and_goes_black(window: Window) -> None:
    window.open_lesson(LESSON)
    player = window.player
    player.jump(5)
    press(window, Key.Key_F5)
    assert window.isFullScreen() and player.is_full_screen
    assert not player.bar.isVisible() and not player.question.isVisible()
    picture = picture_of(player.stage)
    assert not picture.view.fixed and picture.view.caption == "How many files does image three show?"

    press(window, "b")
    black = is_black(player)
    press(window, "b")
    assert (black, is_black(player)) == (True, False)

    press(window, Key.Key_Right)
    scene = player.stage.scene
    assert isinstance(scene, AskScene) and scene.revealed
    assert picture_of(player.stage).view.options == ("6",)
    press(window, Key.Key_Right)
    assert phase_of(window) == "play"
    settle(player.stage)
    step, phase = step_of(window), phase_of(window)
    press(window, Key.Key_Escape)
    assert (window.isFullScreen(), player.is_full_screen) == (False, False)
    assert (step_of(window), phase_of(window)) == (step, phase)


def test_esc_leaves_full_screen_also_after_a_click_on_the_stage(window: Window) -> None:
    window.open_lesson(LESSON)
    player = window.player
    player.jump(2)
    player.give(6)
    settle(player.stage)
    click_shape(player.stage, shape_id("slab", "two", 1))
    press(window, Key.Key_F5)
    click_shape(player.stage, shape_id("slab", "two", 1))
    press(window, Key.Key_Escape)
    assert not player.is_full_screen


def test_home_and_end_replay_and_notes(window: Window) -> None:
    window.open_lesson(LESSON)
    player = window.player
    press(window, Key.Key_End)
    assert phase_of(window) == "challenge"
    press(window, Key.Key_Left)
    assert step_of(window) == 6
    press(window, Key.Key_R)
    assert moves(player.stage)
    settle(player.stage)
    assert not player.right_pane.notes.isVisible()
    press(window, "n")
    assert player.right_pane.notes.isVisible()
    press(window, Key.Key_Home)
    assert step_of(window) == 0


def test_notes_stand_beside_a_question_too(window: Window) -> None:
    window.open_lesson(LESSON)
    window.player.jump(5)
    assert phase_of(window) == "ask"
    assert not window.player.right_pane.isVisible()
    press(window, "n")
    assert window.player.right_pane.notes.isVisible()


def test_arrows_walk_the_tiles_after_f6_until_esc(window: Window) -> None:
    window.open_lesson(LESSON)
    player, stage = window.player, window.player.stage
    player.jump(2)
    player.give(6)
    settle(stage)
    press(window, Key.Key_F6)
    press(window, Key.Key_Right)
    assert stage.pointed_address == "two:/file1"
    press(window, Key.Key_Right)
    assert stage.pointed_address == "two:/file2"
    press(window, Key.Key_Down)
    assert stage.pointed_address.startswith("two[2]")
    press(window, Key.Key_Return)
    assert stage.chosen_address == stage.pointed_address
    assert player.right_pane.inspector.facts is not None
    press(window, Key.Key_Escape)
    assert stage.chosen_address == ""
    press(window, Key.Key_Right)
    assert player.walk is not None and player.walk.step == 3


def test_a_clicked_tile_is_explained(window: Window) -> None:
    player = seven_over_five(window)
    stage = player.stage
    click_shape(stage, shape_id("tile", "three", 3, "/file5"))
    facts = player.right_pane.inspector.facts
    assert facts is not None and facts.title == "/file5"
    values = {fact.name: fact.value for fact in facts.rows}
    assert values["Content"].startswith("sha256:") or values["Content"] == '"File 7"'
    assert values["Written by"] == "COPY c/ /"
    assert values["Layer"] == "3 of 3, read-only"
    assert [one.state for one in facts.asked] == ["found", "not_asked", "not_asked"]
    assert facts.commands == ("docker create --name t three x", "docker cp t:/file5 .", "cat file5")


def test_a_line_of_the_dockerfile_lights_its_slab(window: Window) -> None:
    window.open_lesson(LESSON)
    player = window.player
    player.jump(2)
    player.give(6)
    settle(player.stage)
    pane = player.left_pane.dockerfile
    QTest.mouseMove(pane, pane.line_rect(2).center().toPoint())
    assert player.stage.pointed_address == "two[1]"
    QTest.mouseMove(pane, pane.line_rect(3).center().toPoint())
    assert player.stage.pointed_address == "two[2]"


def test_the_language_changes_everything_at_once_and_is_remembered(
    open_window: Callable[[], Window], memory: Path
) -> None:
    window = open_window()
    window.open_lesson(LESSON)
    player = window.player
    player.jump(2)
    player.give(6)
    settle(player.stage)
    window.look.choose_lang("zh_CN")
    assert player.foot.next.text() == "下一步"
    assert player.caption.text == "两层各三个文件，整个镜像看到六个。"
    assert player.bar.title.text() == "两层六个文件，三层还是六个"
    assert picture_of(player.stage).view.lang == "zh_CN"
    window.close()
    again = open_window()
    assert again.look.lang == "zh_CN"


def test_the_theme_changes_at_once(window: Window) -> None:
    window.open_lesson(LESSON)
    window.look.choose_theme("light")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    assert application.palette().window().color().lightness() > 200
    window.look.choose_theme("projector")
    assert application.palette().window().color().lightness() == 0


def test_damaged_settings_are_put_aside_and_said_so(open_window: Callable[[], Window], memory: Path) -> None:
    (memory / "settings.json").write_text('{"theme": "light", broken', encoding="utf-8")
    file = progress_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("no progress at all", encoding="utf-8")
    window = open_window()
    assert (memory / "settings.damaged.json").read_text(encoding="utf-8").endswith("broken")
    window.show_page("lessons")
    assert window.home.notice.isVisible()
    assert "damaged" in window.home.notice_text.text()


def test_progress_and_where_one_left_off_come_back(open_window: Callable[[], Window]) -> None:
    first = open_window()
    first.open_lesson(LESSON)
    first.player.jump(4)
    first.close()
    second = open_window()
    home = second.home
    assert second.pages.currentWidget() is home
    assert "step 5 of 7" in home.continue_card.where.text()
    click(home.continue_card.go)
    assert second.player.walk is not None and second.player.walk.step == 4


def test_ctrl_c_copies_the_picture_at_twice_its_size(window: Window) -> None:
    window.open_lesson(LESSON)
    window.player.jump(2)
    window.player.give(6)
    settle(window.player.stage)
    window.player.stage.setFocus()
    press(window, Key.Key_C, modifiers=CONTROL)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (3200, 1800)


def test_f1_lists_the_keys_and_any_key_closes_the_list(window: Window) -> None:
    window.open_lesson(LESSON)
    press(window, Key.Key_F1)
    assert window.keys.isVisible()
    press(window, Key.Key_Space)
    assert not window.keys.isVisible()
    assert window.player.stage.hasFocus()
    press(window, "?")
    assert window.keys.isVisible()


def test_stepping_into_a_directory_and_back_by_crumbs(window: Window) -> None:
    from layerviz.app.session import Origin

    window.build.begin(Origin("example", "container"))
    window.show_page("build")
    build = window.build
    assert build.session.place.directory == "/files"
    click(build.head.crumb("/"))
    settle(build.stage)
    assert build.session.place.directory == "/"
    assert "c1:/files" in addresses(build.stage)
    seen = next(s for s in picture_of(build.stage).frame.shapes if s.address == "c1:/files")
    click_shape(build.stage, seen.id)
    click_shape(build.stage, seen.id)
    settle(build.stage)
    assert build.session.place.directory == "/files"
    assert "c1:/files/file5" in addresses(build.stage)


def test_a_problem_that_nobody_caught_is_said_at_the_foot_of_the_window(
    window: Window, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    catch_what_nobody_foresaw(window, window.look, window.save_work)
    problem = ImageProblem("image.tar", "changed")
    sys.excepthook(ImageProblem, problem, None)
    assert [tip.text for tip in window.findChildren(Passing)] == [str(problem)]
    assert not window.findChildren(FaultDialog)
    assert capsys.readouterr().err == ""


def test_what_nobody_foresaw_saves_the_work_and_is_shown_once(
    window: Window, monkeypatch: pytest.MonkeyPatch, memory: Path
) -> None:
    monkeypatch.setattr(sys, "__excepthook__", lambda *_: None)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    window.show_page("build")
    window.build.type("mkdir kept")
    (memory / "build.json").unlink()
    catch_what_nobody_foresaw(window, window.look, window.save_work)
    for _ in range(2):
        error = ValueError("nobody foresaw this")
        sys.excepthook(ValueError, error, None)
    dialogs = window.findChildren(FaultDialog)
    assert len(dialogs) == 1 and "nobody foresaw this" in dialogs[0].report
    assert "mkdir kept" in (memory / "build.json").read_text(encoding="utf-8")
    dialogs[0].accept()


def test_the_stage_lists_layers_and_files_for_a_screen_reader(window: Window) -> None:
    from PySide6.QtGui import QAccessible

    window.open_lesson(LESSON)
    window.player.jump(5)
    window.player.give(6)
    settle(window.player.stage)
    stage = QAccessible.queryAccessibleInterface(window.player.stage)
    said = [stage.child(k).text(QAccessible.Text.Name) for k in range(stage.childCount())]
    assert "Layer 3 of three, read-only: COPY c/ /" in said
    assert any("hidden" in text and "/file5" in text for text in said)
    assert said.index("Layer 3 of three, read-only: COPY c/ /") < said.index("Layer 1 of three, read-only: COPY a/ /")


def test_a_click_gives_the_arrows_to_the_tiles_until_the_next_step(window: Window) -> None:
    player = seven_over_five(window)
    stage = player.stage
    click_shape(stage, shape_id("tile", "three", 3, "/file5"))
    press(window, Key.Key_Left)
    assert step_of(window) == 5 and stage.pointed_address == "three[3]"
    press(window, Key.Key_PageDown)
    assert step_of(window) == 6
    settle(stage)
    press(window, Key.Key_Left)
    assert step_of(window) == 5


def test_a_click_beside_the_stack_leaves_the_arrows_to_the_steps(window: Window) -> None:
    window.open_lesson(LESSON)
    player, stage = window.player, window.player.stage
    player.jump(2)
    player.give(6)
    settle(stage)
    QTest.mouseClick(stage, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    press(window, Key.Key_Left)
    assert step_of(window) == 1


def test_home_begins_the_first_step_anew_and_what_was_chosen_in_it_is_let_go(window: Window) -> None:
    press(window, Key.Key_Space, Key.Key_Return)
    player, stage = window.player, window.player.stage
    player.give(6)
    settle(stage)
    click_shape(stage, shape_id("slab", "three", 1))
    assert stage.chosen_address and player.right_pane.isVisible()
    press(window, Key.Key_Home)
    assert phase_of(window) == "act" and not stage.chosen_address and not player.right_pane.isVisible()
