"""The bytes of files that lie in an archive, read when they are asked for.

A source names a file as it was when it was indexed (size and modification time), and, for a compressed layer, which
bytes of it: offsets then count decompressed bytes.
"""

import os
from typing import TYPE_CHECKING, cast

from layerviz.engine.content import Range, lend
from layerviz.images.bytesource import Form
from layerviz.images.problems import ImageProblem

if TYPE_CHECKING:
    from layerviz.images.seek_points import Taking


def source_of(file: str, start: int = 0, end: int = 0, form: Form = "plain") -> str:
    """The source for contents of `file`; of the compressed bytes `start` to `end` of it, if `form` is a compression."""
    lend(read)
    status = os.stat(file)
    return f"{os.path.abspath(file)}#{status.st_size}.{status.st_mtime_ns}.{form}.{start}.{end}"


def taking_points(file: str, start: int, end: int) -> "Taking":
    """What takes seek points while the compressed bytes `start` to `end` of `file` are read, for `read` to use."""
    from layerviz.images.seek_points import Taking, place

    return Taking(place(os.stat(file), start, end))


def read(extent: Range, start: int, size: int) -> bytes:
    """`size` bytes of `extent` from its byte `start` on: the `Reader` of all archives.

    Raises `ImageProblem` when the file is gone, has changed since it was indexed, or ends too early.
    """
    file, _, rest = extent.source.rpartition("#")
    length, modified, form, region_start, region_end = rest.split(".")
    try:
        with open(file, "rb") as opened:
            status = os.fstat(opened.fileno())
            if (status.st_size, status.st_mtime_ns) != (int(length), int(modified)):
                raise ImageProblem(file, "changed")
            if form == "plain":
                opened.seek(extent.offset + start)
                data = opened.read(size)
            else:
                # Most layers of most archives are plain.
                from layerviz.images import seek_points, seeking

                span = int(region_start), int(region_end)
                points = seek_points.place(status, *span)
                layer = seeking.CompressedLayer(extent.source, file, *span, cast(Form, form), points)
                data = seeking.read(layer, extent.offset + start, size)
    except OSError as error:
        raise ImageProblem(file, "cannot_open", {"reason": error.strerror or str(error)}) from None
    if len(data) < size:
        offset = extent.offset + start
        raise ImageProblem(file, "cut", {"got": offset + len(data), "expected": offset + size})
    return data
