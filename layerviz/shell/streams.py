"""Standard input, output and error: contents, so that a gigabyte of zeros flows without costing memory."""

from __future__ import annotations

from layerviz.engine.content import EMPTY, Content, Reader, of

SHOWN_BYTES = 1 << 20


class Stream:
    """What was written to one descriptor, in order."""

    def __init__(self) -> None:
        self.content: Content = EMPTY
        self._pending: list[bytes] = []

    def write(self, text: str) -> None:
        self._pending.append(text.encode("utf-8", "surrogateescape"))

    def write_content(self, content: Content) -> None:
        self._settle()
        self.content = self.content.plus(content)

    def take(self) -> Content:
        """All that was written so far; the stream is empty afterwards."""
        self._settle()
        found, self.content = self.content, EMPTY
        return found

    def _settle(self) -> None:
        if self._pending:
            self.content = self.content.plus(of(b"".join(self._pending)))
            self._pending = []


class Logged(Stream):
    """A stream that leads on to another, and notes in `log` what passes, with the number of the descriptor."""

    def __init__(self, onward: Stream, descriptor: int, log: list[tuple[int, Content]]) -> None:
        super().__init__()
        self.onward, self.descriptor, self.log = onward, descriptor, log

    def write(self, text: str) -> None:
        self.onward.write(text)
        self._note(of(text.encode("utf-8", "surrogateescape")))

    def write_content(self, content: Content) -> None:
        self.onward.write_content(content)
        self._note(content)

    def _note(self, content: Content) -> None:
        if self.log and self.log[-1][0] == self.descriptor:
            content = self.log.pop()[1].plus(content)
        self.log.append((self.descriptor, content))


class Input:
    """An open file that is read from its beginning on: what one reader has taken, the next one does not find."""

    def __init__(self, content: Content) -> None:
        self.rest = content

    def take_line(self, reader: Reader) -> bytes:
        """The next line with its newline, which the last one may lack; b"" at the end."""
        line, newline, _ = self.rest.read(SHOWN_BYTES, reader).partition(b"\n")
        self.rest = self.rest.cut(len(line) + len(newline), self.rest.size_bytes)
        return line + newline


def lines_of(text: str) -> list[str]:
    """The lines of a text without their newlines. Nothing but a newline ends a line, no carriage return either."""
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def text_of(content: Content, reader: Reader, limit: int = SHOWN_BYTES) -> str:
    """The first `limit` bytes as text; bytes that are no UTF-8 become surrogates."""
    return content.read(limit, reader).decode("utf-8", "surrogateescape")
