"""What hand-painted parts of the window are made of: boxes, rules, lines of text, tags, key caps, bars, the sign."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPaintDevice, QPainter, QPainterPath, QPen

from layerviz.app.tokens import BODY, NOTE, Tokens, font, mix

Align = Literal["left", "centre", "right"]


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter that ends whatever happens: one left open takes the whole window down with it."""
    painter = QPainter(device)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        yield painter
    finally:
        painter.end()


def box(
    p: QPainter,
    tokens: Tokens,
    r: QRectF,
    fill: QColor | None,
    radius: float = 10,
    line: QColor | None = None,
    width: float = 1,
) -> None:
    """A rounded box with a line just inside its edge (`line` None: the pane's own; transparent for none)."""
    weight = width * (1.7 if tokens.is_flat else 1)
    colour = tokens.line if line is None else line
    p.setPen(QPen(colour, weight) if colour.alpha() else Qt.PenStyle.NoPen)
    p.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    half = weight / 2 if colour.alpha() else 0
    p.drawRoundedRect(r.adjusted(half, half, -half, -half), radius, radius)


def rule(p: QPainter, tokens: Tokens, x0: float, y0: float, x1: float, y1: float) -> None:
    p.setPen(QPen(tokens.line, 1))
    p.drawLine(QPointF(x0 + 0.5, y0 + 0.5), QPointF(x1 + 0.5, y1 + 0.5))


def width_of(text: str, face: QFont) -> float:
    return QFontMetricsF(face).horizontalAdvance(text)


def say(
    p: QPainter,
    x: float,
    y: float,
    text: str,
    colour: QColor,
    px: int = BODY,
    weight: int = 400,
    align: Align = "left",
    mono: bool = False,
    room: float | None = None,
) -> float:
    """One line on its baseline; cut in the middle where it does not fit into `room`. Returns its width."""
    face = font(px, weight, mono)
    if room is not None:
        text = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideMiddle, max(room, 0))
    wide = width_of(text, face)
    p.setFont(face)
    p.setPen(colour)
    p.drawText(QPointF(x - {"left": 0, "centre": wide / 2, "right": wide}[align], y), text)
    return wide


def lines(text: str, face: QFont, room: float, most: int) -> tuple[str, ...]:
    """`text` broken at words (Chinese: between signs, not before a comma) into `most` lines, the last one cut."""
    metrics, rest = QFontMetricsF(face), text.strip()
    made: list[str] = []
    while rest:
        if len(made) == most - 1 or metrics.horizontalAdvance(rest) <= room:
            made.append(metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room))
            break
        end = len(rest)
        while end > 1 and metrics.horizontalAdvance(rest[:end].rstrip()) > room:
            end -= 1
        at = _break(rest, end)
        made.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return tuple(made)


def _break(text: str, end: int) -> int:
    for at in range(end, 0, -1):
        before, after = text[at - 1], text[at : at + 1]
        if before == " " or (ord(before) > 0x2E7F and after not in "，。：；、？！”）"):
            return at
        if after and ord(after) > 0x2FFF and after not in "，。：；、？！”）":
            return at
    return end


def number_tag(p: QPainter, tokens: Tokens, x: float, y: float, number: str, hue: QColor, size: float = 20) -> float:
    """A layer's number on its hue, its middle at `y`; returns its width."""
    face = font(NOTE, 700)
    wide = max(size, width_of(number, face) + 10)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(hue)
    p.drawRoundedRect(QRectF(x, y - size / 2, wide, size), 5, 5)
    say(p, x + wide / 2, y + 4.7, number, tokens.on_tile, NOTE, 700, "centre")
    return wide


def key_cap(p: QPainter, tokens: Tokens, x: float, y: float, label: str) -> float:
    """A key; `y` is the baseline beside it. Returns its width."""
    wide = max(24.0, width_of(label, font(NOTE, 500)) + 14)
    box(p, tokens, QRectF(x, y - 17, wide, 24), tokens.card, 6, mix(tokens.line, tokens.ink, 0.2))
    say(p, x + wide / 2, y, label, tokens.ink, NOTE, 500, "centre")
    return wide


