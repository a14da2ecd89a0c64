"""Headers of a tar read thousands at a time with numpy, where each says what most say in the form that most have.

It is the extra `fast`: `widening` says when this is loaded. What it does not take, `scan` reads as it does without.
"""

from array import array
from collections.abc import Sequence
from typing import cast, overload

import numpy as np
import numpy.typing as npt

from layerviz.engine.changeset import Batch, needs_care
from layerviz.engine.packed import Packed, in_common
from layerviz.images.bytesource import Mapped
from layerviz.images.tar import BLOCK_BYTES
from layerviz.images.widening import Stretch

_Bytes = npt.NDArray[np.uint8]
_Numbers = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]

_FORM = b"0000000\0" * 3 + b"00000000000\0" * 2 + b"000000\0 "
"""Of what stands in a header from byte 100 to 156: mode, uid, gid, size, time and checksum."""
_FORM_AT = 100
_UNLIKE = np.frombuffer(_FORM, np.uint8)
_FREE_BITS = np.frombuffer(bytes(0xF8 if letter == ord("0") else 0xFF for letter in _FORM), np.uint64)
"""What is set in a field, digits and ends made zeros, that is not octal."""
_FIELDS = (7, 7, 7, 5, 6, 5, 6, 6)
"""How many digits of the form are one number: those of 11 are two, for which numbers of 32 bits are exact."""
_MODE, _UID, _GID, _SIZE, _SIZE_LOW, _TIME, _TIME_LOW, _SUM, _OF_SUM = range(9)
"""The last one: what the checksum's own digits add up to."""
_LOW = 8**6
_NAME_BYTES, _PREFIX_BYTES = 100, 155
_KIND_AT, _LINK_AT, _MAGIC_AT, _PREFIX_AT, _STAR_ENDS_AT = 156, 157, 257, 345, 508
_POSIX, _GNU = np.frombuffer(b"ustar\x0000ustar  \0", np.uint64)
_MAGIC_START = np.frombuffer(b"usta", np.uint32)[0]
_BLANKS = 8 * ord(" ") - sum(_FORM[48:])
"""What more a sum takes for its own field than the field's form has itself."""
_FILE, _SLASH, _DOT = b"0/."
_DOTTED = b"./"
"""So names begin in tars of which all do, and none would be its own key."""
_AS_KEYS = bytes(0 if byte == _SLASH else byte for byte in range(256))
_ORDER = np.array([{0: -1, _SLASH: 0}.get(byte, byte) for byte in range(256)])
"""Where bytes come in the order of keys; a NUL is the end of one."""
_COLUMNS = np.arange(1 + _NAME_BYTES)
_TAKEN = np.array([letter in b"0125" for letter in range(256)])
_IS_LINK = np.array([letter in b"12" for letter in range(256)])
_SECOND = 1_000_000_000


def _powers() -> npt.NDArray[np.float32]:
    """What each digit counts for each of the numbers."""
    powers = np.zeros((len(_FORM), len(_FIELDS) + 1), np.float32)
    digits = [at for at, letter in enumerate(_FORM) if letter == ord("0")]
    for number, count in enumerate(_FIELDS):
        for place in range(count):
            powers[digits[0], number] = 8 ** (count - 1 - place)
            powers[digits.pop(0), _OF_SUM] = number == _SUM
    return powers


_POWERS = _powers()


