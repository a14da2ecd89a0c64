"""Regular expressions as sed and grep write them, basic and extended (POSIX.1-2017, XBD 9), as Python's."""

from __future__ import annotations

import re

CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_PIECE = re.compile(r"\[\^?\]?(?:\[:\w+:\]|[^\]])*\]|\\(.)|[+?|(){}*^$]|.", re.DOTALL)
_MARKED = {"<": r"\b(?=\w)", ">": r"\b(?<=\w)", "b": r"\b", "B": r"\B", "w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S"}


def regex(pattern: str, *, extended: bool, ignore_case: bool = False) -> re.Pattern[str]:
    """The expression that `pattern` means. Raises `re.error`."""
    found: list[str] = []
    for match in _PIECE.finditer(pattern):
        piece, marked = match[0], match[1]
        starts = not found or found[-1] in ("(", "|")
        if len(piece) > 1 and piece[0] == "[":
            found.append(_bracket(piece))
        elif marked is not None:
            found.append(_after_backslash(marked, extended=extended))
        elif piece == "*" and (starts or found[-1] == "^"):
            found.append(r"\*")
        elif piece in "^$":
            found.append(_anchor(piece, starts, match.end() == len(pattern), pattern[match.end() :], extended=extended))
        elif piece in "+?|(){}":
            found.append(piece if extended else "\\" + piece)
        else:
            found.append(piece if piece in ".*" else re.escape(piece))
    return re.compile("".join(found), re.IGNORECASE if ignore_case else 0)


def _after_backslash(letter: str, *, extended: bool) -> str:
    if letter in _MARKED:
        return _MARKED[letter]
    if letter.isdigit():
        return f"\\{letter}"
    if letter in "+?|(){}":
        # In basic expressions these mean themselves unless a backslash stands before them.
        return "\\" + letter if extended else letter
    return "\n" if letter == "n" else "\t" if letter == "t" else re.escape(letter)


def _anchor(sign: str, starts: bool, ends: bool, rest: str, *, extended: bool) -> str:
    """In basic expressions an anchor is one at the beginning and the end of the whole, or of a group, only."""
    if extended or (sign == "^" and starts) or (sign == "$" and (ends or rest.startswith((r"\)", r"\|")))):
        return sign if sign == "^" else r"\Z" if ends else r"(?=\n|\Z)"
    return "\\" + sign


def _bracket(piece: str) -> str:
    """A bracket expression: a backslash means itself in it, and classes have names."""
    negated = piece[1] == "^"
    inner = piece[2 if negated else 1 : -1]
    text = re.sub(
        r"\[:(\w+):\]|[\\\[\]&~|]",
        lambda match: CLASSES.get(match[1], "") if match[1] else "\\" + match[0],
        inner,
    )
    return f"[{'^' * negated}{text}]"
