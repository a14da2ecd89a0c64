"""What each layer of a stack covers of those below it, row by row: what the facts about an image are counted from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from layerviz.engine import merge, paths
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import Found
from layerviz.engine.table import DIR, OPAQUE, WHITEOUT, Table
from layerviz.engine.world import Entries, Layer

Cause = Literal["over", "whiteout", "above"]
"""A row of the same path; a whiteout of the path; something above the path: a whiteout, an opaque directory, a file in
a directory's place."""


class Row(NamedTuple):
    """Where an entry stands: the position of its layer, and its row there."""

    position: int
    row: int


class Covered(NamedTuple):
    """`row` was seen until layer `position` covered it: by what, and under which path that stands."""

    row: Row
    position: int
    cause: Cause
    by: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many of its files (all that is no directory) a layer adds, and how many of those below it changes and
    takes away."""

    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class Coverings:
    """`counts` of each layer, bottom first; `seen`, the rows by the `paths.key` of what is no directory and is seen in
    the end; `covered`, those that are not, in the order in which they were covered; `kept`, those of them whose bytes
    are seen all the same, under a hard link's name."""

    counts: tuple[Count, ...]
    seen: Mapping[bytes, Row]
    covered: tuple[Covered, ...]
    kept: frozenset[Row]


def coverings(stack: Sequence[Layer]) -> Coverings:
    """Plays the layers one on another, bottom first.

    A whiteout and an opaque directory cover lower layers only, never their own (image-spec, layer.md, "Whiteouts").
    """
    view = _View(stack)
    counts = tuple(view.lay(position, layer.entries) for position, layer in enumerate(stack, 1))
    return Coverings(counts, view.seen, tuple(view.covered), _kept(stack, view.seen))


def entry_at(stack: Sequence[Layer], row: Row) -> Entry:
    """The entry that stands at `row`, as it is there."""
    return stack[row.position - 1].entries.entry(row.row)


def keys_of(entries: Entries) -> list[bytes]:
    """The `paths.key` of each row."""
    if isinstance(entries, Table):
        heap = entries.heap
        return [heap[start:end] for start, end in pairwise(entries.starts)]
    return [paths.key(entries.entry(row).path) for row in range(len(entries))]


class _View:
    """The merged view as it grows: the row that is seen at each key, files apart from directories."""

    def __init__(self, stack: Sequence[Layer]) -> None:
        self.stack = stack
        self.seen: dict[bytes, Row] = {}
        self.directories: set[bytes] = set()
        self.covered: list[Covered] = []

    def lay(self, position: int, entries: Entries) -> Count:
        keys = keys_of(entries)
        files: dict[bytes, Row] = {}
        directories: list[bytes] = []
        removed = 0
        for row, (kind, opaque) in enumerate(_kinds(entries)):
            key = keys[row]
            if kind == WHITEOUT:
                if key in self.seen:
                    self._cover(key, position, "whiteout", key)
                    removed += 1
                elif key in self.directories:
                    removed += self._cover_below(key, position, "above", key)
                    self.directories.discard(key)
            elif kind == DIR:
                directories.append(key)
                if opaque:
                    removed += self._cover_below(key, position, "above", key)
            else:
                files[key] = Row(position, row)
        # A set's order is another in every run, the facts' is not.
        for key in sorted(self.seen.keys() & directories):
            self._cover(key, position, "over", key)
            removed += 1
        for key in sorted(self.directories & files.keys()):
            removed += self._cover_below(key, position, "above", key)
            self.directories.discard(key)
        changed = sorted(self.seen.keys() & files.keys())
        for key in changed:
            self._cover(key, position, "over", key)
        self.seen.update(files)
        self.directories.update(directories)
        return Count(len(files) - len(changed), len(changed), removed)

    def _cover(self, key: bytes, position: int, cause: Cause, by: bytes) -> None:
        self.covered.append(Covered(self.seen.pop(key), position, cause, paths.from_key(by)))

    def _cover_below(self, key: bytes, position: int, cause: Cause, by: bytes) -> int:
        directory = paths.from_key(key)
        count = 0
        for layer in self.stack[: position - 1]:
            entries = layer.entries
            for row in entries.below(directory):
                inside = paths.key(entries.entry(row).path)
                if inside in self.seen:
                    self._cover(inside, position, cause, by)
                    count += 1
                self.directories.discard(inside)
        return count


def _kinds(entries: Entries) -> Iterator[tuple[int, bool]]:
    if isinstance(entries, Table):
        return zip(entries.kinds, (bool(flag & OPAQUE) for flag in entries.flags), strict=True)
    codes = {Kind.WHITEOUT: WHITEOUT, Kind.DIR: DIR}
    rows = map(entries.entry, range(len(entries)))
    return ((codes.get(entry.kind, -1), entry.opaque) for entry in rows)


def _kept(stack: Sequence[Layer], seen: dict[bytes, Row]) -> frozenset[Row]:
    """The files that hard links which are seen lead to."""
    links = chain.from_iterable(
        ((position, row) for row in layer.entries.hard_links()) for position, layer in enumerate(stack, 1)
    )
    kept: set[Row] = set()
    for position, row in links:
        entry = stack[position - 1].entries.entry(row)
        if seen.get(paths.key(entry.path)) != (position, row):
            continue
        file = merge.inode_of(stack, Found(position, entry))
        number = stack[file.position - 1].entries.row(file.entry.path) if file else None
        if file and number is not None:
            kept.add(Row(file.position, number))
    return frozenset(kept)
