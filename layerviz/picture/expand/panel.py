"""The page and what lies level on it: ground, panels, bars, lines."""

import math
from collections.abc import Iterator
from functools import lru_cache

from layerviz.picture.expand.geometry import (
    Pose,
    Segments,
    ellipse,
    flattened,
    hatching,
    polygon,
    rectangle,
    rounded_rectangle,
)
from layerviz.picture.expand.writing import anchor
from layerviz.picture.primitives import Gradient, Path, Piece, Point, Primitive, Rgba, Stroke
from layerviz.picture.shapes import Camera, Hue, Line, Panel
from layerviz.picture.theme import BLACK, Theme, deep, mix, tint

_MIDDLE = 0.38
"""Where the ground has its middle colour."""


def ground(width: float, height: float, theme: Theme) -> Piece:
    """Not kept: to fill a page writes its memory, where to copy it would read as much again."""
    return Piece(0.0, 0.0, _ground(width, height, theme))


def panel(shape: Panel, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    key = ("panel", shape.style, shape.width, shape.height, shape.radius, shape.hue)
    yield Piece(shape.x, shape.y, _panel(*key[1:], theme), key, shape.opacity)
    if shape.style == "bar":
        filled = _bar_filling(shape, theme)
        if filled:
            yield Piece(shape.x, shape.y, filled, None, shape.opacity)


def panel_outline(shape: Panel, camera: Camera) -> tuple[Point, ...]:
    left, top, right, bottom = shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    return (left, top), (right, top), (right, bottom), (left, bottom)


def line(shape: Line, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    (x0, y0), (x1, y1) = _line_ends(shape, camera)
    dx, dy = x1 - x0, y1 - y0
    wide = shape.width * theme.weight
    parts: list[Primitive] = []
    if len(shape.hues) > 1 and not theme.flat and math.hypot(dx, dy) > 0:
        stops = tuple((k / (len(shape.hues) - 1), theme.mark(hue)) for k, hue in enumerate(shape.hues))
        parts.append(Path(_capsule(dx, dy, wide), fill=Gradient((0.0, 0.0), (dx, dy), stops)))
    else:
        colour = theme.ink if len(shape.hues) > 1 else theme.readable(theme.mark(shape.hue), 3.0)
        dash = (2 * wide, 3 * wide) if shape.dashed else ()
        stroke = Stroke(colour, wide, dash, "flat" if shape.dashed else "round")
        parts.append(Path((("M", (0.0, 0.0)), ("L", (dx, dy))), stroke=stroke))
        if shape.dot:
            parts.append(Path(ellipse(0, 0, 4, 4), fill=colour))
    yield Piece(x0, y0, tuple(parts), None, shape.opacity)


def line_outline(shape: Line, camera: Camera) -> tuple[Point, ...]:
    (x0, y0), (x1, y1) = _line_ends(shape, camera)
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    nx, ny = -(y1 - y0) / length * shape.width / 2, (x1 - x0) / length * shape.width / 2
    return (x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)


def _line_ends(shape: Line, camera: Camera) -> tuple[Point, Point]:
    return anchor(shape.x0, shape.y0, shape.on0, camera), anchor(shape.x1, shape.y1, shape.on1, camera)


def _capsule(dx: float, dy: float, wide: float) -> Segments:
    length = math.hypot(dx, dy)
    nx, ny = -dy / length * wide / 2, dx / length * wide / 2
    return polygon((nx, ny), (dx + nx, dy + ny), (dx - nx, dy - ny), (-nx, -ny))


@lru_cache(maxsize=16)
def _ground(width: float, height: float, theme: Theme) -> tuple[Primitive, ...]:
    if theme.flat:
        return (Path(rectangle(0, 0, width, height), fill=theme.ground[0]),)
    top, middle, bottom = theme.ground
    stops = ((0.0, top), (_MIDDLE, middle), (1.0, bottom))
    return (Path(rectangle(0, 0, width, height), fill=Gradient((0.0, 0.0), (0.0, height), stops)),)


@lru_cache(maxsize=512)
def _panel(style: str, width: float, height: float, radius: float, hue: Hue, theme: Theme) -> tuple[Primitive, ...]:
    if style == "diamond":
        corners = ((width / 2, 0.0), (width, height / 2), (width / 2, height), (0.0, height / 2))
        return (Path(polygon(*corners), fill=_mark(hue, theme)),)
    outline = rounded_rectangle(0, 0, width, height, radius)
    if style == "again":
        return _hatched(outline, hue, theme)
    fill: Rgba
    edge: Rgba | None = theme.panel_line
    match style:
        case "dot":
            fill, edge = _mark(hue, theme), None
        case "bar":
            fill, edge = tint(theme.ink, 0.14), None
        case "well":
            fill = mix(theme.ground[0], BLACK, 0.35) if theme.name == "dark" else theme.panel
        case "choice":
            fill, edge = tint(theme.ink, 26 / 255), theme.ink
        case "card":
            fill, edge = mix(theme.panel, theme.ink, 0.06), mix(theme.panel_line, theme.ink, 0.15)
        case _:
            fill = theme.panel
    stroke = Stroke(edge, theme.weight * (2 if style == "choice" else 1)) if edge else None
    return (Path(outline, fill=fill, stroke=stroke),)


def _mark(hue: Hue, theme: Theme) -> Rgba:
    """A layer's hue as a mark on a panel: on pale paper its fuller, darker shade."""
    colour = theme.mark(hue)
    return colour if theme.dark or not isinstance(hue, int) else mix(deep(colour), theme.ink, 0.12)


def _hatched(outline: Segments, hue: Hue, theme: Theme) -> tuple[Primitive, ...]:
    colour = _mark(hue, theme)
    lines = hatching(flattened(outline), 8.0)
    return (
        Path(outline, fill=mix(colour, theme.panel, 0.82), stroke=Stroke(mix(colour, theme.panel, 0.25), 1.2)),
        Path(lines, stroke=Stroke(mix(colour, theme.panel, 0.40), 1.5 * theme.weight)),
    )


def _bar_filling(shape: Panel, theme: Theme) -> tuple[Primitive, ...]:
    colour = _mark(shape.hue, theme)
    radius = min(shape.radius, shape.height / 2)
    if shape.fill_to is None:
        outline = rounded_rectangle(0, 0, shape.width, shape.height, radius)
        if theme.flat:
            return (Path(outline, stroke=Stroke(colour, 2.0, (6.0, 4.0))),)
        stops = ((0.0, tint(colour, 0.75)), (0.4, tint(colour, 0.45)), (1.0, tint(colour, 0.0)))
        return (Path(outline, fill=Gradient((0.0, 0.0), (shape.width, 0.0), stops)),)
    wide = shape.width * min(1.0, max(0.0, shape.fill_to))
    if wide <= 0:
        return ()
    return (Path(rounded_rectangle(0, 0, wide, shape.height, min(radius, wide / 2)), fill=colour),)
