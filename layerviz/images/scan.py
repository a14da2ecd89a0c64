"""The headers of a layer's tar, read fast: column by column where they say nothing unusual, as most do.

Whatever is unusual in any way is left to `tar.Reader`, entry by entry: there is one reading of what a header means, and
one of what is wrong with it.
"""

import sys
from array import array
from collections.abc import Callable, Iterator
from itertools import compress, repeat
from operator import itemgetter
from zlib import adler32

from layerviz.engine.changeset import Batch, Header
from layerviz.engine.content import stored
from layerviz.engine.table import places_of
from layerviz.images.octal import agree
from layerviz.images.problems import Report
from layerviz.images.tar import BLOCK_BYTES, Member, Place, Reader
from layerviz.images.widening import Wide
from layerviz.images.windows import Window

_NAME_BYTES = 100
_OWNER = itemgetter(slice(100, 124))
"""Mode, uid and gid."""
_TIME = itemgetter(slice(136, 148))
_SIZE_AT, _CHECKSUM_AT, _KIND_AT, _MAGIC_AT, _PREFIX_AT = 124, 148, 156, 257, 345
_STAR_ENDS_AT = 508
"""Where star has "tar", and all others nothing."""
_LAST = itemgetter(-1)
_POSIX, _GNU = b"ustar\x0000", b"ustar  \0"
_MAGICS = {tuple(_POSIX), tuple(_GNU)}
_OCTAL = b"01234567"
_BATCH = 4096
_MOST_GATHERED = 512
"""More headers than that would not stay in a processor's cache while their columns are read."""
_FIRST_GATHERED = 64
_FEWEST_WIDE, _FIRST_WIDE, _MOST_WIDE = 256, 512, 1024
"""So many headers at once are worth the calls of numpy."""
_MOST_SPREAD = 9
"""Blocks an entry that are looked over for headers: more would be read from a disk in vain."""
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
_MOST_OWNERS = 256
_LARGEST = 2**63 - 1
"""What the column of times holds."""


class _Odd(Exception):
    """A header that needs care."""


class Fields:
    """What fields of headers say, remembered from layer to layer: looking one up is several times faster than reading
    it. `wide` reads headers many at once, where it is to be used."""

    def __init__(self, wide: Wide | None = None) -> None:
        self.wide = wide
        self.times = _Times()
        self.owners = _Owners()


class _Times(dict[bytes, int]):
    def __missing__(self, field: bytes) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        time = _number(field) * 1_000_000_000
        if time > _LARGEST:
            raise _Odd
        self[field] = time
        return time


