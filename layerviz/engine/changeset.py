"""From the entries of a layer's tar, as its headers name them, to the rows of a table: the rules of a changeset.

Source of the rules: image-spec, layer.md. Where it is silent, umoci's `oci/layer` and moby's go-archive `diff.go`
are named beside the rule.
"""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from layerviz.engine import paths
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Rows, Table

WHITEOUT_PREFIX = ".wh."
OPAQUE_MARKER = ".wh..wh..opq"
_RESERVED_PREFIX = ".wh..wh."
_LINK_STORE = ".wh..wh.plnk/"
_SLASH = ord("/")
_ENDS = b"/."

Rule = Literal[
    "leaves-the-root",
    "invalid-whiteout",
    "reserved-name",
    "unknown-type",
    "not-in-a-directory",
    "duplicate",
    "hard-link-attributes",
    "hard-link-target",
    "whiteout-with-content",
    "opaque-without-directory",
]


@dataclass(frozen=True, slots=True)
class Header:
    """One entry of a tar: what its header says, PAX and GNU records applied, and where its content is.

    `name` and `linkname` are as written, in bytes; `typeflag` is the header's one byte ("0" to "7", or NUL).
    """

    name: bytes
    typeflag: bytes = b"0"
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime_ns: int = 0
    content: Content = EMPTY
    linkname: bytes = b""
    device: tuple[int, int] = (0, 0)
    xattrs: tuple[tuple[str, bytes], ...] = ()


class Plain(NamedTuple):
    """The header of a file or directory that says nothing unusual, as most do: no link, no extended attributes.

    The content lies at `offset` of the source.
    """

    name: bytes
    is_directory: bool
    mode: int
    uid: int
    gid: int
    mtime_ns: int
    size_bytes: int
    offset: int


@dataclass(frozen=True, slots=True)
class Report:
    """A rule that the tar breaks, and the name, as written, where it does."""

    rule: Rule
    name: str


_KINDS = {
    b"0": Kind.FILE,
    b"\0": Kind.FILE,
    b"7": Kind.FILE,
    b"1": Kind.HARDLINK,
    b"2": Kind.SYMLINK,
    b"3": Kind.CHAR,
    b"4": Kind.BLOCK,
    b"5": Kind.DIR,
    b"6": Kind.FIFO,
}


def from_changeset(headers: Iterable[Header | Plain], source: str = "") -> tuple[Table, tuple[Report, ...]]:
    """The table of a layer's tar, and what is wrong with the tar. `source` is where most of its contents lie.

    Nothing is ever raised for what a tar says: an entry that cannot be taken is left out and reported.
    """
    reading = _Reading(Rows(source))
    for header in headers:
        if isinstance(header, Plain):
            reading.take_plain(header)
        else:
            reading.take(header)
    return reading.table(), tuple(reading.reports)


