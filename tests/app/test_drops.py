"""Files carried over the window: what letting go would do is said before, on every page."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from layerviz.app.first_start import FirstStart
from layerviz.app.window import Window
from tests.app.images import small, until

PLACE = QPoint(400, 300)


def of_file(file: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    return data


def enter(window: Window, data: QMimeData) -> bool:
    """Carries `data` over the window; whether the window takes such a thing."""
    held = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event = QDragEnterEvent(PLACE, Qt.DropAction.CopyAction, *held)
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def test_an_image_dropped_on_the_very_first_page_is_opened_and_the_page_said_so(window: Window, tmp_path: Path) -> None:
    assert isinstance(window.pages.currentWidget(), FirstStart)
    data = of_file(small(tmp_path))
    assert enter(window, data)
    assert window.drops.isVisible() and window.drops.accessibleName() == "Let go to look inside it"
    held = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDropEvent(QPointF(PLACE), Qt.DropAction.CopyAction, *held))
    assert not window.drops.isVisible()
    until(lambda: window.explore.image is not None)
    assert window.pages.currentWidget() is window.explore


def test_in_build_a_file_is_loaded_and_the_dashes_go_when_it_is_carried_away(window: Window, tmp_path: Path) -> None:
    window.show_page("build")
    assert enter(window, of_file(tmp_path / "a.tar"))
    assert window.drops.accessibleName() == "Let go to load it"
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.drops.isVisible()


def test_text_is_not_taken_for_a_file(window: Window) -> None:
    data = QMimeData()
    data.setText("docker pull alpine")
    assert not enter(window, data) and not window.drops.isVisible()


def test_where_the_page_has_a_place_for_files_only_that_lights_up(window: Window, tmp_path: Path) -> None:
    window.show_page("explore")
    place = window.explore.opening.welcome.place
    dark = place.grab().toImage()
    assert enter(window, of_file(tmp_path / "a.tar"))
    assert not window.drops.isVisible() and place.grab().toImage() != dark
