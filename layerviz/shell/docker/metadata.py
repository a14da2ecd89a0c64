"""Instructions that note something in the config: ENV, LABEL, CMD, ENTRYPOINT, EXPOSE, USER, VOLUME, ARG, WORKDIR."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from layerviz.shell.docker import assembling
from layerviz.shell.docker.builder import SHELL, Builder, BuildFailed
from layerviz.shell.dockerfile import Instruction


def go_quoted(values: tuple[str, ...]) -> str:
    """A list of strings as Go's %q prints it: `["a" "b"]`."""
    return "[" + " ".join(json.dumps(value, ensure_ascii=False) for value in values) + "]"


def command_line(instruction: Instruction) -> tuple[str, ...]:
    return instruction.arguments if instruction.is_json else (*SHELL, *instruction.arguments)


def merged(old: tuple[tuple[str, str], ...], new: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = dict(old)
    found.update(new)
    return tuple(found.items())


def env(builder: Builder, instruction: Instruction) -> None:
    pairs = [(builder.expanded(name), builder.expanded(value)) for name, value in instruction.pairs]
    builder.config = replace(builder.config, env=merged(builder.config.env, pairs))
    builder.nop(instruction, " ENV " + " ".join(f"{name}={value}" for name, value in pairs))


def label(builder: Builder, instruction: Instruction) -> None:
    pairs = [(builder.expanded(name), builder.expanded(value)) for name, value in instruction.pairs]
    builder.config = replace(builder.config, labels=merged(builder.config.labels, pairs))
    builder.nop(instruction, " LABEL " + " ".join(f"{name}={value}" for name, value in pairs))


def cmd(builder: Builder, instruction: Instruction) -> None:
    command = command_line(instruction)
    builder.config = replace(builder.config, cmd=command)
    builder.nop(instruction, f" CMD {go_quoted(command)}")
    builder.cmd_set = True


def entrypoint(builder: Builder, instruction: Instruction) -> None:
    command = command_line(instruction)
    builder.config = replace(builder.config, entrypoint=command)
    if not builder.cmd_set:
        builder.config = replace(builder.config, cmd=None)
    builder.nop(instruction, f" ENTRYPOINT {go_quoted(command)}")


def expose(builder: Builder, instruction: Instruction) -> None:
    ports = [port for word in sorted(instruction.arguments) for port in builder.expanded(word).split()]
    for port in ports:
        if not re.fullmatch(r"\d+(-\d+)?(/(tcp|udp|sctp))?", port):
            raise BuildFailed(f"invalid containerPort: {port.partition('/')[0]}")
    named = {port if "/" in port else f"{port}/tcp" for port in ports}
    builder.config = replace(builder.config, exposed_ports=tuple(sorted({*builder.config.exposed_ports, *named})))
    builder.nop(instruction, " EXPOSE " + " ".join(ports))


def user(builder: Builder, instruction: Instruction) -> None:
    user = builder.expanded(instruction.arguments[0])
    builder.config = replace(builder.config, user=user)
    builder.nop(instruction, f" USER {user}")


def volume(builder: Builder, instruction: Instruction) -> None:
    volumes = [builder.expanded(word) for word in instruction.arguments]
    builder.config = replace(builder.config, volumes=tuple(sorted({*builder.config.volumes, *volumes})))
    builder.call.hint("volume")
    builder.nop(instruction, f" VOLUME [{' '.join(volumes)}]")


def arg(builder: Builder, instruction: Instruction) -> None:
    builder.declare(instruction, builder.args)
    shown = [
        name + (f"={builder.expanded(value)}" if equals else "")
        for name, equals, value in (word.partition("=") for word in instruction.arguments)
    ]
    builder.nop(instruction, " ARG " + " ".join(shown))


def maintainer(builder: Builder, instruction: Instruction) -> None:
    builder.nop(instruction, f" MAINTAINER {instruction.arguments[0]}")


def workdir(builder: Builder, instruction: Instruction) -> None:
    wanted = builder.expanded(instruction.arguments[0])
    if not wanted:
        raise BuildFailed("cannot normalize nothing")
    path = assembling.normal(builder.config.working_dir or "/", wanted)
    builder.config = replace(builder.config, working_dir=path)
    entries = assembling.with_directory(builder.machine.world, builder.image, path)
    builder.nop(instruction, f"WORKDIR {path}", entries)
