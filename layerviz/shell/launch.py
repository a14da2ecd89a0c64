"""Finding a program and running it: in the container's own files, or on your computer.

The programs of the illustrative images are real files whose bytes name the program (`catalogue.program`), so copying,
linking, deleting or forbidding them has the effect it has in earnest. Where an image never had a shell of its own
(`FROM scratch`), the lab lends its programs and says so once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, cast
from weakref import WeakKeyDictionary

from layerviz.engine import merge
from layerviz.engine.actions import Target
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.world import Container, Entries
from layerviz.shell.builtins import BUILTINS
from layerviz.shell.dialect import BASH, BUSYBOX, DASH, Dialect
from layerviz.shell.files import Files, PathError, join, stack_of
from layerviz.shell.hints import hint
from layerviz.shell.interpreter import Shell
from layerviz.shell.machine import Machine
from layerviz.shell.process import Manners, Process, Program
from layerviz.shell.redirection import Descriptors

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHELL_PROGRAMS = frozenset(("echo", "printf", "test", "[", "true", "false", "kill"))
"""Programs that every shell has built in, whether or not a file of that name exists."""
NOT_ON_HOST = frozenset(("apk", "apt", "apt-get", "ash", "dpkg"))
"""Programs of the illustrative images that your computer does not have."""
_ESSENTIAL = (
    "[ basename clear cut dirname du find head id md5sum printenv printf realpath seq sha256sum sort stat tail tee "
    "test tr truncate uniq wc which whoami xargs"
)
LEFT_OUT = frozenset(_ESSENTIAL.split())
"""Programs of /usr/bin that every Debian has (its essential packages), and that our small images leave out."""
ELF = b"\x7fELF"
"""How a real program begins, in an image that was loaded from an archive."""
MARK = re.compile(rb"layerviz program ([\w.+-]+)")


@dataclass(frozen=True, slots=True)
class Found:
    """A program file: where it is, and which program or script it holds. `errno` says why there is none."""

    path: str = ""
    program: str = ""
    interpreter: tuple[str, ...] = ()
    errno: Literal["", "ENOENT", "EACCES", "EISDIR", "ENOEXEC"] = ""


def container_of(machine: Machine, target: Target) -> Container | None:
    return next((container for container in machine.world.containers if container.key == target), None)


def is_lent(machine: Machine, target: Target) -> bool:
    """Whether the lab lends its programs: the image has no shell and never had one in any of its layers."""
    container = container_of(machine, target)
    return (
        container is not None
        and not is_unknown(machine, target)
        and not merge.versions(container.image.layers, "/bin/sh")
    )


def is_unknown(machine: Machine, target: Target) -> bool:
    """Whether the files of this container's image are not known, because it is only quoted."""
    container = container_of(machine, target)
    return container is not None and any(layer.is_quoted for layer in container.image.layers)


def manners_of(machine: Machine, target: Target) -> Manners:
    """Whose messages the programs there speak: busybox's where the shell is busybox."""
    if target == "host":
        return "coreutils"

    def look(files: Files) -> Manners:
        has_busybox = files.find("/bin/busybox") is not None
        is_busybox = has_busybox or _found(files, "/bin/sh", "/", PATH).program == "busybox"
        return "busybox" if is_busybox else "coreutils"

    return _remembered(machine, target, ("manners",), look)


def dialect_of(machine: Machine, target: Target, name: str) -> Dialect:
    """The dialect of the shell that is called by `name`, which its messages begin with."""
    if manners_of(machine, target) == "busybox":
        return replace(BUSYBOX, name=name)
    return replace(BASH if name.endswith("bash") else DASH, name=name)


def find(machine: Machine, target: Target, name: str, cwd: str, path_variable: str) -> Found:
    """The program that `name` starts, looked for along `path_variable` unless it has a slash."""
    if target == "host" and "/" not in name:
        known = name in machine.programs and name not in NOT_ON_HOST
        return Found(f"/usr/bin/{name}", name) if known else Found(errno="ENOENT")
    wanted = (name, cwd, path_variable)
    return _remembered(machine, target, wanted, lambda files: _found(files, *wanted))


