"""The bytes of a file as extents, so that a gigabyte of zeros, or a file of an archive, costs no memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Bytes:
    """Bytes held in memory."""

    data: bytes

    @property
    def size_bytes(self) -> int:
        return len(self.data)


@dataclass(frozen=True, slots=True)
class Repeat:
    """`pattern` over and over, `size_bytes` in all (the last round may be cut). `offset` is where in it one starts."""

    pattern: bytes
    size_bytes: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """`size_bytes` bytes at `offset` of `source`, a name that the injected reader understands."""

    source: str
    offset: int
    size_bytes: int


Extent = Bytes | Repeat | Range
Reader = Callable[[Range, int, int], bytes]
"""(range, start, size) -> bytes: `size` bytes of `range` from its byte `start` on; raises where they cannot be had."""


def lend(reader: Reader) -> None:
    """From now on contents that lie in archives are read by `reader` where no other is given.

    Who makes a `Range` lends the reader that understands its source: ids of images are asked for everywhere, also of a
    layer into which a file of an archive was copied up.
    """
    if reader not in _lent:
        _lent.append(reader)


_lent: list[Reader] = []


def lent_reader(extent: Range, start: int, size: int) -> bytes:
    """Reads with the reader that was lent last."""
    if not _lent:
        raise LookupError(f"{extent.source}: its archive is not open, so the file cannot be read")
    return _lent[-1](extent, start, size)


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes: extents one after another."""

    extents: tuple[Extent, ...] = ()

    @property
    def size_bytes(self) -> int:
        return sum(extent.size_bytes for extent in self.extents)

    def chunks(self, reader: Reader = lent_reader) -> Iterator[bytes]:
        """The bytes in order, in pieces of at most 1 MiB."""
        for extent in self.extents:
            for start in range(0, extent.size_bytes, CHUNK_BYTES):
                yield _read(extent, start, min(CHUNK_BYTES, extent.size_bytes - start), reader)

    def read(self, limit: int | None = None, reader: Reader = lent_reader) -> bytes:
        """The bytes, or the first `limit` of them."""
        if len(self.extents) == 1 and isinstance(only := self.extents[0], Bytes):
            return only.data[:limit]
        return self.cut(0, self.size_bytes if limit is None else min(limit, self.size_bytes))._whole(reader)

    def _whole(self, reader: Reader) -> bytes:
        return b"".join(self.chunks(reader))

    def cut(self, start: int, end: int) -> "Content":
        """Bytes `start` to `end` (not included); bounds beyond the end are cut to it."""
        kept: list[Extent] = []
        at = 0
        for extent in self.extents:
            first, last = max(start - at, 0), min(end - at, extent.size_bytes)
            if first < last:
                kept.append(_part(extent, first, last - first))
            at += extent.size_bytes
        return joined(*kept)

    def plus(self, other: "Content") -> "Content":
        return joined(*self.extents, *other.extents)

    def overwritten(self, offset: int, other: "Content") -> "Content":
        """`other` written at `offset`; a gap beyond the end is filled with zeros, as the kernel does."""
        grown = self.resized(max(self.size_bytes, offset))
        return grown.cut(0, offset).plus(other).plus(grown.cut(offset + other.size_bytes, grown.size_bytes))

    def resized(self, size_bytes: int) -> "Content":
        """Cut or filled with zeros to `size_bytes`."""
        missing = size_bytes - self.size_bytes
        return self.plus(zeros(missing)) if missing > 0 else self.cut(0, size_bytes)


EMPTY = Content()


def of(data: bytes) -> Content:
    return Content((Bytes(data),)) if data else EMPTY


def zeros(size_bytes: int) -> Content:
    return Content((Repeat(b"\0", size_bytes),)) if size_bytes else EMPTY


def stored(source: str, offset: int, size_bytes: int, segments: Sequence[int] | None = None) -> Content:
    """`size_bytes` at `offset` of `source`; with `segments`, flat pairs of where one begins in the file and how many
    bytes it has, only these lie there, one after another, and all else is zeros."""
    if segments is None:
        return Content((Range(source, offset, size_bytes),)) if size_bytes else EMPTY
    extents: list[Extent] = []
    end = 0
    for begin, count in zip(segments[::2], segments[1::2], strict=True):
        if end < begin:
            extents.append(Repeat(b"\0", begin - end))
        extents.append(Range(source, offset, count))
        offset += count
        end = begin + count
    if end < size_bytes:
        extents.append(Repeat(b"\0", size_bytes - end))
    return Content(tuple(extents))


def segments_in(content: Content, source: str) -> tuple[int, list[int]] | None:
    """The offset and the segments with which `stored` makes `content`; None where it cannot."""
    segments: list[int] = []
    offset = following = at = 0
    for extent in content.extents:
        if isinstance(extent, Range) and extent.source == source and (not segments or extent.offset == following):
            offset = offset if segments else extent.offset
            following = extent.offset + extent.size_bytes
            segments += (at, extent.size_bytes)
        elif not isinstance(extent, Repeat) or extent.pattern != b"\0":
            return None
        at += extent.size_bytes
    return offset, segments


def joined(*extents: Extent) -> Content:
    """One content of `extents`; neighbours in memory, and runs of zeros, become one extent."""
    kept: list[Extent] = []
    for extent in extents:
        if not extent.size_bytes:
            continue
        last = kept[-1] if kept else None
        if isinstance(last, Bytes) and isinstance(extent, Bytes) and len(last.data) < CHUNK_BYTES:
            kept[-1] = Bytes(last.data + extent.data)
        elif isinstance(last, Repeat) and isinstance(extent, Repeat) and last.pattern == extent.pattern == b"\0":
            kept[-1] = Repeat(b"\0", last.size_bytes + extent.size_bytes)
        else:
            kept.append(extent)
    return Content(tuple(kept))


def _part(extent: Extent, start: int, size: int) -> Extent:
    if isinstance(extent, Bytes):
        return Bytes(extent.data[start : start + size])
    if isinstance(extent, Repeat):
        return Repeat(extent.pattern, size, (extent.offset + start) % len(extent.pattern))
    return Range(extent.source, extent.offset + start, size)


def _read(extent: Extent, start: int, size: int, reader: Reader) -> bytes:
    if isinstance(extent, Bytes):
        return extent.data[start : start + size]
    if isinstance(extent, Repeat):
        shift = (extent.offset + start) % len(extent.pattern)
        rounds = (shift + size) // len(extent.pattern) + 1
        return (extent.pattern * rounds)[shift : shift + size]
    return reader(extent, start, size)
