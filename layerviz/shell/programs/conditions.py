"""true, false, test and `[`."""

from __future__ import annotations

import re

from layerviz.engine.entry import Kind
from layerviz.shell.process import Process, Program

UNARY = "bcdefghLnprsSuwxz"
BINARY = ("=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef", "<", ">")


class _Wrong(Exception):
    """An expression that is none."""


def test(process: Process) -> int:
    words = list(process.operands)
    if process.name == "[":
        if not words or words[-1] != "]":
            process.complain(
                "missing ]" if process.builtin_of == "dash" else "missing ']'" if process.busybox else "missing `]'"
            )
            return 2
        words.pop()
    try:
        holds = _either(process, words) if words else False
        if words:
            # Where both of two words could be an operator, dash names the first.
            named = process.operands[0] if len(words) == 1 and process.operands[0] in BINARY else words[0]
            raise _Wrong(f"{named}: unexpected operator")
    except _Wrong as wrong:
        process.complain(str(wrong))
        return 2
    return int(not holds)


def _either(process: Process, words: list[str]) -> bool:
    holds = _both(process, words)
    while words[:1] == ["-o"]:
        words.pop(0)
        holds = _both(process, words) or holds
    return holds


def _both(process: Process, words: list[str]) -> bool:
    holds = _primary(process, words)
    while words[:1] == ["-a"]:
        words.pop(0)
        holds = _primary(process, words) and holds
    return holds


def _primary(process: Process, words: list[str]) -> bool:
    if not words:
        raise _Wrong("argument expected")
    if len(words) >= 3 and words[1] in BINARY:
        left, operator, right = words[:3]
        del words[:3]
        return _compare(process, left, operator, right)
    first = words.pop(0)
    if first == "!":
        return not _primary(process, words)
    if first == "(" and words:
        holds = _either(process, words)
        if words[:1] != [")"]:
            raise _Wrong("closing paren expected")
        words.pop(0)
        return holds
    if len(first) == 2 and first[0] == "-" and first[1] in UNARY and words:
        return _unary(process, first[1], words.pop(0))
    return first != ""


def _unary(process: Process, letter: str, word: str) -> bool:
    if letter in "nz":
        return (word != "") == (letter == "n")
    entry = process.files.find(process.path(word), follow=letter not in "hL")
    if entry is None:
        return False
    if letter in "hL":
        return entry.kind is Kind.SYMLINK
    kinds = {"b": Kind.BLOCK, "c": Kind.CHAR, "d": Kind.DIR, "f": Kind.FILE, "p": Kind.FIFO}
    if letter in kinds:
        return entry.kind is kinds[letter]
    if letter == "s":
        return entry.kind is Kind.DIR or entry.size_bytes > 0
    bits = {"x": 0o111, "u": 0o4000, "g": 0o2000}
    if letter in bits:
        return bool(entry.mode & bits[letter])
    return letter != "S"


def _compare(process: Process, left: str, operator: str, right: str) -> bool:
    if operator in ("=", "=="):
        return left == right
    if operator == "!=":
        return left != right
    if operator in "<>":
        return left < right if operator == "<" else left > right
    if operator in ("-nt", "-ot", "-ef"):
        one, other = (process.files.find(process.path(word)) for word in (left, right))
        if operator == "-ef":
            return one is not None and other is not None and one.path == other.path
        newer, older = (one, other) if operator == "-nt" else (other, one)
        return newer is not None and (older is None or newer.mtime_ns > older.mtime_ns)
    for word in (left, right):
        if not re.fullmatch(r"\s*[-+]?\d+\s*", word):
            raise _Wrong(
                f"Illegal number: {word}" if process.builtin_of == "dash" else f"{word}: integer expression expected"
            )
    a, b = int(left), int(right)
    return {"-eq": a == b, "-ne": a != b, "-lt": a < b, "-le": a <= b, "-gt": a > b, "-ge": a >= b}[operator]


def succeed(process: Process) -> int:
    del process
    return 0


def fail(process: Process) -> int:
    del process
    return 1


PROGRAMS = {
    "[": Program(test, "[ EXPRESSION ]"),
    "false": Program(fail, "false"),
    "test": Program(test, "test EXPRESSION"),
    "true": Program(succeed, "true"),
}
