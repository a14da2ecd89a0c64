"""Where the bytes of a tar come from: a region of a file, as it is or decompressed as one reads on.

A file of somebody else's may be cut at any time, and whoever looks into a memory map of what is no longer there is
ended by the system, without a word (SIGBUS). Only children map such files (`mapped`); here they are read (`FileBytes`).
"""

import mmap
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Protocol

from layerviz.images.problems import ImageProblem

if TYPE_CHECKING:
    from layerviz.images.seek_points import Point, Taking

Form = Literal["plain", "gzip", "zstd"]

_COMPRESSORS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_OPENED_AS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
"""A pipe that took the place of a file is not waited for."""
_OUTPUT_BYTES = 1 << 20
_BOMB_BYTES = 1 << 32
_BOMB_RATIO = 200
"""What a compressed layer may become: more than 4 GiB only as long as it is less than 200 times its compressed size."""


class Mapped(Protocol):
    """Bytes in memory, in a memory map, or in a file."""

    def __getitem__(self, part: slice, /) -> bytes: ...

    def __len__(self) -> int: ...


class FileBytes:
    """The bytes of a file, read when they are asked for. Raises `ImageProblem` where some are not there any more."""

    __slots__ = ("_descriptor", "_file", "_length")

    def __init__(self, file: str) -> None:
        self._file = file
        self._descriptor = -1
        try:
            self._descriptor = os.open(file, os.O_RDONLY | _OPENED_AS)
            status = os.fstat(self._descriptor)
        except OSError as error:
            raise _not_opened(file, error) from None
        if not stat.S_ISREG(status.st_mode):
            raise ImageProblem(file, "is_folder" if stat.S_ISDIR(status.st_mode) else "not_regular")
        self._length = status.st_size

    def __del__(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> bytes:
        start, end, _ = part.indices(self._length)
        try:
            data = self._read(max(end - start, 0), start)
        except OSError as error:
            raise _not_opened(self._file, error) from None
        if len(data) < end - start:
            raise ImageProblem(self._file, "changed")
        return data

    def _read(self, size: int, offset: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, size, offset)
        os.lseek(self._descriptor, offset, os.SEEK_SET)
        return os.read(self._descriptor, size)


class Region:
    """Bytes `start` to `end` (not included) of a file, as they are."""

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


def bytes_of(file: str) -> FileBytes:
    """The bytes of an archive. Raises `ImageProblem` where it cannot be opened or is empty."""
    found = FileBytes(file)
    if not len(found):
        raise ImageProblem(file, "empty_file")
    return found


def mapped(file: str) -> mmap.mmap:
    """The file as a memory map that is only read, for a child process. Raises `ImageProblem` as `bytes_of` does."""
    try:
        with open(file, "rb") as opened:
            return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError:
        raise ImageProblem(file, "empty_file") from None
    except OSError as error:
        raise _not_opened(file, error) from None


@contextmanager
def steady(files: Iterable[str]) -> Iterator[None]:
    """Files that are read now. Raises `ImageProblem` where one has changed meanwhile: what was read of it is then
    neither what it was nor what it is, and nothing else that seems to be wrong with it is said."""
    before = {file: _mark(file) for file in files}
    try:
        yield
    except ImageProblem:
        _require_steady(before)
        raise
    _require_steady(before)


def _require_steady(before: Mapping[str, tuple[int, ...] | None]) -> None:
    for file, mark in before.items():
        now = _mark(file)
        if mark and now and now != mark:
            raise ImageProblem(file, "changed")


def _mark(file: str) -> tuple[int, ...] | None:
    """What is another when a file is; None where there is none, or a folder."""
    try:
        status = os.stat(file)
    except (OSError, ValueError):
        return None
    is_file = stat.S_ISREG(status.st_mode)
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns) if is_file else None


def _not_opened(file: str, error: OSError) -> ImageProblem:
    if isinstance(error, IsADirectoryError):
        return ImageProblem(file, "is_folder")
    return ImageProblem(file, "cannot_open", {"reason": error.strerror or str(error)})


def _raw(region: Region, size: int) -> Iterator[bytes]:
    offset = 0
    while piece := region.at(offset, size):
        offset += len(piece)
        yield piece
