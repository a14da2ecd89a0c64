"""The headers of a layer's tar, read fast: column by column where they say nothing unusual, as most do.

Whatever is unusual in any way is left to `tar.Reader`, entry by entry: there is one reading of what a header means, and
one of what is wrong with it.
"""

from collections.abc import Callable, Iterator
from itertools import chain, repeat
from operator import and_, itemgetter
from zlib import adler32

from layerviz.engine.changeset import Batch, Header
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.images.octal import checksums
from layerviz.images.problems import Report
from layerviz.images.tar import BLOCK_BYTES, Member, Place, Reader
from layerviz.images.windows import Window

_NAME_BYTES = 100
_OWNER = itemgetter(slice(100, 124))
"""Mode, uid and gid."""
_SIZE = itemgetter(slice(124, 136))
_TIME = itemgetter(slice(136, 148))
_CHECKSUM = itemgetter(slice(148, 156))
_KIND = itemgetter(156)
_MAGIC = itemgetter(slice(257, 265))
_PREFIX_BEGINS = itemgetter(345)
_STAR_ENDS = itemgetter(508)
"""Where star has "tar", and all others nothing."""
_LAST = itemgetter(-1)
_POSIX, _GNU = b"ustar\x0000", b"ustar  \0"
_OCTAL = b"01234567"
_BATCH = 4096
_MOST_GATHERED = 512
"""More headers than that would not stay in a processor's cache while their columns are read."""
_FIRST_GATHERED = 64
_FILE, _HARDLINK, _SYMLINK, _DIRECTORY = b"0125"
_LINKS = _HARDLINK, _SYMLINK
_WITHOUT_CONTENT = _DIRECTORY, _HARDLINK, _SYMLINK
_SLASH = ord("/")
_NO_SIZE = b"00000000000\0"
_ENDS = frozenset((b"\0", b" ", b"\0 ", b" \0"))
"""What stands behind a number's digits."""
_CHECKSUM_START = 65_521 - 64
_TOLD_EVERY = 1 << 20
_REMEMBERED = 1 << 16


class _Odd(Exception):
    """A header that needs care."""


class Fields:
    """What fields of headers say, remembered from layer to layer: looking one up is several times faster than reading
    it."""

    def __init__(self) -> None:
        self.times = _Times()
        self.owners = _Owners()


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
        self.most = _FIRST_GATHERED
        """How many headers to gather next: few where one needed care just before."""
        self.waiting = self.patience = 0
        """How many entries to read with care before the next try, and before the one after that."""
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
        columns = self.attributes, self.mtimes, self.sizes, self.offsets
        full = Batch(self.names, bytes(self.typeflags), *columns, self.links)
        self._clear()
        return full

    def takes(self, member: Member) -> bool:
        """Whether an entry that was read with care says nothing that has no column."""
        kind = ord(member.type)
        if member.xattrs or kind not in (_FILE, *_WITHOUT_CONTENT) or (kind == _FILE and member.name[-1:] == b"/"):
            return False
        if kind in _LINKS:
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
            self.patience = 0 if count else min(2 * self.patience + 1, _FIRST_GATHERED)
            self.waiting = self.patience
            return False
        self.reader.next_header = following
        self.most = min(2 * self.most, _MOST_GATHERED)
        return True

    def _gathered(self, most: int) -> tuple[list[bytes], list[int], list[int], int]:
        """Headers one after another, where they begin and what sizes they say; where the next one begins."""
        at = self.reader.next_header
        window, base = self.source.window(at)
        length = self.source.length
        begin = at - base
        last = (len(window) if length is None else min(len(window), length - base)) - BLOCK_BYTES
        file, block_bytes, size_end = _FILE, BLOCK_BYTES, BLOCK_BYTES - 1
        blocks: list[bytes] = []
        places: list[int] = []
        sizes: list[int] = []
        add_block, add_place, add_size = blocks.append, places.append, sizes.append
        try:
            for _ in range(most):
                if begin > last:
                    break
                block = window[begin : begin + block_bytes]
                kind = block[156]
                if kind == file:
                    # Whether these are digits and nothing else is seen with all the others.
                    size = int(block[124:135], 8)
                    if size < 0:
                        break
                elif kind in _WITHOUT_CONTENT and block[124:136] == _NO_SIZE:
                    size = 0
                else:
                    break
                add_block(block)
                add_place(begin)
                add_size(size)
                begin += block_bytes + ((size + size_end) & -block_bytes)
        except ValueError:
            pass
        if base:
            places = [place + base for place in places]
        if blocks and length is not None and places[-1] + BLOCK_BYTES + sizes[-1] > length:
            begin = places.pop() - base
            del blocks[-1], sizes[-1]
        return blocks, places, sizes, begin + base

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
        count = len(blocks)
        kinds = bytes(map(_KIND, blocks))
        names = [block[: block.find(b"\0")] for block in blocks]
        if max(map(len, names)) > _NAME_BYTES:
            names = [name[:_NAME_BYTES] for name in names]
        owners = list(map(self.fields.owners.__getitem__, map(_OWNER, blocks)))
        times = list(map(self.fields.times.__getitem__, map(_TIME, blocks)))
        if b"".join(map(_SIZE, blocks)).translate(None, _OCTAL) != bytes(count) or not all(names):
            raise _Odd
        claimed = checksums(b"".join(map(_CHECKSUM, blocks)))
        # adler32's low half adds all bytes up: one C call instead of 512 additions. It begins with what a sum's own
        # digits, which it counts, lack to the blanks that the sum takes them for.
        if claimed is None or claimed != list(map(and_, map(adler32, blocks, repeat(_CHECKSUM_START)), repeat(0xFFFF))):
            raise _Odd
        magics = b"".join(map(_MAGIC, blocks))
        is_posix = magics == _POSIX * count
        if not is_posix and not set(map(_MAGIC, blocks)) <= {_POSIX, _GNU}:
            raise _Odd
        if any(map(_STAR_ENDS, blocks)):
            raise _Odd
        for row in _places_of(bytes(map(_LAST, names)), _SLASH):
            if kinds[row] == _FILE:
                raise _Odd
        if any(prefixes := bytes(map(_PREFIX_BEGINS, blocks))):
            for row in range(count):
                if prefixes[row] and blocks[row][257:265] == _POSIX:
                    names[row] = blocks[row][345:500].partition(b"\0")[0] + b"/" + names[row]
        links: dict[int, bytes] = {}
        first = len(self.names)
        for row in chain(_places_of(kinds, _SYMLINK), _places_of(kinds, _HARDLINK)):
            links[first + row] = blocks[row][157:257].partition(b"\0")[0]
            if not links[first + row]:
                raise _Odd
        start = self.start + BLOCK_BYTES
        self.names += names
        self.typeflags += kinds
        self.attributes += owners
        self.mtimes += times
        self.sizes += sizes
        self.offsets += [start + place if size else -1 for place, size in zip(places, sizes, strict=True)]
        self.links |= links


def _places_of(column: bytes, value: int) -> Iterator[int]:
    place = column.find(value)
    while place >= 0:
        yield place
        place = column.find(value, place + 1)


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
