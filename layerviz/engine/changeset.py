"""From the entries of a layer's tar, as its headers name them, to the rows of a table: the rules of a changeset.

Source of the rules: image-spec, layer.md. Where it is silent, umoci's `oci/layer` and moby's go-archive `diff.go`
are named beside the rule.
"""

import posixpath
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from layerviz.engine import paths
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.packed import Packed
from layerviz.engine.rows import Rows
from layerviz.engine.table import CODES, HARDLINK, WHITEOUT, Table

WHITEOUT_PREFIX = ".wh."
OPAQUE_MARKER = ".wh..wh..opq"
_RESERVED_PREFIX = ".wh..wh."
_LINK_STORE = ".wh..wh.plnk/"
_SLASH, _FILE, _HARDLINK = b"/01"

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


class Batch(NamedTuple):
    """Headers one after another, column by column, that say nothing unusual, as most do: files, directories and links
    without extended attributes.

    `uids` and `gids` are columns of "I", the others as in a `Table`; `offsets` where in the source a content lies, -1
    where there is none; `linknames` the links' targets as written, by their place in the columns, in order. No name
    holds a NUL, and only a directory's ends with a slash.
    """

    names: Sequence[bytes]
    typeflags: bytes
    modes: "array[int]"
    uids: "array[int]"
    gids: "array[int]"
    mtimes_ns: "array[int]"
    sizes: "array[int]"
    offsets: "array[int]"
    linknames: Mapping[int, bytes]
    keys: Packed | None = None
    apart: Sequence[int] = ()

    def header(self, place: int, source: str) -> Header:
        size, offset = self.sizes[place], self.offsets[place]
        return Header(
            self.names[place],
            self.typeflags[place : place + 1],
            self.modes[place],
            self.uids[place],
            self.gids[place],
            self.mtimes_ns[place],
            content=Content((Range(source, offset, size),)) if size and offset >= 0 else EMPTY,
            linkname=self.linknames.get(place, b""),
        )


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


_CODES = bytes(CODES[_KINDS.get(bytes([letter]), Kind.FILE)] for letter in range(256))
_SWAPPED = bytes({0: _SLASH, _SLASH: 0}.get(byte, byte) for byte in range(256))
_ODD = re.compile(rb"\0(?:[\0/]|\.(?:\.?[\0/]|wh\.))|(?<![^/])/")
_ODD_DOTS = re.compile(rb"\0\.(?:\.?[\0/]|wh\.)")
"""Among keys that each end in a slash: an empty name or component, `.`, `..`, what begins like a whiteout."""


_UNCLEAN = re.compile(rb"\A(?:\Z|/|\.)|/(?:\Z|/|\.)")
"""In a path as written: what may be more than names with a slash between them, or begins like a whiteout."""


