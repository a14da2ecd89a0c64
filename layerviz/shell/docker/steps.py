"""The steps of a build: what each instruction does to the image, its config, and what the builder prints."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from layerviz.engine import digests, find
from layerviz.engine.actions import (
    AddImage,
    Commit,
    CreateContainer,
    FinishBuild,
    RemoveContainer,
    StartBuild,
    StartContainer,
    StopContainer,
    UseCache,
)
from layerviz.engine.drivers import MAX_LAYERS
from layerviz.engine.entry import Entry
from layerviz.engine.world import Config, Container, HistoryLine, Image
from layerviz.shell import references
from layerviz.shell.docker import assembling, context, programs, pulling
from layerviz.shell.docker.calls import Call
from layerviz.shell.docker.context import Context
from layerviz.shell.dockerfile import Instruction
from layerviz.shell.launch import PATH
from layerviz.shell.names import random_id, short
from layerviz.shell.references import BadReference
from layerviz.shell.streams import Stream
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
SHELL = ("/bin/sh", "-c")
EXPANDED = frozenset(("ADD", "COPY", "ENV", "EXPOSE", "LABEL", "USER", "VOLUME", "WORKDIR", "ARG"))


@dataclass(frozen=True, slots=True)
class BuildFailed(Exception):
    """A step that failed; the client prints the message and ends with the status."""

    message: str
    status: int = 1
    hint_key: str = ""
    hint_values: tuple[tuple[str, object], ...] = ()


class Builder:
    """One build under way: where it stands, and what it prints to."""

    def __init__(self, call: Call, out: Stream, sent: Context, ref: str, *, use_cache: bool) -> None:
        self.call = call
        self.machine = call.machine
        self.out = out
        self.context = sent
        self.ref = ref
        self.uses_cache = use_cache
        self.may_hit = use_cache
        self.image: Image | None = None
        self.config = Config()
        self.build_args: dict[str, str] = {}
        self.global_args: dict[str, str] = {}
        self.args: dict[str, str] = {}
        self.cmd_set = False
        self.stages: list[tuple[str, Image | None]] = []
        self.known_args: set[str] = set()

    def run(self, instructions: tuple[Instruction, ...], target: str = "") -> None:
        """All steps in order. Raises `BuildFailed`, or `DaemonError` of a pull."""
        instructions = _up_to(instructions, target)
        for number, instruction in enumerate(instructions, 1):
            self.out.write(f"Step {number}/{len(instructions)} : {instruction.code}\n")
            try:
                self._run_one(instruction)
            except ExpansionError as error:
                raise BuildFailed(str(error)) from error
        unused = [name for name in self.build_args if name not in self.known_args]
        if unused:
            names = " ".join(sorted(unused))
            self.out.write(f"[Warning] One or more build-args [{names}] were not consumed\n")

    def finish(self) -> Image | None:
        """Gives the image its name; None where the steps made none."""
        if self.image is None:
            return None
        self.machine.do(FinishBuild())
        return find.image_by_key(self.machine.world, self.image.key)

    def _run_one(self, instruction: Instruction) -> None:
        if not self.stages and instruction.keyword == "ARG":
            self.declare(instruction, self.global_args)
            return
        HANDLERS[instruction.keyword](self, instruction)
        self.out.write(f" ---> {short(digests.image_id(self.image)) if self.image else ''}\n")

    def declare(self, instruction: Instruction, into: dict[str, str]) -> None:
        for word in instruction.arguments:
            name, equals, value = word.partition("=")
            self.known_args.add(name)
            if name in self.build_args:
                into[name] = self.build_args[name]
            elif equals:
                into[name] = expand(value, {**self.values, **into})
            elif name in self.global_args and into is not self.global_args:
                into[name] = self.global_args[name]

    @property
    def values(self) -> dict[str, str]:
        """What variables stand for: build arguments, and the environment over them."""
        return {**self.args, **dict(self.config.env)}

    def expanded(self, text: str) -> str:
        return expand(text, self.values)

    def cached(self, instruction: Instruction, created_by: str) -> bool:
        """Goes on from an image that the same step made before: same parent, same command, same config."""
        if not self.may_hit:
            return False
        parent_key = self.image.key if self.image else 0
        hits = [
            image
            for image in self.machine.world.images
            if image.parent_key == parent_key
            and not image.origin
            and image.history
            and image.history[-1].created_by == created_by
            and not image.history[-1].comment
            and replace(image.config, raw=b"") == replace(self.config, raw=b"")
        ]
        if not hits:
            # After the first miss nothing below is looked for (moby imageprobe.go).
            self.may_hit = False
            return False
        self.image = max(hits, key=lambda image: (image.created, image.key))
        self.machine.do(UseCache(self.image.key, instruction.line, instruction.code))
        self.out.write(" ---> Using cache\n")
        return True

    def add_image(self, instruction: Instruction, created_by: str, entries: tuple[Entry, ...] | None) -> None:
        """The image of this step: one layer of `entries` more, or only another config."""
        world = self.machine.world
        self.check_depth(grows=bool(entries))
        parent_key = self.image.key if self.image else None
        line = HistoryLine(world.clock, created_by, empty_layer=not entries)
        code, number = instruction.code, instruction.line
        outcome = self.machine.do(AddImage(parent_key, self.config, line, entries or None, code, number))
        self.image = outcome.world.images[-1]

    def check_depth(self, *, grows: bool) -> None:
        """The classic store refuses the 126th layer (moby layer/layer_store.go, maxLayerDepth)."""
        if grows and self.image is not None and len(self.image.layers) >= MAX_LAYERS:
            raise BuildFailed("max depth exceeded", 1, "depth", (("layers", MAX_LAYERS),))

    def nop(self, instruction: Instruction, comment: str, entries: tuple[Entry, ...] | None = None) -> None:
        """An instruction that runs nothing, yet has a container of its own for a moment."""
        created_by = f"{' '.join(SHELL)} #(nop) {comment}"
        if self.cached(instruction, created_by):
            return
        container = random_id("step", self.machine.world.serial)[:12]
        self.out.write(f" ---> Running in {container}\n")
        self.add_image(instruction, created_by, entries)
        self.out.write(f" ---> Removed intermediate container {container}\n")

    def stage(self, name: str) -> Image | None:
        """The image that `COPY --from` names: a stage by name or number, or an image."""
        for index, (stage, image) in enumerate(self.stages[:-1]):
            if name.lower() == stage or name == str(index):
                return image
        return self.base(name)

    def base(self, name: str) -> Image | None:
        """The image called `name`, pulled if it is not there; None for scratch."""
        for stage, image in self.stages:
            if stage and stage == name.lower():
                return image
        if name == "scratch":
            return None
        try:
            reference = references.parse(name)
        except BadReference as error:
            found = find.image_by_ref(self.machine.world, name) if re.fullmatch(r"[0-9a-f]{64}", name) else None
            if found is not None:
                return found
            raise BuildFailed(str(error), hint_key="reference") from error
        found = find.image_by_ref(self.machine.world, name)
        if found is None:
            pulling.pull_image(self.machine, reference, self.out)
            found = find.image_by_ref(self.machine.world, name)
        return found


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


def _go_quoted(values: tuple[str, ...]) -> str:
    """A list of strings as Go's %q prints it: `["a" "b"]`."""
    return "[" + " ".join(json.dumps(value, ensure_ascii=False) for value in values) + "]"


