"""What can be read of a version of a file, and how two versions differ. No Qt."""

import difflib
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from layerviz.app.explore_words import size_words
from layerviz.engine.content import Reader
from layerviz.engine.entry import Entry
from layerviz.strings import Lang, tr

MOST_BYTES = 1 << 20
"""Of a file so much is shown."""
MOST_LINES = 20_000
"""Of a file so many are compared: finding out what differs takes longer than reading."""
HEX_BYTES, HEX_WIDTH = 512, 16


class Text(NamedTuple):
    """The lines of a file, those of its first bytes if it `is_cut`; of a `is_binary` one, these bytes in hex."""

    lines: tuple[str, ...]
    size_bytes: int
    is_cut: bool = False
    is_binary: bool = False


class DiffLine(NamedTuple):
    kind: Literal[" ", "+", "-", "@"]
    text: str


def text_of(entry: Entry, reader: Reader) -> Text:
    """The file's text. Raises what `reader` raises."""
    size = entry.size_bytes
    data = entry.content.read(MOST_BYTES, reader)
    cut = size > len(data)
    if b"\0" in data or (decoded := _decoded(data, cut)) is None:
        return Text(tuple(_hex(data[:HEX_BYTES])), size, size > HEX_BYTES, True)
    return Text(tuple(decoded.split("\n")), size, cut)


def _decoded(data: bytes, cut: bool) -> str | None:
    # Where a file is cut, its last letter may be too.
    for spare in range(4 if cut else 1):
        try:
            return data[: len(data) - spare].decode()
        except UnicodeDecodeError:
            continue
    return None


def _hex(data: bytes) -> list[str]:
    lines = []
    for at in range(0, len(data), HEX_WIDTH):
        piece = data[at : at + HEX_WIDTH]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in piece)
        lines.append(f"{at:08x}  {piece.hex(' '):<{HEX_WIDTH * 3}} {letters}")
    return lines


def diff_of(before: Text, after: Text) -> tuple[DiffLine, ...]:
    """The lines that differ, with three around them; none where the texts are the same or one is binary."""
    if before.is_binary or after.is_binary or before.lines == after.lines:
        return ()
    found: list[DiffLine] = []
    pieces = difflib.unified_diff(before.lines[:MOST_LINES], after.lines[:MOST_LINES], n=3, lineterm="")
    for line in pieces:
        if line.startswith(("---", "+++")) and not found:
            continue
        match line[:1]:
            case "@":
                found.append(DiffLine("@", line))
            case "+" | "-" | " " as kind:
                found.append(DiffLine(kind, line[1:]))
    return tuple(found)


def attributes_words(before: Entry, after: Entry, lang: Lang) -> tuple[str, ...]:
    """What differs beside the content: mode, owner, size, time."""
    found: list[str] = []

    def say(key: str, one: str, other: str) -> None:
        if one != other:
            found.append(tr(lang, f"explore.differs_{key}", before=one, after=other))

    say("mode", f"{before.mode:o}", f"{after.mode:o}")
    say("owner", f"{before.uid}:{before.gid}", f"{after.uid}:{after.gid}")
    say("size", size_words(before.size_bytes, lang), size_words(after.size_bytes, lang))
    say("time", _time(before), _time(after))
    return tuple(found)


def _time(entry: Entry) -> str:
    try:
        return datetime.fromtimestamp(entry.mtime_ns // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError):
        return str(entry.mtime_ns // 10**9)
