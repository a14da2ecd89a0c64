"""Walks a syntax tree and runs it: lists, pipelines, redirections, variables, loops.

One interpreter serves the prompt of your computer, `sh -c` in a container and RUN in a Dockerfile. What a
shell does itself (cd, exit, set …) stands in `builtins`, all other programs in `programs`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from layerviz.engine.actions import Target
from layerviz.shell import expansion, redirection
from layerviz.shell.dialect import Dialect
from layerviz.shell.expansion import ExpansionFailed, Scope
from layerviz.shell.files import Files
from layerviz.shell.grammar import Parser
from layerviz.shell.machine import Machine
from layerviz.shell.redirection import Descriptors, RedirectionFailed
from layerviz.shell.streams import Stream, text_of
from layerviz.shell.syntax import (
    AndOr,
    Command,
    For,
    Group,
    If,
    Pipeline,
    Script,
    ShellSyntaxError,
    Simple,
    Substitution,
    While,
)

MAX_ROUNDS = 10_000
SPECIAL = frozenset(
    (":", ".", "break", "continue", "eval", "exec", "exit", "export", "return", "set", "shift", "trap", "unset")
)
"""The special built-ins: an error of one of them ends a shell that is not at a prompt (POSIX.1-2017, XCU 2.8.1)."""
BLIND = frozenset((":", "echo", "printf", "true", "false"))
"""What every shell does itself without looking at a file."""


class Exit(Exception):
    """The shell ends with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class LoopControl(Exception):
    """`break` or `continue` on its way to the loop it is meant for."""

    def __init__(self, *, again: bool, levels: int) -> None:
        super().__init__(again, levels)
        self.again = again
        self.levels = levels


