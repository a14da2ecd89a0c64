"""The closed set of things that every output draws: paths and lines of text. All in px of the frame, y down."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Point = tuple[float, float]
Rgba = tuple[int, int, int, float]
"""Red, green, blue 0 to 255; opacity 0 to 1."""


@dataclass(frozen=True, slots=True)
class Gradient:
    """A linear gradient from `start` to `end` with two or three stops of (0 to 1, colour)."""

    start: Point
    end: Point
    stops: tuple[tuple[float, Rgba], ...]


Fill = Rgba | Gradient


@dataclass(frozen=True, slots=True)
class Stroke:
    colour: Rgba
    width: float
    dash: tuple[float, ...] = ()
    """Lengths in px, on and off in turn; empty: solid."""
    cap: Literal["flat", "round"] = "flat"


Segment = tuple[Literal["M", "L"], Point] | tuple[Literal["C"], Point, Point, Point] | tuple[Literal["Z"]]


@dataclass(frozen=True, slots=True)
class Path:
    """An outline of straight and cubic pieces, filled by the non-zero rule, then stroked with round joins.

    `smooth=False`: its edges are soft or covered and may be drawn without antialiasing, which is much faster."""

    segments: tuple[Segment, ...]
    fill: Fill | None = None
    stroke: Stroke | None = None
    smooth: bool = True


@dataclass(frozen=True, slots=True)
class Font:
    """One of the project's own faces: "sans" is Inter, "mono" JetBrains Mono; Noto Sans SC gives both their Chinese."""

    size_px: float
    weight: Literal[400, 500, 600, 700] = 400
    family: Literal["sans", "mono"] = "sans"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text: its left end on the baseline at (x, y), turned by `angle` degrees clockwise about that point.
    No kerning, no ligatures. `spacing` is added after each letter."""

    x: float
    y: float
    text: str
    font: Font
    colour: Rgba
    angle: float = 0.0
    spacing: float = 0.0


Primitive = Path | Text


class Piece(NamedTuple):
    """A part of a shape that moves as one: primitives relative to (x, y), to be drawn with `opacity`.

    `look` is equal for pieces that look the same wherever they stand, so that a painter may keep their picture; None:
    not worth keeping. `strip_px`: if set, the primitives are the same at every height and describe the first 64 px;
    the piece is that strip repeated downwards over `strip_px` px.
    `vast`: large and seldom seen twice while the camera moves. It is drawn at (x + aside[0], y + aside[1]), but a
    painter of whole pixels rounds (x, y) and `aside` each on its own, so that the parts of a shape keep together.
    A named tuple, for a frame makes thousands of them.
    """

    x: float
    y: float
    primitives: tuple[Primitive, ...]
    look: object = None
    opacity: float = 1.0
    strip_px: float | None = None
    vast: bool = False
    aside: Point = (0.0, 0.0)
