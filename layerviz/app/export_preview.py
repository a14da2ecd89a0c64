"""What the export dialog shows of the pictures to come, and the shade over the window behind it."""

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from layerviz.app.look import Look
from layerviz.app.strokes import box, painting
from layerviz.export.request import ExportRequest
from layerviz.export.run import frame_of, theme_of
from layerviz.export.stories import Story
from layerviz.picture.paint import Sprites, paint


class Shade(QWidget):
    """Dims the window while a dialog is open."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setGeometry(window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            p.fillRect(self.rect(), QColor(2, 5, 15, 165))


class Preview(QWidget):
    """The picture as it will be, small."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._request: ExportRequest | None = None
        self._story: Story | None = None
        self._number = 1
        self._sprites = Sprites()
        self.setMinimumSize(320, 180)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def tell(self, story: Story, number: int, request: ExportRequest) -> None:
        self._story, self._number, self._request = story, number, request
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        story, request = self._story, self._request
        if story is None or request is None:
            return
        small = replace(request, width=max(round(900 * request.width / request.height), 64), height=900)
        frame = frame_of(story, self._number, request.languages[0], small)
        room = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        scale = min(room.width() / (frame.width * frame.scale), room.height() / (frame.height * frame.scale))
        wide, high = frame.width * frame.scale * scale, frame.height * frame.scale * scale
        left, top = (self.width() - wide) / 2, (self.height() - high) / 2
        with painting(self) as p:
            p.save()
            p.setClipRect(QRectF(left, top, wide, high))
            if request.transparent:
                _checks(p, QRectF(left, top, wide, high))
            p.translate(left, top)
            ratio = self.devicePixelRatioF()
            paint(
                replace(frame, scale=frame.scale * scale),
                theme_of(request),
                p,
                self._sprites,
                ratio,
                ground=not request.transparent,
            )
            p.restore()
            box(p, self._look.tokens, QRectF(left, top, wide, high), None, 0)


def _checks(p: QPainter, r: QRectF) -> None:
    """Squares, as for what is transparent."""
    p.fillRect(r, QColor("#8a8f9c"))
    for y in range(int(r.height() // 10) + 1):
        for x in range(y % 2, int(r.width() // 10) + 1, 2):
            p.fillRect(QRectF(r.left() + x * 10, r.top() + y * 10, 10, 10), QColor("#a4a9b5"))