def _command_line(instruction: Instruction) -> tuple[str, ...]:
    return instruction.arguments if instruction.is_json else (*SHELL, *instruction.arguments)


def _merged(old: tuple[tuple[str, str], ...], new: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = dict(old)
    found.update(new)
    return tuple(found.items())


def _env(builder: Builder, instruction: Instruction) -> None:
    pairs = [(builder.expanded(name), builder.expanded(value)) for name, value in instruction.pairs]
    builder.config = replace(builder.config, env=_merged(builder.config.env, pairs))
    builder.nop(instruction, " ENV " + " ".join(f"{name}={value}" for name, value in pairs))


def _label(builder: Builder, instruction: Instruction) -> None:
    pairs = [(builder.expanded(name), builder.expanded(value)) for name, value in instruction.pairs]
    builder.config = replace(builder.config, labels=_merged(builder.config.labels, pairs))
    builder.nop(instruction, " LABEL " + " ".join(f"{name}={value}" for name, value in pairs))


def _cmd(builder: Builder, instruction: Instruction) -> None:
    command = _command_line(instruction)
    builder.config = replace(builder.config, cmd=command)
    builder.nop(instruction, f" CMD {_go_quoted(command)}")
    builder.cmd_set = True


def _entrypoint(builder: Builder, instruction: Instruction) -> None:
    command = _command_line(instruction)
    builder.config = replace(builder.config, entrypoint=command)
    if not builder.cmd_set:
        builder.config = replace(builder.config, cmd=None)
    builder.nop(instruction, f" ENTRYPOINT {_go_quoted(command)}")


def _expose(builder: Builder, instruction: Instruction) -> None:
    ports = [port for word in sorted(instruction.arguments) for port in builder.expanded(word).split()]
    for port in ports:
        if not re.fullmatch(r"\d+(-\d+)?(/(tcp|udp|sctp))?", port):
            raise BuildFailed(f"invalid containerPort: {port.partition('/')[0]}")
    named = {port if "/" in port else f"{port}/tcp" for port in ports}
    builder.config = replace(builder.config, exposed_ports=tuple(sorted({*builder.config.exposed_ports, *named})))
    builder.nop(instruction, " EXPOSE " + " ".join(ports))


def _user(builder: Builder, instruction: Instruction) -> None:
    user = builder.expanded(instruction.arguments[0])
    builder.config = replace(builder.config, user=user)
    builder.nop(instruction, f" USER {user}")


def _volume(builder: Builder, instruction: Instruction) -> None:
    volumes = [builder.expanded(word) for word in instruction.arguments]
    builder.config = replace(builder.config, volumes=tuple(sorted({*builder.config.volumes, *volumes})))
    builder.call.hint("volume")
    builder.nop(instruction, f" VOLUME [{' '.join(volumes)}]")


def _arg(builder: Builder, instruction: Instruction) -> None:
    builder.declare(instruction, builder.args)
    shown = [
        name + (f"={builder.expanded(value)}" if equals else "")
        for name, equals, value in (word.partition("=") for word in instruction.arguments)
    ]
    builder.nop(instruction, " ARG " + " ".join(shown))


def _maintainer(builder: Builder, instruction: Instruction) -> None:
    builder.nop(instruction, f" MAINTAINER {instruction.arguments[0]}")


def _workdir(builder: Builder, instruction: Instruction) -> None:
    wanted = builder.expanded(instruction.arguments[0])
    if not wanted:
        raise BuildFailed("cannot normalize nothing")
    path = assembling.normal(builder.config.working_dir or "/", wanted)
    builder.config = replace(builder.config, working_dir=path)
    entries = assembling.with_directory(builder.machine.world, builder.image, path)
    builder.nop(instruction, f"WORKDIR {path}", entries)


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
    found: list[str] = []
    for source in sources:
        if re.match(r"https?://", source):
            if keyword == "COPY":
                raise BuildFailed("COPY failed: source can't be a URL for COPY")
            raise BuildFailed(f"ADD failed: {source}: not fetched", hint_key="remote_add")
        names = context.matching(sent, source)
        if not names and not re.search(r"[*?\[]", source):
            shown = context.clean(source)
            raise BuildFailed(
                f"{keyword} failed: file not found in build context or excluded by .dockerignore: "
                f"stat {shown}: file does not exist",
                hint_key="copy_source",
                hint_values=(("names", " ".join(sent.names())),),
            )
        found += names
    if not found:
        raise BuildFailed(f"{keyword} failed: no source files were specified")
    if len(found) > 1 and not target.endswith("/"):
        raise BuildFailed(
            f"When using {keyword} with more than one source file, the destination must be a directory and end with a /"
        )
    chown = f"--chown={flags['chown']} " if "chown" in flags else ""
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
    command = _command_line(instruction)
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
    environment = _merged(tuple(arguments.items()), list(builder.config.env))
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
            "ARG": _arg,
            "CMD": _cmd,
            "COPY": _copy,
            "ENTRYPOINT": _entrypoint,
            "ENV": _env,
            "EXPOSE": _expose,
            "LABEL": _label,
            "MAINTAINER": _maintainer,
            "RUN": _run,
            "USER": _user,
            "VOLUME": _volume,
            "WORKDIR": _workdir,
        }.items()
    },
}
