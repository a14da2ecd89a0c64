"""Tar headers read where they lie: v7, ustar, star, GNU and PAX. No content is read, nothing is extracted.

Sources: POSIX.1-2017 `pax`, "ustar Interchange Format" and "pax Extended Header"; GNU tar manual, "Basic Tar Format";
where they are silent, Go's archive/tar, with which docker, podman and umoci read layers.
"""

import struct
import zlib
from array import array
from collections.abc import Iterator
from functools import partial
from itertools import count
from posixpath import commonprefix
from typing import NamedTuple, Protocol

from layerviz.engine.paths import display
from layerviz.images import sparse
from layerviz.images.problems import ImageProblem, Report

BLOCK_BYTES = 512
ZEROS = bytes(BLOCK_BYTES)

_HEADER = struct.Struct("100s24s12s12s8sc100s8s64x16s155s12s")
"""name, mode and uid and gid, size, mtime, checksum, type, linkname, magic, major and minor, prefix, the rest."""
_LARGEST_EXTENSION_BYTES = 1 << 20
"""Of a PAX header or a long name; Go's archive/tar has the same bound."""
_LARGEST_OWNER = (1 << 32) - 1
_LARGEST_SIZE = (1 << 63) - 1
_KINDS = {bytes([letter]): chr(letter) for letter in b"0123456"} | {b"\0": "0", b"7": "0", b"S": "0"}
"""The types that become entries; "7", a contiguous file, and "S", a sparse one, are files."""
_LONG_NAME_BYTES = 256
"""Longer ones do not fit into a header."""
_LARGEST_DIRECTORIES_BYTES = 1 << 27
"""Of the paths of all directories that long names lead through: one of a mebibyte may name half a million."""
_XATTR = "SCHILY.xattr."
_GLOBAL = ("path", "linkpath", "size", "uid", "gid", "mtime")
"""What may be said for all entries: nobody gives all the same attributes, which could be thousands."""
_Pax = dict[str, bytes]
_new = tuple.__new__
"""Half the time that a named tuple's own constructor takes."""


class Source(Protocol):
    """Bytes that are read forwards."""

    def at(self, offset: int, size: int) -> bytes:
        """`size` bytes from `offset`, which never lies before an earlier one; fewer only where the bytes end."""

    @property
    def length(self) -> int | None:
        """How many bytes there are in all; None while that is not known."""


class Place(NamedTuple):
    """Which tar is read, for messages: a file, which layer of it (0: the archive itself), and where it begins in it."""

    file: str
    layer: int = 0
    start: int = 0

    def at(self, offset: int) -> str:
        layer = f", layer {self.layer}" if self.layer else ""
        return f"{self.file}{layer}, byte {self.start + offset}"

    def whole(self) -> str:
        return f"{self.file}, layer {self.layer}" if self.layer else self.file


class Member(NamedTuple):
    """One entry as its headers say: raw names, its type as tar's letter ("0": any file), and where it lies.

    Of a sparse file `size` bytes are its `segments` (see `sparse.Sparse`), which lie at `data` one after another, and
    zeros between them.
    """

    name: bytes
    type: str
    mode: int
    uid: int
    gid: int
    size: int
    mtime_ns: int
    linkname: bytes
    device: tuple[int, int]
    xattrs: tuple[tuple[str, bytes], ...]
    header: int
    data: int
    segments: "array[int] | None" = None


def members(source: Source, place: Place, reports: list[Report]) -> Iterator[Member]:
    """All entries in order. What is odd but legible is added to `reports`.

    Raises `ImageProblem` naming file, layer and offset at a checksum, size, owner, extension or map of a sparse file
    that is wrong, and where the bytes end too early.
    """
    reader = Reader(source, place, reports)
    while (member := reader.next()) is not None:
        yield member


def looks_like_tar(block: bytes) -> bool:
    """Whether a file that begins so may be a tar archive, damaged perhaps: the magic, the sum, or the end mark."""
    if len(block) < BLOCK_BYTES:
        return False
    digits = block[148:156].strip(b" \0")
    counted = sum(block[:148]) + 8 * ord(" ") + sum(block[156:])
    return block[257:262] == b"ustar" or block == ZEROS or (digits.isdigit() and digits == b"%o" % counted)


