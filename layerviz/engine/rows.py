"""Rows being gathered, in any order, until they are the rows of a table."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import accumulate, chain, compress, count, islice, pairwise
from operator import itemgetter, lt
from typing import TypeVar

from layerviz.engine import paths
from layerviz.engine.content import EMPTY, Content, Range, segments_in
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import CODES, DIR, HARDLINK, IMPLIED, KINDS, LINKED_BEFORE, OPAQUE, WHITEOUT, Table

_T = TypeVar("_T")
_Run = tuple[int, int]
"""Rows that are neighbours: from the first to before the second."""
_NewRow = Callable[[int], int]
"""Where a row comes to stand, -1 where it does not count."""

_LATEST_NS = 2**63 - 1
"""A time after the year 2262, which tars can name, becomes the last moment that the column holds."""
_NO_WHITEOUT = bytes(code != WHITEOUT for code in range(256))
_IS_IMPLIED = bytes(bool(flags & IMPLIED) for flags in range(256))
_MANY = 8
"""Where one row of so many is out of place, all are sorted."""


class Unusual(Exception):
    """Rows that are gathered for a short way are not such as it leads to a table with: another `Rows` has to gather
    them."""


class Rows:
    """Rows for a table. `source` is what the offsets of contents are offsets in."""

    in_order = False
    """Whether only rows can be added whose keys come behind those of all the others."""

    def __init__(self, source: str = "") -> None:
        self.source = source
        self.keys: list[bytes] = []
        self.kinds = bytearray()
        self.flags = bytearray()
        self.modes = array("H")
        self.uids = array("I")
        self.gids = array("I")
        self.sizes = array("Q")
        self.mtimes = array("q")
        self.offsets = array("q")
        self.contents: dict[int, Content] = {}
        self.linknames: dict[int, str] = {}
        self.devices: dict[int, tuple[int, int]] = {}
        self.xattrs: dict[int, tuple[tuple[str, bytes], ...]] = {}
        self.segments: dict[int, Sequence[int]] = {}
        self.taken: dict[bytes, int] = {}
        """The last row of each key that is no whiteout."""
        self.hidden: dict[bytes, int] = {}
        """The last whiteout of each key."""
        self.settled = 0
        self._held: set[bytes] = set()
        self._held_rows = 0

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def distinct(self) -> int:
        """How many keys the rows have that are no whiteouts."""
        return len(self.taken)

    def row(self, key: bytes) -> int | None:
        """The last row of this key that is no whiteout."""
        return self.taken.get(key)

    def add(self, entry: Entry) -> int:
        """Appends `entry`, whose place among the others is found at the end; returns its number."""
        row = len(self)
        self.add_key(paths.key(entry.path), entry.is_whiteout)
        self.kinds.append(CODES[entry.kind])
        self.flags.append(OPAQUE * entry.opaque | IMPLIED * entry.implied | LINKED_BEFORE * entry.linked_before)
        self.modes.append(entry.mode)
        self.uids = _appended(self.uids, entry.uid)
        self.gids = _appended(self.gids, entry.gid)
        self.mtimes.append(clamped(entry.mtime_ns))
        content = entry.content if entry.kind is Kind.FILE else EMPTY
        self.sizes.append(content.size_bytes)
        self.offsets.append(self._offset(content, row))
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
        self,
        keys: Sequence[bytes],
        kinds: bytes,
        modes: "array[int]",
        uids: "array[int]",
        gids: "array[int]",
        mtimes_ns: "array[int]",
        sizes: "array[int]",
        offsets: "array[int]",
        linknames: Mapping[int, str],
    ) -> None:
        """Appends files, directories and links that have no more to them than this: their content at `offset` of
        `source` (-1: none), and where links lead, by their place in the columns."""
        first = len(self)
        self.add_keys(keys)
        self.kinds += kinds
        self.flags += bytes(len(keys))
        self.modes += modes
        _extend(self.uids, uids)
        _extend(self.gids, gids)
        self.mtimes += mtimes_ns
        self.sizes += sizes
        self.offsets += offsets
        for place, target in linknames.items():
            self.linknames[first + place] = target

    def add_whiteout(self, key: bytes, mtime_ns: int) -> None:
        self._add_bare(key, WHITEOUT, 0, clamped(mtime_ns))

    def add_hard_link(self, key: bytes, mode: int, target: str) -> None:
        self.linknames[len(self)] = target
        self._add_bare(key, HARDLINK, mode, 0)

    def make_hard_link(self, row: int, target: str) -> None:
        """What `add_hard_link` makes of a row that is there already, and of that kind."""
        self.linknames[row] = target
        self.uids[row] = self.gids[row] = self.mtimes[row] = 0

    def add_key(self, key: bytes, is_whiteout: bool) -> None:
        """That of the next row."""
        (self.hidden if is_whiteout else self.taken)[key] = len(self.keys)
        self.keys.append(key)

    def add_keys(self, keys: Sequence[bytes]) -> None:
        """Those of the next rows, none of them a whiteout's."""
        listed = keys if isinstance(keys, list) else list(keys)
        self.taken.update(zip(listed, count(len(self.keys))))
        self.keys += listed

    def _add_bare(self, key: bytes, kind: int, mode: int, mtime_ns: int) -> None:
        self.add_key(key, kind == WHITEOUT)
        self.kinds.append(kind)
        self.flags.append(0)
        self.modes.append(mode)
        self.uids.append(0)
        self.gids.append(0)
        self.mtimes.append(mtime_ns)
        self.sizes.append(0)
        self.offsets.append(-1)

    def kind(self, row: int) -> Kind:
        return KINDS[self.kinds[row]]

    def mark_opaque(self, row: int) -> None:
        self.flags[row] |= OPAQUE

    def mark_links_before_their_targets(self) -> None:
        """Whoever unpacks a tar makes its links one after another: what a later entry puts in a target's place is not
        linked to (umoci, podman)."""
        for row, target in self.linknames.items():
            if self.kinds[row] == HARDLINK and self.comes_after(row, paths.key(target)):
                self.flags[row] |= LINKED_BEFORE

    def comes_after(self, row: int, key: bytes) -> bool:
        """Whether something that comes after `row` takes the place of what is at `key`, or of a directory above it."""
        found = self.row(key)
        if found is not None and found > row:
            return True
        above = map(self.row, (key[:at] for at, letter in enumerate(key) if at and not letter))
        return any(one is not None and one > row and self.kinds[one] != DIR for one in above)

    def held(self) -> set[bytes]:
        """The keys of all directories that something lies in, but the root's (a whiteout implies none)."""
        rows = slice(self._held_rows, None)
        keys: Iterable[bytes] = self.keys[rows]
        if self.hidden:
            keys = compress(keys, self.kinds[rows].translate(_NO_WHITEOUT))
        self._held_rows = len(self.keys)
        return _with_ancestors({key.rpartition(b"\0")[0] for key in keys}, self._held)

    def settle(self) -> tuple[str, ...]:
        """Takes out what lies below something that is no directory, and adds the directories that are only implied.

        Returns the paths of those taken out that came after it: what came before was replaced along with its directory,
        these never had a place.
        """
        lost: tuple[str, ...] = ()
        if self._is_anything_below_a_file():
            lost = self._dropped()
            self._held, self._held_rows = ancestors(self.taken), len(self.keys)
        for parent in sorted(key for key in self.held() if key not in self.taken):
            self.add(Entry(paths.from_key(parent), Kind.DIR, 0o755, implied=True))
        self.settled = len(self.keys)
        return lost

    def table(self) -> Table:
        """The rows in order, the last one where there are several for one path, with implied parents and nothing below
        what is no directory."""
        if self.settled != len(self.keys):
            self.settle()
        keys, kinds, flags = self.keys, bytes(self.kinds), bytes(self.flags)
        columns = [self.modes, self.uids, self.gids, self.sizes, self.mtimes, self.offsets]
        new_row: _NewRow | None = None
        runs = self._runs()
        if runs is None:
            order = self._order()
            take = _taking(order)
            keys, kinds, flags = list(take(keys)), bytes(take(kinds)), bytes(take(flags))
            columns = [array(column.typecode, take(column)) for column in columns]
            new_row = _in_order(order)
        elif len(runs) > 1:
            keys = list(chain.from_iterable([keys[start:end] for start, end in runs]))
            kinds, flags = (b"".join([column[start:end] for start, end in runs]) for column in (kinds, flags))
            columns = [_joined(column, runs) for column in columns]
            new_row = _in_runs(runs)
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
            contents=_moved(self.contents, new_row),
            linknames=_moved(self.linknames, new_row),
            devices=_moved(self.devices, new_row),
            xattrs=_moved(self.xattrs, new_row),
            segments=_moved(self.segments, new_row),
        )

    def _offset(self, content: Content, row: int) -> int:
        if not self.source or not content.extents:
            return -1
        first = content.extents[0]
        if len(content.extents) == 1 and isinstance(first, Range):
            return first.offset if first.source == self.source else -1
        found = segments_in(content, self.source)
        if found is None:
            return -1
        offset, segments = found
        self.segments[row] = array("Q", segments)
        return offset

    def _order(self) -> list[int]:
        """The rows that count, sorted; at one path the whiteout first."""
        return sorted((*self.hidden.values(), *self.taken.values()), key=self.keys.__getitem__)

    def _runs(self) -> list[_Run] | None:
        """What `_order` says, of rows that stand in their places but for whiteouts and implied directories, as most
        writers leave them; None of others."""
        keys = self.keys
        displaced = [*self.hidden.values(), *compress(count(), self.flags.translate(_IS_IMPLIED))]
        if len(self.taken) + len(self.hidden) != len(keys) or _MANY * len(displaced) > len(keys):
            return None
        kept = _between(sorted(displaced), len(keys))
        placed = list(chain.from_iterable([keys[start:end] for start, end in kept])) if displaced else keys
        if not all(map(lt, placed, islice(placed, 1, None))):
            return None
        runs: list[_Run] = []
        passed = 0
        left = iter(kept)
        start, end = next(left, (0, 0))
        for row in sorted(displaced, key=keys.__getitem__):
            wanted = bisect_left(placed, keys[row], passed)
            while passed < wanted:
                stop = min(end, start + wanted - passed)
                runs.append((start, stop))
                passed += stop - start
                start, end = (stop, end) if stop < end else next(left, (0, 0))
            runs.append((row, row + 1))
        return [*runs, *((start, end) for start, end in ((start, end), *left) if start < end)]

    def _is_anything_below_a_file(self) -> bool:
        held, kinds, taken = self.held(), self.kinds, self.taken
        if any(kinds[taken[key]] != DIR for key in held if key in taken):
            return True
        return any(kinds[taken[key]] != DIR for key in ancestors(self.hidden) if key in taken)

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


