"""Rows that come in their order, checked and put together with numpy: the extra `fast` of `rows`.

Most writers leave a layer's entries in the order that a table has, each directory before what it holds. Then nothing
has to be remembered of a key but its bytes and what it has in common with the one before it. Of any other layer
`Unusual` is raised, and `Rows` gathers it.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from layerviz.engine import paths
from layerviz.engine.entry import Entry
from layerviz.engine.packed import Packed, in_common
from layerviz.engine.rows import Rows, Unusual, ancestors, clamped
from layerviz.engine.table import DIR, IMPLIED, WHITEOUT, Table

_T = TypeVar("_T")
_LOOKED_AT_ONCE = 1 << 16
"""More rows would take more memory and no less time."""

_MOST_ONE_BY_ONE = 1024
"""Of more keys that are not packed in their order `Rows` makes less work."""


class WideRows(Rows):
    """Rows that are no whiteouts, in the order of their keys; whiteouts are kept apart until the end."""

    in_order = True

    def __init__(self, source: str = "") -> None:
        super().__init__(source)
        self._heap = bytearray()
        self._starts = array("Q", [0])
        self._shared = array("I")
        """What each key has in common with the one before it."""
        self._last = b""
        self._implied: list[bytes] = []

    @property
    def distinct(self) -> int:
        return len(self)

    def row(self, key: bytes) -> int | None:
        if key >= self._last:
            return len(self._shared) - 1 if key == self._last and self._shared else None
        row = self._first(key)
        return row if row < len(self._shared) and self._key(row) == key else None

    def comes_after(self, row: int, key: bytes) -> bool:
        return key > self._key(row) and super().comes_after(row, key)

    def add(self, entry: Entry) -> int:
        if not entry.is_whiteout:
            return super().add(entry)
        self.add_whiteout(paths.key(entry.path), entry.mtime_ns)
        return -1

    def add_whiteout(self, key: bytes, mtime_ns: int) -> None:
        if key in self.hidden:
            raise Unusual
        self.hidden[key] = clamped(mtime_ns)

    def add_key(self, key: bytes, is_whiteout: bool) -> None:
        self._shared.append(self._follows(key))
        self._heap += key
        self._starts.append(len(self._heap))

    def add_keys(self, keys: Sequence[bytes]) -> None:
        shared = keys.shared if isinstance(keys, Packed) else None
        if not isinstance(keys, Packed) or shared is None:
            if len(keys) > _MOST_ONE_BY_ONE:
                raise Unusual
            for key in keys:
                self.add_key(key, False)
            return
        shared[0] = self._follows(keys[0])
        self._last = keys[len(keys) - 1]
        self._shared += shared
        cuts = keys.cuts
        begin, end = len(self._heap) - cuts[0], len(self._starts)
        self._starts += cuts[1:]
        if begin:
            np.frombuffer(self._starts, np.int64)[end:] += begin
        self._heap += keys.heap

    def _follows(self, key: bytes) -> int:
        """How many bytes the next key has in common with the one before it, which it has to follow."""
        common = in_common(self._last, key) if self._shared else 0
        if common < 0:
            raise Unusual
        self._last = key
        return common

    def held(self) -> set[bytes]:
        raise Unusual

    def settle(self) -> tuple[str, ...]:
        implied: set[bytes] = set()
        for row in self._orphans():
            above = self._key(row).rpartition(b"\0")[0]
            while above and above not in implied and not self._is_directory(above):
                implied.add(above)
                above = above.rpartition(b"\0")[0]
        # What a whiteout lies in need not be there, but nothing lies in a file.
        for above in ancestors(self.hidden):
            self._is_directory(above)
        self._implied = sorted(implied)
        self.settled = len(self)
        return ()

    def table(self) -> Table:
        if self.settled != len(self):
            self.settle()
        # At one path the whiteout stands first.
        more = sorted([*((key, 0) for key in self.hidden), *((key, 1) for key in self._implied)])
        places = [self._first(key) for key, _ in more]
        is_implied = np.array([kind for _, kind in more], np.uint8)
        times = [0 if kind else self.hidden[key] for key, kind in more]

        def merged(column: "array[int]", values: "npt.ArrayLike") -> "array[int]":
            if not places:
                return column
            joined = np.insert(np.frombuffer(column, column.typecode), places, values)
            return array(column.typecode, joined.tobytes())

        def moved(by_row: dict[int, _T]) -> dict[int, _T]:
            return {row + bisect_right(places, row): value for row, value in by_row.items()} if places else by_row

        kinds, flags = array("B", bytes(self.kinds)), array("B", bytes(self.flags))
        return Table(
            self._joined([key for key, _ in more], places),
            self._cuts([len(key) for key, _ in more], places),
            merged(kinds, np.where(is_implied, DIR, WHITEOUT)).tobytes(),
            merged(flags, is_implied * IMPLIED).tobytes(),
            merged(self.modes, is_implied * np.uint16(0o755)),
            merged(self.uids, 0),
            merged(self.gids, 0),
            merged(self.sizes, 0),
            merged(self.mtimes, times),
            merged(self.offsets, -1),
            self.source,
            contents=moved(self.contents),
            linknames=moved(self.linknames),
            devices=moved(self.devices),
            xattrs=moved(self.xattrs),
            segments=moved(self.segments),
        )

    def _joined(self, keys: Sequence[bytes], places: Sequence[int]) -> bytes:
        """The heap with these keys in it, each before the row at its place."""
        starts, passed = self._starts, 0
        parts: list[bytes | memoryview] = []
        with memoryview(self._heap) as heap:
            for key, place in zip(keys, places, strict=True):
                parts += (heap[passed : starts[place]], key)
                passed = starts[place]
            parts.append(heap[passed:])
            joined = b"".join(parts)
            for part in parts:
                if isinstance(part, memoryview):
                    part.release()
        return joined

    def _cuts(self, lengths: Sequence[int], places: Sequence[int]) -> "array[int]":
        if not places:
            return self._starts
        all_lengths = np.insert(np.diff(np.frombuffer(self._starts, np.int64)), places, lengths)
        return array("Q", np.concatenate(([0], np.cumsum(all_lengths))).tobytes())

    def _key(self, row: int) -> bytes:
        return bytes(self._heap[self._starts[row] : self._starts[row + 1]])

    def _first(self, key: bytes) -> int:
        """The first row whose key is not less than `key`. It is right if all turns out to be in order."""
        return bisect_left(range(len(self._shared)), key, key=self._key)

    def _is_directory(self, key: bytes) -> bool:
        """Whether there is one of this key."""
        row = self.row(key)
        if row is not None and self.kinds[row] != DIR:
            raise Unusual
        return row is not None

    def _orphans(self) -> Iterator[int]:
        """The rows in a directory that none of the rows before is. It may be the last of these, or any in which that
        lies: those are known."""
        kinds = np.frombuffer(bytes(self.kinds), np.uint8)
        starts = np.frombuffer(self._starts.tobytes(), np.int64)
        lengths = np.diff(starts)
        for begin in range(0, len(self), _LOOKED_AT_ONCE):
            end = min(begin + _LOOKED_AT_ONCE, len(self))
            heap = np.frombuffer(self._heap[starts[begin] : starts[end]], np.uint8)
            # The directory is what stands in a key before the last NUL; the root's is empty.
            nuls = np.concatenate(([-1], np.flatnonzero(heap == 0)))
            cuts = starts[begin : end + 1] - starts[begin]
            above = nuls[np.searchsorted(nuls, cuts[1:]) - 1] - cuts[:-1]
            shared = np.frombuffer(self._shared[begin:end], np.uint32)
            last = np.arange(begin - 1, end - 1)
            is_last = (shared == above) & (lengths[last] == above) & (kinds[last] == DIR)
            yield from (np.flatnonzero((above > 0) & (shared <= above) & ~is_last) + begin).tolist()
