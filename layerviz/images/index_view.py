"""The merged view of a large image, kept from one opening to the next beside the indexes of its layers."""

import gc
import mmap
import struct
import sys
from array import array
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO
from zlib import adler32

from layerviz import __version__, kept
from layerviz.engine.remembered import memory_of
from layerviz.engine.whole import Making, Merged
from layerviz.engine.world import Layer
from layerviz.images import index_cache, widening
from layerviz.images.children import end
from layerviz.images.forking import helper
from layerviz.images.layers import WORTH_A_CHILD_BYTES, Blob

_HEADER = struct.Struct("<16s16s8sQI4x")
"""The magic, the version, the byte order, how many entries there are, and the checksum of what follows: first their
rows, four bytes each, then their positions, two bytes each."""
_MAGIC = b"layerviz view 1\n"
_WORTH_A_CHILD = 20_000
"""Rows from which on another process that merges half of them takes less time than it saves."""


def keep_of(layers: Sequence[Layer], blobs: Sequence[Blob | None]) -> None:
    """From now on the whole view of these layers is kept, once someone asks for it, if the blobs that they were read
    from are large enough to be worth it."""
    read = [blob for blob in blobs if blob]
    if len(read) == len(blobs) and sum(blob.end - blob.start for blob in read) >= WORTH_A_CHILD_BYTES:
        with suppress(OSError):
            places = "\n".join(map(index_cache.place, read))
            memory_of(layers).kept_view = partial(_view, f"view-{sha256(places.encode()).hexdigest()[:40]}")


def _view(name: str, making: Making) -> Merged:
    file = index_cache.folder() / name
    view = _opened(file)
    if view is None:
        view = _made(making)
        with suppress(OSError):
            kept.write_whole(file, _written(view), durable=False)
    return view


def _made(making: Making) -> Merged:
    """The view, with the extra `fast`, or half of it made by a child at the same time, where one of them can be had."""
    wide = widening.loaded() if widening.merges(making.rows) else None
    if wide:
        return wide.merged(making.tables)
    if making.rows < _WORTH_A_CHILD:
        return making.whole()
    middle = making.middle

    def work(_: IO[bytes], saying: IO[bytes]) -> None:
        gc.disable()
        half = making.behind(middle)
        saying.write(len(half).to_bytes(8, "little") + half.rows.tobytes() + half.positions.tobytes())

    child = helper(work)
    if child is None:
        return making.whole()
    try:
        first = making.before(middle)
        size = child.stdout.read(8)
        count = int.from_bytes(size, "little")
        said = child.stdout.read(6 * count)
    finally:
        end(child)
    if not size or len(said) != 6 * count:
        return making.whole()
    rows, positions = array("I", first.rows.tobytes()), array("H", first.positions.tobytes())
    rows.frombytes(said[: 4 * count])
    positions.frombytes(said[4 * count :])
    return Merged(positions, rows)


def _written(view: Merged) -> bytes:
    data = view.rows.tobytes() + view.positions.tobytes()
    return _HEADER.pack(_MAGIC, __version__.encode(), sys.byteorder.encode(), len(view), adler32(data)) + data


def _opened(file: Path) -> Merged | None:
    try:
        with file.open("rb") as handle:
            mapped = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        magic, version, byteorder, count, checksum = _HEADER.unpack_from(mapped)
    except (OSError, ValueError, struct.error):
        return None
    expected = _MAGIC, __version__.encode().ljust(16, b"\0"), sys.byteorder.encode().ljust(8, b"\0")
    data = memoryview(mapped)[_HEADER.size :]
    if (magic, version, byteorder) != expected or len(data) != 6 * count or adler32(data) != checksum:
        return None
    return Merged(data[4 * count :].cast("H"), data[: 4 * count].cast("I"))
