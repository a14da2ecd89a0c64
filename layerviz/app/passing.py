"""A remark at the foot of the window that goes by itself: what was saved or copied."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from layerviz.app.empty_stage import Tip
from layerviz.app.look import Look
from layerviz.app.tokens import BODY, font

STAYS_MS = 4000
FOOT_PX = 96


class Passing(Tip):
    """Over everything in `window`, for four seconds."""

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(look, window)
        self._window = window
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAYS_MS)
        self._timer.timeout.connect(lambda: self.tell(""))

    def remark(self, text: str) -> None:
        """Says `text`, cut in the middle where the window is too narrow."""
        wide = self._window.width()
        cut = QFontMetricsF(font(BODY, 600)).elidedText(text, Qt.TextElideMode.ElideMiddle, wide - 96)
        self.setGeometry(0, self._window.height() - FOOT_PX, wide, 32)
        self.tell(cut)
        self._timer.start()