def from_changeset(
    headers: Iterable[Header | Batch], source: str = "", rows: Rows | None = None
) -> tuple[Table, tuple[Report, ...]]:
    """The table of a layer's tar, and what is wrong with the tar. `source` is where most of its contents lie; `rows`
    gathers them, if that is wanted.

    Nothing is ever raised for what a tar says: an entry that cannot be taken is left out and reported.
    """
    reading = _Reading(rows if rows is not None else Rows(source))
    for header in headers:
        if isinstance(header, Batch):
            reading.take_batch(header)
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
        self.known: set[bytes] = set()
        """The keys of the first `known_rows` rows, once there was a duplicate."""
        self.known_rows = 0

    def take_batch(self, batch: Batch) -> None:
        """The short way: names that need no cleaning are their own keys."""
        if not batch.typeflags:
            return
        keys: Sequence[bytes]
        apart: Sequence[int]
        keys, apart = (batch.keys, batch.apart) if batch.keys is not None else _keys(batch.names)
        start = 0
        if _HARDLINK in batch.typeflags:
            hard = [at for at in batch.linknames if batch.typeflags[at] == _HARDLINK]
            if self.rows.in_order:
                hard = [at for at in hard if not self._is_usual_link(keys[at], batch.linknames[at])]
            apart = sorted({*apart, *hard})
        links = list(batch.linknames)
        for place in (*apart, len(keys)):
            if start < place:
                within = links[bisect_left(links, start) : bisect_left(links, place)]
                self._take_clean(batch, start, place, keys, within)
            if place == len(keys):
                break
            takes = self._takes_hard_link if batch.typeflags[place] == _HARDLINK else self._takes_whiteout
            if not takes(batch, place, keys[place]):
                self.take(batch.header(place, self.rows.source))
            start = place + 1

    def _takes_whiteout(self, batch: Batch, place: int, key: bytes) -> bool:
        """Takes what is nothing but the whiteout of a path that needs no cleaning, as nearly all whiteouts are."""
        above, _, hidden = key.rpartition(b"\0.wh.")
        if not hidden or hidden.startswith(b".") or b"\0" in hidden or b"\0." in above or b"\0\0" in above + b"\0":
            return False
        if batch.typeflags[place] != _FILE or batch.sizes[place]:
            return False
        hidden_key = above + b"\0" + hidden
        if hidden_key in self.rows.hidden:
            self.report("duplicate", batch.names[place].decode("utf-8", "surrogateescape"))
        self.rows.add_whiteout(hidden_key, batch.mtimes_ns[place])
        return True

    def _takes_hard_link(self, batch: Batch, place: int, key: bytes) -> bool:
        """Takes a hard link whose path and target need no cleaning, as nearly all are."""
        target = batch.linknames[place]
        if not self._is_usual_link(key, target):
            return False
        rows = self.rows
        self._compare_link(batch, place, rows.row(b"\0" + target.replace(b"/", b"\0")))
        if rows.row(key) is not None:
            self.report("duplicate", batch.names[place].decode("utf-8", "surrogateescape"))
        rows.add_hard_link(key, batch.modes[place], "/" + target.decode("utf-8", "surrogateescape"))
        return True

    def _is_usual_link(self, key: bytes, target: bytes) -> bool:
        name = key[1:].replace(b"\0", b"/")
        return not (self.stored_links or name == target or _UNCLEAN.search(name) or _UNCLEAN.search(target))

    def _compare_link(self, batch: Batch, place: int, known: int | None) -> None:
        """Reports a hard link that says something else than what is known of its target."""
        rows = self.rows
        if known is not None and rows.kinds[known] != HARDLINK:
            kept = rows.modes[known], rows.uids[known], rows.gids[known]
            times = rows.mtimes[known] // 10**9, batch.mtimes_ns[place] // 10**9
            attributes = batch.modes[place], batch.uids[place], batch.gids[place]
            if kept != attributes or times[0] != times[1] or known in rows.xattrs:
                self.report("hard-link-attributes", batch.names[place].decode("utf-8", "surrogateescape"))

    def _settle_links(self, batch: Batch, start: int, first: int, links: Sequence[int]) -> None:
        """Makes the rows from `first` on, of what stands from `start` on, hard links where they are."""
        rows = self.rows
        for place in links:
            if batch.typeflags[place] == _HARDLINK:
                row, target = first + place - start, batch.linknames[place]
                known = rows.row(b"\0" + target.replace(b"/", b"\0"))
                self._compare_link(batch, place, known if known is not None and known < row else None)
                rows.make_hard_link(row, "/" + target.decode("utf-8", "surrogateescape"))

    def _take_clean(self, batch: Batch, start: int, end: int, keys: Sequence[bytes], links: Sequence[int]) -> None:
        rows, part = self.rows, slice(start, end)
        before, expected = len(rows), rows.distinct + end - start
        rows.add_plain(
            keys[part],
            batch.typeflags[part].translate(_CODES),
            batch.modes[part],
            batch.uids[part],
            batch.gids[part],
            batch.mtimes_ns[part],
            batch.sizes[part],
            batch.offsets[part],
            {place - start: batch.linknames[place].decode("utf-8", "surrogateescape") for place in links},
        )
        if rows.distinct != expected:
            self._report_duplicates(before, batch.names[part])
        if rows.in_order:
            self._settle_links(batch, start, before, links)

    def _report_duplicates(self, first: int, names: Sequence[bytes]) -> None:
        """Of the names of the rows from `first` on, those whose rows were not the first for their keys."""
        keys, kinds = self.rows.keys, self.rows.kinds
        while self.known_rows < first:
            if kinds[self.known_rows] != WHITEOUT:
                self.known.add(keys[self.known_rows])
            self.known_rows += 1
        for name in names:
            key = keys[self.known_rows]
            self.known_rows += 1
            if key in self.known:
                self.report("duplicate", name.decode("utf-8", "surrogateescape"))
            self.known.add(key)

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
            row = self.rows.row(paths.key(path))
            if row is None or self.rows.kind(row) is not Kind.DIR:
                # Without an entry here it marks a directory of a lower layer, which keeps its attributes.
                if row is not None or (path != paths.ROOT and paths.key(path) not in self.rows.held()):
                    self.report("opaque-without-directory", name)
                if row is None:
                    self.rows.add(Entry(path, Kind.DIR, 0o755, opaque=True, implied=True))
            else:
                self.rows.mark_opaque(row)
        self.rows.mark_links_before_their_targets()
        for path in self.rows.settle():
            self.report("not-in-a-directory", path)
        return self.rows.table()

    def report(self, rule: Rule, name: str) -> None:
        self.reports.append(Report(rule, name))

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
        known = self.rows.row(paths.key(target))
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
        if (key in self.rows.hidden) if entry.is_whiteout else (self.rows.row(key) is not None):
            # Forbidden since image-spec 1.0.0, but met; plain extraction and umoci end with the last one.
            self.report("duplicate", name)
        self.rows.add(entry)


def needs_care(key: bytes) -> bool:
    """Whether what was made a key is that of a name that is no path as it is, or begins like a whiteout."""
    return _ODD.search(key + b"/") is not None


def _keys(names: Sequence[bytes]) -> tuple[list[bytes], list[int]]:
    """The keys of names that need no care, and the places of those that do."""
    # Each name stands between a slash and a NUL. Where the two change places all names become keys in one go.
    joined = b"/%b\0" % b"\0/".join(names)
    if joined.startswith(b"/./"):
        joined = joined[2:].replace(b"\0/./", b"\0/")
    has_double, has_dots = b"//" in joined, b"/." in joined
    joined = joined.replace(b"/\0", b"\0").translate(_SWAPPED)
    keys = joined.split(b"/")
    keys.pop()
    odd = _ODD if has_double or b"" in keys else _ODD_DOTS if has_dots else None
    return keys, _places_of(odd, joined) if odd else []


def _places_of(odd: re.Pattern[bytes], joined: bytes) -> list[int]:
    """Which of the keys, each with a slash behind it, are those of names that need care."""
    places: list[int] = []
    at = place = 0
    for match in odd.finditer(joined):
        place += joined.count(b"/", at, match.start())
        at = match.start()
        if not places or places[-1] != place:
            places.append(place)
    return places


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
