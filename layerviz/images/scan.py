"""The headers of a layer's tar, read fast: column by column where they say nothing unusual, as most do.

Whatever is unusual in any way is left to `tar.Reader`, entry by entry: there is one reading of what a header means, and
one of what is wrong with it.
"""

import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from operator import itemgetter, sub
from struct import Struct
from zlib import adler32

from layerviz.engine.changeset import Batch, Header
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.images.problems import Report
from layerviz.images.tar import BLOCK_BYTES, Member, Place, Reader
from layerviz.images.windows import Window

_HEADER = Struct("100s24s12x12s8s356s")
"""name, mode and uid and gid, size, mtime, checksum, and the tail: type, linkname, magic, names of owners, devices,
prefix. The tails of most headers are the same."""
_SUMMED = itemgetter(slice(148))
"""What stands before the checksum."""
_LOW_HALF = slice(0 if sys.byteorder == "little" else 1, None, 2)
_BATCH = 4096
_FIRST_BATCH = 64
_FILE, _DIRECTORY, _SYMLINK = b"052"
_WITHOUT_CONTENT = _DIRECTORY, _SYMLINK
_SLASH = ord("/")
_NO_SIZE = b"00000000000\0"
_ENDS = frozenset((b"\0", b" ", b"\0 ", b" \0"))
"""What stands behind a number's digits."""
_TOLD_EVERY = 1 << 20
_REMEMBERED = 1 << 16
_UNBOUNDED = 1 << 63


class _Odd(Exception):
    """A header that needs care."""


class _Tail(tuple[int, int, bytes, bytes]):
    """Type, what it adds to the sum, prefix, linkname."""

    __slots__ = ()


_NO_TAIL = _Tail((0, 0, b"", b""))


class Fields:
    """What fields of headers say, remembered from layer to layer: looking one up is several times faster than reading
    it."""

    def __init__(self) -> None:
        self.numbers = _Numbers()
        self.times = _Times()
        self.owners = _Owners()
        self.tails = _Tails()


class _Numbers(dict[bytes, int]):
    """Octal numbers, as most writers write them."""

    def __missing__(self, field: bytes) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        number = self[field] = _number(field)
        return number


class _Times(dict[bytes, int]):
    def __missing__(self, field: bytes) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        time = self[field] = _number(field) * 1_000_000_000
        return time


class _Owners(dict[bytes, tuple[int, int, int]]):
    """Mode, uid and gid."""

    def __missing__(self, field: bytes) -> tuple[int, int, int]:
        if len(self) >= _REMEMBERED:
            self.clear()
        owner = self[field] = _number(field[:8]) & 0o7777, _number(field[8:16]), _number(field[16:])
        return owner


class _Tails(dict[bytes, _Tail]):
    def __missing__(self, tail: bytes) -> _Tail:
        kind, magic = tail[0], tail[101:109]
        prefix = link = b""
        if magic == b"ustar\x0000" and tail[352:] != b"tar\0":
            prefix = tail[189:344].partition(b"\0")[0]
        elif magic != b"ustar  \0":
            raise _Odd
        # adler32's low half is 1 + the sum of all bytes, which for half a tail stays below 65,521: one C call instead
        # of adding numbers up.
        added = (adler32(tail[:178]) & 0xFFFF) + (adler32(tail[178:]) & 0xFFFF) - 3 + 8 * ord(" ")
        if kind == _SYMLINK:
            link = tail[1:101].partition(b"\0")[0]
            if not link:
                raise _Odd
            return _Tail((kind, added, prefix, link))
        if len(self) >= _REMEMBERED // 64:
            self.clear()
        read = self[tail] = _Tail((kind, added, prefix, link))
        return read


def _number(field: bytes) -> int:
    end = field.lstrip(b"01234567")
    if end not in _ENDS or end == field:
        raise _Odd
    return int(field[: -len(end)], 8)


