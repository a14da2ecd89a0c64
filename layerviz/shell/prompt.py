"""What a prompt asks of the grammar: does the text go on, and what is each piece of it."""

from __future__ import annotations

from layerviz.shell.grammar import Parser
from layerviz.shell.syntax import Incomplete, ShellSyntaxError
from layerviz.shell.words import Mark


def needs_more(text: str) -> bool:
    """Whether a prompt should ask for another line: an open quote, here-document, list or backslash."""
    parser = Parser(text)
    try:
        parser.read_script_until("")
    except Incomplete:
        return True
    except ShellSyntaxError:
        return False
    return parser.ends_in_backslash


def spans(text: str) -> tuple[Mark, ...]:
    """Start, end and kind of every piece, in order and without overlaps, also of a text that is not finished.

    Kinds: command, argument, option, quoted, variable, operator, comment, heredoc, keyword, assignment, error.
    """
    parser = Parser(text)
    broken_at: int | None = None
    try:
        parser.read_script_until("")
    except Incomplete as error:
        if error.fault == "quote":
            parser.marks.append(Mark((parser.opened_at, len(text), "quoted")))
    except ShellSyntaxError as error:
        broken_at = error.offset
    kinds: list[str] = [""] * len(text)
    for start, end, kind in parser.marks:
        kinds[start:end] = [kind] * (min(end, len(text)) - start)
    if broken_at is not None:
        kinds[broken_at:] = ["error"] * (len(text) - broken_at)
    found: list[Mark] = []
    start = 0
    for position in range(1, len(text) + 1):
        if position == len(text) or kinds[position] != kinds[start]:
            if kinds[start]:
                found.append(Mark((start, position, kinds[start])))
            start = position
    return tuple(found)
