"""What a shell does itself, without a program: cd, exit, export, set, shift, eval and the like."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from layerviz.engine.actions import ChangeDirectory
from layerviz.engine.entry import Kind
from layerviz.shell.files import PathError, join, strerror
from layerviz.shell.interpreter import Exit, LoopControl, Shell
from layerviz.shell.redirection import Descriptors
from layerviz.shell.streams import text_of

Builtin = Callable[[Shell, tuple[str, ...], Descriptors, int], int]


def change_directory(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    operands = [argument for argument in arguments[1:] if argument not in ("--", "-P", "-L")]
    target = operands[0] if operands else shell.variables.get("HOME", "/")
    prints = target == "-"
    if prints:
        target = shell.variables.get("OLDPWD", shell.cwd)
    try:
        path = shell.files.resolve(join(shell.cwd, target or "."))
        entry = shell.files.at(path)
        if entry is not None and entry.kind is not Kind.DIR:
            raise PathError("ENOTDIR")
    except PathError as error:
        message, status = shell.dialect.cannot_change_directory(line, target, strerror(error.errno))
        descriptors.stderr.write(message + "\n")
        return status
    shell.variables["OLDPWD"] = shell.cwd
    shell.cwd = path
    shell.variables["PWD"] = path
    if prints:
        descriptors.stdout.write(path + "\n")
    if shell.target == "host" and not shell.is_subshell:
        shell.machine.do(ChangeDirectory(path))
    return 0


def print_directory(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    del arguments, line
    descriptors.stdout.write(shell.cwd + "\n")
    return 0


def leave(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    number = r"-?\d+" if shell.dialect.kind == "bash" else r"\d+"
    if len(arguments) > 1 and not re.fullmatch(number, arguments[1]):
        text = "numeric argument required" if shell.dialect.kind == "bash" else f"Illegal number: {arguments[1]}"
        shown = f"exit: {arguments[1]}: {text}" if shell.dialect.kind == "bash" else f"exit: {text}"
        descriptors.stderr.write(f"{shell.dialect.prefix(line)}{shown}\n")
        raise Exit(2)
    raise Exit(int(arguments[1]) & 255 if len(arguments) > 1 else shell.status)


def nothing(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    del shell, arguments, descriptors, line
    return 0


def export(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    del line
    names = [argument for argument in arguments[1:] if argument != "-p"]
    if not names:
        for name, value in sorted(shell.environment.items()):
            descriptors.stdout.write(f"export {name}='{value}'\n")
    for name in names:
        name, equals, value = name.partition("=")
        if equals:
            shell.variables[name] = value
        shell.exported.add(name)
    return 0


def unset(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    del descriptors, line
    for name in arguments[1:]:
        shell.variables.pop(name, None)
        shell.exported.discard(name)
    return 0


def show_mask(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    """`umask` prints the mask, which is 022 here; another one is taken and has no effect."""
    del shell, line
    if len(arguments) == 1:
        descriptors.stdout.write("0022\n")
    return 0


LONG_OPTIONS = {"errexit": "e", "nounset": "u", "xtrace": "x", "noglob": "f", "pipefail": "pipefail"}


def set_options(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    rest = list(arguments[1:])
    if not rest:
        for name, value in sorted(shell.variables.items()):
            descriptors.stdout.write(f"{name}='{value}'\n")
        return 0
    while rest and rest[0][:1] in ("-", "+") and len(rest[0]) > 1:
        word = rest.pop(0)
        if word == "--":
            shell.positional = tuple(rest)
            return 0
        letters = list(word[1:])
        for letter in letters:
            if letter == "o":
                letter = LONG_OPTIONS.get(rest.pop(0), "") if rest else ""
            if not letter or (len(letter) == 1 and not letter.isalpha()):
                descriptors.stderr.write(f"{shell.dialect.prefix(line)}set: Illegal option {word}\n")
                return 2
            (shell.options.add if word[0] == "-" else shell.options.discard)(letter)
    if rest:
        shell.positional = tuple(rest)
    return 0


def shift(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    count = int(arguments[1]) if len(arguments) > 1 and arguments[1].isdigit() else 1
    if count > len(shell.positional):
        if shell.dialect.kind == "dash":
            # An error of a special built-in ends a shell that is not at a prompt (POSIX.1-2017, XCU 2.8.1).
            descriptors.stderr.write(f"{shell.dialect.prefix(line)}shift: can't shift that many\n")
            raise Exit(2)
        return 1
    shell.positional = shell.positional[count:]
    return 0


def evaluate(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    del line
    if len(arguments) == 1:
        return 0
    dialect = shell.dialect
    shell.dialect = replace(dialect, within="eval")
    try:
        return shell.run_here(" ".join(arguments[1:]), descriptors)
    finally:
        shell.dialect = dialect


def read_file(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    """`. file`: the commands of a file, run in this shell."""
    if len(arguments) < 2:
        descriptors.stderr.write(f"{shell.dialect.prefix(line)}{arguments[0]}: filename argument required\n")
        return 2
    if shell.dialect.kind == "dash" and "/" not in arguments[1]:
        # dash looks along PATH only, and ends when there is none.
        descriptors.stderr.write(f"{shell.dialect.prefix(line)}.: {arguments[1]}: not found\n")
        raise Exit(2)
    entry = shell.files.find(join(shell.cwd, arguments[1]))
    if entry is None and shell.dialect.kind == "dash":
        descriptors.stderr.write(f"{shell.dialect.prefix(line)}.: cannot open {arguments[1]}: No such file\n")
        raise Exit(2)
    if entry is None:
        descriptors.stderr.write(f"{shell.dialect.prefix(line)}{arguments[1]}: No such file or directory\n")
        return 1
    text = text_of(entry.content, shell.machine.ports.read)
    return shell.run_here(text, descriptors)


def read_line(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    """`read name…`: the next line of standard input, its fields into variables."""
    del line
    names = [argument for argument in arguments[1:] if argument != "-r"] or ["REPLY"]
    taken = descriptors.input.take_line(shell.machine.ports.read)
    values = taken.decode("utf-8", "surrogateescape").split(maxsplit=len(names) - 1)
    for index, name in enumerate(names):
        shell.variables[name] = values[index].rstrip() if index < len(values) else ""
    return 0 if taken.endswith(b"\n") else 1


def leave_loop(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    del shell, descriptors, line
    levels = int(arguments[1]) if len(arguments) > 1 and arguments[1].isdigit() else 1
    raise LoopControl(again=arguments[0] == "continue", levels=levels)


def execute(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    """`exec program`: nothing of this shell runs afterwards."""
    if len(arguments) == 1:
        return 0
    raise Exit(shell.launch(shell, arguments[1:], {}, descriptors, line))


def describe(shell: Shell, arguments: tuple[str, ...], descriptors: Descriptors, line: int) -> int:
    """`command -v name` and `type name`; `command name` runs it."""
    from layerviz.shell.launch import where_is

    rest = list(arguments[1:])
    asks = arguments[0] == "type" or (rest and rest[0] in ("-v", "-V"))
    if not asks:
        return shell.launch(shell, tuple(rest), {}, descriptors, line) if rest else 0
    if arguments[0] != "type":
        rest = rest[1:]
    status = 0
    for name in rest:
        place = where_is(shell, name)
        if place is None:
            status = 127
            if arguments[0] == "type":
                descriptors.stderr.write(f"{shell.dialect.prefix(line)}type: {name}: not found\n")
        elif arguments[0] == "type":
            kind = "a shell builtin" if name in BUILTINS else place
            descriptors.stdout.write(f"{name} is {kind}\n")
        else:
            descriptors.stdout.write((name if name in BUILTINS else place) + "\n")
    return status


BUILTINS: dict[str, Builtin] = {
    ":": nothing,
    ".": read_file,
    "break": leave_loop,
    "cd": change_directory,
    "command": describe,
    "continue": leave_loop,
    "eval": evaluate,
    "exec": execute,
    "exit": leave,
    "export": export,
    "pwd": print_directory,
    "read": read_line,
    "return": leave,
    "set": set_options,
    "shift": shift,
    "source": read_file,
    "trap": nothing,
    "type": describe,
    "umask": show_mask,
    "unset": unset,
    "wait": nothing,
}
