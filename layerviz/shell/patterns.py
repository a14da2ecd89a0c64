"""File name patterns: `*`, `?` and `[…]`, with what was quoted taken literally."""

from __future__ import annotations

import re

Piece = tuple[str, bool]
"""Text and whether it was quoted."""


def has_pattern(pieces: list[Piece]) -> bool:
    return any(not quoted and any(character in text for character in "*?[") for text, quoted in pieces)


def regex_of(pieces: list[Piece]) -> str:
    """The pattern as a regular expression for one whole string (without slashes it matches one path component)."""
    found: list[str] = []
    for text, quoted in pieces:
        found.append(re.escape(text) if quoted else _translate(text))
    return "".join(found)


def matches(pattern: str, text: str) -> bool:
    """Whether all of `text` fits an unquoted pattern."""
    return re.fullmatch(_translate(pattern), text, re.DOTALL) is not None


def split_at_slashes(pieces: list[Piece]) -> list[list[Piece]]:
    """The components of a path pattern; an absolute one begins with an empty component."""
    components: list[list[Piece]] = [[]]
    for text, quoted in pieces:
        for index, part in enumerate(text.split("/")):
            if index:
                components.append([])
            if part:
                components[-1].append((part, quoted))
    return components


def _translate(pattern: str) -> str:
    found: list[str] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        if character == "*":
            found.append(".*")
        elif character == "?":
            found.append(".")
        elif character == "[":
            end = pattern.find("]", position + 1 + (pattern[position : position + 1] in ("!", "^")))
            if end < 0:
                found.append("\\[")
                continue
            inside = pattern[position:end]
            negated = inside[:1] in ("!", "^")
            inside = (inside[1:] if negated else inside).replace("\\", "\\\\").replace("[", "\\[")
            found.append(f"[{'^' * negated}{inside}]")
            position = end + 1
        elif character == "\\" and position < len(pattern):
            found.append(re.escape(pattern[position]))
            position += 1
        else:
            found.append(re.escape(character))
    return "".join(found)
