"""The merged view of a large image, kept from one opening to the next beside the indexes of its layers."""

import mmap
import struct
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from zlib import adler32

from layerviz import __version__, kept
from layerviz.engine.remembered import memory_of
from layerviz.engine.whole import Merged
from layerviz.engine.world import Layer
from layerviz.images import index_cache
from layerviz.images.layers import WORTH_A_CHILD_BYTES, Blob

_HEADER = struct.Struct("<16s16s8sQI4x")
"""The magic, the version, the byte order, how many entries there are, and the checksum of what follows: first their
rows, four bytes each, then their positions, two bytes each."""
_MAGIC = b"layerviz view 1\n"


def keep_of(layers: Sequence[Layer], blobs: Sequence[Blob | None]) -> None:
    """From now on the whole view of these layers is kept, once someone asks for it, if the blobs that they were read
    from are large enough to be worth it."""
    read = [blob for blob in blobs if blob]
    if len(read) == len(blobs) and sum(blob.end - blob.start for blob in read) >= WORTH_A_CHILD_BYTES:
        with suppress(OSError):
            places = "\n".join(map(index_cache.place, read))
            memory_of(layers).kept_view = partial(_view, f"view-{sha256(places.encode()).hexdigest()[:40]}")


def _view(name: str, make: Callable[[], Merged]) -> Merged:
    file = index_cache.folder() / name
    view = _opened(file)
    if view is None:
        view = make()
        with suppress(OSError):
            kept.write_whole(file, _written(view), durable=False)
    return view


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
