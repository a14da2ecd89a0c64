"""Slabs: a layer's body; in the flat view a band. What is written on them is in `edge`."""

import math
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from layerviz.picture.expand.edge import front, head, line_colour
from layerviz.picture.expand.geometry import (
    Pose,
    Segments,
    on_plane,
    polygon,
    polyline,
    rounded_rectangle,
)
from layerviz.picture.primitives import Gradient, Path, Piece, Point, Primitive, Stroke
from layerviz.picture.shapes import Camera, Hue, Slab, Stage
from layerviz.picture.theme import WHITE, Theme, deep, mix, tint

VIEW_MARGIN, VIEW_RADIUS = 14.0, 18.0
_BAND_GAP, _BAND_RADIUS = 2.0, 8.0
_SHADOW_PX = 28.0


def slab(shape: Slab, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """Body, dimness, writing, glow: what is dimmed can still be read."""
    x, y = camera.at(Stage(shape.u0, 0.0, shape.level))
    span = round(shape.u1 - shape.u0, 1)
    if pose.phase == 0:
        body = ("slab", shape.style, shape.hue, span, pose)
        yield Piece(x, y, _body(*body[1:], theme), body, shape.opacity, vast=True)
    elif pose.phase == 1:
        band = ("band", shape.style, shape.hue, span, shape.head_px, pose)
        yield Piece(x, y, _band(*band[1:], theme), band, shape.opacity, vast=True)
    else:
        yield Piece(x, y, _between(shape.style, shape.hue, span, shape.head_px, pose, theme), None, shape.opacity)
    if shape.dim > 0:
        veil = ("dimmed", shape.style == "view", span, shape.head_px, pose)
        yield Piece(x, y, _veil(*veil[1:], theme), veil, shape.dim * shape.opacity, vast=True)
    yield from front(shape, x, y, span, pose, theme)
    yield from head(shape, x, y, span, pose, theme)
    if shape.glow > 0:
        glow = ("glow", shape.style == "view", shape.hue, span, shape.head_px, pose)
        yield Piece(x, y, _glow(*glow[1:], theme), glow, shape.glow * shape.opacity, vast=True)


def slab_outline(shape: Slab, camera: Camera) -> tuple[Point, ...]:
    """Top, front and side together; of a view its panel; in the flat view band and head."""
    x, y = camera.at(Stage(shape.u0, 0.0, shape.level))
    return tuple((x + px, y + py) for px, py in _silhouette(shape, round(shape.u1 - shape.u0, 1), camera))


def _silhouette(shape: Slab, span: float, camera: Camera) -> tuple[Point, ...]:
    if camera.phase >= 0.5:
        left, top, wide, high = _band_box(span, shape.head_px, camera.pitch)
        return (left, top), (left + wide, top), (left + wide, top + high), (left, top + high)
    dx, dy = camera.depth_x, camera.depth_y
    if shape.style == "view":
        near, far = 0.02, 0.98
        a, b = VIEW_MARGIN, span - VIEW_MARGIN
        return (
            (a + near * dx, near * dy),
            (b + near * dx, near * dy),
            (b + far * dx, far * dy),
            (a + far * dx, far * dy),
        )
    down = camera.thickness
    return (0, 0), (0, down), (span, down), (span + dx, dy + down), (span + dx, dy), (dx, dy)


@lru_cache(maxsize=512)
def _body(style: str, hue: Hue, span: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    if style == "view":
        return _glass(span, pose, theme)
    if style in ("container", "expected"):
        return tuple(_dashed_body(style, hue, span, pose, theme))
    return tuple(_solid_body(hue, span, pose, theme))


def _solid_body(hue: Hue, span: float, pose: Pose, theme: Theme) -> Iterator[Primitive]:
    (a, b, c, d), down = _corners(span, pose), pose.thickness
    colour = theme.tile(hue)
    body = colour if theme.flat else deep(colour)
    rim = mix(colour, theme.ink, {"dark": 0.12, "light": 0.40}.get(theme.name, 0.0))
    yield from _soft_shadow(_below(a, down), _below(b, down), _below(c, down), theme)
    if theme.flat:
        yield Path(polygon(a, b, c, d), fill=mix(body, theme.base, theme.face))
    else:
        near, far = mix(body, theme.base, theme.face - 0.08), mix(body, theme.base, theme.face + 0.06)
        # A flat form gives smooth edges, a gradient a little inside needs none: half the time of a smooth gradient.
        yield Path(polygon(a, b, c, d), fill=mix(near, far, 0.5))
        inner = polygon(_out(a, (1.4, -0.4)), _out(b, (-1.2, -0.4)), _out(c, (-1.8, 0.7)), _out(d, (0.8, 0.7)))
        yield Path(inner, fill=Gradient(a, (c[0], a[1]), ((0.0, near), (1.0, far))), smooth=False)
    yield Path(polygon(a, b, _below(b, down), _below(a, down)), fill=mix(body, theme.base, theme.front))
    yield Path(polygon(b, c, _below(c, down), _below(b, down)), fill=mix(body, theme.base, theme.side))
    yield Path(polyline(a, b), stroke=Stroke(rim, 1.3 * theme.weight))
    edge = Stroke(rim if theme.flat else tint(rim, 110 / 255), theme.weight)
    # Three lines, not one: a stroke round such a large form takes three times as long to fill.
    yield Path((*polyline(a, d), *polyline(d, c), *polyline(c, b)), stroke=edge)
    if theme.flat:
        yield Path(polyline(_below(b, down), _below(c, down), c), stroke=edge)


def _dashed_body(style: str, hue: Hue, span: float, pose: Pose, theme: Theme) -> Iterator[Primitive]:
    (a, b, c, d), down = _corners(span, pose), pose.thickness
    colour = line_colour(style, hue, theme)
    if style == "expected" and not theme.dark:
        edge = theme.readable(colour, 3.0)
    else:
        edge = colour
    if not theme.flat:
        yield Path(polygon(a, b, c, d), fill=tint(colour, (24 if style == "container" else 36) / 255))
    yield Path(polygon(a, b, _below(b, down), _below(a, down)), fill=mix(colour, theme.base, 0.86))
    if not theme.flat:
        yield Path(polygon(b, c, _below(c, down), _below(b, down)), fill=tint(colour, 40 / 255))
    line = 1.8 * theme.weight
    stroke = Stroke(edge, line, (6 * line, 4 * line))
    yield Path(polygon(a, b, c, d), stroke=stroke)
    yield Path(polyline(a, _below(a, down), _below(b, down), _below(c, down), c), stroke=stroke)
    yield Path(polyline(b, _below(b, down)), stroke=stroke)


def _glass(span: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    panel = on_plane(pose, VIEW_MARGIN, span - VIEW_MARGIN, 0.02, 0.98, VIEW_RADIUS)
    fill = {"dark": tint(theme.ink, 22 / 255), "light": tint(WHITE, 150 / 255)}.get(theme.name)
    edge = theme.ink if theme.flat else tint(theme.ink, 120 / 255)
    return (Path(panel, fill=fill, stroke=Stroke(edge, 1.4 * theme.weight)),)


def _soft_shadow(a: Point, b: Point, c: Point, theme: Theme) -> Iterator[Primitive]:
    """Below the front's lower edge a–b and right of the side's b–c, as strips and fans of gradients.

    Strokes on strokes look the same and take ten times as long, which is too long while the camera moves.
    """
    if theme.flat:
        return
    strength = (76 if theme.dark else 30) / 255
    stops = tuple((at, tint(theme.shadow, strength * share)) for at, share in ((0.0, 0.6), (0.34, 0.88), (1.0, 0.0)))
    length = math.hypot(c[0] - b[0], c[1] - b[1]) or 1.0
    below = (0.0, _SHADOW_PX)
    aside = (-(c[1] - b[1]) / length * _SHADOW_PX, (c[0] - b[0]) / length * _SHADOW_PX)
    share = _SHADOW_PX / (_SHADOW_PX + aside[1])
    mitre = (aside[0] * share, (aside[1] + _SHADOW_PX) * share)  # where both strips meet
    yield Path(polygon(a, b, _out(b, mitre), _out(a, below)), fill=Gradient(a, _out(a, below), stops), smooth=False)
    yield Path(polygon(b, c, _out(c, aside), _out(b, mitre)), fill=Gradient(b, _out(b, aside), stops), smooth=False)
    for corner, rays in (
        (a, (below, (-11.0, 19.0), (-12.0, 7.0), (-2.0, 0.0))),
        (c, (aside, (16.0, 6.0), (3.0, -1.0))),
    ):
        for start, end in pairwise(rays):
            fan = polygon(corner, _out(corner, start), _out(corner, end))
            yield Path(fan, fill=Gradient(corner, _out(corner, _nearest(start, end)), stops), smooth=False)


def _out(point: Point, by: Point) -> Point:
    return point[0] + by[0], point[1] + by[1]


def _nearest(start: Point, end: Point) -> Point:
    """The point of the line through both that is nearest to (0, 0)."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = -(start[0] * dx + start[1] * dy) / (dx * dx + dy * dy)
    return start[0] + dx * along, start[1] + dy * along


def _band_box(span: float, head_px: float, pitch: float) -> tuple[float, float, float, float]:
    """Left, top, width and height from the front left corner of the row."""
    return -head_px, -pitch + _BAND_GAP, head_px + span, pitch - 2 * _BAND_GAP


@lru_cache(maxsize=256)
def _band(style: str, hue: Hue, span: float, head_px: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    outline = rounded_rectangle(*_band_box(span, head_px, pose.pitch), _BAND_RADIUS)
    if style == "view":
        edge = theme.ink if theme.flat else tint(theme.ink, 90 / 255)
        fill = None if theme.flat else tint(theme.ink if theme.dark else WHITE, (20 if theme.dark else 150) / 255)
        return (Path(outline, fill=fill, stroke=Stroke(edge, 1.2)),)
    colour = line_colour(style, hue, theme)
    if style == "layer":
        return (Path(outline, fill=mix(deep(colour), theme.base, 0.80)),)
    edge = colour if theme.dark else theme.readable(colour, 3.0)
    line = 1.6 * theme.weight
    return (Path(outline, fill=mix(colour, theme.base, 0.90), stroke=Stroke(edge, line, (5 * line, 3.5 * line))),)


def _between(style: str, hue: Hue, span: float, head_px: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    """Plain on the way from slab to band: flat fills and one line; it moves, and is drawn anew in every frame."""
    (a, b, c, d), down = _corners(span, pose), pose.thickness
    reach, gap = head_px * pose.phase, _BAND_GAP * pose.phase
    a, b = (a[0] - reach, a[1] - gap), (b[0], b[1] - gap)
    c, d = (c[0], c[1] + gap), (d[0] - reach, d[1] + gap)
    colour = line_colour(style, hue, theme)
    if style == "view":
        edge = tint(theme.ink, 1.0 if theme.flat else 0.4)
        fill = None if theme.flat else tint(theme.ink if theme.dark else WHITE, 0.08 if theme.dark else 0.59)
        return (Path(polygon(a, b, c, d), fill=fill, stroke=Stroke(edge, 1.2)),)
    body = deep(colour)
    if style == "layer":
        face = mix(mix(body, theme.base, theme.face), mix(body, theme.base, 0.80), pose.phase)
        edge_line = Stroke(tint(mix(colour, theme.ink, 0.12), 1 - pose.phase), 1.0)
        parts: list[Primitive] = [Path(polygon(a, b, c, d), fill=face, stroke=edge_line)]
        if down > 0.5:
            parts.append(Path(polygon(a, b, _below(b, down), _below(a, down)), fill=mix(body, theme.base, theme.front)))
            parts.append(Path(polygon(b, c, _below(c, down), _below(b, down)), fill=mix(body, theme.base, theme.side)))
        return tuple(parts)
    edge = colour if theme.dark else theme.readable(colour, 3.0)
    line = 1.8 * theme.weight
    stroke = Stroke(edge, line, (6 * line, 4 * line))
    parts = [Path(polygon(a, b, c, d), fill=mix(colour, theme.base, 0.88), stroke=stroke)]
    if down > 0.5:
        front = polygon(a, b, _below(b, down), _below(a, down))
        parts.append(Path(front, fill=mix(colour, theme.base, 0.86), stroke=stroke))
    return tuple(parts)


@lru_cache(maxsize=256)
def _veil(is_view: bool, span: float, head_px: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    """The ground's colour over the body: a translucent slab would show what lies behind."""
    fill = tint(theme.ground[1], 0.62)
    if theme.flat and not is_view and pose.phase < 0.5:  # black writing stands on the front there
        (a, b, c, d), down = _corners(span, pose), pose.thickness
        return (Path(polygon(a, b, _below(b, down), _below(c, down), c, d), fill=fill),)
    return (Path(_whole(is_view, span, head_px, pose), fill=fill),)


@lru_cache(maxsize=256)
def _glow(is_view: bool, hue: Hue, span: float, head_px: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    outline = _whole(is_view, span, head_px, pose)
    colour = mix(theme.tile(hue), theme.ink, 0.35)
    halo = () if theme.flat else (Path(outline, stroke=Stroke(tint(theme.tile(hue), 0.28), 9)),)
    return (*halo, Path(outline, stroke=Stroke(colour, 2.4 * theme.weight)))


def _whole(is_view: bool, span: float, head_px: float, pose: Pose) -> Segments:
    if pose.phase >= 0.5:
        return rounded_rectangle(*_band_box(span, head_px, pose.pitch), _BAND_RADIUS)
    if is_view:
        return on_plane(pose, VIEW_MARGIN, span - VIEW_MARGIN, 0.02, 0.98, VIEW_RADIUS)
    (a, b, c, d), down = _corners(span, pose), pose.thickness
    return polygon(a, _below(a, down), _below(b, down), _below(c, down), c, d)


def _corners(span: float, pose: Pose) -> tuple[Point, Point, Point, Point]:
    """Front left, front right, back right, back left of the top."""
    return (0, 0), (span, 0), (span + pose.depth_x, pose.depth_y), (pose.depth_x, pose.depth_y)


def _below(point: Point, down: float) -> Point:
    return point[0], point[1] + down
