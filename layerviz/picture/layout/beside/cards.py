"""Storage drivers as cards: a small drawing of how each keeps layers, its name, a line, and where it stands today."""

from collections.abc import Iterator, Sequence
from itertools import repeat

from layerviz.picture import widths
from layerviz.picture.layout.beside.sheet import Sheet
from layerviz.picture.layout.fit import Box
from layerviz.picture.layout.place import Card
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Label, Panel, shape_id

GAP = 12.0
AIR = 9.0
"""Free above and below a card's words where these are larger than they need be."""
DRAWING, DRAWN_FROM = 56.0, 220.0
TEXT_PX, SIZES_PX = 14.0, (20.0, 19.0, 18.0, 17.0, 16.0, 15.0, 14.0)
NAME, LINE = 1.2, 1.29
"""Of a text's size, that of a card's name, and from line to line."""
FADED = 0.5
LEAST_HEIGHT, MOST_HEIGHT = 76.0, 112.0
WIDE = 460.0
"""From this width on, cards may stand in two columns."""


def cards(sheet: Sheet, found: Sequence[Card]) -> Iterator[AnyShape]:
    """One under the other, or in two columns where there is room."""
    box = sheet.box
    one_column = (box.height + GAP) / max(len(found), 1) - GAP
    columns = 2 if box.width >= WIDE and one_column < LEAST_HEIGHT else 1
    rows = -(-len(found) // columns) or 1
    width = (box.width - GAP * (columns - 1)) / columns
    height = min(MOST_HEIGHT, (box.height - GAP * (rows - 1)) / rows)
    top = box.y + (box.height - height * rows - GAP * (rows - 1)) / 2
    boxes = [
        Box(box.x + n % columns * (width + GAP), top + n // columns * (height + GAP), width, height)
        for n in range(len(found))
    ]
    sizes = (px for px in SIZES_PX if px <= sheet.most_px)
    px = next((px for px in sizes if all(map(_says_all, found, boxes, repeat(px)))), TEXT_PX)
    for card, place in zip(found, boxes, strict=True):
        yield from _card(card, place, px)


def _room(box: Box) -> float:
    """The width of what is written on a card."""
    return box.width - (16 + DRAWING + 16 if box.width >= DRAWN_FROM else 16) - 14


def _words(card: Card, box: Box, px: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a card says and what it says small, in lines."""
    room, line = _room(box), px * LINE
    fits = max(int((box.height - 12 - line * 1.22) // line), 0)
    most = min(fits, 2 if not card.small or box.height >= line * 5.5 else 1)
    lines = widths.wrap(card.text, Font(px), room, most) if most else ()
    most = min(fits - len(lines), 2 if len(lines) == 1 and box.height >= line * 5.1 else 1)
    return lines, widths.wrap(card.small, Font(px), room, most) if card.small and most > 0 else ()


def _says_all(card: Card, box: Box, px: float) -> bool:
    room = _room(box)
    whole = widths.wrap(card.text, Font(px), room), widths.wrap(card.small, Font(px), room) if card.small else ()
    lines, small = whole
    if px * LINE * (1.22 + len(lines) + len(small)) > box.height - 2 * AIR:
        return False
    return _words(card, box, px) == whole and widths.width(card.name, Font(round(px * NAME), 700)) <= room


def _card(card: Card, box: Box, px: float) -> Iterator[AnyShape]:
    opacity = FADED if card.faded else 1.0
    key = card.name
    yield Panel(
        id=shape_id("card", key), twin=f"card {key}", alt=" ".join(filter(None, (card.name, card.text, card.small))),
        x=box.x,
        y=box.y, width=box.width, height=box.height, radius=10, style="card", opacity=opacity,
    )  # fmt: skip
    if card.fresh:
        yield Panel(
            id=shape_id("card", key, "new"), twin=f"card {key} new", x=box.x, y=box.y + 10, width=4,
            height=box.height - 20,
            radius=2, style="dot", hue="accent",
        )  # fmt: skip
    if box.width >= DRAWN_FROM:
        yield from _drawing(card, key, box.x + 16, box.y + box.height / 2, opacity)
    room, step, name_px = _room(box), px * LINE, round(px * NAME)
    x = box.right - 14 - room
    lines, small = _words(card, box, px)
    shown = [*((line, "ink") for line in lines), *((line, "dim") for line in small)]
    high = step * (1.22 + len(shown))
    y = box.y + (box.height - high) / 2 + step * 0.89
    yield Label(
        id=shape_id("card", key, "name"), twin=f"card {key} name", x=x, y=y,
        text=widths.elide(card.name, Font(name_px, 700), room), size_px=name_px, weight=700,
        opacity=_text_opacity(card),
    )  # fmt: skip
    for k, (line, colour) in enumerate(shown):
        y += step * 1.11 if k == 0 else step
        yield Label(
            id=shape_id("card", key, k), twin=f"card {key} {line}", x=x, y=y, text=line, size_px=px,
            colour="dim" if colour == "dim" or card.faded else "ink",
        )  # fmt: skip


def _text_opacity(card: Card) -> float:
    """A faded card's name stays readable."""
    return 0.8 if card.faded else 1.0


def _drawing(card: Card, key: str, x: float, middle: float, opacity: float) -> Iterator[AnyShape]:
    """Folders over each other; copies of a whole tree; a grid of blocks; one tree copied at the start."""

    def bar(n: int, dx: float, dy: float, width: float, height: float, hue: int, radius: float = 2.5) -> Panel:
        return Panel(
            id=shape_id("card", key, "drawing", n), twin=f"card {key} drawing {n}", x=x + dx, y=middle + dy,
            width=width,
            height=height, radius=radius, style="dot", hue=hue, opacity=opacity,
        )  # fmt: skip

    match card.way:
        case "union":
            for n in range(3):
                yield bar(n, 4 * n, 12 - 15 * n, 44, 9, n + 1)
        case "snapshot":
            for n in range(3):
                for k in range(n + 1):
                    yield bar(3 * n + k, 19 * n, 10 - 9 * k, 15, 7, k + 1)
        case "block":
            for n in range(12):
                yield bar(
                    n, 14 * (n % 4), -18 + 13 * (n // 4), 11, 10, 3 if n in (2, 7) else 2 if n in (5, 8) else 1, 2
                )
        case _:
            for n in range(2):
                for k in range(3):
                    yield bar(3 * n + k, 28 * n, 10 - 11 * k, 22, 8, k + 1)
