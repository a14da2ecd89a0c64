"""Slabs: a layer's body with the writing on its front edge; in the flat view a band with a head."""

from collections.abc import Iterator
from functools import lru_cache

from layerviz.picture.expand.geometry import (
    Pose,
    Segments,
    moved,
    on_plane,
    polygon,
    polyline,
    rounded_rectangle,
)
from layerviz.picture.expand.writing import text_at
from layerviz.picture.icons import icon
from layerviz.picture.primitives import Font, Gradient, Path, Piece, Point, Primitive, Rgba, Stroke, Text
from layerviz.picture.shapes import Camera, Hue, Slab, Stage
from layerviz.picture.theme import INK_ON_TILE, WHITE, Theme, deep, mix, second_round, tint
from layerviz.picture.widths import elide, elide_middle, width

VIEW_MARGIN, VIEW_RADIUS = 14.0, 18.0
_BAND_GAP, _BAND_RADIUS = 2.0, 8.0
_SMALL_PX = 14.0
RIGHT_PX = 100.0
"""Room right of a flat band for what stands at its end."""


def slab(shape: Slab, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """Body, dimness, writing, glow: what is dimmed can still be read."""
    x, y = camera.at(Stage(shape.u0, 0.0, shape.level))
    span = round(shape.u1 - shape.u0, 1)
    if pose.phase == 0:
        body = ("slab", shape.style, shape.hue, span, pose)
        yield Piece(x, y, _body(*body[1:], theme), body, shape.opacity)
    elif pose.phase == 1:
        band = ("band", shape.style, shape.hue, span, shape.head_px, pose)
        yield Piece(x, y, _band(*band[1:], theme), band, shape.opacity)
    else:
        yield Piece(x, y, _between(shape.style, shape.hue, span, shape.head_px, pose, theme), None, shape.opacity)
    if shape.dim > 0:
        veil = ("dimmed", shape.style == "view", span, shape.head_px, pose)
        yield Piece(x, y, _veil(*veil[1:], theme), veil, shape.dim * shape.opacity)
    yield from _front(shape, x, y, span, pose, theme, shape.opacity * max(0.0, 1 - 4 * pose.phase))
    yield from _head(shape, x, y, span, pose, theme, shape.opacity * max(0.0, 4 * pose.phase - 3))
    if shape.glow > 0:
        glow = ("glow", shape.style == "view", shape.hue, span, shape.head_px, pose)
        yield Piece(x, y, _glow(*glow[1:], theme), glow, shape.glow * shape.opacity)


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


def _colour(style: str, hue: Hue, theme: Theme) -> Rgba:
    """Of a slab's lines and of its chip."""
    if style == "container":
        return theme.writable
    return theme.tile(hue)


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
    yield from _soft_shadow(polygon(*(_below(point, down) for point in (a, b, c, d))), theme)
    if theme.flat:
        yield Path(polygon(a, b, c, d), fill=mix(body, theme.base, theme.face))
    else:
        stops = ((0.0, mix(body, theme.base, theme.face - 0.08)), (1.0, mix(body, theme.base, theme.face + 0.06)))
        yield Path(polygon(a, b, c, d), fill=Gradient(a, c, stops))
    yield Path(polygon(a, b, _below(b, down), _below(a, down)), fill=mix(body, theme.base, theme.front))
    yield Path(polygon(b, c, _below(c, down), _below(b, down)), fill=mix(body, theme.base, theme.side))
    yield Path(polyline(a, b), stroke=Stroke(rim, 1.3 * theme.weight))
    edge = Stroke(rim if theme.flat else tint(rim, 110 / 255), theme.weight)
    yield Path(polyline(a, d, c, b), stroke=edge)
    if theme.flat:
        yield Path(polyline(_below(b, down), _below(c, down), c), stroke=edge)


def _dashed_body(style: str, hue: Hue, span: float, pose: Pose, theme: Theme) -> Iterator[Primitive]:
    (a, b, c, d), down = _corners(span, pose), pose.thickness
    colour = _colour(style, hue, theme)
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


def _soft_shadow(outline: Segments, theme: Theme) -> Iterator[Primitive]:
    if theme.flat:
        return
    strength = (13 if theme.dark else 5) / 255
    for k in range(6, 0, -1):
        yield Path(moved(outline, 0, 8 + k), stroke=Stroke(tint(theme.shadow, strength), k * 5, cap="round"))


def _front(shape: Slab, x: float, y: float, span: float, pose: Pose, theme: Theme, opacity: float) -> Iterator[Piece]:
    if opacity <= 0 or not (shape.number or shape.title or shape.detail or shape.right):
        return
    key = (
        "front",
        shape.style,
        shape.hue,
        span,
        pose.thickness if pose.phase == 0 else 28.0,
        (shape.number, shape.title, shape.detail, shape.detail_mono, shape.right, shape.lock, shape.text_px),
    )
    yield Piece(x, y, _front_writing(*key[1:], theme), key, opacity)


@lru_cache(maxsize=512)
def _front_writing(
    style: str,
    hue: Hue,
    span: float,
    thickness: float,
    words: tuple[str, str, str, bool, str, str, float],
    theme: Theme,
) -> tuple[Primitive, ...]:
    number, title, detail, detail_mono, right_text, lock, px = words
    if style == "view":
        font = Font(_SMALL_PX, 600)
        return (Text(18, 19, title, font, theme.dim),) if title else ()
    parts: list[Primitive] = []
    small = max(_SMALL_PX, px - 1)
    colour = _colour(style, hue, theme)
    ink, quiet = _inks(style, hue, theme)
    middle = thickness / 2
    base = middle + px * 0.36
    x = 12.0
    if number:
        parts += _chip(x, middle, number, px, px + 4, 5, *_chip_colours(colour, theme, style), second_round(hue))
        x += _chip_width(number, px, px + 4) + 10
    right = span - 14
    if right_text:
        font = Font(small, 500)
        parts.append(text_at(right, base, right_text, font, ink, "right"))
        right -= width(right_text, font) + 6
    if lock:
        parts += icon(lock, right - 16, middle - 8, 15, ink)
        right -= 30
    if title:
        title = elide(title, Font(px, 600), right - x)
        parts.append(Text(x, base, title, Font(px, 600), ink))
        x += width(title, Font(px, 600)) + 14
    if detail and right - x > 3 * px:
        font = Font(small, 400, "mono" if detail_mono else "sans")
        cut = elide_middle if detail_mono else elide
        parts.append(Text(x, base, cut(detail, font, right - x), font, quiet))
    return tuple(parts)


def _inks(style: str, hue: Hue, theme: Theme) -> tuple[Rgba, Rgba]:
    """Of the title and of the detail."""
    if style == "container":
        ink = theme.text("rw")
        return ink, ink
    if style == "expected":
        return theme.ink, theme.ink
    colour = theme.tile(hue)
    return theme.front_ink, mix(
        theme.front_ink, mix(colour if theme.flat else deep(colour), theme.base, theme.front), 0.08
    )


def _chip_colours(colour: Rgba, theme: Theme, style: str) -> tuple[Rgba, Rgba]:
    """Of the chip and of the number on it."""
    if theme.name == "dark" or style == "expected":
        return colour, INK_ON_TILE
    if style == "container":
        return colour, WHITE if theme.name == "light" else INK_ON_TILE
    return INK_ON_TILE, colour


def _chip_width(number: str, px: float, least: float) -> float:
    return max(least, width(number, Font(px, 700)) + 10)


def _chip(
    x: float, middle: float, number: str, px: float, size: float, radius: float, fill: Rgba, ink: Rgba, bar: bool
) -> Iterator[Primitive]:
    wide = _chip_width(number, px, size)
    yield Path(rounded_rectangle(x, middle - size / 2, wide, size, radius), fill=fill)
    yield text_at(x + wide / 2, middle + px * (0.36 if not bar else 0.28), number, Font(px, 700), ink, "centre")
    if bar:
        yield Path(rounded_rectangle(x + 4, middle + size / 2 - 3.8, wide - 8, 2.2, 1.1), fill=tint(ink, 0.67))


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
    colour = _colour(style, hue, theme)
    if style == "layer":
        return (Path(outline, fill=mix(deep(colour), theme.base, 0.80)),)
    edge = colour if theme.dark else theme.readable(colour, 3.0)
    line = 1.6 * theme.weight
    return (Path(outline, fill=mix(colour, theme.base, 0.90), stroke=Stroke(edge, line, (5 * line, 3.5 * line))),)


def _head(shape: Slab, x: float, y: float, span: float, pose: Pose, theme: Theme, opacity: float) -> Iterator[Piece]:
    if opacity <= 0 or not (shape.number or shape.title or shape.detail or shape.right):
        return
    key = (
        "bandhead",
        shape.style,
        shape.hue,
        span,
        shape.head_px,
        pose.pitch,
        (shape.number, shape.title, shape.detail, shape.detail_mono, shape.right, shape.lock, shape.text_px),
    )
    yield Piece(x, y, _head_writing(*key[1:], theme), key, opacity)


@lru_cache(maxsize=256)
def _head_writing(
    style: str,
    hue: Hue,
    span: float,
    head_px: float,
    pitch: float,
    words: tuple[str, str, str, bool, str, str, float],
    theme: Theme,
) -> tuple[Primitive, ...]:
    number, title, detail, detail_mono, right_text, lock, px = words
    parts: list[Primitive] = []
    ink = theme.text("rw") if style == "container" else theme.ink
    middle = -pitch / 2
    base, x = middle + px * 0.36, -head_px + 10
    if number:
        size = min(px * 1.6, pitch - 8)
        parts += _chip(x, middle, number, px, size, 6, _colour(style, hue, theme), INK_ON_TILE, second_round(hue))
        x += _chip_width(number, px, size) + 10
    elif lock and style == "container":
        parts += icon(lock, x, middle - 8, 15, ink)
        x += 25
    room = -10.0
    if title:
        font = Font(px, 700 if style == "view" else 600)
        title = elide(title, font, room - x)
        parts.append(Text(x, base, title, font, ink))
        x += width(title, font) + 12
    if detail and room - x > 3 * px:
        font = Font(
            px if not title else max(_SMALL_PX, px - 1), 400 if title else 500, "mono" if detail_mono else "sans"
        )
        cut = elide_middle if detail_mono else elide
        parts.append(Text(x, base, cut(detail, font, room - x), font, ink))
    if right_text:
        parts.append(text_at(span + RIGHT_PX, base, right_text, Font(px, 500), ink, "right"))
    return tuple(parts)


def _between(style: str, hue: Hue, span: float, head_px: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    """Plain on the way from slab to band: flat fills and one line; it moves, and is drawn anew in every frame."""
    (a, b, c, d), down = _corners(span, pose), pose.thickness
    reach, gap = head_px * pose.phase, _BAND_GAP * pose.phase
    a, b = (a[0] - reach, a[1] - gap), (b[0], b[1] - gap)
    c, d = (c[0], c[1] + gap), (d[0] - reach, d[1] + gap)
    colour = _colour(style, hue, theme)
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
