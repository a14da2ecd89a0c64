"""grep: the lines of files that fit an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from layerviz.engine.content import Content
from layerviz.engine.entry import Kind
from layerviz.shell.process import Options, Process, Program, UsageError, options_of, refuse
from layerviz.shell.programs import expressions
from layerviz.shell.programs.operands import Operands
from layerviz.shell.streams import Stream, lines_of, text_of

GREP_USAGE = "grep [-HhnlLoqvsriwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]..."
NOT_FOUND, FAILED = 1, 2
LONG_OPTIONS = {
    "after-context": "A",
    "before-context": "B",
    "context": "C",
    "count": "c",
    "extended-regexp": "E",
    "files-with-matches": "l",
    "files-without-match": "L",
    "fixed-strings": "F",
    "ignore-case": "i",
    "invert-match": "v",
    "line-number": "n",
    "line-regexp": "x",
    "max-count": "m",
    "no-filename": "h",
    "no-messages": "s",
    "only-matching": "o",
    "quiet": "q",
    "recursive": "r",
    "regexp": "e",
    "silent": "q",
    "with-filename": "H",
    "word-regexp": "w",
}


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for, and how what is found is shown."""

    regex: re.Pattern[str]
    options: Options
    before: int
    after: int
    most: int | None

    def matching(self, lines: list[str]) -> list[int]:
        inverted = "v" in self.options
        found = (number for number, line in enumerate(lines) if bool(self.regex.search(line)) != inverted)
        return [number for _, number in zip(range(len(lines) if self.most is None else self.most), found, strict=False)]


def grep(process: Process) -> int:
    try:
        options = options_of(process, "ivcnqEFGlLohHswxrRae:m:A:B:C:", LONG_OPTIONS)
    except UsageError as error:
        return refuse(process, error, GREP_USAGE, FAILED)
    operands = options.operands
    if "e" not in options and not operands:
        process.stderr.write("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
        return FAILED
    patterns = list(options.every["e"]) if "e" in options else [operands[0]]
    operands = operands if "e" in options else operands[1:]
    try:
        search = _search(options, [line for pattern in patterns for line in pattern.split("\n")])
    except ValueError:
        process.complain("invalid context length argument")
        return FAILED
    except re.error as error:
        process.complain(f"bad regex '{patterns[0]}': {error}")
        return FAILED
    recursive = "r" in options or "R" in options
    names = tuple(_below(process, operands)) if recursive else operands
    if recursive and not names:
        return NOT_FOUND
    named = (len(operands) > 1 or recursive or "H" in options) and "h" not in options
    reading = Operands(process, names, directories="c" in options or "L" in options)
    if "s" in options:
        process.stderr = Stream()
    any_match = False
    for name, content in reading:
        shown = "(standard input)" if name == "-" else name
        any_match |= _show(process, search, shown, content, named=named, continues=any_match)
        if any_match and "q" in options:
            return 0
    return FAILED if reading.status else int(not any_match)


def _search(options: Options, patterns: list[str]) -> _Search:
    texts = [re.escape(one) if "F" in options else _pattern(one, extended="E" in options) for one in patterns]
    whole = "|".join(f"(?:{text})" for text in texts)
    if "x" in options:
        whole = rf"\A(?:{whole})\Z"
    elif "w" in options:
        whole = rf"(?<!\w)(?:{whole})(?!\w)"
    both = options.values.get("C", "0")
    most = options.values.get("m")
    return _Search(
        re.compile(whole, re.IGNORECASE if "i" in options else 0),
        options,
        int(options.values.get("B", both)),
        int(options.values.get("A", both)),
        None if most is None else int(most),
    )


def _pattern(text: str, *, extended: bool) -> str:
    return expressions.regex(text, extended=extended).pattern


def _show(process: Process, search: _Search, name: str, content: Content, *, named: bool, continues: bool) -> bool:
    """Prints what one file holds of what is looked for; whether it holds any. `continues`: others came before."""
    options = search.options
    lines = lines_of(text_of(content, process.machine.ports.read))
    matching = search.matching(lines)
    if "q" in options:
        return bool(matching)
    if "L" in options:
        process.stdout.write(f"{name}\n" * (not matching))
        return not matching
    if "l" in options:
        process.stdout.write(f"{name}\n" * bool(matching))
    elif "c" in options:
        process.print(f"{f'{name}:' * named}{len(matching)}")
    elif "o" in options:
        for number in matching if "v" not in options else ():
            for match in search.regex.finditer(lines[number]):
                if match[0]:
                    process.print(f"{_label(name, number, ':', search, named=named)}{match[0]}")
    else:
        if matching and continues and (search.before or search.after):
            process.print("--")
        for number, sign in _with_context(matching, search, len(lines)):
            process.print("--" if number < 0 else f"{_label(name, number, sign, search, named=named)}{lines[number]}")
    return bool(matching)


def _label(name: str, number: int, sign: str, search: _Search, *, named: bool) -> str:
    return f"{name}{sign}" * named + f"{number + 1}{sign}" * ("n" in search.options)


def _with_context(matching: list[int], search: _Search, count: int) -> Iterator[tuple[int, str]]:
    """The lines to be printed, each with the sign behind its label; -1 stands for a gap."""
    chosen = set(matching)
    shown: set[int] = set()
    for number in matching:
        shown.update(range(max(number - search.before, 0), min(number + search.after + 1, count)))
    last = None
    for number in sorted(shown):
        if (search.before or search.after) and last is not None and number > last + 1:
            yield -1, ""
        last = number
        yield number, ":" if number in chosen else "-"


def _below(process: Process, operands: tuple[str, ...]) -> Iterator[str]:
    """What `grep -r` reads: the files that were named, and every file below a directory."""
    for operand in operands or (".",):
        for name in _files_below(process, operand):
            yield name if operands else name.removeprefix("./")


def _files_below(process: Process, name: str) -> Iterator[str]:
    entry = process.files.find(process.path(name))
    if entry is None or entry.kind is not Kind.DIR:
        yield name
        return
    for child in process.files.children(process.resolve(name)):
        if child.kind in (Kind.DIR, Kind.FILE):
            yield from _files_below(process, f"{name.rstrip('/')}/{child.name}")


PROGRAMS = {"grep": Program(grep, GREP_USAGE)}
