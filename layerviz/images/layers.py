"""The layers of an image: entry tables, read from the headers of their tars, and where the tars themselves lie."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from layerviz.engine.changeset import Header, Plain, from_changeset
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.engine.paths import display
from layerviz.engine.table import Table
from layerviz.images.bytesource import Region, Stream, form_of, mapped
from layerviz.images.contents import source_of
from layerviz.images.problems import Report
from layerviz.images.tar import Place, Source, members

Progress = Callable[[int, int], None]
"""(bytes done, bytes in all). What it raises ends the reading."""
_REPORT_EVERY = 4096


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
    return {blob: _read_layer(blob, position, progress) for blob, position in positions.items()}


def _read_layer(blob: Blob, position: int, progress: Progress | None) -> ReadLayer:
    file, begin, end = blob
    whole = mapped(file)
    region = Region(whole, begin, end)
    form = form_of(region)
    reports: list[Report] = []
    total = len(whole)
    if form == "plain":
        place = Place(file, position, begin)
        origin = source_of(file)
        rows = _headers(region, place, origin, begin, reports, progress, total)
        table, broken = from_changeset(rows, origin)
        length = end - begin
        start = begin
    else:
        place = Place(file, position)
        origin = source_of(file, begin, end, form)
        stream = Stream(region, form, place.whole())
        rows = _headers(stream, place, origin, 0, reports, progress, total)
        table, broken = from_changeset(rows, origin)
        # What stands behind the end mark belongs to the tar too, and so to its DiffID.
        length = stream.drain()
        start = 0
    reports += [Report(place.whole(), one.rule.replace("-", "_"), (("name", display(one.name)),)) for one in broken]
    return ReadLayer(table, Content((Range(origin, start, length),)), tuple(reports))


def _headers(
    source: Source,
    place: Place,
    origin: str,
    start: int,
    reports: list[Report],
    progress: Progress | None,
    total: int,
) -> Iterator[Header | Plain]:
    for count, member in enumerate(members(source, place, reports)):
        if progress and count % _REPORT_EVERY == 0:
            progress(start + member.header, total)
        if member.type in "05" and not member.xattrs:
            yield Plain(
                member.name,
                member.type == "5",
                member.mode,
                member.uid,
                member.gid,
                member.mtime_ns,
                member.size,
                start + member.data,
            )
            continue
        content = Content((Range(origin, start + member.data, member.size),)) if member.size else EMPTY
        yield Header(
            member.name,
            member.type.encode(),
            member.mode,
            member.uid,
            member.gid,
            member.mtime_ns,
            content,
            member.linkname,
            member.device,
            member.xattrs,
        )
