"""What a person would not show on a stage: wells too low, slabs off the middle, an archive that is not taken."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from layerviz.app.commands_pane import Printed
from layerviz.app.empty_stage import EmptyStage
from layerviz.app.export_dialog import ExportDialog, open_export
from layerviz.app.happened import Dot
from layerviz.app.passing import Passing
from layerviz.app.session import Origin
from layerviz.app.window import Window
from layerviz.engine.apply import empty_world
from layerviz.lessons import loading
from layerviz.picture.layout import Place, View, layout
from tests.app.hands import Key, click, settle
from tests.app.test_build import type_lines

SMALL = (1024, 640)


def drop_file(window: Window, file: Path) -> None:
    """A file from the file manager, let go of in the middle of the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    target: QWidget = window.childAt(window.rect().center()) or window
    place = target.rect().center()
    held = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(place, Qt.DropAction.CopyAction, *held)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(place), Qt.DropAction.CopyAction, *held))


@pytest.mark.parametrize("size", [SMALL, (1280, 720), (1440, 900)])
def test_a_command_that_wraps_is_shown_with_its_first_and_last_line(window: Window, size: tuple[int, int]) -> None:
    window.resize(*size)
    lesson = next(lesson for lesson in loading.lessons() if loading.number_of(lesson) == 5)
    window.open_lesson(lesson.id)
    player = window.player
    if size == SMALL:
        click(player.foot.dockerfile)
    QTest.keyClick(player.stage, Key.Key_Right)
    QTest.keyClick(player.stage, Key.Key_Right)
    settle(player.stage)
    QTest.qWait(30)
    well = next(well for well in player.findChildren(Printed) if "docker exec view cat" in well.view.toPlainText())
    view = well.view
    assert view.verticalScrollBar().value() == 0
    start, end = QTextCursor(view.document()), QTextCursor(view.document())
    end.movePosition(QTextCursor.MoveOperation.End)
    shown = view.viewport().rect()
    assert shown.contains(view.cursorRect(start).center()) and shown.contains(view.cursorRect(end).center())
    assert end.block().text() == "File 4"
    assert well.width() - well.view.geometry().right() >= 14


