"""The whole merged view of a stack at once, as columns: for lists, counts and searches of images of a million entries.

`merge` looks at one directory after another and answers for one path; this shows the same view (`walk` here and there
gives the same, entry by entry), and needs a few hundred nanoseconds and six bytes an entry for it.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress, islice
from operator import eq

from layerviz.engine import merge, paths
from layerviz.engine.merge import Found
from layerviz.engine.remembered import memory_of
from layerviz.engine.table import CODES, DIR, IMPLIED, OPAQUE, WHITEOUT, Column, Table
from layerviz.engine.world import Entries, Layer

_SHOWN = bytes(code != WHITEOUT for code in range(256))


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
        memory.whole = memory.kept_view(partial(_merged, stack)) if memory.kept_view else _merged(stack)
    return memory.whole


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
    """All rows of all layers in one sorted list, each path's from the bottom up: what stands in several layers is
    neighbours there, and what lies below a directory follows it."""
    keys: list[bytes] = []
    kinds, flags = bytearray(), bytearray()
    positions, rows = array("H"), array("I")
    for position, layer in enumerate(stack, 1):
        own, own_kinds, own_flags = _columns(layer.entries)
        keys += own
        kinds += own_kinds
        flags += own_flags
        positions.frombytes(array("H", (position,)).tobytes() * len(own))
        rows.extend(range(len(own)))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ordered = list(map(keys.__getitem__, order))
    shown = bytearray(bytes(map(kinds.__getitem__, order)).translate(_SHOWN))
    _decide(ordered, order, kinds, flags, positions, shown)
    seen = list(compress(order, shown))
    return Merged(array("H", map(positions.__getitem__, seen)), array("I", map(rows.__getitem__, seen)))


def _decide(
    ordered: list[bytes],
    order: list[int],
    kinds: Sequence[int],
    flags: Sequence[int],
    positions: Sequence[int],
    shown: bytearray,
) -> None:
    """Takes out of `shown` what is not seen.

    Only where a path stands more than once is there anything to decide: a layer that has something below a directory
    has the directory too, unless that is the root.
    """
    cuts: list[tuple[int, int]] = []
    """Where the subtrees end that one is in, and below which position nothing of them is seen."""
    following = 0
    for place in _repeated(ordered):
        if place < following:
            continue
        following = bisect_right(ordered, ordered[place], place)
        while cuts and cuts[-1][0] <= place:
            cuts.pop()
        floor = cuts[-1][1] if cuts else 0
        winner, cut = _winner(range(place, following), order, kinds, flags, positions, floor)
        shown[place:following] = bytes(following - place)
        if winner >= 0:
            shown[winner] = True
        if cut > floor:
            end = bisect_left(ordered, ordered[place] + b"\x01", following)
            for inside in range(following, end):
                if positions[order[inside]] < cut:
                    shown[inside] = False
            cuts.append((end, cut))
    if ordered and not ordered[0]:
        root = bisect_right(ordered, b"")
        shown[:root] = bytes(root)


def _repeated(ordered: list[bytes]) -> Iterator[int]:
    """The places whose keys stand at the next place again, and that of the root."""
    if ordered and not ordered[0]:
        yield 0
    yield from compress(range(len(ordered)), map(eq, ordered, islice(ordered, 1, None)))


def _winner(
    places: range, order: list[int], kinds: Sequence[int], flags: Sequence[int], positions: Sequence[int], floor: int
) -> tuple[int, int]:
    """Which of one path's rows is seen (-1: none), and the position below which nothing under it is."""
    winner, cut = -1, floor
    is_directory = is_real = False
    for place in places:
        row = order[place]
        position = positions[row]
        if position < floor:
            continue
        kind, flag = kinds[row], flags[row]
        if kind == WHITEOUT:
            winner, is_directory, cut = -1, False, position
        elif kind == DIR:
            if not (flag & IMPLIED and is_directory and is_real):
                winner, is_real = place, not flag & IMPLIED
            is_directory = True
            if flag & OPAQUE:
                cut = position
        else:
            winner, is_directory, cut = place, False, position
    return winner, cut


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
