"""The files that a program was given: each is opened when its turn comes, and what cannot be read is said as coreutils
and busybox say it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from layerviz.engine.content import EMPTY, Content
from layerviz.shell.files import PathError, strerror
from layerviz.shell.process import Process, StillRunning, is_endless

PLAIN = re.compile(r"(?![#~])[\w.,=%@+/{}#~-]{2,}|[\w.,=%@+/-]")
"""Names that coreutils print without quotes (gnulib quotearg.c, shell_escape_quoting_style)."""


def _in_silence(name: str) -> None:
    del name


@dataclass(slots=True)
class Operands:
    """Goes through `names`, standard input without any, and gives each one's content.

    `status` is 1 once one could not be read. `opened` is told each name that could be opened, before it is read:
    a directory can be opened, and then be read by nobody. With `directories` it is given as an empty file all the same.
    `stops` ends at the first that cannot be read. Raises `StillRunning` where reading would never end.
    """

    process: Process
    names: tuple[str, ...]
    may_be_endless: bool = False
    directories: bool = False
    stops: bool = False
    opened: Callable[[str], None] = _in_silence
    status: int = 0

    def __iter__(self) -> Iterator[tuple[str, Content]]:
        for name in self.names or ("-",):
            content = self._read(name)
            if content is not None:
                yield name, content
            if self.status and self.stops:
                return

    def _read(self, name: str) -> Content | None:
        if name == "-" and self.process.waits_for_input:
            raise StillRunning
        try:
            content = self.process.read(name)
        except PathError as error:
            self.status = 1
            is_directory = error.errno == "EISDIR"
            if is_directory:
                self.opened(name)
            cannot_read(self.process, name, error.errno)
            return EMPTY if is_directory and self.directories and not self.process.busybox else None
        if is_endless(content) and not self.may_be_endless:
            raise StillRunning
        self.opened(name)
        return content


def cannot_read(process: Process, name: str, errno: str) -> None:
    """Complains about an operand, in the words of the program that reads it."""
    reason = strerror(errno)
    if not process.busybox:
        said = _coreutils(process.name, name, errno)
        process.complain(said + reason if said.endswith(": ") else said)
    elif errno == "EISDIR":
        process.complain(f"read error: {reason}")
    else:
        process.complain(f"{name}: {reason}" if process.name == "wc" else f"can't open '{name}': {reason}")


def _coreutils(program: str, operand: str, errno: str) -> str:
    """How each of coreutils' programs, and grep and sed, begins to say that it cannot read a file."""
    is_directory = errno == "EISDIR"
    if operand == "-":
        operand = {"grep": "(standard input)", "sed": "stdin"}.get(
            program, "standard input" if program in ("head", "tail", "wc") else "-"
        )
    if program in ("head", "tail"):
        return f"error reading '{operand}': " if is_directory else f"cannot open '{operand}' for reading: "
    if program == "sed":
        return f"read error on {operand}: " if is_directory else f"can't read {operand}: "
    if program == "grep":
        return f"{operand}: "
    if program == "wc" and not operand:
        return "invalid zero-length file name"
    name = operand if PLAIN.fullmatch(operand) else f"'{operand}'"
    if program == "sort":
        return f"read failed: {name}: " if is_directory else f"cannot read: {name}: "
    return f"{name}: "
