"""The whole merged view of a stack at once, as columns: for lists, counts and searches of images of a million entries.

`merge` looks at one directory after another and answers for one path; this shows the same view (`walk` here and there
gives the same, entry by entry), and needs a few hundred nanoseconds and six bytes an entry for it.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress

from layerviz.engine import merge, paths
from layerviz.engine.merge import Found
from layerviz.engine.remembered import memory_of
from layerviz.engine.table import CODES, DIR, IMPLIED, OPAQUE, WHITEOUT, Column, Table
from layerviz.engine.world import Entries, Layer

_ROW_BITS = 32
_ROW_MASK = (1 << _ROW_BITS) - 1
_SHOWN = bytes(code != WHITEOUT for code in range(256))
_SEARCHES_FOR_A_SORT = 16
"""Looking for a subtree in a list of keys takes as long as sorting so many keys."""


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """All that is seen below the root, sorted by `paths.key`: for each path the position of the layer that it comes
    from, and its row there. A hard link is still one; `found` says what it is."""

    positions: Column
    rows: Column

    def __len__(self) -> int:
        return len(self.rows)


def merged(stack: Sequence[Layer]) -> Merged:
    """The view of `stack`, computed once for as long as its layers live; that of a container anew each time."""
    if not all(isinstance(layer.entries, Table) for layer in stack):
        return _merged(stack)
    memory = memory_of(stack)
    if memory.whole is None:
        memory.whole = _merged(stack)
    return memory.whole


def remember(stack: Sequence[Layer], view: Merged) -> None:
    """`view` was computed of these layers before."""
    memory_of(stack).whole = view


def found(stack: Sequence[Layer], view: Merged, place: int) -> Found:
    """What the merged view has at `place`, as `merge.seen` gives it."""
    return merge.found_at(stack, view.positions[place], view.rows[place])


def walk(stack: Sequence[Layer], directory: str = paths.ROOT) -> Iterator[Found]:
    """What `merge.walk` gives, in the same order."""
    view = merged(stack)
    for place in below(stack, view, directory):
        yield found(stack, view, place)


def below(stack: Sequence[Layer], view: Merged, directory: str) -> range:
    """The places of all that lies below `directory`, at any depth; none where that is no directory."""
    if directory == paths.ROOT:
        return range(len(view))
    key = paths.key(directory)
    start = first(stack, view, key + b"\0")
    return range(start, first(stack, view, key + b"\x01"))


def first(stack: Sequence[Layer], view: Merged, key: bytes) -> int:
    """The first place whose key is not less than `key`."""
    return bisect_left(range(len(view)), key, key=lambda place: key_at(stack, view, place))


def key_at(stack: Sequence[Layer], view: Merged, place: int) -> bytes:
    """The `paths.key` at `place`."""
    return _key(stack[view.positions[place] - 1].entries, view.rows[place])


def _merged(stack: Sequence[Layer]) -> Merged:
    view = _View()
    for position, layer in enumerate(stack, 1):
        view.lay(position, layer.entries)
    view.seen.pop(b"", None)
    cells = array("Q", map(view.seen.__getitem__, sorted(view.seen)))
    halves = memoryview(cells).cast("B").cast("I")
    low = 0 if sys.byteorder == "little" else 1
    return Merged(array("H", halves[1 - low :: 2]), array("I", halves[low::2]))


class _View:
    """The view as it grows, layer by layer from the bottom: by key position and row of what is seen, as one number."""

    def __init__(self) -> None:
        self.seen: dict[bytes, int] = {}
        self.keys: list[list[bytes]] = []
        self.kinds: list[bytes] = [b""]
        self.flags: list[bytes] = [b""]

    def lay(self, position: int, entries: Entries) -> None:
        seen = self.seen
        keys, kinds, flags = _columns(entries)
        kept: dict[bytes, int] = {}
        if seen:
            # A whiteout or an opaque directory hides what lower layers have, never what its own one has.
            gone = [key for row in _places(kinds, WHITEOUT) if self._is_directory(seen.pop(key := keys[row], -1))]
            gone += (keys[row] for row in _opaque(flags) if kinds[row] == DIR)
            self._drop_below(gone)
            gone = []
            for row, old in enumerate(map(seen.get, keys)):
                if old is None or not self._is_directory(old):
                    continue
                kind = kinds[row]
                if kind not in (DIR, WHITEOUT):
                    gone.append(keys[row])
                elif flags[row] & IMPLIED and not self.flags[old >> _ROW_BITS][old & _ROW_MASK] & IMPLIED:
                    kept[keys[row]] = old
            self._drop_below(gone)
        first = position << _ROW_BITS
        pairs: Iterable[tuple[bytes, int]] = zip(keys, range(first, first + len(keys)), strict=True)
        seen.update(compress(pairs, kinds.translate(_SHOWN)) if WHITEOUT in kinds else pairs)
        seen.update(kept)
        self.keys.append(keys)
        self.kinds.append(kinds)
        self.flags.append(flags)

    def _is_directory(self, cell: int) -> bool:
        return cell >= 0 and self.kinds[cell >> _ROW_BITS][cell & _ROW_MASK] == DIR

    def _drop_below(self, directories: list[bytes]) -> None:
        seen = self.seen
        layers = self.keys
        if _SEARCHES_FOR_A_SORT * len(directories) * len(layers) > len(seen):
            layers = [sorted(seen)]
        for key in directories:
            for keys in layers:
                start = bisect_left(keys, key + b"\0")
                for inside in keys[start : bisect_left(keys, key + b"\x01", start)]:
                    seen.pop(inside, None)


def _columns(entries: Entries) -> tuple[list[bytes], bytes, bytes]:
    if isinstance(entries, Table):
        return entries.keys(), entries.kinds, entries.flags
    rows = [entries.entry(row) for row in range(len(entries))]
    kinds = bytes(CODES[row.kind] for row in rows)
    flags = bytes(OPAQUE * row.opaque | IMPLIED * row.implied for row in rows)
    return [paths.key(row.path) for row in rows], kinds, flags


def _key(entries: Entries, row: int) -> bytes:
    if isinstance(entries, Table):
        return entries.heap[entries.starts[row] : entries.starts[row + 1]]
    return paths.key(entries.entry(row).path)


def _places(column: bytes, value: int) -> Iterator[int]:
    place = column.find(value)
    while place >= 0:
        yield place
        place = column.find(value, place + 1)


def _opaque(flags: bytes) -> Iterator[int]:
    yield from _places(flags, OPAQUE)
    yield from _places(flags, OPAQUE | IMPLIED)