class Reader:
    """Reads entry after entry. Who knows better may go on for it: `next_header` is where the next header begins,
    `last` where the last entry's header began and its content ends (a stream shows only later whether that is true),
    `defaults` what a global PAX header says of all entries from there on, `attributes` mode, uid and gid by their
    fields.
    """

    __slots__ = (
        "_directories_bytes",
        "_length",
        "_long_name",
        "_place",
        "_reports",
        "_segments_left",
        "_source",
        "_sums",
        "attributes",
        "defaults",
        "last",
        "next_header",
    )

    def __init__(self, source: Source, place: Place, reports: list[Report]) -> None:
        self._source = source
        self._place = place
        self._reports = reports
        self.next_header = 0
        self.last = (0, 0)
        self.defaults: _Pax = {}
        # Modes with owners, and checksums, repeat: looking a field up is several times faster than parsing it.
        self.attributes: dict[bytes, tuple[int, int, int]] = {}
        self._sums: dict[bytes, int] = {}
        self._length = source.length
        self._long_name = b""
        self._directories_bytes = 0
        self._segments_left = sparse.MOST_SEGMENTS

    def next(self) -> Member | None:
        """The next entry, its extensions applied, or None at the end."""
        pax: _Pax | None = None
        long_name: bytes | None = None
        long_link: bytes | None = None
        while True:
            at = self.next_header
            block = self._source.at(at, BLOCK_BYTES)
            if len(block) < BLOCK_BYTES or (block[0] == 0 and block == ZEROS):
                if pax is not None or long_name is not None or long_link is not None:
                    raise self._problem(at, "extension_alone")
                self._check_end(at, block)
                return None
            fields = _HEADER.unpack(block)
            # adler32's low half is 1 + the sum of all bytes, modulo 65521: one C call instead of adding 512 numbers.
            # Only a header whose true sum is 65521 away from the one it claims would slip through.
            if self._sums.get(fields[4]) != zlib.adler32(block) & 0xFFFF:
                self._check_sum(at, block, fields[4])
            letter = fields[5]
            if letter not in b"xgXLKV":
                return self._member(at, fields, self._merged(self.defaults, pax), long_name, long_link)
            if letter == b"V":
                # A volume's label, which GNU tar writes first: no entry.
                self.next_header = at + BLOCK_BYTES + _padded(self._number(at, fields[2], "size"))
                continue
            data = self._extension(at, fields[2])
            if letter == b"L":
                long_name = data.partition(b"\0")[0]
            elif letter == b"K":
                long_link = data.partition(b"\0")[0]
            elif letter == b"g":
                records = self._records(at, data)
                if sparse.is_said(records):
                    raise self._problem(at, "sparse")
                self.defaults = self._merged(self.defaults, {key: records[key] for key in _GLOBAL if key in records})
            else:
                pax = self._records(at, data)

    def _member(
        self, at: int, fields: tuple[bytes, ...], pax: _Pax, long_name: bytes | None, long_link: bytes | None
    ) -> Member:
        name, attributes, size, mtime, _sum, letter, linkname, magic, device, prefix, tail = fields
        kind = _KINDS.get(letter, "")
        if not kind:
            raise self._problem(at, "unknown_type", type=ascii(letter.decode("latin-1")))
        name = self._name(name, prefix, magic, tail) if long_name is None else long_name
        if letter == b"\0" and name.endswith(b"/"):
            kind = "5"
        link = b""
        if kind in "12":
            link = linkname.partition(b"\0")[0] if long_link is None else long_link
        size_bytes = self._number(at, size, "size")
        mode, uid, gid = self.attributes.get(attributes) or self._attributes(at, attributes)
        mtime_ns = self._number(at, mtime, "time") * 1_000_000_000
        xattrs: tuple[tuple[str, bytes], ...] = ()
        if pax:
            name = pax.get("path", name)
            link = pax.get("linkpath", link) if kind in "12" else link
            size_bytes = self._decimal(at, pax, "size", size_bytes, "size")
            uid = self._decimal(at, pax, "uid", uid, "owner")
            gid = self._decimal(at, pax, "gid", gid, "owner")
            mtime_ns = self._time(at, pax["mtime"]) if "mtime" in pax else mtime_ns
            xattrs = tuple(
                sorted((key.removeprefix(_XATTR), value) for key, value in pax.items() if key.startswith(_XATTR))
            )
        data, segments = at + BLOCK_BYTES, None
        if letter == b"S" or (pax and sparse.is_said(pax)):
            if kind != "0":
                raise self._problem(at, "sparse")
            found = self._sparse(at, fields, pax, size_bytes)
            name, size_bytes, segments = found.name or name, found.size, found.segments
            data += found.ahead
        if uid > _LARGEST_OWNER or gid > _LARGEST_OWNER:
            raise self._problem(at, "owner", got=max(uid, gid))
        if b"\0" in name or b"\0" in link:
            raise self._problem(at, "nul_in_name")
        if not link and kind in "12":
            raise self._problem(at, "link_to_nothing")
        if len(name) > _LONG_NAME_BYTES:
            self._check_directories(at, name)
        if kind != "0":
            # Links, devices, directories, fifos: whatever their size field says, no content follows.
            size_bytes = 0
        end = data + (size_bytes if segments is None else sum(segments[1::2]))
        if self._length is not None and end > self._length:
            raise self._cut(at, self._length, end)
        if size_bytes > _LARGEST_SIZE:
            # Of a stream nobody knows yet where it ends: long before that.
            self._source.at(end, 1)
            raise self._cut(at, self._source.length or end, end)
        self.last = (at, end)
        self.next_header = (end + BLOCK_BYTES - 1) & -BLOCK_BYTES
        numbers = self._device(at, device) if kind in "34" else (0, 0)
        return _new(
            Member, (name, kind, mode, uid, gid, size_bytes, mtime_ns, link, numbers, xattrs, at, data, segments)
        )

    def _sparse(self, at: int, fields: tuple[bytes, ...], pax: _Pax, stored: int) -> sparse.Sparse:
        self._check_content(at, at + BLOCK_BYTES, stored)
        *_, letter, _link, magic, _device, prefix, tail = fields
        said = sparse.Said(
            magic, prefix + tail, pax, stored, self._following(at), partial(self._number, at, what="sparse_map")
        )
        try:
            found = (sparse.old if letter == b"S" else sparse.new)(said, self._segments_left)
        except sparse.Wrong as wrong:
            raise self._problem(at, wrong.key, **wrong.values) from None
        self._segments_left -= len(found.segments) // 2
        return found

    def _following(self, at: int) -> Iterator[bytes]:
        """The blocks behind a header, one by one."""
        for begin in count(at + BLOCK_BYTES, BLOCK_BYTES):
            block = self._source.at(begin, BLOCK_BYTES)
            if len(block) < BLOCK_BYTES:
                raise self._cut(at, begin + len(block), begin + BLOCK_BYTES)
            yield block

    def _attributes(self, at: int, fields: bytes) -> tuple[int, int, int]:
        mode = self._number(at, fields[:8], "mode") & 0o7777
        owners = self._number(at, fields[8:16], "owner"), self._number(at, fields[16:], "owner")
        known = self.attributes[fields] = (mode, *owners)
        return known

    def _device(self, at: int, fields: bytes) -> tuple[int, int]:
        return self._number(at, fields[:8], "device"), self._number(at, fields[8:], "device")

    def _name(self, name: bytes, prefix: bytes, magic: bytes, tail: bytes) -> bytes:
        short = name.partition(b"\0")[0]
        if magic[:6] != b"ustar\0":
            # v7 has no prefix; GNU keeps times where ustar has it.
            return short
        if tail[8:12] == b"tar\0":
            prefix = prefix[:131]
        folder = prefix.partition(b"\0")[0]
        return folder + b"/" + short if folder else short

    def _extension(self, at: int, size_field: bytes) -> bytes:
        size = self._number(at, size_field, "size")
        if size > _LARGEST_EXTENSION_BYTES:
            raise self._problem(at, "extension_too_large", size=size, limit=_LARGEST_EXTENSION_BYTES)
        self._check_content(at, at + BLOCK_BYTES, size)
        data = self._source.at(at + BLOCK_BYTES, size)
        if len(data) < size:
            raise self._cut(at, at + BLOCK_BYTES + len(data), at + BLOCK_BYTES + size)
        self.next_header = at + BLOCK_BYTES + _padded(size)
        return data

    def _records(self, at: int, data: bytes) -> _Pax:
        """ "<length> <key>=<value>\\n" over and over (POSIX pax, "pax Extended Header")."""
        records: _Pax = {}
        pieces: list[bytes] = []
        start = 0
        while start < len(data):
            blank = data.find(b" ", start, start + 20)
            digits = data[start:blank] if blank > 0 else b""
            end = start + int(digits) if digits.isdigit() else 0
            equals = data.find(b"=", blank, end)
            if end > len(data) or end <= blank or equals < 0 or data[end - 1 : end] != b"\n":
                raise self._problem(at, "pax_record")
            key = data[blank + 1 : equals].decode("utf-8", "surrogateescape")
            value = data[equals + 1 : end - 1]
            start = end
            if key in sparse.PIECES:
                if key != sparse.PIECES[len(pieces) % 2] or not value.isdigit():
                    raise self._problem(at, "sparse_map_field", got=_shown(value[:40]))
                pieces.append(value)
            else:
                records[key] = value
        if pieces:
            records[sparse.MAP] = b",".join(pieces)
        return records

    @staticmethod
    def _merged(defaults: _Pax, own: _Pax | None) -> _Pax:
        # An empty value takes a record back: the header's own field holds again.
        if own is None:
            return defaults
        return {key: value for key, value in {**defaults, **own}.items() if value or key.startswith(_XATTR)}

    def _number(self, at: int, field: bytes, what: str) -> int:
        """Octal digits, or base-256 where the first bit is set (GNU, star)."""
        digits = field.rstrip(b" \0")
        if digits.isdigit() and b"8" not in digits and b"9" not in digits:
            return int(digits, 8)
        if field[0] & 0x80:
            sign_bit = 1 << (len(field) * 8 - 2)
            number = int.from_bytes(field, "big") - 2 * sign_bit
            if number & sign_bit:
                number -= 2 * sign_bit
        else:
            digits = field.lstrip(b" \0").partition(b"\0")[0].rstrip(b" ")
            if not digits:
                return 0
            if digits.strip(b"01234567"):
                raise self._problem(at, f"{what}_field", got=_shown(digits))
            number = int(digits, 8)
        if number < 0 and what != "time":
            raise self._problem(at, f"{what}_negative", got=number)
        return number

    def _decimal(self, at: int, pax: _Pax, key: str, default: int, what: str) -> int:
        value = pax.get(key)
        if value is None:
            return default
        if not value.isdigit() or len(value) > 20:
            raise self._problem(at, f"{what}_field", got=_shown(value[:40]))
        return int(value)

    def _time(self, at: int, value: bytes) -> int:
        seconds, _, fraction = value.partition(b".")
        negative = seconds.startswith(b"-")
        whole = seconds.removeprefix(b"-")
        if not whole.isdigit() or len(whole) > 18 or not (fraction.isdigit() or not fraction):
            raise self._problem(at, "time_field", got=_shown(value[:40]))
        nanoseconds = int(whole) * 1_000_000_000 + int(fraction[:9].ljust(9, b"0"))
        return -nanoseconds if negative else nanoseconds

    def _check_sum(self, at: int, block: bytes, field: bytes) -> None:
        """The header's bytes added up, the sum's own field taken as blanks; some old writers added signed bytes."""
        claimed = self._number(at, field, "checksum")
        counted = block[:148] + b" " * 8 + block[156:]
        if sum(counted) == claimed:
            self._sums[field] = (1 + sum(block)) % 65521
        elif sum(byte - 256 if byte > 127 else byte for byte in counted) != claimed:
            raise self._problem(at, "checksum", got=sum(counted), claimed=claimed)

    def _check_directories(self, at: int, name: bytes) -> None:
        """Those that the long name before led through are not counted again."""
        shared = len(commonprefix((self._long_name, name)))
        self._long_name = name
        self._directories_bytes += name.count(b"/", shared) * len(name)
        if self._directories_bytes > _LARGEST_DIRECTORIES_BYTES:
            raise self._problem(at, "too_deep", limit=_LARGEST_DIRECTORIES_BYTES)

    def _check_content(self, at: int, data: int, size: int) -> None:
        if self._length is not None and data + size > self._length:
            raise self._cut(at, self._length, data + size)

    def _check_end(self, at: int, block: bytes) -> None:
        length = self._source.length
        header, content_end = self.last
        if length is not None and length < content_end:
            raise self._cut(header, length, content_end)
        if block and len(block) < BLOCK_BYTES:
            raise self._cut(at, at + len(block), at + BLOCK_BYTES)
        if not block:
            self._reports.append(Report(self._place.at(at), "no_end_mark"))
            return
        second = self._source.at(at + BLOCK_BYTES, BLOCK_BYTES)
        if second != ZEROS[: len(second)]:
            raise self._problem(at + BLOCK_BYTES, "after_end")
        if len(second) < BLOCK_BYTES:
            self._reports.append(Report(self._place.at(at + BLOCK_BYTES + len(second)), "no_end_mark"))

    def _cut(self, at: int, got: int, expected: int) -> ImageProblem:
        return self._problem(at, "cut", got=self._place.start + got, expected=self._place.start + expected)

    def _problem(self, at: int, key: str, **values: object) -> ImageProblem:
        return ImageProblem(self._place.at(at), key, values)


def _shown(field: bytes) -> str:
    return display(field.decode("utf-8", "surrogateescape"))


def _padded(size: int) -> int:
    return (size + BLOCK_BYTES - 1) // BLOCK_BYTES * BLOCK_BYTES
