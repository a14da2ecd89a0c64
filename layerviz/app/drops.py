"""Files that are carried over the window: says what letting go would do, and tells which one was let go."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from layerviz.app.look import Look
from layerviz.app.strokes import painting, pill, width_of
from layerviz.app.tokens import BODY, font, tint

INSET_PX = 10


class Drops(QWidget):
    """A dashed line along the edge of `window` and a sentence, as long as a file is over it. `dropped` carries the file
    (`Path`)."""

    dropped = Signal(object)

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look, self._window = look, window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def enter(self, event: QDragEnterEvent, text: str) -> bool:
        """Whether what comes over the window is a file. `text` says what letting it go does; "" where the page says it
        already."""
        if not event.mimeData().hasUrls():
            return False
        event.acceptProposedAction()
        self.setAccessibleName(text)
        self.setGeometry(self._window.rect())
        self.setVisible(bool(text))
        self.raise_()
        return True

    def let_go(self, event: QDropEvent) -> None:
        """A file was let go over the window."""
        self.hide()
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.dropped.emit(files[0])

    def paintEvent(self, event: QPaintEvent) -> None:
        t, text = self._look.tokens, self.accessibleName()
        r = QRectF(self.rect()).adjusted(INSET_PX, INSET_PX, -INSET_PX, -INSET_PX)
        with painting(self) as p:
            pen = QPen(t.accent, 2)
            pen.setDashPattern([5, 4])
            p.setPen(pen)
            p.setBrush(tint(t.accent, 24))
            p.drawRoundedRect(r, 14, 14)
            room = r.width() - width_of(text, font(BODY, 600))
            if room > 0:
                pill(p, t, r.center().x(), r.bottom() - 28, text, t.ink, t.accent)