def ancestors(keys: Iterable[bytes]) -> set[bytes]:
    """The keys of all directories that these lie in, but the root's."""
    return _with_ancestors({key.rpartition(b"\0")[0] for key in keys}, set())


def _with_ancestors(parents: Iterable[bytes], known: set[bytes]) -> set[bytes]:
    for parent in parents:
        while parent and parent not in known:
            known.add(parent)
            parent = parent.rpartition(b"\0")[0]
    return known


def _between(rows: Iterable[int], end: int) -> list[_Run]:
    """What is left of the rows up to `end` without these."""
    cuts = [-1, *rows, end]
    return [(before + 1, row) for before, row in pairwise(cuts) if before + 1 < row]


def _joined(column: "array[int]", runs: Iterable[_Run]) -> "array[int]":
    return array(column.typecode, b"".join([column[start:end] for start, end in runs]))


def _in_order(order: Iterable[int]) -> _NewRow:
    new_rows = {old: new for new, old in enumerate(order)}
    return lambda row: new_rows.get(row, -1)


def _in_runs(runs: Iterable[_Run]) -> _NewRow:
    moved: list[tuple[int, int]] = []
    passed = 0
    for start, end in runs:
        moved.append((start, passed))
        passed += end - start
    moved.sort()
    starts = [start for start, _ in moved]

    def new_row(row: int) -> int:
        start, begins = moved[bisect_right(starts, row) - 1]
        return begins + row - start

    return new_row


def _moved(by_row: dict[int, _T], new_row: _NewRow | None) -> dict[int, _T]:
    if not by_row or new_row is None:
        return by_row
    return {new: by_row[old] for new, old in sorted((new_row(old), old) for old in by_row) if new >= 0}


def _appended(owners: "array[int]", owner: int) -> "array[int]":
    """`owners` and one more, in a wider column from the first on that has no room in it."""
    try:
        owners.append(owner)
    except OverflowError:
        owners = array("q", [*owners, owner])
    return owners


def _extend(owners: "array[int]", more: "array[int]") -> None:
    owners.extend(more if more.typecode == owners.typecode else more.tolist())


def clamped(mtime_ns: int) -> int:
    """The time that the column holds for it."""
    return max(-_LATEST_NS, min(mtime_ns, _LATEST_NS))


def _taking(order: Sequence[int]) -> Callable[[Sequence[_T]], Collection[_T]]:
    """What picks the rows `order` out of a column."""
    if len(order) < 2:
        return lambda column: [column[row] for row in order]
    return itemgetter(*order)