def headers(
    source: Window,
    place: Place,
    reports: list[Report],
    origin: str,
    start: int = 0,
    progress: Callable[[int], None] | None = None,
    fields: Fields | None = None,
) -> Iterator[Header | Batch]:
    """What `tar.members` reads, for `changeset.from_changeset`. Contents lie in `origin`, from its byte `start` on.

    `progress` hears how far the reading came. Raises `ImageProblem` as `tar.members` does.
    """
    scan = _Scan(source, Reader(source, place, reports), start, fields or Fields())
    told = -_TOLD_EVERY
    while True:
        if progress and scan.reader.next_header - told >= _TOLD_EVERY:
            told = scan.reader.next_header
            progress(told)
        if scan.run():
            continue
        if len(scan.names) >= _BATCH:
            yield scan.batch()
            continue
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
    """Columns being filled.

    A loop goes from header to header and looks at size and type only; what the headers gathered say beyond that is read
    column by column, each with a few calls for thousands of headers.
    """

    def __init__(self, source: Window, reader: Reader, start: int, fields: Fields) -> None:
        self.source = source
        self.reader = reader
        self.start = start
        self.fields = fields
        self.most = _FIRST_BATCH
        """How many headers to gather next: few where one needed care just before."""
        self.waiting = self.patience = 0
        """How many entries to read with care before the next try, and before the one after that."""
        self.file_tail = self.directory_tail = b""
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

    def run(self) -> bool:
        """Reads on to the first header that needs care, to the end of what is at hand, or of a batch. Whether there may
        be more to read."""
        room = _BATCH - len(self.names)
        if self.waiting or self.reader.defaults or room <= 0:
            self.waiting = max(self.waiting - 1, 0)
            return False
        blocks, places, sizes, following = self._gathered(min(room, self.most))
        wanted = len(blocks)
        if not wanted:
            return False
        count = self._filled(blocks, places, sizes)
        if count:
            self.reader.last = places[count - 1], places[count - 1] + BLOCK_BYTES + sizes[count - 1]
        if count < wanted:
            self.reader.next_header = places[count]
            self.most = 2 * count + 2
            self.patience = 0 if count else min(2 * self.patience + 1, _FIRST_BATCH)
            self.waiting = self.patience
            return False
        self.reader.next_header = following
        self.most = min(2 * self.most, _BATCH)
        return True

    def _gathered(self, most: int) -> tuple[list[bytes], list[int], list[int], int]:
        """Headers one after another, where they begin and what sizes they say; where the next one begins."""
        at = self.reader.next_header
        window, base = self.source.window(at)
        length = self.source.length
        end = base + len(window) if length is None else min(base + len(window), length)
        limit = _UNBOUNDED if length is None else length
        size_of = self.fields.numbers
        blocks: list[bytes] = []
        places: list[int] = []
        sizes: list[int] = []
        add_block, add_place, add_size = blocks.append, places.append, sizes.append
        for _ in range(most):
            if at + BLOCK_BYTES > end:
                break
            begin = at - base
            block = window[begin : begin + 512]
            kind = block[156]
            if kind == _FILE:
                try:
                    size = size_of[block[124:136]]
                except _Odd:
                    break
                following = at + 512 + size
                if following > limit:
                    break
                following = (following + 511) & -512
            elif kind in _WITHOUT_CONTENT and block[124:136] == _NO_SIZE:
                size = 0
                following = at + 512
            else:
                break
            add_block(block)
            add_place(at)
            add_size(size)
            at = following
        return blocks, places, sizes, at

    def _filled(self, blocks: list[bytes], places: list[int], sizes: list[int]) -> int:
        """Takes the headers up to the first that needs care; how many these are."""
        try:
            self._fill(blocks, places, sizes)
        except _Odd:
            half = len(blocks) // 2
            if not half:
                return 0
            count = self._filled(blocks[:half], places[:half], sizes[:half])
            return count if count < half else half + self._filled(blocks[half:], places[half:], sizes[half:])
        return len(blocks)

    def _fill(self, blocks: list[bytes], places: list[int], sizes: list[int]) -> None:
        fields = self.fields
        rows = _HEADER.iter_unpack(b"".join(blocks))
        padded, owner_fields, time_fields, sum_fields, tail_fields = zip(*rows, strict=True)
        tails = self._tails(tail_fields)
        owners = list(map(fields.owners.__getitem__, owner_fields))
        times = list(map(fields.times.__getitem__, time_fields))
        claimed = map(fields.numbers.__getitem__, sum_fields)
        sums = memoryview(array("I", map(adler32, map(_SUMMED, blocks)))).cast("B").cast("H")[_LOW_HALF]
        names = list(map(bytes.rstrip, padded, repeat(b"\0")))
        kinds = bytes(map(itemgetter(0), tails))
        if list(map(sub, claimed, map(itemgetter(1), tails))) != sums.tolist() or not all(names):
            raise _Odd
        if (_FILE, _SLASH) in zip(kinds, map(itemgetter(-1), names), strict=True):
            raise _Odd
        first = len(self.names)
        if any(map(itemgetter(2), tails)):
            names = [tail[2] + b"/" + name if tail[2] else name for tail, name in zip(tails, names, strict=True)]
        if _SYMLINK in kinds:
            self.links.update((first + row, tail[3]) for row, tail in enumerate(tails) if tail[3])
        start = self.start + BLOCK_BYTES
        self.names += names
        self.typeflags += kinds
        self.attributes += owners
        self.mtimes += times
        self.sizes += sizes
        self.offsets += [start + place if size else -1 for place, size in zip(places, sizes, strict=True)]

    def _tails(self, tail_fields: Sequence[bytes]) -> list[_Tail]:
        known = self.fields.tails
        # Hashing 356 bytes takes longer than comparing them with the two that most headers have.
        file_tail, directory_tail = self.file_tail, self.directory_tail
        if not file_tail or not directory_tail:
            for field in tail_fields:
                if field[0] == _FILE:
                    file_tail = field
                elif field[0] == _DIRECTORY:
                    directory_tail = field
            self.file_tail, self.directory_tail = file_tail, directory_tail
        file = known[file_tail] if file_tail else _NO_TAIL
        directory = known[directory_tail] if directory_tail else _NO_TAIL
        return [
            file if field == file_tail else directory if field == directory_tail else known[field]
            for field in tail_fields
        ]


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
