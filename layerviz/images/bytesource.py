"""Where the bytes of a tar come from: a region of a mapped file, as it is or decompressed as one reads on."""

import mmap
from collections.abc import Iterator
from typing import Literal, Protocol

from layerviz.images.problems import ImageProblem

Form = Literal["plain", "gzip", "zstd"]

_COMPRESSORS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_INPUT_BYTES = 1 << 18
_OUTPUT_BYTES = 1 << 20
_BOMB_BYTES = 1 << 32
_BOMB_RATIO = 200
"""What a compressed layer may become: more than 4 GiB only as long as it is less than 200 times its compressed size."""


class Mapped(Protocol):
    """A memory map, or bytes."""

    def __getitem__(self, part: slice, /) -> bytes: ...


class Region:
    """Bytes `start` to `end` (not included) of a mapped file, as they are."""

    __slots__ = ("_end", "_map", "_start", "length")

    def __init__(self, mapped: Mapped, start: int, end: int) -> None:
        self._map = mapped
        self._start = start
        self._end = end
        self.length: int | None = end - start

    def at(self, offset: int, size: int) -> bytes:
        start = self._start + offset
        return self._map[start : min(start + size, self._end)]


class Stream:
    """The decompressed bytes of a compressed region, read forwards; what lies between is thrown away as it comes.

    `where` names the layer in problems.
    """

    def __init__(self, region: Region, form: Form, where: str) -> None:
        self._pieces = decompressed(region, form, where)
        self._piece = b""
        self._piece_at = 0
        self.length: int | None = None

    @property
    def position(self) -> int:
        """The first byte that can still be read."""
        return self._piece_at

    def at(self, offset: int, size: int) -> bytes:
        if offset < self._piece_at:
            raise ValueError(f"a stream is read forwards: byte {offset} lies before {self._piece_at}")
        parts: list[bytes] = []
        while size > 0:
            begin = offset - self._piece_at
            if begin < len(self._piece):
                part = self._piece[begin : begin + size]
                parts.append(part)
                offset += len(part)
                size -= len(part)
            elif not self._advance():
                break
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def drain(self) -> int:
        """Reads to the end and says how many bytes there are."""
        while self._advance():
            pass
        return self._piece_at

    def _advance(self) -> bool:
        self._piece_at += len(self._piece)
        self._piece = next(self._pieces, b"")
        if not self._piece:
            self.length = self._piece_at
        return bool(self._piece)


def form_of(region: Region) -> Form:
    """How a layer is stored, told by its first bytes."""
    start = region.at(0, 4)
    if start[:2] == b"\x1f\x8b":
        return "gzip"
    return "zstd" if start == b"\x28\xb5\x2f\xfd" else "plain"


def compressed_as(start: bytes) -> str:
    """The program that made a file of these first bytes smaller, "" if none of the common ones."""
    return next((name for magic, name in _COMPRESSORS.items() if start.startswith(magic)), "")


def decompressed(region: Region, form: Form, where: str) -> Iterator[bytes]:
    """The bytes that a region stands for, in pieces of about 1 MiB.

    Raises `ImageProblem` where the compressed bytes are damaged or cut, and where they grow out of all measure.
    """
    if form == "plain":
        yield from _raw(region, _OUTPUT_BYTES)
        return
    produced = 0
    limit = max(_BOMB_BYTES, (region.length or 0) * _BOMB_RATIO)
    for piece in _gunzipped(region, where) if form == "gzip" else _unzstd(region, where):
        produced += len(piece)
        if produced > limit:
            raise ImageProblem(where, "bomb", {"compressed": region.length, "limit": limit})
        yield piece


def mapped(file: str) -> mmap.mmap:
    """The file as a memory map that is only read. Raises `ImageProblem` where it cannot be opened or is empty."""
    try:
        with open(file, "rb") as opened:
            return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:
        raise ImageProblem(file, "empty_file") from None
    except IsADirectoryError:
        raise ImageProblem(file, "is_folder") from None
    except OSError as error:
        raise ImageProblem(file, "cannot_open", {"reason": error.strerror or str(error)}) from None


def _raw(region: Region, size: int) -> Iterator[bytes]:
    offset = 0
    while piece := region.at(offset, size):
        offset += len(piece)
        yield piece


def _gunzipped(region: Region, where: str) -> Iterator[bytes]:
    from isal import isal_zlib

    source = _raw(region, _INPUT_BYTES)
    inflate = isal_zlib.decompressobj(wbits=31)
    pending = b""
    fed = 0
    while True:
        more = b"" if pending else next(source, b"")
        fed += len(more)
        pending += more
        if inflate.eof:
            # A gzip file may hold several members; anything else behind the last one is ignored, as gunzip does.
            pending = inflate.unused_data + pending
            if pending[:2] != b"\x1f\x8b":
                return
            inflate = isal_zlib.decompressobj(wbits=31)
        try:
            piece = inflate.decompress(pending, _OUTPUT_BYTES)
        except isal_zlib.error as error:  # type: ignore[misc] # its stub takes the class for an instance
            raise ImageProblem(where, "compression", {"form": "gzip", "near": fed, "reason": str(error)}) from None
        # igzip may hold output back without any input left: only when it gives nothing more is the end missing.
        if not pending and not piece and not inflate.eof:
            raise ImageProblem(where, "compression_cut", {"form": "gzip"})
        pending = b"" if inflate.eof else inflate.unconsumed_tail
        if piece:
            yield piece


def _unzstd(region: Region, where: str) -> Iterator[bytes]:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore] # Python 3.14 and later
    except ImportError:
        from backports import zstd

    source = _raw(region, _INPUT_BYTES)
    inflate = zstd.ZstdDecompressor()
    fed = 0
    pending = b""
    while True:
        if inflate.eof:
            pending = inflate.unused_data or next(source, b"")
            if pending[:4] != b"\x28\xb5\x2f\xfd":
                return
            inflate = zstd.ZstdDecompressor()
        elif inflate.needs_input:
            pending = next(source, b"")
            fed += len(pending)
            if not pending:
                raise ImageProblem(where, "compression_cut", {"form": "zstd"})
        try:
            piece = inflate.decompress(pending, _OUTPUT_BYTES)
        except zstd.ZstdError as error:
            raise ImageProblem(where, "compression", {"form": "zstd", "near": fed, "reason": str(error)}) from None
        pending = b""
        if piece:
            yield piece
