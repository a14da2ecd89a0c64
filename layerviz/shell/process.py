"""A running program: its arguments, its directory and descriptors, and how it reads options and says no."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from layerviz.engine.actions import Outcome, Read, Target
from layerviz.engine.content import EMPTY, Content, Range, Repeat
from layerviz.engine.entry import Entry, Kind
from layerviz.shell.files import Files, PathError, join
from layerviz.shell.machine import Machine
from layerviz.shell.streams import Stream

ENDLESS_BYTES = 1 << 62
DIRECTORY = Content((Range("a directory", 0, 0),))
"""What standard input is behind `< directory`: it can be opened, and then be read by nobody."""
Manners = Literal["coreutils", "busybox"]


@dataclass(slots=True)
class Process:
    """One program at work on the host or in a container. `manners`: whose messages it speaks."""

    machine: Machine
    target: Target
    arguments: tuple[str, ...]
    environment: dict[str, str]
    cwd: str
    manners: Manners
    stdin: Content = EMPTY
    stdout: Stream = field(default_factory=Stream)
    stderr: Stream = field(default_factory=Stream)
    waits_for_input: bool = False
    """Standard input is a terminal that nobody types at: a program that reads it waits there for ever."""
    is_main_and_detached: bool = False
    """The first process of a container that nobody watches: what it waits for does not hold up anybody."""
    builtin_of: str = ""
    """The kind of the shell whose own command this is (echo, printf, test): theirs differ."""
    builtin_prefix: str = ""
    """What such a shell puts before the name in its messages: "sh: 1: "."""

    @property
    def name(self) -> str:
        """The name the program was called by, without a path."""
        return self.arguments[0].rsplit("/", 1)[-1]

    @property
    def operands(self) -> tuple[str, ...]:
        return self.arguments[1:]

    @property
    def files(self) -> Files:
        return Files(self.machine, self.target)

    @property
    def busybox(self) -> bool:
        return self.manners == "busybox"

    def path(self, text: str) -> str:
        """The absolute path of what the user typed; a slash at the end stays, it asks for a directory."""
        path = join(self.cwd, text)
        return path + "/" if text.endswith("/") and path != "/" else path

    def print(self, text: str) -> None:
        self.stdout.write(text + "\n")

    def complain(self, text: str) -> None:
        """A message on stderr, after the program's name."""
        self.stderr.write(f"{self.builtin_prefix}{self.name}: {text}\n")

    def read(self, text: str) -> Content:
        """The content of the file typed as `text`, "-" for standard input. Raises `PathError`."""
        if text == "-":
            if self.stdin == DIRECTORY:
                raise PathError("EISDIR")
            return self.stdin
        path = self.path(text)
        device = device_content(path)
        if device is not None:
            return device
        resolved = self.resolve(text)
        entry = self.files.at(resolved)
        if entry is not None and entry.kind is Kind.DIR:
            raise PathError("EISDIR")
        outcome = self.machine.do(Read(self.target, resolved))
        if outcome.error:
            raise PathError(outcome.error)
        if entry is None:
            raise PathError("ENOENT")
        return entry.content

    def resolve(self, text: str, *, follow: bool = True, missing_ok: bool = False) -> str:
        """The path of what the user typed, symlinks followed. A failed look-up is kept as a moment."""
        path = self.path(text)
        try:
            return self.files.resolve(path, follow=follow, missing_ok=missing_ok)
        except PathError as error:
            if error.errno == "ENOENT" and not missing_ok:
                self._look_for(path)
            raise

    def _look_for(self, path: str) -> None:
        """The search for a name that does not exist goes through all layers: worth seeing."""
        parent, _, name = path.rstrip("/").rpartition("/")
        try:
            directory = self.files.resolve(parent or "/")
        except PathError:
            return
        self.machine.do(Read(self.target, f"{directory.rstrip('/')}/{name}"))

    def stat(self, text: str, *, follow: bool = True) -> Entry:
        entry = self.files.at(self.resolve(text, follow=follow))
        if entry is None:
            raise PathError("ENOENT")
        return entry

    def is_directory(self, text: str) -> bool:
        return self.files.is_directory(self.path(text))

    def is_link(self, text: str) -> bool:
        entry = self.files.find(self.path(text), follow=False)
        return entry is not None and entry.kind is Kind.SYMLINK


def checked(outcome: Outcome) -> None:
    """Raises `PathError` for an action that could not be done."""
    if outcome.error:
        raise PathError(outcome.error)


def is_endless(content: Content) -> bool:
    """Whether it comes from a device that never ends: who reads all of it never gets done."""
    return content.size_bytes >= ENDLESS_BYTES


