"""A panel's paper: its frame, its heading, lines with the number of a layer before them, threads to slabs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from layerviz.picture import widths
from layerviz.picture.layout.fit import Box, Fit
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Badge, Hue, Label, Line, Panel, Slab, Stage, shape_id
from layerviz.strings import Lang, tr

PADDING = 20.0
HEADING_PX, LINE_PX, SMALL_PX = 14.0, 14.0, 14.0
HEADING_HEIGHT = 44.0
CHIP_PX = 12.0
CHIP_WIDTH = 30.0
MOST_LINE, LEAST_LINE = 40.0, 20.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One panel in `box`, called `name`, next to a stage (`fit`); words are those of `lang`."""

    name: str
    box: Box
    fit: Fit
    lang: Lang

    def of_height(self, inside_px: float) -> "Sheet":
        """The same sheet only as high as its content, in the middle of its room."""
        height = min(self.box.height, inside_px + HEADING_HEIGHT + PADDING * 0.7)
        return replace(self, box=Box(self.box.x, self.box.y + (self.box.height - height) / 2, self.box.width, height))

    def of_lines(self, count: int, most: float = MOST_LINE) -> "Sheet":
        """The same sheet as high as so many lines need."""
        return self.of_height(count * most)

    @property
    def inside(self) -> Box:
        return self.box.inset(PADDING, HEADING_HEIGHT, PADDING, PADDING * 0.7)

    def say(self, key: str, **values: object) -> str:
        return tr(self.lang, f"stage.{key}", **values)

    def frame(self, heading: str, *, mono: bool = False, style: str = "well") -> Iterator[AnyShape]:
        """The panel itself and what it is called."""
        yield Panel(
            id=f"panel.{self.name}", twin=f"panel {self.name}", alt=heading, x=self.box.x, y=self.box.y,
            width=self.box.width, height=self.box.height, radius=12, style="well" if style == "well" else "panel",
        )  # fmt: skip
        font = Font(HEADING_PX, 700 if mono else 600, "mono" if mono else "sans")
        yield Label(
            id=f"panel.{self.name}.heading", twin=f"panel {self.name} heading {heading}", x=self.box.x + PADDING,
            y=self.box.y + 29, text=widths.elide(heading, font, self.box.width - 2 * PADDING), size_px=HEADING_PX,
            weight=font.weight, mono=mono, colour="ink" if mono else "dim",
        )  # fmt: skip

    def step(self, count: int) -> float:
        """The height of a line when there are so many."""
        return max(LEAST_LINE, min(MOST_LINE, self.inside.height / max(count, 1)))

    def baseline(self, n: int, step: float) -> float:
        return self.inside.y + step * n + step / 2 + LINE_PX * 0.36

    def chip(self, key: str, n: int, baseline: float, number: str, hue: Hue, x: float | None = None) -> Badge:
        return Badge(
            id=shape_id("line", self.name, key, "chip"), twin=f"line {self.name} {key} chip",
            x=(self.inside.x if x is None else x) + 11, y=baseline - LINE_PX * 0.36, text=number, style="dot", hue=hue,
            size_px=CHIP_PX,
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
        px: float = LINE_PX,
        address: str = "",
        alt: str = "",
    ) -> Label:
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

    def thread(self, key: str, baseline: float, slab: Slab, x: float | None = None) -> Line:
        """From a line's left end to the right side of its slab."""
        camera = self.fit.camera
        slabs = self.fit.mode == "slabs"
        dx = camera.depth_x * 0.5 if slabs else 0.0
        dy = (camera.depth_y + camera.thickness) * 0.5 if slabs else -camera.pitch / 2
        return Line(
            id=shape_id("thread", self.name, key), twin=f"line {self.name} {key} thread", x0=dx, y0=dy,
            on0=Stage(slab.u1, 0, slab.level), x1=(self.box.x if x is None else x) + 8, y1=baseline - LINE_PX * 0.36,
            hue=slab.hue if slab.style != "view" else "ink", width=1.6, dot=True,
        )  # fmt: skip
