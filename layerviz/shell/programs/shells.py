"""sh, bash, ash, env: programs that run other programs."""

from __future__ import annotations

import re
from dataclasses import replace

from layerviz.shell.files import PathError, strerror
from layerviz.shell.interpreter import Shell
from layerviz.shell.launch import PATH, dialect_of, find, launch
from layerviz.shell.process import Process, Program, StillRunning
from layerviz.shell.programs.launching import start
from layerviz.shell.redirection import Descriptors
from layerviz.shell.streams import Input, text_of


def shell(process: Process) -> int:
    """`sh -c text [name argument…]`, `sh file [argument…]`, or the commands of standard input."""
    words = list(process.operands)
    options: set[str] = set()
    reads_text = False
    while words and re.fullmatch(r"[-+][a-zA-Z]+", words[0]):
        word = words.pop(0)
        reads_text = reads_text or "c" in word
        options |= set(word[1:]) - {"c"}
    name = process.arguments[0]
    dialect = dialect_of(process.machine, process.target, name)
    if reads_text:
        if not words:
            process.stderr.write(
                f"{name}: 0: -c requires an argument\n"
                if dialect.kind == "dash"
                else f"{name}: -c: option requires an argument\n"
            )
            return 2
        text = words.pop(0)
        name = words.pop(0) if words else name
    elif words:
        name = words.pop(0)
        try:
            text = text_of(process.read(name), process.machine.ports.read)
        except PathError as error:
            message = (
                f"0: cannot open {name}: No such file" if dialect.kind == "dash" else f"{name}: {strerror(error.errno)}"
            )
            if dialect.kind == "busybox":
                message = f"can't open '{name}': {strerror(error.errno)}"
            process.stderr.write(f"{process.arguments[0]}: {message}\n")
            return 127 if dialect.kind == "bash" else 2
        dialect = (
            dialect_of(process.machine, process.target, name) if dialect.kind != "bash" else replace(dialect, name=name)
        )
    elif process.waits_for_input:
        raise StillRunning
    else:
        text = text_of(process.stdin, process.machine.ports.read)
    running = Shell(
        machine=process.machine,
        target=process.target,
        dialect=dialect,
        variables={"IFS": " \t\n", **process.environment, "PWD": process.cwd},
        exported=set(process.environment) | {"PWD"},
        cwd=process.cwd,
        launch=launch,
        positional=tuple(words),
        name=name,
        options=options & set("eux"),
        is_detached_main=process.is_main_and_detached,
    )
    descriptors = Descriptors(Input(process.stdin), process.stdout, process.stderr, process.waits_for_input)
    return running.run_text(text, descriptors)


def env(process: Process) -> int:
    """`env` lists the environment; `env A=b program…` runs a program with more of it."""
    words = list(process.operands)
    environment = dict(process.environment)
    if words and words[0] in ("-i", "-"):
        words.pop(0)
        environment = {}
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        name, _, value = words.pop(0).partition("=")
        environment[name] = value
    if not words:
        for name, value in environment.items():
            process.print(f"{name}={value}")
        return 0
    return start(process, tuple(words), environment=environment)


def print_environment(process: Process) -> int:
    if not process.operands:
        return env(process)
    status = 0
    for name in process.operands:
        if name in process.environment:
            process.print(process.environment[name])
        else:
            status = 1
    return status


def which(process: Process) -> int:
    """The paths of programs; a status of 1 if one is missing."""
    status = 0
    for name in process.operands:
        path = process.environment.get("PATH", PATH)
        found = find(process.machine, process.target, name, process.cwd, path)
        if found.errno:
            status = 1
        else:
            process.print(found.path)
    return status


PROGRAMS = {
    "ash": Program(shell, "sh [-/+OPTIONS] [-/+o OPT]... [-c 'SCRIPT' [ARG0 [ARGS]] / FILE [ARGS]]"),
    "bash": Program(shell, "bash [-c 'SCRIPT' [ARG0 [ARGS]] / FILE [ARGS]]"),
    "env": Program(env, "env [-iu] [-] [name=value]... [PROG ARGS]"),
    "printenv": Program(print_environment, "printenv [VARIABLE]..."),
    "which": Program(which, "which [COMMAND]..."),
    "sh": Program(shell, "sh [-/+OPTIONS] [-/+o OPT]... [-c 'SCRIPT' [ARG0 [ARGS]] / FILE [ARGS]]"),
}
