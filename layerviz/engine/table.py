"""The entry table of an image's layer: columns and one heap of path bytes, for three rows as for a million.

Rows are sorted by path components; an `Entry` is a view on a row. A whiteout is a row at the path that it hides and
stands before the other row that the same path may have. Every directory that something lies in has a row: where the
layer's tar has none, an implied one.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TypeVar

from layerviz.engine import paths
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.engine.entry import Entry, Kind

_T = TypeVar("_T")

KINDS = tuple(Kind)
"""The column `kinds` holds positions in this tuple."""
_CODE = {kind: code for code, kind in enumerate(KINDS)}
WHITEOUT, DIR, FILE, HARDLINK = _CODE[Kind.WHITEOUT], _CODE[Kind.DIR], _CODE[Kind.FILE], _CODE[Kind.HARDLINK]
OPAQUE, IMPLIED = 1, 2
"""Bits of the column `flags`."""
_LATEST_NS = 2**63 - 1
"""A time after the year 2262, which tars can name, becomes the last moment that the column holds."""


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Table:
    """The rows of one layer. Two tables are equal only if they are one; compare `tuple(table)` for content.

    `heap` holds the rows' keys (`paths.key`) one after another, row n from `starts[n]` to `starts[n + 1]`.
    `offsets` says where in `source` the row's content begins, -1 where `contents` has it (or it has none).
    What few rows have (links, devices, extended attributes) is kept by row number.
    """

    heap: bytes = b""
    starts: "array[int]" = field(default_factory=lambda: array("Q", [0]))
    kinds: bytes = b""
    flags: bytes = b""
    modes: "array[int]" = field(default_factory=lambda: array("H"))
    uids: "array[int]" = field(default_factory=lambda: array("q"))
    gids: "array[int]" = field(default_factory=lambda: array("q"))
    sizes: "array[int]" = field(default_factory=lambda: array("Q"))
    mtimes: "array[int]" = field(default_factory=lambda: array("q"))
    offsets: "array[int]" = field(default_factory=lambda: array("q"))
    source: str = ""
    contents: Mapping[int, Content] = field(default_factory=dict)
    linknames: Mapping[int, str] = field(default_factory=dict)
    devices: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    xattrs: Mapping[int, tuple[tuple[str, bytes], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Table":
        """The table of `entries`, in any order; of two for one path the last one stays, parents are implied."""
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
        )

    @property
    def size_bytes(self) -> int:
        """Sum of the content of all files."""
        return sum(self.sizes)

    def hard_links(self) -> tuple[int, ...]:
        """Rows of all hard links."""
        return tuple(row for row in self.linknames if self.kinds[row] == HARDLINK)

    def _key(self, row: int) -> bytes:
        return self.heap[self.starts[row] : self.starts[row + 1]]

    def _first(self, key: bytes, low: int = 0, high: int | None = None) -> int:
        """The first row whose key is not less than `key`."""
        return bisect_left(range(len(self)), key, low, high, key=self._key)

    def _content(self, row: int) -> Content:
        if self.offsets[row] < 0:
            return self.contents.get(row, EMPTY)
        return Content((Range(self.source, self.offsets[row], self.sizes[row]),)) if self.sizes[row] else EMPTY


class Rows:
    """Rows being gathered, in any order, for a table. `source` is what the offsets of contents are offsets in."""

    def __init__(self, source: str = "") -> None:
        self.source = source
        self.keys: list[bytes] = []
        self.kinds = bytearray()
        self.flags = bytearray()
        self.modes = array("H")
        self.uids = array("q")
        self.gids = array("q")
        self.sizes = array("Q")
        self.mtimes = array("q")
        self.offsets = array("q")
        self.contents: dict[int, Content] = {}
        self.linknames: dict[int, str] = {}
        self.devices: dict[int, tuple[int, int]] = {}
        self.xattrs: dict[int, tuple[tuple[str, bytes], ...]] = {}
        self.dropped: set[int] = set()

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, entry: Entry) -> int:
        """Appends `entry`, whose place among the others is found at the end; returns its number."""
        row = len(self.keys)
        self.keys.append(paths.key(entry.path))
        self.kinds.append(_CODE[entry.kind])
        self.flags.append(OPAQUE * entry.opaque | IMPLIED * entry.implied)
        self.modes.append(entry.mode)
        self.uids.append(entry.uid)
        self.gids.append(entry.gid)
        self.mtimes.append(_clamped(entry.mtime_ns))
        content = entry.content if entry.kind is Kind.FILE else EMPTY
        self.sizes.append(content.size_bytes)
        self.offsets.append(self._offset(content))
        if content.extents and self.offsets[row] < 0:
            self.contents[row] = content
        if entry.linkname and entry.kind in (Kind.SYMLINK, Kind.HARDLINK):
            self.linknames[row] = entry.linkname
        if entry.device != (0, 0):
            self.devices[row] = entry.device
        if entry.xattrs:
            self.xattrs[row] = entry.xattrs
        return row

    def add_plain(
        self, key: bytes, is_directory: bool, mode: int, uid: int, gid: int, mtime_ns: int, size_bytes: int, offset: int
    ) -> int:
        """Appends a file or directory that has no more to it than this, its content at `offset` of `source`."""
        row = len(self.keys)
        self.keys.append(key)
        self.kinds.append(DIR if is_directory else FILE)
        self.flags.append(0)
        self.modes.append(mode)
        self.uids.append(uid)
        self.gids.append(gid)
        self.mtimes.append(mtime_ns if -_LATEST_NS <= mtime_ns <= _LATEST_NS else _clamped(mtime_ns))
        self.sizes.append(size_bytes)
        self.offsets.append(offset if size_bytes else -1)
        return row

    def kind(self, row: int) -> Kind:
        return KINDS[self.kinds[row]]

    def mark_opaque(self, row: int) -> None:
        self.flags[row] |= OPAQUE

    def drop_below_files(self) -> tuple[str, ...]:
        """Takes out what lies below something that is no directory. Returns the paths of those that came after it: what
        came before was replaced along with its directory, these never had a place."""
        lost: list[str] = []
        top, top_row, length = b"", -1, 0
        for row in self._order():
            key = self.keys[row]
            if length and key.startswith(top) and key[length : length + 1] == b"\0":
                self.dropped.add(row)
                if row > top_row:
                    lost.append(paths.from_key(key))
            elif self.kinds[row] not in (DIR, WHITEOUT):
                top, top_row, length = key, row, len(key)
        return tuple(lost)

    def table(self) -> Table:
        """The rows in order, the last one where there are several for one path, with implied parents."""
        self._imply_parents()
        order = self._order()
        keys = [self.keys[row] for row in order]
        return Table(
            heap=b"".join(keys),
            starts=array("Q", accumulate(map(len, keys), initial=0)),
            kinds=bytes(map(self.kinds.__getitem__, order)),
            flags=bytes(map(self.flags.__getitem__, order)),
            modes=array("H", map(self.modes.__getitem__, order)),
            uids=array("q", map(self.uids.__getitem__, order)),
            gids=array("q", map(self.gids.__getitem__, order)),
            sizes=array("Q", map(self.sizes.__getitem__, order)),
            mtimes=array("q", map(self.mtimes.__getitem__, order)),
            offsets=array("q", map(self.offsets.__getitem__, order)),
            source=self.source,
            contents=_moved(self.contents, order),
            linknames=_moved(self.linknames, order),
            devices=_moved(self.devices, order),
            xattrs=_moved(self.xattrs, order),
        )

    def _offset(self, content: Content) -> int:
        if self.source and len(content.extents) == 1:
            extent = content.extents[0]
            if isinstance(extent, Range) and extent.source == self.source:
                return extent.offset
        return -1

    def _order(self) -> list[int]:
        """The rows that count, sorted; at one path the whiteout first."""
        rows: Iterable[int] = range(len(self.keys))
        if self.dropped:
            rows = [row for row in rows if row not in self.dropped]
        whiteouts = [row for row in rows if self.kinds[row] == WHITEOUT] if WHITEOUT in self.kinds else []
        if whiteouts:
            rows = [row for row in rows if self.kinds[row] != WHITEOUT]
        # Of several rows with one key the last one stays in a dictionary.
        last = {self.keys[row]: row for row in rows}
        hidden = {self.keys[row]: row for row in whiteouts}
        return sorted((*hidden.values(), *last.values()), key=self.keys.__getitem__)

    def _imply_parents(self) -> None:
        known = {key for row, key in enumerate(self.keys) if self.kinds[row] != WHITEOUT}
        known.add(b"")
        before = b""
        for row in range(len(self.keys)):
            key = self.keys[row]
            parent = key[: max(key.rfind(b"\0"), 0)]
            # Neighbours mostly have one parent, and it was looked at with the one before.
            if parent == before or self.kinds[row] == WHITEOUT or row in self.dropped:
                continue
            before = parent
            while parent not in known:
                known.add(parent)
                self.add(Entry(paths.from_key(parent), Kind.DIR, 0o755, implied=True))
                parent = parent[: max(parent.rfind(b"\0"), 0)]


def _clamped(mtime_ns: int) -> int:
    return max(-_LATEST_NS, min(mtime_ns, _LATEST_NS))


def _moved(by_row: dict[int, _T], order: list[int]) -> dict[int, _T]:
    if not by_row:
        return {}
    return {new: by_row[old] for new, old in enumerate(order) if old in by_row}
