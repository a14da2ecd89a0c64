"""Rows being gathered, in any order, until they are the rows of a table."""

import struct
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import accumulate, count, islice
from operator import itemgetter, lt
from typing import TypeVar

from layerviz.engine import paths
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import CODES, DIR, IMPLIED, KINDS, OPAQUE, WHITEOUT, Table

_T = TypeVar("_T")

_LATEST_NS = 2**63 - 1
"""A time after the year 2262, which tars can name, becomes the last moment that the column holds."""


class Rows:
    """Rows for a table. `source` is what the offsets of contents are offsets in."""

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
        self.taken: dict[bytes, int] = {}
        """The last row of each key that is no whiteout."""
        self.hidden: dict[bytes, int] = {}
        """The last whiteout of each key."""
        self.settled = 0

    def __len__(self) -> int:
        return len(self.keys)

    def add(self, entry: Entry) -> int:
        """Appends `entry`, whose place among the others is found at the end; returns its number."""
        row = len(self.keys)
        key = paths.key(entry.path)
        self.keys.append(key)
        self.kinds.append(CODES[entry.kind])
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
        (self.hidden if entry.is_whiteout else self.taken)[key] = row
        return row

    def add_plain(
        self,
        keys: Sequence[bytes],
        kinds: bytes,
        attributes: Sequence[tuple[int, int, int]],
        mtimes_ns: Sequence[int],
        sizes: Sequence[int],
        offsets: Sequence[int],
        linknames: Mapping[int, str],
    ) -> None:
        """Appends files, directories and symlinks that have no more to them than this: mode, uid and gid, their content
        at `offset` of `source` (-1: none), and of symlinks where they lead, by their place in the columns."""
        first = len(self.keys)
        self.keys += keys
        self.kinds += kinds
        self.flags += bytes(len(keys))
        modes, uids, gids = zip(*attributes, strict=True) if attributes else ((), (), ())
        _extend(self.modes, modes)
        _extend(self.uids, uids)
        _extend(self.gids, gids)
        _extend(self.sizes, sizes)
        _extend(self.offsets, offsets)
        try:
            _extend(self.mtimes, mtimes_ns)
        except struct.error:
            _extend(self.mtimes, list(map(_clamped, mtimes_ns)))
        for place, target in linknames.items():
            self.linknames[first + place] = target
        self.taken.update(zip(keys, count(first)))

    def add_whiteout(self, key: bytes, mtime_ns: int) -> None:
        self.hidden[key] = len(self.keys)
        self.keys.append(key)
        self.kinds.append(WHITEOUT)
        self.flags.append(0)
        self.modes.append(0)
        self.uids.append(0)
        self.gids.append(0)
        self.mtimes.append(_clamped(mtime_ns))
        self.sizes.append(0)
        self.offsets.append(-1)

    def kind(self, row: int) -> Kind:
        return KINDS[self.kinds[row]]

    def mark_opaque(self, row: int) -> None:
        self.flags[row] |= OPAQUE

    def settle(self) -> tuple[str, ...]:
        """Takes out what lies below something that is no directory, and adds the directories that are only implied.

        Returns the paths of those taken out that came after it: what came before was replaced along with its directory,
        these never had a place.
        """
        lost: tuple[str, ...] = ()
        missing, below_file = self._ancestors()
        if below_file:
            lost = self._dropped()
            missing, _ = self._ancestors()
        for parent in missing:
            self.add(Entry(paths.from_key(parent), Kind.DIR, 0o755, implied=True))
        self.settled = len(self.keys)
        return lost

    def table(self) -> Table:
        """The rows in order, the last one where there are several for one path, with implied parents and nothing below
        what is no directory."""
        if self.settled != len(self.keys):
            self.settle()
        order = self._order()
        columns = [self.modes, self.uids, self.gids, self.sizes, self.mtimes, self.offsets]
        if len(order) == len(self.keys) and isinstance(order, range):
            keys, kinds, flags = self.keys, bytes(self.kinds), bytes(self.flags)
        else:
            take = _taking(order)
            keys, kinds, flags = list(take(self.keys)), bytes(take(self.kinds)), bytes(take(self.flags))
            columns = [_extend(array(column.typecode), take(column)) for column in columns]
        modes, uids, gids, sizes, mtimes, offsets = columns
        return Table(
            b"".join(keys),
            array("Q", accumulate(map(len, keys), initial=0)),
            kinds,
            flags,
            modes,
            uids,
            gids,
            sizes,
            mtimes,
            offsets,
            self.source,
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

    def _order(self) -> Sequence[int]:
        """The rows that count, sorted; at one path the whiteout first."""
        if len(self.taken) == len(self.keys) and all(map(lt, self.keys, islice(self.keys, 1, None))):
            # As most writers leave them: every row counts, and stands in its place.
            return range(len(self.keys))
        return sorted((*self.hidden.values(), *self.taken.values()), key=self.keys.__getitem__)

    def _ancestors(self) -> tuple[list[bytes], bool]:
        """The directories that rows lie in without being rows themselves (a whiteout implies none), and whether any row
        lies below one that is no directory."""
        missing: list[bytes] = []
        below_file = False
        known: set[bytes] = set()
        for keys, implies in ((self.taken, True), (self.hidden, False)):
            for parent in sorted({key.rpartition(b"\0")[0] for key in keys}):
                while parent and parent not in known:
                    known.add(parent)
                    row = self.taken.get(parent)
                    if row is not None:
                        below_file = below_file or self.kinds[row] != DIR
                    elif implies:
                        missing.append(parent)
                    parent = parent.rpartition(b"\0")[0]
        return missing, below_file

    def _dropped(self) -> tuple[str, ...]:
        lost: list[str] = []
        top, top_row = b"", -1
        for row in self._order():
            key = self.keys[row]
            if top and key.startswith(top):
                del (self.hidden if self.kinds[row] == WHITEOUT else self.taken)[key]
                if row > top_row:
                    lost.append(paths.from_key(key))
            elif key and self.kinds[row] not in (DIR, WHITEOUT):
                top, top_row = key + b"\0", row
        return tuple(lost)


def _extend(column: "array[int]", numbers: Collection[int]) -> "array[int]":
    """Appends many numbers, several times faster than the array itself does it."""
    column.frombytes(struct.pack(f"{len(numbers)}{column.typecode}", *numbers))
    return column


def _clamped(mtime_ns: int) -> int:
    return max(-_LATEST_NS, min(mtime_ns, _LATEST_NS))


def _taking(order: Sequence[int]) -> Callable[[Sequence[_T]], Collection[_T]]:
    """What picks the rows `order` out of a column."""
    if len(order) < 2:
        return lambda column: [column[row] for row in order]
    return itemgetter(*order)


def _moved(by_row: dict[int, _T], order: Sequence[int]) -> dict[int, _T]:
    if not by_row or isinstance(order, range):
        return by_row
    return {new: by_row[old] for new, old in enumerate(order) if old in by_row}
