"""The headers of a layer's tar, read fast: column by column where they say nothing unusual, as most do.

Whatever is unusual in any way is left to `tar.Reader`, entry by entry: there is one reading of what a header means, and
one of what is wrong with it.
"""

import struct
from collections.abc import Callable, Iterator
from zlib import adler32

from layerviz.engine.changeset import Batch, Header
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.images.problems import Report
from layerviz.images.tar import BLOCK_BYTES, Member, Place, Reader
from layerviz.images.windows import Window

_HEADER = struct.Struct("100s24s12s12s8s356s")
"""name, mode and uid and gid, size, mtime, checksum, and the tail: type, linkname, magic, names of owners, devices,
prefix. The tails of most headers are the same."""
_SUMMED = 148
"""Bytes before the checksum."""
_BATCH = 4096
_FILE, _DIRECTORY, _SYMLINK = b"052"
_SLASH = ord("/")
_ENDS = frozenset((b"\0", b" ", b"\0 ", b" \0"))
"""What stands behind a number's digits."""
_TOLD_EVERY = 1 << 20
_REMEMBERED = 1 << 16
_UNBOUNDED = 1 << 63

_Tail = tuple[int, int, bytes, bytes]
"""Type, sum (with what the checksum's own field adds), prefix, linkname."""


def headers(
    source: Window,
    place: Place,
    reports: list[Report],
    origin: str,
    start: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Header | Batch]:
    """What `tar.members` reads, for `changeset.from_changeset`. Contents lie in `origin`, from its byte `start` on.

    `progress` hears how far the reading came. Raises `ImageProblem` as `tar.members` does.
    """
    scan = _Scan(source, Reader(source, place, reports), start)
    told = -_TOLD_EVERY
    while True:
        if progress and scan.reader.next_header - told >= _TOLD_EVERY:
            told = scan.reader.next_header
            progress(told)
        scan.run()
        if len(scan.names) >= _BATCH:
            yield scan.batch()
        member = scan.reader.next()
        if member is None:
            break
        if not scan.takes(member):
            if scan.names:
                yield scan.batch()
            yield _header(member, origin, start)
    if scan.names:
        yield scan.batch()


