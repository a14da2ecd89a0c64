"""Opening and closing what `>`, `>>`, `<`, `2>` and here-documents name.

A shell opens the file before the command runs, and the command writes later: two system calls. Where the command
itself changes no file they are shown as the one action a person typed: `echo x > f` writes `f` once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from layerviz.engine.actions import List, Read, Tell, Write
from layerviz.engine.apply import apply
from layerviz.engine.content import EMPTY, Content, of
from layerviz.engine.entry import Kind
from layerviz.engine.world import World
from layerviz.shell import expansion
from layerviz.shell.files import PathError, join, strerror
from layerviz.shell.machine import Moment
from layerviz.shell.process import DIRECTORY, device_content
from layerviz.shell.streams import Input, Stream
from layerviz.shell.syntax import Redirect

if TYPE_CHECKING:
    from layerviz.shell.interpreter import Shell


@dataclass(frozen=True, slots=True)
class Descriptors:
    """The three open files of a command."""

    input: Input
    stdout: Stream
    stderr: Stream
    stdin_is_open: bool = False
    """Standard input is a terminal, or was kept open with -i: a program that reads it waits."""

    @property
    def stdin(self) -> Content:
        """What is left to read."""
        return self.input.rest

    def replaced(
        self, *, stdin: Content | None = None, stdout: Stream | None = None, stderr: Stream | None = None
    ) -> Descriptors:
        return Descriptors(
            self.input if stdin is None else Input(stdin),
            self.stdout if stdout is None else stdout,
            self.stderr if stderr is None else stderr,
            self.stdin_is_open if stdin is None else False,
        )


class RedirectionFailed(Exception):
    """A file that could not be opened: the command does not run."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.stderr: Stream | None = None
        """Where the message goes: redirections to the left of the one that failed hold for it already."""


@dataclass(frozen=True, slots=True)
class _Output:
    """A file opened for writing: the action that opens it and what is written to it."""

    opening: Write
    stream: Stream


@contextmanager
def opened(
    shell: Shell, redirects: tuple[Redirect, ...], descriptors: Descriptors, line: int, *, blind: bool = False
) -> Iterator[Descriptors]:
    """The descriptors inside a command with `redirects`; on leaving, what was written lands in the files.

    `blind`: the command looks at no file, so that nobody sees what the opening alone does to one.
    """
    if not redirects:
        yield descriptors
        return
    machine = shell.machine
    outputs: list[_Output] = []
    before, count = machine.world, len(machine.moments)
    inner = descriptors
    try:
        for redirect in redirects:
            try:
                inner = _opened_one(shell, redirect, inner, line, outputs, blind=blind)
            except RedirectionFailed as failure:
                failure.stderr = inner.stderr
                raise
        yield inner
    finally:
        own = machine.moments[count:]
        if all(isinstance(moment.action, Read | List | Tell) for moment in own):
            machine.world = before
            del machine.moments[count:]
            for moment in own:
                machine.do(moment.action)
            for output in outputs:
                machine.do(replace(output.opening, content=output.stream.take()))
        else:
            _write_after(shell, outputs, before, count)


def _write_after(shell: Shell, outputs: list[_Output], before: World, count: int) -> None:
    """The command changed files while its output was open: the opening comes first, the writing last."""
    machine = shell.machine
    for output in outputs:
        content = output.stream.take()
        if content.size_bytes:
            machine.do(replace(output.opening, content=content, append=True))
    openings: list[Moment] = []
    for output in outputs:
        outcome = apply(before, output.opening)
        openings.append(Moment(before, output.opening, outcome.events, outcome.world))
        before = outcome.world
    machine.moments[count:count] = openings


def _opened_one(
    shell: Shell, redirect: Redirect, descriptors: Descriptors, line: int, outputs: list[_Output], *, blind: bool
) -> Descriptors:
    target = expansion.one(redirect.target, shell.scope(descriptors))
    operator = redirect.operator
    if operator in ("<<", "<<-"):
        return descriptors.replaced(stdin=of(target.encode("utf-8", "surrogateescape")))
    if operator in (">&", "<&"):
        return _duplicated(shell, redirect.fd, target, descriptors, line)
    path = join(shell.cwd, target)
    if operator == "<":
        return descriptors.replaced(stdin=_input(shell, target, path, line))
    stream = _output(shell, target, path, operator == ">>", line, descriptors, outputs, blind=blind and not outputs)
    return _with_stream(redirect.fd, stream, descriptors)


def _with_stream(fd: int, stream: Stream, descriptors: Descriptors) -> Descriptors:
    if fd == 2:
        return descriptors.replaced(stderr=stream)
    return descriptors.replaced(stdout=stream) if fd == 1 else descriptors


def _duplicated(shell: Shell, fd: int, target: str, descriptors: Descriptors, line: int) -> Descriptors:
    if target == "-":
        return _with_stream(fd, Stream(), descriptors) if fd else descriptors.replaced(stdin=EMPTY)
    if target not in ("0", "1", "2"):
        reason = "Bad fd number" if shell.dialect.kind == "dash" else "ambiguous redirect"
        raise RedirectionFailed(
            f"{shell.dialect.prefix(line)}{target}: {reason}", 2 if reason == "Bad fd number" else 1
        )
    source = descriptors.stderr if target == "2" else descriptors.stdout
    return _with_stream(fd, source, descriptors)


def _input(shell: Shell, target: str, path: str, line: int) -> Content:
    device = device_content(path)
    if device is not None:
        return device
    try:
        resolved = shell.files.resolve(path)
        entry = shell.files.at(resolved)
        if entry is None:
            raise PathError("ENOENT")
    except PathError as error:
        message, status = shell.dialect.cannot_read(line, target, error.errno, strerror(error.errno))
        raise RedirectionFailed(message, status) from error
    if entry.kind is Kind.DIR:
        return DIRECTORY
    shell.machine.do(Read(shell.target, resolved))
    return entry.content


def _output(
    shell: Shell,
    target: str,
    path: str,
    append: bool,
    line: int,
    descriptors: Descriptors,
    outputs: list[_Output],
    *,
    blind: bool,
) -> Stream:
    if path in ("/dev/stdout", "/dev/fd/1"):
        return descriptors.stdout
    if path in ("/dev/stderr", "/dev/fd/2"):
        return descriptors.stderr
    stream = Stream()
    if device_content(path) is not None:
        return stream
    try:
        if target.endswith("/"):
            raise PathError("EISDIR")
        resolved = shell.files.resolve(path, missing_ok=True)
        opening = Write(shell.target, resolved, EMPTY, append)
        if blind and ((there := shell.files.at(resolved)) is None or there.kind is Kind.FILE):
            outputs.append(_Output(opening, stream))
            return stream
        outcome = apply(shell.machine.world, opening)
        if outcome.error:
            raise PathError(outcome.error)
    except PathError as error:
        message, status = shell.dialect.cannot_write(line, target, error.errno, strerror(error.errno))
        raise RedirectionFailed(message, status) from error
    shell.machine.world = outcome.world
    outputs.append(_Output(opening, stream))
    return stream
