"""The index of a layer as a file: the columns of its entry table, mapped into memory when it is opened again.

The format is described in docs/index-file.md. A file that is damaged, of another version or of another machine is as
good as none.
"""

import json
import mmap
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import ItemsView, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast
from zlib import adler32

from layerviz import __version__
from layerviz.engine.table import Column, Table

_MAGIC = b"layerviz index 3"
_HEADER = struct.Struct("<16sQII")
"""The magic, where the description begins, how long it is, and the checksum of all that follows this header."""
_CHUNK = 1 << 20


class Note(NamedTuple):
    """What was odd: at which byte of the tar (-1: the layer as a whole), and a report's key and values."""

    offset: int
    key: str
    values: tuple[tuple[str, object], ...]


class Indexed(NamedTuple):
    """A layer's table, whose contents lie at offsets of the tar, how long the tar is, and what was odd about it."""

    table: Table
    tar_bytes: int
    notes: tuple[Note, ...]


class _Texts(Mapping[int, str]):
    """Texts of a few rows, in a mapped file."""

    __slots__ = ("_data", "_rows", "_starts")

    def __init__(self, data: mmap.mmap, rows: memoryview, starts: memoryview) -> None:
        self._data = data
        self._rows = rows
        self._starts = starts

    def __getitem__(self, row: int) -> str:
        at = bisect_left(self._rows, row)
        if at == len(self._rows) or self._rows[at] != row:
            raise KeyError(row)
        return self._data[self._starts[at] : self._starts[at + 1]].decode("utf-8", "surrogateescape")

    def __iter__(self) -> Iterator[int]:
        return iter(self._rows)

    def items(self) -> ItemsView[int, str]:
        return self._all().items()

    def _all(self) -> dict[int, str]:
        """All of them, without looking each one up."""
        texts = [self._data[start:end].decode("utf-8", "surrogateescape") for start, end in pairwise(self._starts)]
        return dict(zip(self._rows, texts, strict=True))

    def __len__(self) -> int:
        return len(self._rows)


def write(file: Path, indexed: Indexed) -> None:
    """Writes the whole file. Raises `OSError`."""
    table = indexed.table
    with file.open("w+b") as out:
        out.write(bytes(_HEADER.size))
        columns: dict[str, tuple[int, int, str]] = {}
        heap_at = _add(out, table.heap[table.starts[0] : table.starts[len(table)]])
        shift = heap_at - table.starts[0]
        starts = _shifted(table.starts, shift)
        links = [target.encode("utf-8", "surrogateescape") for target in table.linknames.values()]
        links_at = _add(out, b"".join(links))
        link_starts = array("Q", [links_at])
        for link in links:
            link_starts.append(link_starts[-1] + len(link))
        for name, column in (
            ("starts", starts),
            ("modes", _as("H", table.modes)),
            ("uids", _as("I", table.uids)),
            ("gids", _as("I", table.gids)),
            ("sizes", _as("Q", table.sizes)),
            ("mtimes", _as("q", table.mtimes)),
            ("offsets", _as("q", table.offsets)),
            ("link_rows", array("I", table.linknames)),
            ("link_starts", link_starts),
            ("kinds", array("B", table.kinds)),
            ("flags", array("B", table.flags)),
        ):
            data = column.tobytes()
            columns[name] = _add(out, data), len(data), column.typecode
        description = {
            "program": __version__,
            "byteorder": sys.byteorder,
            "tar_bytes": indexed.tar_bytes,
            "columns": columns,
            "devices": list(table.devices.items()),
            "xattrs": [(row, [(name, value.hex()) for name, value in pairs]) for row, pairs in table.xattrs.items()],
            "segments": [(row, list(segments)) for row, segments in table.segments.items()],
            "notes": indexed.notes,
        }
        text = json.dumps(description).encode()
        at = _add(out, text)
        out.flush()
        with mmap.mmap(out.fileno(), 0, access=mmap.ACCESS_READ) as written:
            checksum = _checksum(written)
        out.seek(0)
        out.write(_HEADER.pack(_MAGIC, at, len(text), checksum))


def opened(file: Path, *, is_new: bool = False) -> Indexed | None:
    """What the file holds; None where it is not there, damaged, or of another version. The checksum of one that
    `is_new`, written a moment ago, is taken for granted."""
    try:
        with file.open("rb") as handle:
            data = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        magic, at, length, checksum = _HEADER.unpack_from(data)
        if magic != _MAGIC or (not is_new and _checksum(data) != checksum):
            return None
        said = json.loads(data[at : at + length])
        if said["program"] != __version__ or said["byteorder"] != sys.byteorder:
            return None
        return _read(data, said)
    except (OSError, ValueError, LookupError, TypeError, struct.error):
        return None


def _read(data: mmap.mmap, said: dict[str, Any]) -> Indexed:
    view = memoryview(data)
    column = {name: view[at : at + length].cast(letter) for name, (at, length, letter) in said["columns"].items()}
    table = Table(
        data,
        column["starts"],
        column["kinds"].tobytes(),
        column["flags"].tobytes(),
        column["modes"],
        column["uids"],
        column["gids"],
        column["sizes"],
        column["mtimes"],
        column["offsets"],
        linknames=_Texts(data, column["link_rows"], column["link_starts"]),
        devices={row: (major, minor) for row, (major, minor) in said["devices"]},
        xattrs={row: tuple((name, bytes.fromhex(value)) for name, value in pairs) for row, pairs in said["xattrs"]},
        segments={row: array("Q", segments) for row, segments in said["segments"]},
    )
    notes = tuple(Note(at, key, tuple((name, value) for name, value in values)) for at, key, values in said["notes"])
    return Indexed(table, said["tar_bytes"], notes)


def _shifted(starts: Column, by: int) -> "array[int]":
    """Each number and `by`: all of them are one long integer, eight bytes for each."""
    count = len(starts)
    every = int.from_bytes(abs(by).to_bytes(8, sys.byteorder) * count, sys.byteorder)
    moved = int.from_bytes(starts.tobytes(), sys.byteorder) + (every if by > 0 else -every)
    return array("Q", moved.to_bytes(8 * count, sys.byteorder))


def _as(letter: str, column: object) -> "array[int]":
    if isinstance(column, array) and column.typecode == letter:
        return column
    return array(letter, cast("array[int]", column))


def _add(out: BinaryIO, data: bytes) -> int:
    """Writes `data` where numbers of any size may begin; where that is."""
    out.write(bytes(-out.tell() % 8))
    at = out.tell()
    out.write(data)
    return at


def _checksum(data: mmap.mmap) -> int:
    checksum = 1
    for start in range(_HEADER.size, len(data), _CHUNK):
        checksum = adler32(data[start : start + _CHUNK], checksum)
    return checksum
