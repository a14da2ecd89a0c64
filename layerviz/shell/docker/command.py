"""`docker …`: finds the command, reads its flags, runs it, and words what went wrong."""

from __future__ import annotations

import difflib

from layerviz.shell.docker import (
    build,
    changes,
    copying,
    files,
    history,
    images,
    info,
    inspection,
    lifecycle,
    listing,
    logs,
    pulling,
    removing,
    running,
    usage,
)
from layerviz.shell.docker.calls import BadCall, Call, DaemonError, DockerCommand, flag_message, help_text, read_call
from layerviz.shell.hints import hint
from layerviz.shell.process import Process, Program
from layerviz.shell.streams import Stream

COMMANDS: tuple[DockerCommand, ...] = (
    *build.COMMANDS,
    *changes.COMMANDS,
    *copying.COMMANDS,
    *files.COMMANDS,
    *history.COMMANDS,
    *images.COMMANDS,
    *info.COMMANDS,
    *inspection.COMMANDS,
    *lifecycle.COMMANDS,
    *listing.COMMANDS,
    *logs.COMMANDS,
    *pulling.COMMANDS,
    *removing.COMMANDS,
    *running.COMMANDS,
    *usage.COMMANDS,
)
BY_NAME = {name: command for command in COMMANDS for name in command.names}
ALIASES = frozenset(("list", "remove", "ps"))
"""Other names in a group that its list of commands leaves out."""
GROUPS = {
    "image": "Manage images",
    "container": "Manage containers",
    "system": "Manage Docker",
    "builder": "Manage builds",
}


_DOCKERS_OWN = (
    "attach buildx checkpoint compose config context events export import login logout manifest network node "
    "pause plugin port push scout search secret service stack stats swarm top trust unpause update volume "
    "wait container:attach container:export container:pause container:port "
    "container:stats container:top container:unpause container:update container:wait image:import image:push "
    "system:events builder:prune"
)
NOT_HERE = frozenset(_DOCKERS_OWN.split())
"""What docker has and the lab has not; a command of a group behind its name."""


def docker(process: Process) -> int:
    words = list(process.operands)
    while words and words[0] in ("--debug", "-D"):
        words.pop(0)
    if not words:
        return _overview(process.stderr)
    if words[0] == "help" and len(words) > 1:
        words = [*words[1:], "--help"]
    if words[0] in ("--help", "-h", "help"):
        return _overview(process.stdout)
    if words[0] in ("--version", "-v"):
        process.print("Docker version 28.5.2, simulated by layerviz")
        return 0
    if words[0].startswith("-"):
        return _unknown_flag(process, words[0])
    name = words.pop(0)
    if name in GROUPS:
        if not words or words[0] in ("--help", "-h"):
            return _group(name, process.stdout if words else process.stderr)
        name = f"{name} {words.pop(0)}"
    command = BY_NAME.get(name)
    if command is None and name.replace(" ", ":") in NOT_HERE:
        hint(process.machine, "not_simulated", command=f"docker {name}", commands=_names())
        return 1
    if command is None:
        return _unknown_command(process, name)
    try:
        call = read_call(command, name, tuple(words), process)
    except BadCall as bad:
        process.stderr.write(f"{bad}\n")
        if bad.status == 125 and command.flags:
            shown = " ".join(f"--{flag.name}" for flag in command.flags if flag.acts)
            hint(process.machine, "flags", flags=shown)
        return bad.status
    if "help" in call:
        process.stdout.write(help_text(command))
        return 0
    return _called(command, name, call)


def _called(command: DockerCommand, name: str, call: Call) -> int:
    try:
        return command.run(call)
    except BadCall as bad:
        call.complain(flag_message(command, name, str(bad)))
        return bad.status
    except DaemonError as error:
        error.show(call)
        return 1


def _overview(out: Stream) -> int:
    """Asked for on stdout; as an answer to no command at all on stderr."""
    rows = sorted((command.names[0], command.summary) for command in COMMANDS)
    out.write("Usage:  docker [OPTIONS] COMMAND\n\nCommands:\n")
    out.write("".join(f"  {name:<17} {summary}\n" for name, summary in rows))
    return 0


def _group(group: str, out: Stream) -> int:
    out.write(f"Usage:  docker {group} COMMAND\n\n{GROUPS[group]}\n\nCommands:\n")
    for name in sorted(BY_NAME):
        within, _, word = name.partition(" ")
        if within == group and word not in ALIASES:
            out.write(f"  {word:<11} {BY_NAME[name].summary}\n")
    out.write(f"\nRun 'docker {group} COMMAND --help' for more information on a command.\n")
    return 0


def _names() -> str:
    return " ".join(sorted({command.names[0] for command in COMMANDS}))


def _unknown_flag(process: Process, word: str) -> int:
    text = f"unknown flag: {word}" if word.startswith("--") else f"unknown shorthand flag: '{word[1]}' in {word}"
    usage = "Usage:  docker [OPTIONS] COMMAND [ARG...]"
    process.stderr.write(f"{text}\n\n{usage}\n\nRun 'docker --help' for more information\n")
    return 125


def _unknown_command(process: Process, name: str) -> int:
    group = name.partition(" ")[0] if " " in name else ""
    usage = f"Usage:  docker {group}\n\n" if group else ""
    run = f"docker {group}".strip()
    process.stderr.write(f"docker: unknown command: docker {name}\n\n{usage}Run '{run} --help' for more information\n")
    close = difflib.get_close_matches(name, BY_NAME, 1, 0.7)
    if close:
        hint(process.machine, "did_you_mean", word=f"docker {close[0]}")
    else:
        hint(process.machine, "commands", commands=_names())
    return 1


PROGRAMS = {"docker": Program(docker, "docker [OPTIONS] COMMAND")}
