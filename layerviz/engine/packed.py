"""Keys of many rows in one piece."""

from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import overload


class Packed(Sequence[bytes]):
    """Keys one after another in `heap`, the one at n from `starts[first + n]` to `starts[first + n + 1]`; `shared[n]`
    says how many bytes each has in common with the one before it, if all are in order."""

    __slots__ = ("_end", "_first", "_heap", "_shared", "_starts")

    def __init__(
        self,
        heap: bytes,
        starts: "array[int]",
        shared: "array[int] | None" = None,
        first: int = 0,
        end: int | None = None,
    ) -> None:
        self._heap = heap
        self._starts = starts
        self._shared = shared
        self._first = first
        self._end = len(starts) - 1 if end is None else end

    def __len__(self) -> int:
        return self._end - self._first

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> "Packed": ...

    def __getitem__(self, place: int | slice) -> "bytes | Packed":
        if isinstance(place, slice):
            begin, end, _ = place.indices(len(self))
            return Packed(self._heap, self._starts, self._shared, self._first + begin, self._first + max(begin, end))
        row = self._first + place
        return self._heap[self._starts[row] : self._starts[row + 1]]

    def __iter__(self) -> Iterator[bytes]:
        heap = self._heap
        return (heap[begin:end] for begin, end in pairwise(self.cuts))

    @property
    def heap(self) -> bytes:
        """All of them."""
        return self._heap[self._starts[self._first] : self._starts[self._end]]

    @property
    def cuts(self) -> "array[int]":
        """Where each begins, and where the last one ends; the first one begins anywhere."""
        return self._starts[self._first : self._end + 1]

    @property
    def shared(self) -> "array[int] | None":
        """What each has in common with the one before it; None if they are in no order."""
        return self._shared[self._first : self._end] if self._shared is not None else None


def in_common(last: bytes, key: bytes) -> int:
    """How many bytes a key has in common with the one before it; -1 if it is not more."""
    if key <= last:
        return -1
    least = min(len(key), len(last))
    unlike = int.from_bytes(key[:least], "big") ^ int.from_bytes(last[:least], "big")
    return least - (unlike.bit_length() + 7) // 8
