"""What is written: labels, badges and the heads of columns."""

import math
from collections.abc import Iterator
from functools import lru_cache

from layerviz.picture.expand.geometry import Pose, rounded_rectangle
from layerviz.picture.icons import icon
from layerviz.picture.primitives import Font, Path, Piece, Point, Primitive, Rgba, Stroke, Text
from layerviz.picture.shapes import Badge, Camera, Head, Hue, Label, Stage
from layerviz.picture.theme import INK_ON_TILE, WHITE, Theme, contrast
from layerviz.picture.widths import width

_ASCENT, _DESCENT = 0.80, 0.22
"""What a line takes above and below its baseline, in em: capitals and hanzi, and the tails of letters."""
_LEAN = -52.0
"""Degrees by which a column's name leans in the flat view."""


def text_at(x: float, y: float, text: str, font: Font, colour: Rgba, align: str = "left", spacing: float = 0.0) -> Text:
    """One line whose left end, middle or right end stands at x, on its baseline y."""
    if align != "left":
        wide = width(text, font, spacing) - spacing
        x -= wide / 2 if align == "centre" else wide
    return Text(x, y, text, font, colour, spacing=spacing)


def anchor(x: float, y: float, on: Stage | None, camera: Camera) -> Point:
    """A place on the page: (x, y) from its corner, or from a place on the stage."""
    if on is None:
        return x, y
    left, top = camera.at(on)
    return left + x, top + y


