"""Whole frames: onto a painter, with sprites or directly, and as an image."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from layerviz.picture.expand import pieces, placed, primitives
from layerviz.picture.paint.drawing import HINTS, draw, load_fonts, painting, qcolour
from layerviz.picture.paint.sprites import Sprites
from layerviz.picture.primitives import Piece
from layerviz.picture.shapes import Frame, Ground
from layerviz.picture.theme import Theme


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

    With `sprites` each look is painted once and then copied to whole pixels; without, everything is drawn where it
    stands, as vectors. The painter comes back as it was, also after an exception; whoever began it ends it.
    `ground=False` leaves the page out.
    """
    load_fonts()
    painter.save()
    try:
        painter.setRenderHints(HINTS)
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
    picture.fill(Qt.GlobalColor.transparent if transparent else qcolour(theme.ground[0]))
    with painting(picture) as painter:
        painter.scale(scale, scale)
        paint(frame, theme, painter, Sprites() if sprites is None else sprites, scale, ground=not transparent)
    return picture


def _paint_sprites(
    frame: Frame, theme: Theme, painter: QPainter, sprites: Sprites, device_pixel_ratio: float, ground: bool
) -> None:
    scale = frame.scale * device_pixel_ratio
    painter.scale(1 / device_pixel_ratio, 1 / device_pixel_ratio)
    blit, floor = painter.drawPixmap, math.floor
    shelf, stamp, moving = sprites.begin(frame.camera, theme, scale)
    kept = shelf.get
    faded = False
    for piece in pieces(frame if ground else _without_ground(frame), theme):
        x, y, _, look, opacity, strip_px, vast, aside = piece
        if opacity < 1 or faded:
            painter.setOpacity(max(0.0, opacity))
            faded = opacity < 1
        sprite = kept(look)
        if sprite is None:
            if look is None or (vast and opacity >= 1 and (moving or sprites.is_passing(look))):
                _draw_piece(painter, piece, scale)
                continue
            sprite = sprites.made(piece, scale, shelf)
        sprite.seen = stamp
        left, top = floor(x * scale + 0.5) + sprite.left, floor(y * scale + 0.5) + sprite.top
        if strip_px is None:
            if aside[0] or aside[1]:
                left, top = left + floor(aside[0] * scale + 0.5), top + floor(aside[1] * scale + 0.5)
            blit(left, top, sprite.pixmap)
            continue
        end = floor((y + strip_px) * scale + 0.5)
        while top < end:
            part = min(sprite.height, end - top)
            blit(left, top, sprite.pixmap, 0, 0, sprite.width, part)
            top += part


def _draw_piece(painter: QPainter, piece: Piece, scale: float) -> None:
    painter.save()
    painter.scale(scale, scale)
    painter.translate(*placed(piece))
    for primitive in piece.primitives:
        draw(painter, primitive, scale)
    painter.restore()


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
