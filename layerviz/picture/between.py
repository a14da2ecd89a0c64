"""The shape between two others: numbers and places move, everything else changes half-way."""

from dataclasses import fields

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
    return made


def camera_between(a: Camera, b: Camera, k: float) -> Camera:
    return Camera(*(mixed(getattr(a, name), getattr(b, name), k) for name in _CAMERA))


def looks_alike(a: AnyShape, b: AnyShape) -> bool:
    """Whether nothing but numbers and places differs, so that one can move into the other without a jump."""
    if type(a) is not type(b):
        return False
    moving = (*_NUMBERS[type(b)], *_PLACES, *_IDENTITY, "fill_to")
    return all(getattr(a, name) == getattr(b, name) for name in _NAMES[type(b)] if name not in moving)