def stretch(data: Mapped, base: int, at: int, end: int, most: int, is_all: bool, blocks: int) -> Stretch | None:
    """See `widening.Wide`."""
    blocks = min(blocks, (end - at) // BLOCK_BYTES)
    begin, buffer = at - base, cast("bytes", data)
    if blocks <= 0 or data[begin : begin + 2] == _DOTTED:
        return None
    magics = np.ndarray((blocks,), np.uint32, buffer, begin + _MAGIC_AT, (BLOCK_BYTES,))
    places = np.flatnonzero(magics == _MAGIC_START)[:most]
    if not len(places) or places[0]:
        return None
    headers = np.ndarray((blocks, BLOCK_BYTES), np.uint8, buffer, begin).take(places, axis=0)
    numbers, is_odd = _numbers(headers)
    kinds, sizes = headers[:, _KIND_AT], numbers[:, _SIZE]
    is_file = kinds == _FILE
    is_odd |= ~_TAKEN[kinds] | (~is_file & (sizes != 0)) | (headers[:, 0] == 0) | (headers[:, _STAR_ENDS_AT] != 0)
    is_odd |= _IS_LINK[kinds] & (headers[:, _LINK_AT] == 0)
    after = places + 1 + ((sizes + (BLOCK_BYTES - 1)) // BLOCK_BYTES)
    rows, following, is_cut = _chain(places, after, is_odd)
    if is_all and len(rows) and at + int(places[rows[-1]] + 1) * BLOCK_BYTES + int(sizes[rows[-1]]) > end:
        rows, following, is_cut = rows[:-1], int(places[rows[-1]]), True
    if len(rows) < len(places):
        headers, numbers, is_file, places = headers[rows], numbers[rows], is_file[rows], places[rows]
    names = _Names(headers)
    keys, apart, slashes = names.keys(is_file)
    if slashes:
        # A file whose name ends with a slash.
        count = slashes[0]
        following, is_cut = int(places[count]), True
        headers, numbers, places, keys = headers[:count], numbers[:count], places[:count], keys[:count]
        apart = [place for place in apart if place < count]
    if not len(keys):
        return None
    kinds, sizes = headers[:, _KIND_AT], numbers[:, _SIZE]
    datas = places * BLOCK_BYTES + (at + BLOCK_BYTES)
    last = int(datas[-1])
    batch = Batch(
        names,
        kinds.tobytes(),
        _column(numbers[:, _MODE] & 0o7777, "H"),
        _column(numbers[:, _UID], "I"),
        _column(numbers[:, _GID], "I"),
        _column((numbers[:, _TIME] * _LOW + numbers[:, _TIME_LOW]) * _SECOND, "q"),
        _column(sizes, "Q"),
        _column(np.where(sizes > 0, datas, -1), "q"),
        _links(headers, np.flatnonzero(_IS_LINK[kinds])),
        keys,
        apart,
    )
    return Stretch(batch, (last - BLOCK_BYTES, last + int(sizes[-1])), at + following * BLOCK_BYTES, is_cut)


def _column(numbers: _Numbers, letter: str) -> "array[int]":
    return array(letter, numbers.astype(letter).tobytes())


def _numbers(headers: _Bytes) -> tuple[_Numbers, _Flags]:
    """Mode, uid, gid, size, time and checksum of each header, and which of them, or of its magics, is not as usual."""
    fields = headers[:, _FORM_AT : _FORM_AT + len(_FORM)] ^ _UNLIKE
    magics = np.ascontiguousarray(headers[:, _MAGIC_AT : _MAGIC_AT + 8]).view(np.uint64)[:, 0]
    is_odd = (magics != _POSIX) & (magics != _GNU)
    unlike = fields.view(np.uint64) & _FREE_BITS
    if unlike.any():
        is_odd |= unlike.any(axis=1)
    numbers = (fields.astype(np.float32) @ _POWERS).astype(np.int64)
    numbers[:, _SIZE] = numbers[:, _SIZE] * _LOW + numbers[:, _SIZE_LOW]
    sums = headers.sum(axis=1, dtype=np.uint32).astype(np.int64)
    # A sum takes blanks for its own field: six digits, a NUL and a blank.
    is_odd |= sums + _BLANKS != numbers[:, _SUM] + numbers[:, _OF_SUM]
    return numbers, is_odd


def _chain(places: _Numbers, after: _Numbers, is_odd: _Flags) -> tuple[_Numbers, int, bool]:
    """Which of what looks like headers are: each stands where the one before it says. Where the next one should, and
    whether it is odd."""
    is_last = is_odd.copy()
    is_last[-1] = True
    is_last[:-1] |= after[:-1] != places[1:]
    count = len(places)
    rows = np.arange(count)
    parts: list[_Numbers] = []
    row, following, is_cut = 0, 0, False
    for last in np.flatnonzero(is_last).tolist():
        if last < row:
            continue
        if is_odd[last]:
            parts.append(rows[row:last])
            following, is_cut = int(places[last]), True
            break
        parts.append(rows[row : last + 1])
        following = int(after[last])
        row = int(np.searchsorted(places, following))
        if row == count:
            break
        if places[row] != following:
            is_cut = True
            break
    return (parts[0] if len(parts) == 1 else np.concatenate(parts)), following, is_cut


class _Names(Sequence[bytes]):
    """The names in some headers, read when they are asked for: most are never."""

    def __init__(self, headers: _Bytes) -> None:
        self._fields = np.ascontiguousarray(headers[:, :_NAME_BYTES])
        is_long = (headers[:, _MAGIC_AT + 5] == 0) & (headers[:, _PREFIX_AT] != 0)
        self._long = {
            row: _text(headers, row, _PREFIX_AT, _PREFIX_BYTES) + b"/" for row in np.flatnonzero(is_long).tolist()
        }

    def __len__(self) -> int:
        return len(self._fields)

    @overload
    def __getitem__(self, row: int) -> bytes: ...

    @overload
    def __getitem__(self, row: slice) -> list[bytes]: ...

    def __getitem__(self, row: int | slice) -> bytes | list[bytes]:
        if isinstance(row, slice):
            return [self[one] for one in range(*row.indices(len(self)))]
        return self._long.get(row, b"") + _text(self._fields, row, 0, _NAME_BYTES)

    def keys(self, is_file: _Flags) -> tuple[Packed, list[int], list[int]]:
        """The keys of the names, the rows whose names need care, and those that are no names of files."""
        fields = self._fields
        ends = (fields == 0).argmax(axis=1)
        # None begins with a NUL: those are without one.
        ends[ends == 0] = _NAME_BYTES
        rows = np.arange(len(fields))
        is_folder = fields[rows, ends - 1] == _SLASH
        lengths = ends + 1 - is_folder
        # Of a key a slash comes first; behind its end are NULs.
        padded = np.empty((len(fields), 1 + _NAME_BYTES), np.uint8)
        padded[:, 0] = _SLASH
        padded[:, 1:] = fields
        padded[rows[is_folder], ends[is_folder]] = 0
        if np.count_nonzero(padded) != lengths.sum():
            padded[lengths[:, None] <= _COLUMNS] = 0
        data = padded.tobytes().translate(_AS_KEYS, b"\0")
        if self._long:
            data = self._with_prefixes(data, lengths)
        starts = np.concatenate(([0], np.cumsum(lengths)))
        column = _column(starts, "Q")
        keys = Packed(data, column, self._shared(padded, Packed(data, column)))
        apart = [row for row in _candidates(data, starts) if needs_care(keys[row])]
        return keys, apart, np.flatnonzero(is_folder & is_file).tolist()

    def _shared(self, padded: _Bytes, keys: Packed) -> "array[int] | None":
        """What each key has in common with the one before it; None if they are in no order."""
        shared = np.zeros(len(padded), np.int64)
        shared[1:] = (padded[1:] != padded[:-1]).argmax(axis=1)
        rows = np.arange(1, len(padded))
        is_less = _ORDER[padded[rows, shared[1:]]] <= _ORDER[padded[rows - 1, shared[1:]]]
        for row in sorted({one for long in self._long for one in (long, long + 1) if 0 < one < len(padded)}):
            # These are longer than what is compared here.
            common = in_common(keys[row - 1], keys[row])
            if common < 0:
                return None
            shared[row], is_less[row - 1] = common, False
        return None if is_less.any() else _column(shared, "I")

    def _with_prefixes(self, data: bytes, lengths: _Numbers) -> bytes:
        starts = np.cumsum(lengths) - lengths
        parts: list[bytes] = []
        passed = 0
        for row, prefix in self._long.items():
            start = int(starts[row])
            parts += (data[passed:start], b"\0", prefix[:-1].replace(b"/", b"\0"))
            passed = start
            lengths[row] += len(prefix)
        return b"".join((*parts, data[passed:]))


def _candidates(data: bytes, starts: _Numbers) -> list[int]:
    """The rows of keys in which a name is empty, or begins with a dot."""
    heap = np.frombuffer(data, np.uint8)
    is_end = heap == 0
    is_odd = is_end.copy()
    is_odd[:-1] &= is_end[1:] | (heap[1:] == _DOT)
    rows: list[int] = np.unique(np.searchsorted(starts, np.flatnonzero(is_odd), "right") - 1).tolist()
    return rows


def _links(headers: _Bytes, rows: _Numbers) -> dict[int, bytes]:
    fields = headers[rows, _LINK_AT : _LINK_AT + _NAME_BYTES].view("S100")[:, 0].tolist()
    return {row: field.partition(b"\0")[0] for row, field in zip(rows.tolist(), fields, strict=True)}


def _text(headers: _Bytes, row: int, at: int, most: int) -> bytes:
    return headers[row, at : at + most].tobytes().partition(b"\0")[0]
