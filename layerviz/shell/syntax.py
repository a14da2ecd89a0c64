"""The syntax tree of a shell text: what the parser makes and the interpreter walks.

Every node carries the span of text it was read from, so that highlighting, completion and
messages that name a line use the same tree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` up to, not including, `end` of the text that was parsed."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    """Text as it stands; quoted text is neither split into fields nor matched against file names."""

    text: str
    quoted: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name`, `${name}` or `${name<operator>argument}`; operator `length` is `${#name}`."""

    name: str
    operator: str
    argument: Word | None
    quoted: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Substitution:
    """`$(script)` or the same between backquotes."""

    script: Script
    quoted: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((expression))`."""

    expression: str
    quoted: bool
    span: Span


Part = Literal | Parameter | Substitution | Arithmetic


@dataclass(frozen=True, slots=True)
class Word:
    parts: tuple[Part, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Assignment:
    name: str
    value: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Redirect:
    """`fd operator target`; of a here-document (`<<`, `<<-`) the target is the text itself."""

    fd: int
    operator: str
    target: Word
    span: Span


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command: assignments before it, its words, its redirections."""

    assignments: tuple[Assignment, ...]
    words: tuple[Word, ...]
    redirects: tuple[Redirect, ...]
    span: Span
    line: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """`{ …; }`, or with `subshell` `( … )`, which keeps its variables and directory to itself."""

    body: Script
    subshell: bool
    redirects: tuple[Redirect, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """`if … then … elif … then … else … fi`: pairs of condition and body, then the last body."""

    branches: tuple[tuple[Script, Script], ...]
    otherwise: Script | None
    redirects: tuple[Redirect, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words; do … done`; without `in` the words are the positional parameters."""

    name: str
    words: tuple[Word, ...] | None
    body: Script
    redirects: tuple[Redirect, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class While:
    """`while condition; do … done`, or with `until` as long as the condition fails."""

    condition: Script
    body: Script
    until: bool
    redirects: tuple[Redirect, ...]
    span: Span


Command = Simple | Group | If | For | While


@dataclass(frozen=True, slots=True)
class Pipeline:
    commands: tuple[Command, ...]
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class AndOr:
    """Pipelines joined by `&&` and `||`, which bind equally and from the left."""

    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Script:
    items: tuple[AndOr, ...]
    span: Span


class ShellSyntaxError(Exception):
    """A text that no shell accepts.

    `token` is what stands where it may not (`end of file` at the end), or for an open quote the
    quote; each shell words the same fault in its own way, see `dialect`.
    """

    def __init__(self, fault: str, token: str, offset: int, line: int) -> None:
        super().__init__(f"line {line}: {fault} {token}")
        self.fault = fault
        self.token = token
        self.offset = offset
        self.line = line


class Incomplete(ShellSyntaxError):
    """The text ends inside something: a prompt should ask for another line."""