@dataclass(slots=True)
class Shell:
    """A shell process: where it runs, its variables and directory, and how it launches programs."""

    machine: Machine
    target: Target
    dialect: Dialect
    variables: dict[str, str]
    exported: set[str]
    cwd: str
    launch: Callable[[Shell, tuple[str, ...], dict[str, str], Descriptors, int], int]
    positional: tuple[str, ...] = ()
    name: str = "sh"
    options: set[str] = field(default_factory=set)
    status: int = 0
    guarded: int = 0
    """How many conditions surround the command: inside one `set -e` does not end the shell."""
    is_subshell: bool = False
    is_detached_main: bool = False
    after_pipeline: Callable[[Shell], None] | None = None
    """Called after each command or pipeline of the shell itself; the prompt lets a second pass."""

    @property
    def files(self) -> Files:
        return Files(self.machine, self.target)

    @property
    def environment(self) -> dict[str, str]:
        return {name: self.variables[name] for name in self.variables if name in self.exported}

    def run_text(self, text: str, descriptors: Descriptors) -> int:
        """All that this shell does is `text`: the status is the last command's, 2 if it does not parse."""
        try:
            return self.run_here(text, descriptors)
        except Exit as end:
            return end.status

    def run_here(self, text: str, descriptors: Descriptors) -> int:
        """Runs `text` as commands of this shell, which an `exit` in it ends, line by line; a fault ends dash, too."""
        parser = Parser(text)
        while True:
            try:
                items = parser.read_line()
            except ShellSyntaxError as error:
                descriptors.stderr.write(self.dialect.syntax_error(error, text) + "\n")
                if self.dialect.kind == "dash":
                    raise Exit(2) from error
                return 2
            if not items:
                return self.status
            for item in items:
                self.run_and_or(item, descriptors)

    def run(self, script: Script, descriptors: Descriptors) -> int:
        for item in script.items:
            self.run_and_or(item, descriptors)
        return self.status

    def run_and_or(self, item: AndOr, descriptors: Descriptors) -> int:
        pipelines = [item.first, *(pipeline for _, pipeline in item.rest)]
        operators = ["", *(operator for operator, _ in item.rest)]
        for index, (operator, pipeline) in enumerate(zip(operators, pipelines, strict=True)):
            if (operator == "&&" and self.status != 0) or (operator == "||" and self.status == 0):
                continue
            is_last = index == len(pipelines) - 1
            self.guarded += not is_last
            try:
                self.status = self._run_pipeline(pipeline, descriptors)
            finally:
                self.guarded -= not is_last
            if is_last and self.status and "e" in self.options and not self.guarded and not pipeline.negated:
                raise Exit(self.status)
        return self.status

    def _run_pipeline(self, pipeline: Pipeline, descriptors: Descriptors) -> int:
        self.guarded += pipeline.negated
        try:
            status = self._run_commands(pipeline.commands, descriptors)
        finally:
            self.guarded -= pipeline.negated
        is_compound = len(pipeline.commands) == 1 and not isinstance(pipeline.commands[0], Simple)
        if self.after_pipeline is not None and not self.is_subshell and not is_compound:
            self.after_pipeline(self)
        return int(status == 0) if pipeline.negated else status

    def _run_commands(self, commands: tuple[Command, ...], descriptors: Descriptors) -> int:
        if len(commands) == 1:
            return self._run_command(commands[0], descriptors)
        flowing = descriptors.stdin
        status = 0
        for index, command in enumerate(commands):
            is_last = index == len(commands) - 1
            out = descriptors.stdout if is_last else Stream()
            stage = descriptors.replaced(stdin=flowing, stdout=out)
            status = self.subshell()._run_to_end(command, stage)
            if not is_last:
                flowing = out.take()
        return status

    def _run_to_end(self, command: Command, descriptors: Descriptors) -> int:
        try:
            return self._run_command(command, descriptors)
        except Exit as end:
            return end.status

    def _run_command(self, command: Command, descriptors: Descriptors) -> int:
        if isinstance(command, Simple):
            self.status = self._run_simple(command, descriptors)
            return self.status
        try:
            with redirection.opened(self, command.redirects, descriptors, 1) as inner:
                return self._run_compound(command, inner)
        except RedirectionFailed as failure:
            (failure.stderr or descriptors.stderr).write(failure.message + "\n")
            return failure.status
        except ExpansionFailed as failure:
            return self._give_up(failure, 1, descriptors)

    def _run_compound(self, command: Command, descriptors: Descriptors) -> int:
        if isinstance(command, Group):
            if not command.subshell:
                return self.run(command.body, descriptors)
            try:
                return self.subshell().run(command.body, descriptors)
            except Exit as end:
                return end.status
        if isinstance(command, If):
            return self._run_if(command, descriptors)
        if isinstance(command, For):
            return self._run_for(command, descriptors)
        assert isinstance(command, While)
        return self._run_while(command, descriptors)

    def _run_if(self, command: If, descriptors: Descriptors) -> int:
        for condition, body in command.branches:
            if self._holds(condition, descriptors):
                return self.run(body, descriptors)
        return self.run(command.otherwise, descriptors) if command.otherwise is not None else 0

    def _holds(self, condition: Script, descriptors: Descriptors) -> bool:
        self.guarded += 1
        try:
            return self.run(condition, descriptors) == 0
        finally:
            self.guarded -= 1

    def _run_for(self, command: For, descriptors: Descriptors) -> int:
        values = list(self.positional)
        if command.words is not None:
            before = self.status
            values = expansion.fields(command.words, self.scope(descriptors))
            # What a substitution in the list of words ends with is no command of the list.
            self.status = before if self.dialect.kind == "dash" else self.status
        status = 0
        for value in values:
            self.variables[command.name] = value
            try:
                status = self.run(command.body, descriptors)
            except LoopControl as control:
                status = 0
                if not self._goes_on(control):
                    break
        return status

    def _run_while(self, command: While, descriptors: Descriptors) -> int:
        status = 0
        for _ in range(MAX_ROUNDS):
            if self._holds(command.condition, descriptors) == command.until:
                return status
            try:
                status = self.run(command.body, descriptors)
            except LoopControl as control:
                status = 0
                if not self._goes_on(control):
                    return 0
        descriptors.stderr.write(f"{self.dialect.prefix(1)}this loop was stopped after {MAX_ROUNDS} rounds\n")
        return 1

    def _goes_on(self, control: LoopControl) -> bool:
        """Whether this loop goes on; one that was meant for an outer loop flies on."""
        if control.levels > 1:
            raise LoopControl(again=control.again, levels=control.levels - 1)
        return control.again

    def _run_simple(self, command: Simple, descriptors: Descriptors) -> int:
        arguments: tuple[str, ...] = ()
        try:
            scope = self.scope(descriptors)
            arguments = tuple(expansion.fields(command.words, scope))
            assigned = {}
            if len(command.assignments) > 1:
                # Each of them is seen by those after it, and all of them only by the command that follows.
                scope.variables = dict(self.variables)
            for assignment in command.assignments:
                assigned[assignment.name] = expansion.one(assignment.value, scope)
                if scope.variables is not self.variables:
                    scope.variables[assignment.name] = assigned[assignment.name]
            blind = bool(arguments) and arguments[0] in BLIND
            with redirection.opened(self, command.redirects, descriptors, command.line, blind=blind) as inner:
                if "x" in self.options and (arguments or assigned):
                    shown = [*(f"{name}={value}" for name, value in assigned.items()), *arguments]
                    traced = shown if self.dialect.kind == "dash" else [_traced(word) for word in shown]
                    descriptors.stderr.write("+ " + " ".join(traced) + "\n")
                if not arguments:
                    self.variables.update(assigned)
                    return self.status if _substitutes(command) else 0
                return self.launch(self, arguments, assigned, inner, command.line)
        except RedirectionFailed as failure:
            (failure.stderr or descriptors.stderr).write(failure.message + "\n")
            if self.dialect.kind == "dash" and arguments and arguments[0] in SPECIAL:
                raise Exit(failure.status) from failure
            return failure.status
        except ExpansionFailed as failure:
            return self._give_up(failure, command.line, descriptors)

    def _give_up(self, failure: ExpansionFailed, line: int, descriptors: Descriptors) -> int:
        """POSIX: an expansion error ends a shell that is not at a prompt."""
        descriptors.stderr.write(f"{self.dialect.prefix(line)}{failure}\n")
        if self.dialect.prompt:
            return 1
        raise Exit(1 if self.dialect.kind == "bash" else 2)

    def subshell(self) -> Shell:
        """A copy whose variables, options and directory change nothing here."""
        child = copy.copy(self)
        child.variables = dict(self.variables)
        child.exported = set(self.exported)
        child.options = set(self.options)
        child.is_subshell = True
        return child

    def scope(self, descriptors: Descriptors) -> Scope:
        def substitute(script: Script) -> str:
            child = self.subshell()
            out = Stream()
            try:
                self.status = child.run(script, descriptors.replaced(stdout=out))
            except Exit as end:
                self.status = end.status
            return text_of(out.take(), self.machine.ports.read).replace("\0", "").rstrip("\n")

        return Scope(
            variables=self.variables,
            positional=self.positional,
            name=self.name,
            status=self.status,
            files=self.files,
            cwd=self.cwd,
            substitute=substitute,
            unset_is_error="u" in self.options,
            flags="".join(sorted(self.options)),
            has_braces=self.dialect.kind == "bash",
        )


def _substitutes(command: Simple) -> bool:
    """Whether the status of a bare assignment is that of the command substitution in it."""
    return any(isinstance(part, Substitution) for assignment in command.assignments for part in assignment.value.parts)


def _traced(word: str) -> str:
    plain = word and all(character.isalnum() or character in "@%_+=:,./-" for character in word)
    return word if plain else "'" + word.replace("'", "'\\''") + "'"
