"""What stands around the stage on a page: kicker, title, caption and the dots of the steps; and the room they leave."""

from collections.abc import Iterator
from dataclasses import dataclass

from layerviz.picture import widths
from layerviz.picture.layout.fit import Box
from layerviz.picture.layout.place import View
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Badge, Ground, Hue, Label, Panel, shape_id
from layerviz.strings import Lang, tr

PAGE_HEIGHT = 900.0
MARGIN = 60.0
TITLE_PX, CAPTION_PX, SMALL_CAPTION_PX = 36.0, 24.0, 16.0
ALONE_PX = 28.0
"""Of a caption that has its panel to itself: it is read from the last row."""
KICKERS: dict[Lang, tuple[float, float, float]] = {"en": (15.0, 2.0, 57.0), "zh_CN": (20.0, 0.0, 56.0)}
"""Size, spacing and baseline of the line above the title: spaced capitals read at a size at which hanzi do not."""
CAPTION_HEIGHT = 84.0
_DOT, _LONG_DOT, _DOT_GAP = 10.0, 30.0, 12.0
_DIAMOND, _LARGE_DIAMOND = 14.0, 22.0
OPTION_HEIGHT, OPTION_GAP = 48.0, 12.0
ANSWER_HEIGHT, ANSWER_WIDTH = 64.0, 420.0
_ANSWER_SIZES = (40.0, 32.0, 24.0, 20.0)
"""Of the answer that is told: the size of the tiles' own numerals where it fits, for it is read from the last row."""
_LETTERS = "ABCDEFGHI"
"""A class calls out letters: an option's number beside options that are numbers would be read as one of them."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page in its own px: a window as large as it is, or a page of logical height 900."""

    view: View
    width: float
    height: float
    scale: float

    @classmethod
    def of(cls, view: View) -> "Page":
        if view.fixed:
            return cls(view, view.width, view.height, 1.0)
        scale = view.height / PAGE_HEIGHT
        return cls(view, view.width / scale, PAGE_HEIGHT, scale)

    @property
    def has_heading(self) -> bool:
        return bool(self.view.title or self.view.kicker)

    @property
    def has_caption(self) -> bool:
        return bool(self.view.caption)

    @property
    def stage(self) -> Box:
        """What is left for the stage and the panels beside it."""
        if self.view.fixed:
            return Box(0, 0, self.width, self.height).inset(2, 2, 2, 12)
        top = 116.0 if self.has_heading else 44.0
        bottom = self.height - 28 - self._caption_height() - 34 if self.has_caption else self.height - 48
        return Box(MARGIN, top, self.width - 2 * MARGIN, bottom - top)

    def shapes(self, hue: Hue) -> Iterator[AnyShape]:
        """The ground, and heading and caption where there are any; `hue` is that of the picture's topic."""
        yield Ground(id="ground", twin="ground")
        if self.has_heading:
            yield from self._heading()
        if self.has_caption:
            yield from self._caption(hue)

    def _heading(self) -> Iterator[AnyShape]:
        room = self.width - 2 * MARGIN
        view = self.view
        if view.kicker:
            px, spacing, baseline = KICKERS[view.lang]
            yield Label(
                id="kicker",
                twin="kicker",
                x=MARGIN,
                y=baseline,
                text=widths.elide(view.kicker, Font(px, 600), room, spacing),
                size_px=px,
                weight=600,
                colour="accent",
                spacing=spacing,
            )
        if view.title:
            px = next((p for p in (TITLE_PX, 32.0, 28.0) if widths.width(view.title, Font(p, 700), -0.6) <= room), 28.0)
            yield Label(
                id="title",
                twin="title",
                x=MARGIN,
                y=100,
                text=widths.elide(view.title, Font(px, 700), room, -0.6),
                size_px=px,
                weight=700,
                spacing=-0.6,
            )

    def _caption_lines(self) -> tuple[float, tuple[str, ...]]:
        """Size and lines of the caption: one line, as large as it fits, if it does at 20 px or more, else two."""
        room = self.width - 2 * MARGIN - 44 - 34 - (self._dots_width() + 40 if self.view.step else 0)
        if self.view.options and not self._chooses:
            room -= self._answer_width() + 24
        largest = CAPTION_PX if self.view.small or self._chooses else ALONE_PX
        for px in (px for px in (ALONE_PX, 26.0, CAPTION_PX, 22.0, 20.0) if px <= largest):
            if widths.width(self.view.caption, Font(px, 600), -0.2) <= room:
                return px, (self.view.caption,)
        return 20.0, widths.wrap(self.view.caption, Font(20.0, 600), room, 2)

    def _caption_height(self) -> float:
        lines = len(self._caption_lines()[1]) - 1 + bool(self.view.small)
        if self._chooses:
            return 58 + 27 * lines + OPTION_HEIGHT + 20
        return CAPTION_HEIGHT if lines <= 1 else CAPTION_HEIGHT + 27

    def _dots_width(self) -> float:
        if not self.view.step:
            return 0.0
        return max(self._row_px, widths.width(self._step_text(), Font(14, 500)))

    @property
    def _row_px(self) -> float:
        """How long the row of dots is, the challenge's mark at its end."""
        assert self.view.step is not None
        here, count = self.view.step
        dots = count * (_DOT + _DOT_GAP) - _DOT_GAP + (_LONG_DOT - _DOT) * (here <= count)
        return dots + (_DOT_GAP + self._diamond) * self.view.challenge

    @property
    def _diamond(self) -> float:
        """How wide the challenge's mark is: larger where it is what the page shows."""
        assert self.view.step is not None
        here, count = self.view.step
        return _DIAMOND if here <= count else _LARGE_DIAMOND

    def _step_text(self) -> str:
        assert self.view.step is not None
        here, count = self.view.step
        if here > count:
            return tr(self.view.lang, "stage.now_you")
        return tr(self.view.lang, "stage.step", n=here, of=count)

    def _caption(self, hue: Hue) -> Iterator[AnyShape]:
        view = self.view
        height = self._caption_height()
        x, y, width = MARGIN, self.height - 28 - height, self.width - 2 * MARGIN
        px, lines = self._caption_lines()
        yield Panel(id="caption", twin="caption", x=x, y=y, width=width, height=height, radius=16)
        yield Panel(
            id="caption.mark", twin="caption.mark", x=x + 20, y=y + 20, width=5, height=height - 40, radius=2.5,
            style="dot", hue=hue,
        )  # fmt: skip
        baseline = y + (38 if view.small or self._chooses or len(lines) > 1 else height / 2 + px * 0.36)
        for n, line in enumerate(lines):
            name = shape_id("caption", "line", n)
            yield Label(
                id=name, twin=f"{name} {view.step} {view.caption}", x=x + 44, y=baseline, text=line, size_px=px,
                weight=600,
                spacing=-0.2, alt=line,
            )  # fmt: skip
            baseline += 27
        if view.small:
            room = width - 44 - 34 - (self._dots_width() + 40 if view.step else 0)
            small = widths.elide(view.small, Font(SMALL_CAPTION_PX), room)
            yield Label(
                id="caption.small", twin=f"caption.small {view.step} {view.small}", x=x + 44, y=baseline, text=small,
                size_px=SMALL_CAPTION_PX, colour="dim",
            )  # fmt: skip
        if view.step:
            yield from self._dots(x + width - 34, y, hue)
        room = width - 44 - 34 - (self._dots_width() + 40 if view.step else 0)
        if self._chooses:
            yield from self._options(x + 44, y + height - 20 - OPTION_HEIGHT, room)
        elif view.options:
            yield from self._answer(x + 44 + room, y + height / 2)

    @property
    def _chooses(self) -> bool:
        """Whether there are answers to choose from; one alone is the answer that is told, beside the question."""
        return len(self.view.options) > 1

    def _answer_px(self) -> float:
        text, room = self.view.options[0], ANSWER_WIDTH - 96
        return next((p for p in _ANSWER_SIZES if widths.width(text, Font(p, 700)) <= room), _ANSWER_SIZES[-1])

    def _answer_width(self) -> float:
        return min(24 + widths.width(self.view.options[0], Font(self._answer_px(), 700)) + 72, ANSWER_WIDTH)

    def _answer(self, right: float, middle: float) -> Iterator[AnyShape]:
        """The answer that is told, large, up to `right`."""
        px, wide, text = self._answer_px(), self._answer_width(), self.view.options[0]
        name, x = shape_id("option", 0), right - wide
        yield Panel(
            id=name, twin=name, x=x, y=middle - ANSWER_HEIGHT / 2, width=wide, height=ANSWER_HEIGHT, radius=12,
            style="choice",
        )  # fmt: skip
        yield Label(
            id=f"{name}.text", twin=f"{name}.text {text}", x=x + 24, y=middle + px * 0.36,
            text=widths.elide(text, Font(px, 700), wide - 96), size_px=px, weight=700, alt=text,
        )  # fmt: skip
        yield Badge(
            id=f"{name}.right", twin=f"{name}.right", x=right - 36, y=middle, icon="check", style="plain", hue="rw",
            size_px=28,
        )  # fmt: skip

    def _options(self, x: float, y: float, room: float) -> Iterator[AnyShape]:
        """The answers beside each other."""
        count = len(self.view.options)
        wide = min((room - (count - 1) * OPTION_GAP) / count, 420.0)
        for n in range(count):
            yield from self._option(n, x + n * (wide + OPTION_GAP), y, wide)

    def _option(self, n: int, x: float, y: float, wide: float) -> Iterator[AnyShape]:
        """An answer to choose, with its letter; the right one is marked once it is told."""
        view, text = self.view, self.view.options[n]
        told, right = view.right is not None, view.right == n
        name, faint = shape_id("option", n), 0.4 if told and not right else 1.0
        words = wide - 52 - (44 if right else 16)
        px = next((p for p in (20.0, 18.0, 16.0) if widths.width(text, Font(p, 600)) <= words), 16.0)
        shown = widths.elide(text, Font(px, 600), words)
        middle = y + OPTION_HEIGHT / 2
        yield Panel(
            id=name, twin=name, x=x, y=y, width=wide, height=OPTION_HEIGHT, radius=10,
            style="choice" if right else "card", opacity=faint,
        )  # fmt: skip
        yield Badge(
            id=f"{name}.letter", twin=f"{name}.letter", x=x + 28, y=middle, text=_LETTERS[n], style="dot",
            hue="ink", size_px=16, opacity=faint,
        )  # fmt: skip
        yield Label(
            id=f"{name}.text", twin=f"{name}.text {text}", x=x + 52, y=middle + px * 0.36, text=shown,
            size_px=px, weight=600, opacity=faint, alt=text,
        )  # fmt: skip
        if right:
            yield Badge(
                id=f"{name}.right", twin=f"{name}.right", x=x + wide - 28, y=middle, icon="check", style="plain",
                hue="rw", size_px=20,
            )  # fmt: skip

    def _dots(self, right: float, y: float, hue: Hue) -> Iterator[AnyShape]:
        assert self.view.step is not None
        here, count = self.view.step
        x = right - self._row_px
        if self.view.challenge:
            side = self._diamond
            yield Panel(
                id="step.challenge", twin="step.challenge", x=right - side, y=y + 32 - side / 2, width=side,
                height=side, style="diamond", hue=hue if here > count else "ink", opacity=1.0 if here > count else 0.4,
            )  # fmt: skip
        for n in range(1, count + 1):
            width = _LONG_DOT if n == here else _DOT
            name = shape_id("step", n)
            yield Panel(
                id=name, twin=name, x=x, y=y + 27, width=width, height=10, radius=5, style="dot",
                hue=hue if n == here else "ink", opacity=1.0 if n == here else 0.65 if n < here else 0.25,
            )  # fmt: skip
            x += width + _DOT_GAP
        yield Label(
            id="step", twin="step", x=right, y=y + 65, text=self._step_text(), size_px=14, weight=500, colour="dim",
            align="right",
        )  # fmt: skip
