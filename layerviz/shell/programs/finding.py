"""find: names below directories that fit an expression (POSIX.1-2017, XCU find; GNU findutils 4.9)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from layerviz.engine.actions import List, Rmdir, Unlink
from layerviz.engine.entry import Entry, Kind
from layerviz.shell import patterns
from layerviz.shell.files import PathError, strerror
from layerviz.shell.process import Process, Program
from layerviz.shell.programs.launching import start

FIND_USAGE = "find [-HL] [PATH]... [OPTIONS] [ACTIONS]"
TYPE_LETTERS = {Kind.DIR: "d", Kind.SYMLINK: "l", Kind.CHAR: "c", Kind.BLOCK: "b", Kind.FIFO: "p"}
UNITS = {"": 512, "b": 512, "c": 1, "w": 2, "k": 1 << 10, "M": 1 << 20, "G": 1 << 30}
WITH_VALUE = frozenset(
    ("-name", "-iname", "-path", "-type", "-size", "-newer", "-perm", "-maxdepth", "-mindepth", "-user", "-group")
)
ACTIONS = frozenset(("-print", "-print0", "-delete", "-exec"))


@dataclass(frozen=True, slots=True)
class _Place:
    """A name as it is printed, and what it is."""

    name: str
    entry: Entry


_Test = Callable[[_Place], bool]


class _Wrong(Exception):
    """An expression that cannot be read."""


@dataclass(slots=True)
class _Search:
    process: Process
    words: list[str]
    least: int = 0
    most: int = 1 << 30
    acts: bool = False
    depth_first: bool = False
    batches: list[tuple[list[str], list[str]]] = field(default_factory=list)
    """Commands of `-exec … +`, each with the names gathered for it."""
    status: int = 0
    pruned: bool = False
    """`-prune` held for the name that is looked at: nothing below it is."""

    def expression(self) -> _Test:
        test = self._both()
        while self.words and self.words[0] in ("-o", "-or"):
            self.words.pop(0)
            left, right = test, self._both()
            test = _either(left, right)
        return test

    def _both(self) -> _Test:
        test = self._one()
        while self.words and self.words[0] not in ("-o", "-or", ")"):
            if self.words[0] in ("-a", "-and"):
                self.words.pop(0)
            left, right = test, self._one()
            test = _and(left, right)
        return test

    def _one(self) -> _Test:
        if not self.words:
            raise _Wrong("expected an expression")
        word = self.words.pop(0)
        if word in ("!", "-not"):
            inner = self._one()
            return lambda place: not inner(place)
        if word == "(":
            inner = self.expression()
            if not self.words or self.words.pop(0) != ")":
                raise _Wrong("invalid expression; I was expecting to find a ')' somewhere but did not see one.")
            return inner
        if word in ACTIONS:
            self.acts = True
            return self._action(word)
        if word == "-empty":
            return self._is_empty
        if word == "-prune":
            return self._prune
        if word == "-depth":
            self.depth_first = True
            return _always
        if word not in WITH_VALUE:
            raise _Wrong(f"unrecognized: {word}" if self.process.busybox else f"unknown predicate `{word}'")
        if not self.words:
            raise _Wrong(f"missing argument to `{word}'")
        return self._with_value(word, self.words.pop(0))

    def _with_value(self, word: str, value: str) -> _Test:
        if word in ("-maxdepth", "-mindepth"):
            if not value.isdigit():
                raise _Wrong(f"Expected a positive decimal integer argument to {word}, but got ‘{value}’")
            if word == "-maxdepth":
                self.most = int(value)
            else:
                self.least = int(value)
            return _always
        if word == "-type":
            if not re.fullmatch(r"[bcdpfls](,[bcdpfls])*", value):
                raise _Wrong(f"Unknown argument to -type: {value[:1]}")
            return lambda place: TYPE_LETTERS.get(place.entry.kind, "f") in value.split(",")
        if word == "-name":
            return lambda place: patterns.matches(value, _base(place.name))
        if word == "-iname":
            return lambda place: patterns.matches(value.lower(), _base(place.name).lower())
        if word == "-path":
            return lambda place: patterns.matches(value, place.name)
        if word in ("-user", "-group"):
            return lambda place: (
                value in ("root", "0") and not (place.entry.uid if word == "-user" else place.entry.gid)
            )
        if word == "-newer":
            other = self.process.files.find(self.process.path(value))
            if other is None:
                raise _Wrong(f"'{value}': No such file or directory")
            return lambda place: place.entry.mtime_ns > other.mtime_ns
        return _size(value) if word == "-size" else _mode(value)

    def _action(self, word: str) -> _Test:
        if word == "-delete":
            self.depth_first = True
            return self._delete
        if word != "-exec":
            end = "\n" if word == "-print" else "\0"
            return lambda place: self._print(place.name + end)
        ends = [at for at, one in enumerate(self.words) if one == ";" or (one == "+" and self.words[at - 1] == "{}")]
        if not ends or not self.words[: ends[0]]:
            raise _Wrong("missing argument to `-exec'")
        command, sign = self.words[: ends[0]], self.words[ends[0]]
        del self.words[: ends[0] + 1]
        if sign == "+":
            names: list[str] = []
            self.batches.append((command[:-1], names))
            return lambda place: _gathered(names, place)
        return lambda place: start(self.process, tuple(one.replace("{}", place.name) for one in command)) == 0

    def _print(self, text: str) -> bool:
        self.process.stdout.write(text)
        return True

    def _prune(self, place: _Place) -> bool:
        del place
        self.pruned = True
        return True

    def _delete(self, place: _Place) -> bool:
        if place.name == ".":
            return True
        path = self.process.files.resolve(self.process.path(place.name), follow=False)
        action = Rmdir if place.entry.kind is Kind.DIR else Unlink
        error = self.process.machine.do(action(self.process.target, path)).error
        if error:
            self.process.complain(f"cannot delete '{place.name}': {strerror(error)}")
            self.status = 1
        return not error

    def _is_empty(self, place: _Place) -> bool:
        if place.entry.kind is Kind.DIR:
            return not self.process.files.children(place.entry.path)
        return place.entry.kind is Kind.FILE and not place.entry.size_bytes

    def below(self, top: _Place, test: _Test) -> None:
        """Looks at `top` and all below it; a stack of its own, for a tree may be deeper than Python's calls can be."""
        waiting = [(top, iter(self._entered(top, test, 0)))]
        while waiting:
            place, inside = waiting[-1]
            child = next(inside, None)
            if child is not None:
                waiting.append((child, iter(self._entered(child, test, len(waiting)))))
                continue
            waiting.pop()
            if self.depth_first and len(waiting) >= self.least:
                test(place)

    def _entered(self, place: _Place, test: _Test, depth: int) -> list[_Place]:
        """Looks at a place, and tells what of it is to be looked at next."""
        self.pruned = False
        if depth >= self.least and not self.depth_first:
            test(place)
        if place.entry.kind is not Kind.DIR or depth >= self.most or (self.pruned and not self.depth_first):
            return []
        self.process.machine.do(List(self.process.target, place.entry.path))
        start = place.name.rstrip("/")
        return [_Place(f"{start}/{child.name}", child) for child in self.process.files.children(place.entry.path)]


