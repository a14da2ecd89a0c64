"""gzip layers decompressed, from their start or from a point within.

igzip tells neither where deflate's blocks begin nor what it knows there, yet both can be found from outside. A block
begins with a header of 40 to 100 bytes that gives no output: fed in small steps, igzip shows a step without any. The
block then begins at one of the few hundred bits before, and nothing but that bit and the 32 KiB of output before it is
needed to go on from there. Which bit it is, is tried: from the right one a decoder gives the bytes that come anyhow.
Stored blocks are found by their length, which stands there twice, once inverted (RFC 1951, 3.2.4).

A decoder begins at whole bytes: the bits of a first byte that belong to what lies before are replaced by an empty block
that is as long, modulo 8.
"""

from collections.abc import Generator, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from isal import isal_zlib

from layerviz.images.bytesource import Region
from layerviz.images.problems import ImageProblem
from layerviz.images.seek_points import Point

MAGIC = b"\x1f\x8b"
_OUTPUT_BYTES = 1 << 20
_FIRST_INPUT_BYTES = 1 << 14
_INPUT_BYTES = 1 << 18
_HISTORY_BYTES = 1 << 15
_STEP_BYTES = 32
_SEARCHED_BYTES = 1 << 17
_HEADER_BYTES = 128
_TRIED_BYTES = 1 << 13
_LONGEST_STORED_BYTES = (1 << 16) - 1
_TRAILER_BYTES = 8
"""CRC and length behind the deflate data of a member (RFC 1952)."""


def pieces(region: Region, where: str, start: Point, spacing: int) -> Iterator[bytes | Point]:
    """The bytes from `start` on; between them points, about every `spacing` bytes, if that is not 0.

    Raises `ImageProblem` where the compressed bytes are damaged or cut.
    """
    reader = _Reader(region, where, start)
    last = start.at
    while (piece := reader.some(_INPUT_BYTES)) is not None:
        if piece:
            yield piece
        if not spacing or reader.at - last < spacing:
            continue
        if reader.member_begins:
            last = reader.at
            yield Point(reader.at, reader.offset * 8)
        else:
            yield from _search(region, reader)
            last = reader.at


class _Reader:
    """A gzip file read forwards. `at` counts the bytes that it gave, `history` are the last of them, `offset` is the
    first compressed byte that it has not taken."""

    __slots__ = (
        "_feed",
        "_inflate",
        "_pending",
        "_region",
        "_trailer",
        "_where",
        "at",
        "history",
        "member_begins",
        "offset",
    )

    def __init__(self, region: Region, where: str, start: Point) -> None:
        self._region = region
        self._where = where
        self._pending = b""
        self._trailer = 0
        self._feed = _FIRST_INPUT_BYTES
        self.at = start.at
        self.history = start.history
        self.member_begins = False
        if start.history:
            self._inflate = isal_zlib.decompressobj(wbits=-15, zdict=start.history)
            self._pending, self.offset = _aligned(region, start.bit)
            self._trailer = _TRAILER_BYTES
        else:
            self._inflate = isal_zlib.decompressobj(wbits=31)
            self.offset = start.bit // 8

    def some(self, most: int) -> bytes | None:
        """What comes when at most `most` more compressed bytes are taken, which may be nothing; None at the end."""
        if self._inflate.eof:
            return b"" if self._next_member() else None
        self.member_begins = False
        fresh = b""
        if not self._pending:
            # Members may be short (a file each): what is left of a long feed would be copied over and over.
            fresh = self._pending = self._region.at(self.offset, min(most, self._feed))
            self._feed = min(2 * self._feed, _INPUT_BYTES)
            self.offset += len(fresh)
        given = self._pending
        try:
            piece = self._inflate.decompress(given, _OUTPUT_BYTES)
        except isal_zlib.error as error:  # type: ignore[misc] # its stub takes the class for an instance
            raise ImageProblem(
                self._where, "compression", {"form": "gzip", "near": self.offset, "reason": str(error)}
            ) from None
        # igzip may hold output back without any input left: only when it gives nothing more is the end missing.
        if not given and not piece and not self._inflate.eof:
            raise ImageProblem(self._where, "compression_cut", {"form": "gzip"})
        self._pending = b"" if self._inflate.eof else self._inflate.unconsumed_tail
        if piece:
            self.at += len(piece)
            self.history = (
                piece[-_HISTORY_BYTES:] if len(piece) >= _HISTORY_BYTES else (self.history + piece)[-_HISTORY_BYTES:]
            )
        return piece

    def _next_member(self) -> bool:
        # A gzip file may hold several members; anything else behind the last one is ignored, as gunzip does.
        begin = self.offset - len(self._inflate.unused_data) + self._trailer
        if self._region.at(begin, 2) != MAGIC:
            return False
        self._inflate = isal_zlib.decompressobj(wbits=31)
        self._pending = b""
        self._trailer = 0
        self._feed = _FIRST_INPUT_BYTES
        self.offset = begin
        self.member_begins = True
        return True


