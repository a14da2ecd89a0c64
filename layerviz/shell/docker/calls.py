"""A call of a docker command: flags, arguments, and docker's words for wrong ones (cli/cobra.go, cli/required.go)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from layerviz.engine.world import World
from layerviz.shell.hints import hint
from layerviz.shell.machine import Machine
from layerviz.shell.process import Process


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag: its names, what it is for, and whether it takes a value (of that kind in the help).

    `acts` is false for one that docker has and that changes nothing here: it is read, and said to have no effect.
    """

    name: str
    help: str
    short: str = ""
    value: str = ""
    acts: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a docker command. `values` holds every value of a flag that was given, in order."""

    process: Process
    arguments: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __contains__(self, flag: str) -> bool:
        return self.values.get(flag, ("false",))[-1] != "false"

    def value(self, flag: str, default: str = "") -> str:
        return self.values.get(flag, (default,))[-1]

    @property
    def machine(self) -> Machine:
        return self.process.machine

    @property
    def world(self) -> World:
        return self.process.machine.world

    def print(self, text: str = "") -> None:
        self.process.stdout.write(text + "\n")

    def write(self, text: str) -> None:
        self.process.stdout.write(text)

    def complain(self, text: str) -> None:
        self.process.stderr.write(text + "\n")

    def hint(self, key: str, **values: object) -> None:
        hint(self.machine, key, **values)


@dataclass(frozen=True, slots=True)
class DaemonError(Exception):
    """What the engine answers; shown as `Error response from daemon: …`, with a hint of the lab below it."""

    message: str
    hint_key: str = ""
    hint_values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return f"Error response from daemon: {self.message}"

    def show(self, call: Call, prefix: str = "") -> None:
        call.complain(f"{prefix}{self}")
        self.show_hint(call)

    def show_hint(self, call: Call) -> None:
        if self.hint_key:
            call.hint(self.hint_key, **dict(self.hint_values))


@dataclass(frozen=True, slots=True)
class DockerCommand:
    """A command: the names it is reached by ("image ls"), its usage line without "docker", how many arguments it takes.

    `stops_at_argument`: what follows the first argument belongs to a program (run, exec, create).
    """

    names: tuple[str, ...]
    usage: str
    summary: str
    run: Callable[[Call], int]
    flags: tuple[Flag, ...] = ()
    least: int = 0
    most: int | None = 0
    stops_at_argument: bool = False

    def flag(self, name: str) -> Flag | None:
        return next((flag for flag in self.flags if name in (flag.name, flag.short) and name), None)


class BadCall(Exception):
    """A call that the client itself refuses; `status` is 125 for flags and 1 for arguments."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def read_call(command: DockerCommand, name: str, words: tuple[str, ...], process: Process) -> Call:
    """Flags and arguments as pflag reads them. Raises `BadCall` with docker's message."""
    values: dict[str, list[str]] = {}
    arguments: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            arguments += rest
            break
        if word.startswith("--"):
            _read_long(command, name, word, rest, values)
        elif word.startswith("-") and len(word) > 1:
            _read_short(command, name, word, rest, values)
        else:
            arguments.append(word)
            if command.stops_at_argument:
                arguments += rest
                break
    if "help" not in values:
        _check_arguments(command, name, len(arguments))
        for flag in command.flags:
            if flag.name in values and not flag.acts:
                hint(process.machine, "no_effect", flag=f"--{flag.name}")
    return Call(process, tuple(arguments), {flag: tuple(given) for flag, given in values.items()})


def _read_long(command: DockerCommand, name: str, word: str, rest: list[str], values: dict[str, list[str]]) -> None:
    given, equals, value = word[2:].partition("=")
    flag = HELP if given == "help" else next((known for known in command.flags if known.name == given), None)
    if flag is None:
        raise BadCall(flag_message(command, name, f"unknown flag: --{given}"), 125)
    if flag.value and not equals:
        if not rest:
            raise BadCall(flag_message(command, name, f"flag needs an argument: --{given}"), 125)
        value = rest.pop(0)
    elif not flag.value:
        value = _boolean(command, name, flag, value if equals else "true")
    values.setdefault(flag.name, []).append(value)


