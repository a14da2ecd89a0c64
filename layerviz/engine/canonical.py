"""The canonical tar of a layer: the bytes whose SHA-256 is the DiffID of what is built here.

USTAR headers exactly as Python's tarfile writes them; PAX records only for what USTAR cannot say. Numeric owners, no
names; whole seconds; a directory, then its opaque marker, then whiteouts, then its other children, by the names' bytes;
two blocks of zeros at the end and no padding.
"""

from collections.abc import Iterator

from layerviz.engine import paths
from layerviz.engine.changeset import OPAQUE_MARKER, WHITEOUT_PREFIX
from layerviz.engine.content import Reader, lent_reader
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.world import Entries

BLOCK_BYTES = 512
END = bytes(2 * BLOCK_BYTES)

_TYPEFLAGS = {
    Kind.FILE: b"0",
    Kind.HARDLINK: b"1",
    Kind.SYMLINK: b"2",
    Kind.CHAR: b"3",
    Kind.BLOCK: b"4",
    Kind.DIR: b"5",
    Kind.FIFO: b"6",
}
_MAX_NAME, _MAX_PREFIX, _MAX_LINK = 100, 155, 100
_MAX_ID, _MAX_SIZE = 0o7777777, 0o77777777777
_MARKER_MODE = 0o600


def tar(entries: Entries, reader: Reader = lent_reader) -> Iterator[bytes]:
    """The tar in pieces. `reader` gives the bytes of contents that lie in an archive."""
    for entry in in_tar_order(entries):
        if entry.is_whiteout:
            directory, name = paths.parent(entry.path), paths.base(entry.path)
            yield _marker(paths.join(directory, WHITEOUT_PREFIX + name), entry)
            continue
        if not entry.implied:
            yield _headers(entry)
            if entry.kind is Kind.FILE:
                yield from entry.content.chunks(reader)
                yield bytes(-entry.size_bytes % BLOCK_BYTES)
        if entry.opaque:
            yield _marker(paths.join(entry.path, OPAQUE_MARKER), entry)
    yield END


def in_tar_order(entries: Entries) -> Iterator[Entry]:
    """All rows: a directory before what it holds, its whiteouts before its other children."""
    rows = range(len(entries))
    whiteouts = sorted(
        ((_before_siblings(entry.path), row) for row in rows if (entry := entries.entry(row)).is_whiteout), reverse=True
    )
    for row in rows:
        entry = entries.entry(row)
        if entry.is_whiteout:
            continue
        while whiteouts and whiteouts[-1][0] < paths.key(entry.path):
            yield entries.entry(whiteouts.pop()[1])
        yield entry
    for _, row in reversed(whiteouts):
        yield entries.entry(row)


def _before_siblings(path: str) -> bytes:
    """Sorts after the directory that `path` stands in, and before all that it holds: no name begins with NUL."""
    return paths.key(paths.parent(path)) + b"\0\0" + paths.key(path)


def _marker(path: str, entry: Entry) -> bytes:
    return _headers(Entry(path, Kind.FILE, _MARKER_MODE, mtime_ns=entry.mtime_ns))


def _headers(entry: Entry) -> bytes:
    """The header of `entry`, behind one with PAX records where USTAR cannot say it all."""
    name = _name(entry.path) + (b"/" if entry.kind is Kind.DIR else b"")
    linkname = _linkname(entry)
    size = entry.size_bytes if entry.kind is Kind.FILE else 0
    seconds = entry.mtime_ns // 10**9
    records: dict[bytes, bytes] = {}
    fitted = _fitted(name)
    if fitted is None or not _is_plain(name):
        records[b"path"] = name
    if len(linkname) > _MAX_LINK or not _is_plain(linkname):
        records[b"linkpath"] = linkname
    numbers = {b"uid": (entry.uid, _MAX_ID), b"gid": (entry.gid, _MAX_ID), b"size": (size, _MAX_SIZE)}
    numbers[b"mtime"] = (seconds, _MAX_SIZE)
    for key, (number, most) in numbers.items():
        if not 0 <= number <= most:
            records[key] = b"%d" % number
    for attribute, value in entry.xattrs:
        records[b"SCHILY.xattr." + attribute.encode("utf-8", "surrogateescape")] = value
    if any(not _is_utf8(records.get(key, b"")) for key in (b"path", b"linkpath")):
        records = {b"hdrcharset": b"BINARY", **records}
    prefix, rest = fitted or (b"", name[:_MAX_NAME])
    header = _block(
        rest,
        prefix,
        _TYPEFLAGS[entry.kind],
        mode=entry.mode,
        uid=0 if b"uid" in records else entry.uid,
        gid=0 if b"gid" in records else entry.gid,
        size=0 if b"size" in records else size,
        mtime=0 if b"mtime" in records else seconds,
        linkname=linkname[:_MAX_LINK],
        device=entry.device if entry.kind in (Kind.CHAR, Kind.BLOCK) else None,
    )
    return _pax(records) + header if records else header


def _pax(records: dict[bytes, bytes]) -> bytes:
    body = b"".join(_record(key, value) for key, value in records.items())
    block = _block(b"././@PaxHeader", b"", b"x", mode=0o644, uid=0, gid=0, size=len(body), mtime=0)
    return block + body + bytes(-len(body) % BLOCK_BYTES)


def _record(key: bytes, value: bytes) -> bytes:
    """`LENGTH KEY=VALUE`, the length counting its own digits."""
    rest = b" %s=%s\n" % (key, value)
    length = len(rest)
    while length != len(rest) + len(str(length)):
        length = len(rest) + len(str(length))
    return b"%d%s" % (length, rest)


def _block(
    name: bytes,
    prefix: bytes,
    typeflag: bytes,
    *,
    mode: int,
    uid: int,
    gid: int,
    size: int,
    mtime: int,
    linkname: bytes = b"",
    device: tuple[int, int] | None = None,
) -> bytes:
    devices = b"".join(_octal(number, 8) for number in device) if device else bytes(16)
    numbers = _octal(mode, 8) + _octal(uid, 8) + _octal(gid, 8) + _octal(size, 12) + _octal(mtime, 12)
    before = name.ljust(100, b"\0") + numbers
    after = typeflag + linkname.ljust(100, b"\0") + b"ustar\x0000" + bytes(64) + devices + prefix.ljust(155, b"\0")
    padded = (after + bytes(12))[: BLOCK_BYTES - len(before) - 8]
    checksum = sum(before) + sum(padded) + 8 * ord(" ")
    return before + b"%06o\0 " % checksum + padded


def _octal(number: int, width: int) -> bytes:
    return b"%0*o\0" % (width - 1, number)


def _name(path: str) -> bytes:
    """The path as tars name it: from the root, without a leading slash; the root itself is "."."""
    return path[1:].encode("utf-8", "surrogateescape") or b"."


def _linkname(entry: Entry) -> bytes:
    if entry.kind is Kind.HARDLINK:
        return _name(entry.linkname)
    return entry.linkname.encode("utf-8", "surrogateescape") if entry.kind is Kind.SYMLINK else b""


def _fitted(name: bytes) -> tuple[bytes, bytes] | None:
    """USTAR's prefix and name fields; None where the name fits neither in one nor cut at a slash."""
    if len(name) <= _MAX_NAME:
        return b"", name
    cut = name.find(b"/", len(name) - _MAX_NAME - 1)
    prefix, rest = name[:cut], name[cut + 1 :]
    return (prefix, rest) if 0 < cut <= _MAX_PREFIX and rest else None


def _is_plain(name: bytes) -> bool:
    return name.isascii() or not _is_utf8(name)


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
