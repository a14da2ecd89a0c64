"""`a{b,c}d` and `{1..3}`: bash makes several words of one before anything else happens to it; dash and ash do not."""

from __future__ import annotations

import re

from layerviz.shell.syntax import Literal, Part, Span, Word

MOST_WORDS = 10_000
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?|([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?")

_Atoms = tuple[str | Part, ...]
"""A word taken apart: each unquoted letter alone, all other parts whole."""


def expanded(word: Word) -> tuple[Word, ...]:
    """The words that the braces of `word` make, left to right; `word` itself where there are none (bash(1), "Brace
    Expansion"). A range of very many words stays as it was typed."""
    if not any(isinstance(part, Literal) and not part.quoted and "{" in part.text for part in word.parts):
        return (word,)
    atoms: list[str | Part] = []
    for part in word.parts:
        atoms += part.text if isinstance(part, Literal) and not part.quoted else [part]
    return tuple(Word(_parts(made, word.span), word.span) for made in _words(tuple(atoms)))


def _words(atoms: _Atoms) -> list[_Atoms]:
    for start, atom in enumerate(atoms):
        if atom == "{":
            end = _closing(atoms, start)
            choices = _choices(atoms[start + 1 : end]) if end else []
            if choices:
                rests = _words(atoms[end + 1 :])
                return [(*atoms[:start], *one, *rest) for one in choices for rest in rests][:MOST_WORDS]
    return [atoms]


def _closing(atoms: _Atoms, start: int) -> int:
    """Where the brace that opens at `start` closes; 0 if it does not."""
    depth = 0
    for position in range(start, len(atoms)):
        depth += {"{": 1, "}": -1}.get(str(atoms[position]), 0) if isinstance(atoms[position], str) else 0
        if depth == 0:
            return position
    return 0


def _choices(inside: _Atoms) -> list[_Atoms]:
    """What may stand in the braces' place; nothing where they are no expansion."""
    pieces: list[list[str | Part]] = [[]]
    depth = 0
    for atom in inside:
        if atom == "," and depth == 0:
            pieces.append([])
            continue
        depth += {"{": 1, "}": -1}.get(atom, 0) if isinstance(atom, str) else 0
        pieces[-1].append(atom)
    if len(pieces) > 1:
        return [made for piece in pieces for made in _words(tuple(piece))]
    if not all(isinstance(atom, str) for atom in inside):
        return []
    match = _RANGE.fullmatch("".join(map(str, inside)))
    return [(text,) for text in _range(match)] if match else []


def _range(match: re.Match[str]) -> list[str]:
    first, last, step, first_letter, last_letter, letter_step = match.groups()
    low, high = (int(first), int(last)) if first else (ord(first_letter), ord(last_letter))
    stride = abs(int(step or letter_step or 1)) or 1
    if abs(high - low) // stride >= MOST_WORDS:
        return []
    numbers = range(low, high + 1, stride) if low <= high else range(low, high - 1, -stride)
    if not first:
        return [chr(number) for number in numbers]
    padded = any(re.match(r"-?0\d", end) for end in (first, last))
    width = max(len(first), len(last)) if padded else 0
    return [f"{number:0{width}d}" if width else str(number) for number in numbers]


def _parts(atoms: _Atoms, span: Span) -> tuple[Part, ...]:
    parts: list[Part] = []
    letters = ""
    for atom in (*atoms, None):
        if isinstance(atom, str):
            letters += atom
            continue
        if letters:
            parts.append(Literal(letters, False, span))
            letters = ""
        if atom is not None:
            parts.append(atom)
    return tuple(parts)