def _search(region: Region, reader: _Reader) -> Iterator[bytes | Point]:
    """Reads on until a block begins from which one can start, or for so long that it does not pay."""
    begin = reader.offset
    for end in _stored_headers(region.at(begin, _SEARCHED_BYTES)):
        while reader.offset < begin + end and (piece := reader.some(begin + end - reader.offset)) is not None:
            yield piece
        if reader.offset == begin + end and (
            yield from _tried(region, reader, [(begin + end) * 8 - 35], _LONGEST_STORED_BYTES)
        ):
            return
    begin = reader.offset
    while reader.offset < begin + _SEARCHED_BYTES and (piece := reader.some(_STEP_BYTES)) is not None:
        if piece:
            yield piece
        elif not reader.member_begins and (
            yield from _tried(region, reader, _dynamic_headers(region, reader.offset), 0)
        ):
            return


def _tried(region: Region, reader: _Reader, bits: Iterable[int], beyond: int) -> Generator[bytes | Point, None, bool]:
    """Reads on by `beyond` bytes and some, and yields a point first if one of `bits` leads there. Returns whether."""
    at, history = reader.at, reader.history
    ahead: list[bytes] = []
    while reader.at < at + beyond + _TRIED_BYTES and (piece := reader.some(8 * _STEP_BYTES)) is not None:
        ahead.append(piece)
    expected = b"".join(ahead)
    found = len(expected) >= beyond + _TRIED_BYTES and next(
        (bit for bit in bits if _leads_to(region, bit, history, expected)), 0
    )
    if found:
        yield Point(at, found, history)
    yield expected
    return bool(found)


def _stored_headers(data: bytes) -> list[int]:
    """Where, in `data`, headers of stored blocks may end: a length, and the same inverted."""
    number = int.from_bytes(data, "little")
    both = (number ^ number >> 16).to_bytes(len(data) + 1, "little")
    ends = []
    found = both.find(b"\xff\xff", 1)
    while 0 <= found <= len(data) - 4:
        # Before the length stand three bits, and zeros up to the next byte.
        if data[found - 1] < 32:
            ends.append(found + 4)
        found = both.find(b"\xff\xff", found + 1)
    return ends


def _dynamic_headers(region: Region, end: int) -> Iterator[int]:
    """The bits before the byte `end` at which the header of a block with codes of its own may begin: 0 for "not the
    last", 10 for the kind, and how many codes follow (at most 286 and 30)."""
    begin = max(end - _HEADER_BYTES, 0)
    bits = int.from_bytes(region.at(begin, _HEADER_BYTES + 2), "little")
    for bit in range((end - begin) * 8 - 1, -1, -1):
        fields = bits >> bit
        if fields & 7 == 4 and fields >> 3 & 31 < 30 and fields >> 8 & 31 < 30:
            yield begin * 8 + bit


def _leads_to(region: Region, bit: int, history: bytes, expected: bytes) -> bool:
    lead, offset = _aligned(region, bit)
    inflate = isal_zlib.decompressobj(wbits=-15, zdict=history)
    try:
        data = lead + region.at(offset, len(expected) + _HEADER_BYTES)
        return bool(inflate.decompress(data, len(expected)) == expected)
    except isal_zlib.error:  # type: ignore[misc] # as above
        return False


def _aligned(region: Region, bit: int) -> tuple[bytes, int]:
    """What a decoder takes first to begin at `bit`, and the byte that it takes then."""
    offset, skipped = divmod(bit, 8)
    if not skipped:
        return b"", offset
    filled = _nothing(skipped)
    byte = region.at(offset, 1)[0] >> skipped
    return (filled.number | byte << filled.bits).to_bytes((filled.bits + 8 - skipped) // 8, "little"), offset + 1


class _Bits(NamedTuple):
    number: int
    bits: int


@cache
def _nothing(remainder: int) -> _Bits:
    """Blocks without any content, of `remainder` bits modulo 8: 10 bits each, one of 93 bits before if it is odd."""
    fields: list[tuple[int, int]] = []
    if remainder % 2:
        # One code of each kind; code lengths 18 (many zeros) and 1 have one bit. 256 zeros, then 1 for the end, and 1.
        fields += [(0, 1), (2, 2), (0, 5), (0, 5), (15, 4)]
        fields += [
            (int(length in (18, 1)), 3) for length in (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
        ]
        fields += [(1, 1), (138 - 11, 7), (1, 1), (118 - 11, 7), (0, 1), (0, 1), (0, 1)]
    while (bits := sum(size for _, size in fields)) % 8 != remainder:
        fields += [(0, 1), (1, 2), (0, 7)]
    number = at = 0
    for value, size in fields:
        number |= value << at
        at += size
    return _Bits(number, bits)
