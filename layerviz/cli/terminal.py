"""Columns on a terminal, where a Chinese character takes two, and names that are too long are cut in the middle."""

import shutil
import unicodedata


def columns() -> int:
    """How wide the terminal is; 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def width(text: str) -> int:
    """How many columns `text` takes."""
    if text.isascii():
        return len(text)
    return sum(_width(letter) for letter in text)


def left(text: str, wide: int) -> str:
    """`text` with blanks behind it."""
    return text + " " * max(wide - width(text), 0)


def right(text: str, wide: int) -> str:
    """`text` with blanks before it."""
    return " " * max(wide - width(text), 0) + text


def cut(text: str, wide: int) -> str:
    """`text`, or its beginning and its end with `…` between, in at most `wide` columns."""
    if width(text) <= wide:
        return text
    letters = list(text)
    middle = len(letters) * 2 // 3
    while letters and width("".join(letters)) > wide - 1:
        middle = min(middle, len(letters) * 2 // 3)
        del letters[min(middle, len(letters) - 1)]
    return "".join(letters[:middle]) + "…" + "".join(letters[middle:])


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
