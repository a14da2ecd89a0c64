"""The bytes of files that lie in an archive, read when they are asked for.

A source names a file as it was when it was indexed (size and modification time), and, for a compressed layer, which
bytes of it: offsets then count decompressed bytes.
"""

import os
from collections import OrderedDict
from threading import Lock
from typing import cast

from layerviz.engine.content import Range, lend
from layerviz.images.bytesource import Form, Region, Stream, mapped
from layerviz.images.problems import ImageProblem

_KEPT_STREAMS = 2
_streams: "OrderedDict[str, Stream]" = OrderedDict()
_lock = Lock()


def source_of(file: str, start: int = 0, end: int = 0, form: Form = "plain") -> str:
    """The source for contents of `file`; of the compressed bytes `start` to `end` of it, if `form` is a compression."""
    lend(read)
    status = os.stat(file)
    return f"{os.path.abspath(file)}#{status.st_size}.{status.st_mtime_ns}.{form}.{start}.{end}"


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
                span = int(region_start), int(region_end)
                data = _inflated(extent.source, file, span, cast(Form, form), extent.offset + start, size)
    except OSError as error:
        raise ImageProblem(file, "cannot_open", {"reason": error.strerror or str(error)}) from None
    if len(data) < size:
        offset = extent.offset + start
        raise ImageProblem(file, "cut", {"got": offset + len(data), "expected": offset + size})
    return data


def _inflated(source: str, file: str, span: tuple[int, int], form: Form, offset: int, size: int) -> bytes:
    # The streams read last stay open, so that reading one file piece by piece decompresses the layer once.
    with _lock:
        stream = _streams.pop(source, None)
        if stream is None or stream.position > offset:
            stream = Stream(Region(mapped(file), *span), form, file)
        data = stream.at(offset, size)
        _streams[source] = stream
        while len(_streams) > _KEPT_STREAMS:
            _streams.popitem(last=False)
    return data
