"""What can be done in Explore with what is chosen: copied, read in the version that is meant, listed as what a layer
changes."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from layerviz.app.explore import Explore
from layerviz.app.explore_changeset import ChangesetSheet
from layerviz.app.explore_viewer import Viewer
from layerviz.app.window import Window
from layerviz.engine.digests import diff_id, image_id
from tests.app.hands import Key, centre_of, click, click_shape, press
from tests.app.images import opened, small, until

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def explore(window: Window, tmp_path: Path) -> Explore:
    """The small image: /dir/again is written twice, /dir/gone is deleted."""
    return opened(window, small(tmp_path))


def tile(explore: Explore, address: str) -> str:
    """The id of the shape on the stage that has an address."""
    picture = explore.stage.picture
    assert picture is not None
    return next(shape.id for shape in picture.frame.shapes if shape.address == address)


def copied() -> str:
    return QGuiApplication.clipboard().text()


def right_click(widget: QWidget, place: QPoint) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)


def menu_of(explore: Explore) -> dict[str, object]:
    popup = QApplication.activePopupWidget()
    assert popup is not None
    found = {action.text(): action for action in popup.actions() if not action.isSeparator()}
    popup.close()
    return dict(found)


def sheet_of(window: Window) -> ChangesetSheet:
    (sheet,) = window.findChildren(ChangesetSheet)
    until(lambda: sheet.is_known)
    return sheet


def test_what_is_read_is_the_version_that_is_chosen(window: Window, explore: Explore) -> None:
    explore.go_to("/dir")
    explore.stage.complete()
    click_shape(explore.stage, tile(explore, "small[1]:/dir/again"))
    assert explore.version == 1
    click(explore.story.view_button)
    (viewer,) = window.findChildren(Viewer)
    until(lambda: viewer.well.view.toPlainText())
    assert viewer.well.view.toPlainText() == "one\ntwo\nthree\n"
    viewer.close()


def test_a_version_is_written_to_a_file_byte_for_byte(window: Window, explore: Explore, tmp_path: Path) -> None:
    explore.show_path("/dir/keep")
    viewer = explore.sheets.view_text(explore.path, compares=False)
    assert viewer is not None and viewer.save_button.isVisible()
    file = tmp_path / "out" / "keep"
    viewer.save(file)
    until(lambda: "out/keep" in viewer.summary.text())
    assert "No such file" in viewer.summary.text() and not file.exists()
    file.parent.mkdir()
    viewer.save(file)
    until(lambda: viewer.summary.text() == f"Saved: {file}")
    assert file.read_bytes() == b"\0\1binary"
    viewer.close()


def test_a_path_is_copied_by_key_and_by_button_which_says_so(window: Window, explore: Explore) -> None:
    explore.show_path("/dir/again")
    press(window, Key.Key_C, modifiers=CONTROL)
    assert copied() == "/dir/again"
    assert explore.story.copy_button.property("glyph") == "check"
    assert explore.story.copy_button.toolTip() == "Copy the path"
    QGuiApplication.clipboard().setText("")
    click(explore.story.copy_button)
    assert copied() == "/dir/again"
    until(lambda: explore.story.copy_button.property("glyph") == "copy")


def test_with_nothing_chosen_the_directory_is_spoken_of_and_copied(window: Window, explore: Explore) -> None:
    explore.go_to("/dir")
    explore.stage.setFocus()
    assert explore.story.title.text() == "/dir" and not explore.story.enter_button.isVisible()
    press(window, Key.Key_C, modifiers=CONTROL)
    assert copied() == "/dir"


def test_a_layer_that_is_chosen_in_the_list_is_copied_as_its_diff_id(window: Window, explore: Explore) -> None:
    explore.layers.list.setFocus()
    press(window, Key.Key_Down)
    press(window, Key.Key_C, modifiers=CONTROL)
    assert explore.image is not None and explore.layer
    assert copied() == diff_id(explore.image.stack[explore.layer - 1])
    assert explore.story.copy_button.toolTip() == "Copy the DiffID"


def test_the_right_button_chooses_what_it_is_on_and_offers_what_can_be_done(window: Window, explore: Explore) -> None:
    explore.go_to("/dir")
    explore.stage.complete()
    right_click(explore.stage, centre_of(explore.stage, tile(explore, "small[1]:/dir/again")))
    assert (explore.path, explore.version) == ("/dir/again", 1)
    assert list(menu_of(explore)) == ["View text", "Compare both", "Copy the path\tCtrl+C"]
    rows = explore.layers.list
    place = rows.visualRect(explore.layers.model.index(1)).center()
    right_click(rows.viewport(), place)
    assert explore.layer == 1 and not explore.path
    assert list(menu_of(explore)) == ["What it changes", "Copy the DiffID\tCtrl+C"]


def test_what_a_layer_changes_is_listed_and_leads_to_its_versions_by_keyboard_alone(
    window: Window, explore: Explore
) -> None:
    explore.layers.list.setFocus()
    press(window, Key.Key_Home, Key.Key_Down, Key.Key_Up)
    assert explore.layer == 2
    press(window, Key.Key_Return)
    sheet = sheet_of(window)
    assert sheet.title.text() == "What layer 2 changes"
    kinds = [(change.kind, change.path) for change in sheet.changes.model.rows]
    assert kinds == [("C", "/dir/again"), ("D", "/dir/gone"), ("A", "/dir/sub"), ("A", "/dir/sub/new")]
    assert sheet.changes.filter.button("added").text() == "Added 2"
    click(sheet.changes.filter.button("changed"))
    assert [change.path for change in sheet.changes.model.rows] == ["/dir/again"]
    sheet.changes.list.setFocus()
    press(sheet, Key.Key_Down, Key.Key_Return)
    until(lambda: not sheet.isVisible())
    assert (explore.path, explore.version, explore.directory) == ("/dir/again", 2, "/dir")


def test_the_list_of_layers_says_how_many_files_each_adds_changes_and_removes(explore: Explore) -> None:
    model = explore.layers.model
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert "files: 1 added, 1 changed, 1 removed" in said


def test_arrows_go_on_from_what_was_found(window: Window, explore: Explore) -> None:
    press(window, Key.Key_F, modifiers=CONTROL)
    press(window, "again", Key.Key_Return)
    assert explore.path == "/dir/again" and explore.stage.hasFocus()
    explore.stage.complete()
    press(window, Key.Key_Down)
    assert explore.stage.pointed_address == "small[2]:/dir/again"
    explore.go_to("/")
    assert explore.stage.pointed_address == ""


def test_an_image_is_not_offered_to_be_compared_with_itself(explore: Explore) -> None:
    for name, offered in (("compare", False), ("", True)):
        menu = explore.act_buttons[name].menu() if name else explore.open_button.menu()
        menu.aboutToShow.emit()
        assert any("small.tar" in action.text() for action in menu.actions()) is offered


def test_one_image_alone_is_not_said_to_share_nothing_with_others(window: Window, explore: Explore) -> None:
    sheet = explore.sheets.show_shared()
    assert sheet is not None
    until(lambda: sheet.rows)
    assert sheet.summary.text() == "There is one image here. Add others to see what they share."
    assert "shares" not in sheet.rows[0].accessibleName()
    sheet.close()
    QTest.qWait(1)


def test_at_the_top_the_image_itself_is_spoken_of_and_its_id_copied(window: Window, explore: Explore) -> None:
    story = explore.story.story
    assert explore.image is not None and story is not None
    assert (story.title, story.what) == ("small:latest", "linux/amd64, made on 2021-02-01")
    assert [line.head for line in story.lines][:2] == ["Starts sh", "Environment: PATH=/bin"]
    press(window, Key.Key_C, modifiers=CONTROL)
    assert copied() == image_id(explore.image.image)
    window.look.choose_lang("zh_CN")
    assert explore.story.story is not None and explore.story.story.lines[0].head == "启动 sh"
    assert explore.story.copy_button.toolTip() == "复制镜像 ID"
