"""Any bytes of a compressed layer: from the stretch between two seek points in which they lie.

Who reads a layer all over, in the order of paths for instance, would decompress its stretches again and again: once
that was twice as much as there is, the layer is unpacked into the cache, into a file without a name that goes with the
program.
"""

import shutil
import tempfile
import time
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import IO, NamedTuple, TypeVar

from isal import isal_zlib

from layerviz.images.bytesource import FileBytes, Form, Region, Stream, decompressed
from layerviz.images.problems import ImageProblem
from layerviz.images.seek_points import START, Point, Points, Taking, kept_points

Key = TypeVar("Key")
Value = TypeVar("Value")

_KEPT_STREAMS = 2
_KEPT_POINTS = 16
_KEPT_BYTES = 64 << 20
"""Of stretches. Files beside each other lie beside each other in a layer, and a large one is read piece by piece."""
_LARGEST_STRETCH_BYTES = 64 << 20
_BUSY_SECONDS = 2.0
_MOST_ROUNDS = 2
_SPILLED_BYTES = 4 << 30
"""Of layers that lie unpacked in the cache, until the program ends."""


class CompressedLayer(NamedTuple):
    """The bytes `start` to `end` of `file`; `name` tells one from all others, `points` is where its points are kept."""

    name: str
    file: str
    start: int
    end: int
    form: Form
    points: Path


class _Work(NamedTuple):
    """How many bytes of a layer were decompressed in one go, and when the last of them were."""

    size: int
    at: float


class _Spilled(NamedTuple):
    """A layer as it is unpacked, in a file without a name."""

    out: IO[bytes]
    size: int


_lock = Lock()
_points: "OrderedDict[str, Points]" = OrderedDict()
_stretches: "OrderedDict[tuple[str, int], bytes]" = OrderedDict()
_streams: "OrderedDict[tuple[str, int], Stream]" = OrderedDict()
_work: "OrderedDict[str, _Work]" = OrderedDict()
_spilled: "OrderedDict[str, _Spilled]" = OrderedDict()


def read(layer: CompressedLayer, offset: int, size: int) -> bytes:
    """`size` decompressed bytes from `offset` on; fewer only where the layer ends.

    A layer without points is read forwards, and points are taken on the way. Raises `ImageProblem`.
    """
    with _lock:
        if layer.name in _spilled:
            return _from_spill(layer, offset, size)
        points = _known(layer)
        if points is None:
            stream = _streams.get((layer.name, 0))
            if stream is None or (stream.position > offset and not stream.is_taking):
                stream = _stream(layer, taking=Taking(layer.points))
            if stream.position <= offset:
                _keep(_streams, (layer.name, 0), stream, _KEPT_STREAMS)
                return stream.at(offset, size)
            _streams.pop((layer.name, 0), None)
            stream.drain()
            points = _known(layer)
        if points is None:
            return _stream(layer).at(offset, size)
        return _between(layer, points, offset, size)


def _known(layer: CompressedLayer) -> Points | None:
    found = _points.get(layer.name) or kept_points(layer.points)
    if found:
        _keep(_points, layer.name, found, _KEPT_POINTS)
    return found


def _between(layer: CompressedLayer, points: Points, offset: int, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and offset < points.length:
        number = points.number(offset)
        begin, end = points.stretch(number)[:2]
        wanted = min(size, end - offset)
        if end - begin > _LARGEST_STRETCH_BYTES:
            parts.append(_forwards(layer, points, number, offset, wanted))
        else:
            parts.append(_stretch(layer, points, number)[offset - begin : offset - begin + wanted])
        offset += wanted
        size -= wanted
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _stretch(layer: CompressedLayer, points: Points, number: int) -> bytes:
    key = (layer.name, number)
    data = _stretches.get(key)
    if data is None:
        data = _decompressed(layer, points, number)
        if _is_read_all_over(layer, points, len(data)):
            _spill(layer, points)
    _keep(_stretches, key, data, len(_stretches) + 1)
    while len(_stretches) > 1 and sum(map(len, _stretches.values())) > _KEPT_BYTES:
        _stretches.popitem(last=False)
    return data


def _decompressed(layer: CompressedLayer, points: Points, number: int) -> bytes:
    """The stretch, from the point where it begins; from an earlier one if that does not lead to what it should."""
    wanted = points.stretch(number)
    for first in range(number, -1, -1):
        point = points.point(first)
        if point is None:
            continue
        try:
            data = _stream(layer, start=point).at(wanted.begin, wanted.end - wanted.begin)
        except ImageProblem:
            if first:
                continue
            raise
        if not first or isal_zlib.crc32(data) == wanted.checksum:
            return data
    raise AssertionError("the first stretch begins where the layer does")


def _is_read_all_over(layer: CompressedLayer, points: Points, size: int) -> bool:
    """Whether so much was decompressed in one go, some of it again and again, that unpacking all of it pays."""
    before = _work.get(layer.name, _Work(0, 0.0))
    now = time.monotonic()
    work = _Work(size + (before.size if now - before.at < _BUSY_SECONDS else 0), now)
    _keep(_work, layer.name, work, _KEPT_POINTS)
    return work.size > _MOST_ROUNDS * points.length


def _spill(layer: CompressedLayer, points: Points) -> None:
    """Unpacks the layer into the cache. Where there is no room for it nothing happens, and nothing is said of it."""
    _work.pop(layer.name, None)
    folder = layer.points.parent
    with suppress(OSError, ImageProblem):
        if points.length > min(_SPILLED_BYTES, shutil.disk_usage(folder).free // 2):
            return
        out = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 # it stays open
        for piece in decompressed(_region(layer), layer.form, layer.file):
            out.write(piece)
        _spilled[layer.name] = _Spilled(out, points.length)
        while sum(one.size for one in _spilled.values()) > _SPILLED_BYTES:
            _spilled.popitem(last=False)[1].out.close()


def _from_spill(layer: CompressedLayer, offset: int, size: int) -> bytes:
    out = _spilled[layer.name].out
    _spilled.move_to_end(layer.name)
    out.seek(offset)
    return out.read(size)


def _forwards(layer: CompressedLayer, points: Points, number: int, offset: int, size: int) -> bytes:
    """Bytes of a stretch that is too long to be kept: read forwards from where no checksum is needed."""
    while True:
        point = points.point(number)
        if point and (layer.form == "gzip" or not point.history):
            break
        number -= 1
    stream = _streams.get((layer.name, point.at))
    if stream is None or stream.position > offset:
        stream = _stream(layer, start=point)
    _keep(_streams, (layer.name, point.at), stream, _KEPT_STREAMS)
    return stream.at(offset, size)


def _stream(layer: CompressedLayer, taking: Taking | None = None, start: Point = START) -> Stream:
    return Stream(_region(layer), layer.form, layer.file, taking, start)


def _region(layer: CompressedLayer) -> Region:
    return Region(FileBytes(layer.file), layer.start, layer.end)


def _keep(kept: "OrderedDict[Key, Value]", key: Key, value: Value, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
