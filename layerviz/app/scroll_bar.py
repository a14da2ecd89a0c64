"""A scroll bar that paints itself, for what is seen before the style is there; the style paints all others alike."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from layerviz.app.look import Look
from layerviz.app.strokes import painting
from layerviz.app.tokens import Tokens, tint

EXTENT, LEAST_THUMB = 12, 32


def thumb(length: int, minimum: int, maximum: int, page: int, value: int) -> tuple[int, int]:
    """Where the thumb begins, and how long it is, on a bar of `length` px."""
    span = maximum - minimum
    long = length if span <= 0 else max(LEAST_THUMB, length * page // (span + page))
    return (0 if span <= 0 else round((length - long) * (value - minimum) / span)), long


def draw_thumb(p: QPainter, tokens: Tokens, where: QRect, upright: bool, hover: bool) -> None:
    r = QRectF(where)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(tint(tokens.ink, 120 if hover else 70))
    if upright:
        r.adjust(3, 0, -3, 0)
    else:
        r.adjust(0, 3, 0, -3)
    p.drawRoundedRect(r, 3, 3)


class ScrollBar(QScrollBar):
    """An upright one in the margin of a page, which has the same width whether it has to scroll or not. It does what
    the area's own bar does, which is hidden."""

    def __init__(self, look: Look, page: QWidget, hidden: QScrollBar) -> None:
        super().__init__(Qt.Orientation.Vertical, page)
        self._look, self._hidden = look, hidden
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.hide()
        hidden.rangeChanged.connect(self._follow)
        hidden.valueChanged.connect(self.setValue)
        self.valueChanged.connect(hidden.setValue)
        look.restyled.connect(self.update)

    def _follow(self, first: int, last: int) -> None:
        self.setPageStep(self._hidden.pageStep())
        self.setSingleStep(self._hidden.singleStep())
        self.setRange(first, last)
        self.setVisible(last > first)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        start, long = thumb(self.height(), self.minimum(), self.maximum(), self.pageStep(), self.sliderPosition())
        with painting(self) as p:
            draw_thumb(p, self._look.tokens, QRect(0, start, self.width(), long), True, self.underMouse())
