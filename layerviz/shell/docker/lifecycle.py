"""docker start, stop, restart, kill, rename, rm, container prune and system prune."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from layerviz.engine import find, sizes
from layerviz.engine.actions import RemoveContainer, RenameContainer, StopContainer, Tick
from layerviz.engine.world import Container
from layerviz.shell.docker import lookups, programs, running
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag, without_effect
from layerviz.shell.docker.removing import agreed, prune_images
from layerviz.shell.launch import is_unknown
from layerviz.shell.names import is_valid_name
from layerviz.shell.units import size

KILLED = 137
GRACE_SECONDS = 10


def _each(call: Call, change: Callable[[Call, Container], None], wrapped: str = "") -> list[str]:
    """Changes every container named and echoes the names as typed. Those that could not be changed are given back.

    `wrapped` is what the engine puts before the name of one that is missing.
    """
    failed: list[str] = []
    for name in call.arguments:
        try:
            change(call, lookups.container(call.world, name))
            call.print(name)
        except DaemonError as error:
            missing = wrapped and find.container_by_name(call.world, name) is None
            (replace(error, message=f"{wrapped}{name}: {error.message}") if missing else error).show(call)
            failed.append(name)
    return failed


def start(call: Call) -> int:
    if "attach" in call or "interactive" in call:
        return _attached(call)
    failed = _each(call, _start)
    if failed:
        call.complain(f"Error: failed to start containers: {', '.join(failed)}")
    return int(bool(failed))


def _attached(call: Call) -> int:
    """`docker start -a`: what the container's program prints is seen, and its status is told."""
    if len(call.arguments) > 1:
        call.complain("you cannot start and attach multiple containers at once")
        return 1
    container = lookups.container(call.world, call.arguments[0])
    if container.state == "running":
        call.hint("foreground")
        return 0
    _check_start(call, container)
    return running.start(call, container, detached=False)


def _start(call: Call, container: Container) -> None:
    if container.state == "running":
        return
    _check_start(call, container)
    running.start(call, container, detached=True)


def _check_start(call: Call, container: Container) -> None:
    if container.command and not is_unknown(call.machine, container.key):
        problem = programs.problem(call.machine, container, container.command[0])
        if problem is not None:
            raise DaemonError(problem.message)


def stop(call: Call) -> int:
    return int(bool(_each(call, _stop)))


def _stop(call: Call, container: Container) -> None:
    """SIGTERM, and SIGKILL after ten seconds: a shell as first process pays no heed to the first."""
    if container.state != "running":
        return
    heeds = is_unknown(call.machine, container.key)
    if not heeds:
        call.machine.do_unseen(Tick(GRACE_SECONDS))
    call.machine.do(StopContainer(container.key, 0 if heeds else KILLED))


def kill(call: Call) -> int:
    return int(bool(_each(call, _kill, "cannot kill container: ")))


def _kill(call: Call, container: Container) -> None:
    if container.state != "running":
        raise DaemonError(f"cannot kill container: {container.name}: container {container.id} is not running")
    call.machine.do(StopContainer(container.key, KILLED))


def restart(call: Call) -> int:
    def change(call: Call, container: Container) -> None:
        _stop(call, container)
        _start(call, lookups.container(call.world, container.id))

    return int(bool(_each(call, change)))


def rename(call: Call) -> int:
    old, new = (name.lstrip("/") for name in call.arguments)
    if not old or not new:
        call.complain("Error: Neither old nor new names may be empty")
        return 1
    try:
        _rename(call, lookups.container(call.world, old), new)
    except DaemonError as error:
        error.show(call)
        call.complain(f"Error: failed to rename container named {old}")
        return 1
    return 0


def _rename(call: Call, container: Container, name: str) -> None:
    if name == container.name:
        raise DaemonError("Renaming a container with the same name as its current name")
    failed = "Error when allocating new name: "
    if not is_valid_name(name):
        text = f"Invalid container name (/{name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
        raise DaemonError(failed + text, "container_name")
    if call.machine.do(RenameContainer(container.key, name)).error:
        raise DaemonError(failed + running.name_taken(call.world, name))


