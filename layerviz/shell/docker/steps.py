"""The steps of a build: what each instruction does to the image, its config, and what the builder prints."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from layerviz.engine import digests
from layerviz.engine.actions import (
    Commit,
    CreateContainer,
    RemoveContainer,
    StartBuild,
    StartContainer,
    StopContainer,
)
from layerviz.engine.world import Config, Container, HistoryLine, Image
from layerviz.shell.docker import assembling, context, metadata, programs
from layerviz.shell.docker.builder import SHELL, Builder, BuildFailed
from layerviz.shell.docker.metadata import command_line, merged
from layerviz.shell.dockerfile import Instruction
from layerviz.shell.launch import PATH
from layerviz.shell.names import short
from layerviz.shell.variables import ExpansionError, expand

INSTRUCTIONS = (
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "LABEL",
    "RUN",
    "USER",
    "VOLUME",
    "WORKDIR",
)


def run_steps(builder: Builder, instructions: tuple[Instruction, ...], target: str = "") -> None:
    """All steps in order. Raises `BuildFailed`, or `DaemonError` of a pull."""
    instructions = _up_to(instructions, target)
    for number, instruction in enumerate(instructions, 1):
        builder.out.write(f"Step {number}/{len(instructions)} : {instruction.code}\n")
        try:
            _run_one(builder, instruction)
        except ExpansionError as error:
            raise BuildFailed(str(error)) from error
    unused = [name for name in builder.build_args if name not in builder.known_args]
    if unused:
        names = " ".join(sorted(unused))
        builder.out.write(f"[Warning] One or more build-args [{names}] were not consumed\n")


def _run_one(builder: Builder, instruction: Instruction) -> None:
    if not builder.stages and instruction.keyword == "ARG":
        builder.declare(instruction, builder.global_args)
        return
    HANDLERS[instruction.keyword](builder, instruction)
    builder.out.write(f" ---> {short(digests.image_id(builder.image)) if builder.image else ''}\n")


def _up_to(instructions: tuple[Instruction, ...], target: str) -> tuple[Instruction, ...]:
    """The instructions up to the end of the stage called `target`."""
    if not target:
        return instructions
    froms = [index for index, instruction in enumerate(instructions) if instruction.keyword == "FROM"]
    for order, index in enumerate(froms):
        arguments = instructions[index].arguments
        if (len(arguments) == 3 and arguments[2].lower() == target.lower()) or str(order) == target:
            return instructions[: froms[order + 1]] if order + 1 < len(froms) else instructions
    raise BuildFailed(f"target stage {json.dumps(target)} could not be found")


def _from(builder: Builder, instruction: Instruction) -> None:
    name = expand(instruction.arguments[0], builder.global_args)
    if not name:
        raise BuildFailed(f"base name ({instruction.arguments[0]}) should not be blank")
    image = builder.base(name)
    builder.image = image
    builder.config = replace(image.config, raw=b"") if image else Config()
    if "PATH" not in dict(builder.config.env):
        builder.config = replace(builder.config, env=(*builder.config.env, ("PATH", PATH)))
    builder.args, builder.cmd_set = {}, False
    builder.may_hit = builder.uses_cache
    builder.stages.append((instruction.arguments[2].lower() if len(instruction.arguments) == 3 else "", image))
    builder.machine.do(StartBuild(builder.ref, image.key if image else None))


def _end_stage(builder: Builder) -> None:
    """Keeps what the stage has reached so far, for `COPY --from` and `FROM` of later ones."""
    name, _ = builder.stages[-1]
    builder.stages[-1] = (name, builder.image)


def _missing_in(name: str, image: Image | None, sent: context.Context) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What to say of a source that is not in the image or stage `name`."""
    if image is not None and any(layer.is_quoted for layer in image.layers):
        return "unknown_files", (("image", name),)
    return "copy_from", (("image", name), ("names", " ".join(sent.names())))


def _copy(builder: Builder, instruction: Instruction) -> None:
    flags = dict(instruction.flags)
    keyword = instruction.keyword
    for name in flags:
        if name == "chmod":
            raise BuildFailed(
                "the --chmod option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to "
                "build images with BuildKit enabled"
            )
        if name not in ("chown", "from"):
            raise BuildFailed(f"Unknown flag: {name}")
    *sources, target = [builder.expanded(word) for word in instruction.arguments]
    sent, reader = builder.context, builder.machine.ports.read
    if "from" in flags:
        image = builder.stage(builder.expanded(flags["from"]))
        sent = assembling.as_context(image.layers if image else ())
        where = _missing_in(flags["from"], image, sent)
    else:
        where = ("copy_source", (("names", " ".join(sent.names())),))
    found: list[str] = []
    for source in sources:
        if re.match(r"https?://", source):
            if keyword == "COPY":
                raise BuildFailed("COPY failed: source can't be a URL for COPY")
            raise BuildFailed(f"ADD failed: {source}: not fetched", hint_key="remote_add")
        if context.leads_out(source):
            raise BuildFailed(
                f"{keyword} failed: forbidden path outside the build context: {source} ()",
                hint_key=where[0],
                hint_values=where[1],
            )
        names = context.matching(sent, source)
        if not names and not re.search(r"[*?\[]", source):
            shown = context.clean(source)
            raise BuildFailed(
                f"{keyword} failed: file not found in build context or excluded by .dockerignore: "
                f"stat {shown}: file does not exist",
                hint_key=where[0],
                hint_values=where[1],
            )
        found += names
    if not found:
        raise BuildFailed(f"{keyword} failed: no source files were specified")
    if len(found) > 1 and not target.endswith("/"):
        raise BuildFailed(
            f"When using {keyword} with more than one source file, the destination must be a directory and end with a /"
        )
    chown = f"--chown={flags['chown']}" if "chown" in flags else ""
    comment = f"{keyword} {chown}{context.source_hash(sent, found, reader)} in {target} "
    created_by = f"{' '.join(SHELL)} #(nop) {comment}"
    if builder.cached(instruction, created_by):
        return
    try:
        entries = assembling.copied(
            builder.machine.world,
            builder.image,
            sent,
            found,
            builder.config.working_dir or "/",
            target,
            flags.get("chown", ""),
        )
    except assembling.CannotCopy as error:
        raise BuildFailed(str(error)) from error
    builder.add_image(instruction, created_by, entries)


