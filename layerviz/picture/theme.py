"""Themes and the palette: tokens and layer hues to colours, and what may be read on what.

A tile has the same colour in every theme, so that "the yellow one" is yellow for everyone in the room; what changes is
the ground, the slab (a fuller shade of the tile's hue, mixed with the ground) and the text.
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    # The window takes its colours from here before anything is drawn, and is not to wait for what pictures are made of.
    from layerviz.picture.primitives import Rgba
    from layerviz.picture.shapes import Hue

ThemeName = Literal["dark", "light", "projector"]


def rgba(code: str, opacity: float = 1.0) -> Rgba:
    """`#rrggbb` as a colour."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16), opacity


def code_of(colour: Rgba) -> str:
    """A colour as `#rrggbb`; its opacity is left out."""
    return "#{:02x}{:02x}{:02x}".format(*colour[:3])


WHITE, BLACK = rgba("#ffffff"), rgba("#000000")
INK_ON_TILE = rgba("#0b1226")
"""At least 7.2 to 1 on each layer hue."""
LAYER_HUES = tuple(
    rgba(code) for code in ("#4ba6fa", "#e2c0ff", "#fbb924", "#a9f5ee", "#e88a4e", "#cc8fc4", "#f3f06a", "#c4bfae")
)
CONTAINER_HUE = rgba("#34d399")


class Theme(NamedTuple):
    """Tokens of one theme. `faint` is for lines and marks, never for text.

    `face`, `front` and `side` are the shares of `base` that a layer's hue is mixed with on a slab's top, front and
    side; `sunk` is the same for a covered tile. `flat`: no gradients, no shadows, solid light. `weight` multiplies
    the width of every line, `light` is a beam's opacity, `ratio` the least contrast of text.
    """

    name: ThemeName
    ground: tuple[Rgba, Rgba, Rgba]
    ink: Rgba
    dim: Rgba
    faint: Rgba
    panel: Rgba
    panel_line: Rgba
    shadow: Rgba
    writable: Rgba
    bad: Rgba
    accent: Rgba
    base: Rgba
    face: float
    front: float
    side: float
    sunk: float
    front_ink: Rgba
    light: float
    flat: bool = False
    weight: float = 1.0
    ratio: float = 4.6

    def tile(self, hue: Hue) -> Rgba:
        """The colour of a tile: a layer's by its position (from 9 on those of 1 to 8 again), else a token."""
        if isinstance(hue, int):
            return LAYER_HUES[(hue - 1) % len(LAYER_HUES)]
        return CONTAINER_HUE if hue == "rw" else self.mark(hue)

    def mark(self, hue: Hue) -> Rgba:
        """The colour of a line, a dot or a filled mark."""
        match hue:
            case "rw":
                return self.writable
            case "bad":
                return self.bad
            case "dim":
                return self.dim
            case "ink":
                return self.ink
            case "accent":
                return self.accent
            case _:
                return LAYER_HUES[(hue - 1) % len(LAYER_HUES)]

    def text(self, hue: Hue, ratio: float = 0.0) -> Rgba:
        """`hue`, moved towards the ink until it reads on every part of this theme's ground."""
        return self.readable(self.mark(hue), ratio)

    def readable(self, colour: Rgba, ratio: float = 0.0) -> Rgba:
        """`colour`, moved towards the ink until its contrast with the ground is `ratio` (0: this theme's own)."""
        return _readable(colour, self.ink, self.ground, ratio or self.ratio)

    @property
    def dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return luminance(self.ground[1]) < 0.2


# Compared by identity: a theme is part of the key of everything that is kept, and there are three of them.
Theme.__eq__ = object.__eq__  # type: ignore[method-assign] # a named tuple's body takes no such line
Theme.__hash__ = object.__hash__  # type: ignore[method-assign] # as above


def second_round(hue: Hue) -> bool:
    """Layers 9 to 16 use the hues of 1 to 8 again and carry a bar."""
    return isinstance(hue, int) and hue > len(LAYER_HUES)


