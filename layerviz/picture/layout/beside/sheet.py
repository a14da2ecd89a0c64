"""A panel's paper: its frame, its heading, lines with the number of a layer before them, level with their slabs
where they can be: leaders are level, or there are none and the same number stands in both places."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Literal

from layerviz.picture import widths
from layerviz.picture.layout.fit import Box, Fit
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Badge, Hue, Label, Line, Panel, Slab, Stage, shape_id
from layerviz.strings import Lang, tr

PADDING = 20.0
LINE_PX = 14.0
SIZES_PX = (24.0, 22.0, 20.0, 18.0, 17.0, 16.0, 15.0, LINE_PX)
"""In what sizes lines may be written: as large as there is room for."""
MOST_PX_OF_PAGE, MOST_PX = 24.0, 16.0
"""A page is seen smaller than it is laid out; in a window the panel's words are no larger than those around it."""
LINE, ROOMY_LINE, LEAST_LINE = 2.3, 3.0, 1.45
"""Heights of a line, of its size; roomy are those of a list that stands beside slabs as one, not line by line: with
lines as close as elsewhere it would look lost."""
LEAST_LEVEL, LOOSE, LOOSE_PX = 1.57, 2.4, (44.0, 34.0, 26.0)
"""Between lines that lie level with slabs, of their size; of those above the first and below the last slab, of their
size and in px, whichever is more, and where that has no room, in px."""
OVERHANG = 8.0
"""What such a sheet may reach below its room: the lowest slab stands on the room's ground."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One panel in `box`, called `name`, next to a stage (`fit`); words are those of `lang`, lines of text `px` high,
    at most `most_px`."""

    name: str
    box: Box
    fit: Fit
    lang: Lang
    most_px: float = MOST_PX
    px: float = LINE_PX

    def of_height(self, inside_px: float) -> "Sheet":
        """The same sheet only as high as its content, in the middle of its room."""
        height = min(self.box.height, inside_px + self.heading_height + PADDING * 0.7)
        return replace(self, box=Box(self.box.x, self.box.y + (self.box.height - height) / 2, self.box.width, height))

    def of_lines(self, count: int, most: float = LINE) -> "Sheet":
        """The same sheet as high as so many lines need."""
        return self.of_height(count * most * self.px)

    def sizes(self) -> "Iterator[Sheet]":
        """The same sheet with lines of every size, the largest first."""
        return (replace(self, px=px) for px in SIZES_PX if px <= self.most_px)

    def large(self, count: int, fits: "Callable[[Sheet], bool]" = lambda sheet: True, least: float = LINE) -> "Sheet":
        """The same sheet with the largest lines of which `count` have room, and that `fits` holds for."""
        sized = (sheet for sheet in self.sizes() if count * sheet.px * least <= sheet.inside.height and fits(sheet))
        return next(sized, replace(self, px=LINE_PX))

    def font(self, *, mono: bool = True, weight: Literal[400, 500, 600, 700] = 400) -> Font:
        """Of its lines."""
        return Font(self.px, weight, "mono" if mono else "sans")

    @property
    def heading_px(self) -> float:
        """Of what it is called."""
        return round(LINE_PX + (self.px - LINE_PX) * 0.6)

    @property
    def heading_height(self) -> float:
        return 30.0 + self.heading_px

    @property
    def small_px(self) -> float:
        """Of remarks below the lines."""
        return round(LINE_PX + (self.px - LINE_PX) * 0.5)

    @property
    def chip_width(self) -> float:
        """What the number of a layer takes before its line."""
        return self.px * 2.15

    @property
    def inside(self) -> Box:
        return self.box.inset(PADDING, self.heading_height, PADDING, PADDING * 0.7)

    def say(self, key: str, **values: object) -> str:
        return tr(self.lang, f"stage.{key}", **values)

    def frame(self, heading: str, *, mono: bool = False, style: str = "well") -> Iterator[AnyShape]:
        """The panel itself and what it is called."""
        yield Panel(
            id=f"panel.{self.name}", twin=f"panel {self.name}", alt=heading, x=self.box.x, y=self.box.y,
            width=self.box.width, height=self.box.height, radius=12, style="well" if style == "well" else "panel",
        )  # fmt: skip
        font = Font(self.heading_px, 700 if mono else 600, "mono" if mono else "sans")
        yield Label(
            id=f"panel.{self.name}.heading", twin=f"panel {self.name} heading {heading}", x=self.box.x + PADDING,
            y=self.box.y + 15 + self.heading_px, text=widths.elide(heading, font, self.box.width - 2 * PADDING),
            size_px=self.heading_px,
            weight=font.weight, mono=mono, colour="ink" if mono else "dim",
        )  # fmt: skip

    def step(self, count: int, most: float = LINE) -> float:
        """The height of a line when there are so many."""
        return max(LEAST_LINE * self.px, min(most * self.px, self.inside.height / max(count, 1)))

    def baseline(self, n: int, step: float) -> float:
        return self.inside.y + step * n + step / 2 + self.px * 0.36

    def chip(self, key: str, n: int, baseline: float, number: str, hue: Hue, x: float | None = None) -> Badge:
        return Badge(
            id=shape_id("line", self.name, key, "chip"), twin=f"line {self.name} {key} chip",
            x=(self.inside.x if x is None else x) + self.px * 0.79, y=baseline - self.px * 0.36, text=number,
            style="dot", hue=hue, size_px=round(self.px * 0.86, 1),
        )  # fmt: skip

    def text(
        self,
        key: str,
        x: float,
        baseline: float,
        text: str,
        room: float,
        *,
        mono: bool = True,
        colour: Hue = "ink",
        weight: int = 400,
        align: str = "left",
        px: float = 0.0,
        address: str = "",
        alt: str = "",
    ) -> Label:
        px = px or self.px
        font = Font(
            px,
            700 if weight >= 700 else 600 if weight >= 600 else 500 if weight >= 500 else 400,
            "mono" if mono else "sans",
        )
        return Label(
            id=shape_id("line", self.name, key), twin=f"line {self.name} {key} {text}", alt=alt or text,
            address=address,
            x=x, y=baseline, text=widths.elide(text, font, room), size_px=px, weight=font.weight, mono=mono,
            colour=colour, align="right" if align == "right" else "centre" if align == "centre" else "left",
        )  # fmt: skip

    def level_with(self, slabs: Sequence[Slab | None]) -> "Level | None":
        """The same sheet with a line at the height of each of `slabs`, top first, and those of no slab between them.

        None where lines and slabs come in another order, or the lines have no room so.
        """
        least = LEAST_LEVEL * self.px
        loosely = [
            max(LOOSE_PX[0], LOOSE * self.px),
            *(loose for loose in LOOSE_PX[1:] if loose >= LOOSE * self.px * 0.75),
        ]
        for share, loose in product((0.5, 0.25, 0.0), loosely):
            anchors = [None if slab is None else self._beside(slab, share) for slab in slabs]
            middles = self._middles(anchors, loose, least)
            first, last = self.box.y + self.heading_height + self.px * 0.57, self.box.bottom - self.px * 0.28
            if middles and middles[0] >= first and middles[-1] <= last:
                top = max(self.box.y, middles[0] - self.heading_height - self.px * 1.15)
                bottom = min(self.box.bottom + OVERHANG, middles[-1] + self.px * 0.6 + 18)
                box = Box(self.box.x, top, self.box.width, bottom - top)
                return Level(replace(self, box=box), middles, share)
        return None

    def _beside(self, slab: Slab, share: float) -> float:
        """The height of a slab's right side, at that share of its depth from the front."""
        camera = self.fit.camera
        y = camera.y - slab.level * camera.pitch
        if self.fit.mode == "flat":
            return y - camera.pitch / 2
        return y + share * camera.depth_y + camera.thickness / 2

    @staticmethod
    def _middles(anchors: Sequence[float | None], loose: float, least: float) -> tuple[float, ...]:
        """A height for each line: its slab's, else spread evenly between those next to it; nothing where it crowds."""
        fixed = [(n, y) for n, y in enumerate(anchors) if y is not None]
        if not fixed:
            return ()
        middles = [0.0] * len(anchors)
        for (n, y), (m, z) in pairwise(fixed):
            step = (z - y) / (m - n)
            if step < least:
                return ()
            for k in range(n, m + 1):
                middles[k] = y + step * (k - n)
        (first, top), (last, bottom) = fixed[0], fixed[-1]
        for k in range(first + 1):
            middles[k] = top - loose * (first - k)
        for k in range(last, len(anchors)):
            middles[k] = bottom + loose * (k - last)
        return tuple(middles)

    def leader(self, key: str, slab: Slab, share: float, y: float, x: float | None = None) -> Iterator[Line]:
        """A level line from a slab's right side to the sheet, where nothing stands between them."""
        camera = self.fit.camera
        alone = all(
            bay.u1 <= slab.u1 + 1 for bay in self.fit.bays for row in bay.section.rows if row.level == slab.level
        )
        if self.fit.mode == "slabs" and alone:
            yield Line(
                id=shape_id("leader", self.name, key), twin=f"line {self.name} {key} leader",
                x0=share * camera.depth_x + 2, y0=share * camera.depth_y + camera.thickness / 2,
                on0=Stage(slab.u1, 0, slab.level), x1=(self.box.x if x is None else x) - 2, y1=y,
                hue=slab.hue if slab.style != "view" else "ink", width=1.6, dot=True,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """A sheet whose lines lie level with their slabs: the middle of each, and where leaders begin (`share` of a slab's
    depth)."""

    sheet: Sheet
    middles: tuple[float, ...]
    share: float

    def baseline(self, n: int) -> float:
        return self.middles[n] + self.sheet.px * 0.36

    @property
    def gap(self) -> float:
        """The least height between two of its lines."""
        return min((below - above for above, below in pairwise(self.middles)), default=2 * ROOMY_LINE * self.sheet.px)

    def leader(self, n: int, key: str, slab: Slab) -> Iterator[Line]:
        return self.sheet.leader(key, slab, self.share, self.middles[n])
