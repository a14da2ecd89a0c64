"""The tar of an archive of images, written forwards: ustar, owner 0, time 0, so that its bytes depend on nothing but
what is saved."""

from collections.abc import Callable
from typing import BinaryIO

Write = Callable[[bytes], object]

_BLOCK = 512
_LARGEST_OCTAL = 0o77777777777


class TarWriter:
    """Puts folders, files and blobs behind one another; `end` comes last."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def folder(self, name: str) -> None:
        self._out.write(_header(name, 0, b"5", 0o755))

    def file(self, name: str, data: bytes) -> None:
        self._out.write(_header(name, len(data), b"0", 0o644) + data + bytes(-len(data) % _BLOCK))

    def stream(self, name: str, fill: Callable[[Write], object]) -> int:
        """A file of what `fill` writes, whose size is not known before; returns the size."""
        begin = self._out.tell()
        self._out.write(bytes(_BLOCK))
        size = 0

        def write(data: bytes) -> None:
            nonlocal size
            size += len(data)
            self._out.write(data)

        fill(write)
        self._out.write(bytes(-size % _BLOCK))
        end = self._out.tell()
        self._out.seek(begin)
        self._out.write(_header(name, size, b"0", 0o644))
        self._out.seek(end)
        return size

    def end(self) -> None:
        self._out.write(bytes(2 * _BLOCK))


def _header(name: str, size: int, typeflag: bytes, mode: int) -> bytes:
    # Above 8 GiB in base-256, as GNU tar and Go write it; no PAX header, whose length would not be known beforehand.
    digits = b"%011o\0" % size if size <= _LARGEST_OCTAL else b"\x80" + size.to_bytes(11, "big")
    before = name.encode().ljust(100, b"\0") + b"%07o\0%07o\0%07o\0" % (mode, 0, 0) + digits + b"%011o\0" % 0
    after = (typeflag + bytes(100) + b"ustar\x0000").ljust(356, b"\0")
    return before + b"%06o\0 " % (sum(before) + 8 * ord(" ") + sum(after)) + after
