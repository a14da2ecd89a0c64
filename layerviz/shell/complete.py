"""What Tab offers at a prompt: commands, flags, images, containers, paths here and inside containers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from layerviz.engine import find
from layerviz.engine.actions import Target
from layerviz.engine.entry import Kind
from layerviz.engine.world import World
from layerviz.shell import catalogue
from layerviz.shell.builtins import BUILTINS
from layerviz.shell.docker import command
from layerviz.shell.docker.calls import DockerCommand
from layerviz.shell.files import Files, PathError, join
from layerviz.shell.grammar import Parser
from layerviz.shell.launch import existing
from layerviz.shell.machine import Machine
from layerviz.shell.run import PROGRAMS
from layerviz.shell.syntax import ShellSyntaxError

SEPARATORS = ("&&", "||", ";", "|", "(", "&")
TAKES_IMAGES = frozenset(("run", "create", "rmi", "history", "tag", "save", "image inspect", "images"))
TAKES_CONTAINERS = frozenset(
    ("exec", "rm", "stop", "start", "restart", "kill", "diff", "commit", "cp", "container inspect")
)


@dataclass(frozen=True, slots=True)
class Completion:
    """A text that may stand in place of what lies between `start` and the cursor.

    `kind`: command, flag, image, container, directory or file. A directory ends in a slash, so that one can go on.
    """

    text: str
    start: int
    kind: str


def complete(world: World, text: str, cursor: int) -> list[Completion]:
    """What may stand at the cursor, sorted; empty where nothing is known that begins so."""
    words, current, start, is_target = _words(text[:cursor])
    found = _candidates(world, words, current, is_target=is_target)
    unique = {item: kind for item, kind in found if item.startswith(current) and item != current}
    return [Completion(_quoted(item), start, unique[item]) for item in sorted(unique)]


def _words(text: str) -> tuple[list[str], str, int, bool]:
    """The words of the command under the cursor, the one being typed and where it begins, and whether it is a file
    that a redirection names."""
    reader = Parser(text)
    words: list[str] = []
    current, start, is_target = "", len(text), False
    while True:
        before = reader.position
        reader.skip_blanks()
        if reader.at_end:
            blank = reader.position > before or not text or text[-1] in "\n;|&("
            return (words, "", len(text), is_target) if blank else (words[:-1], current, start, is_target)
        if reader.peek() == "\n":
            reader.position += 1
            words, is_target = [], False
            continue
        operator = reader.peek_operator()
        if operator:
            reader.position += len(operator)
            is_target = operator not in SEPARATORS and operator != ")"
            words = [] if operator in SEPARATORS else words
            start, current = len(text), ""
            words = [*words, ""] if is_target and reader.at_end else words
            continue
        start = reader.position
        try:
            reader.read_word()
        except (ShellSyntaxError, RecursionError):
            return words, text[start:].lstrip("'\""), start, is_target
        current = text[start : reader.position].replace("\\ ", " ")
        was_target, is_target = is_target, is_target and reader.at_end
        words = words if was_target and not reader.at_end else [*words, current]


def _candidates(world: World, words: list[str], current: str, *, is_target: bool) -> Iterable[tuple[str, str]]:
    machine = Machine(world, programs=PROGRAMS)
    if is_target:
        return _paths(machine, "host", world.cwd, current)
    if not words:
        names = [(name, "command") for name in (*existing(machine, "host"), *BUILTINS) if name not in (":", ".")]
        return _paths(machine, "host", world.cwd, current) if "/" in current else names
    if words[0] == "docker":
        return _docker(machine, words[1:], current)
    return _paths(machine, "host", world.cwd, current)


def _docker(machine: Machine, words: list[str], current: str) -> Iterable[tuple[str, str]]:
    if not words:
        firsts = {name.split()[0] for name in command.BY_NAME}
        return [(name, "command") for name in firsts]
    name = words[0]
    rest = words[1:]
    if name in command.GROUPS:
        if not rest:
            return [(known.split()[1], "command") for known in command.BY_NAME if known.startswith(f"{name} ")]
        name, rest = f"{name} {rest[0]}", rest[1:]
    found = command.BY_NAME.get(name)
    if found is None:
        return []
    arguments, awaits_value = _arguments(found, rest)
    if awaits_value:
        return (
            _paths(machine, "host", machine.world.cwd, current) if awaits_value in ("file", "output", "input") else []
        )
    if current.startswith("-") and not (found.stops_at_argument and arguments):
        return [(f"--{flag.name}", "flag") for flag in found.flags]
    return _docker_arguments(machine, found, arguments, current)


def _arguments(found: DockerCommand, words: list[str]) -> tuple[list[str], str]:
    """The arguments typed so far, and the flag that still waits for its value."""
    arguments: list[str] = []
    waiting = ""
    for word in words:
        if waiting:
            waiting = ""
            continue
        if word.startswith("-") and not (found.stops_at_argument and arguments):
            letters = word.lstrip("-")
            flag = found.flag(letters if word.startswith("--") else letters[-1:])
            waiting = flag.name if flag is not None and flag.value and "=" not in word else ""
            continue
        arguments.append(word)
    return arguments, waiting


def _docker_arguments(
    machine: Machine, found: DockerCommand, arguments: list[str], current: str
) -> Iterable[tuple[str, str]]:
    world = machine.world
    names = set(found.names)
    images = [(find.short_ref(ref), "image") for ref, _ in world.tags]
    containers = [(container.name, "container") for container in world.containers]
    offered = [(find.short_ref(name), "image") for name in catalogue.offers()]
    if "pull" in names:
        return offered
    if "build" in names:
        return _paths(machine, "host", world.cwd, current)
    if "cp" in names:
        return [*_container_paths(machine, current), *_paths(machine, "host", world.cwd, current)]
    if found.stops_at_argument and arguments:
        return _inside(machine, arguments, current, is_exec="exec" in names)
    if names & {"run", "create"}:
        return [*images, *offered]
    if "inspect" in names:
        return [*images, *containers]
    if names & TAKES_IMAGES:
        return images
    return containers if names & TAKES_CONTAINERS else []


def _inside(machine: Machine, arguments: list[str], current: str, *, is_exec: bool) -> Iterable[tuple[str, str]]:
    """What may be typed for a program in a container: its programs first, then its paths."""
    container = find.container_by_name(machine.world, arguments[0]) if is_exec else None
    if container is None:
        return []
    if len(arguments) == 1 and not current.startswith("/"):
        return [(name, "command") for name in existing(machine, container.key) if name != "cd"]
    cwd = container.working_dir or container.image.config.working_dir or "/"
    return _paths(machine, container.key, cwd, current)


def _container_paths(machine: Machine, current: str) -> Iterable[tuple[str, str]]:
    name, colon, path = current.partition(":")
    if not colon:
        return [(f"{container.name}:", "container") for container in machine.world.containers]
    container = find.container_by_name(machine.world, name)
    if container is None:
        return []
    return [(f"{name}:{item}", kind) for item, kind in _paths(machine, container.key, "/", path)]


def _paths(machine: Machine, target: Target, cwd: str, current: str) -> list[tuple[str, str]]:
    folder, slash, name = current.rpartition("/")
    files = Files(machine, target)
    try:
        directory = files.resolve(join(cwd, folder + slash or "."))
        children = files.children(directory)
    except PathError:
        return []
    found: list[tuple[str, str]] = []
    for child in children:
        if child.name.startswith(".") and not name.startswith("."):
            continue
        is_directory = child.kind is Kind.DIR or (child.kind is Kind.SYMLINK and files.is_directory(child.path))
        found.append((f"{folder}{slash}{child.name}" + "/" * is_directory, "directory" if is_directory else "file"))
    return found


def _quoted(text: str) -> str:
    return text.replace(" ", "\\ ")
