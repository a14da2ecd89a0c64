"""The part of the page that is drawn on, common to several frames."""

import math
from collections.abc import Iterable

from layerviz.picture.expand import primitives
from layerviz.picture.primitives import Primitive, Text
from layerviz.picture.shapes import Frame, Ground
from layerviz.picture.theme import Theme
from layerviz.picture.widths import width

Box = tuple[float, float, float, float]
"""Left, top, width, height in px of the frame."""

_MARGIN_PX = 16
_ASCENT, _DESCENT = 1.0, 0.3
"""How far letters reach above and below their baseline, in sizes of the font."""


def common_box(frames: Iterable[Frame], theme: Theme) -> Box:
    """The smallest box, in whole px and with a margin, that holds what any of `frames` draws; never beyond the page."""
    left = top = math.inf
    right = bottom = -math.inf
    width_px = height_px = 0.0
    for frame in frames:
        width_px, height_px = max(width_px, frame.width), max(height_px, frame.height)
        for shape, opacity, drawn in primitives(frame, theme):
            if isinstance(shape, Ground) or opacity <= 0:
                continue
            for primitive in drawn:
                for x, y in _corners(primitive):
                    left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
    if left > right:
        return 0.0, 0.0, width_px, height_px
    x0, y0 = max(0.0, math.floor(left - _MARGIN_PX)), max(0.0, math.floor(top - _MARGIN_PX))
    x1, y1 = min(width_px, math.ceil(right + _MARGIN_PX)), min(height_px, math.ceil(bottom + _MARGIN_PX))
    return (x0, y0, x1 - x0, y1 - y0) if x0 < x1 and y0 < y1 else (0.0, 0.0, width_px, height_px)


def _corners(primitive: Primitive) -> list[tuple[float, float]]:
    if isinstance(primitive, Text):
        return _text_corners(primitive)
    spread = primitive.stroke.width / 2 if primitive.stroke else 0.0
    points = [point for segment in primitive.segments for point in segment[1:]]
    return [(x + dx, y + dy) for x, y in points for dx, dy in ((-spread, -spread), (spread, spread))]


def _text_corners(text: Text) -> list[tuple[float, float]]:
    long = width(text.text, text.font, text.spacing)
    high = text.font.size_px
    cos, sin = math.cos(math.radians(text.angle)), math.sin(math.radians(text.angle))
    return [
        (text.x + x * cos - y * sin, text.y + x * sin + y * cos)
        for x in (0.0, long)
        for y in (-_ASCENT * high, _DESCENT * high)
    ]
