"""Octal numbers of many headers read at once.

Fields of hundreds of headers, one after another, are one long integer: a few operations on that work on all of them,
where reading them one by one would take a call each (SIMD within a register, with a register of 4 KiB).
"""

import sys
from array import array

MOST = 512
"""How many fields can be read at once."""
_FIELD_BYTES = 8


def _everywhere(lane: int) -> int:
    return int.from_bytes(lane.to_bytes(_FIELD_BYTES, "little") * MOST, "little")


_DIGITS = _everywhere(0x0707_0707_0707)
_HIGH_OF_PAIRS = _everywhere(0x0007_0007_0007)
_FIRST, _SECOND, _THIRD = _everywhere(0x3F), _everywhere(0xFC0), _everywhere(0x3F)
_SUMS_OF_PAIRS, _LOW_BYTE = _everywhere(0x00FF_00FF_00FF), _everywhere(0xFF)


def checksums(fields: bytes) -> list[int] | None:
    """What each field of eight bytes says, six octal digits, a NUL and a blank, with its digits added to it once more;
    None where one is of another form."""
    count = len(fields) // _FIELD_BYTES
    if fields[6::8] != bytes(count) or fields[7::8] != b" " * count:
        return None
    if len(fields.translate(None, b"01234567")) != 2 * count:
        return None
    # In each lane the first digit stands lowest: 0, 0, d0, d1, d2, d3, d4, d5 from the highest byte down.
    digits = int.from_bytes(fields, "little") & _DIGITS
    pairs = ((digits & _HIGH_OF_PAIRS) << 3) + ((digits >> 8) & _HIGH_OF_PAIRS)
    numbers = ((pairs & _FIRST) << 12) + ((pairs >> 10) & _SECOND) + ((pairs >> 32) & _THIRD)
    sums = (digits + (digits >> 8)) & _SUMS_OF_PAIRS
    numbers += (sums + (sums >> 16) + (sums >> 32)) & _LOW_BYTE
    read = array("Q", numbers.to_bytes(len(fields), "little"))
    if sys.byteorder == "big":
        read.byteswap()
    return read.tolist()
