"""The entry table of an image's layer: columns and one heap of path bytes, for three rows as for a million.

Rows are sorted by path components; an `Entry` is a view on a row. A whiteout is a row at the path that it hides and
stands before the other row that the same path may have. Every directory that something lies in has a row: where the
layer's tar has none, an implied one.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol, overload

from layerviz.engine import paths
from layerviz.engine.content import EMPTY, Content, stored
from layerviz.engine.entry import Entry, Kind

KINDS = tuple(Kind)
"""The column `kinds` holds positions in this tuple."""
CODES = {kind: code for code, kind in enumerate(KINDS)}
WHITEOUT, DIR, FILE, HARDLINK = CODES[Kind.WHITEOUT], CODES[Kind.DIR], CODES[Kind.FILE], CODES[Kind.HARDLINK]
SYMLINK = CODES[Kind.SYMLINK]
OPAQUE, IMPLIED, LINKED_BEFORE = 1, 2, 4
"""Bits of the column `flags`."""


class Heap(Protocol):
    """Bytes in memory or in a mapped file."""

    def __getitem__(self, part: slice, /) -> bytes: ...

    def find(self, sub: bytes, start: int, end: int, /) -> int: ...


class Column(Protocol):
    """Numbers by row: an array, or a view into a mapped file."""

    @overload
    def __getitem__(self, row: int, /) -> int: ...

    @overload
    def __getitem__(self, rows: slice, /) -> "Column": ...

    def __iter__(self) -> Iterator[int]: ...

    def __len__(self) -> int: ...

    def tobytes(self) -> bytes: ...


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Table:
    """The rows of one layer. Two tables are equal only if they are one; compare `tuple(table)` for content.

    `heap` holds the rows' keys (`paths.key`) one after another, row n from `starts[n]` to `starts[n + 1]`.
    `offsets` says where in `source` the row's content begins, counted from `origin`; -1 where `contents` has it (or it
    has none). Of a row with `segments` only these lie there (`content.stored`). What few rows have (links, devices,
    extended attributes) is kept by row number. Nothing lies below a row that is no directory.
    """

    heap: Heap = b""
    starts: Column = field(default_factory=lambda: array("Q", [0]))
    kinds: bytes = b""
    flags: bytes = b""
    modes: Column = field(default_factory=lambda: array("H"))
    uids: Column = field(default_factory=lambda: array("q"))
    gids: Column = field(default_factory=lambda: array("q"))
    sizes: Column = field(default_factory=lambda: array("Q"))
    mtimes: Column = field(default_factory=lambda: array("q"))
    offsets: Column = field(default_factory=lambda: array("q"))
    source: str = ""
    origin: int = 0
    contents: Mapping[int, Content] = field(default_factory=dict)
    linknames: Mapping[int, str] = field(default_factory=dict)
    devices: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    xattrs: Mapping[int, tuple[tuple[str, bytes], ...]] = field(default_factory=dict)
    segments: Mapping[int, Sequence[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Table":
        """The table of `entries`, in any order; of two for one path the last one stays, parents are implied."""
        from layerviz.engine.rows import Rows

        rows = Rows()
        for entry in entries:
            rows.add(entry)
        return rows.table()

    def __len__(self) -> int:
        return len(self.kinds)

    def __iter__(self) -> Iterator[Entry]:
        return map(self.entry, range(len(self)))

    def row(self, path: str) -> int | None:
        """The row of the entry at `path` that is no whiteout."""
        key = paths.key(path)
        row = self._first(key)
        if row < len(self) and self.kinds[row] == WHITEOUT and self._key(row) == key:
            row += 1
        return row if row < len(self) and self._key(row) == key and self.kinds[row] != WHITEOUT else None

    def whiteout(self, path: str) -> int | None:
        """The row of the whiteout that hides `path`."""
        key = paths.key(path)
        row = self._first(key)
        return row if row < len(self) and self.kinds[row] == WHITEOUT and self._key(row) == key else None

    def at(self, path: str) -> Entry | None:
        """The entry at `path` that is no whiteout."""
        row = self.row(path)
        return None if row is None else self.entry(row)

    def children(self, directory: str) -> tuple[int, ...]:
        """Rows of all direct children, whiteouts included, in order."""
        prefix = len(paths.key(directory)) + 1
        rows = self.below(directory)
        found: list[int] = []
        row = rows.start
        heap, starts = self.heap, self.starts
        while row < rows.stop:
            deeper = heap.find(b"\0", starts[row] + prefix, starts[row + 1])
            if deeper < 0:
                found.append(row)
                row += 1
            else:
                row = self._first(heap[starts[row] : deeper] + b"\x01", row, rows.stop)
        return tuple(found)

    def entries_in(self, directory: str) -> Iterator[Entry]:
        """The entries of `children(directory)`, in order."""
        return map(self.entry, self.children(directory))

    def below(self, directory: str) -> range:
        """Rows of everything below `directory`, at any depth, whiteouts included."""
        key = paths.key(directory)
        first = self._first(key + b"\0")
        return range(first, self._first(key + b"\x01", first))

    def count_below(self, directory: str) -> int:
        """How many rows of `below(directory)` are no whiteouts."""
        rows = self.below(directory)
        return len(rows) - self.kinds.count(WHITEOUT, rows.start, rows.stop)

    @property
    def directories(self) -> int:
        """How many rows are directories."""
        return self.kinds.count(DIR)

    def entry(self, row: int) -> Entry:
        flags = self.flags[row]
        return Entry(
            path=paths.from_key(self._key(row)),
            kind=KINDS[self.kinds[row]],
            mode=self.modes[row],
            uid=self.uids[row],
            gid=self.gids[row],
            mtime_ns=self.mtimes[row],
            content=self._content(row),
            linkname=self.linknames.get(row, ""),
            device=self.devices.get(row, (0, 0)),
            xattrs=self.xattrs.get(row, ()),
            opaque=bool(flags & OPAQUE),
            implied=bool(flags & IMPLIED),
            linked_before=bool(flags & LINKED_BEFORE),
        )

    @property
    def size_bytes(self) -> int:
        """Sum of the content of all files."""
        return sum(self.sizes)

    @property
    def symlink_bytes(self) -> int:
        """Sum of the lengths of what symlinks lead to."""
        return sum(len(paths.encoded(to)) for row, to in self.linknames.items() if self.kinds[row] == SYMLINK)

    def keys(self, first: int = 0, end: int | None = None) -> list[bytes]:
        """The key of each row from `first` on, to before `end`."""
        cuts = self.starts[first : len(self) + 1 if end is None else end + 1]
        begins = cuts[0]
        heap = self.heap[begins : cuts[len(cuts) - 1]]
        return [heap[start - begins : end - begins] for start, end in pairwise(cuts)]

    def first(self, key: bytes) -> int:
        """The first row whose key is not less than `key`."""
        return self._first(key)

    def hard_links(self) -> tuple[int, ...]:
        """Rows of all hard links."""
        return tuple(row for row in self.linknames if self.kinds[row] == HARDLINK)

    def __reduce__(self) -> tuple[object, ...]:
        # A mapped file does not travel to another process, what lies in it does.
        heap = self.heap[self.starts[0] : self.starts[len(self)]]
        starts = array("Q", (start - self.starts[0] for start in self.starts))
        columns = (self.modes, self.uids, self.gids, self.sizes, self.mtimes, self.offsets)
        copies = [array(letter, column) for letter, column in zip("HqqQqq", columns, strict=True)]
        by_row = [dict(one) for one in (self.contents, self.linknames, self.devices, self.xattrs, self.segments)]
        return Table, (heap, starts, self.kinds, self.flags, *copies, self.source, self.origin, *by_row)

    def _key(self, row: int) -> bytes:
        return self.heap[self.starts[row] : self.starts[row + 1]]

    def _first(self, key: bytes, low: int = 0, high: int | None = None) -> int:
        """The first row whose key is not less than `key`."""
        return bisect_left(range(len(self)), key, low, high, key=self._key)

    def _content(self, row: int) -> Content:
        if self.offsets[row] < 0:
            return self.contents.get(row, EMPTY)
        return stored(self.source, self.origin + self.offsets[row], self.sizes[row], self.segments.get(row))


def places_of(column: bytes, value: int) -> Iterator[int]:
    """The rows of a column of bytes that hold `value`, in their order."""
    place = column.find(value)
    while place >= 0:
        yield place
        place = column.find(value, place + 1)