def bar(p: QPainter, tokens: Tokens, r: QRectF, share: float, colour: QColor | None = None) -> None:
    """A rounded bar, filled from the left by `share` (0 to 1)."""
    p.setPen(Qt.PenStyle.NoPen)
    ground = QColor(tokens.ink)
    ground.setAlpha(40)
    for part, hue in ((1.0, ground), (share, colour or tokens.accent)):
        if part > 0:
            p.setBrush(hue)
            p.drawRoundedRect(
                QRectF(r.left(), r.top(), max(r.height(), r.width() * part), r.height()), r.height() / 2, r.height() / 2
            )


def ground(p: QPainter, tokens: Tokens, r: QRectF) -> None:
    """The page: three stops from top to bottom."""
    gradient = QLinearGradient(r.topLeft(), r.bottomLeft())
    for stop, colour in zip((0.0, 0.5, 1.0), tokens.stops, strict=True):
        gradient.setColorAt(stop, colour)
    p.fillRect(r, gradient)


def sign(p: QPainter, tokens: Tokens, x: float, y: float, size: float = 20) -> None:
    """The sign of layerviz: three slabs."""
    p.setPen(Qt.PenStyle.NoPen)
    depth, lean = size * 0.3, size * 0.25
    for k in range(3):
        foot = y + size * 0.78 - size * 0.32 * k
        corners = [(0, 0), (size, 0), (size + lean, -depth), (lean, -depth)]
        p.setBrush(tokens.hue(k + 1))
        p.drawPath(rounded([QPointF(x + dx, foot + dy) for dx, dy in corners], 2))


def rounded(corners: list[QPointF], radius: float) -> QPainterPath:
    """A polygon with rounded corners."""
    path = QPainterPath()
    count = len(corners)
    for k, corner in enumerate(corners):
        before, after = corners[k - 1], corners[(k + 1) % count]
        start, end = _towards(corner, before, radius), _towards(corner, after, radius)
        if k == 0:
            path.moveTo(start)
        else:
            path.lineTo(start)
        path.quadTo(corner, end)
    path.closeSubpath()
    return path


def _towards(a: QPointF, b: QPointF, distance: float) -> QPointF:
    dx, dy = b.x() - a.x(), b.y() - a.y()
    share = min(distance / max((dx * dx + dy * dy) ** 0.5, 1e-6), 0.5)
    return QPointF(a.x() + dx * share, a.y() + dy * share)


def grown(corners: list[QPointF], px: float) -> list[QPointF]:
    """A convex polygon whose edges lie `px` further out, each parallel to what it was."""
    count = len(corners)
    turn = sum(_cross(corners[k] - corners[k - 1], corners[(k + 1) % count] - corners[k]) for k in range(count))
    side = px if turn > 0 else -px
    edges = []
    for k in range(count):
        a, b = corners[k - 1], corners[k]
        along = b - a
        length = max((along.x() ** 2 + along.y() ** 2) ** 0.5, 1e-6)
        out = QPointF(along.y() / length * side, -along.x() / length * side)
        edges.append((QPointF(a.x() + out.x(), a.y() + out.y()), along))
    return [_meeting(edges[k], edges[(k + 1) % count]) for k in range(count)]


def _cross(a: QPointF, b: QPointF) -> float:
    return a.x() * b.y() - a.y() * b.x()


def _meeting(one: tuple[QPointF, QPointF], other: tuple[QPointF, QPointF]) -> QPointF:
    """Where two lines, each a point and a direction, meet; of parallel ones the second one's point."""
    (p, along), (q, way) = one, other
    steep = _cross(along, way)
    if abs(steep) < 1e-6:
        return q
    share = _cross(QPointF(q.x() - p.x(), q.y() - p.y()), way) / steep
    return QPointF(p.x() + along.x() * share, p.y() + along.y() * share)


def pill(p: QPainter, tokens: Tokens, x: float, y: float, text: str, ink: QColor, line: QColor) -> None:
    """A small tag with its middle at (x, y)."""
    wide = width_of(text, font(BODY, 600)) + 18
    r = QRectF(x - wide / 2, y - 11.5, wide, 23)
    p.setPen(QPen(line, 1.3))
    p.setBrush(tokens.stops[0])
    p.drawRoundedRect(r, 11.5, 11.5)
    say(p, x, y + 5, text, ink, BODY, 600, "centre")
