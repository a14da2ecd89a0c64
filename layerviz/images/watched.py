"""A region of a file, seen by someone as it is read from its beginning to its end."""

from collections.abc import Callable

from layerviz.images.bytesource import Mapped, Region

_PIECE_BYTES = 1 << 20


class Watched(Region):
    """`seen` gets every byte once and in order, whatever is read twice or left out; `finish` shows what is left."""

    __slots__ = ("_seen", "_seen_to")

    def __init__(self, mapped: Mapped, start: int, end: int, seen: Callable[[bytes], None]) -> None:
        super().__init__(mapped, start, end)
        self._seen = seen
        self._seen_to = 0

    def at(self, offset: int, size: int) -> bytes:
        data = super().at(offset, size)
        if offset > self._seen_to:
            # What a damaged layer says of its own parts may lead behind its end.
            self._show(min(offset, self.length or 0))
        if offset + len(data) > self._seen_to:
            self._seen(data[self._seen_to - offset :])
            self._seen_to = offset + len(data)
        return data

    def finish(self) -> None:
        self._show(self.length or 0)

    def _show(self, end: int) -> None:
        while self._seen_to < end and (data := super().at(self._seen_to, min(_PIECE_BYTES, end - self._seen_to))):
            self._seen_to += len(data)
            self._seen(data)
