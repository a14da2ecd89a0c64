"""What lies over the window speaks the language, and has the colours, that are chosen while it is open."""

from pathlib import Path

from PySide6.QtWidgets import QLabel

from layerviz.app.explore_image import opened as standing
from layerviz.app.explore_reference import ReferenceSheet
from layerviz.app.sheet import Sheet
from layerviz.app.window import Window
from layerviz.images.opening import images_of
from tests.app.hands import settle
from tests.app.images import opened, small, two_images, until


def chinese(window: Window, sheet: Sheet) -> str:
    """All that the sheet says once Chinese is chosen, on a light ground."""
    window.look.choose_lang("zh_CN")
    dark = sheet.grab().toImage()
    window.look.choose_theme("light")
    until(lambda: sheet.grab().toImage() != dark)
    labels = [one.text() for one in sheet.findChildren(QLabel) if one.isVisibleTo(sheet)]
    return "\n".join((sheet.windowTitle(), sheet.title.text(), *labels))


def test_two_images_against_each_other(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    file = str(two_images(tmp_path))
    one, *others = images_of(file)
    sheet = explore.sheets.compare_with(standing(file, others[0], (one, *others)))
    assert sheet is not None
    until(lambda: sheet.comparison is not None)
    said = chinese(window, sheet)
    until(lambda: "共用" in sheet.summary.text())
    assert "small:latest" in said and "against" not in sheet.title.text()
    added = sheet.changes.filter.button("added").text()
    assert added.startswith("新增") and added[-1].isdigit()
    sheet.close()


def test_my_images_keep_what_is_checked(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    sheet = explore.sheets.show_shared()
    assert sheet is not None
    until(lambda: sheet.rows)
    sheet.rows[0].setChecked(True)
    chinese(window, sheet)
    until(lambda: sheet.windowTitle() == "我的镜像")
    assert sheet.rows[0].isChecked() and "frees" not in sheet.freed.text() + sheet.rows[0].accessibleName()
    sheet.close()


def test_a_text_and_what_differs(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    explore.show_path("/dir/again")
    settle(explore.stage)
    sheet = explore.sheets.view_text(explore.path, compares=True)
    assert sheet is not None
    until(lambda: "added" in sheet.summary.text())
    chinese(window, sheet)
    until(lambda: sheet.summary.text().startswith("行"))
    assert sheet.first.itemText(0) == "第 1 层"
    sheet.close()


def test_a_reference_is_asked_for(window: Window, tmp_path: Path) -> None:
    sheet = ReferenceSheet(window, window.look)
    sheet.open()
    chinese(window, sheet)
    until(lambda: sheet.windowTitle() == "用引用打开镜像")
    assert "来自镜像仓库" in [one.text() for one in sheet.findChildren(QLabel)]
    sheet.close()


def test_what_was_written_and_what_was_found(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    sheet = explore.sheets.save("docker-archive", tmp_path / "out.tar")
    assert sheet is not None
    until(lambda: sheet.line.text().startswith("Saved"))
    chinese(window, sheet)
    until(lambda: sheet.line.text().startswith("已保存"))
    sheet.close()
    window.look.choose_lang("en")
    explore.search.look_for("*.nothing")
    assert explore.search.found.note.text().startswith("No name")
    window.look.choose_lang("zh_CN")
    until(lambda: "*.nothing" in explore.search.found.note.text() and "No name" not in explore.search.found.note.text())
