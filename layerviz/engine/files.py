"""What the kernel's overlayfs does when a file is changed: in a container, or in the plain folder of your computer.

Golden shapes were measured on Linux 6.18; steps after Documentation/filesystems/overlayfs.rst.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layerviz.engine import paths
from layerviz.engine.content import EMPTY, Content
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.errors import PathError
from layerviz.engine.events import (
    AttributesChanged,
    Listed,
    Made,
    OpaqueMarked,
    Renamed,
    Written,
)
from layerviz.engine.linked import linked_names
from layerviz.engine.merge import Found, children, leads_straight, resolve, seen, walk
from layerviz.engine.upperdir import Upperdir

_SETUID, _SETGID, _GROUP_EXECUTE = 0o4000, 0o2000, 0o010
_WHITEOUT_DEVICE = (0, 0)


@dataclass(slots=True)
class Files(Upperdir):
    """The files of one place while one action changes them.

    `lower` are read-only layers, bottom first (none on your computer); `upper` is what is being changed. Methods raise
    `PathError` with the errno's name for what the kernel refuses, and leave behind nothing that counts then: the caller
    throws the whole object away.
    """

    def read(self, path: str) -> None:
        target = resolve(self.stack, path)
        if self._look(target) is None:
            raise PathError(path, "ENOENT")

    def list(self, path: str) -> None:
        target = resolve(self.stack, path)
        self._directory(target)
        names = tuple((found.entry.name, found.position) for found in children(self.stack, target))
        self.events.append(Listed(self.place, target, names))

    def write(self, path: str, content: Content, *, append: bool, mode: int) -> None:
        """O_TRUNC copies no data up; O_APPEND copies all of it first."""
        target, hit = self._open(path, keep_data=append)
        before = hit.content if append and hit else EMPTY
        self._write(target, hit, before.plus(content), mode)

    def write_at(self, path: str, offset: int, content: Content) -> None:
        target, hit = self._open(path, keep_data=True)
        self._write(target, hit, (hit.content if hit else EMPTY).overwritten(offset, content))

    def truncate(self, path: str, size_bytes: int) -> None:
        """As truncate(1) does it: open without O_TRUNC, so the copy-up takes all data, then ftruncate(2)."""
        target, hit = self._open(path, keep_data=True)
        self._write(target, hit, (hit.content if hit else EMPTY).resized(size_bytes))

    def touch(self, path: str) -> None:
        target = resolve(self.stack, path)
        hit = self._look(target)
        if hit is None:
            self._write(target, None, EMPTY)
        else:
            self._change(hit, target, mtime_ns=self.now_ns)

    def mkdir(self, path: str, mode: int) -> None:
        target = self._free_name(path)
        inherited = self._directory(paths.parent(target)).mode & _SETGID
        self._make(Entry(target, Kind.DIR, mode & 0o7777 | inherited))

    def unlink(self, path: str) -> None:
        target, hit = self._existing(path)
        if hit.entry.kind is Kind.DIR:
            raise PathError(path, "EISDIR")
        self._remove(target)

    def rmdir(self, path: str) -> None:
        target, hit = self._existing(path)
        if hit.entry.kind is not Kind.DIR:
            raise PathError(path, "ENOTDIR")
        if target == paths.ROOT:
            raise PathError(path, "EBUSY")
        if children(self.stack, target):
            raise PathError(path, "ENOTEMPTY")
        self._remove(target)

    def remove_tree(self, path: str) -> None:
        """Unlinks all below, then the directory itself: in the end one whiteout, or nothing at all."""
        target, _ = self._existing(path)
        if target == paths.ROOT:
            raise PathError(path, "EBUSY")
        self._remove(target)

    def rename(self, old: str, new: str) -> None:
        source = resolve(self.stack, old, follow_last=False)
        target = resolve(self.stack, new, follow_last=False)
        hit = self._look(source)
        if hit is None:
            raise PathError(old, "ENOENT")
        there = seen(self.stack, target)
        is_directory = hit.entry.kind is Kind.DIR
        self._may_rename(source, hit, target, there)
        if source == target or (there and self._are_one_file(source, hit, target, there)):
            return  # rename(2) does nothing then
        if is_directory:
            self._rename_directory(source, hit, target)
        else:
            self._copy_up(source, hit)
            self._move(source, target)
        self._tell(Renamed(self.place, source, target))
        self._host(source, exists=False)
        self._host(target, exists=True)
        self._hide_or_forget(source)
        self._stamp(paths.parent(source))
        self._stamp(paths.parent(target))

    def chmod(self, path: str, mode: int) -> None:
        target, hit = self._existing(path, follow_last=True)
        self._change(hit, target, mode=mode & 0o7777)

    def chown(self, path: str, uid: int, gid: int) -> None:
        target, hit = self._existing(path, follow_last=True)
        mode = hit.entry.mode
        if hit.entry.kind is not Kind.DIR:
            mode &= ~_SETUID  # chown(2) takes them away, root or not
            if mode & _GROUP_EXECUTE:
                mode &= ~_SETGID
        self._change(hit, target, uid=uid, gid=gid, mode=mode)

    def symlink(self, linkname: str, path: str) -> None:
        self._make(Entry(self._free_name(path), Kind.SYMLINK, 0o777, linkname=linkname))

    def link(self, old: str, new: str) -> None:
        source, hit = self._existing(old)
        target = self._free_name(new)
        if hit.entry.kind is Kind.DIR:
            raise PathError(old, "EPERM")
        self._copy_up(source, hit)
        self._link(source, target)

    def mknod(self, entry: Entry) -> None:
        if entry.kind is Kind.CHAR and entry.device == _WHITEOUT_DEVICE:
            raise PathError(entry.path, "EPERM")
        if entry.kind not in (Kind.CHAR, Kind.BLOCK, Kind.FIFO):
            raise PathError(entry.path, "EINVAL")
        self._make(replace(entry, path=self._free_name(entry.path), inode=0, opaque=False, implied=False))

    def put(self, entries: Sequence[Entry]) -> None:
        """Each entry takes the place of what is there; directories keep their children, and their given times."""
        given: list[Entry] = []
        for entry in entries:
            target = self._made_parents(entry.path)
            hit = seen(self.stack, target)
            if entry.is_whiteout:
                if hit:
                    self._remove(target)
            elif entry.kind is Kind.HARDLINK:
                self._put_hard_link(entry, target, hit)
            elif entry.kind is Kind.DIR:
                self._put_directory(replace(entry, path=target), hit)
                given.append(replace(entry, path=target, opaque=False, implied=False))
            else:
                self._replace(replace(entry, path=target, inode=0), hit)
        for entry in given:
            there = self.upper.get(entry.path)
            if there and there.kind is Kind.DIR and not entry.implied and there.mtime_ns != entry.mtime_ns:
                self.upper = self.upper.with_entry(replace(there, mtime_ns=entry.mtime_ns))

    # What the public methods are made of, from looking to writing.

    def _existing(self, path: str, *, follow_last: bool = False) -> tuple[str, Found]:
        target = resolve(self.stack, path, follow_last=follow_last)
        hit = self._look(target)
        if hit is None:
            raise PathError(path, "ENOENT")
        return target, hit

    def _free_name(self, path: str) -> str:
        target = resolve(self.stack, path, follow_last=False)
        if seen(self.stack, target):
            raise PathError(path, "EEXIST")
        return target

    def _open(self, path: str, *, keep_data: bool) -> tuple[str, Entry | None]:
        """Opens for writing: the copy-up happens here, also when nothing is written afterwards."""
        target = resolve(self.stack, path)
        hit = self._look(target)
        if hit is None:
            return target, None
        if hit.entry.kind is Kind.DIR:
            raise PathError(path, "EISDIR")
        if hit.entry.kind is Kind.FILE:
            self._copy_up(target, hit, keep_data=keep_data)
            return target, self.upper.get(target)
        return target, hit.entry

    def _write(self, path: str, existing: Entry | None, content: Content, mode: int = 0o644) -> None:
        if existing is None:
            self._create(Entry(path, Kind.FILE, mode & 0o7777, content=content, gid=self._group_of(path)))
        elif existing.kind is Kind.FILE:
            self._update(replace(existing, content=content, mtime_ns=self.now_ns))
        else:
            return  # bytes written to a fifo or a device leave the tree as it is
        self._tell(Written(self.place, path, content.size_bytes, created=existing is None))
        self._host(path, exists=True)

    def _change(self, hit: Found, path: str, **attributes: int) -> None:
        self._copy_up(path, hit)
        there = self.upper.get(path)
        assert there is not None
        self._update(replace(there, **attributes))  # type: ignore[arg-type]  # mypy cannot match keywords to fields
        self._tell(AttributesChanged(self.place, path))
        self._host(path, exists=True)

    def _may_rename(self, source: str, hit: Found, target: str, there: Found | None) -> None:
        """The kernel's refusals in the kernel's order (fs/namei.c, `vfs_rename`; fs/overlayfs/dir.c, `ovl_rename`)."""
        if paths.ROOT in (source, target):
            raise PathError(source, "EBUSY")
        if paths.is_below(target, source):
            raise PathError(target, "EINVAL")
        if paths.is_below(source, target):
            raise PathError(target, "ENOTEMPTY")
        if source == target:
            return
        is_directory = hit.entry.kind is Kind.DIR
        if there and is_directory and there.entry.kind is not Kind.DIR:
            raise PathError(target, "ENOTDIR")
        if there and not is_directory and there.entry.kind is Kind.DIR:
            raise PathError(target, "EISDIR")
        if is_directory and self._is_from_below(source) and not self.policy.rename_lower_directory:
            raise PathError(source, "EXDEV")
        if there and children(self.stack, target):
            raise PathError(target, "ENOTEMPTY")

    def _are_one_file(self, source: str, hit: Found, target: str, there: Found) -> bool:
        """Two names linked in the upper layer; in lower ones overlayfs without an index takes them for two files."""
        if hit.entry.inode or there.entry.inode:
            return hit.entry.inode == there.entry.inode
        return self.policy.keep_hard_links and target in linked_names(self.stack, source)

    def _is_from_below(self, directory: str) -> bool:
        """Some lower layer's directory shows through: it cannot move without its lower part."""
        return self._below(directory) is not None and not self._is_opaque(directory)

    def _rename_directory(self, source: str, hit: Found, target: str) -> None:
        """One made here moves; so does one of a lower layer, with all it shows, where the driver keeps whole trees."""
        if self._is_from_below(source):
            moved = [hit, *walk(self.stack, source)]
        else:
            moved = [Found(self.top, entry) for entry in (hit.entry, *self._upper_below(source))]
        self._copy_up_parents(target)
        # Below a merged directory the kernel marks the moved one, lest a lower name at the new place show through.
        opaque = self._is_merged(paths.parent(target)) or self._below(target) is not None
        self.upper = self.upper.without(source).without(target)
        for found in moved:
            entry = found.entry
            inside = target + entry.path[len(source) :]
            mark = (opaque and entry.path == source) or (entry.opaque and found.position == self.top)
            linkname = "" if entry.kind is Kind.FILE else entry.linkname
            self.upper = self.upper.with_entry(
                replace(entry, path=inside, linkname=linkname, opaque=mark, implied=False)
            )
        if opaque:
            self._tell(OpaqueMarked(self.place, target))

    def _upper_below(self, directory: str) -> tuple[Entry, ...]:
        return tuple(self.upper.entry(row) for row in self.upper.below(directory))

    def _move(self, source: str, target: str) -> None:
        entry = self.upper.get(source)
        assert entry is not None
        self._copy_up_parents(target)
        self.upper = self.upper.without(source).with_entry(replace(entry, path=target))

    def _made_parents(self, path: str) -> str:
        """`path` with the symlinks of its parents followed; those that are missing are made, 0755."""
        if leads_straight(self.stack, path):
            return path
        at = paths.ROOT
        for name in path.strip("/").split("/")[:-1]:
            at = paths.join(at, name)
            hit = seen(self.stack, at)
            if hit and hit.entry.kind is Kind.SYMLINK:
                at = resolve(self.stack, at)
                hit = seen(self.stack, at)
            if hit is None:
                self._make(Entry(at, Kind.DIR, 0o755))
            elif hit.entry.kind is not Kind.DIR:
                raise PathError(path, "ENOTDIR")
        return paths.join(at, paths.base(path)) if path != paths.ROOT else path

    def _put_hard_link(self, entry: Entry, target: str, hit: Found | None) -> None:
        source, existing = self._existing(entry.linkname)
        if source == target:
            return
        if hit:
            self._remove(target)
        self._copy_up(source, existing)
        self._link(source, target)

    def _put_directory(self, entry: Entry, hit: Found | None) -> None:
        if hit is None or hit.entry.kind is not Kind.DIR:
            if hit:
                self._remove(entry.path)
            self._make(replace(entry, opaque=False, implied=False))
            self.upper = self.upper.with_entry(self._as_given(entry))
        elif not entry.implied and _attributes(hit.entry) != _attributes(entry):
            self._copy_up(entry.path, hit)
            self.upper = self.upper.with_entry(self._as_given(entry))
            self._tell(AttributesChanged(self.place, entry.path))
            self._host(entry.path, exists=True)

    def _as_given(self, entry: Entry) -> Entry:
        return replace(entry, opaque=self._is_opaque(entry.path), implied=False, inode=0)

    def _replace(self, entry: Entry, hit: Found | None) -> None:
        if hit and hit.entry.kind is Kind.DIR:
            self._remove(entry.path)
        self._copy_up_parents(entry.path)
        self.upper = self.upper.with_entry(entry)
        self._stamp(paths.parent(entry.path))
        if entry.kind is Kind.FILE:
            self._tell(Written(self.place, entry.path, entry.size_bytes, created=hit is None))
        else:
            self._tell(Made(self.place, entry.path, str(entry.kind)))
        self._host(entry.path, exists=True)


def _attributes(entry: Entry) -> tuple[object, ...]:
    return entry.mode, entry.uid, entry.gid, entry.mtime_ns, entry.xattrs
