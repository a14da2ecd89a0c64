"""Bytes that a scan reads forwards, many at hand at once: a region of a file, or pieces that come one by one."""

from collections.abc import Iterator
from typing import Protocol

from layerviz.images.bytesource import Mapped, Region
from layerviz.images.tar import BLOCK_BYTES

_AHEAD_BYTES = 1 << 18


class Window(Protocol):
    """What `tar.Source` is, with a look at all the bytes that are at hand."""

    @property
    def length(self) -> int | None:
        """How many bytes there are in all; None while that is not known."""

    def at(self, offset: int, size: int) -> bytes:
        """`size` bytes from `offset`, which never lies before an earlier one; fewer only where the bytes end."""

    def window(self, offset: int) -> tuple[Mapped, int]:
        """Bytes that are at hand, and which offset the first of them has (one before 0 where they are a file that the
        bytes are a part of). None of them is `offset` only behind the end."""


class Whole(Region):
    """A region of a mapped file, all of it at hand."""

    __slots__ = ()

    def window(self, offset: int) -> tuple[Mapped, int]:
        return self._map, -self._start


class Ahead(Region):
    """A region of a file, of which some bytes are read ahead; what lies beyond these is not read where it is passed."""

    __slots__ = ("_ahead", "_ahead_at")

    def __init__(self, data: Mapped, start: int, end: int) -> None:
        super().__init__(data, start, end)
        self._ahead = b""
        self._ahead_at = 0

    def window(self, offset: int) -> tuple[Mapped, int]:
        if not self._ahead_at <= offset <= self._ahead_at + len(self._ahead) - BLOCK_BYTES:
            self._ahead, self._ahead_at = self.at(offset, _AHEAD_BYTES), offset
        return self._ahead, self._ahead_at


class Pieces:
    """Bytes that come in pieces; those that were passed are gone."""

    __slots__ = ("_at", "_piece", "_pieces", "length")

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0
        self.length: int | None = None

    def at(self, offset: int, size: int) -> bytes:
        if offset < self._at:
            raise ValueError(f"pieces are read forwards: byte {offset} lies before {self._at}")
        parts: list[bytes] = []
        while size > 0 and self._reach(offset):
            begin = offset - self._at
            part = self._piece[begin : begin + size]
            parts.append(part)
            offset += len(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def window(self, offset: int) -> tuple[Mapped, int]:
        return self._piece if self._reach(offset) else b"", self._at

    def drain(self) -> int:
        """Reads to the end and says how many bytes there are."""
        while self.length is None:
            self._advance()
        return self.length

    def _reach(self, offset: int) -> bool:
        """Makes the byte at `offset` one that is at hand; False behind the end."""
        while offset >= self._at + len(self._piece) and self.length is None:
            self._advance()
        return offset < self._at + len(self._piece)

    def _advance(self) -> None:
        piece = next(self._pieces, b"")
        if piece:
            self._at += len(self._piece)
            self._piece = piece
        else:
            self.length = self._at + len(self._piece)
