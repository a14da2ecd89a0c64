"""How overlayfs keeps what is changed: the copy-up, whiteouts, opaque marks, inodes of an upper directory.

Golden shapes were measured on Linux 6.18; steps after Documentation/filesystems/overlayfs.rst.
"""

from dataclasses import dataclass, field, replace

from layerviz.engine import paths
from layerviz.engine.content import EMPTY
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.errors import PathError
from layerviz.engine.events import (
    CopiedUp,
    Event,
    HostChanged,
    LookedUp,
    Made,
    OpaqueMarked,
    Removed,
    WhiteoutWritten,
)
from layerviz.engine.linked import linked_names
from layerviz.engine.merge import Found, lookup, seen, shuts, sources
from layerviz.engine.upper import Upper
from layerviz.engine.world import Layer, Policy

_SETGID = 0o2000


@dataclass(slots=True)
class Upperdir:
    """The upper directory of one place while one action changes it.

    `lower` are read-only layers, bottom first (none on your computer); `upper` is what is being changed. `_below`,
    `_copy_up` and the others leave behind all that the kernel would, and tell it as events.
    """

    place: str
    lower: tuple[Layer, ...]
    layer: Layer
    upper: Upper
    now_ns: int
    policy: Policy
    next_inode: int
    on_host: bool = False
    events: list[Event] = field(default_factory=list)
    _stack: tuple[Layer, ...] = ()

    @property
    def stack(self) -> tuple[Layer, ...]:
        """The layers as they are now."""
        if not self._stack or self._stack[-1].entries is not self.upper:
            self._stack = (*self.lower, Layer(self.layer.key, self.upper))
        return self._stack

    @property
    def top(self) -> int:
        return len(self.lower) + 1

    def _look(self, path: str) -> Found | None:
        if self.on_host:
            return seen(self.stack, path)
        answer = lookup(self.stack, path)
        hit = answer.found
        size = hit.entry.size_bytes if hit else 0
        position = hit.position if hit else None
        self._tell(LookedUp(self.place, path, answer.asked, position, size))
        return hit

    def _directory(self, path: str) -> Entry:
        hit = seen(self.stack, path)
        if hit is None:
            raise PathError(path, "ENOENT")
        if hit.entry.kind is not Kind.DIR:
            raise PathError(path, "ENOTDIR")
        return hit.entry

    def _group_of(self, path: str) -> int:
        directory = self._directory(paths.parent(path))
        return directory.gid if directory.mode & _SETGID else 0

    def _make(self, entry: Entry) -> None:
        """A new directory, link or node; a directory over a whiteout hides what lies below by its own mark."""
        there = self.upper.get(entry.path)
        opaque = entry.kind is Kind.DIR and there is not None and there.is_whiteout
        self._create(replace(entry, opaque=opaque, gid=entry.gid or self._group_of(entry.path)))
        self._tell(Made(self.place, entry.path, str(entry.kind)))
        if opaque:
            self._tell(OpaqueMarked(self.place, entry.path))
        self._host(entry.path, exists=True)

    def _create(self, entry: Entry) -> None:
        self._copy_up_parents(entry.path)
        self.upper = self.upper.with_entry(replace(entry, mtime_ns=self.now_ns))
        self._stamp(paths.parent(entry.path))

    def _update(self, entry: Entry) -> None:
        """Writes an entry of the upper layer, under all the names of its inode."""
        for name in self.upper.linked.get(entry.inode, ()) if entry.inode else (entry.path,):
            self.upper = self.upper.with_entry(entry if name == entry.path else replace(entry, path=name))

    def _copy_up(self, path: str, hit: Found, *, keep_data: bool = True) -> None:
        """The whole entry into the upper layer, its parents first; nothing if it is there already."""
        if self.upper.at(path) is not None:
            return
        names = linked_names(self.stack, path) if self.policy.keep_hard_links else (path,)
        content = hit.entry.content if keep_data else EMPTY
        linkname = "" if hit.entry.kind is Kind.FILE else hit.entry.linkname
        inode = self._new_inode() if len(names) > 1 else 0
        copy = replace(hit.entry, content=content, linkname=linkname, inode=inode, opaque=False, implied=False)
        for name in names:
            self._copy_up_parents(name)
            self.upper = self.upper.with_entry(replace(copy, path=name))
        self._tell(CopiedUp(self.place, path, hit.position, copy.size_bytes))

    def _copy_up_parents(self, path: str) -> None:
        missing: list[str] = []
        directory = paths.parent(path)
        # Above a directory that is there all others are there as well.
        while directory != paths.ROOT and self.upper.at(directory) is None:
            missing.append(directory)
            directory = paths.parent(directory)
        for directory in reversed(missing):
            hit = seen(self.lower, directory)
            assert hit is not None
            self.upper = self.upper.with_entry(replace(hit.entry, opaque=False, implied=False))
            self._tell(CopiedUp(self.place, directory, hit.position, 0))

    def _stamp(self, directory: str) -> None:
        """A directory's time changes with its names. The root's row is not made for that alone: no layer stores it."""
        there = self.upper.get(directory)
        if there and there.kind is Kind.DIR:
            self.upper = self.upper.with_entry(replace(there, mtime_ns=self.now_ns))

    def _below(self, path: str) -> Found | None:
        """What the lower layers show at `path` through the upper one's directories, whatever that has at `path`."""
        if not self.lower or shuts(self.upper, path):
            return None
        return seen(self.lower, path)

    def _remove(self, path: str) -> None:
        was_above = self.upper.at(path) is not None
        self._copy_up_parents(path)
        if not self._hide_or_forget(path) and was_above:
            self._tell(Removed(self.place, path))
        self._stamp(paths.parent(path))
        self._host(path, exists=False)

    def _hide_or_forget(self, path: str) -> bool:
        """Takes `path` out of the upper layer; where a lower one shows the name, a whiteout hides it."""
        hidden = self._below(path)
        self.upper = self.upper.without(path)
        if hidden is None:
            return False
        self.upper = self.upper.with_entry(Entry(path, Kind.WHITEOUT, 0, mtime_ns=self.now_ns))
        self._tell(WhiteoutWritten(self.place, path, hidden.position))
        return True

    def _is_opaque(self, path: str) -> bool:
        there = self.upper.get(path)
        return there is not None and there.opaque

    def _is_merged(self, directory: str) -> bool:
        return any(position < self.top for position in sources(self.stack, directory))

    def _link(self, source: str, target: str) -> None:
        there = self.upper.get(source)
        assert there is not None
        if not there.inode:
            there = replace(there, inode=self._new_inode())
            self.upper = self.upper.with_entry(there)
        self._copy_up_parents(target)
        self.upper = self.upper.with_entry(replace(there, path=target))
        self._stamp(paths.parent(target))
        self._tell(Made(self.place, target, str(Kind.HARDLINK)))
        self._host(target, exists=True)

    def _new_inode(self) -> int:
        self.next_inode += 1
        return self.next_inode - 1

    def _tell(self, event: Event) -> None:
        # A plain folder has no layers to speak of: what happens there is told by `HostChanged` alone.
        if not self.on_host:
            self.events.append(event)

    def _host(self, path: str, *, exists: bool) -> None:
        if self.on_host:
            self.events.append(HostChanged(path, exists))