@pytest.mark.parametrize("size", [SMALL, (1920, 1080)])
def test_the_empty_slab_covers_the_whole_stage_of_build(window: Window, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.show_page("build")
    QApplication.processEvents()
    slab = window.build.findChild(EmptyStage)
    assert slab is not None and slab.isVisible()
    assert slab.geometry() == window.build.stage.rect()
    assert window.build.terminal.prompt.hasFocus()


def test_a_here_document_is_brought_back_whole_and_runs_again(window: Window) -> None:
    window.show_page("build")
    build, prompt = window.build, window.build.terminal.prompt
    type_lines(build, "cat > Dockerfile <<EOF", "FROM scratch", "COPY a /", "EOF", "rm Dockerfile")
    QTest.keyClick(prompt, Key.Key_Up)
    QTest.keyClick(prompt, Key.Key_Up)
    assert prompt.text() == "cat > Dockerfile <<EOF⏎FROM scratch⏎COPY a /⏎EOF"
    QTest.keyClick(prompt, Key.Key_Return)
    type_lines(build, "cat Dockerfile")
    assert build.terminal.view.toPlainText().endswith(
        "$ cat > Dockerfile <<EOF\n> FROM scratch\n> COPY a /\n> EOF\n$ cat Dockerfile\nFROM scratch\nCOPY a /"
    )


def test_a_hint_is_dim_and_has_no_cross(window: Window) -> None:
    window.show_page("build")
    build = window.build
    type_lines(build, "docker bild .")
    colours = {}
    block = build.terminal.view.document().firstBlock()
    while block.isValid():
        fragment = block.begin().fragment()
        colours[block.text()] = fragment.charFormat().foreground().color() if fragment.isValid() else None
        block = block.next()
    tokens = window.look.tokens
    assert colours["docker: unknown command: docker bild"] == tokens.bad_text
    assert colours["hint: did you mean docker build?"] == tokens.dim
    told = {dot.kind for dot in build.happened.findChildren(Dot)}
    assert told == {"bad", "hint", "none"}


def test_a_file_dropped_on_build_is_loaded_and_one_that_is_no_archive_is_said_why(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    window.build.begin(Origin("example", "two_layers"))
    window.build.save_archive("two", str(tmp_path / "two.tar"))
    qtbot.waitUntil(window.build.terminal.isEnabled, timeout=20_000)
    window.build.begin(Origin())
    window.show_page("build")
    drop_file(window, tmp_path / "two.tar")
    assert window.pages.currentWidget() is window.build
    qtbot.waitUntil(window.build.terminal.isEnabled, timeout=20_000)
    assert "Loaded image: two:latest" in window.build.terminal.view.toPlainText()
    assert window.build.terminal.prompt.hasFocus()

    (tmp_path / "letter.txt").write_text("Dear all")
    drop_file(window, tmp_path / "letter.txt")
    qtbot.waitUntil(window.build.terminal.isEnabled, timeout=20_000)
    assert "letter.txt: this is no tar archive" in window.build.terminal.view.toPlainText()


def test_directories_above_are_buttons_and_an_empty_build_has_none(window: Window) -> None:
    window.show_page("build")
    head = window.build.head
    with pytest.raises(KeyError):
        head.crumb("/")
    type_lines(window.build, "docker pull alpine")
    window.build.show_only(("alpine",))
    window.build.head.went_to.emit("/etc")
    QApplication.processEvents()
    root = head.crumb("/")
    assert root.property("kind") == "plain" and root.height() == root.width() == 28
    click(root)
    assert window.build.session.place.directory == "/"


def test_the_export_dialog_fits_the_smallest_window(window: Window) -> None:
    window.resize(*SMALL)
    window.open_lesson("two-layers-six-files")
    QApplication.processEvents()
    dialog = open_export(window, window.look, window.player)
    assert dialog is not None
    QApplication.processEvents()
    corner = window.mapFromGlobal(dialog.mapToGlobal(QPoint(0, 0)))
    assert dialog.height() <= SMALL[1] - 24 and corner.y() >= 12
    dialog.reject()


def test_another_script_beside_the_pictures_is_left_alone(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "build.sh").write_text("make world\n")
    window.build.begin(Origin("example", "two_layers"))
    window.show_page("build")
    window.build.take("host:/c", "")
    settle(window.build.stage)
    dialog = open_export(window, window.look, window.build)
    assert dialog is not None and dialog.names.text().endswith("build.sh")
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog.save_to(tmp_path / "built.png")
    assert (tmp_path / "build.sh").read_text() == "make world\n"
    assert (tmp_path / "build-2.sh").read_text().startswith("mkdir a b c")


def test_nothing_at_all_is_laid_out_flat_too() -> None:
    assert layout(empty_world(), Place(()), View(mode="flat", width=900, height=500)).mode == "flat"


@pytest.mark.parametrize("size", [SMALL, (1280, 720), (1440, 900)])
def test_a_challenge_shows_its_goal_and_that_it_is_reached_in_any_window(window: Window, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.show_page("build")
    QTest.keyClicks(window.build.terminal.prompt, "docker r")
    window.open_lesson("two-layers-six-files")
    window.player.challenged.emit("two-layers-six-files")
    build = window.build
    QApplication.processEvents()
    assert build.challenge.text.isVisible() and build.right.isVisible()
    assert not build.terminal.strip.isVisible() and not build.terminal.prompt.text()
    click(build.tabs.button("palette")) if build.tabs.isVisible() else None
    click(build.terminal.view)
    type_lines(build, "docker bild .")
    build.show_example()
    settle(build.stage)
    QApplication.processEvents()
    assert build.challenge.go_on.isVisible() and build.right.isVisible()


def test_what_was_saved_and_copied_is_said_at_the_foot_of_the_window(
    window: Window, qtbot: QtBot, tmp_path: Path
) -> None:
    window.open_lesson("two-layers-six-files")
    settle(window.player.stage)
    QTest.keyClick(window.player.stage, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    said = window.findChild(Passing)
    assert said is not None and said.isVisible() and said.text == "The picture is on the clipboard"
    QTest.keyClick(window.player.stage, Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChildren(ExportDialog)[-1]
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog.save_to(tmp_path / "one.png")
    assert said.text.startswith("Saved: ") and said.text.endswith("one.png")
    qtbot.waitUntil(lambda: not said.isVisible(), timeout=6_000)


def test_a_question_that_was_not_answered_is_no_mistake(window: Window) -> None:
    window.open_lesson("two-layers-six-files")
    settle(window.player.stage)
    QTest.keyClick(window.player.stage, Key.Key_Right)
    feedback = window.player.question.feedback
    assert (feedback.head.text(), feedback.tone) == ("Not answered yet", "accent")
    QTest.keyClicks(window.player.stage, "1")
    QTest.keyClick(window.player.stage, Key.Key_Return)
    assert (feedback.head.text(), feedback.tone) == ("You answered: layer 4", "bad")
