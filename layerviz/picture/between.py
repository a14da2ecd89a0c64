"""The shape between two others: numbers and places move, everything else changes half-way.

What a tile looks like depends on its width, on the size of its writing and on the slabs' depth, what light looks like
on its width. On the way these change in small steps while places move smoothly: whoever draws then keeps a look for
several frames.
"""

from collections.abc import Callable
from dataclasses import fields
from math import ceil, floor, log2
from typing import Any

from layerviz.picture.shapes import (
    AnyShape,
    Badge,
    Beam,
    Camera,
    Form,
    Ground,
    Head,
    Label,
    Line,
    Panel,
    Pool,
    Slab,
    Stage,
    Tile,
)

_NUMBERS: dict[type[AnyShape], tuple[str, ...]] = {
    Ground: ("opacity",),
    Slab: ("opacity", "u0", "u1", "level", "text_px", "head_px", "glow", "dim"),
    Tile: ("opacity", "u0", "u1", "level", "v0", "v1", "label_px", "raised", "tall"),
    Beam: ("opacity", "u", "low", "high", "width", "strength", "reach", "foot"),
    Pool: ("opacity", "u", "level", "width"),
    Head: ("opacity", "u", "level", "text_px"),
    Label: ("opacity", "x", "y", "size_px"),
    Badge: ("opacity", "x", "y", "size_px"),
    Line: ("opacity", "x0", "y0", "x1", "y1", "width"),
    Panel: ("opacity", "x", "y", "width", "height", "radius"),
}
_PLACES = frozenset(("on", "on0", "on1"))
_IDENTITY = frozenset(("id", "twin", "alt", "address"))
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in _NUMBERS}
_PUT: dict[type[AnyShape], dict[str, Callable[[AnyShape, Any], None]]] = {
    kind: {name: getattr(kind, name).__set__ for name in names} for kind, names in _NAMES.items()
}
"""What writes a field of a shape that is being made."""
_FORM = frozenset(("depth_x", "depth_y", "thickness", "lift"))
"""What a camera says about the form of things."""
WIDTH_STEP_PX, LIGHT_STEP_PX, DEPTH_STEP_PX, TILE_DEPTH_STEP_PX, TEXT_STEP_PX = 3.0, 4.0, 1.0, 3.0, 1.0
_CAMERA = ("x", "y", "pitch", "depth_x", "depth_y", "thickness", "lift", "phase")


def mixed(a: float, b: float, k: float) -> float:
    return a if a == b else a + (b - a) * k


class Way:
    """The way from `a` to `b`, which are of one kind: what differs is found once, for a motion asks for many shapes."""

    __slots__ = ("_a", "_b", "_first", "_kind", "_moving", "_places", "_second", "_steps")

    def __init__(self, a: AnyShape, b: AnyShape) -> None:
        self._a, self._b, self._kind = a, b, type(b)
        put, numbers = _PUT[self._kind], _NUMBERS[self._kind]
        self._first: list[tuple[Callable[[AnyShape, Any], None], Any]] = []
        self._second: list[tuple[Callable[[AnyShape, Any], None], Any]] = []
        self._moving: list[tuple[Callable[[AnyShape, Any], None], float, float]] = []
        self._places: list[tuple[Callable[[AnyShape, Any], None], Stage, Stage]] = []
        for name in _NAMES[self._kind]:
            x, y = getattr(a, name), getattr(b, name)
            if name not in _IDENTITY and x != y and x is not None and y is not None:
                if name in numbers or name == "fill_to":
                    self._moving.append((put[name], x, y - x))
                    continue
                if name in _PLACES:
                    self._places.append((put[name], x, y))
                    continue
            self._first.append((put[name], y if name in _IDENTITY else x))
            self._second.append((put[name], y))
        self._steps = _STEPS.get(self._kind)

    def at(self, k: float) -> AnyShape:
        """At share `k` of the way; identity is that of its end."""
        made: AnyShape = object.__new__(self._kind)
        for put, value in self._first if k < 0.5 else self._second:
            put(made, value)
        for put, start, by in self._moving:
            put(made, start + by * k)
        for put, x, y in self._places:
            put(made, Stage(mixed(x.u, y.u, k), mixed(x.v, y.v, k), mixed(x.level, y.level, k)))
        if self._steps is not None and 0 < k < 1:
            self._steps(self._a, self._b, k, made)
        return made


def camera_between(a: Camera, b: Camera, k: float) -> Camera:
    """At share `k` of the way; between two views of slabs their depth goes in steps, the form of tiles in larger ones.

    A tile's own depth is a part of the slab's: in between its far corners are two px from their places at most."""
    if a == b or not 0 < k < 1:
        return b if k > 0 else a
    share = _stepped(k, abs(b.depth_y - a.depth_y) / DEPTH_STEP_PX) if a.phase == b.phase else k
    rough = _in_step(k, max(abs(b.depth_x - a.depth_x), abs(b.depth_y - a.depth_y)) / TILE_DEPTH_STEP_PX)
    tiles = Form(*(mixed(getattr(a, name), getattr(b, name), rough) for name in Form._fields))
    numbers = {name: mixed(getattr(a, name), getattr(b, name), share if name in _FORM else k) for name in _CAMERA}
    return Camera(**numbers, tiles=tiles)


def _step_tile(a: AnyShape, b: AnyShape, k: float, made: AnyShape) -> None:
    """Width and writing of a tile that is being made, in steps; its middle stays where it is."""
    assert isinstance(a, Tile) and isinstance(b, Tile) and isinstance(made, Tile)
    first, last = a.u1 - a.u0, b.u1 - b.u0
    if abs(first - last) > 0.1:
        half = mixed(first, last, _in_step(k, abs(last - first) / WIDTH_STEP_PX)) / 2
        middle = (made.u0 + made.u1) / 2
        object.__setattr__(made, "u0", middle - half)
        object.__setattr__(made, "u1", middle + half)
    if a.label_px != b.label_px:
        share = _in_step(k, abs(b.label_px - a.label_px) / TEXT_STEP_PX)
        object.__setattr__(made, "label_px", mixed(a.label_px, b.label_px, share))


def _step_light(a: AnyShape, b: AnyShape, k: float, made: AnyShape) -> None:
    """The width of a beam or its window."""
    assert isinstance(a, Beam | Pool) and isinstance(b, Beam | Pool)
    if a.width != b.width:
        share = _in_step(k, abs(b.width - a.width) / LIGHT_STEP_PX)
        object.__setattr__(made, "width", mixed(a.width, b.width, share))


_STEPS: dict[type[AnyShape], Callable[[AnyShape, AnyShape, float, AnyShape], None]] = {
    Tile: _step_tile,
    Beam: _step_light,
    Pool: _step_light,
}


def _stepped(k: float, steps: float) -> float:
    """`k` as one of so many equal steps from 0 to 1, at least one."""
    count = max(1, ceil(steps))
    return round(k * count) / count


def _in_step(k: float, steps: float) -> float:
    """The same in about so many steps, both ends among them. They are a power of two and change at equal shares of the
    way: whoever has fewer changes only when one with more does."""
    count: int = 1 << max(1, round(log2(max(steps, 1.0))))
    return min(floor(k * count), count - 1) / (count - 1)


def looks_alike(a: AnyShape, b: AnyShape) -> bool:
    """Whether nothing but numbers and places differs, so that one can move into the other without a jump."""
    if type(a) is not type(b):
        return False
    moving = (*_NUMBERS[type(b)], *_PLACES, *_IDENTITY, "fill_to")
    return all(getattr(a, name) == getattr(b, name) for name in _NAMES[type(b)] if name not in moving)