def find(process: Process) -> int:
    """`find [path…] [expression]`; without an action what fits is printed."""
    words = list(process.operands)
    starts: list[str] = []
    while words and words[0] in ("-H", "-L", "-P"):
        words.pop(0)
    while words and not words[0].startswith(("-", "(", "!")):
        starts.append(words.pop(0))
    search = _Search(process, words)
    try:
        test = search.expression() if words else _always
        if search.words:
            raise _Wrong(f"paths must precede expression: `{search.words[0]}'")
    except _Wrong as error:
        process.complain(str(error))
        return 1
    if not search.acts:
        fits = test
        test = _and(fits, lambda place: search._print(f"{place.name}\n"))
    for name in starts or ["."]:
        try:
            entry = process.stat(name, follow=False)
        except PathError as error:
            quoted = name if process.busybox else f"'{name}'"
            process.complain(f"{quoted}: {strerror(error.errno)}")
            search.status = 1
            continue
        search.below(_Place(name, entry), test)
    for command, names in search.batches:
        if names and start(process, (*command, *names)):
            search.status = 1
    return search.status


def _always(place: _Place) -> bool:
    del place
    return True


def _gathered(names: list[str], place: _Place) -> bool:
    names.append(place.name)
    return True


def _either(left: _Test, right: _Test) -> _Test:
    return lambda place: left(place) or right(place)


def _and(left: _Test, right: _Test) -> _Test:
    return lambda place: left(place) and right(place)


def _base(name: str) -> str:
    return name.rstrip("/").rsplit("/", 1)[-1] or "/"


def _size(value: str) -> _Test:
    """`-size +10k`: sizes are rounded up to whole units."""
    match = re.fullmatch(r"([-+]?)(\d+)([bcwkMG]?)", value)
    if match is None:
        raise _Wrong(f"Invalid argument `{value}' to -size")
    sign, number, unit = match[1], int(match[2]), UNITS[match[3]]

    def fits(place: _Place) -> bool:
        entry = place.entry
        size = len(entry.linkname.encode()) if entry.kind is Kind.SYMLINK else entry.size_bytes
        size = 4096 if entry.kind is Kind.DIR else size
        units = -(-size // unit)
        return units > number if sign == "+" else units < number if sign == "-" else units == number

    return fits


def _mode(value: str) -> _Test:
    match = re.fullmatch(r"([-/]?)([0-7]{1,4})", value)
    if match is None:
        raise _Wrong(f"invalid mode ‘{value}’")
    sign, mode = match[1], int(match[2], 8)
    if sign == "-":
        return lambda place: place.entry.mode & mode == mode
    if sign == "/":
        return lambda place: bool(place.entry.mode & mode) or not mode
    return lambda place: place.entry.mode == mode


PROGRAMS = {"find": Program(find, FIND_USAGE)}
