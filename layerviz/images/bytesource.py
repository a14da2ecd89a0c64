"""Where the bytes of a tar come from: a region of a mapped file, as it is or decompressed as one reads on."""

import mmap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, Protocol

from layerviz.images.problems import ImageProblem

if TYPE_CHECKING:
    from layerviz.images.seek_points import Point, Taking

Form = Literal["plain", "gzip", "zstd"]

_COMPRESSORS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_OUTPUT_BYTES = 1 << 20
_BOMB_BYTES = 1 << 32
_BOMB_RATIO = 200
"""What a compressed layer may become: more than 4 GiB only as long as it is less than 200 times its compressed size."""


class Mapped(Protocol):
    """A memory map, or bytes."""

    def __getitem__(self, part: slice, /) -> bytes: ...

    def __len__(self) -> int: ...


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

    `where` names the layer in problems; what else is given is given to `decompressed`.
    """

    def __init__(
        self, region: Region, form: Form, where: str, taking: "Taking | None" = None, start: "Point | None" = None
    ) -> None:
        self._pieces = decompressed(region, form, where, taking, start)
        self._taking = taking
        self._piece = b""
        self._piece_at = start.at if start else 0
        self.length: int | None = None

    @property
    def position(self) -> int:
        """The first byte that can still be read."""
        return self._piece_at

    @property
    def is_taking(self) -> bool:
        """Whether seek points will be kept when the end is reached."""
        return self._taking is not None and self._taking.spacing > 0

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
    match compressed_as(region.at(0, 4)):
        case "gzip" | "zstd" as form:
            return form
    return "plain"


def compressed_as(start: bytes) -> str:
    """The program that made a file of these first bytes smaller, "" if none of the common ones."""
    return next((name for magic, name in _COMPRESSORS.items() if start.startswith(magic)), "")


def decompressed(
    region: Region, form: Form, where: str, taking: "Taking | None" = None, start: "Point | None" = None
) -> Iterator[bytes]:
    """The bytes that a region stands for, in pieces of at most 1 MiB, from `start` on if that is given.

    On the way seek points are taken, and kept once the end is reached, if `taking` is given. Raises `ImageProblem`
    where the compressed bytes are damaged or cut, and where they grow out of all measure.
    """
    if form == "plain":
        yield from _raw(region, _OUTPUT_BYTES)
        return
    # Most layers of most archives are plain: what unpacks the others is loaded when it is needed.
    from layerviz.images.seek_points import START, Point

    if form == "gzip":
        from layerviz.images.seek_gzip import pieces
    else:
        from layerviz.images.seek_zstd import pieces
    produced = 0
    limit = max(_BOMB_BYTES, (region.length or 0) * _BOMB_RATIO)
    try:
        for piece in pieces(region, where, start or START, taking.spacing if taking else 0):
            if isinstance(piece, Point):
                assert taking
                taking.point(piece)
                continue
            produced += len(piece)
            if produced > limit:
                raise ImageProblem(where, "bomb", {"compressed": region.length, "limit": limit})
            if taking:
                taking.passed(piece)
            if piece:
                yield piece
        if taking:
            taking.keep()
    finally:
        if taking:
            taking.abandon()


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
