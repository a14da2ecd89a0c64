"""The whole merged view of a stack at once, as columns: for lists, counts and searches of images of a million entries.

`merge` looks at one directory after another and answers for one path; this shows the same view (`walk` here and there
gives the same, entry by entry), and needs a few hundred nanoseconds and six bytes an entry for it.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from operator import eq

from layerviz.engine import merge, paths
from layerviz.engine.merge import Found
from layerviz.engine.remembered import memory_of
from layerviz.engine.table import CODES, DIR, IMPLIED, OPAQUE, WHITEOUT, Column, Table
from layerviz.engine.world import Entries, Layer

_LOOKED_AT = 200
"""How many rows are looked at to find the middle."""
_SHOWN = bytes(code != WHITEOUT for code in range(256))


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """All that is seen below the root, sorted by `paths.key`: for each path the position of the layer that it comes
    from, and its row there. A hard link is still one; `found` says what it is."""

    positions: Column
    rows: Column

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Making:
    """A view that is yet to be made, of layers that are all tables: at once, or in two stretches."""

    stack: Sequence[Layer]

    def whole(self) -> Merged:
        return _merged(self.stack)

    def before(self, key: bytes) -> Merged:
        """What `whole` has before `key`."""
        return _merged(self.stack, b"", key)

    def behind(self, key: bytes) -> Merged:
        """What `whole` has from `key` on."""
        return _merged(self.stack, key)

    @property
    def tables(self) -> list[Table]:
        """What the layers hold."""
        return [layer.entries for layer in self.stack if isinstance(layer.entries, Table)]

    @property
    def rows(self) -> int:
        """How many rows the layers have."""
        return sum(len(layer.entries) for layer in self.stack)

    @property
    def middle(self) -> bytes:
        """A key that about half of the rows stand before."""
        tables = [layer.entries for layer in self.stack]
        step = max(self.rows // _LOOKED_AT, 1)
        seen = sorted(_key(table, row) for table in tables for row in range(step // 2, len(table), step))
        return seen[len(seen) // 2] if seen else b""


def merged(stack: Sequence[Layer]) -> Merged:
    """The view of `stack`, computed once for as long as its layers live; that of a container anew each time."""
    if not all(isinstance(layer.entries, Table) for layer in stack):
        return _merged(stack)
    memory = memory_of(stack)
    if memory.whole is None:
        memory.whole = memory.kept_view(Making(tuple(stack))) if memory.kept_view else _merged(stack)
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


def _merged(stack: Sequence[Layer], low: bytes = b"", high: bytes | None = None) -> Merged:
    """All rows of all layers from the key `low` to before `high` in one sorted list, each path's from the bottom up:
    what stands in several layers is neighbours there, and what lies below a directory follows it."""
    keys: list[bytes] = []
    kinds, flags = bytearray(), bytearray()
    positions, rows = array("H"), array("I")
    for position, layer in enumerate(stack, 1):
        first, own, own_kinds, own_flags = _columns(layer.entries, low, high)
        keys += own
        kinds += own_kinds
        flags += own_flags
        positions.frombytes(array("H", (position,)).tobytes() * len(own))
        rows.extend(range(first, first + len(own)))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ordered = list(map(keys.__getitem__, order))
    shown = bytearray(bytes(map(kinds.__getitem__, order)).translate(_SHOWN))
    decide(ordered, order, kinds, flags, positions, shown, _cuts_above(stack, low), _repeated(ordered))
    seen = list(compress(order, shown))
    return Merged(array("H", map(positions.__getitem__, seen)), array("I", map(rows.__getitem__, seen)))


def _cuts_above(stack: Sequence[Layer], key: bytes) -> Iterator[tuple[bytes, int]]:
    """The directories that `key` lies in, the root first, and below which position nothing of them is seen."""
    floor = 0
    cuts = [at for at, letter in enumerate(key) if not letter]
    for above in (key[:at] for at in cuts):
        path = paths.from_key(above)
        rows = [
            (layer.entries.entry(row), position)
            for position, layer in enumerate(stack, 1)
            for row in (layer.entries.whiteout(path), layer.entries.row(path))
            if row is not None
        ]
        kinds = [CODES[entry.kind] for entry, _ in rows]
        flags = [OPAQUE * entry.opaque | IMPLIED * entry.implied for entry, _ in rows]
        positions = [position for _, position in rows]
        _, floor = _winner(range(len(rows)), range(len(rows)), kinds, flags, positions, floor)
        yield above, floor


def decide(
    ordered: list[bytes],
    order: Sequence[int],
    kinds: Sequence[int],
    flags: Sequence[int],
    positions: Sequence[int],
    shown: bytearray,
    above: Iterable[tuple[bytes, int]],
    repeated: Iterable[int],
) -> None:
    """Takes out of `shown` what is not seen. `above` are directories that all of it may lie in, with their cuts;
    `repeated` the places, in order, whose keys stand at the next place again, and that of the root.

    Only where a path stands more than once is there anything to decide: a layer that has something below a directory
    has the directory too, unless that is the root.
    """
    cuts: list[tuple[int, int]] = []
    """Where the subtrees end that one is in, and below which position nothing of them is seen."""

    def cut_below(key: bytes, begin: int, cut: int) -> None:
        end = end_below(ordered, key, begin)
        if end == begin:
            return
        for inside in range(begin, end):
            if positions[order[inside]] < cut:
                shown[inside] = False
        cuts.append((end, cut))

    for directory, cut in above:
        if cut > (cuts[-1][1] if cuts else 0):
            cut_below(directory, 0, cut)
    following, count = 0, len(ordered)
    for place in repeated:
        if place < following:
            continue
        key = ordered[place]
        following = place + 1
        while following < count and ordered[following] == key:
            following += 1
        while cuts and cuts[-1][0] <= place:
            cuts.pop()
        floor = cuts[-1][1] if cuts else 0
        top = order[following - 1]
        if positions[top] >= floor and kinds[top] not in (DIR, WHITEOUT):
            # As most are: nothing of what is below matters.
            winner, cut = following - 1, positions[top]
        else:
            winner, cut = _winner(range(place, following), order, kinds, flags, positions, floor)
        shown[place:following] = bytes(following - place)
        if winner >= 0:
            shown[winner] = True
        if cut > floor:
            cut_below(key, following, cut)
    if ordered and not ordered[0]:
        root = bisect_right(ordered, b"")
        shown[:root] = bytes(root)


def end_below(ordered: list[bytes], key: bytes, begin: int) -> int:
    """Where the rows from `begin` on end that lie below `key`, which they follow."""
    if begin == len(ordered) or not ordered[begin].startswith(key + b"\0"):
        return begin
    return bisect_left(ordered, key + b"\x01", begin)


def _repeated(ordered: list[bytes]) -> Iterator[int]:
    """The places whose keys stand at the next place again, and that of the root."""
    if ordered and not ordered[0]:
        yield 0
    yield from compress(range(len(ordered)), map(eq, ordered, islice(ordered, 1, None)))


def _winner(
    places: range,
    order: Sequence[int],
    kinds: Sequence[int],
    flags: Sequence[int],
    positions: Sequence[int],
    floor: int,
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


def _columns(entries: Entries, low: bytes, high: bytes | None) -> tuple[int, list[bytes], bytes, bytes]:
    """The first row from `low` on, and the keys, kinds and flags of the rows from there to before `high`."""
    if isinstance(entries, Table):
        first = entries.first(low) if low else 0
        end = len(entries) if high is None else entries.first(high)
        return first, entries.keys(first, end), entries.kinds[first:end], entries.flags[first:end]
    rows = [entries.entry(row) for row in range(len(entries))]
    kinds = bytes(CODES[row.kind] for row in rows)
    flags = bytes(OPAQUE * row.opaque | IMPLIED * row.implied for row in rows)
    return 0, [paths.key(row.path) for row in rows], kinds, flags


def _key(entries: Entries, row: int) -> bytes:
    if isinstance(entries, Table):
        return entries.heap[entries.starts[row] : entries.starts[row + 1]]
    return paths.key(entries.entry(row).path)
