"""Sparse files in a tar: which of their bytes are stored, in GNU tar's four forms; all others are zeros.

Sources: GNU tar manual, "Storing Sparse Files"; where it is silent, Go's archive/tar, with which docker, podman and
umoci read layers: what that refuses is refused here.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from layerviz.engine.paths import display

PREFIX = "GNU.sparse."
PIECES = "GNU.sparse.offset", "GNU.sparse.numbytes"
"""What a header of form 0.0 says over and over."""
MAP = "GNU.sparse.map"
MOST_SEGMENTS = 1 << 18
"""Of all files of a layer."""

_BLOCK_BYTES = 512
_LARGEST_SIZE = (1 << 63) - 1
_MOST_DIGITS = 20
_GNU = b"ustar  \0"
_PAIR_BYTES, _FIELD_BYTES = 24, 12
_FIRST_AT, _FIRST_COUNT, _MORE_AT, _REAL_SIZE_AT = 41, 4, 137, 138
"""Of what stands in a header from byte 345 on."""
_MORE_COUNT, _MORE_STILL_AT = 21, 504
_Pairs = Iterable[tuple[int, int]]
_FORMS = {(b"0", b"0"): 0, (b"0", b"1"): 0, (b"1", b"0"): 1}
"""By major and minor number; the forms 0.0 and 0.1 need not give them."""


class Wrong(Exception):
    """What cannot be: the key and the values of a problem."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Sparse(NamedTuple):
    """A file's name ("": as elsewhere in its headers) and size; its segments, flat pairs of where one begins in the
    file and how many bytes it has, in order and apart; and how many bytes stand before what is stored of them."""

    name: bytes
    size: int
    segments: "array[int]"
    ahead: int


class Said(NamedTuple):
    """What the headers of an entry say: its magic, what stands from byte 345 on, its records, the bytes stored; the
    blocks that follow, and what reads a field of a header."""

    magic: bytes
    tail: bytes
    pax: Mapping[str, bytes]
    stored: int
    blocks: Iterator[bytes]
    number: Callable[[bytes], int]


def is_said(pax: Mapping[str, bytes]) -> bool:
    """Whether these records say that a file is sparse."""
    return any(key.startswith(PREFIX) for key in pax)


def old(said: Said, most: int) -> Sparse:
    """A file of type "S", with at most so many segments. Raises `Wrong`."""
    if said.magic != _GNU or is_said(said.pax):
        raise Wrong("sparse")
    size = said.number(said.tail[_REAL_SIZE_AT : _REAL_SIZE_AT + _FIELD_BYTES])
    pairs = _old_pairs(said.tail[_FIRST_AT:], _FIRST_COUNT, said.number)
    more, ahead = said.tail[_MORE_AT], 0
    while more:
        block = next(said.blocks)
        ahead += _BLOCK_BYTES
        pairs += _old_pairs(block, _MORE_COUNT, said.number)
        more = block[_MORE_STILL_AT]
        _check_count(len(pairs), most)
    return Sparse(b"", size, _segments(pairs, size, said.stored), ahead)


def new(said: Said, most: int) -> Sparse:
    """A file of which extended headers say that it is sparse, with at most so many segments. Raises `Wrong`."""
    pax = said.pax
    numbered = pax.get("GNU.sparse.major", b""), pax.get("GNU.sparse.minor", b"")
    form = 0 if numbered == (b"", b"") and MAP in pax else _FORMS.get(numbered)
    if form is None:
        raise Wrong("sparse")
    size = _decimal(pax.get("GNU.sparse.size") or pax.get("GNU.sparse.realsize") or b"%d" % said.stored)
    numbers, ahead = _in_header(pax, most) if not form else _before_data(said.blocks, said.stored, most)
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return Sparse(pax.get("GNU.sparse.name", b""), size, _segments(pairs, size, said.stored - ahead), ahead)


def _old_pairs(block: bytes, count: int, number: Callable[[bytes], int]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for at in range(0, count * _PAIR_BYTES, _PAIR_BYTES):
        if not block[at]:
            break
        middle = at + _FIELD_BYTES
        pairs.append((number(block[at:middle]), number(block[middle : at + _PAIR_BYTES])))
    return pairs


def _in_header(pax: Mapping[str, bytes], most: int) -> tuple[list[int], int]:
    """The numbers of the forms 0.0 and 0.1, which stand in the extended header."""
    count = _decimal(pax.get("GNU.sparse.numblocks", b""))
    listed = pax.get(MAP, b"")
    got = listed.count(b",") + 1 if listed else 0
    _check_count(max(count, got // 2), most)
    if got != 2 * count:
        raise Wrong("sparse_map_count", got=got, claimed=count)
    return (list(map(_decimal, listed.split(b","))) if listed else []), 0


def _before_data(blocks: Iterator[bytes], stored: int, most: int) -> tuple[list[int], int]:
    """The numbers of the form 1.0, in blocks of their own before the data, and how many bytes these have."""
    data = bytearray()
    lines, wanted, longest = 0, 1, _BLOCK_BYTES
    while lines < wanted:
        if len(data) + _BLOCK_BYTES > min(stored, longest):
            raise Wrong("sparse_map_open", stored=stored)
        data += next(blocks)
        if wanted == 1:
            count = _decimal(bytes(data.partition(b"\n")[0]))
            _check_count(count, most)
            wanted = 2 * count + 1
            longest = wanted * (_MOST_DIGITS + 1) + _BLOCK_BYTES
        lines = data.count(b"\n") if len(data) == _BLOCK_BYTES else lines + data.count(b"\n", len(data) - _BLOCK_BYTES)
    return list(map(_decimal, bytes(data).split(b"\n", wanted)[1:wanted])), len(data)


def _segments(pairs: _Pairs, size: int, stored: int) -> "array[int]":
    """The pairs as segments that meet nowhere, in all as many bytes as are stored."""
    if size > _LARGEST_SIZE:
        raise Wrong("sparse_map_field", got=size)
    segments = array("Q")
    end = total = 0
    for begin, count in pairs:
        if begin < end:
            raise Wrong("sparse_order", got=begin, end=end)
        if begin + count > size:
            raise Wrong("sparse_beyond", got=begin + count, size=size)
        if count and segments and segments[-2] + segments[-1] == begin:
            segments[-1] += count
        elif count:
            segments.extend((begin, count))
        end = begin + count
        total += count
    if total != stored:
        raise Wrong("sparse_stored", got=total, stored=stored)
    return segments


def _check_count(count: int, most: int) -> None:
    if count > most:
        raise Wrong("sparse_too_many", limit=MOST_SEGMENTS)


def _decimal(text: bytes) -> int:
    if not text.isdigit() or len(text) > _MOST_DIGITS:
        raise Wrong("sparse_map_field", got=display(text[:40].decode("utf-8", "surrogateescape")))
    return int(text)
