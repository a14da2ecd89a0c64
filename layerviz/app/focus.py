"""The focus ring: after keyboard use only, round text fields always. A widget cannot paint outside itself, so a frame
follows it."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QFocusFrame, QLineEdit, QPushButton, QSlider, QWidget


class FocusRing(QObject):
    """Puts a frame round whatever has the keyboard, in one window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._frame = QFocusFrame(window)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._changed)
        self._watched: QWidget | None = None
        self._changed(None, application.focusWidget())

    def _changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._watched is not None:
            self._watched = None
            self._frame.setWidget(None)  # type: ignore[arg-type] # Qt takes none, the stub does not
            self._frame.hide()
        if new is None or new.window() is not self._frame.window() or not _rings(new):
            return
        by_key = new.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if by_key or isinstance(new, QLineEdit):
            self._watched = new
            self._frame.setWidget(new)


def _rings(widget: QWidget) -> bool:
    if isinstance(widget, QLineEdit) and widget.property("kind") == "bare":
        return False
    return isinstance(widget, QPushButton | QComboBox | QSlider | QLineEdit) or bool(widget.property("rings"))
