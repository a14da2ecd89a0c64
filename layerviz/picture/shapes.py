"""Semantic shapes of the stage, the camera that places them, and frames.

Two anchors: a place on the *stage* (u, v, level) goes through the camera, a place on the *page* is px from the frame's
top left corner. u is px to the right along a slab's front edge, v from 0 (front edge) to 1 (back edge), level counts
rows from 0 at the bottom and may lie between two rows while something moves.

A shape's `id` is unique in its frame, `twin` says which thing it shows whatever the picture: shapes of
two pictures with the same `twin` are the same thing, and one moves to the other. `alt` is its text alternative.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, NamedTuple

Look = Literal["solid", "hidden", "whiteout", "hole", "slot", "ghost", "expected"]
Hue = int | Literal["rw", "bad", "dim", "ink", "accent"]
"""A layer's hue by its position from 1 (9 to 16 use those of 1 to 8 again, with a bar), or a token of the theme."""


class Stage(NamedTuple):
    """A place on the stage."""

    u: float
    v: float
    level: float


class Form(NamedTuple):
    """What a camera says about the form of tiles."""

    depth_x: float
    depth_y: float
    lift: float
    phase: float


@dataclass(frozen=True, slots=True)
class Camera:
    """Where u, v and level point on the page, in px: one affine map for both views and everything between.

    (u, v, level) lies at (x + u + v·depth_x, y − level·pitch + v·depth_y). `phase` is 0 in the slabs view and 1 in the
    flat one.
    `thickness` of a slab's front and `lift` of a tile go straight up or down the page. `tiles` is the form of tiles
    while the camera moves, which follows it in larger steps; None: as the camera says.
    """

    x: float
    y: float
    pitch: float
    depth_x: float
    depth_y: float
    thickness: float
    lift: float
    phase: float = 0.0
    tiles: Form | None = None

    def at(self, place: Stage) -> tuple[float, float]:
        u, v, level = place
        return self.x + u + v * self.depth_x, self.y - level * self.pitch + v * self.depth_y


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What all shapes have. `address` is what a click on it means ("three[3]:/file5", "three[3]", "c1:/"), "" for
    none."""

    id: str
    twin: str = ""
    alt: str = ""
    address: str = ""
    opacity: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Shape):
    """The page itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slab(Shape):
    """A layer's body with the writing on its front edge; in the flat view a band with a head of `head_px` left of it,
    whose title may be `title_px` long where that is more.

    `style`: an image layer, a container's layer (dashed, green), one that is only expected (dashed in its own hue), or
    a merged view (a glass panel). `glow` 0 to 1 outlines it (claimed, chosen, spoken of), `dim` 0 to 1 fades it.
    """

    u0: float
    u1: float
    level: float
    style: Literal["layer", "container", "expected", "view"] = "layer"
    hue: Hue = 1
    number: str = ""
    title: str = ""
    detail: str = ""
    detail_mono: bool = True
    right: str = ""
    lock: Literal["", "lock", "lock-open"] = ""
    text_px: float = 15.0
    head_px: float = 250.0
    title_px: float = 0.0
    glow: float = 0.0
    dim: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile(Shape):
    """A version of a path. `raised` is px above its resting place; `label` its numeral, size or number of entries.

    `tall` is px that its block is higher than others, for the bytes in it.
    `hues` of a directory that several layers write to stand as stripes at its front edge. `tag` is a word under it.
    `chosen`: outlined as selected; `pointed`: the pointer or the keyboard is on it.
    """

    u0: float
    u1: float
    level: float
    v0: float = 0.16
    v1: float = 0.84
    hue: Hue = 1
    look: Look = "solid"
    kind: Literal["file", "dir", "link", "device", "fold"] = "file"
    label: str = ""
    label_px: float = 40.0
    tag: str = ""
    hues: tuple[Hue, ...] = ()
    raised: float = 0.0
    tall: float = 0.0
    chosen: bool = False
    pointed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Beam(Shape):
    """Light in a column, from the tile or window at level `low` up to what stands at level `high` (the next row).

    `from_tile`: it begins on a tile (at its lifted top), else in a window. `reach` 0 to 1: how much of the way it has
    come. `foot` is px that its tile is higher than others.
    `stopped`: it ends at a bar under row `high` (a whiteout lies there)."""

    u: float
    low: float
    high: float
    width: float
    hue: Hue
    strength: float = 1.0
    from_tile: bool = True
    reach: float = 1.0
    foot: float = 0.0
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Shape):
    """The round window that light leaves in a slab it passes."""

    u: float
    level: float
    width: float
    hue: Hue


