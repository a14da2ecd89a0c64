"""The caption under the stage: one sentence, and a smaller line where there is room for it."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from layerviz.app.look import Look
from layerviz.app.strokes import box, lines, painting
from layerviz.app.tokens import BODY, CAPTION, font
from layerviz.picture.shapes import Hue


class Caption(QWidget):
    """Two lines of the sentence and no small one, or one line and the small one; `hue` colours the bar at its left."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._text, self._small, self._hue = "", "", 1
        self._px, self._high = CAPTION, 80
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.restyled.connect(self.update)

    def say(self, text: str, small: str, hue: Hue) -> None:
        self._text, self._small, self._hue = text, small, hue  # type: ignore[assignment] # narrowed by the first value
        self.setAccessibleName(" ".join(part for part in (text, small) if part))
        self.updateGeometry()
        self.update()

    def stand(self, text_px: int, high: int) -> None:
        """Another size of the sentence, and how high all of it is: less in a small window."""
        self._px, self._high = text_px, high
        self.updateGeometry()

    @property
    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        return QSize(400, self._high)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        with painting(self) as p:
            box(p, t, r, t.card, 12)
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(t.hue(self._hue))
            p.drawRoundedRect(QRectF(16, 18, 5, r.height() - 36), 2.5, 2.5)
            room, face = r.width() - 56, font(self._px, 600)
            broken = lines(self._text, face, room, 2)
            metrics = QFontMetricsF(face)
            leading = round(self._px * 1.35)
            if len(broken) > 1 or not self._small:
                y = (r.height() - leading * (len(broken) - 1)) / 2 + metrics.capHeight() / 2
                small = ""
            else:
                y, small = r.height() / 2 - 5, self._small
            p.setFont(face)
            p.setPen(t.ink)
            for line in broken:
                p.drawText(38, round(y), line)
                y += leading
            if small:
                p.setFont(font(BODY))
                p.setPen(t.dim)
                p.drawText(
                    38,
                    round(r.height() / 2 + 20),
                    QFontMetricsF(font(BODY)).elidedText(small, Qt.TextElideMode.ElideRight, room),
                )
