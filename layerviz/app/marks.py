"""Icons of the window's own controls, drawn as strokes in a square of 14; Inter has neither arrows nor checks."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

LINES: dict[str, tuple[tuple[float, ...], ...]] = {
    "plus": ((7, 2, 7, 12), (2, 7, 12, 7)),
    "minus": ((2, 7, 12, 7),),
    "more": ((3, 5.5, 7, 9.5), (7, 9.5, 11, 5.5)),
    "less": ((3, 9, 7, 5), (7, 5, 11, 9)),
    "back": ((9, 2.5, 4.5, 7), (4.5, 7, 9, 11.5)),
    "into": ((5, 2.5, 9.5, 7), (9.5, 7, 5, 11.5)),
    "pause": ((4.5, 3, 4.5, 11), (9.5, 3, 9.5, 11)),
    "list": ((2, 3.5, 12, 3.5), (2, 7, 12, 7), (2, 10.5, 12, 10.5)),
    "check": ((1.5, 7.5, 5.5, 11.5), (5.5, 11.5, 12.5, 3)),
    "cross": ((3, 3, 11, 11), (11, 3, 3, 11)),
    "right": ((2, 7, 12, 7), (8.2, 3.2, 12, 7), (12, 7, 8.2, 10.8)),
    "up": ((7, 12, 7, 2), (3.2, 5.8, 7, 2), (7, 2, 10.8, 5.8)),
    "sliders": (
        (1.5, 3.5, 12.5, 3.5),
        (1.5, 7, 12.5, 7),
        (1.5, 10.5, 12.5, 10.5),
        (9, 2.2, 9, 4.8),
        (4.5, 5.7, 4.5, 8.3),
        (8, 9.2, 8, 11.8),
    ),
    "enter": ((12, 3, 12, 8), (12, 8, 3, 8), (3, 8, 6, 5), (3, 8, 6, 11)),
}


def icon(
    painter: QPainter, name: str, x: float, y: float, colour: QColor, size: float = 14, width: float = 1.6
) -> None:
    """Draws `name` inside the square at (x, y). An unknown name is a KeyError."""
    painter.save()
    painter.translate(x, y)
    painter.scale(size / 14, size / 14)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if name in LINES:
        for x0, y0, x1, y1 in LINES[name]:
            painter.drawLine(QPointF(x0, y0), QPointF(x1, y1))
    else:
        _DRAWN[name](painter, colour)
    painter.restore()


def _search(p: QPainter, colour: QColor) -> None:
    p.drawEllipse(QPointF(6, 6), 4, 4)
    p.drawLine(QPointF(9, 9), QPointF(12.5, 12.5))


def _file(p: QPainter, colour: QColor) -> None:
    corners = ((8, 1.5), (3, 1.5), (3, 12.5), (11, 12.5), (11, 4.5), (8, 1.5), (8, 4.5), (11, 4.5))
    p.drawPolyline([QPointF(x, y) for x, y in corners])


def _copy(p: QPainter, colour: QColor) -> None:
    p.drawRoundedRect(QRectF(1.5, 1.5, 8, 8), 1.5, 1.5)
    p.drawRoundedRect(QRectF(4.5, 4.5, 8, 8), 1.5, 1.5)


def _undo(p: QPainter, colour: QColor) -> None:
    p.drawArc(QRectF(2.5, 4.5, 9, 7.5), -90 * 16, 180 * 16)
    p.drawPolyline([QPointF(7, 4.5), QPointF(2, 4.5), QPointF(4.6, 1.9)])
    p.drawLine(QPointF(2, 4.5), QPointF(4.6, 7.1))


def _redo(p: QPainter, colour: QColor) -> None:
    p.translate(14, 0)
    p.scale(-1, 1)
    _undo(p, colour)


def _replay(p: QPainter, colour: QColor) -> None:
    p.drawArc(QRectF(2, 2, 10, 10), 60 * 16, 290 * 16)
    p.drawPolyline([QPointF(12, 1.2), QPointF(12, 4.6), QPointF(8.6, 4.6)])


def _play(p: QPainter, colour: QColor) -> None:
    path = QPainterPath(QPointF(4, 2.5))
    path.lineTo(11.5, 7)
    path.lineTo(4, 11.5)
    path.closeSubpath()
    p.setBrush(colour)
    p.drawPath(path)


def _wait(p: QPainter, colour: QColor) -> None:
    p.drawEllipse(QPointF(7, 7), 6, 6)
    p.drawPolyline([QPointF(7, 3.5), QPointF(7, 7.2), QPointF(9.6, 8.6)])


def _dir(p: QPainter, colour: QColor) -> None:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    path.addRoundedRect(QRectF(0, 5, 14, 7.5), 1.4, 1.4)
    path.addRoundedRect(QRectF(0, 2, 6.2, 4), 1.4, 1.4)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(colour)
    p.drawPath(path)


def _hidden(p: QPainter, colour: QColor) -> None:
    path = QPainterPath(QPointF(1, 7))
    path.quadTo(7, 0.6, 13, 7)
    path.quadTo(7, 13.4, 1, 7)
    p.drawPath(path)
    p.drawEllipse(QPointF(7, 7), 1.7, 1.7)
    p.drawLine(QPointF(2.2, 12), QPointF(11.8, 2))


def _lock(p: QPainter, colour: QColor) -> None:
    path = QPainterPath(QPointF(4, 7))
    path.lineTo(4, 4.5)
    path.arcTo(QRectF(4, 1.5, 6, 6), 180, -180)
    path.lineTo(10, 7)
    p.drawPath(path)
    p.setBrush(colour)
    p.drawRoundedRect(QRectF(2.5, 6.8, 9, 6), 1.2, 1.2)


def _link(p: QPainter, colour: QColor) -> None:
    path = QPainterPath(QPointF(2, 2))
    path.lineTo(2, 7.5)
    path.quadTo(2, 9, 3.5, 9)
    path.lineTo(12, 9)
    path.moveTo(8.6, 5.4)
    path.lineTo(12.2, 9)
    path.lineTo(8.6, 12.6)
    p.drawPath(path)


def _text(p: QPainter, colour: QColor) -> None:
    p.drawRoundedRect(QRectF(1.5, 1.5, 11, 11), 2, 2)
    for y in (5, 7.4, 9.8):
        p.drawLine(QPointF(4, y), QPointF(10 if y < 9 else 8, y))


_DRAWN: dict[str, Callable[[QPainter, QColor], None]] = {
    "search": _search,
    "file": _file,
    "copy": _copy,
    "undo": _undo,
    "redo": _redo,
    "replay": _replay,
    "play": _play,
    "wait": _wait,
    "dir": _dir,
    "hidden": _hidden,
    "lock": _lock,
    "link": _link,
    "text": _text,
}
NAMES = frozenset(LINES) | frozenset(_DRAWN)
