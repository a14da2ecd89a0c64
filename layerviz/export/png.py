"""A frame as PNG: the very pixels that the window shows."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect
from PySide6.QtGui import QImageWriter

from layerviz.export.crop import Box
from layerviz.export.surface import ready
from layerviz.picture.shapes import Frame
from layerviz.picture.theme import Theme

_DOTS_PER_METRE = 3780
"""96 dots an inch, whatever the screen has: same picture, same bytes."""


def png(frame: Frame, theme: Theme, scale: float = 1.0, transparent: bool = False, crop: Box | None = None) -> bytes:
    """`frame` in `scale` × `frame.scale` pixels per px; `crop`, in px of the frame, is the part that is kept."""
    ready()
    from layerviz.picture.paint import image

    picture = image(frame, theme, scale, transparent)
    if crop is not None:
        picture = picture.copy(_pixels(crop, frame.scale * scale).intersected(picture.rect()))
    picture.setDotsPerMeterX(_DOTS_PER_METRE)
    picture.setDotsPerMeterY(_DOTS_PER_METRE)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    written = QImageWriter(buffer, QByteArray(b"png")).write(picture)
    assert written, "a picture in memory can always be written to memory"
    return bytes(data.data())


def _pixels(box: Box, scale: float) -> QRect:
    left, top, width, height = box
    return QRect(round(left * scale), round(top * scale), max(1, round(width * scale)), max(1, round(height * scale)))
