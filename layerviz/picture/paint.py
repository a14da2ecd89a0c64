"""The one painter: a frame onto a window, an image or a page of a PDF. The only module of the picture that knows Qt.

With `Sprites` each look is painted once and then copied to whole pixels, which is what moves 600 tiles in a few
milliseconds; without, everything is drawn where it stands, as vectors.
"""

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
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

from layerviz.picture.expand import STRIP_PX, pieces, primitives
from layerviz.picture.primitives import Fill, Gradient, Piece, Primitive, Rgba, Segment, Stroke, Text
from layerviz.picture.shapes import Frame, Ground
from layerviz.picture.theme import Theme
from layerviz.picture.widths import runs, width
from layerviz.resources import ResourceError, assets

_FAMILIES = {"Inter": "Inter", "JetBrainsMono": "JetBrains Mono", "NotoSansSC": "Noto Sans SC"}
_HINTS = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing
_MARGIN = 2
"""Pixels round a sprite for soft edges."""


@cache
def load_fonts() -> None:
    """Makes the project's own fonts known to Qt; needs a QGuiApplication. Raises `ResourceError` for a broken one."""
    for file in sorted(assets("fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise ResourceError(file, "Qt cannot read this font", "install layerviz again")


class Sprites:
    """Pictures of looks, kept while there is room for them; one of these per widget or export."""

    def __init__(self, room_bytes: int = 192 * 2**20) -> None:
        self._known: OrderedDict[tuple[object, ...], _Sprite] = OrderedDict()
        self._room = room_bytes
        self._used = 0

    def __len__(self) -> int:
        return len(self._known)

    def clear(self) -> None:
        """Forgets all of them."""
        self._known.clear()
        self._used = 0

    def of(self, piece: Piece, theme: Theme, scale: float) -> "_Sprite":
        """The picture of a piece's look at `scale` device pixels per px."""
        key = (piece.look, theme, scale)
        known = self._known
        sprite = known.get(key)
        if sprite is not None:
            known.move_to_end(key)
            return sprite
        sprite = _Sprite(piece, scale)
        known[key] = sprite
        self._used += sprite.size_bytes
        while self._used > self._room and len(known) > 1:
            _, oldest = known.popitem(last=False)
            self._used -= oldest.size_bytes
        return sprite


def paint(
    frame: Frame,
    theme: Theme,
    painter: QPainter,
    sprites: Sprites | None = None,
    device_pixel_ratio: float = 1.0,
    *,
    ground: bool = True,
) -> None:
    """Draws `frame` with its upper left corner at the painter's origin, `frame.scale` times its size.

    The painter comes back as it was, also after an exception; whoever began it ends it. `ground=False` leaves out
    the page.
    """
    load_fonts()
    painter.save()
    try:
        painter.setRenderHints(_HINTS)
        if sprites is None:
            _paint_directly(frame, theme, painter, ground)
        else:
            _paint_sprites(frame, theme, painter, sprites, device_pixel_ratio, ground)
    finally:
        painter.restore()


def image(
    frame: Frame, theme: Theme, scale: float = 1.0, transparent: bool = False, sprites: Sprites | None = None
) -> QImage:
    """`frame` as an image of `scale` × `frame.scale` pixels per px: the same pixels that a window shows."""
    whole = frame.scale * scale
    size = max(1, round(frame.width * whole)), max(1, round(frame.height * whole))
    form = QImage.Format.Format_ARGB32_Premultiplied if transparent else QImage.Format.Format_RGB32
    picture = QImage(*size, form)
    picture.fill(Qt.GlobalColor.transparent if transparent else _colour(theme.ground[0]))
    with painting(picture) as painter:
        painter.scale(scale, scale)
        paint(frame, theme, painter, sprites or Sprites(), scale, ground=not transparent)
    return picture


@contextmanager
def painting(device: QImage | QPixmap) -> Iterator[QPainter]:
    """A painter on `device` that is ended whatever happens: an open one crashes the program later."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


class _Sprite:
    """A pixmap and where its corner lies from the piece's anchor, in device pixels."""

    __slots__ = ("left", "pixmap", "size_bytes", "top")

    def __init__(self, piece: Piece, scale: float) -> None:
        stretch = 1.0 if piece.strip_px is None else 8.0 / scale
        left, top, right, bottom = _bounds(piece.primitives)
        if piece.opaque:
            self.left, self.top = math.floor(left * scale), math.floor(top * scale)
            wide, high = math.ceil(right * scale) - self.left, math.ceil(bottom * scale) - self.top
        else:
            self.left, self.top = math.floor(left * scale) - _MARGIN, math.floor(top * scale) - _MARGIN
            wide = math.ceil(right * scale) + _MARGIN - self.left
            high = math.ceil(bottom * scale) + _MARGIN - self.top
        if piece.strip_px is not None:
            self.top, high = 0, math.floor(STRIP_PX * 8)
        form = QImage.Format.Format_RGB32 if piece.opaque else QImage.Format.Format_ARGB32_Premultiplied
        picture = QImage(max(1, wide), max(1, high), form)
        picture.fill(Qt.GlobalColor.black if piece.opaque else Qt.GlobalColor.transparent)
        with painting(picture) as painter:
            painter.setRenderHints(_HINTS)
            painter.translate(-self.left, -self.top)
            painter.scale(scale, scale * stretch)
            for primitive in piece.primitives:
                draw(painter, primitive, scale)
        self.pixmap = QPixmap.fromImage(picture, Qt.ImageConversionFlag.NoFormatConversion)
        self.size_bytes = 4 * wide * high


def _paint_sprites(
    frame: Frame, theme: Theme, painter: QPainter, sprites: Sprites, device_pixel_ratio: float, ground: bool
) -> None:
    scale = frame.scale * device_pixel_ratio
    painter.scale(1 / device_pixel_ratio, 1 / device_pixel_ratio)
    blit, of, floor = painter.drawPixmap, sprites.of, math.floor
    faded = False
    for piece in pieces(frame if ground else _without_ground(frame), theme):
        if piece.opacity < 1 or faded:
            painter.setOpacity(max(0.0, piece.opacity))
            faded = piece.opacity < 1
        if piece.look is None:
            painter.save()
            painter.scale(scale, scale)
            painter.translate(piece.x, piece.y)
            for primitive in piece.primitives:
                draw(painter, primitive, scale)
            painter.restore()
            continue
        sprite = of(piece, theme, scale)
        x, y = floor(piece.x * scale + 0.5) + sprite.left, floor(piece.y * scale + 0.5) + sprite.top
        if piece.strip_px is None:
            blit(x, y, sprite.pixmap)
            continue
        wide, high = sprite.pixmap.width(), sprite.pixmap.height()
        end = floor((piece.y + piece.strip_px) * scale + 0.5)
        while y < end:
            part = min(high, end - y)
            blit(x, y, sprite.pixmap, 0, 0, wide, part)
            y += part


def _paint_directly(frame: Frame, theme: Theme, painter: QPainter, ground: bool) -> None:
    painter.scale(frame.scale, frame.scale)
    for shape, opacity, drawn in primitives(frame, theme):
        if isinstance(shape, Ground) and not ground:
            continue
        painter.setOpacity(opacity)
        for primitive in drawn:
            draw(painter, primitive, frame.scale)


def _without_ground(frame: Frame) -> Frame:
    shapes = tuple(shape for shape in frame.shapes if not isinstance(shape, Ground))
    return Frame(frame.width, frame.height, frame.camera, shapes, frame.scale)


def draw(painter: QPainter, primitive: Primitive, scale: float = 1.0) -> None:
    """One primitive on a painter whose unit is a px of the frame, drawn as `scale` device pixels."""
    if isinstance(primitive, Text):
        _draw_text(painter, primitive, scale)
        return
    painter.setPen(_pen(primitive.stroke) if primitive.stroke else Qt.PenStyle.NoPen)
    painter.setBrush(_brush(primitive.fill) if primitive.fill else Qt.BrushStyle.NoBrush)
    painter.drawPath(_path(primitive.segments))


def _draw_text(painter: QPainter, text: Text, scale: float) -> None:
    device_px = text.font.size_px * scale
    whole_px = max(1, round(device_px))
    painter.save()
    painter.setPen(_colour(text.colour))
    painter.translate(text.x, text.y)
    if text.angle:
        painter.rotate(text.angle)
    # A QFont's size is a whole number of pixels; the rest is left to the transformation.
    painter.scale(device_px / whole_px / scale, device_px / whole_px / scale)
    unit = whole_px / text.font.size_px
    x = 0.0
    for face, part in runs(text.text, text.font):
        painter.setFont(_font(face, whole_px, text.spacing * unit))
        painter.drawText(QPointF(x, 0), part)
        x += width(part, text.font, text.spacing) * unit
    painter.restore()


@lru_cache(maxsize=512)
def _font(face: str, whole_px: int, spacing: float) -> QFont:
    family, weight = face.rsplit("-", 1)
    font = QFont(_FAMILIES[family])
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


@lru_cache(maxsize=4096)
def _path(segments: tuple[Segment, ...]) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for segment in segments:
        match segment[0]:
            case "M":
                path.moveTo(*segment[1])
            case "L":
                path.lineTo(*segment[1])
            case "C":
                path.cubicTo(*segment[1], *segment[2], *segment[3])
            case _:
                path.closeSubpath()
    return path


def _colour(colour: Rgba) -> QColor:
    return QColor(colour[0], colour[1], colour[2], round(colour[3] * 255))


def _brush(fill: Fill) -> QBrush:
    if not isinstance(fill, Gradient):
        return QBrush(_colour(fill))
    gradient = QLinearGradient(QPointF(*fill.start), QPointF(*fill.end))
    for at, colour in fill.stops:
        gradient.setColorAt(at, _colour(colour))
    return QBrush(gradient)


def _pen(stroke: Stroke) -> QPen:
    cap = Qt.PenCapStyle.RoundCap if stroke.cap == "round" else Qt.PenCapStyle.FlatCap
    pen = QPen(_colour(stroke.colour), stroke.width, Qt.PenStyle.SolidLine, cap, Qt.PenJoinStyle.RoundJoin)
    if stroke.dash:
        pen.setDashPattern([length / stroke.width for length in stroke.dash])
    return pen


def _bounds(drawn: Iterable[Primitive]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom of what the primitives may touch."""
    left = top = math.inf
    right = bottom = -math.inf
    for primitive in drawn:
        if isinstance(primitive, Text):
            corners, spread = _text_corners(primitive), 0.0
        else:
            corners = [point for segment in primitive.segments for point in segment[1:]]
            spread = primitive.stroke.width / 2 + 0.5 if primitive.stroke else 0.0
        for x, y in corners:
            left, top = min(left, x - spread), min(top, y - spread)
            right, bottom = max(right, x + spread), max(bottom, y + spread)
    return (left, top, right, bottom) if left <= right else (0.0, 0.0, 0.0, 0.0)


def _text_corners(text: Text) -> list[tuple[float, float]]:
    wide = width(text.text, text.font, text.spacing)
    size = text.font.size_px
    cos, sin = math.cos(math.radians(text.angle)), math.sin(math.radians(text.angle))
    return [
        (text.x + x * cos - y * sin, text.y + x * sin + y * cos)
        for x in (-0.15 * size, wide + 0.15 * size)
        for y in (-1.2 * size, 0.4 * size)
    ]