def device_content(path: str) -> Content | None:
    """What reading one of the devices of /dev gives, None for any other path."""
    if path in ("/dev/null", "/dev/tty"):
        return EMPTY
    if path in ("/dev/zero", "/dev/full"):
        return Content((Repeat(b"\0", ENDLESS_BYTES),))
    if path in ("/dev/random", "/dev/urandom"):
        return Content((Repeat(_noise(), ENDLESS_BYTES),))
    return None


def _noise() -> bytes:
    """Bytes that look random and are the same every time."""
    state = 0x2545F491
    found = bytearray()
    for _ in range(4093):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        found.append(state >> 16 & 0xFF)
    return bytes(found)


Run = Callable[[Process], int]


@dataclass(frozen=True, slots=True)
class Program:
    """A program that can be run here. `usage` is its busybox usage line, without "Usage: "."""

    run: Run
    usage: str


class UsageError(Exception):
    """A wrong call; the text is the program's message without its name."""

    def __init__(self, message: str, *, option: str = "") -> None:
        super().__init__(message)
        self.option = option


@dataclass(frozen=True, slots=True)
class Options:
    """The options and operands of a call: those without a value, and of those that take one all that were given."""

    flags: frozenset[str]
    every: Mapping[str, Sequence[str]]
    operands: tuple[str, ...]

    @property
    def values(self) -> dict[str, str]:
        """Of several values the last."""
        return {name: given[-1] for name, given in self.every.items()}

    def __contains__(self, name: str) -> bool:
        return name in self.flags or name in self.every


def options_of(
    process: Process,
    short: str,
    long: Mapping[str, str] | None = None,
    *,
    permute: bool = True,
) -> Options:
    """Reads options as getopt_long does. `short` is getopt's string ("ab:c"), `long` maps names to short letters.

    Raises `UsageError` for an unknown option.
    """
    with_value = {letter for letter, following in zip(short, short[1:] + " ", strict=True) if following == ":"}
    known = {letter for letter in short if letter != ":"}
    flags: set[str] = set()
    values: dict[str, list[str]] = {}
    operands: list[str] = []
    rest = list(process.operands)
    while rest:
        word = rest.pop(0)
        if word == "--":
            operands += rest
            break
        if word.startswith("--"):
            _read_long(word[2:], long or {}, with_value, rest, flags, values)
        elif word.startswith("-") and len(word) > 1:
            _read_short(word[1:], known, with_value, rest, flags, values)
        else:
            operands.append(word)
            if not permute:
                operands += rest
                break
    return Options(frozenset(flags), values, tuple(operands))


def _read_short(
    letters: str, known: set[str], with_value: set[str], rest: list[str], flags: set[str], values: dict[str, list[str]]
) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter not in known:
            raise UsageError(f"invalid option -- '{letter}'", option=letter)
        if letter in with_value:
            if not letters and not rest:
                raise UsageError(f"option requires an argument -- '{letter}'", option=letter)
            values.setdefault(letter, []).append(letters or rest.pop(0))
            return
        flags.add(letter)


def _read_long(
    word: str,
    long: Mapping[str, str],
    with_value: set[str],
    rest: list[str],
    flags: set[str],
    values: dict[str, list[str]],
) -> None:
    name, equals, value = word.partition("=")
    matching = [option for option in long if option.startswith(name)]
    if name in long:
        matching = [name]
    if len(matching) != 1:
        raise UsageError(f"unrecognized option '--{name}'", option=f"-{name}")
    letter = long[matching[0]]
    if letter not in with_value:
        flags.add(letter)
        return
    if not equals and not rest:
        raise UsageError(f"option '--{matching[0]}' requires an argument", option=f"-{name}")
    values.setdefault(letter, []).append(value if equals else rest.pop(0))


def refuse(process: Process, error: UsageError, usage: str, status: int = 1) -> int:
    """Says that the call was wrong, in the manners of coreutils or busybox."""
    if process.busybox:
        message = f"unrecognized option: {error.option}" if error.option else str(error)
        process.stderr.write(f"{process.name}: {message}\n" if error.option else "")
        process.stderr.write(f"{BUSYBOX_BANNER}\n\nUsage: {usage}\n")
        return 1
    process.stderr.write(f"{process.name}: {error}\nTry '{process.name} --help' for more information.\n")
    return status


BUSYBOX_BANNER = "BusyBox v1.32.1 () multi-call binary."


class StillRunning(Exception):
    """The program waits: for input that nobody types, or because it serves for ever. Its container goes on running."""
