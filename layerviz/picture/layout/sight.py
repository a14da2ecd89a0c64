"""What a stack holds in one directory: a name for each column, a version for each tile, and which version is seen."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from heapq import nlargest
from typing import Literal, NamedTuple, cast

from layerviz.engine import merge, paths, whole
from layerviz.engine.content import Range
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import Found
from layerviz.engine.remembered import memory_of
from layerviz.engine.table import Table
from layerviz.engine.world import Layer

TileKind = Literal["file", "dir", "link", "device", "fold"]

TOY_LETTERS = 8
"""A directory is a toy while the first line of each of its files has at most so many characters."""

LONGEST = 8
"""So many of the names with the most letters are told apart: one of them takes the most room."""

MOST_REMEMBERED = 8
"""Directories of one stack whose sight is kept: a picture is laid out anew for each tile that is pointed at."""

_NUMBERED = re.compile(r"File (\d+)")
_KINDS: dict[Kind, TileKind] = {
    Kind.DIR: "dir",
    Kind.SYMLINK: "link",
    Kind.HARDLINK: "link",
    Kind.CHAR: "device",
    Kind.BLOCK: "device",
    Kind.FIFO: "device",
}
_UNITS = ("B", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Version:
    """The entry of one layer at one path. `position` counts the layers of its stack from 1."""

    path: str
    position: int
    entry: Entry
    hidden: bool
    below: int = 0
    """Of a directory: how many entries this layer has below it."""

    @property
    def is_whiteout(self) -> bool:
        return self.entry.is_whiteout

    @property
    def kind(self) -> TileKind:
        return kind_of(self.entry)


@dataclass(frozen=True, slots=True)
class Name:
    """A path of the directory: its versions, top first, and the position of the one that is seen (None: gone).

    `below` counts the entries of a directory in the merged view; `giving` are the positions of the layers that give to
    it.
    """

    path: str
    versions: tuple[Version, ...]
    seen: int | None
    below: int = 0
    giving: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return paths.base(self.path)

    @property
    def is_directory(self) -> bool:
        return any(v.entry.kind is Kind.DIR for v in self.versions)

    def version(self, position: int) -> Version | None:
        """The version of that layer: its entry rather than a whiteout beside it."""
        found = [v for v in self.versions if v.position == position]
        return next((v for v in found if not v.is_whiteout), found[0] if found else None)

    @property
    def on_view(self) -> Version | None:
        return None if self.seen is None else self.version(self.seen)


class Tally(NamedTuple):
    """Many names in numbers: how many have versions in just these layers (positions, top first), and how many are seen
    from a layer."""

    versions: Mapping[tuple[int, ...], int]
    seen: Mapping[int, int]

    @classmethod
    def of(cls, names: Iterable[Name]) -> "Tally":
        versions: Counter[tuple[int, ...]] = Counter()
        seen: Counter[int] = Counter()
        for name in names:
            versions[tuple(version.position for version in name.versions)] += 1
            if name.seen is not None:
                seen[name.seen] += 1
        return cls(versions, seen)

    def without(self, names: Iterable[Name]) -> "Tally":
        """The numbers of the others."""
        less = Tally.of(names)
        return Tally(Counter(self.versions) - Counter(less.versions), Counter(self.seen) - Counter(less.seen))

    def written(self, first: int, last: int) -> int:
        """How many names the layers from `first` to `last` have something for."""
        return sum(count for at, count in self.versions.items() if any(first <= one <= last for one in at))


class Names(tuple[Name, ...]):
    """The names of a directory in their order. What is asked of all of them is found once: there may be thousands, and
    a picture, which is laid out anew with each tile that is chosen, shows a few."""

    @cached_property
    def tally(self) -> Tally:
        return Tally.of(self)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each path stands."""
        return {name.path: place for place, name in enumerate(self)}

    @cached_property
    def positions(self) -> frozenset[int]:
        """The layers that have something here."""
        return frozenset(position for at in self.tally.versions for position in at)

    @cached_property
    def touched(self) -> tuple[int, ...]:
        """Where the names stand that several layers have and do not share."""
        return tuple(place for place, name in enumerate(self) if len(name.versions) > 1 and not name.giving)

    @cached_property
    def shared(self) -> tuple[int, ...]:
        """Where the directories stand that several layers give to."""
        return tuple(place for place, name in enumerate(self) if len(name.giving) > 1)

    @cached_property
    def longest(self) -> tuple[Name, ...]:
        """Those with the most letters."""
        return tuple(nlargest(LONGEST, self, key=lambda name: len(name.path)))

    @cached_property
    def toy(self) -> bool:
        return is_toy(self)

    def at(self, path: str) -> Name | None:
        place = self.places.get(path)
        return None if place is None else self[place]


def sight(stack: Sequence[Layer], directory: str) -> Names:
    """All names that any layer of `stack` has in `directory`, sorted, seen or not."""
    layers = tuple(stack)
    if not layers:
        return Names()
    known = memory_of(layers).sights
    found = known.get(directory)
    if found is None:
        # Another thread may look at another directory just now.
        for old in list(known)[: 1 - MOST_REMEMBERED]:
            known.pop(old, None)
        found = known[directory] = Names(_names(layers, directory))
    return cast(Names, found)


