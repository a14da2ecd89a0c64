"""What Explore opens over the window or elsewhere: texts, what differs, two images, Build, export."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from layerviz.app.explore_shared import SharedSheet
from layerviz.app.export_dialog import open_export
from layerviz.app.image_ways import save_lesson
from layerviz.app.window import Window
from layerviz.engine.digests import image_id
from layerviz.images.opening import images_of
from layerviz.images.reference import Form, InFile
from layerviz.images.saving import save_image
from tests.app.hands import Key, click, press, settle
from tests.app.images import opened, small, two_images, until


def test_the_text_of_a_version_and_what_differs_between_two(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    explore.show_path("/dir/again")
    viewer = explore.sheets.view_text(explore.path, compares=False)
    assert viewer is not None
    until(lambda: viewer.well.view.toPlainText())
    assert viewer.well.view.toPlainText() == "one\n2\nthree\n"
    assert viewer.summary.text() == "12 B, 4 lines"
    click(viewer.diff_button)
    until(lambda: "added" in viewer.summary.text())
    assert viewer.well.view.toPlainText().split("\n")[1:] == ["  one", "- two", "+ 2", "  three", "  "]
    assert viewer.summary.text().startswith("Lines: 1 added, 1 gone.")
    viewer.close()


def test_a_binary_is_said_to_be_one(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    explore.show_path("/dir/keep")
    assert explore.story.view_button.isVisible() and not explore.story.compare_button.isVisible()
    viewer = explore.sheets.view_text(explore.path, compares=False)
    assert viewer is not None
    until(lambda: viewer.summary.text().startswith("Binary, 8 B."))
    assert viewer.well.view.toPlainText().startswith("00000000  00 01 62 69 6e")
    viewer.close()


def test_a_file_that_is_gone_since_it_was_opened_is_said(window: Window, tmp_path: Path) -> None:
    file = small(tmp_path)
    explore = opened(window, file)
    explore.show_path("/dir/again")
    file.unlink()
    viewer = explore.sheets.view_text(explore.path, compares=False)
    assert viewer is not None
    until(lambda: "small.tar" in viewer.summary.text())
    viewer.close()


def test_two_images_of_an_archive_are_held_against_each_other(window: Window, tmp_path: Path) -> None:
    window.open_image(str(two_images(tmp_path)))
    explore = window.explore
    until(explore.opening.chooser.isVisible)
    click(explore.opening.chooser.choices[0])
    until(lambda: explore.image is not None)
    assert explore.image is not None
    menu = explore.act_buttons["compare"].menu()
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "two:latest"
    sheets: list[object] = []
    explore.doors.compared.connect(sheets.append)
    menu.actions()[0].trigger()
    assert sheets
    from layerviz.app.explore_compare import CompareSheet

    (sheet,) = explore.window().findChildren(CompareSheet)
    until(lambda: sheet.comparison is not None)
    assert sheet.comparison is not None and sheet.comparison.shared == 1
    kinds = {change.path: change.kind for change in sheet.comparison.changes}
    assert kinds == {
        "/dir/again": "C",
        "/dir/gone": "A",
        "/dir/other": "A",
        "/dir/sub": "D",
        "/dir/sub/new": "D",
    }
    assert sheet.summary.text() == "1 layer is shared (122 B); above it 1 layer against 1 layer."
    changes = sheet.changes
    click(changes.filter.button("added"))
    assert [change.path for change in changes.model.rows] == ["/dir/gone", "/dir/other"]
    changes.list.setCurrentIndex(changes.model.index(1))
    changes.list.clicked.emit(changes.model.index(1))
    QTest.qWait(10)
    assert sheet.stage.picture is not None and sheet.stage.picture.place.column == "/dir/other"
    sheet.close()


def test_an_image_goes_on_in_build_under_its_name_and_a_container_of_it_can_be_changed(
    window: Window, tmp_path: Path
) -> None:
    explore = opened(window, small(tmp_path))
    click(explore.act_buttons["to_build"])
    build = window.build
    assert window.pages.currentWidget() is build
    settle(build.stage)
    assert build.session.place.show == ("small",)
    assert "Loaded image: small:latest" in build.terminal.view.toPlainText()
    build.type("docker create --name c1 small x")
    settle(build.stage)
    assert [one.name for one in build.world.containers] == ["c1"]


def test_what_stands_on_the_stage_is_exported(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    explore.go_to("/dir")
    dialog = open_export(window, window.look, explore)
    assert dialog is not None
    assert dialog.command.startswith(f"layerviz export {tmp_path / 'small.tar'} /dir ")
    picture = tmp_path / "picture.png"
    dialog.save_to(picture)
    until(picture.exists)


def test_my_images_say_what_they_share_and_what_removing_some_frees(window: Window, tmp_path: Path) -> None:
    window.open_image(str(two_images(tmp_path)))
    explore = window.explore
    until(explore.opening.chooser.isVisible)
    click(explore.opening.chooser.choices[1])
    until(lambda: explore.image is not None)
    sheet = explore.sheets.show_shared()
    assert sheet is not None
    until(lambda: sheet.rows)
    assert [one.accessibleName() for one in sheet.rows] == [
        "one, shares 122 B with two, removing it alone frees 16 B",
        "two, shares 122 B with one, removing it alone frees 6 B",
    ]
    until(lambda: sheet.focusWidget() is sheet.rows[0])
    press(sheet, Key.Key_Space)
    assert sheet.freed.text() == "Removing it frees 16 B in 1 layer."
    press(sheet, Key.Key_Tab, Key.Key_Space)
    assert sheet.freed.text() == "Removing these 2 frees 144 B in 3 layers."
    sheet.close()


def test_images_of_another_place_are_put_beside_them(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    sheet = explore.sheets.show_shared()
    assert sheet is not None
    until(lambda: sheet.rows)
    sheet.close()
    explore.doors.add(str(two_images(tmp_path)))
    found: list[SharedSheet] = []

    def stands() -> bool:
        found[:] = [one for one in window.findChildren(SharedSheet) if len(one.rows) == 3]
        return bool(found)

    until(stands)
    assert "small, shares 138 B with one and 122 B with two" in found[0].rows[0].accessibleName()
    found[0].close()


def test_a_lesson_is_made_of_an_image_and_opens(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    assert explore.image is not None
    file = tmp_path / "walk.yaml"
    save_lesson(window, explore.image, file)
    until(lambda: window.pages.currentWidget() is not explore)
    assert file.exists()
    assert window.pages.currentWidget() is window.player
    walk = window.player.walk
    assert walk is not None and walk.lesson.id == "small"


def test_a_build_with_an_image_of_explore_comes_back_after_a_restart(
    open_window: Callable[[], Window], tmp_path: Path
) -> None:
    first = open_window()
    explore = opened(first, small(tmp_path))
    click(explore.act_buttons["to_build"])
    first.build.type("docker create --name c1 small x")
    first.close()
    again = open_window()
    again.show_page("build")
    assert [one.name for one in again.build.world.containers] == ["c1"]


def test_a_layout_goes_on_in_build_and_comes_back_too(open_window: Callable[[], Window], tmp_path: Path) -> None:
    folder = tmp_path / "layout"
    (brought,) = images_of(str(small(tmp_path)))
    save_image(brought, InFile("oci", str(folder), "small"))
    first = open_window()
    explore = opened(first, folder)
    click(explore.act_buttons["to_build"])
    assert len(first.build.world.images) == 1
    first.close()
    again = open_window()
    again.show_page("build")
    assert len(again.build.world.images) == 1


@pytest.mark.parametrize("form", ["docker-archive", "oci", "oci-archive"])
def test_an_image_is_written_in_every_form_with_the_id_that_it_had(window: Window, tmp_path: Path, form: Form) -> None:
    explore = opened(window, small(tmp_path))
    assert explore.image is not None
    target = tmp_path / "written"
    sheet = explore.sheets.save(form, target)
    assert sheet is not None
    until(lambda: sheet.line.text() == f"Saved: {target}")
    (again,) = images_of(str(target))
    assert image_id(again.image) == image_id(explore.image.image)
    assert sheet.command.startswith(f"layerviz save {tmp_path / 'small.tar'} {form}:{target}")
    sheet.close()


def test_a_place_that_cannot_be_written_is_said(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    sheet = explore.sheets.save("docker-archive", tmp_path / "no folder" / "written.tar")
    assert sheet is not None
    until(lambda: "written.tar" in sheet.line.text())
    assert not (tmp_path / "no folder").exists()
    sheet.close()