def _read_short(command: DockerCommand, name: str, word: str, rest: list[str], values: dict[str, list[str]]) -> None:
    letters = word[1:]
    while letters:
        letter, letters = letters[0], letters[1:]
        flag = next((known for known in command.flags if known.short == letter), None)
        if flag is None:
            raise BadCall(flag_message(command, name, f"unknown shorthand flag: '{letter}' in -{letter}{letters}"), 125)
        if not flag.value:
            given, letters = (letters[1:], "") if letters.startswith("=") else ("true", letters)
            values.setdefault(flag.name, []).append(_boolean(command, name, flag, given))
            continue
        if not letters and not rest:
            raise BadCall(flag_message(command, name, f"flag needs an argument: '{letter}' in -{letter}"), 125)
        values.setdefault(flag.name, []).append(letters.removeprefix("=") if letters else rest.pop(0))
        return


def _boolean(command: DockerCommand, name: str, flag: Flag, text: str) -> str:
    """The value of a flag that is on or off, as Go reads it."""
    if text in ("1", "t", "T", "true", "TRUE", "True"):
        return "true"
    if text in ("0", "f", "F", "false", "FALSE", "False"):
        return "false"
    reason = f'strconv.ParseBool: parsing "{text}": invalid syntax'
    raise BadCall(flag_message(command, name, f'invalid argument "{text}" for "{_both(flag)}" flag: {reason}'), 125)


def _both(flag: Flag) -> str:
    return f"-{flag.short}, --{flag.name}" if flag.short else f"--{flag.name}"


def flag_message(command: DockerCommand, name: str, message: str) -> str:
    """What the client says of a flag that it cannot read."""
    return f"{message}\n\nUsage:  docker {command.usage}\n\nRun 'docker {name} --help' for more information"


def _check_arguments(command: DockerCommand, name: str, count: int) -> None:
    least, most = command.least, command.most
    if count >= least and (most is None or count <= most):
        return
    verb = "Run"
    if most == 0:
        what = "accepts no arguments"
    elif most is None:
        what, verb = f"requires at least {least} {_arguments(least)}", "See"
    elif least == most:
        what = f"requires {least} {_arguments(least)}"
    elif least == 0:
        what = f"requires at most {most} {_arguments(most)}"
    else:
        what = f"requires at least {least} and at most {most} {_arguments(most)}"
    usage = f"Usage:  docker {command.usage}\n\n{verb} 'docker {name} --help' for more information"
    raise BadCall(f"docker: 'docker {name}' {what}\n\n{usage}", 1)


def _arguments(count: int) -> str:
    return "argument" if count == 1 else "arguments"


HELP = Flag("help", "Print usage")


def help_text(command: DockerCommand) -> str:
    """The help of a command, with the flags that exist here."""
    lines = [f"Usage:  docker {command.usage}", "", command.summary]
    if len(command.names) > 1:
        lines += ["", "Aliases:", "  " + ", ".join(f"docker {name}" for name in command.names)]
    flags = [flag for flag in command.flags if flag.acts]
    if flags:
        labels = [
            (f"-{flag.short}, " if flag.short else "    ") + f"--{flag.name}" + (f" {flag.value}" if flag.value else "")
            for flag in flags
        ]
        width = max(len(label) for label in labels) + 3
        lines += ["", "Options:"]
        lines += [f"  {label:<{width}}{flag.help}" for label, flag in zip(labels, flags, strict=True)]
    return "\n".join(lines) + "\n"


def without_effect(switches: str = "", values: str = "", shorts: str = "") -> tuple[Flag, ...]:
    """Flags that docker has and that change nothing here; `shorts` pairs letters with names ("m=memory")."""
    letters = {name: letter for letter, _, name in (pair.partition("=") for pair in shorts.split())}
    return (
        *(Flag(name, "", letters.get(name, ""), acts=False) for name in switches.split()),
        *(Flag(name, "", letters.get(name, ""), "value", acts=False) for name in values.split()),
    )
