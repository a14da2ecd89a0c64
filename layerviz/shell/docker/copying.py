"""docker cp, between a container and your computer (docker/cli container/cp.go, moby go-archive copy.go)."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from layerviz.engine.actions import Put, Target
from layerviz.engine.entry import Entry, Kind
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag
from layerviz.shell.docker.context import TAR_BLOCK, TAR_END
from layerviz.shell.files import Files, PathError, join, strerror
from layerviz.shell.launch import is_unknown
from layerviz.shell.units import size


class _CannotCopy(Exception):
    """A message of the client."""


def _split(text: str) -> tuple[str, str]:
    """Container and path; a path of your computer has no container."""
    name, colon, path = text.partition(":")
    if text.startswith("/") or not colon or name.startswith("."):
        return "", text
    return name, path


def cp(call: Call) -> int:
    (source_name, source), (target_name, target) = _split(call.arguments[0]), _split(call.arguments[1])
    if source_name and target_name:
        call.complain("copying between containers is not supported")
        call.hint("cp")
        return 1
    if not source_name and not target_name:
        call.complain("must specify at least one container source")
        call.hint("cp")
        return 1
    container = lookups.container(call.world, source_name or target_name)
    if "-" in (source, target):
        call.complain("docker cp: - stands for a tar archive in a pipe")
        call.hint("no_pipe")
        return 1
    if is_unknown(call.machine, container.key) and source_name:
        call.hint("unknown_files", image=container.image_ref)
        return 1
    try:
        if source_name:
            entries, shown = _copy(call, container.key, "/", source, "host", call.process.cwd, target, name=source_name)
        else:
            entries, shown = _copy(call, "host", call.process.cwd, source, container.key, "/", target, name=target_name)
    except _CannotCopy as error:
        call.complain(str(error))
        call.hint("cp")
        return 1
    total = sum(TAR_BLOCK * (1 + -(-entry.size_bytes // TAR_BLOCK)) for entry in entries) + TAR_END
    where = f"{target_name}:{target}" if target_name else shown
    if "quiet" not in call and call.machine.ports.terminal:
        call.complain(f"Successfully copied {size(total)} to {where}")
    return 0


def _copy(
    call: Call, origin: Target, origin_dir: str, source: str, place: Target, place_dir: str, target: str, *, name: str
) -> tuple[list[Entry], str]:
    """Copies and returns what went, and the destination as the client names it."""
    files, there = Files(call.machine, origin), Files(call.machine, place)
    try:
        path = files.resolve(join(origin_dir, source), follow="follow-link" in call or source.endswith("/"))
        entry = files.at(path)
        if entry is None:
            raise PathError("ENOENT")
    except PathError as error:
        if origin == "host":
            shown = join(origin_dir, source)
            raise _CannotCopy(f"lstat {shown}: {strerror(error.errno).lower()}") from error
        raise DaemonError(f"Could not find the file {source} in container {name}") from error
    shown_target = join(place_dir, target)
    is_directory = there.is_directory(shown_target)
    contents_only = source.endswith("/.") or source == "."
    base = posixpath.basename(path) or posixpath.basename(source.rstrip("/."))
    if entry.kind is Kind.DIR:
        if there.find(shown_target) is not None and not is_directory:
            raise _CannotCopy("cannot copy directory")
        destination = f"{shown_target.rstrip('/')}/{base}" if is_directory and not contents_only else shown_target
    else:
        if target.endswith("/") and not is_directory:
            raise _no_such_directory(call, place, target, name)
        destination = f"{shown_target.rstrip('/')}/{base}" if is_directory else shown_target
    if not there.is_directory(posixpath.dirname(destination) or "/"):
        if place != "host":
            raise DaemonError(f"Could not find the file {posixpath.dirname(destination)} in container {name}")
        raise _CannotCopy(f'invalid output path: directory "{posixpath.dirname(destination)}" does not exist')
    entries = list(_gathered(files, entry, destination, keep_owner="archive" in call))
    call.machine.do(Put(place, tuple(entries)))
    return entries, shown_target


def _no_such_directory(call: Call, place: Target, target: str, name: str) -> Exception:
    del call
    if place == "host":
        return _CannotCopy(f'invalid output path: directory "{target}" does not exist')
    return DaemonError(f"Could not find the file {target} in container {name}")


def _gathered(files: Files, entry: Entry, path: str, *, keep_owner: bool) -> list[Entry]:
    """`entry` and all below it as they are to stand at `path`; owned by root unless `-a`."""
    owner = (entry.uid, entry.gid) if keep_owner else (0, 0)
    link = entry.linkname if entry.kind is Kind.SYMLINK else ""
    found = [replace(entry, path=path, uid=owner[0], gid=owner[1], inode=0, opaque=False, linkname=link)]
    if entry.kind is Kind.DIR:
        for child in files.children(entry.path):
            found += _gathered(files, child, f"{path.rstrip('/')}/{child.name}", keep_owner=keep_owner)
    return found


COMMANDS = (
    DockerCommand(
        ("cp", "container cp"),
        "cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH",
        "Copy files/folders between a container and the local filesystem",
        cp,
        (
            Flag("archive", "Archive mode (copy all uid/gid information)", "a"),
            Flag("follow-link", "Always follow symbol link in SRC_PATH", "L"),
            Flag("quiet", "Suppress progress output during copy", "q"),
        ),
        least=2,
        most=2,
    ),
)
