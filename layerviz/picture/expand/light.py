"""Light: cylinders from the newest version of a path up to the merged view, and the windows they leave in slabs."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from layerviz.picture.expand.geometry import Pose, Segments, ellipse, flattened, rectangle
from layerviz.picture.primitives import Gradient, Path, Piece, Point, Primitive, Rgba, Stroke
from layerviz.picture.shapes import Beam, Camera, Hue, Pool, Stage
from layerviz.picture.theme import WHITE, Theme, deep, mix, tint

STRIP_PX = 64.0
"""What the primitives of a strip describe (see `Piece`)."""
_FOOT = 0.15
"""Half the height of a beam's round foot, in widths."""
_LAYERS = ((0.0, 0.55), (0.15, 0.50), (0.32, 0.35))
"""Overlapping gradients that make a cylinder: where each begins at the sides, its share of the light in the middle."""
_CORE = (0.43, 1.15)
_FLAT_LINE = 3.0


def beam(shape: Beam, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """A strip, its round foot, and the bar that stops it."""
    ends = _ends(shape, camera)
    opacity = shape.opacity * shape.strength * _shown(pose.phase)
    if ends.bottom - ends.top < 0.5 or opacity <= 0:
        return
    if pose.phase >= 0.5:
        line = _FLAT_LINE * theme.weight
        yield Piece(
            ends.x - line / 2,
            ends.top,
            _thread(shape.hue, theme),
            ("thread", shape.hue),
            opacity,
            ends.bottom - ends.top,
        )
    else:
        width_px = _even(shape.width)
        left = ends.x - width_px / 2
        yield Piece(
            left,
            ends.top,
            _strip(shape.hue, width_px, theme),
            ("beam", shape.hue, width_px),
            opacity,
            ends.bottom - ends.top,
        )
        if not theme.flat:
            yield Piece(left, ends.bottom, _foot(shape.hue, width_px, theme), ("foot", shape.hue, width_px), opacity)
    yield from _stopping_bar(shape, ends, pose, theme)


def beam_whole(shape: Beam, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """The same for outputs that know no strips: strip and foot as one outline, without a seam."""
    ends = _ends(shape, camera)
    opacity = shape.opacity * shape.strength * _shown(pose.phase)
    height = ends.bottom - ends.top
    if height < 0.5 or opacity <= 0:
        return
    width_px = _even(shape.width)
    if pose.phase >= 0.5 or theme.flat:
        thread = pose.phase >= 0.5
        line = _FLAT_LINE * theme.weight if thread else width_px * 0.22
        fill = _thread_colour(shape.hue, theme) if thread else theme.tile(shape.hue)
        drawn: tuple[Primitive, ...] = (Path(rectangle(-line / 2, 0, line, height), fill=fill),)
    else:
        left = -width_px / 2
        outline: Segments = (("M", (left, 0.0)), ("L", (-left, 0.0)), *_round_end(left, height, width_px), ("Z",))
        drawn = tuple(Path(outline, fill=fill) for fill in _cylinder(left, width_px, shape.hue, theme))
    yield Piece(ends.x, ends.top, drawn, opacity=opacity)
    yield from _stopping_bar(shape, ends, pose, theme)


def beam_outline(shape: Beam, camera: Camera) -> tuple[Point, ...]:
    ends = _ends(shape, camera)
    half = shape.width / 2 if camera.phase < 0.5 else _FLAT_LINE
    left, right = ends.x - half, ends.x + half
    return (left, ends.top), (right, ends.top), (right, ends.bottom), (left, ends.bottom)


def pool(shape: Pool, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """A round window: a tile-shaped one would look like an empty tile, which is what a whiteout is."""
    opacity = shape.opacity * max(0.0, 1 - 4 * pose.phase)
    if opacity <= 0:
        return
    x, y = camera.at(Stage(shape.u, 0.5, shape.level))
    key = ("pool", shape.hue, _even(shape.width))
    yield Piece(x, y, _pool(*key[1:], theme), key, opacity)


def pool_outline(shape: Pool, camera: Camera) -> tuple[Point, ...]:
    x, y = camera.at(Stage(shape.u, 0.5, shape.level))
    return flattened(ellipse(x, y, shape.width * 0.56, shape.width * 0.21), 3)


class _Ends(NamedTuple):
    x: float
    top: float
    bottom: float


def _ends(shape: Beam, camera: Camera) -> _Ends:
    x, bottom = camera.at(Stage(shape.u, 0.5, shape.low))
    # Up to the middle of the next row: an opaque slab covers the rest, and glass shows it.
    top = camera.at(Stage(shape.u, 0.5, shape.high))[1]
    if camera.phase >= 0.5:
        bottom = camera.at(Stage(shape.u, 0.84 if shape.from_tile else 0.0, shape.low))[1]
        bottom -= camera.lift if shape.from_tile else 0
        top = camera.at(Stage(shape.u, 0.2, shape.high))[1]
        if shape.stopped:
            top += 5
    else:
        bottom -= camera.lift + shape.foot if shape.from_tile else 0
        if shape.stopped:
            top = camera.at(Stage(shape.u, 0.0, shape.high))[1] + camera.thickness + 7
    return _Ends(x, bottom - (bottom - top) * shape.reach, bottom)


def _stopping_bar(shape: Beam, ends: _Ends, pose: Pose, theme: Theme) -> Iterator[Piece]:
    if shape.stopped and shape.reach >= 1:
        wide = _even(shape.width) if pose.phase < 0.5 else 18.0
        yield Piece(ends.x, ends.top, _bar(wide, theme), ("bar", wide), shape.opacity)


def _even(width_px: float) -> float:
    """An even number of px: so beam, foot and window are rounded to the same middle."""
    return 2.0 * max(1, round(width_px / 2))


def _shown(phase: float) -> float:
    """Between the views there is no light: it goes out before and comes on after."""
    return max(0.0, 1 - 4 * phase, 4 * phase - 3)


def _cylinder(left: float, width_px: float, hue: Hue, theme: Theme) -> Iterator[Gradient]:
    light = mix(deep(theme.tile(hue)), WHITE, 0.14 if theme.name == "dark" else 0)
    core = mix(light, WHITE, 0.42 if theme.name == "dark" else 0)
    for inset, share in _LAYERS:
        yield _ridge(left, width_px, inset, tint(light, min(1.0, theme.light * share)))
    yield _ridge(left, width_px, _CORE[0], tint(core, min(1.0, theme.light * _CORE[1])))


def _ridge(left: float, width_px: float, inset: float, colour: Rgba) -> Gradient:
    nothing = tint(colour, 0.0)
    return Gradient(
        (left + width_px * inset, 0.0),
        (left + width_px * (1 - inset), 0.0),
        ((0.0, nothing), (0.5, colour), (1.0, nothing)),
    )


@lru_cache(maxsize=256)
def _strip(hue: Hue, width_px: float, theme: Theme) -> tuple[Primitive, ...]:
    if theme.flat:
        return (Path(rectangle(width_px * 0.39, 0, width_px * 0.22, STRIP_PX), fill=theme.tile(hue)),)
    return tuple(Path(rectangle(0, 0, width_px, STRIP_PX), fill=fill) for fill in _cylinder(0.0, width_px, hue, theme))


@lru_cache(maxsize=256)
def _foot(hue: Hue, width_px: float, theme: Theme) -> tuple[Primitive, ...]:
    outline: Segments = (("M", (0.0, 0.0)), *_round_end(0.0, 0.0, width_px), ("Z",))
    return tuple(Path(outline, fill=fill) for fill in _cylinder(0.0, width_px, hue, theme))


def _round_end(left: float, y: float, width_px: float) -> Segments:
    """From (right, y) round to (left, y) through the lower half of an ellipse."""
    middle = left + width_px / 2
    lower = ellipse(middle, y, width_px / 2, width_px * _FOOT)[1:3]
    return (("L", (left + width_px, y)), *lower)


@lru_cache(maxsize=64)
def _thread(hue: Hue, theme: Theme) -> tuple[Primitive, ...]:
    return (Path(rectangle(0, 0, _FLAT_LINE * theme.weight, STRIP_PX), fill=_thread_colour(hue, theme)),)


def _thread_colour(hue: Hue, theme: Theme) -> Rgba:
    """Quieter than the tiles that it joins and seen on pale bands, yet opaque: threads of several rows overlap."""
    if theme.dark:
        return mix(theme.tile(hue), theme.base, 0.2)
    return mix(deep(theme.tile(hue)), theme.ink, 0.2)


@lru_cache(maxsize=64)
def _bar(width_px: float, theme: Theme) -> tuple[Primitive, ...]:
    line = Stroke(theme.bad, 5 * theme.weight, cap="round")
    return (Path((("M", (-width_px / 2, 0.0)), ("L", (width_px / 2, 0.0))), stroke=line),)


@lru_cache(maxsize=256)
def _pool(hue: Hue, width_px: float, theme: Theme) -> tuple[Primitive, ...]:
    light = theme.tile(hue) if theme.flat else deep(theme.tile(hue))
    outline = ellipse(0, 0, width_px * 0.56, width_px * 0.21)
    edge = Stroke(tint(light, (235 if theme.flat else 170) / 255), 1.4 * theme.weight)
    return (Path(outline, fill=None if theme.flat else tint(light, 52 / 255), stroke=edge),)
