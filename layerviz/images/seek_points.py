"""Seek points of a compressed layer: where in it one can start to decompress, kept in a file of the cache.

They cut the decompressed bytes into stretches, and each stretch is held against its checksum before any of it is shown:
a file that was damaged in the cache, or a point that only seemed to be one, costs time and nothing else.

The file `points/<device>-<inode>-<size>-<mtime>-<start>-<end>` (hexadecimal; of the file that holds the layer, and the
bytes of the layer in it) holds: the mark, the histories as zlib data, then a row for each stretch, then a footer. It is
written while the layer is decompressed for the first time, is safe to delete, and counts for that very file only.
"""

import contextlib
import os
import struct
import tempfile
import zlib
from bisect import bisect_right
from io import BufferedWriter
from pathlib import Path
from typing import NamedTuple

from isal import isal_zlib

from layerviz import kept

SPACING_BYTES = 1 << 24
"""Decompressing that much takes 30 to 60 ms."""
_MARK = b"layerviz points 1\n"
_ROW = struct.Struct("<QQQIII")
"""Where the stretch begins, the bit of the compressed layer, where its history lies in this file, how many bytes that
is, the window, the checksum of the stretch."""
_FOOTER = struct.Struct("<QQII")
"""Where the rows begin, how many bytes the layer has, how many rows there are, their checksum."""
_LARGEST_FOLDER_BYTES = 1 << 29
_LARGEST_HISTORY_BYTES = 1 << 24
_FILE_BYTES = 4096
"""What a file takes besides its content."""


class Point(NamedTuple):
    """One can start at the bit `bit` of the compressed layer to get what follows byte `at`, given the `history` before.

    Without history a gzip member or a zstd frame begins there. `window` is that of a zstd frame that goes on there.
    """

    at: int
    bit: int
    history: bytes = b""
    window: int = 0


START = Point(0, 0)


class Stretch(NamedTuple):
    """What lies between a point and the next one."""

    begin: int
    end: int
    bit: int
    history_at: int
    history_bytes: int
    window: int
    checksum: int


class Points:
    """The points of a layer in a file of the cache."""

    __slots__ = ("_file", "_rows", "length")

    def __init__(self, file: Path, rows: list[tuple[int, ...]], length: int) -> None:
        self._file = file
        self._rows = rows
        self.length = length
        """How many bytes the layer has."""

    def number(self, offset: int) -> int:
        """Which stretch holds the byte `offset`."""
        return bisect_right(self._rows, offset, key=lambda row: row[0]) - 1

    def stretch(self, number: int) -> Stretch:
        begin, *rest = self._rows[number]
        end = self._rows[number + 1][0] if number + 1 < len(self._rows) else self.length
        return Stretch(begin, end, *rest)

    def point(self, number: int) -> Point | None:
        """The point at which a stretch begins; None where its history is gone or damaged."""
        one = self.stretch(number)
        if not one.history_bytes:
            return Point(one.begin, one.bit)
        try:
            with self._file.open("rb") as opened:
                opened.seek(one.history_at)
                packed = opened.read(one.history_bytes)
            history = isal_zlib.decompressobj().decompress(packed, _LARGEST_HISTORY_BYTES)
        except (OSError, isal_zlib.error):  # type: ignore[misc] # its stub takes the class for an instance
            return None
        return Point(one.begin, one.bit, history, one.window) if history else None


def kept_points(file: Path) -> Points | None:
    """The points in `file`; None where there is none, or it is no such file."""
    try:
        with file.open("rb") as opened:
            size = opened.seek(-_FOOTER.size, os.SEEK_END)
            rows_at, length, count, checksum = _FOOTER.unpack(opened.read())
            opened.seek(0)
            mark = opened.read(len(_MARK))
            if mark != _MARK or not count or rows_at + count * _ROW.size != size:
                return None
            opened.seek(rows_at)
            packed = opened.read(count * _ROW.size)
        if zlib.crc32(packed) != checksum:
            return None
        kept.use(file)
    except (OSError, struct.error):
        return None
    return Points(file, list(_ROW.iter_unpack(packed)), length)


def place(status: os.stat_result, start: int, end: int) -> Path:
    """Where the points of the bytes `start` to `end` of a file are kept."""
    identity = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, start, end)
    return kept.folder() / "points" / "-".join(f"{number:x}" for number in identity)


class Taking:
    """Points as they are taken. Where the cache cannot be written none are, and nothing is said of it."""

    __slots__ = ("_checksum", "_file", "_name", "_out", "_rows", "at")

    def __init__(self, file: Path) -> None:
        self._file = file
        self._rows: list[tuple[int, ...]] = []
        self._checksum = 0
        self.at = 0
        self._out: BufferedWriter | None = None
        self._name = ""
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, self._name = tempfile.mkstemp(prefix=".", dir=file.parent)
            self._out = os.fdopen(handle, "wb")
            self._out.write(_MARK)
        self.point(START)

    @property
    def spacing(self) -> int:
        """About how many bytes should lie between points; 0 for none at all."""
        return SPACING_BYTES if self._out else 0

    def passed(self, piece: bytes) -> None:
        """`piece` follows what has passed already."""
        self._checksum = isal_zlib.crc32(piece, self._checksum)
        self.at += len(piece)

    def point(self, point: Point) -> None:
        """One can start behind what has passed."""
        if self._out is None:
            return
        self._close_stretch()
        packed = isal_zlib.compress(point.history, 1) if point.history else b""
        try:
            history_at = self._out.tell()
            self._out.write(packed)
        except OSError:
            self.abandon()
            return
        self._rows.append((point.at, point.bit, history_at, len(packed), point.window))

    def keep(self) -> None:
        """All has passed."""
        if self._out is None:
            return
        self._close_stretch()
        rows = b"".join(_ROW.pack(*row) for row in self._rows)
        try:
            rows_at = self._out.tell()
            self._out.write(rows + _FOOTER.pack(rows_at, self.at, len(self._rows), zlib.crc32(rows)))
            self._out.close()
            os.replace(self._name, self._file)
        except OSError:
            self.abandon()
            return
        self._out = None
        kept.trim((self._file.parent,), _LARGEST_FOLDER_BYTES, file_bytes=_FILE_BYTES)

    def abandon(self) -> None:
        """Nothing is kept, unless everything is already."""
        if self._out is not None:
            with contextlib.suppress(OSError):
                self._out.close()
            with contextlib.suppress(OSError):
                os.unlink(self._name)
            self._out = None

    def _close_stretch(self) -> None:
        if self._rows:
            self._rows[-1] += (self._checksum,)
        self._checksum = 0
