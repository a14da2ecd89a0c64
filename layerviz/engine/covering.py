"""What each layer of a stack covers of those below it, row by row: what the facts about an image are counted from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Literal, NamedTuple

from layerviz.engine import merge, paths
from layerviz.engine.entry import Entry
from layerviz.engine.merge import Found
from layerviz.engine.table import DIR, IMPLIED, KINDS, OPAQUE, WHITEOUT, Table
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
    the end, and `directories`, a row that is only implied where there is no other; `covered`, what is no directory and
    not seen, in the order in which it was covered; `kept`, those of them whose bytes are seen all the same, under the
    name of a hard link."""

    counts: tuple[Count, ...]
    seen: Mapping[bytes, Row]
    directories: Mapping[bytes, Row]
    covered: tuple[Covered, ...]
    kept: frozenset[Row]


def coverings(stack: Sequence[Layer]) -> Coverings:
    """Plays the layers one on another, bottom first.

    A whiteout and an opaque directory cover lower layers only, never their own (image-spec, layer.md, "Whiteouts").
    """
    view = _View(stack)
    counts = tuple(view.lay(position, layer.entries) for position, layer in enumerate(stack, 1))
    return Coverings(counts, view.seen, view.directories, tuple(view.covered), _kept(stack, view.seen))


def entry_at(stack: Sequence[Layer], row: Row) -> Entry:
    """The entry that stands at `row`, as it is there."""
    return stack[row.position - 1].entries.entry(row.row)


def keys_of(entries: Entries, rows: range | None = None) -> list[bytes]:
    """The `paths.key` of each of the rows; of all without `rows`."""
    if not isinstance(entries, Table):
        return [paths.key(entries.entry(row).path) for row in (range(len(entries)) if rows is None else rows)]
    heap, starts = entries.heap, entries.starts
    if rows is None:
        return [heap[start:end] for start, end in pairwise(starts)]
    return [heap[starts[row] : starts[row + 1]] for row in rows]


def kinds_of(entries: Entries) -> Sequence[int]:
    """The kind of each row, as a table codes it."""
    if isinstance(entries, Table):
        return entries.kinds
    return [KINDS.index(entries.entry(row).kind) for row in range(len(entries))]


def sizes_of(entries: Entries) -> Sequence[int]:
    """The bytes of each row's content."""
    if isinstance(entries, Table):
        return list(entries.sizes)
    return [entries.entry(row).size_bytes for row in range(len(entries))]


class _View:
    """The merged view as it grows: the row that is seen at each key, files apart from directories."""

    def __init__(self, stack: Sequence[Layer]) -> None:
        self.stack = stack
        self.seen: dict[bytes, Row] = {}
        self.directories: dict[bytes, Row] = {}
        self.covered: list[Covered] = []

    def lay(self, position: int, entries: Entries) -> Count:
        keys = keys_of(entries)
        files: dict[bytes, Row] = {}
        directories: dict[bytes, Row] = {}
        implied: dict[bytes, Row] = {}
        removed = 0
        for row, (kind, flags) in enumerate(zip(kinds_of(entries), _flags_of(entries), strict=True)):
            key = keys[row]
            if kind == WHITEOUT:
                if key in self.seen:
                    self._cover(key, position, "whiteout", key)
                    removed += 1
                elif key in self.directories:
                    removed += self._cover_below(key, position)
                    del self.directories[key]
            elif kind == DIR:
                (implied if flags & IMPLIED else directories)[key] = Row(position, row)
                if flags & OPAQUE:
                    removed += self._cover_below(key, position)
            else:
                files[key] = Row(position, row)
        # A set's order is another in every run, the facts' is not.
        for key in sorted(self.seen.keys() & (directories.keys() | implied.keys())):
            self._cover(key, position, "over", key)
            removed += 1
        for key in sorted(self.directories.keys() & files.keys()):
            removed += self._cover_below(key, position)
            del self.directories[key]
        changed = sorted(self.seen.keys() & files.keys())
        for key in changed:
            self._cover(key, position, "over", key)
        self.seen.update(files)
        self.directories = implied | self.directories | directories
        return Count(len(files) - len(changed), len(changed), removed)

    def _cover(self, key: bytes, position: int, cause: Cause, by: bytes) -> None:
        self.covered.append(Covered(self.seen.pop(key), position, cause, paths.from_key(by)))

    def _cover_below(self, key: bytes, position: int) -> int:
        directory = paths.from_key(key)
        count = 0
        for layer in self.stack[: position - 1]:
            entries = layer.entries
            for inside in keys_of(entries, entries.below(directory)):
                if inside in self.seen:
                    self._cover(inside, position, "above", key)
                    count += 1
                else:
                    self.directories.pop(inside, None)
        return count


def _flags_of(entries: Entries) -> Sequence[int]:
    if isinstance(entries, Table):
        return entries.flags
    rows = map(entries.entry, range(len(entries)))
    return [OPAQUE * entry.opaque | IMPLIED * entry.implied for entry in rows]


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
