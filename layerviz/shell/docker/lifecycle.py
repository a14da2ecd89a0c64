"""docker start, stop, restart, kill, rm and container prune."""

from __future__ import annotations

from collections.abc import Callable

from layerviz.engine import sizes
from layerviz.engine.actions import RemoveContainer, StopContainer, Tick
from layerviz.engine.world import Container
from layerviz.shell.docker import lookups, programs, running
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag
from layerviz.shell.launch import is_unknown
from layerviz.shell.units import size

KILLED = 137
GRACE_SECONDS = 10


def _each(call: Call, change: Callable[[Call, Container], None], status: int = 1) -> int:
    """Changes every container named and echoes the names as typed; complaints come after them all."""
    failed = False
    for name in call.arguments:
        try:
            change(call, lookups.container(call.world, name))
            call.print(name)
        except DaemonError as error:
            error.show(call)
            failed = True
    return status if failed else 0


def start(call: Call) -> int:
    status = _each(call, _start)
    if status:
        call.complain(f"Error: failed to start containers: {', '.join(call.arguments)}") if len(
            call.arguments
        ) > 1 else None
    return status


def _start(call: Call, container: Container) -> None:
    if container.state == "running":
        return
    if container.command and not is_unknown(call.machine, container.key):
        problem = programs.problem(call.machine, container, container.command[0])
        if problem is not None:
            raise DaemonError(problem.message)
    running.start(call, container, detached=True)


def stop(call: Call) -> int:
    return _each(call, _stop)


def _stop(call: Call, container: Container) -> None:
    """SIGTERM, and SIGKILL after ten seconds: a shell as first process pays no heed to the first."""
    if container.state != "running":
        return
    heeds = is_unknown(call.machine, container.key)
    if not heeds:
        call.machine.do_unseen(Tick(GRACE_SECONDS))
    call.machine.do(StopContainer(container.key, 0 if heeds else KILLED))


def kill(call: Call) -> int:
    return _each(call, _kill)


def _kill(call: Call, container: Container) -> None:
    if container.state != "running":
        raise DaemonError(f"cannot kill container: {container.name}: container {container.id} is not running")
    call.machine.do(StopContainer(container.key, KILLED))


def restart(call: Call) -> int:
    def change(call: Call, container: Container) -> None:
        _stop(call, container)
        _start(call, lookups.container(call.world, container.id))

    return _each(call, change)


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
    if "force" not in call:
        call.print("WARNING! This will remove all stopped containers.")
        call.write("Are you sure you want to continue? [y/N] ")
        answer = call.process.stdin.read(8, call.machine.ports.read).decode("utf-8", "replace")
        if answer.strip().lower() not in ("y", "yes"):
            call.print()
            return 0
    gone = [container for container in call.world.containers if container.state != "running"]
    if gone:
        call.print("Deleted Containers:")
    freed = 0
    for container in gone:
        freed += sizes.size_of_container(container)
        call.print(container.id)
        call.machine.do(RemoveContainer(container.key))
    call.write("\n" * bool(gone) + f"Total reclaimed space: {size(freed, 4)}\n")
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
)
