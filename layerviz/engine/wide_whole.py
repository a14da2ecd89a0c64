"""The whole merged view of a stack, made with numpy: the same as `whole` makes it.

It is the extra `fast`; whoever has it loaded decides (`images.widening`). Rows are ordered by Python's own sort, which
takes runs that are sorted already as they are; what is done for row after row beside it is done for all at once here.
"""

from array import array
from collections.abc import Sequence
from itertools import islice
from operator import eq
from typing import Any

import numpy as np
import numpy.typing as npt

from layerviz.engine import whole
from layerviz.engine.table import DIR, IMPLIED, OPAQUE, WHITEOUT, Table
from layerviz.engine.whole import Merged

_Flags = npt.NDArray[np.bool_]
_SEPARATOR = b"/"
"""No key has one (`paths.key`)."""


def merged(tables: Sequence[Table]) -> Merged:
    """The view of layers with these entries, bottom first."""
    has_root = any(len(table) and table.starts[0] == table.starts[1] for table in tables)
    keys: list[bytes] = []
    for table in tables:
        keys += table.keys() if has_root else _keys(table)
    if not keys:
        return Merged(array("H"), array("I"))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    ordered = list(map(keys.__getitem__, order))
    del keys
    places = np.fromiter(order, np.int64, len(order))
    del order
    counts = [len(table) for table in tables]
    positions = np.repeat(np.arange(1, len(tables) + 1, dtype=np.uint16), counts)[places]
    rows = np.concatenate([np.arange(count, dtype=np.uint32) for count in counts])[places]
    kinds = np.frombuffer(b"".join([table.kinds for table in tables]), np.uint8)[places]
    flags = np.frombuffer(b"".join([table.flags for table in tables]), np.uint8)[places]
    is_again = np.zeros(len(ordered) + 1, np.bool_)
    is_again[1:-1] = np.fromiter(map(eq, ordered, islice(ordered, 1, None)), np.bool_, len(ordered) - 1)
    shown = kinds != WHITEOUT
    apart = _settled(shown, ordered, is_again, kinds, flags)
    left = bytearray(shown.tobytes())
    columns = kinds.tobytes(), flags.tobytes(), array("H", positions.tobytes())
    whole.decide(ordered, range(len(ordered)), *columns, left, (), apart)
    seen = np.flatnonzero(np.frombuffer(left, np.bool_))
    return Merged(array("H", positions[seen].tobytes()), array("I", rows[seen].tobytes()))


def _keys(table: Table) -> list[bytes]:
    """The keys without the NUL that all of them but the root's begin with: cut out by one call."""
    starts = np.array(table.starts, np.int64)
    heap = np.array(np.frombuffer(table.heap[int(starts[0]) : int(starts[-1])], np.uint8))
    heap[starts[:-1] - starts[0]] = ord(_SEPARATOR)
    return heap.tobytes().split(_SEPARATOR)[1:]


def _settled(
    shown: _Flags,
    ordered: list[bytes],
    is_again: _Flags,
    kinds: npt.NDArray[np.uint8],
    flags: npt.NDArray[np.uint8],
) -> list[int]:
    """Takes out of `shown` what is not seen of paths that stand several times as directories, or as anything else: of
    several directories the last real one is seen, of others the last. Where that is not all there is to it, or lies
    below such a path, its places are left to `whole.decide`: here they are."""
    begins = np.flatnonzero(~is_again[:-1] & is_again[1:])
    ends = np.flatnonzero(is_again[:-1] & ~is_again[1:]) + 1
    has_root = not ordered[0]
    if not len(begins):
        return [0] if has_root else []

    def of_each(combine: np.ufunc, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        # One more at the end, where the last path may end.
        padded = np.append(column, column[-1:])
        found: npt.NDArray[Any] = combine.reduceat(padded, np.column_stack((begins, ends)).ravel())[::2]
        return found

    is_directory = kinds == DIR
    is_apart = of_each(np.logical_or, (kinds == WHITEOUT) | (flags & OPAQUE != 0))
    is_apart = is_apart | (of_each(np.logical_or, is_directory) != of_each(np.logical_and, is_directory))
    real = of_each(np.maximum, np.where(flags & IMPLIED, -1, np.arange(len(kinds))))
    winners = np.where(real < 0, ends - 1, real)[~is_apart]
    shown[np.flatnonzero(is_again[:-1] | is_again[1:])] = False
    shown[winners] = True
    left = np.zeros(len(kinds), np.bool_)
    left[begins[is_apart]] = True
    is_first = is_again[1:]
    for begin, end in zip(begins[is_apart].tolist(), ends[is_apart].tolist(), strict=True):
        below = whole.end_below(ordered, ordered[begin], end)
        left[end:below] |= is_first[end:below]
    if has_root:
        left[0] = True
        if flags[0] & OPAQUE and not is_again[1]:
            left |= is_first
    return np.flatnonzero(left).tolist()
