"""What stands at a path of a layer: a file, a directory, a link, a device, or a whiteout."""

from dataclasses import dataclass
from enum import StrEnum

from layerviz.engine.content import EMPTY, Content


class Kind(StrEnum):
    """The types of a changeset's entries (image-spec, layer.md, "File Types"), and the whiteout."""

    FILE = "file"
    DIR = "dir"
    SYMLINK = "symlink"
    HARDLINK = "hardlink"
    CHAR = "char"
    BLOCK = "block"
    FIFO = "fifo"
    WHITEOUT = "whiteout"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a layer.

    `path` is absolute, without a trailing slash (the root is "/"), surrogateescape for bytes that are not UTF-8.
    A whiteout's path is the path that it *hides*. `mode` holds the twelve permission bits (0 to 0o7777) only.
    `mtime_ns` counts nanoseconds since 1970. `linkname` is a symlink's target as written, or the absolute path
    that a hard link names. Names linked to each other have the same `inode` in a writable layer; 0 elsewhere.
    `opaque` belongs to directories: this one hides all that lower layers put below it. An `implied` directory has
    no entry of its own in the layer's tar, only something below it: a lower directory keeps its attributes.

    `linked_before` belongs to hard links: the name that it leads to gets its entry further on in the same tar, so it
    leads to what lower layers have there.

    Where a merged view is looked at, a hard link is what its target is: a file, whose `linkname` names the target.
    """

    path: str
    kind: Kind = Kind.FILE
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime_ns: int = 0
    content: Content = EMPTY
    linkname: str = ""
    device: tuple[int, int] = (0, 0)
    xattrs: tuple[tuple[str, bytes], ...] = ()
    opaque: bool = False
    inode: int = 0
    implied: bool = False
    linked_before: bool = False

    @property
    def size_bytes(self) -> int:
        """Bytes of a file's content; 0 for all other kinds."""
        return self.content.size_bytes

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def is_whiteout(self) -> bool:
        return self.kind is Kind.WHITEOUT
