"""docker diff and docker commit."""

from __future__ import annotations

from dataclasses import replace

from layerviz.engine import digests
from layerviz.engine.actions import Commit
from layerviz.engine.changes import changes, upper_entries
from layerviz.engine.drivers import MAX_LAYERS
from layerviz.engine.world import Config, HistoryLine
from layerviz.shell import dockerfile, references
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag
from layerviz.shell.dockerfile import DockerfileError
from layerviz.shell.references import BadReference
from layerviz.shell.variables import expand


def diff(call: Call) -> int:
    container = lookups.container(call.world, call.arguments[0])
    call.machine.show("diff", container.name)
    for kind, path in changes(container):
        call.print(f"{kind} {path}")
    return 0


def commit(call: Call) -> int:
    ref = ""
    if len(call.arguments) > 1:
        try:
            ref = references.parse(call.arguments[1]).ref
        except BadReference as error:
            call.complain(str(error))
            call.hint("reference")
            return 1
    container = lookups.container(call.world, call.arguments[0])
    config = replace(container.image.config, raw=b"")
    config = replace(config, env=tuple(dict((*config.env, *container.env)).items()))
    entrypoint = config.entrypoint or ()
    command = (
        container.command[len(entrypoint) :]
        if container.command[: len(entrypoint)] == entrypoint
        else container.command
    )
    config = replace(config, cmd=command or None)
    for change in call.values.get("change", ()):
        config = _changed(config, change)
    if len(container.image.layers) >= MAX_LAYERS and upper_entries(container):
        raise DaemonError("max depth exceeded", "depth", (("layers", MAX_LAYERS),))
    line = HistoryLine(call.world.clock, " ".join(command), comment=call.value("message"))
    outcome = call.machine.do(Commit(container.key, ref, config, line))
    call.print(digests.image_id(outcome.world.images[-1]))
    return 0


def _changed(config: Config, change: str) -> Config:
    """`--change`: an instruction that changes the config (moby builder/dockerfile, BuildFromConfig)."""
    try:
        instruction = dockerfile.parse(f"FROM scratch\n{change}\n")[1]
    except (DockerfileError, IndexError) as error:
        raise DaemonError(str(error)) from error
    values = dict(config.env)
    if instruction.keyword == "ENV":
        pairs = {expand(name, values): expand(value, values) for name, value in instruction.pairs}
        return replace(config, env=tuple({**values, **pairs}.items()))
    if instruction.keyword == "LABEL":
        pairs = {expand(name, values): expand(value, values) for name, value in instruction.pairs}
        return replace(config, labels=tuple({**dict(config.labels), **pairs}.items()))
    command = instruction.arguments if instruction.is_json else ("/bin/sh", "-c", *instruction.arguments)
    if instruction.keyword == "CMD":
        return replace(config, cmd=command)
    if instruction.keyword == "ENTRYPOINT":
        return replace(config, entrypoint=command)
    if instruction.keyword == "WORKDIR":
        return replace(config, working_dir=expand(instruction.arguments[0], values))
    if instruction.keyword == "USER":
        return replace(config, user=expand(instruction.arguments[0], values))
    if instruction.keyword == "EXPOSE":
        ports = {port if "/" in port else f"{port}/tcp" for port in instruction.arguments}
        return replace(config, exposed_ports=tuple(sorted({*config.exposed_ports, *ports})))
    raise DaemonError(f"{instruction.keyword.lower()} is not a valid change command")


COMMANDS = (
    DockerCommand(
        ("diff", "container diff"),
        "diff CONTAINER",
        "Inspect changes to files or directories on a container's filesystem",
        diff,
        least=1,
        most=1,
    ),
    DockerCommand(
        ("commit", "container commit"),
        "commit [OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
        "Create a new image from a container's changes",
        commit,
        (
            Flag("author", 'Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")', "a", "string"),
            Flag("change", "Apply Dockerfile instruction to the created image", "c", "list"),
            Flag("message", "Commit message", "m", "string"),
            Flag("pause", "Pause container during commit (default true)", "p"),
        ),
        least=1,
        most=2,
    ),
)