class _Reading:
    """One tar being read."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.reports: list[Report] = []
        self.opaque: dict[str, str] = {}
        self.stored_links: dict[str, Entry | str] = {}
        self.taken: dict[bytes, int] = {}
        """The row of each key that is no whiteout."""
        self.hidden: set[bytes] = set()

    def take_plain(self, header: Plain) -> None:
        """The short way: a name that needs no cleaning is its own key."""
        name, is_directory, mode, uid, gid, mtime_ns, size_bytes, offset = header
        if name.endswith(b"/"):
            name, is_directory = name[:-1], True
        if name.startswith(b"./"):
            name = name[2:]
        if not name or name[0] == _SLASH or name[-1] in _ENDS or b"./" in name or b"//" in name or b".wh." in name:
            self.take(_full(header, self.rows.source))
            return
        key = b"\0" + name.replace(b"/", b"\0")
        if key in self.taken:
            self.report("duplicate", header.name.decode("utf-8", "surrogateescape"))
        size_bytes = 0 if is_directory else size_bytes
        row = self.rows.add_plain(key, is_directory, mode & 0o7777, uid, gid, mtime_ns, size_bytes, offset)
        self.taken[key] = row

    def take(self, header: Header) -> None:
        name = header.name.decode("utf-8", "surrogateescape")
        path = _inside(name)
        if path is None:
            self.report("leaves-the-root", name)
            return
        parts = path.split("/")[1:]
        if any(part.startswith(_RESERVED_PREFIX) for part in parts[:-1]):
            self._take_leftover(header, path)
        elif any(part.startswith(WHITEOUT_PREFIX) for part in parts[:-1]):
            self.report("reserved-name", name)
        elif parts[-1] == OPAQUE_MARKER:
            # Order does not matter: it hides what lower layers have, wherever it stands (layer.md, "Opaque Whiteout").
            self.opaque[paths.parent(path)] = name
        elif parts[-1].startswith(_RESERVED_PREFIX):
            return  # AUFS leftovers, which moby skips too
        elif parts[-1].startswith(WHITEOUT_PREFIX):
            self._take_whiteout(header, path, name)
        else:
            self._take_entry(header, path, name)

    def table(self) -> Table:
        for path, name in self.opaque.items():
            row = self.taken.get(paths.key(path))
            if row is None or self.rows.kind(row) is not Kind.DIR:
                # Without an entry here it marks a directory of a lower layer, which keeps its attributes.
                if row is not None or (path != paths.ROOT and not self._holds(path)):
                    self.report("opaque-without-directory", name)
                if row is None:
                    self.rows.add(Entry(path, Kind.DIR, 0o755, opaque=True, implied=True))
            else:
                self.rows.mark_opaque(row)
        for path in self.rows.drop_below_files():
            self.report("not-in-a-directory", path)
        return self.rows.table()

    def report(self, rule: Rule, name: str) -> None:
        self.reports.append(Report(rule, name))

    def _holds(self, directory: str) -> bool:
        below = paths.key(directory) + b"\0"
        return any(key.startswith(below) for key in self.taken)

    def _take_whiteout(self, header: Header, path: str, name: str) -> None:
        hidden = paths.base(path)[len(WHITEOUT_PREFIX) :]
        if hidden in {"", ".", ".."}:
            self.report("invalid-whiteout", name)
            return
        if header.typeflag not in {b"0", b"\0"} or header.content.size_bytes:
            self.report("whiteout-with-content", name)
        self._add(Entry(paths.join(paths.parent(path), hidden), Kind.WHITEOUT, 0, mtime_ns=header.mtime_ns), name)

    def _take_entry(self, header: Header, path: str, name: str) -> None:
        entry = _entry(header, path, name)
        if entry is None:
            self.report("unknown-type", name)
        elif path == paths.ROOT and entry.kind is not Kind.DIR:
            self.report("leaves-the-root", name)  # it would take the place of the root
        elif entry.kind is Kind.HARDLINK:
            self._take_hard_link(header, entry, name)
        else:
            self._add(entry, name)

    def _take_hard_link(self, header: Header, entry: Entry, name: str) -> None:
        target = _inside(header.linkname.decode("utf-8", "surrogateescape"))
        if target is None or target == entry.path:
            self.report("hard-link-target", name)
            return
        stored = self.stored_links.get(target)
        if isinstance(stored, Entry):
            self.stored_links[target] = entry.path
            self._add(replace(stored, path=entry.path), name)
            return
        known = self.taken.get(paths.key(target))
        if known is not None and self.rows.kind(known) is not Kind.HARDLINK and self._differs(known, header):
            # umoci ignores the header of a link, containers-storage applies it; a file has one set of attributes.
            self.report("hard-link-attributes", name)
        self._add(Entry(entry.path, Kind.HARDLINK, entry.mode, linkname=stored or target), name)

    def _differs(self, row: int, header: Header) -> bool:
        rows = self.rows
        kept = rows.modes[row], rows.uids[row], rows.gids[row], rows.mtimes[row] // 10**9, rows.xattrs.get(row, ())
        return kept != (header.mode & 0o7777, header.uid, header.gid, header.mtime_ns // 10**9, header.xattrs)

    def _take_leftover(self, header: Header, path: str) -> None:
        """AUFS kept linked files below `.wh..wh.plnk`; names in the layer link to them (go-archive diff.go)."""
        if path.startswith("/" + _LINK_STORE) and (entry := _entry(header, path, "")) and entry.kind is Kind.FILE:
            self.stored_links[path] = entry

    def _add(self, entry: Entry, name: str) -> None:
        key = paths.key(entry.path)
        if key in (self.hidden if entry.is_whiteout else self.taken):
            # Forbidden since image-spec 1.0.0, but met; plain extraction and umoci end with the last one.
            self.report("duplicate", name)
        row = self.rows.add(entry)
        if entry.is_whiteout:
            self.hidden.add(key)
        else:
            self.taken[key] = row


def _full(header: Plain, source: str) -> Header:
    content = Content((Range(source, header.offset, header.size_bytes),)) if header.size_bytes else EMPTY
    typeflag = b"5" if header.is_directory else b"0"
    return Header(header.name, typeflag, header.mode, header.uid, header.gid, header.mtime_ns, content)


def _entry(header: Header, path: str, name: str) -> Entry | None:
    kind = _KINDS.get(header.typeflag)
    if kind is Kind.FILE and name.endswith("/"):
        kind = Kind.DIR  # the V7 format had no type for directories
    if kind is None:
        return None
    return Entry(
        path=path,
        kind=kind,
        mode=header.mode & 0o7777,
        uid=header.uid,
        gid=header.gid,
        mtime_ns=header.mtime_ns,
        content=header.content if kind is Kind.FILE else EMPTY,
        linkname=header.linkname.decode("utf-8", "surrogateescape") if kind is Kind.SYMLINK else "",
        device=header.device if kind in (Kind.CHAR, Kind.BLOCK) else (0, 0),
        xattrs=header.xattrs,
    )


def _inside(name: str) -> str | None:
    """The absolute path of a tar's name; None where it leaves the root. moby strips a leading slash, and so do we."""
    clean = posixpath.normpath(name.lstrip("/") or ".")
    if clean == ".." or clean.startswith("../"):
        return None
    return paths.ROOT if clean == "." else f"/{clean}"
