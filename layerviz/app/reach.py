"""What of a frame can be reached by pointer and keyboard: its tiles and slabs in reading order, and the next one in a
direction."""

from dataclasses import dataclass
from typing import Literal

from layerviz.picture.shapes import Frame, Slab, Tile

Direction = Literal["left", "right", "up", "down"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A tile or slab with an address, where it stands and what a screen reader says of it."""

    shape_id: str
    address: str
    alt: str
    level: float
    u: float
    is_tile: bool


def spots(frame: Frame) -> tuple[Spot, ...]:
    """Top row first, in a row the slab before its tiles, these from left to right. An address stands once in a row."""
    found: dict[tuple[float, str, bool], Spot] = {}
    for shape in frame.shapes:
        if isinstance(shape, Slab | Tile) and shape.address and shape.opacity > 0:
            tile = isinstance(shape, Tile)
            spot = Spot(shape.id, shape.address, shape.alt, shape.level, shape.u0 if tile else -1.0, tile)
            found.setdefault((shape.level, shape.address, tile), spot)
    return tuple(sorted(found.values(), key=lambda spot: (-spot.level, spot.is_tile, spot.u)))


def rows(frame: Frame, host: bool = False) -> tuple[tuple[Spot, ...], ...]:
    """The spots of the stacks, or those of your computer beside them, by row, top row first."""
    by_level: dict[float, list[Spot]] = {}
    for spot in spots(frame):
        if _is_host(spot) == host:
            by_level.setdefault(spot.level, []).append(spot)
    return tuple(tuple(by_level[level]) for level in sorted(by_level, reverse=True))


def next_spot(frame: Frame, here: str, direction: Direction) -> Spot | None:
    """Where the keyboard goes from the shape `here`: within its row, or to what is nearest in the row above or below.

    With nothing to start from it is the first tile of the top row. Right of the stacks lie the files of your computer.
    At an edge it stays.
    """
    current = next((spot for spot in spots(frame) if spot.shape_id == here), None)
    if current is None:
        table = rows(frame) or rows(frame, host=True)
        return next((spot for spot in table[0] if spot.is_tile), table[0][0]) if table else None
    table = rows(frame, _is_host(current))
    row = next(number for number, line in enumerate(table) if current in line)
    column = table[row].index(current)
    if direction in ("left", "right"):
        column += 1 if direction == "right" else -1
        if 0 <= column < len(table[row]):
            return table[row][column]
        crosses = _is_host(current) == (direction == "left")
        return _nearest_level(rows(frame, not _is_host(current)), current, direction) if crosses else current
    target = row + (1 if direction == "down" else -1)
    if not 0 <= target < len(table):
        return current
    return min(table[target], key=lambda spot: abs(spot.u - current.u))


def _nearest_level(table: tuple[tuple[Spot, ...], ...], here: Spot, direction: Direction) -> Spot:
    """The way from the stacks to your computer and back: the row at about the same height."""
    if not table:
        return here
    line = min(table, key=lambda line: abs(line[0].level - here.level))
    return line[0] if direction == "right" else line[-1]


def _is_host(spot: Spot) -> bool:
    return spot.address.startswith("host:")