@dataclass(frozen=True, slots=True, kw_only=True)
class Head(Shape):
    """The name of a column's path, behind the row at `level`; it runs away along the depth axis (leans in the flat
    view)."""

    u: float
    level: float
    text: str
    seen: bool = True
    text_px: float = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label(Shape):
    """One line of text. Its anchor is (x, y) px, from the page's corner or from `on` if that is given; `align` says
    which part of the line stands there, on its baseline. It is cut to `max_px` by the layout, not here."""

    x: float
    y: float
    text: str
    on: Stage | None = None
    size_px: float = 14.0
    weight: Literal[400, 500, 600, 700] = 400
    mono: bool = False
    colour: Hue = "ink"
    align: Literal["left", "centre", "right"] = "left"
    spacing: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge(Shape):
    """A small tag: a pill with text and perhaps an icon, a numbered dot, or an icon alone ("plain", `size_px` high).

    (x, y) is its middle, as a Label's anchor."""

    x: float
    y: float
    text: str = ""
    on: Stage | None = None
    icon: str = ""
    style: Literal["pill", "dot", "filled", "plain"] = "pill"
    hue: Hue = "ink"
    size_px: float = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Shape):
    """A straight line between two anchors (rails, leaders, threads, bars of a chart)."""

    x0: float
    y0: float
    x1: float
    y1: float
    on0: Stage | None = None
    on1: Stage | None = None
    hue: Hue = "dim"
    width: float = 1.5
    dashed: bool = False
    dot: bool = False
    """A dot at its first end."""
    hues: tuple[Hue, ...] = ()
    """A gradient of at most three hues from first to last end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Shape):
    """A level box with rounded corners: caption, card, bar of a pull (`fill_to` 0 to 1 of its width in `hue`), step
    dot, terminal; "again" is a block that was counted before, hatched; "choice" is a frame with a breath of light in
    it, round a chosen column of the flat view; "diamond" is a mark that stands on its corner, for what is no step."""

    x: float
    y: float
    width: float
    height: float
    radius: float = 8.0
    style: Literal["panel", "well", "dot", "diamond", "again", "bar", "card", "choice"] = "panel"
    hue: Hue = "accent"
    fill_to: float | None = None
    """None for a bar without an end (its size is not known)."""


AnyShape = Ground | Slab | Tile | Beam | Pool | Head | Label | Badge | Line | Panel


@dataclass(frozen=True, slots=True)
class Frame:
    """One moment: shapes back to front, in px of a page of `width` × `height`, to be drawn `scale` times as large."""

    width: float
    height: float
    camera: Camera
    shapes: tuple[AnyShape, ...] = field(repr=False)
    scale: float = 1.0

    def shape(self, shape_id: str) -> AnyShape:
        """The shape of that id. Raises KeyError."""
        for shape in self.shapes:
            if shape.id == shape_id:
                return shape
        raise KeyError(shape_id)


@lru_cache(maxsize=8192)
def part(text: str) -> str:
    """`text` as one part of an id: every byte but ASCII letters and digits as `_xx` (hex)."""
    return "".join(
        chr(byte) if chr(byte).isalnum() and byte < 128 else f"_{byte:02x}"
        for byte in text.encode("utf-8", "surrogateescape")
    )


def shape_id(kind: str, *parts: str | int) -> str:
    """`tile`, "three", 3, "/file5" -> "tile.three.3._2ffile5"."""
    return ".".join((kind, *(part(str(p)) for p in parts)))
