"""A button that copies a text, and says that it did."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication

from layerviz.app.look import Look
from layerviz.app.parts import Button

SAID_MS = 1400


class CopyButton(Button):
    """Copies what `text` gives: for a moment it is a check."""

    def __init__(self, look: Look, text: Callable[[], str]) -> None:
        super().__init__(look, kind="quiet", glyph="copy", tip="common.copy")
        self._text_of = text
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(SAID_MS)
        self._said.timeout.connect(lambda: self._show("copy"))
        self.setFixedSize(24, 24)
        self.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text_of())
        self._show("check")
        self._said.start()

    def _show(self, glyph: str) -> None:
        self.setProperty("glyph", glyph)
        self.update()
