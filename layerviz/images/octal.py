"""Octal numbers of many headers read at once.

Fields of hundreds of headers, one after another, are one long integer: a few operations on that work on all of them,
where reading them one by one would take a call each (SIMD within a register, with a register of 4 KiB).
"""

from array import array
from collections.abc import Iterable
from sys import byteorder

MOST = 512
"""How many fields can be read at once."""
_FIELD_BYTES = 8


def _everywhere(lane: int) -> int:
    return int.from_bytes(lane.to_bytes(_FIELD_BYTES, "little") * MOST, "little")


_DIGITS = _everywhere(0x0707_0707_0707)
_HIGH_OF_PAIRS = _everywhere(0x0007_0007_0007)
_FIRST, _SECOND, _THIRD = _everywhere(0x3F), _everywhere(0xFC0), _everywhere(0x3F)
_SUMS_OF_PAIRS, _LOW_BYTE, _LOW_HALF = _everywhere(0x00FF_00FF_00FF), _everywhere(0xFF), _everywhere(0xFFFF)


def agree(fields: bytes, sums: Iterable[int]) -> bool:
    """Whether each field of eight bytes is six octal digits, a NUL and a blank, and says, with its digits added to it
    once more, the low half of its number among `sums`, which have 32 bits."""
    count = len(fields) // _FIELD_BYTES
    if fields[6::8] != bytes(count) or fields[7::8] != b" " * count:
        return False
    if len(fields.translate(None, b"01234567")) != 2 * count:
        return False
    # In each lane the first digit stands lowest: 0, 0, d0, d1, d2, d3, d4, d5 from the highest byte down.
    digits = int.from_bytes(fields, "little") & _DIGITS
    pairs = ((digits & _HIGH_OF_PAIRS) << 3) + ((digits >> 8) & _HIGH_OF_PAIRS)
    numbers = ((pairs & _FIRST) << 12) + ((pairs >> 10) & _SECOND) + ((pairs >> 32) & _THIRD)
    of_pairs = (digits + (digits >> 8)) & _SUMS_OF_PAIRS
    numbers += (of_pairs + (of_pairs >> 16) + (of_pairs >> 32)) & _LOW_BYTE
    wanted = array("Q", sums)
    if byteorder == "big":
        wanted.byteswap()
    return int.from_bytes(wanted.tobytes(), "little") & _LOW_HALF == numbers
