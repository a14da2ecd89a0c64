"""How wide a line of text is, by tables of our own fonts, and where to cut or break it. No Qt, no font library.

Kerning and ligatures are off everywhere, so a line is as wide as the sum of its characters. The painter draws the same
`runs`: what Inter or JetBrains Mono lack comes from Noto Sans SC, whatever the machine has installed.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

from layerviz.picture.primitives import Font
from layerviz.resources import assets

ELLIPSIS = "…"
FAMILIES = {"Inter": "Inter", "JetBrainsMono": "JetBrains Mono", "NotoSansSC": "Noto Sans SC"}
"""The family of each font file, by the part of its name before the weight."""
_NOT_FIRST = frozenset("，。、：；！？）」』】》〉’”…％,.:;!?)]}%")
"""What a line of Chinese does not begin with."""
_NOT_LAST = frozenset("（「『【《〈‘“([{")
"""What a line of Chinese does not end with."""
_WEIGHTS = {"Inter": (400, 500, 600, 700), "JetBrainsMono": (400, 500, 700), "NotoSansSC": (400, 700)}


@lru_cache(maxsize=8192)
def width(text: str, font: Font, spacing: float = 0.0) -> float:
    """The advance of one line in px. `spacing` is added after each letter, the last one too."""
    return sum(_width(part, face) for face, part in runs(text, font)) * font.size_px + spacing * len(text)


def elide(text: str, font: Font, max_px: float, spacing: float = 0.0) -> str:
    """`text`, its end replaced by an ellipsis if it is wider than `max_px`."""
    return _cut(text, font, max_px, spacing, head_share=1.0)


def elide_middle(text: str, font: Font, max_px: float) -> str:
    """`text` with an ellipsis inside if it is wider: a file's name is told apart by its start and its suffix."""
    return _cut(text, font, max_px, 0.0, head_share=0.6)


def elide_start(text: str, font: Font, max_px: float) -> str:
    """`text`, its start replaced by an ellipsis if it is wider: what begins alike is told apart by its end."""
    return _cut(text, font, max_px, 0.0, head_share=0.0)


def wrap(text: str, font: Font, max_px: float, max_lines: int = 0) -> tuple[str, ...]:
    """`text` in lines of at most `max_px`; with `max_lines` the last of them ends in an ellipsis if more would follow.

    Lines break at spaces and between Chinese characters, but never before a closing mark or after an opening one.
    A word that is wider than a line is broken where it must.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for part in _fitting(_unbreakable(paragraph), font, max_px):
            if line and width((line + part).rstrip(), font) > max_px:
                lines.append(line.rstrip())
                line = part.lstrip()
            else:
                line += part
        lines.append(line.rstrip())
    if max_lines and len(lines) > max_lines:
        last = elide(lines[max_lines - 1] + ELLIPSIS, font, max_px)
        return (*lines[: max_lines - 1], last)
    return tuple(lines)


@lru_cache(maxsize=4096)
def runs(text: str, font: Font) -> tuple[tuple[str, str], ...]:
    """`text` cut into pieces of one font file each: (file without its suffix, piece)."""
    first, other = _faces(font)
    covers = _table(first).covers
    fallback = _table(other).covers

    def chosen(character: str) -> str:
        code = ord(character)
        return first if covers(code) or not fallback(code) else other

    return tuple((face, "".join(part)) for face, part in groupby(text, chosen))


@dataclass(frozen=True, slots=True)
class _Table:
    em: int
    default: int
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    advances: dict[int, int]

    def covers(self, code: int) -> bool:
        at = bisect_right(self.starts, code) - 1
        return at >= 0 and code <= self.ends[at]

    def advance(self, code: int) -> int:
        return self.advances.get(code, self.default)


def _faces(font: Font) -> tuple[str, str]:
    first = "JetBrainsMono" if font.family == "mono" else "Inter"
    return f"{first}-{_nearest(first, font.weight)}", f"NotoSansSC-{_nearest('NotoSansSC', font.weight)}"


def _nearest(family: str, weight: int) -> int:
    return min(_WEIGHTS[family], key=lambda there: (abs(there - weight), -there))


@cache
def _tables() -> dict[str, _Table]:
    raw = json.loads(assets("fonts", "widths.json").read_text(encoding="utf-8"))
    return {
        name: _Table(
            em=table["upm"],
            default=table["default"],
            starts=tuple(start for start, _ in table["covered"]),
            ends=tuple(end for _, end in table["covered"]),
            advances={int(code): advance for code, advance in table["advances"].items()},
        )
        for name, table in raw.items()
    }


def _table(face: str) -> _Table:
    return _tables()[face]


@lru_cache(maxsize=8192)
def _width(text: str, face: str) -> float:
    """In em."""
    table = _table(face)
    return sum(table.advance(ord(character)) for character in text) / table.em


def _cut(text: str, font: Font, max_px: float, spacing: float, head_share: float) -> str:
    if width(text, font, spacing) <= max_px:
        return text

    def shortened(keep: int) -> str:
        head = keep if head_share == 1 else -int(-keep * head_share // 1)
        tail = text[len(text) - (keep - head) :] if keep > head else ""
        return text[:head].rstrip() + ELLIPSIS + tail.lstrip()

    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        keep = (fits + too_long) // 2
        if width(shortened(keep), font, spacing) <= max_px:
            fits = keep
        else:
            too_long = keep
    return shortened(fits)


def _unbreakable(text: str) -> Iterator[str]:
    """Pieces between which a line may break; a space stays at the end of its piece."""
    piece = ""
    for before, character in zip(" " + text, text, strict=False):
        if piece and _may_break(before, character):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return after != " "
    if after in _NOT_FIRST or before in _NOT_LAST or after == " ":
        return False
    return _is_chinese(before) or _is_chinese(after)


def _is_chinese(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"


def _fitting(pieces: Iterator[str], font: Font, max_px: float) -> Iterator[str]:
    for piece in pieces:
        while len(piece) > 1 and width(piece.rstrip(), font) > max_px:
            fits = next((n for n in range(len(piece) - 1, 1, -1) if width(piece[:n], font) <= max_px), 1)
            yield piece[:fits]
            piece = piece[fits:]
        yield piece