def glance(stack: Sequence[Layer], directory: str) -> None:
    """Keeps a sight of `directory` that counts nothing of what is seen below it: that would take the whole image, and
    of a stack whose layers are not all there yet it would be wrong."""
    layers = tuple(stack)
    if layers:
        memory_of(layers).sights.setdefault(directory, Names(_names(layers, directory, counts=False)))


def layers_without(stack: Sequence[Layer], directory: str) -> tuple[int, ...]:
    """The positions of the layers that are known to have nothing in `directory`, from the bottom; none where no layer
    has."""
    having = sight(stack, directory).positions
    without = (at for at, layer in enumerate(stack, 1) if at not in having and not layer.is_quoted)
    return tuple(without) if having else ()


def kind_of(entry: Entry) -> TileKind:
    return _KINDS.get(entry.kind, "file")


def is_toy(names: Sequence[Name]) -> bool:
    """Whether tiles carry the first line of their file: there is a file, and every file's is short text."""
    files = [v.entry for name in names for v in name.versions if v.entry.kind in (Kind.FILE, Kind.HARDLINK)]
    return bool(files) and all(_first_line(entry) is not None for entry in files)


def label_of(version: Version, *, toy: bool) -> str:
    """What stands on a tile: a toy's line or numeral, a file's size, a directory's number of entries."""
    if version.is_whiteout or version.kind in ("link", "device"):
        return ""
    if version.kind == "dir":
        return str(version.below)
    if toy:
        line = _first_line(version.entry) or ""
        numbered = _NUMBERED.fullmatch(line)
        return numbered[1] if numbered else line or size_text(0)
    return size_text(version.entry.size_bytes)


def size_text(size_bytes: int) -> str:
    """As a person reads it, in units of 1,000: "7 B", "5.9 kB", "50 MB"."""
    size = float(size_bytes)
    for unit in _UNITS:
        shown = f"{size:.0f}" if unit == "B" or size >= 9.95 else f"{size:.1f}".removesuffix(".0")
        if float(shown) < 1000 or unit == _UNITS[-1]:
            return f"{shown} {unit}"
        size /= 1000
    raise AssertionError("unreachable")


def _names(layers: tuple[Layer, ...], directory: str, counts: bool = True) -> Iterator[Name]:
    """Sorted. Each layer is asked once for all that it has there, not for each name."""
    floor = min(merge.sources(layers, directory), default=1)
    rows: dict[str, list[Found]] = {}
    for position in range(len(layers), 0, -1):
        here = [Found(position, entry) for entry in layers[position - 1].entries.entries_in(directory)]
        # A whiteout stands before what the same layer has at its path.
        for one in (
            *(row for row in here if not row.entry.is_whiteout),
            *(row for row in here if row.entry.is_whiteout),
        ):
            rows.setdefault(one.entry.path, []).append(one)
    seen = {found.entry.path: found for found in merge.children(layers, directory)}
    for path in sorted(rows, key=paths.key):
        yield _name(layers, path, floor, rows[path], seen.get(path), counts)


def _name(
    layers: tuple[Layer, ...], path: str, floor: int, rows: Sequence[Found], found: Found | None, counts: bool
) -> Name:
    seen = found.position if found else None
    merges = found is not None and found.entry.kind is Kind.DIR
    open_below = merges
    versions: list[Version] = []
    giving: list[int] = []
    for version in rows:
        position, entry = version.position, version.entry
        gives = open_below and entry.kind is Kind.DIR and position >= floor
        hidden = not entry.is_whiteout and not gives and position != seen
        if entry.is_whiteout or entry.kind is not Kind.DIR or entry.opaque:
            open_below = False
        below = len(layers[position - 1].entries.below(path)) if entry.kind is Kind.DIR else 0
        versions.append(Version(path, position, entry, hidden, below))
        if gives:
            giving.append(position)
    count = _count_below(layers, path) if merges and counts else 0
    return Name(path, tuple(versions), seen, count, tuple(reversed(giving)))


def _count_below(layers: tuple[Layer, ...], path: str) -> int:
    """How many names are seen below a directory: of an image from its whole view, which is computed once."""
    if all(isinstance(layer.entries, Table) for layer in layers):
        return len(whole.below(layers, whole.merged(layers), path))
    return merge.count_below(layers, path)


def _first_line(entry: Entry) -> str | None:
    """The first line of a small text, None for anything else."""
    if any(isinstance(extent, Range) for extent in entry.content.extents):
        return None
    return _short(entry.content.read(4 * TOY_LETTERS + 2))


@lru_cache(maxsize=4096)
def _short(head: bytes) -> str | None:
    """The first line of `head`, if it is short text."""
    line = head.split(b"\n", 1)[0]
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return None
    return text if len(text) <= TOY_LETTERS and (text.isprintable() or not text) else None