Sought = TypeVar("Sought")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was found, and the names in the root that were looked through for it."""

    value: object
    asked: frozenset[str]


def _remembered(machine: Machine, target: Target, wanted: tuple[str, ...], look: Callable[[Files], Sought]) -> Sought:
    """What `look` finds. Remembered as long as the container has nothing of its own where was looked, and then as long
    as nothing is written at all: a program is looked for several times for each command."""
    stack = stack_of(machine, target)
    own = stack[-1].entries
    in_image = _IN_IMAGE.setdefault(stack[-2].entries, {}) if len(stack) > 1 else {}
    known = in_image.get(wanted)
    if known is None or any(own.at(path) or own.whiteout(path) is not None for path in known.asked):
        here = _HERE.setdefault(own, {})
        known = here.get(wanted)
        if known is None:
            files = Files(machine, target, set())
            value = look(files)
            known = here[wanted] = _Answer(value, frozenset(files.asked or ()))
            if not any(own.at(path) or own.whiteout(path) is not None for path in known.asked):
                in_image[wanted] = known
    return cast("Sought", known.value)


_HERE: WeakKeyDictionary[Entries, dict[tuple[str, ...], _Answer]] = WeakKeyDictionary()
_IN_IMAGE: WeakKeyDictionary[Entries, dict[tuple[str, ...], _Answer]] = WeakKeyDictionary()
"""By the entries of a container's own layer, and of the top layer of its image, which stands on one stack only."""


def _found(files: Files, name: str, cwd: str, path_variable: str) -> Found:
    machine, target = files.machine, files.target
    lent = is_lent(machine, target)
    if "/" in name:
        found = _at(files, join(cwd, name))
        folder, _, base = name.rpartition("/")
        if found.errno == "ENOENT" and lent and base in machine.programs and folder in PATH.split(":"):
            return Found(name, base)
        return found
    denied: Found | None = None
    for folder in path_variable.split(":"):
        found = _at(files, join(cwd, f"{folder or '.'}/{name}"))
        if not found.errno:
            return found
        if found.errno == "EACCES":
            denied = denied or found
    if lent and name in machine.programs:
        return Found(f"/bin/{name}", name)
    if name in LEFT_OUT and _is_left_out(machine, target, name, files):
        return Found(f"/usr/bin/{name}", name)
    return denied or Found(errno="ENOENT")


def _is_left_out(machine: Machine, target: Target, name: str, files: Files) -> bool:
    """Whether an image of Debian's family never had a file of this program, which it has in earnest."""
    container = container_of(machine, target)
    return (
        container is not None
        and files.find("/var/lib/dpkg/status") is not None
        and not merge.versions(container.image.layers, f"/usr/bin/{name}")
    )


def _at(files: Files, path: str) -> Found:
    try:
        resolved = files.resolve(path)
    except PathError as error:
        return Found(path, errno="EACCES" if error.errno == "ENOTDIR" and files.find(path) else "ENOENT")
    entry = files.at(resolved)
    if entry is None:
        return Found(path, errno="ENOENT")
    if entry.kind is Kind.DIR:
        return Found(path, errno="EISDIR")
    if not entry.mode & 0o111:
        return Found(path, errno="EACCES")
    return _identified(files, path, entry)


def _identified(files: Files, path: str, entry: Entry) -> Found:
    beginning = entry.content.read(256, files.machine.ports.read)
    mark = MARK.search(beginning)
    if mark is not None:
        return Found(path, mark.group(1).decode())
    if beginning.startswith(b"#!"):
        words = beginning[2:].split(b"\n", 1)[0].decode("utf-8", "replace").split(maxsplit=1)
        if words:
            return Found(path, interpreter=tuple(words))
    if beginning.startswith(ELF):
        # Nothing that an image contains is ever run: the lab's own program of that name stands in for it.
        return Found(path, path.rsplit("/", 1)[-1])
    return Found(path, errno="ENOEXEC")


def where_is(shell: Shell, name: str) -> str | None:
    """The path of a program as `command -v` says it."""
    if name in BUILTINS or name in SHELL_PROGRAMS:
        return name
    found = find(shell.machine, shell.target, name, shell.cwd, shell.variables.get("PATH", PATH))
    return None if found.errno else found.path


