"""Running programs in containers: their environment, and runc's words for those that cannot be run."""

from __future__ import annotations

from dataclasses import dataclass

from layerviz.engine.content import EMPTY, Content
from layerviz.engine.world import Container
from layerviz.shell.files import Files
from layerviz.shell.hints import hint
from layerviz.shell.launch import PATH, Found, existing, find, is_lent, manners_of, run
from layerviz.shell.machine import Machine
from layerviz.shell.process import Process, StillRunning
from layerviz.shell.streams import Stream

CREATE_FAILED = (
    "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: "
)
EXEC_FAILED = "OCI runtime exec failed: exec failed: "


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a program cannot be started: the engine's message, runc's part of it, and docker's exit status."""

    message: str
    reason: str
    status: int


def environment(container: Container, extra: tuple[str, ...] = ()) -> dict[str, str]:
    """As the engine builds it: PATH, HOSTNAME, the image's and the container's variables, and HOME from runc."""
    found = {"PATH": PATH, "HOSTNAME": container.id[:12]}
    found.update(container.image.config.env)
    found.update(container.env)
    for text in extra:
        name, equals, value = text.partition("=")
        if equals:
            found[name] = value
    found.setdefault("HOME", "/root")
    return found


def working_dir(container: Container) -> str:
    return container.working_dir or container.image.config.working_dir or "/"


def locate(machine: Machine, container: Container, name: str, cwd: str = "", path: str = "") -> Found:
    return find(machine, container.key, name, cwd or working_dir(container), path or environment(container)["PATH"])


def problem(machine: Machine, container: Container, name: str, cwd: str = "") -> Problem | None:
    """What keeps `name` from being started, None if nothing does."""
    found = locate(machine, container, name, cwd)
    if not found.errno or found.errno == "ENOEXEC":
        return None
    reason = {
        "ENOENT": f"stat {name}: no such file or directory" if "/" in name else "executable file not found in $PATH",
        "EACCES": "permission denied",
        "EISDIR": "is a directory",
    }[found.errno]
    text = f'unable to start container process: exec: "{name}": {reason}: unknown'
    return Problem(CREATE_FAILED + text, text, 127 if found.errno == "ENOENT" else 126)


def show_programs(machine: Machine, container: Container) -> None:
    """A hint naming the programs that there are in the container."""
    hint(machine, "programs", programs=" ".join(existing(machine, container.key)))


def note_lent(machine: Machine, container: Container, name: str) -> None:
    """Says once that the programs are lent, and what docker would say."""
    if is_lent(machine, container.key):
        reason = f"stat {name}: no such file or directory" if "/" in name else "executable file not found in $PATH"
        found = Files(machine, container.key).find(name) if "/" in name else None
        if found is None:
            hint(machine, "lent", image=container.image_ref or "scratch", docker=f'exec: "{name}": {reason}')


@dataclass(frozen=True, slots=True)
class Streams:
    """Where a program's descriptors lead. `waits`: standard input is open and nobody types."""

    stdout: Stream
    stderr: Stream
    stdin: Content = EMPTY
    waits: bool = False


def execute(
    machine: Machine,
    container: Container,
    command: tuple[str, ...],
    streams: Streams,
    *,
    extra: tuple[str, ...] = (),
    cwd: str = "",
    detached_main: bool = False,
) -> int:
    """Runs a program that `problem` found nothing against. Raises `StillRunning` where it waits for ever."""
    values = environment(container, extra)
    process = Process(
        machine=machine,
        target=container.key,
        arguments=command,
        environment=values,
        cwd=cwd or working_dir(container),
        manners=manners_of(machine, container.key),
        stdin=streams.stdin,
        stdout=streams.stdout,
        stderr=streams.stderr,
        waits_for_input=streams.waits,
        is_main_and_detached=detached_main,
    )
    found = locate(machine, container, command[0], cwd, values["PATH"])
    if found.errno == "ENOEXEC":
        streams.stderr.write(f"exec {command[0]}: exec format error\n")
        return 255
    return run(process, found)


def run_to_end(machine: Machine, container: Container, command: tuple[str, ...], out: Stream) -> int:
    """Runs a build's command; one that would wait for ever ends at once. Both its outputs go to the build's."""
    try:
        return execute(machine, container, command, Streams(out, out))
    except StillRunning:
        return 0
