"""The layers of an image: entry tables, read from the headers of their tars, and where the tars themselves lie."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from layerviz.engine.content import Content, Range
from layerviz.engine.table import Table
from layerviz.images import index_cache
from layerviz.images.bytesource import Region, form_of, mapped
from layerviz.images.contents import source_of
from layerviz.images.index_file import Indexed
from layerviz.images.onlooker import Onlooker
from layerviz.images.problems import Report
from layerviz.images.tar import Place

Progress = Callable[[int, int], None]
"""(bytes done, bytes in all). What it raises ends the reading."""
WORTH_A_CHILD_BYTES = 32 << 20
"""Stored bytes of layers from which on starting other processes takes less time than it saves."""


def counted(progress: Progress | None, all_bytes: int) -> Callable[[int], None]:
    """What is called with the bytes of each piece, and tells `progress` how many there are by now."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if progress:
            progress(min(done, all_bytes), all_bytes)

    return advance


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


def read_layers(
    wanted: Iterable[tuple[Blob, int]], progress: Progress | None = None, onlooker: Onlooker | None = None
) -> dict[Blob, ReadLayer]:
    """Each blob of `wanted` read once; beside it stands the position (from 1) that names it in problems and reports.

    `progress` counts the stored bytes of all of them; `onlooker` is told of each layer how far it is, and when it is
    read. Raises `ImageProblem` naming file, layer and offset.
    """
    positions: dict[Blob, int] = {}
    for blob, position in wanted:
        positions.setdefault(blob, position)
    total = sum(map(_size, positions))
    reached = 0

    def tell(read: Mapping[Blob, int]) -> None:
        nonlocal reached
        reached = max(reached, sum(read.values()))
        if onlooker:
            onlooker.reached(read)
        if progress:
            progress(reached, total)

    def done(blob: Blob, index: Indexed) -> None:
        if onlooker:
            onlooker.layer(blob, _layer(blob, positions[blob], index))

    tell({})
    found = _known(positions) if total >= WORTH_A_CHILD_BYTES else {}
    read = {blob: _size(blob) for blob in found}
    for blob, index in found.items():
        done(blob, index)
    left = [blob for blob in positions if blob not in found]
    if left and sum(map(_size, left)) >= WORTH_A_CHILD_BYTES:
        from layerviz.images import indexing

        if indexing.can_help():
            known = dict(read)
            found |= indexing.indexes(left, lambda more: tell(known | more), done)
            read = {blob: _size(blob) for blob in found}
    _read_here(positions, found, read, tell, done)
    tell({blob: _size(blob) for blob in positions})
    return {blob: _layer(blob, position, found[blob]) for blob, position in positions.items()}


def known_layers(wanted: Iterable[Blob]) -> dict[Blob, ReadLayer] | None:
    """What `read_layers` gives for layers that were all read before; None where the index of one is not kept."""
    blobs = list(dict.fromkeys(wanted))
    found = _known(blobs)
    if len(found) < len(blobs):
        return None
    return {blob: _layer(blob, 0, index) for blob, index in found.items()}


def _size(blob: Blob) -> int:
    return blob.end - blob.start


def _known(blobs: Iterable[Blob]) -> dict[Blob, Indexed]:
    return {blob: index for blob in blobs if (index := index_cache.found(blob)) is not None}


def _read_here(
    positions: Mapping[Blob, int],
    found: dict[Blob, Indexed],
    read: dict[Blob, int],
    tell: Callable[[Mapping[Blob, int]], None],
    done: Callable[[Blob, Indexed], None],
) -> None:
    """Reads what is not yet in `found`, in order: the first problem is that of the lowest layer."""
    from layerviz.images.reading import indexed
    from layerviz.images.scan import Fields

    fields = Fields()
    for blob, position in positions.items():
        if blob not in found:

            def reached(done: int, blob: Blob = blob) -> None:
                tell(read | {blob: done})

            found[blob] = indexed(*blob, position, fields, reached)
            read[blob] = _size(blob)
            done(blob, found[blob])


def _layer(blob: Blob, position: int, index: Indexed) -> ReadLayer:
    file, start, end = blob
    form = form_of(Region(mapped(file), start, end))
    if form == "plain":
        place, source, origin = Place(file, position, start), source_of(file), start
    else:
        place, source, origin = Place(file, position), source_of(file, start, end, form), 0
    table = replace(index.table, source=source, origin=origin)
    tar = Content((Range(source, origin, index.tar_bytes),))
    reports = (
        Report(place.whole() if note.offset < 0 else place.at(note.offset), note.key, note.values)
        for note in index.notes
    )
    return ReadLayer(table, tar, tuple(reports))