def launch(
    shell: Shell, arguments: tuple[str, ...], assigned: dict[str, str], descriptors: Descriptors, line: int
) -> int:
    """Runs a command of a shell: a builtin or a program. 127 if there is none, 126 if it may not be run."""
    name = arguments[0]
    if name in BUILTINS:
        shell.variables.update(assigned)
        return BUILTINS[name](shell, arguments, descriptors, line)
    if name in SHELL_PROGRAMS:
        found = Found(name, name)
    else:
        found = find(shell.machine, shell.target, name, shell.cwd, shell.variables.get("PATH", PATH))
    if found.errno == "ENOEXEC":
        found = Found(found.path, interpreter=("/bin/sh",))
    if found.errno:
        return _not_run(shell, name, found, descriptors, line)
    process = Process(
        machine=shell.machine,
        target=shell.target,
        arguments=arguments,
        environment={**shell.environment, **assigned},
        cwd=shell.cwd,
        manners=manners_of(shell.machine, shell.target),
        stdin=descriptors.stdin,
        stdout=descriptors.stdout,
        stderr=descriptors.stderr,
        waits_for_input=descriptors.stdin_is_open,
        is_main_and_detached=shell.is_detached_main,
        builtin_of=shell.dialect.kind if name in SHELL_PROGRAMS else "",
        builtin_prefix=shell.dialect.prefix(line) if name in SHELL_PROGRAMS else "",
    )
    return run(process, found)


def run(process: Process, found: Found) -> int:
    """Runs a program that was found; a script is handed to its interpreter."""
    if found.interpreter:
        return _run_script(process, found)
    known = _program(found.program, process)
    if known is None:
        hint(process.machine, "illustrative", program=process.name)
        return 126
    return known.run(process)


def _program(name: str, process: Process) -> Program | None:
    if name == "busybox":
        # busybox is one file that does what it is called by; called "busybox", what its first argument says.
        if process.name == "busybox" and len(process.arguments) > 1:
            process.arguments = process.arguments[1:]
        name = process.name
    return process.machine.programs.get({"dash": "sh"}.get(name, name))


def _run_script(process: Process, found: Found) -> int:
    interpreter = find(process.machine, process.target, found.interpreter[0], "/", PATH)
    if interpreter.errno or interpreter.interpreter:
        process.stderr.write(
            f"{process.arguments[0]}: {found.interpreter[0]}: bad interpreter: No such file or directory\n"
        )
        return 127 if interpreter.errno == "ENOENT" else 126
    arguments = (*found.interpreter, found.path, *process.operands)
    inner = replace(process, arguments=arguments)
    return run(inner, interpreter)


def _not_run(shell: Shell, name: str, found: Found, descriptors: Descriptors, line: int) -> int:
    if found.errno == "ENOENT":
        descriptors.stderr.write(shell.dialect.not_found(line, name) + "\n")
        there = existing(shell.machine, shell.target)
        close = difflib.get_close_matches(name, there, 1, 0.7) if "/" not in name else []
        if close:
            hint(shell.machine, "did_you_mean", word=close[0])
        else:
            hint(shell.machine, "programs", programs=" ".join(there))
        return 127
    message = shell.dialect.cannot_execute(line, name, directory=found.errno == "EISDIR")
    descriptors.stderr.write(message + "\n")
    return 126


def existing(machine: Machine, target: Target) -> tuple[str, ...]:
    """The names of all programs that can be run on `target`."""
    if target == "host":
        return tuple(sorted({*machine.programs, "cd", "exit", "export"} - NOT_ON_HOST - {"["}))
    if is_lent(machine, target):
        return tuple(sorted({*machine.programs, "cd"} - NOT_ON_HOST - {"docker", "["}))
    files = Files(machine, target)
    found = {"cd"} | {name for name in LEFT_OUT if _is_left_out(machine, target, name, files)}
    for folder in PATH.split(":"):
        try:
            directory = files.resolve(folder)
        except PathError:
            continue
        for entry in files.children(directory):
            if not find(machine, target, f"{folder}/{entry.name}", "/", PATH).errno and entry.name in machine.programs:
                found.add(entry.name)
    return tuple(sorted(found - {"["}))
