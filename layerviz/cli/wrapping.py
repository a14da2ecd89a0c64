"""Text in lines for a terminal, where a Chinese character takes two columns and a line may end behind any of them."""

import re
from collections.abc import Iterator

from layerviz.cli.terminal import width as columns_of

_WIDE = "\u2e80-\uffef"
_NEVER_FIRST = "，。；：、）！？”』」"
_PIECE = re.compile(rf"\s+|（?(?:[^\s{_WIDE}]+|[{_WIDE}])[{_NEVER_FIRST}]*")
_LINE_END = re.compile(rf"(?<=[{_WIDE}])\n|\n(?=[{_WIDE}])")
_AS_IT_STANDS = "\b\n"
"""click's mark of a paragraph whose lines are not to be touched."""


def wrapped(
    text: str,
    width: int = 78,
    initial_indent: str = "",
    subsequent_indent: str = "",
    preserve_paragraphs: bool = False,
) -> str:
    """What `click.wrap_text` makes, by columns instead of characters; where the source ends a line between Chinese
    characters there is no blank."""
    if not preserve_paragraphs:
        return "\n".join(_lines(text, width, initial_indent, subsequent_indent))
    paragraphs = (one.strip("\n") for one in re.split(r"\n{2,}", text.expandtabs()))
    return "\n\n".join(_paragraph(one, width, initial_indent, subsequent_indent) for one in paragraphs if one)


def _paragraph(text: str, width: int, first: str, later: str) -> str:
    if text.startswith(_AS_IT_STANDS):
        return "\n".join(first + line for line in text.removeprefix(_AS_IT_STANDS).split("\n"))
    return "\n".join(_lines(text, width, first, later))


def _lines(text: str, width: int, first: str, later: str) -> Iterator[str]:
    line, is_begun = first, False
    for piece in _PIECE.findall(_LINE_END.sub("", text)):
        if piece.isspace():
            line += " " * is_begun
            continue
        if is_begun and columns_of(line + piece) > width:
            yield line.rstrip()
            line = later
        line += piece
        is_begun = True
    yield line.rstrip()