class _Owners:
    """Modes, uids and gids, of which there are few combinations: each is known by a number."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._modes: list[int] = []
        self._uids: list[int] = []
        self._gids: list[int] = []

    def columns(self, fields: list[bytes]) -> "tuple[array[int], array[int], array[int]]":
        try:
            numbers = bytes(map(self._numbers.__getitem__, fields))
        except KeyError:
            self._learn(fields)
            numbers = bytes(map(self._numbers.__getitem__, fields))
        return _picked("H", self._modes, numbers), _picked("I", self._uids, numbers), _picked("I", self._gids, numbers)

    def _learn(self, fields: list[bytes]) -> None:
        distinct = dict.fromkeys(fields)
        if len(distinct) + len(self._numbers) > _MOST_OWNERS:
            if len(distinct) > _MOST_OWNERS:
                raise _Odd
            for known in (self._numbers, self._modes, self._uids, self._gids):
                known.clear()
        for field in distinct:
            if field not in self._numbers:
                mode, uid, gid = _number(field[:8]) & 0o7777, _number(field[8:16]), _number(field[16:])
                self._numbers[field] = len(self._modes)
                self._modes.append(mode)
                self._uids.append(uid)
                self._gids.append(gid)


def _picked(letter: str, values: list[int], numbers: bytes) -> "array[int]":
    """The values of these numbers, each at most 255, as a column: byte by byte, which is several times faster than
    value by value."""
    column = array(letter, bytes(array(letter).itemsize * len(numbers)))
    data = memoryview(column).cast("B")
    width = column.itemsize
    for place in range(width):
        shift = 8 * (place if sys.byteorder == "little" else width - 1 - place)
        part = bytes([value >> shift & 255 for value in values])
        if any(part):
            data[place::width] = numbers.translate(part.ljust(256))
    return column


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
        if batch := scan.stretch():
            if scan.names:
                yield scan.batch()
            yield batch
            continue
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
        self.most = _FIRST_WIDE if fields.wide else _FIRST_GATHERED
        """How many headers to gather next: few where one needed care just before."""
        self.spread = _MOST_SPREAD
        """In about so many blocks is one of them."""
        self.waiting = self.patience = 0
        """How many entries to read with care before the next try, and before the one after that."""
        self._clear()

    def _clear(self) -> None:
        self.names: list[bytes] = []
        self.typeflags = bytearray()
        self.modes, self.uids, self.gids = array("H"), array("I"), array("I")
        self.mtimes, self.sizes, self.offsets = array("q"), array("Q"), array("q")
        self.links: dict[int, bytes] = {}

    def batch(self) -> Batch:
        columns = self.modes, self.uids, self.gids, self.mtimes, self.sizes, self.offsets
        full = Batch(self.names, bytes(self.typeflags), *columns, self.links)
        self._clear()
        return full

    def takes(self, member: Member) -> bool:
        """Whether an entry that was read with care says nothing that has no column."""
        kind = ord(member.type)
        if (
            member.xattrs
            or member.segments is not None
            or kind not in (_FILE, *_WITHOUT_CONTENT)
            or (kind == _FILE and member.name[-1:] == b"/")
        ):
            return False
        if not -_LARGEST <= member.mtime_ns <= _LARGEST:
            return False
        if kind in _LINKS:
            self.links[len(self.names)] = member.linkname
        self.names.append(member.name)
        self.typeflags.append(kind)
        self.modes.append(member.mode)
        self.uids.append(member.uid)
        self.gids.append(member.gid)
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
        blocks, places, sizes, following = self._gathered(min(room, self.most, _MOST_GATHERED))
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
        self.most = min(2 * self.most, _MOST_WIDE if self.fields.wide else _MOST_GATHERED)
        return True

    def stretch(self) -> Batch | None:
        """As many headers as are worth it at once, up to one that needs care; None where there are not as many."""
        wide = self.fields.wide
        if not wide or self.start or self.most < _FEWEST_WIDE or self.waiting or self.reader.defaults:
            return None
        at = self.reader.next_header
        window, base = self.source.window(at)
        length = self.source.length
        end = base + (len(window) if length is None else min(len(window), length - base))
        found = wide.stretch(window, base, at, end, self.most, end == length, self.most * self.spread)
        if not found:
            return None
        count = len(found.batch.typeflags)
        self.spread = min((found.following - at) // (BLOCK_BYTES * count) + 2, _MOST_SPREAD)
        self.reader.last = found.last
        self.reader.next_header = found.following
        self.most = 2 * count + 2 if found.is_cut else min(2 * self.most, _MOST_WIDE)
        self.patience = 0
        return found.batch

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
                elif kind in _WITHOUT_CONTENT and block[124:136] == _NO_SIZE:
                    size = 0
                else:
                    break
                add_block(block)
                add_place(begin)
                add_size(size)
                begin += block_bytes + ((size + size_end) & -block_bytes)
        except (ValueError, IndexError):
            # No number; or one below zero has led out of what is at hand.
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
        count, nothing = len(blocks), bytes(len(blocks))
        joined = b"".join(blocks)
        # What all headers have at one place is a slice of this.
        kinds = joined[_KIND_AT::BLOCK_BYTES]
        digits = b"".join([joined[at::BLOCK_BYTES] for at in range(_SIZE_AT, _SIZE_AT + 11)])
        if digits.translate(None, _OCTAL) or joined[_SIZE_AT + 11 :: BLOCK_BYTES] != nothing:
            raise _Odd
        # adler32's low half adds all bytes up: one C call instead of 512 additions. It begins with what a sum's own
        # digits, which it counts, lack to the blanks that the sum takes them for.
        claimed = bytearray(8 * count)
        for at in range(8):
            claimed[at::8] = joined[_CHECKSUM_AT + at :: BLOCK_BYTES]
        if not agree(bytes(claimed), map(adler32, blocks, repeat(_CHECKSUM_START))):
            raise _Odd
        magics = [joined[at::BLOCK_BYTES] for at in range(_MAGIC_AT, _MAGIC_AT + 8)]
        if magics != [bytes((letter,)) * count for letter in _POSIX] and not set(zip(*magics, strict=True)) <= _MAGICS:
            raise _Odd
        if joined[_STAR_ENDS_AT::BLOCK_BYTES] != nothing or 0 in joined[::BLOCK_BYTES]:
            raise _Odd
        modes, uids, gids = self.fields.owners.columns(list(map(_OWNER, blocks)))
        times = list(map(self.fields.times.__getitem__, map(_TIME, blocks)))
        names = [block.partition(b"\0")[0] for block in blocks]
        if joined[_NAME_BYTES - 1 :: BLOCK_BYTES] != nothing:
            names = [name[:_NAME_BYTES] for name in names]
        for row in places_of(bytes(map(_LAST, names)), _SLASH):
            if kinds[row] == _FILE:
                raise _Odd
        for row in compress(range(count), joined[_PREFIX_AT::BLOCK_BYTES]):
            if blocks[row][_MAGIC_AT : _MAGIC_AT + 8] == _POSIX:
                names[row] = blocks[row][_PREFIX_AT : _PREFIX_AT + 155].partition(b"\0")[0] + b"/" + names[row]
        links: dict[int, bytes] = {}
        first = len(self.names)
        for row in sorted((*places_of(kinds, _SYMLINK), *places_of(kinds, _HARDLINK))):
            links[first + row] = blocks[row][157:257].partition(b"\0")[0]
            if not links[first + row]:
                raise _Odd
        start = self.start + BLOCK_BYTES
        self.names += names
        self.typeflags += kinds
        self.modes += modes
        self.uids += uids
        self.gids += gids
        self.mtimes.extend(array("q", times))
        self.sizes.extend(array("Q", sizes))
        self.offsets.extend(
            array("q", [start + place if size else -1 for place, size in zip(places, sizes, strict=True)])
        )
        self.links |= links


def _header(member: Member, origin: str, start: int) -> Header:
    content = stored(origin, start + member.data, member.size, member.segments)
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
