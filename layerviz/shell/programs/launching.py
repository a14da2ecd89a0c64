"""Running one program from another: `env PROGRAM`, `find -exec`, and xargs."""

from __future__ import annotations

import re
from dataclasses import replace

from layerviz.engine.content import EMPTY, Content
from layerviz.shell.launch import PATH, find, run
from layerviz.shell.process import DIRECTORY, Process, Program, StillRunning, UsageError, is_endless, options_of, refuse
from layerviz.shell.streams import text_of

XARGS_USAGE = "xargs [OPTIONS] [PROG ARGS]"
NOT_FOUND, NOT_RUNNABLE = 127, 126
SOME_FAILED = 123
"""What xargs ends with where a program that it ran did not end with 0."""


def start(
    process: Process, words: tuple[str, ...], *, environment: dict[str, str] | None = None, stdin: Content | None = None
) -> int:
    """Runs `words` as a program with the descriptors of `process`; where there is none, says so and why."""
    environment = process.environment if environment is None else environment
    found = find(process.machine, process.target, words[0], process.cwd, environment.get("PATH", PATH))
    if found.errno:
        missing = found.errno == "ENOENT"
        reason = "No such file or directory" if missing else "Permission denied"
        quoted = words[0] if process.name == "xargs" else f"'{words[0]}'"
        process.complain(f"can't execute '{words[0]}': {reason}" if process.busybox else f"{quoted}: {reason}")
        return NOT_FOUND if missing else NOT_RUNNABLE
    inner = replace(
        process,
        arguments=words,
        environment=environment,
        stdin=process.stdin if stdin is None else stdin,
        builtin_of="",
        builtin_prefix="",
    )
    return run(inner, found)


def xargs(process: Process) -> int:
    """`xargs [-0] [-n MAX] [-I REPLACE] [-r] [PROGRAM…]`: words of standard input become arguments."""
    try:
        options = options_of(
            process, "0rtn:I:L:d:", {"null": "0", "no-run-if-empty": "r", "max-args": "n"}, permute=False
        )
    except UsageError as error:
        return refuse(process, error, XARGS_USAGE)
    if is_endless(process.stdin) or process.waits_for_input:
        raise StillRunning
    text = text_of(process.stdin, process.machine.ports.read)
    command = options.operands or ("echo",)
    if "0" in options or "d" in options:
        separator = "\0" if "0" in options else options.values["d"].replace("\\n", "\n")
        words = text.removesuffix(separator).split(separator) if text else []
    elif "I" in options or "L" in options:
        words = [line.strip() for line in text.split("\n") if line.strip()]
    elif (unclosed := re.search(r"""^(?:[^'"\\]|\\.|'[^'\n]*'|"[^"\n]*")*(['"])""", text)) is not None:
        kind = "single" if unclosed[1] == "'" else "double"
        process.complain(f"unmatched {kind} quote; by default quotes are special to xargs unless you use the -0 option")
        return 1
    else:
        pieces = re.findall(r"""(?:[^\s'"\\]|\\.|'[^'\n]*'|"[^"\n]*")+""", text)
        words = [re.sub(r"""\\(.)|'([^'\n]*)'|"([^"\n]*)\"""", _unquoted, piece) for piece in pieces]
    calls: list[tuple[str, ...]]
    if "I" in options:
        calls = [tuple(part.replace(options.values["I"], word) for part in command) for word in words]
    else:
        most = int(options.values.get("n", options.values.get("L", "0"))) or max(len(words), 1)
        groups = [words[first : first + most] for first in range(0, len(words), most)]
        calls = [(*command, *group) for group in groups or ([] if "r" in options else [[]])]
    status = 0
    for call in calls:
        if "t" in options:
            process.stderr.write(" ".join(call) + "\n")
        ended = start(process, call, stdin=EMPTY)
        if ended in (NOT_FOUND, NOT_RUNNABLE):
            return ended
        status = SOME_FAILED if ended else status
    if process.stdin == DIRECTORY:
        process.complain("error closing file")
        return 1
    return status


def _unquoted(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)


PROGRAMS = {"xargs": Program(xargs, XARGS_USAGE)}
