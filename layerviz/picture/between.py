"""The shape between two others: numbers and places move, everything else changes half-way.

What a tile looks like depends on its width, on the size of its writing and on the slabs' depth. On the way these change
in small steps while places move smoothly: whoever draws then keeps a look for several frames.
"""

from dataclasses import fields
from math import ceil

from layerviz.picture.shapes import (
    AnyShape,
    Badge,
    Beam,
    Camera,
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
_FORM = frozenset(("depth_x", "depth_y", "thickness", "lift"))
"""What a camera says about the form of things."""
WIDTH_STEP_PX, DEPTH_STEP_PX, TEXT_STEP_PX = 3.0, 1.0, 1.0
_CAMERA = tuple(field.name for field in fields(Camera))


def mixed(a: float, b: float, k: float) -> float:
    return a if a == b else a + (b - a) * k


def between(a: AnyShape, b: AnyShape, k: float) -> AnyShape:
    """At share `k` of the way from `a` to `b`, which are of one kind; identity is that of `b`."""
    kind = type(b)
    numbers = _NUMBERS[kind]
    rest = a if k < 0.5 else b
    made = object.__new__(kind)
    for name in _NAMES[kind]:
        x, y = getattr(a, name), getattr(b, name)
        value: object
        if x is y or name in _IDENTITY:
            value = y
        elif name in numbers:
            value = x + (y - x) * k
        elif name in _PLACES and x is not None and y is not None:
            value = Stage(mixed(x.u, y.u, k), mixed(x.v, y.v, k), mixed(x.level, y.level, k))
        elif name == "fill_to" and x is not None and y is not None:
            value = mixed(x, y, k)
        else:
            value = getattr(rest, name)
        object.__setattr__(made, name, value)
    if kind is Tile and 0 < k < 1:
        _step_tile(a, b, k, made)
    return made


def camera_between(a: Camera, b: Camera, k: float) -> Camera:
    """At share `k` of the way; between two views of slabs their depth goes in steps."""
    stepped = _stepped(k, abs(b.depth_y - a.depth_y) / DEPTH_STEP_PX) if a.phase == b.phase and 0 < k < 1 else k
    return Camera(*(mixed(getattr(a, name), getattr(b, name), stepped if name in _FORM else k) for name in _CAMERA))


def _step_tile(a: AnyShape, b: AnyShape, k: float, made: AnyShape) -> None:
    """Width and writing of a tile that is being made, in steps; its middle stays where it is."""
    assert isinstance(a, Tile) and isinstance(b, Tile) and isinstance(made, Tile)
    first, last = a.u1 - a.u0, b.u1 - b.u0
    if abs(first - last) > 0.1:
        half = mixed(first, last, _stepped(k, abs(last - first) / WIDTH_STEP_PX)) / 2
        middle = (made.u0 + made.u1) / 2
        object.__setattr__(made, "u0", middle - half)
        object.__setattr__(made, "u1", middle + half)
    if a.label_px != b.label_px:
        share = _stepped(k, abs(b.label_px - a.label_px) / TEXT_STEP_PX)
        object.__setattr__(made, "label_px", mixed(a.label_px, b.label_px, share))


def _stepped(k: float, steps: float) -> float:
    """`k` as one of so many equal steps from 0 to 1, at least one."""
    count = max(1, ceil(steps))
    return round(k * count) / count


def looks_alike(a: AnyShape, b: AnyShape) -> bool:
    """Whether nothing but numbers and places differs, so that one can move into the other without a jump."""
    if type(a) is not type(b):
        return False
    moving = (*_NUMBERS[type(b)], *_PLACES, *_IDENTITY, "fill_to")
    return all(getattr(a, name) == getattr(b, name) for name in _NAMES[type(b)] if name not in moving)
