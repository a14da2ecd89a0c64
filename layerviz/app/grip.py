"""A grip between two panes: 8 px to take, nothing to see but the panes' own rule."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget


class Grip(QWidget):
    """`dragged` carries the pointer's x in the parent."""

    dragged = Signal(int)
    released = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(round(self.mapToParent(event.position()).x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.released.emit()