def label(shape: Label, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    x, y = anchor(shape.x, shape.y, shape.on, camera)
    font = Font(shape.size_px, shape.weight, "mono" if shape.mono else "sans")
    key = ("line", shape.text, font, shape.colour, shape.spacing, shape.align)
    yield Piece(x, y, _line(*key[1:], theme), key, shape.opacity)


def label_outline(shape: Label, camera: Camera) -> tuple[Point, ...]:
    x, y = anchor(shape.x, shape.y, shape.on, camera)
    font = Font(shape.size_px, shape.weight, "mono" if shape.mono else "sans")
    wide = width(shape.text, font, shape.spacing) - shape.spacing * bool(shape.text)
    left = x - {"left": 0.0, "centre": wide / 2, "right": wide}[shape.align]
    return text_box(left, y, wide, shape.size_px)


def head(shape: Head, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    x, y, angle = _head_place(shape, camera)
    key = ("head", shape.text, shape.seen, shape.text_px, angle)
    yield Piece(x, y, _head(*key[1:], theme), key, shape.opacity)


def head_outline(shape: Head, camera: Camera) -> tuple[Point, ...]:
    x, y, angle = _head_place(shape, camera)
    wide = width(shape.text, Font(shape.text_px, 500, "mono"))
    return tuple(_turned(point, (x, y), angle) for point in text_box(x, y, wide, shape.text_px))


def badge(shape: Badge, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    x, y = anchor(shape.x, shape.y, shape.on, camera)
    key = ("badge", shape.text, shape.icon, shape.style, shape.hue, shape.size_px)
    yield Piece(x, y, _badge(*key[1:], theme), key, shape.opacity)


def badge_outline(shape: Badge, camera: Camera) -> tuple[Point, ...]:
    x, y = anchor(shape.x, shape.y, shape.on, camera)
    if shape.style == "plain":
        wide = high = shape.size_px
    elif shape.style == "dot":
        wide, high = _dot_size(shape.text, shape.size_px)
    else:
        wide, high = pill_width(shape.text, shape.icon, shape.size_px), shape.size_px * 1.64
    left, top = x - wide / 2, y - high / 2
    return (left, top), (left + wide, top), (left + wide, top + high), (left, top + high)


def pill_width(text: str, icon_name: str, px: float, weight: int = 600) -> float:
    if not text:
        return px + 14
    return width(text, _pill_font(px, weight)) + 18 + (px + 5 if icon_name else 0)


def pill(
    x: float,
    y: float,
    text: str,
    colour: Rgba,
    theme: Theme,
    icon_name: str = "",
    *,
    fill: Rgba | None = None,
    ink: Rgba | None = None,
    px: float = 14.0,
    weight: int = 600,
) -> tuple[Primitive, ...]:
    """A small tag with its middle at (x, y)."""
    wide, high = pill_width(text, icon_name, px, weight), px * 1.64
    left = x - wide / 2
    outline = rounded_rectangle(left, y - high / 2, wide, high, high / 2)
    parts: list[Primitive] = [
        Path(outline, fill=fill or theme.ground[0], stroke=Stroke(colour, 1.3 * theme.weight)),
    ]
    left += 9 if text else 7
    if icon_name:
        parts += icon(icon_name, left - (1 if text else 0), y - px / 2, px, ink or colour)
        left += px + 5
    if text:
        parts.append(Text(left, y + px * 0.36, text, _pill_font(px, weight), ink or colour))
    return tuple(parts)


def text_box(left: float, baseline: float, wide: float, size_px: float) -> tuple[Point, ...]:
    """The corners of what a line of text takes."""
    top, bottom = baseline - _ASCENT * size_px, baseline + _DESCENT * size_px
    return (left, top), (left + wide, top), (left + wide, bottom), (left, bottom)


def _pill_font(px: float, weight: int) -> Font:
    return Font(px, 700 if weight >= 700 else 600)


@lru_cache(maxsize=4096)
def _line(text: str, font: Font, colour: Hue, spacing: float, align: str, theme: Theme) -> tuple[Primitive, ...]:
    return (text_at(0, 0, text, font, theme.text(colour), align, spacing),) if text else ()


@lru_cache(maxsize=2048)
def _head(text: str, seen: bool, px: float, angle: float, theme: Theme) -> tuple[Primitive, ...]:
    return (Text(0, 0, text, Font(px, 500, "mono"), theme.ink if seen else theme.dim, angle=angle),)


def _head_place(shape: Head, camera: Camera) -> tuple[float, float, float]:
    """The left end of its baseline, and its angle."""
    slab_x, slab_y = camera.at(Stage(shape.u, 0.84, shape.level))
    flat_x, flat_y = camera.at(Stage(shape.u, 1.0, shape.level))
    along = math.degrees(math.atan2(camera.depth_y, camera.depth_x))
    slab_angle = along if camera.phase == 0 else max(along, -60.0)
    turn = math.radians(slab_angle)
    # Clear of the tile in front of it, and half a line to the right of its own axis.
    slab = (
        slab_x - 14 + 6 * math.cos(turn) - 6 * math.sin(turn),
        slab_y - camera.lift - 3 + 6 * math.sin(turn) + 6 * math.cos(turn),
    )
    lean = math.radians(_LEAN)
    flat = (flat_x + 2 - 5 * math.sin(lean), flat_y - 10 + 5 * math.cos(lean))
    phase = camera.phase
    angle = slab_angle + (_LEAN - slab_angle) * phase
    x, y = (a + (b - a) * phase for a, b in zip(slab, flat, strict=True))
    return x, y, round(angle) if 0 < phase < 1 else round(angle, 2)


def _turned(point: Point, about: Point, degrees: float) -> Point:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    dx, dy = point[0] - about[0], point[1] - about[1]
    return about[0] + dx * cos - dy * sin, about[1] + dx * sin + dy * cos


def _dot_size(text: str, px: float) -> tuple[float, float]:
    high = px * 12 / 7
    return max(high, width(text, Font(px, 700)) + px * 0.9), high


@lru_cache(maxsize=512)
def _badge(text: str, icon_name: str, style: str, hue: Hue, px: float, theme: Theme) -> tuple[Primitive, ...]:
    filled = theme.tile(hue) if theme.dark and hue == "rw" else theme.mark(hue)
    on_fill = _readable_on(filled)
    if style == "pill":
        return pill(0, 0, text, theme.text(hue), theme, icon_name, px=px)
    if style == "filled":
        return pill(0, 0, text, filled, theme, icon_name, fill=filled, ink=on_fill, px=px, weight=700)
    if style == "plain":
        return icon(icon_name, -px / 2, -px / 2, px, theme.text(hue))
    wide, high = _dot_size(text, px)
    outline = rounded_rectangle(-wide / 2, -high / 2, wide, high, high / 2)
    parts: list[Primitive] = [Path(outline, fill=filled, stroke=Stroke(theme.ground[0], 2))]
    if icon_name:
        parts += icon(icon_name, -px / 2, -px / 2, px, on_fill, 2.0)
    elif text:
        parts.append(text_at(0, px * 0.36, text, Font(px, 700), on_fill, "centre"))
    return tuple(parts)


def _readable_on(fill: Rgba) -> Rgba:
    return INK_ON_TILE if contrast(INK_ON_TILE, fill) >= contrast(WHITE, fill) else WHITE
