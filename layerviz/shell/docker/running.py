"""docker run, create and exec (docker/cli container/{run,create,exec}.go)."""

from __future__ import annotations

from dataclasses import replace

from layerviz.engine import find, merge
from layerviz.engine.actions import CreateContainer, KeepLog, Mkdir, RemoveContainer, StartContainer, StopContainer
from layerviz.engine.content import EMPTY, Content
from layerviz.engine.errors import AmbiguousId
from layerviz.engine.world import Container, Image, World
from layerviz.shell import references
from layerviz.shell.docker import assembling, lookups, programs, pulling
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag, without_effect
from layerviz.shell.docker.programs import Streams
from layerviz.shell.files import Files
from layerviz.shell.launch import is_lent, is_unknown
from layerviz.shell.names import is_valid_name
from layerviz.shell.process import StillRunning
from layerviz.shell.references import BadReference
from layerviz.shell.streams import Logged, Stream

RUN_HELP = "\nRun 'docker run --help' for more information"


class _RunFailed(Exception):
    """`docker run` itself failed; the message is without `docker: `."""

    def __init__(self, message: str, status: int, daemon: DaemonError | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.daemon = daemon


def run(call: Call) -> int:
    try:
        container = _created(call)
    except _RunFailed as failure:
        return _say_run_failed(call, failure)
    except DaemonError as error:
        return _say_run_failed(call, _RunFailed(str(error), 125, error))
    detached = "detach" in call
    if detached:
        call.print(container.id)
    problem = _start_problem(call, container)
    if problem is not None:
        # A container whose program cannot be started stays as it was created, unless --rm takes it away.
        if "rm" in call:
            call.machine.do(RemoveContainer(container.key))
        return _say_run_failed(call, problem)
    status = start(call, container, detached=detached)
    if "rm" in call and _state(call, container.key) == "exited":
        call.machine.do(RemoveContainer(container.key))
    return status


def _state(call: Call, key: int) -> str:
    found = find.container_by_key(call.world, key)
    return found.state if found is not None else ""


def create(call: Call) -> int:
    try:
        container = _created(call)
    except _RunFailed as failure:
        call.complain(str(failure))
        return 1
    call.print(container.id)
    return 0


def _say_run_failed(call: Call, failure: _RunFailed) -> int:
    call.complain(f"docker: {failure}\n{RUN_HELP}")
    if failure.daemon is not None:
        failure.daemon.show_hint(call)
    elif "reference format" in str(failure):
        call.hint("reference")
    return failure.status


def _created(call: Call) -> Container:
    """The new container of `docker run` and `docker create`; a missing image is pulled."""
    name, *arguments = call.arguments
    image = _image(call, name)
    config = image.config
    entrypoint = config.entrypoint or ()
    command = tuple(arguments) or config.cmd or ()
    if "entrypoint" in call.values:
        entrypoint = tuple(filter(None, (call.value("entrypoint"),)))
        command = tuple(arguments)
    whole = (*entrypoint, *command)
    container_name = call.value("name").lstrip("/")
    if container_name and not is_valid_name(container_name):
        text = f"Invalid container name ({container_name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
        raise DaemonError(text, "container_name")
    if not whole and image.layers and _has_shell(image):
        raise DaemonError("no command specified")
    outcome = call.machine.do(
        CreateContainer(
            image.key,
            name,
            container_name,
            whole,
            env=_environment(call),
            working_dir=call.value("workdir"),
            stdin_open="interactive" in call,
        )
    )
    if outcome.error:
        text = name_taken(call.world, container_name)
        raise DaemonError(text, "other_name", (("name", container_name),))
    if not whole and not is_unknown(call.machine, outcome.world.containers[-1].key):
        call.hint("no_command", image=name, docker="no command specified")
    return outcome.world.containers[-1]


def name_taken(world: World, name: str) -> str:
    """The engine's words for a name that another container has."""
    other = next(one for one in world.containers if one.name == name)
    return (
        f'Conflict. The container name "/{name}" is already in use by container "{other.id}". '
        "You have to remove (or rename) that container to be able to reuse that name."
    )


def _has_shell(image: Image) -> bool:
    return bool(merge.versions(image.layers, "/bin/sh")) or any(layer.is_quoted for layer in image.layers)


def _environment(call: Call) -> tuple[tuple[str, str], ...]:
    pairs = (text.partition("=") for text in call.values.get("env", ()))
    return tuple((name, value if equals else call.process.environment.get(name, "")) for name, equals, value in pairs)


def _image(call: Call, name: str) -> Image:
    try:
        found = find.image_by_ref(call.world, name)
    except AmbiguousId as error:
        raise DaemonError(error.what) from error
    if found is not None:
        return found
    try:
        reference = references.parse(name)
    except BadReference as error:
        raise _RunFailed(str(error), 125) from error
    if call.value("pull") == "never":
        raise lookups.no_such_image(call.world, reference.ref)
    call.process.stderr.write(f"Unable to find image '{reference.ref}' locally\n")
    pulling.pull_image(call.machine, reference, Stream() if "quiet" in call else call.process.stderr)
    return lookups.image(call.world, name)


def _start_problem(call: Call, container: Container) -> _RunFailed | None:
    if is_unknown(call.machine, container.key) or not container.command:
        return None
    problem = programs.problem(call.machine, container, container.command[0])
    if problem is None:
        return None
    programs.show_programs(call.machine, container)
    return _RunFailed(f"Error response from daemon: {problem.message}", problem.status)


def start(call: Call, container: Container, *, detached: bool) -> int:
    """Starts a container whose program can be run, and runs it as far as it goes.

    The status is the program's; 0 where it goes on running. Of a quoted image the programs are not known: it just runs.
    """
    machine = call.machine
    machine.do(StartContainer(container.key))
    _make_working_dir(call, container)
    if is_unknown(machine, container.key) or not container.command:
        if not detached:
            call.hint(
                "unknown_files" if container.command and call.arguments[1:] else "foreground", image=container.image_ref
            )
        return 0
    programs.note_lent(machine, container, container.command[0])
    hidden = Stream()
    log: list[tuple[int, Content]] = []
    streams = Streams(
        Logged(hidden if detached else call.process.stdout, 1, log),
        Logged(hidden if detached else call.process.stderr, 2, log),
        call.process.stdin if container.stdin_open and not detached else EMPTY,
        waits=container.stdin_open and detached,
    )
    try:
        status = programs.execute(machine, container, container.command, streams, detached_main=detached)
    except StillRunning:
        if not detached:
            call.hint("foreground")
        return 0
    finally:
        if log:
            machine.do_unseen(KeepLog(container.key, tuple(log)))
    if is_lent(machine, container.key) and detached and _is_shell(container):
        return 0
    if not detached and container.stdin_open and _is_shell(container) and not call.process.stdin.size_bytes:
        call.hint("interactive")
    machine.do(StopContainer(container.key, status))
    return 0 if detached else status


def _is_shell(container: Container) -> bool:
    return len(container.command) == 1 and container.command[0].rsplit("/", 1)[-1] in ("sh", "bash", "ash")


def _make_working_dir(call: Call, container: Container) -> None:
    """The engine makes the working directory where it is missing (moby daemon/container, SetupWorkingDirectory)."""
    if is_unknown(call.machine, container.key):  # whether it is missing is not known either; real redis has its /data
        return
    path = assembling.normal("/", programs.working_dir(container))
    files = Files(call.machine, container.key)
    parts = path.strip("/").split("/")
    for count in range(1, len(parts) + 1):
        so_far = "/" + "/".join(parts[:count])
        if path != "/" and files.find(so_far) is None:
            call.machine.do(Mkdir(container.key, so_far))


def execute(call: Call) -> int:
    name, *command = call.arguments
    container = lookups.container(call.world, name)
    if container.state != "running":
        raise DaemonError(f"container {container.id} is not running", "start_first", (("name", container.name),))
    if is_unknown(call.machine, container.key):
        call.hint("unknown_files", image=container.image_ref)
        return 126
    cwd = assembling.normal(programs.working_dir(container), call.value("workdir")) if "workdir" in call.values else ""
    if cwd and not Files(call.machine, container.key).is_directory(cwd):
        reason = f'chdir to cwd ("{cwd}") set in config.json failed: no such file or directory: unknown'
        call.print(f"{programs.EXEC_FAILED}unable to start container process: {reason}")
        return 127
    problem = programs.problem(call.machine, container, command[0], cwd)
    if problem is not None:
        # This one line docker writes to stdout (moby daemon/exec.go).
        call.print(programs.EXEC_FAILED + problem.reason)
        programs.show_programs(call.machine, container)
        return problem.status
    detached = "detach" in call
    hidden = Stream()
    streams = Streams(
        hidden if detached else call.process.stdout,
        hidden if detached else call.process.stderr,
        call.process.stdin if "interactive" in call else EMPTY,
    )
    try:
        status = programs.execute(
            call.machine, container, tuple(command), streams, extra=call.values.get("env", ()), cwd=cwd
        )
    except StillRunning:
        if not detached:
            call.hint("foreground")
        return 0
    is_shell = _is_shell(replace(container, command=tuple(command)))
    if "interactive" in call and is_shell and not call.process.stdin.size_bytes:
        call.hint("interactive")
    return 0 if detached else status


PROGRAM_FLAGS = (
    Flag("detach", "Run in the background", "d"),
    Flag("env", "Set environment variables", "e", "list"),
    Flag("interactive", "Keep STDIN open even if not attached", "i"),
    Flag("tty", "Allocate a pseudo-TTY", "t"),
    Flag("workdir", "Working directory inside the container", "w", "string"),
)
CONTAINER_FLAGS = (
    Flag("entrypoint", "Overwrite the default ENTRYPOINT of the image", value="string"),
    Flag("env", "Set environment variables", "e", "list"),
    Flag("interactive", "Keep STDIN open even if not attached", "i"),
    Flag("name", "Assign a name to the container", value="string"),
    Flag("pull", 'Pull image before running ("always", "missing", "never") (default "missing")', value="string"),
    Flag("quiet", "Suppress the pull output", "q"),
    Flag("rm", "Automatically remove the container and its associated anonymous volumes when it exits"),
    Flag("tty", "Allocate a pseudo-TTY", "t"),
    Flag("workdir", "Working directory inside the container", "w", "string"),
    *without_effect(
        "disable-content-trust init no-healthcheck oom-kill-disable privileged publish-all read-only sig-proxy",
        "add-host annotation attach blkio-weight cap-add cap-drop cgroup-parent cgroupns cidfile cpu-period cpu-quota "
        "cpu-shares cpus cpuset-cpus cpuset-mems device dns dns-option dns-search domainname env-file expose gpus "
        "group-add health-cmd health-interval health-retries health-start-period health-timeout hostname ip ip6 ipc "
        "label label-file link log-driver log-opt mac-address memory memory-reservation memory-swap mount network "
        "network-alias oom-score-adj pid pids-limit platform publish restart runtime security-opt shm-size stop-signal "
        "stop-timeout storage-opt sysctl tmpfs ulimit user userns uts volume volume-driver volumes-from",
        "a=attach c=cpu-shares h=hostname l=label m=memory p=publish P=publish-all u=user v=volume",
    ),
)
COMMANDS = (
    DockerCommand(
        ("run", "container run"),
        "run [OPTIONS] IMAGE [COMMAND] [ARG...]",
        "Create and run a new container from an image",
        run,
        (Flag("detach", "Run container in background and print container ID", "d"), *CONTAINER_FLAGS),
        least=1,
        most=None,
        stops_at_argument=True,
    ),
    DockerCommand(
        ("create", "container create"),
        "create [OPTIONS] IMAGE [COMMAND] [ARG...]",
        "Create a new container",
        create,
        CONTAINER_FLAGS,
        least=1,
        most=None,
        stops_at_argument=True,
    ),
    DockerCommand(
        ("exec", "container exec"),
        "exec [OPTIONS] CONTAINER COMMAND [ARG...]",
        "Execute a command in a running container",
        execute,
        (*PROGRAM_FLAGS, *without_effect("privileged", "detach-keys env-file user", "u=user")),
        least=2,
        most=None,
        stops_at_argument=True,
    ),
)
