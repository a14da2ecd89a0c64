"""The file system a program sees: a container's merged view, or the files of your computer."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from layerviz.engine import merge
from layerviz.engine.actions import Target
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.world import Layer
from layerviz.shell.machine import Machine

MAX_LINKS = 40
LONGEST_PATH = 4095
LONGEST_NAME = 255
"""PATH_MAX without its NUL, and NAME_MAX (linux/limits.h); here in letters."""
ROOT = Entry("/", Kind.DIR, 0o755)
ERRORS = {
    "ENOENT": "No such file or directory",
    "EEXIST": "File exists",
    "EISDIR": "Is a directory",
    "ENOTDIR": "Not a directory",
    "ENOTEMPTY": "Directory not empty",
    "EXDEV": "Invalid cross-device link",
    "EPERM": "Operation not permitted",
    "EINVAL": "Invalid argument",
    "ELOOP": "Too many levels of symbolic links",
    "EACCES": "Permission denied",
    "EBUSY": "Device or resource busy",
    "ENAMETOOLONG": "File name too long",
}


def strerror(name: str) -> str:
    return ERRORS.get(name, name)


class PathError(Exception):
    """A path that leads nowhere; `errno` is the name of the reason."""

    def __init__(self, errno: str) -> None:
        super().__init__(strerror(errno))
        self.errno = errno


def stack_of(machine: Machine, target: Target) -> tuple[Layer, ...]:
    """The layers that `target` sees, bottom first."""
    if target == "host":
        return (machine.world.host,)
    return next(container.stack for container in machine.world.containers if container.key == target)


def bare(path: str) -> str:
    """`path` without slashes at its end, the root's own aside. "" stays: it names nothing."""
    return path.rstrip("/") or path[:1]


def join(cwd: str, path: str) -> str:
    """`path` seen from `cwd`, absolute, with `.` and doubled slashes gone but `..` kept. "" stays: it names nothing."""
    if not path:
        return ""
    whole = path if path.startswith("/") else f"{cwd}/{path}"
    parts = [part for part in whole.split("/") if part not in ("", ".")]
    return "/" + "/".join(parts)


@dataclass(frozen=True, slots=True)
class Files:
    """Look-ups for programs. None of them is recorded: programs say with actions what they read."""

    machine: Machine
    target: Target
    asked: set[str] | None = None
    """Where given, the names in the root that look-ups went through or into are noted in it."""

    @property
    def stack(self) -> tuple[Layer, ...]:
        return stack_of(self.machine, self.target)

    def at(self, path: str) -> Entry | None:
        """The entry at an absolute path without symlinks in it, the last component not followed."""
        if path == "/":
            return ROOT
        self._note(path)
        found = merge.seen(self.stack, path)
        return None if found is None else found.entry

    def resolve(self, path: str, *, follow: bool = True, missing_ok: bool = False) -> str:
        """The absolute path without symlinks and `..` that `path` names. Raises `PathError`.

        `missing_ok` allows the last component not to exist. `follow` is about the last component.
        """
        if not path:
            raise PathError("ENOENT")
        if len(path) > LONGEST_PATH or any(len(part) > LONGEST_NAME for part in path.split("/")):
            raise PathError("ENAMETOOLONG")
        stack = self.stack
        if self.asked is None and merge.leads_straight(stack, path):
            found = merge.seen(stack, path)
            if found is None and not missing_ok:
                raise PathError("ENOENT")
            if found is None or not follow or found.entry.kind is not Kind.SYMLINK:
                return path
        pending = [part for part in path.split("/") if part not in ("", ".")]
        must_be_directory = path.endswith(("/", "/."))
        current = "/"
        links = 0
        while pending:
            part = pending.pop(0)
            if part == "..":
                current = posixpath.dirname(current)
                continue
            step = current.rstrip("/") + "/" + part
            self._note(step)
            found = merge.seen(stack, step)
            if found is None:
                if missing_ok and not pending:
                    return step
                raise PathError("ENOENT")
            entry = found.entry
            last = not pending
            if entry.kind is Kind.SYMLINK and (not last or follow or must_be_directory):
                links += 1
                if links > MAX_LINKS:
                    raise PathError("ELOOP")
                target = [piece for piece in entry.linkname.split("/") if piece not in ("", ".")]
                pending = target + pending
                if entry.linkname.startswith("/"):
                    current = "/"
                continue
            if (not last or must_be_directory) and entry.kind is not Kind.DIR:
                raise PathError("ENOTDIR")
            current = step
        return current

    def _note(self, path: str) -> None:
        if self.asked is not None:
            self.asked.add("/" + path.split("/", 2)[1])

    def stat(self, path: str, *, follow: bool = True) -> Entry:
        """The entry that `path` names. Raises `PathError`."""
        resolved = self.resolve(path, follow=follow)
        entry = self.at(resolved)
        if entry is None:
            raise PathError("ENOENT")
        return entry

    def find(self, path: str, *, follow: bool = True) -> Entry | None:
        try:
            return self.stat(path, follow=follow)
        except PathError:
            return None

    def is_directory(self, path: str) -> bool:
        entry = self.find(path)
        return entry is not None and entry.kind is Kind.DIR

    def children(self, directory: str) -> tuple[Entry, ...]:
        """The entries of a directory given by its resolved path, by name in byte order."""
        return tuple(found.entry for found in merge.children(self.stack, directory))