@lru_cache(maxsize=4096)
def mix(a: Rgba, b: Rgba, share: float) -> Rgba:
    """`a` with `share` (0 to 1) of `b` in it."""
    r, g, blue = (round(x + (y - x) * share) for x, y in zip(a[:3], b[:3], strict=True))
    return r, g, blue, a[3] + (b[3] - a[3]) * share


def tint(colour: Rgba, opacity: float) -> Rgba:
    """`colour` with this opacity, 0 to 1."""
    return *colour[:3], opacity


@lru_cache(maxsize=256)
def deep(colour: Rgba) -> Rgba:
    """A fuller shade of a tile's pale hue, for slabs and light: mixed with the ground, a pale hue would turn grey."""
    hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in colour[:3]))
    fuller = min(1.0, max(saturation * 1.15, 0.42 if saturation > 0.12 else saturation))
    r, g, b = (round(channel * 255) for channel in colorsys.hsv_to_rgb(hue, fuller, value * 0.97))
    return r, g, b, colour[3]


def luminance(colour: Rgba) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    r, g, b = (_linear(channel / 255) for channel in colour[:3])
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: Rgba, b: Rgba) -> float:
    """Contrast of two opaque colours, 1 to 21, as WCAG 2 defines it."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


@lru_cache(maxsize=512)
def _readable(colour: Rgba, ink: Rgba, ground: tuple[Rgba, ...], ratio: float) -> Rgba:
    for step in range(21):
        shade = mix(colour, ink, step / 20)
        if all(contrast(shade, part) >= ratio for part in ground):
            return shade
    return ink


DARK = Theme(
    name="dark",
    ground=(rgba("#0b1226"), rgba("#15204a"), rgba("#0f1733")),
    ink=rgba("#f4f7ff"),
    dim=rgba("#a9b6d6"),
    faint=rgba("#46547e"),
    panel=rgba("#182247"),
    panel_line=rgba("#33406f"),
    shadow=rgba("#02050f"),
    writable=rgba("#34d399"),
    bad=rgba("#fb7185"),
    accent=rgba("#4ba6fa"),
    base=rgba("#0c1430"),
    face=0.74,
    front=0.60,
    side=0.80,
    sunk=0.76,
    front_ink=rgba("#f4f7ff"),
    light=120 / 255,
)
LIGHT = Theme(
    name="light",
    ground=(rgba("#fbfcff"), rgba("#eef2fb"), rgba("#e9eef9")),
    ink=rgba("#111a33"),
    dim=rgba("#46547a"),
    faint=rgba("#9aa6c4"),
    panel=rgba("#ffffff"),
    panel_line=rgba("#c9d3e8"),
    shadow=rgba("#41527f"),
    writable=rgba("#056346"),
    bad=rgba("#c81e4a"),
    accent=rgba("#1b66c4"),
    base=rgba("#ffffff"),
    face=0.70,
    front=0.30,
    side=0.52,
    sunk=0.45,
    front_ink=rgba("#0b1226"),
    light=165 / 255,
)
PROJECTOR = Theme(
    name="projector",
    ground=(BLACK, BLACK, BLACK),
    ink=WHITE,
    dim=rgba("#dfe5f2"),
    faint=rgba("#8b96b5"),
    panel=BLACK,
    panel_line=WHITE,
    shadow=BLACK,
    writable=rgba("#4ee6ac"),
    bad=rgba("#ff8e9d"),
    accent=rgba("#8ecbff"),
    base=BLACK,
    face=0.84,
    front=0.0,
    side=0.60,
    sunk=0.76,
    front_ink=BLACK,
    light=1.0,
    flat=True,
    weight=1.7,
    ratio=7.0,
)
THEMES: Mapping[str, Theme] = MappingProxyType({theme.name: theme for theme in (DARK, LIGHT, PROJECTOR)})