def _run(builder: Builder, instruction: Instruction) -> None:
    if instruction.flags:
        name = instruction.flags[0][0]
        raise BuildFailed(
            f"the --{name} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to "
            "build images with BuildKit enabled",
            hint_key="buildkit",
        )
    command = command_line(instruction)
    arguments = {name: value for name, value in builder.args.items() if name not in dict(builder.config.env)}
    prefix = (
        [f"|{len(arguments)}", *(f"{name}={value}" for name, value in sorted(arguments.items()))] if arguments else []
    )
    created_by = " ".join([*prefix, *command])
    if builder.cached(instruction, created_by):
        return
    machine = builder.machine
    if builder.image is None:
        _run_on_nothing(builder, instruction, command, created_by)
        return
    environment = merged(tuple(arguments.items()), list(builder.config.env))
    base = short(digests.image_id(builder.image))
    working_dir = builder.config.working_dir
    created = machine.do(CreateContainer(builder.image.key, base, "", command, environment, working_dir))
    container = created.world.containers[-1]
    builder.out.write(f" ---> Running in {container.id[:12]}\n")
    _execute(builder, container, command)
    builder.check_depth(grows=bool(assembling.stored(machine.world, container.key)))
    line = HistoryLine(machine.world.clock, created_by)
    committed = machine.do(Commit(container.key, "", builder.config, line, instruction.code, instruction.line))
    builder.image = committed.world.images[-1]
    machine.do(RemoveContainer(container.key))
    builder.out.write(f" ---> Removed intermediate container {container.id[:12]}\n")


def _execute(builder: Builder, container: Container, command: tuple[str, ...]) -> None:
    """Runs the command of a RUN in its container. Raises `BuildFailed`; the container stays then, as with docker."""
    machine = builder.machine
    problem = programs.problem(machine, container, command[0])
    if problem is not None:
        raise BuildFailed(problem.message)
    machine.do(StartContainer(container.key))
    programs.note_lent(machine, container, command[0])
    status = programs.run_to_end(machine, container, command, builder.out)
    machine.do(StopContainer(container.key, status))
    if status:
        message = f"The command '{' '.join(command)}' returned a non-zero code: {status}"
        raise BuildFailed(message, status, hint_key="run_failed")


def _run_on_nothing(builder: Builder, instruction: Instruction, command: tuple[str, ...], created_by: str) -> None:
    """RUN right after `FROM scratch`: there is no image yet that a container could stand on."""
    machine = builder.machine
    before, count = machine.world, len(machine.moments)
    machine.world, key = assembling.scratchpad(before, None)
    container = assembling.container(machine.world, key)
    builder.out.write(f" ---> Running in {container.id[:12]}\n")
    try:
        _execute(builder, container, command)
        entries = assembling.stored(machine.world, key)
    finally:
        machine.world = before
        del machine.moments[count:]
    builder.add_image(instruction, created_by, entries)
    builder.out.write(f" ---> Removed intermediate container {container.id[:12]}\n")


def _in_stage(handler: Callable[[Builder, Instruction], None]) -> Callable[[Builder, Instruction], None]:
    def run(builder: Builder, instruction: Instruction) -> None:
        handler(builder, instruction)
        _end_stage(builder)

    return run


HANDLERS: Mapping[str, Callable[[Builder, Instruction], None]] = {
    "FROM": _from,
    **{
        keyword: _in_stage(handler)
        for keyword, handler in {
            "ADD": _copy,
            "ARG": metadata.arg,
            "CMD": metadata.cmd,
            "COPY": _copy,
            "ENTRYPOINT": metadata.entrypoint,
            "ENV": metadata.env,
            "EXPOSE": metadata.expose,
            "LABEL": metadata.label,
            "MAINTAINER": metadata.maintainer,
            "RUN": _run,
            "USER": metadata.user,
            "VOLUME": metadata.volume,
            "WORKDIR": metadata.workdir,
        }.items()
    },
}
