"""What is written on a slab's front edge, or at the head of a flat band: number, title, instruction, lock.

Two pieces, one for each end, so that neither has to be painted anew when the slab grows or the camera moves."""

from collections.abc import Iterator
from functools import lru_cache

from layerviz.picture.expand.geometry import Pose, rounded_rectangle
from layerviz.picture.expand.writing import text_at
from layerviz.picture.icons import icon
from layerviz.picture.primitives import Font, Path, Piece, Primitive, Rgba, Text
from layerviz.picture.shapes import Hue, Slab
from layerviz.picture.theme import INK_ON_TILE, WHITE, Theme, deep, mix, second_round, tint
from layerviz.picture.widths import elide, elide_middle, width

RIGHT_PX = 100.0
"""Room right of a flat band for what stands at its end."""
_LEFT_PX, _END_PX = 12.0, 14.0
_SMALL_PX = 14.0
_LOCK_PX = 30.0


def front(shape: Slab, x: float, y: float, span: float, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """On the front edge whose upper left corner is (x, y); it is gone before the edge has closed."""
    opacity = shape.opacity * max(0.0, 1 - 4 * pose.phase)
    if opacity <= 0 or shape.style == "view":
        return
    middle = y + pose.thickness / 2
    px = shape.text_px
    left, right = _LEFT_PX, span - _END_PX
    if shape.right or shape.lock:
        end = (shape.style, shape.hue, shape.right, shape.lock, px)
        yield Piece(x + right, middle, _end(*end, theme), ("edge end", *end), opacity)
        right -= (width(shape.right, Font(_small(px), 500)) + 6 if shape.right else 0) + _LOCK_PX * bool(shape.lock)
    title, detail = _cut(shape, px, right - left - (_chip_width(shape.number, px, px + 4) + 10) * bool(shape.number))
    if shape.number or title or detail:
        start = (shape.style, shape.hue, shape.number, title, detail, shape.detail_mono, px)
        yield Piece(x + left, middle, _start(*start, theme), ("edge start", *start), opacity)


def head(shape: Slab, x: float, y: float, span: float, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """Left of a flat band whose row begins at (x, y), and at its end; it comes once the band lies level."""
    opacity = shape.opacity * max(0.0, 4 * pose.phase - 3)
    if opacity <= 0:
        return
    px, middle = shape.text_px, y - pose.pitch / 2
    size = round(min(px * 1.6, pose.pitch - 8), 1)
    if shape.right:
        end = (shape.style, shape.right, px)
        yield Piece(x + span + RIGHT_PX, middle, _band_end(*end, theme), ("band end", *end), opacity)
    room = max(shape.title_px, shape.head_px) - 20
    if shape.number:
        room -= _chip_width(shape.number, px, size) + 10
    elif shape.lock and shape.style == "container":
        room -= 25
    title, detail = _cut(shape, px, room)
    if shape.number or title or detail or (shape.lock and shape.style == "container"):
        start = (shape.style, shape.hue, shape.number, title, detail, shape.detail_mono, px, size, shape.lock)
        left = x - shape.head_px + 10
        yield Piece(left, middle, _band_start(*start, theme), ("band start", *start), opacity)


def line_colour(style: str, hue: Hue, theme: Theme) -> Rgba:
    """Of a slab's lines and of its chip."""
    return theme.writable if style == "container" else theme.tile(hue)


def _small(px: float) -> float:
    return max(_SMALL_PX, px - 1)


def _cut(shape: Slab, px: float, room: float) -> tuple[str, str]:
    """Title and detail as far as there is room for them."""
    title = elide(shape.title, _title_font(shape, px), room) if shape.title else ""
    if title:
        room -= width(title, _title_font(shape, px)) + 14
    if not shape.detail or room < 3 * px:
        return title, ""
    cut = elide_middle if shape.detail_mono else elide
    return title, cut(shape.detail, _detail_font(shape.detail_mono, px), room)


def _title_font(shape: Slab, px: float) -> Font:
    return Font(px, 700 if shape.style == "view" else 600)


def _detail_font(mono: bool, px: float) -> Font:
    return Font(_small(px), 400, "mono" if mono else "sans")


@lru_cache(maxsize=512)
def _start(
    style: str, hue: Hue, number: str, title: str, detail: str, mono: bool, px: float, theme: Theme
) -> tuple[Primitive, ...]:
    """From its left end, on its middle."""
    ink, quiet = _inks(style, hue, theme)
    parts: list[Primitive] = []
    x = 0.0
    if number:
        colours = _chip_colours(line_colour(style, hue, theme), theme, style)
        parts += _chip(number, px, px + 4, 5, *colours, second_round(hue))
        x = _chip_width(number, px, px + 4) + 10
    return (*parts, *_words(x, title, detail, mono, px, Font(px, 600), ink, quiet))


@lru_cache(maxsize=512)
def _end(style: str, hue: Hue, words: str, lock: str, px: float, theme: Theme) -> tuple[Primitive, ...]:
    """To the left of its right end, on its middle."""
    ink, _ = _inks(style, hue, theme)
    parts: list[Primitive] = []
    right = 0.0
    if words:
        font = Font(_small(px), 500)
        parts.append(text_at(0, px * 0.36, words, font, ink, "right"))
        right = -width(words, font) - 6
    if lock:
        parts += icon(lock, right - 16, -8, 15, ink)
    return tuple(parts)


@lru_cache(maxsize=256)
def _band_start(
    style: str,
    hue: Hue,
    number: str,
    title: str,
    detail: str,
    mono: bool,
    px: float,
    size: float,
    lock: str,
    theme: Theme,
) -> tuple[Primitive, ...]:
    ink = theme.text("rw") if style == "container" else theme.ink
    parts: list[Primitive] = []
    x = 0.0
    if number:
        parts += _chip(number, px, size, 6, line_colour(style, hue, theme), INK_ON_TILE, second_round(hue))
        x = _chip_width(number, px, size) + 10
    elif lock and style == "container":
        parts += icon(lock, 0, -8, 15, ink)
        x = 25.0
    return (*parts, *_words(x, title, detail, mono, px, Font(px, 700 if style == "view" else 600), ink, ink))


@lru_cache(maxsize=128)
def _band_end(style: str, words: str, px: float, theme: Theme) -> tuple[Primitive, ...]:
    ink = theme.text("rw") if style == "container" else theme.ink
    return (text_at(0, px * 0.36, words, Font(px, 500), ink, "right"),)


def _words(
    x: float, title: str, detail: str, mono: bool, px: float, font: Font, ink: Rgba, quiet: Rgba
) -> Iterator[Primitive]:
    if title:
        yield Text(x, px * 0.36, title, font, ink)
        x += width(title, font) + 14
    if detail:
        yield Text(x, px * 0.36, detail, _detail_font(mono, px), quiet)


def _inks(style: str, hue: Hue, theme: Theme) -> tuple[Rgba, Rgba]:
    """Of the title and of the detail."""
    if style == "container":
        ink = theme.text("rw")
        return ink, ink
    if style == "expected":
        return theme.ink, theme.ink
    colour = theme.tile(hue)
    under = mix(colour if theme.flat else deep(colour), theme.base, theme.front)
    return theme.front_ink, mix(theme.front_ink, under, 0.08)


def _chip_colours(colour: Rgba, theme: Theme, style: str) -> tuple[Rgba, Rgba]:
    """Of the chip and of the number on it."""
    if theme.name == "dark" or style == "expected":
        return colour, INK_ON_TILE
    if style == "container":
        return colour, WHITE if theme.name == "light" else INK_ON_TILE
    return INK_ON_TILE, colour


def _chip_width(number: str, px: float, least: float) -> float:
    return max(least, width(number, Font(px, 700)) + 10)


def _chip(number: str, px: float, size: float, radius: float, fill: Rgba, ink: Rgba, bar: bool) -> Iterator[Primitive]:
    wide = _chip_width(number, px, size)
    yield Path(rounded_rectangle(0, -size / 2, wide, size, radius), fill=fill)
    yield text_at(wide / 2, px * (0.28 if bar else 0.36), number, Font(px, 700), ink, "centre")
    if bar:
        yield Path(rounded_rectangle(4, size / 2 - 3.8, wide - 8, 2.2, 1.1), fill=tint(ink, 0.67))
