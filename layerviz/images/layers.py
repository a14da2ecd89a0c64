"""One layer of an archive: its entry table, read from the headers of its tar, and where the tar itself lies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from layerviz.engine.changeset import Header, Plain, from_changeset
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.engine.paths import display
from layerviz.engine.table import Table
from layerviz.images.archive import Archive, Span
from layerviz.images.bytesource import Region, Stream, form_of
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


def read_layer(archive: Archive, span: Span, position: int, progress: Progress | None = None) -> ReadLayer:
    """The layer at `span`, which is the one at `position` (from 1) of the image it is read for.

    Raises `ImageProblem` naming file, layer and offset.
    """
    region = Region(archive.map, *span)
    form = form_of(region)
    reports: list[Report] = []
    total = len(archive.map)
    if form == "plain":
        place = Place(archive.file, position, span.start)
        origin = source_of(archive.file)
        rows = _headers(region, place, origin, span.start, reports, progress, total)
        table, broken = from_changeset(rows, origin)
        length = span.end - span.start
        start = span.start
    else:
        place = Place(archive.file, position)
        origin = source_of(archive.file, span.start, span.end, form)
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