class _Scan:
    """Columns being filled."""

    def __init__(self, source: Window, reader: Reader, start: int) -> None:
        self.source = source
        self.reader = reader
        self.start = start
        self.numbers: dict[bytes, int] = {}
        self.times: dict[bytes, int] = {}
        self.file_tail, self.directory_tail = b"", b""
        self.tails: dict[bytes, _Tail] = {}
        self._clear()

    def _clear(self) -> None:
        self.names: list[bytes] = []
        self.typeflags = bytearray()
        self.attributes: list[tuple[int, int, int]] = []
        self.mtimes: list[int] = []
        self.sizes: list[int] = []
        self.offsets: list[int] = []
        self.links: dict[int, bytes] = {}

    def batch(self) -> Batch:
        names = self.names
        if b"\0" in b"".join(names):
            names = [name.partition(b"\0")[0] for name in names]
        columns = self.attributes, self.mtimes, self.sizes, self.offsets
        full = Batch(names, bytes(self.typeflags), *columns, self.links)
        self._clear()
        return full

    def takes(self, member: Member) -> bool:
        """Whether an entry that was read with care says nothing that has no column."""
        kind = ord(member.type)
        if member.xattrs or kind not in (_FILE, _DIRECTORY, _SYMLINK) or (kind == _FILE and member.name[-1:] == b"/"):
            return False
        if kind == _SYMLINK:
            self.links[len(self.names)] = member.linkname
        self.names.append(member.name)
        self.typeflags.append(kind)
        self.attributes.append((member.mode, member.uid, member.gid))
        self.mtimes.append(member.mtime_ns)
        self.sizes.append(member.size)
        self.offsets.append(self.start + member.data if member.size else -1)
        return True

    def run(self) -> None:
        """Reads on to the first header that needs care, to the end of what is at hand, or of a batch."""
        reader = self.reader
        if reader.defaults:
            return
        at = reader.next_header
        window, base = self.source.window(at)
        length = self.source.length
        limit = _UNBOUNDED if length is None else length
        last_header = base + len(window) - BLOCK_BYTES
        unpack, summed, block = _HEADER.unpack_from, _SUMMED, BLOCK_BYTES
        attributes_of, number_of, time_of = reader.attributes.get, self.numbers.get, self.times.get
        add_name, add_type, add_attributes = self.names.append, self.typeflags.append, self.attributes.append
        add_time, add_size, add_offset = self.mtimes.append, self.sizes.append, self.offsets.append
        start = self.start + block
        header, end = reader.last
        file_tail, directory_tail = self.file_tail, self.directory_tail
        file_sum, directory_sum = _sum(file_tail), _sum(directory_tail)
        for _ in range(_BATCH - len(self.names)):
            if at > last_header:
                break
            place = at - base
            name, attributes, size_field, time_field, sum_field, tail = unpack(window, place)
            prefix = link = b""
            if tail == file_tail:
                kind, tail_sum = _FILE, file_sum
            elif tail == directory_tail:
                kind, tail_sum = _DIRECTORY, directory_sum
            else:
                read = self._tail(tail)
                if read is None:
                    break
                kind, tail_sum, prefix, link = read
                if not prefix and kind == _FILE:
                    file_tail, file_sum = tail, tail_sum
                elif not prefix and kind == _DIRECTORY:
                    directory_tail, directory_sum = tail, tail_sum
            owner = attributes_of(attributes)
            claimed = number_of(sum_field)
            if claimed is None:
                claimed = self._number(sum_field)
            time = time_of(time_field)
            if time is None:
                time = self._time(time_field)
            size = number_of(size_field)
            if size is None:
                size = self._number(size_field)
            # adler32's low half is 1 + the sum of all bytes: one C call instead of adding up numbers.
            if (
                owner is None
                or size < 0
                or time < 0
                or claimed != (adler32(window[place : place + summed]) & 0xFFFF) + tail_sum
            ):
                break
            name = name.rstrip(b"\0")
            if prefix:
                name = prefix + b"/" + name
            if kind == _FILE:
                content_end = at + block + size
                if not name or name[-1] == _SLASH or content_end > limit:
                    break
                end = content_end
                add_size(size)
                add_offset(start + at if size else -1)
            else:
                if not name:
                    break
                if kind == _SYMLINK:
                    self.links[len(self.names)] = link
                end = at + block
                add_size(0)
                add_offset(-1)
            add_name(name)
            add_type(kind)
            add_attributes(owner)
            add_time(time)
            header = at
            at = (end + 511) & -512
        reader.next_header, reader.last = at, (header, end)
        self.file_tail, self.directory_tail = file_tail, directory_tail

    def _tail(self, tail: bytes) -> _Tail | None:
        """What a tail says that is not the one of most files or directories; None where it needs care."""
        known = self.tails.get(tail)
        if known is not None:
            return known
        kind, magic = tail[0], tail[101:109]
        if kind not in (_FILE, _DIRECTORY, _SYMLINK):
            return None
        prefix = link = b""
        if magic == b"ustar\x0000" and tail[352:] != b"tar\0":
            prefix = tail[189:344].partition(b"\0")[0]
        elif magic != b"ustar  \0":
            return None
        if kind == _SYMLINK:
            link = tail[1:101].partition(b"\0")[0]
            return (kind, _sum(tail), prefix, link) if link else None
        read = kind, _sum(tail), prefix, link
        if len(self.tails) >= _REMEMBERED // 64:
            self.tails.clear()
        self.tails[tail] = read
        return read

    def _number(self, field: bytes) -> int:
        """An octal number as most writers write it; -1 where it needs care."""
        end = field.lstrip(b"01234567")
        if end not in _ENDS or end == field:
            return -1
        if len(self.numbers) >= _REMEMBERED:
            self.numbers.clear()
        number = self.numbers[field] = int(field[: -len(end)], 8)
        return number

    def _time(self, field: bytes) -> int:
        seconds = self._number(field)
        if seconds < 0:
            return -1
        if len(self.times) >= _REMEMBERED:
            self.times.clear()
        time = self.times[field] = seconds * 1_000_000_000
        return time


def _sum(tail: bytes) -> int:
    """What a header's tail, the blanks that stand for the sum's own field, and adler32's 1 add to the sum."""
    return (adler32(tail[:178]) & 0xFFFF) + (adler32(tail[178:]) & 0xFFFF) - 3 + 8 * ord(" ")


def _header(member: Member, origin: str, start: int) -> Header:
    content = Content((Range(origin, start + member.data, member.size),)) if member.size else EMPTY
    return Header(
        member.name,
        member.type.encode(),
        member.mode,
        member.uid,
        member.gid,
        member.mtime_ns,
        content,
        member.linkname,
        member.device,
        member.xattrs,
    )
