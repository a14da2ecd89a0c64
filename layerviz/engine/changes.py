"""What a container changed: as `docker diff` lists it, and as a commit stores it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from layerviz.engine import paths
from layerviz.engine.changeset import OPAQUE_MARKER, WHITEOUT_PREFIX
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import children, sources
from layerviz.engine.world import Container, Layer

Change = tuple[Literal["A", "C", "D"], str]

_CAPABILITY = "security.capability"


def changes(container: Container) -> tuple[Change, ...]:
    """The lines of `docker diff`, a directory before what it holds, siblings by their names' bytes.

    Added, changed, deleted, compared as moby does (go-archive changes.go): by mode, owner, device and capability, and
    for all but directories by time and size. A copy-up that changed nothing is not listed, though it costs its bytes.
    The directories above a change are listed as changed, but for the root.
    """
    found: dict[str, Literal["A", "C", "D"]] = {}
    _compare(container.image.layers, container.stack, paths.ROOT, found)
    for parent in {paths.parent(path) for path in found}:
        for directory in (*paths.ancestors(parent)[1:], parent):
            if directory != paths.ROOT:
                found.setdefault(directory, "C")
    return tuple((found[path], path) for path in sorted(found, key=paths.key))


def upper_entries(container: Container) -> tuple[Entry, ...]:
    """What a commit stores of the container's layer: the rows of its upper directory, as a tar would carry them.

    Docker leaves the root out. Names linked to each other become one file and hard links to it. A file that a program
    called `.wh.a` is a whiteout of `a` for everyone who reads the tar (measured).
    """
    entries = container.layer.entries
    return as_stored(tuple(entries.entry(row) for row in range(len(entries))))


def as_stored(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """`entries` of a directory on disk as the layer's tar has them."""
    first: dict[int, str] = {}
    stored: list[Entry] = []
    marked: set[str] = set()
    for entry in entries:
        parts = entry.path.split("/")[1:]
        if entry.path == paths.ROOT or any(part.startswith(WHITEOUT_PREFIX) for part in parts[:-1]):
            continue
        if not entry.is_whiteout and parts[-1].startswith(WHITEOUT_PREFIX):
            hidden = parts[-1].removeprefix(WHITEOUT_PREFIX)
            directory = paths.parent(entry.path)
            if parts[-1] == OPAQUE_MARKER:
                marked.add(directory)
            elif hidden not in {"", ".", ".."} and not hidden.startswith(WHITEOUT_PREFIX):
                stored.append(Entry(paths.join(directory, hidden), Kind.WHITEOUT, 0, mtime_ns=entry.mtime_ns))
        elif entry.inode and entry.inode in first:
            stored.append(Entry(entry.path, Kind.HARDLINK, entry.mode, linkname=first[entry.inode]))
        else:
            if entry.inode:
                first[entry.inode] = entry.path
            stored.append(replace(entry, inode=0))
    return tuple(
        replace(entry, opaque=True) if entry.path in marked and entry.kind is Kind.DIR else entry for entry in stored
    )


def _compare(
    old: Sequence[Layer], new: Sequence[Layer], directory: str, found: dict[str, Literal["A", "C", "D"]]
) -> None:
    if len(new) not in sources(new, directory):
        return  # the container's own layer has nothing here, so nothing changed
    before = {hit.entry.path: hit.entry for hit in children(old, directory)}
    for hit in children(new, directory):
        entry = hit.entry
        was = before.pop(entry.path, None)
        if was is None:
            found[entry.path] = "A"
        elif differ(was, entry):
            found[entry.path] = "C"
        if entry.kind is Kind.DIR:
            _compare(old, new, entry.path, found)
    for path in before:
        found[path] = "D"


def differ(old: Entry, new: Entry) -> bool:
    if (old.kind, old.mode, old.uid, old.gid, old.device) != (new.kind, new.mode, new.uid, new.gid, new.device):
        return True
    if dict(old.xattrs).get(_CAPABILITY) != dict(new.xattrs).get(_CAPABILITY):
        return True
    return new.kind is not Kind.DIR and (_length(old) != _length(new) or not _same_time(old.mtime_ns, new.mtime_ns))


def _length(entry: Entry) -> int:
    """st_size."""
    return len(entry.linkname.encode("utf-8", "surrogateescape")) if entry.kind is Kind.SYMLINK else entry.size_bytes


def _same_time(one: int, other: int) -> bool:
    """Whole seconds count where one side has no fraction: tars mostly have none."""
    return one == other or (one // 10**9 == other // 10**9 and (one % 10**9 == 0 or other % 10**9 == 0))
