"""Single primitives on a QPainter: paths, gradients, and text in the fonts that its widths were measured with."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QImage,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
)

from layerviz.picture.primitives import Gradient, Path, Primitive, Rgba, Segment, Stroke, Text
from layerviz.picture.widths import FAMILIES, runs, width
from layerviz.resources import ResourceError, assets

# Qt hands every fill of 97 rows or more to other threads and waits for them, which takes longer than such a fill.
os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")

HINTS = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
# Python looks an enum's member up anew each time, which is felt where a frame draws hundreds of outlines.
_SMOOTH = QPainter.RenderHint.Antialiasing
_NO_PEN, _NO_BRUSH, _WINDING = Qt.PenStyle.NoPen, Qt.BrushStyle.NoBrush, Qt.FillRule.WindingFill


@cache
def load_fonts() -> None:
    """Makes the project's own fonts known to Qt; needs a QGuiApplication. Raises `ResourceError` for a broken one."""
    for file in sorted(assets("fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise ResourceError(file, "Qt cannot read this font", "install layerviz again")


@contextmanager
def painting(device: QImage | QPixmap) -> Iterator[QPainter]:
    """A painter on `device` that is ended whatever happens: an open one crashes the program later."""
    painter = QPainter(device)
    try:
        painter.setRenderHints(HINTS)
        yield painter
    finally:
        painter.end()


def draw(painter: QPainter, primitive: Primitive, scale: float = 1.0) -> None:
    """One primitive on a painter whose unit is a px of the frame, drawn as `scale` device pixels."""
    if isinstance(primitive, Text):
        _draw_text(painter, primitive, scale)
        return
    draw_path(painter, primitive, path_of(primitive.segments))


def draw_path(painter: QPainter, primitive: Path, outline: QPainterPath) -> None:
    """A path whose outline Qt has already."""
    stroke, fill = primitive.stroke, primitive.fill
    painter.setPen(_pen(stroke) if stroke else _NO_PEN)
    painter.setBrush((_gradient_brush(fill) if isinstance(fill, Gradient) else _brush(fill)) if fill else _NO_BRUSH)
    if primitive.smooth:
        painter.drawPath(outline)
        return
    painter.setRenderHint(_SMOOTH, False)
    painter.drawPath(outline)
    painter.setRenderHint(_SMOOTH)


def _draw_text(painter: QPainter, text: Text, scale: float) -> None:
    device_px = text.font.size_px * scale
    whole_px = max(1, round(device_px))
    painter.save()
    painter.setPen(qcolour(text.colour))
    painter.translate(text.x, text.y)
    if text.angle:
        painter.rotate(text.angle)
    # A QFont's size is a whole number of pixels; the rest is left to the transformation.
    painter.scale(device_px / whole_px / scale, device_px / whole_px / scale)
    unit = whole_px / text.font.size_px
    x = 0.0
    for face, part in runs(text.text, text.font):
        painter.setFont(font_of(face, whole_px, text.spacing * unit))
        painter.drawText(QPointF(x, 0), part)
        x += width(part, text.font, text.spacing) * unit
    painter.restore()


@lru_cache(maxsize=512)
def font_of(face: str, whole_px: int, spacing: float = 0.0) -> QFont:
    """The font file of that name (without suffix) as Qt takes it: no kerning, no ligatures, no hinting, no fallback."""
    family, weight = face.rsplit("-", 1)
    font = QFont(FAMILIES[family])
    font.setPixelSize(whole_px)
    font.setWeight(QFont.Weight(int(weight)))
    font.setKerning(False)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.NoFontMerging)
    for feature in ("liga", "calt", "clig", "kern"):
        font.setFeature(QFont.Tag(feature), 0)
    if spacing:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, spacing)
    return font


def path_of(segments: tuple[Segment, ...]) -> QPainterPath:
    """An outline as Qt takes it, filled by the non-zero rule."""
    path = QPainterPath()
    path.setFillRule(_WINDING)
    line, cubic = path.lineTo, path.cubicTo
    for segment in segments:
        if segment[0] == "L":
            line(*segment[1])
        elif segment[0] == "C":
            cubic(*segment[1], *segment[2], *segment[3])
        elif segment[0] == "M":
            path.moveTo(*segment[1])
        else:
            path.closeSubpath()
    return path


def qcolour(colour: Rgba) -> QColor:
    """A colour as Qt takes it."""
    return QColor(colour[0], colour[1], colour[2], round(colour[3] * 255))


@lru_cache(maxsize=1024)
def _brush(colour: Rgba) -> QBrush:
    return QBrush(qcolour(colour))


def _gradient_brush(fill: Gradient) -> QBrush:
    gradient = QLinearGradient(*fill.start, *fill.end)
    for at, colour in fill.stops:
        gradient.setColorAt(at, qcolour(colour))
    return QBrush(gradient)


@lru_cache(maxsize=1024)
def _pen(stroke: Stroke) -> QPen:
    cap = Qt.PenCapStyle.RoundCap if stroke.cap == "round" else Qt.PenCapStyle.FlatCap
    pen = QPen(qcolour(stroke.colour), stroke.width, Qt.PenStyle.SolidLine, cap, Qt.PenJoinStyle.RoundJoin)
    if stroke.dash:
        pen.setDashPattern([length / stroke.width for length in stroke.dash])
    return pen
