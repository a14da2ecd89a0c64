"""docker build in the classic builder's form: one step, one printed id (moby builder/dockerfile, v28.5.2).

BuildKit, docker's default today, prints differently and keeps no intermediate images.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from layerviz.engine import digests
from layerviz.engine.actions import StopBuild, Tag
from layerviz.engine.entry import Entry, Kind
from layerviz.shell import dockerfile, references
from layerviz.shell.docker import context as contexts
from layerviz.shell.docker import steps
from layerviz.shell.docker.builder import Builder, BuildFailed
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag, without_effect
from layerviz.shell.docker.context import Context
from layerviz.shell.dockerfile import DockerfileError, Instruction
from layerviz.shell.files import Files, PathError, join
from layerviz.shell.names import short
from layerviz.shell.references import BadReference
from layerviz.shell.streams import Stream, text_of
from layerviz.shell.units import size


@dataclass(frozen=True, slots=True)
class _Source:
    """What is built: the context, and the Dockerfile's text and name."""

    context: Context
    text: str
    name: str


class _CannotPrepare(Exception):
    """The client could not put the context together."""


def build(call: Call) -> int:
    refs = _refs(call)
    if isinstance(refs, int):
        return refs
    try:
        source = _source(call)
    except _CannotPrepare as error:
        call.complain(f"unable to prepare context: {error}")
        call.hint("no_dockerfile" if "Dockerfile" in str(error) else "context")
        return 1
    quiet = "quiet" in call
    out = Stream() if quiet else call.process.stdout
    # The client's progress prints the size right-aligned in eight columns (moby pkg/jsonmessage).
    out.write(f"Sending build context to Docker daemon {size(source.context.tar_bytes, 4):>8}\n")
    try:
        instructions = dockerfile.parse(source.text, source.name)
        _check(instructions)
    except DockerfileError as error:
        _parse_hint(call, str(error))
        raise DaemonError(str(error)) from error
    builder = Builder(call, out, source.context, refs[0] if refs else "", use_cache="no-cache" not in call)
    builder.build_args = _build_args(call)
    try:
        steps.run_steps(builder, instructions, target=call.value("target"))
    except DaemonError as error:
        failure = BuildFailed(error.message)
        error.show_hint(call)
        return _failed(call, failure, out, quiet=quiet)
    except BuildFailed as failure:
        return _failed(call, failure, out, quiet=quiet)
    return _finished(call, builder, refs, out, quiet=quiet)


def _finished(call: Call, builder: Builder, refs: list[str], out: Stream, *, quiet: bool) -> int:
    image = builder.finish()
    if image is None:
        return _failed(call, BuildFailed("No image was generated. Is your Dockerfile empty?"), out, quiet=quiet)
    identifier = digests.image_id(image)
    for ref in refs[1:]:
        call.machine.do(Tag(image.key, ref))
    out.write(f"Successfully built {short(identifier)}\n")
    for ref in refs:
        out.write(f"Successfully tagged {ref}\n")
    if quiet:
        call.print(identifier)
    return 0


def _failed(call: Call, failure: BuildFailed, out: Stream, *, quiet: bool) -> int:
    if call.world.building is not None:
        call.machine.do(StopBuild())
    if quiet:
        # The client shows what it kept back (docker/cli image/build.go).
        call.process.stderr.write(text_of(out.take(), call.machine.ports.read))
    call.complain(failure.message)
    if failure.hint_key:
        call.hint(failure.hint_key, **dict(failure.hint_values))
    return failure.status


def _refs(call: Call) -> list[str] | int:
    """The names of the image in normal form, or the status of the complaint about one."""
    found: list[str] = []
    for text in call.values.get("tag", ()):
        try:
            found.append(references.parse(text).ref)
        except BadReference as error:
            usage = f"Usage:  docker {COMMANDS[0].usage}\n\nRun 'docker build --help' for more information"
            call.complain(f'invalid argument "{text}" for "-t, --tag" flag: {error}\n\n{usage}')
            call.hint("reference")
            return 125
    return found


def _build_args(call: Call) -> dict[str, str]:
    pairs = (text.partition("=") for text in call.values.get("build-arg", ()))
    return {name: value if equals else call.process.environment.get(name, "") for name, equals, value in pairs}


def _source(call: Call) -> _Source:
    files = Files(call.machine, "host")
    reader = call.machine.ports.read
    path = call.arguments[0]
    if path == "-":
        text = text_of(call.process.stdin, reader)
        # The client sends a context that holds only this Dockerfile.
        return _Source(Context({"Dockerfile": Entry("/Dockerfile", content=call.process.stdin)}), text, "Dockerfile")
    folder = join(call.process.cwd, path)
    try:
        resolved = files.resolve(folder)
        entry = files.at(resolved)
    except PathError as error:
        raise _CannotPrepare(f'path "{path}" not found') from error
    if entry is None or entry.kind is not Kind.DIR:
        raise _CannotPrepare(f'path "{path}" not found')
    name = call.value("file", "")
    file = join(call.process.cwd, name) if name else f"{resolved.rstrip('/')}/Dockerfile"
    if name == "-":
        text = text_of(call.process.stdin, reader)
        return _Source(contexts.read(files, resolved, reader), text, "Dockerfile")
    found = files.find(file)
    if found is None:
        shown = posixpath.normpath(file)
        raise _CannotPrepare(
            f"unable to evaluate symlinks in Dockerfile path: lstat {shown}: no such file or directory"
        )
    text = text_of(found.content, reader)
    return _Source(contexts.read(files, resolved, reader), text, posixpath.basename(file))


NOT_HERE = {"ONBUILD": "onbuild", "HEALTHCHECK": "instructions", "STOPSIGNAL": "instructions", "SHELL": "instructions"}


def _check(instructions: tuple[Instruction, ...]) -> None:
    for instruction in instructions:
        if instruction.keyword in NOT_HERE:
            message = f"dockerfile parse error on line {instruction.line}: {instruction.keyword} does not exist here"
            raise DockerfileError(message, instruction.line)


def _parse_hint(call: Call, message: str) -> None:
    if "ONBUILD" in message:
        call.hint("onbuild")
    elif "BuildKit" in message:
        call.hint("buildkit")
    elif "unknown instruction" in message or "does not exist here" in message:
        call.hint("instructions", instructions=" ".join(steps.INSTRUCTIONS))


COMMANDS = (
    DockerCommand(
        ("build", "image build", "builder build"),
        "build [OPTIONS] PATH | URL | -",
        "Build an image from a Dockerfile",
        build,
        (
            Flag("build-arg", "Set build-time variables", value="list"),
            Flag("file", 'Name of the Dockerfile (Default is "PATH/Dockerfile")', "f", "string"),
            Flag("no-cache", "Do not use cache when building the image"),
            Flag("quiet", "Suppress the build output and print image ID on success", "q"),
            Flag("tag", 'Name and optionally a tag in the "name:tag" format', "t", "list"),
            Flag("target", "Set the target build stage to build.", value="string"),
            *without_effect(
                "compress disable-content-trust force-rm pull rm squash",
                "add-host cache-from cgroup-parent cpu-period cpu-quota cpu-shares cpuset-cpus cpuset-mems iidfile "
                "isolation label memory memory-swap network platform progress security-opt shm-size ulimit",
                "c=cpu-shares m=memory",
            ),
        ),
        least=1,
        most=1,
    ),
)
