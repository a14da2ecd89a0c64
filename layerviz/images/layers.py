"""The layers of an image: entry tables, read from the headers of their tars, and where the tars themselves lie."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from layerviz.engine.changeset import from_changeset
from layerviz.engine.content import Content, Range
from layerviz.engine.paths import display
from layerviz.engine.table import Table
from layerviz.images.bytesource import Region, decompressed, form_of, mapped
from layerviz.images.contents import source_of, taking_points
from layerviz.images.problems import Report
from layerviz.images.scan import Fields, headers
from layerviz.images.tar import Place
from layerviz.images.watched import Watched
from layerviz.images.windows import Pieces, Whole

Progress = Callable[[int, int], None]
"""(bytes done, bytes in all), as they are stored. What it raises ends the reading."""


@dataclass(frozen=True, slots=True)
class ReadLayer:
    """The rows of a layer, its whole uncompressed tar as a content, and what was odd about it."""

    table: Table
    tar: Content
    reports: tuple[Report, ...]


class Blob(NamedTuple):
    """The stored bytes of a layer, compressed or not: `start` to `end` (not included) of `file`."""

    file: str
    start: int
    end: int


def read_layers(wanted: Iterable[tuple[Blob, int]], progress: Progress | None = None) -> dict[Blob, ReadLayer]:
    """Each blob of `wanted` read once; beside it stands the position (from 1) that names it in problems and reports.

    Raises `ImageProblem` naming file, layer and offset.
    """
    positions: dict[Blob, int] = {}
    for blob, position in wanted:
        positions.setdefault(blob, position)
    fields = Fields()
    done, total = 0, sum(blob.end - blob.start for blob in positions)
    read: dict[Blob, ReadLayer] = {}
    for blob, position in positions.items():
        read[blob] = _read_layer(blob, position, partial(_told, progress, done, total) if progress else None, fields)
        done += blob.end - blob.start
        if progress:
            progress(done, total)
    return read


def _read_layer(blob: Blob, position: int, told: Callable[[int], None] | None, fields: Fields) -> ReadLayer:
    """`told` gets how many of the stored bytes are read."""
    file, begin, end = blob
    whole = mapped(file)
    region = Region(whole, begin, end)
    form = form_of(region)
    reports: list[Report] = []
    source: Whole | Pieces
    if form == "plain":
        place, origin, start = Place(file, position, begin), source_of(file), begin
        source = Whole(whole, begin, end)
    else:
        place, origin, start = Place(file, position), source_of(file, begin, end, form), 0
        if told:
            region, told = Watched(whole, begin, end, _counting(told)), None
        source = Pieces(decompressed(region, form, place.whole(), taking_points(file, begin, end)))
    table, broken = from_changeset(headers(source, place, reports, origin, start, told, fields), origin)
    # What stands behind the end mark belongs to the tar too, and so to its DiffID.
    length = end - begin if isinstance(source, Whole) else source.drain()
    reports += [Report(place.whole(), one.rule.replace("-", "_"), (("name", display(one.name)),)) for one in broken]
    return ReadLayer(table, Content((Range(origin, start, length),)), tuple(reports))


def _told(progress: Progress, before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _counting(told: Callable[[int], None]) -> Callable[[bytes], None]:
    done = 0

    def seen(data: bytes) -> None:
        nonlocal done
        done += len(data)
        told(done)

    return seen
