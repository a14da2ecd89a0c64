"""cp and mv.

`mv` first asks the kernel to rename. For a directory of a lower layer overlayfs answers EXDEV
(overlayfs.rst, "redirect_dir"), so mv copies what the view shows and removes the old names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from layerviz.engine.actions import Mkdir, Put, Read, RemoveTree, Rename, Symlink, Unlink, Write
from layerviz.engine.entry import Entry, Kind
from layerviz.shell.files import PathError, bare, strerror
from layerviz.shell.process import Options, Process, Program, UsageError, options_of, refuse

CP_USAGE = "cp [-arPLHpfinlsTu] SOURCE DEST or cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }"
MV_USAGE = "mv [-finT] SOURCE DEST or mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }"


class _Said(Exception):
    """A message that is complete as it stands."""


def _names(process: Process, options: Options, usage: str) -> tuple[list[str], str] | int:
    """Sources and destination, or the status of the complaint about their number."""
    names = list(options.operands)
    if "t" in options:
        names.append(options.values["t"])
    if not names:
        return refuse(process, UsageError("missing file operand"), usage)
    if len(names) == 1:
        return refuse(process, UsageError(f"missing destination file operand after '{names[0]}'"), usage)
    destination = names.pop()
    if len(names) > 1 and not process.is_directory(destination):
        missing = process.files.find(process.path(destination)) is None
        message = f"target '{destination}': {strerror('ENOENT' if missing else 'ENOTDIR')}"
        if process.busybox:
            message = f"can't create '{destination}': Not a directory"
            if process.name == "mv":
                message = f"target '{destination}' is not a directory"
        process.complain(message)
        return 1
    return names, destination


def _inside(process: Process, name: str, destination: str) -> str:
    """Where `name` goes: into a destination that is a directory, else to its name."""
    if not process.is_directory(destination):
        return destination
    return f"{destination.rstrip('/')}/{name.rstrip('/').rsplit('/', 1)[-1]}"


def cp(process: Process) -> int:
    try:
        options = options_of(
            process,
            "rRapfnvPLHdiTut:",
            {
                "recursive": "r",
                "archive": "a",
                "preserve": "p",
                "force": "f",
                "no-clobber": "n",
                "verbose": "v",
                "no-target-directory": "T",
                "target-directory": "t",
            },
        )
    except UsageError as error:
        return refuse(process, error, CP_USAGE)
    return _each(process, options, CP_USAGE, lambda name, shown: _copy(process, options, name, shown, top=True))


def _each(process: Process, options: Options, usage: str, transfer: Callable[[str, str], None]) -> int:
    """`transfer` for each source and where it goes; what one of them says is said, and the next is tried."""
    names = _names(process, options, usage)
    if isinstance(names, int):
        return names
    status = 0
    for name in names[0]:
        shown = names[1] if "T" in options else _inside(process, name, names[1])
        try:
            transfer(name, shown)
        except _Said as said:
            process.complain(str(said))
            status = 1
    return status


def _copy(process: Process, options: Options, name: str, shown: str, *, top: bool, avoided: str = "") -> None:
    recursive = any(letter in options for letter in "rRa")
    try:
        entry = process.stat(
            name, follow=not (recursive or "P" in options or "d" in options) or "L" in options or name.endswith("/")
        )
    except PathError as error:
        start = "can't stat" if process.busybox else "cannot stat"
        raise _Said(f"{start} '{name}': {strerror(error.errno)}") from error
    if entry.kind is Kind.DIR:
        if not recursive:
            start = "" if process.busybox else "-r not specified; "
            raise _Said(f"{start}omitting directory '{name}'")
        _copy_directory(process, options, name, shown, entry, top=top, avoided=avoided)
    else:
        _copy_file(process, options, name, shown, entry)


def _copy_directory(
    process: Process, options: Options, name: str, shown: str, entry: Entry, *, top: bool, avoided: str
) -> None:
    """`avoided`: the copy itself, which may come to lie in what is copied."""
    path = _destination(process, shown, "cannot create directory", "can't create directory")
    if process.files.at(path) is None and process.is_link(shown.rstrip("/")):
        raise _Said(f"cannot overwrite non-directory '{shown}' with directory '{name}'")
    source = process.files.resolve(process.path(name))
    into_itself = top and (path == source or path.startswith(source.rstrip("/") + "/"))
    if into_itself and (process.busybox or path == source):
        said = f"recursion detected, omitting directory '{name}'"
        raise _Said(said if process.busybox else f"'{name}' and '{shown}' are the same file")
    existing = process.files.at(path)
    if existing is not None and existing.kind is not Kind.DIR:
        raise _Said(f"cannot overwrite non-directory '{shown}' with directory '{name}'")
    preserves = "a" in options or "p" in options
    children = process.files.children(source)
    if existing is None:
        made = (
            Put(process.target, (replace(entry, path=path, opaque=False),))
            if preserves
            else Mkdir(process.target, path, entry.mode & ~0o022)
        )
        error = process.machine.do(made).error
        if error:
            start = "can't create directory" if process.busybox else "cannot create directory"
            raise _Said(f"{start} '{shown}': {strerror(error)}")
    if "v" in options:
        process.print(f"'{name}' -> '{shown}'")
    avoided = path if top else avoided
    for child in children:
        if child.path == avoided:
            continue
        into = f"{shown.rstrip('/')}/{child.name}"
        _copy(process, options, f"{name.rstrip('/')}/{child.name}", into, top=False, avoided=avoided)
    if into_itself:
        # coreutils copies all but the copy, and says so afterwards.
        raise _Said(f"cannot copy a directory, '{name}', into itself, '{shown}'")


def _copy_file(process: Process, options: Options, name: str, shown: str, entry: Entry) -> None:
    keeps_link = entry.kind is Kind.SYMLINK
    path = _destination(process, shown, "cannot create regular file", "can't create", follow=not keeps_link)
    existing = process.files.at(path)
    if existing is None and shown.endswith("/"):
        start = "can't create" if process.busybox else "cannot create regular file"
        raise _Said(f"{start} '{shown}': {strerror('EISDIR' if process.busybox else 'ENOTDIR')}")
    if existing is None and not process.busybox and process.is_link(shown):
        raise _Said(f"not writing through dangling symlink '{shown}'")
    source = process.files.resolve(process.path(name), follow=entry.kind is not Kind.SYMLINK)
    if path == source:
        raise _Said(f"'{name}' and '{shown}' are the same file")
    if existing is not None and existing.kind is Kind.DIR:
        raise _Said(
            f"cannot overwrite directory '{shown}' with non-directory"
            if not process.busybox
            else f"can't create '{shown}': Is a directory"
        )
    if existing is not None and "n" in options:
        return
    if "v" in options:
        process.print(f"'{name}' -> '{shown}'")
    error = process.machine.do(Read(process.target, source)).error if entry.kind is Kind.FILE else ""
    if not error:
        error = _write_copy(process, options, entry, path, existing)
    if error:
        start = "can't create" if process.busybox else "cannot create regular file"
        raise _Said(f"{start} '{shown}': {strerror(error)}")


def _write_copy(process: Process, options: Options, entry: Entry, path: str, existing: Entry | None) -> str:
    if entry.kind is Kind.SYMLINK:
        if existing is not None:
            process.machine.do(Unlink(process.target, path))
        return process.machine.do(Symlink(process.target, entry.linkname, path)).error
    if "a" in options or "p" in options or entry.kind is not Kind.FILE:
        copied = replace(entry, path=path, inode=0, linkname="", opaque=False)
        return process.machine.do(Put(process.target, (copied,))).error
    return process.machine.do(Write(process.target, path, entry.content, mode=entry.mode & 0o777 & ~0o022)).error


def _destination(process: Process, shown: str, coreutils: str, busybox: str, *, follow: bool = True) -> str:
    try:
        return process.resolve(bare(shown), follow=follow, missing_ok=True)
    except PathError as error:
        raise _Said(f"{busybox if process.busybox else coreutils} '{shown}': {strerror(error.errno)}") from error


def mv(process: Process) -> int:
    try:
        options = options_of(
            process,
            "finvTut:",
            {"force": "f", "no-clobber": "n", "verbose": "v", "no-target-directory": "T", "target-directory": "t"},
        )
    except UsageError as error:
        return refuse(process, error, MV_USAGE)
    return _each(process, options, MV_USAGE, lambda name, shown: _move(process, options, name, shown))


def _move(process: Process, options: Options, name: str, shown: str) -> None:
    try:
        old = process.resolve(name, follow=False)
        entry = process.files.at(old)
        if entry is None:
            raise PathError("ENOENT")
    except PathError as error:
        start = "can't rename" if process.busybox else "cannot stat"
        raise _Said(f"{start} '{name}': {strerror(error.errno)}") from error
    try:
        new = process.resolve(bare(shown), follow=False, missing_ok=True)
    except PathError as error:
        raise _Said(_cannot_move(process, name, shown, error.errno)) from error
    existing = process.files.at(new)
    if existing is not None and "n" in options:
        return
    _check_move(process, name, shown, (old, entry), (new, existing))
    if existing is None and shown.endswith("/") and entry.kind is not Kind.DIR:
        raise _Said(_cannot_move(process, name, shown, "ENOTDIR"))
    leads_back = name.rstrip("/").rsplit("/", 1)[-1] in (".", "..")
    failed = "EBUSY" if leads_back else process.machine.do(Rename(process.target, old, new)).error
    if failed == "EXDEV":
        failed = _copy_and_remove(process, old, new, entry)
    if failed:
        raise _Said(_cannot_move(process, name, shown, failed))
    if "v" in options:
        process.print(f"renamed '{name}' -> '{shown}'" if not process.busybox else f"'{name}' -> '{shown}'")


def _check_move(process: Process, name: str, shown: str, old: tuple[str, Entry], new: tuple[str, Entry | None]) -> None:
    points_at = process.files.find(process.path(name)) if old[1].kind is Kind.SYMLINK and not process.busybox else None
    if new[0] == old[0] or (points_at is not None and points_at == new[1]):
        raise _Said(f"'{name}' and '{shown}' are the same file")
    if new[0].startswith(old[0].rstrip("/") + "/"):
        if process.busybox:
            raise _Said(f"can't rename '{name}': Invalid argument")
        raise _Said(f"cannot move '{name}' to a subdirectory of itself, '{shown}'")
    existing = new[1]
    if existing is None or process.busybox:
        return
    if existing.kind is Kind.DIR and old[1].kind is not Kind.DIR:
        raise _Said(f"cannot overwrite directory '{shown}' with non-directory")
    if existing.kind is not Kind.DIR and old[1].kind is Kind.DIR:
        raise _Said(f"cannot overwrite non-directory '{shown}' with directory '{name}'")


def _cannot_move(process: Process, name: str, shown: str, errno: str) -> str:
    if process.busybox:
        return f"can't rename '{name}': {strerror(errno)}"
    return f"cannot move '{name}' to '{shown}': {strerror(errno)}"


def _copy_and_remove(process: Process, old: str, new: str, entry: Entry) -> str:
    """What mv does where the kernel cannot rename: the whole visible tree is copied, then the old names go."""
    moved: list[Entry] = []

    def gather(at: Entry, path: str) -> None:
        moved.append(
            replace(at, path=path, inode=0, opaque=False, linkname=at.linkname if at.kind is Kind.SYMLINK else "")
        )
        if at.kind is Kind.DIR:
            for child in process.files.children(at.path):
                gather(child, f"{path}/{child.name}")

    gather(entry, new)
    error = process.machine.do(Put(process.target, tuple(moved))).error
    return error or process.machine.do(RemoveTree(process.target, old)).error


PROGRAMS = {"cp": Program(cp, CP_USAGE), "mv": Program(mv, MV_USAGE)}