def remove(call: Call) -> int:
    failed = False
    for name in call.arguments:
        try:
            container = lookups.container(call.world, name.strip("/"))
        except DaemonError as error:
            error.show(call)
            failed = failed or "force" not in call
            continue
        if container.state == "running" and "force" not in call:
            text = (
                f'cannot remove container "{name}": container is running: '
                "stop the container before removing or force remove"
            )
            DaemonError(text, "stop_first", (("name", container.name),)).show(call)
            failed = True
            continue
        if container.state == "running":
            call.machine.do(StopContainer(container.key, KILLED))
        call.machine.do(RemoveContainer(container.key))
        call.print(name)
    return int(failed)


def prune(call: Call) -> int:
    if not agreed(call, "WARNING! This will remove all stopped containers."):
        return 0
    call.print(f"Total reclaimed space: {size(_prune_containers(call), 4)}")
    return 0


def _prune_containers(call: Call) -> int:
    """Removes the containers that do not run, says which, and gives the bytes that were freed."""
    gone = [container for container in call.world.containers if container.state != "running"]
    if gone:
        call.print("Deleted Containers:")
    freed = 0
    for container in gone:
        freed += sizes.size_of_container(container)
        call.print(container.id)
        call.machine.do(RemoveContainer(container.key))
    call.write("\n" * bool(gone))
    return freed


def prune_all(call: Call) -> int:
    everything = "all" in call
    images = "images without at least one container associated to them" if everything else "dangling images"
    kinds = ("all stopped containers", "all networks not used by at least one container", f"all {images}")
    lines = [f"  - {kind}\n" for kind in (*kinds, f"{'all' if everything else 'unused'} build cache")]
    if not agreed(call, "WARNING! This will remove:\n" + "".join(lines)):
        return 0
    freed = _prune_containers(call) + prune_images(call, everything=everything)
    call.print(f"Total reclaimed space: {size(freed, 4)}")
    return 0


TIME_FLAGS = (
    Flag("signal", "Signal to send to the container", "s", "string"),
    Flag("timeout", "Seconds to wait before killing the container", "t", "int"),
)
COMMANDS = (
    DockerCommand(
        ("start", "container start"),
        "start [OPTIONS] CONTAINER [CONTAINER...]",
        "Start one or more stopped containers",
        start,
        (
            Flag("attach", "Attach STDOUT/STDERR and forward signals", "a"),
            Flag("interactive", "Attach container's STDIN", "i"),
        ),
        least=1,
        most=None,
    ),
    DockerCommand(
        ("stop", "container stop"),
        "stop [OPTIONS] CONTAINER [CONTAINER...]",
        "Stop one or more running containers",
        stop,
        TIME_FLAGS,
        least=1,
        most=None,
    ),
    DockerCommand(
        ("restart", "container restart"),
        "restart [OPTIONS] CONTAINER [CONTAINER...]",
        "Restart one or more containers",
        restart,
        TIME_FLAGS,
        least=1,
        most=None,
    ),
    DockerCommand(
        ("kill", "container kill"),
        "kill [OPTIONS] CONTAINER [CONTAINER...]",
        "Kill one or more running containers",
        kill,
        TIME_FLAGS[:1],
        least=1,
        most=None,
    ),
    DockerCommand(
        ("rename", "container rename"),
        "rename CONTAINER NEW_NAME",
        "Rename a container",
        rename,
        least=2,
        most=2,
    ),
    DockerCommand(
        ("rm", "container rm", "container remove"),
        "rm [OPTIONS] CONTAINER [CONTAINER...]",
        "Remove one or more containers",
        remove,
        (
            Flag("force", "Force the removal of a running container (uses SIGKILL)", "f"),
            Flag("volumes", "Remove anonymous volumes associated with the container", "v"),
        ),
        least=1,
        most=None,
    ),
    DockerCommand(
        ("container prune",),
        "container prune [OPTIONS]",
        "Remove all stopped containers",
        prune,
        (Flag("force", "Do not prompt for confirmation", "f"),),
    ),
    DockerCommand(
        ("system prune",),
        "system prune [OPTIONS]",
        "Remove unused data",
        prune_all,
        (
            Flag("all", "Remove all unused images not just dangling ones", "a"),
            Flag("force", "Do not prompt for confirmation", "f"),
            *without_effect("volumes"),
        ),
    ),
)
