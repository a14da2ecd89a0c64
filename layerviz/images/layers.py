"""The layers of an image: entry tables, read from the headers of their tars, and where the tars themselves lie."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from layerviz.engine.content import Content, Range
from layerviz.engine.table import Table
from layerviz.images import index_cache
from layerviz.images.bytesource import FileBytes, Region, form_of
from layerviz.images.contents import source_of
from layerviz.images.index_file import Indexed
from layerviz.images.onlooker import Onlooker
from layerviz.images.problems import Report
from layerviz.images.tar import Place

if TYPE_CHECKING:
    from layerviz.images.indexing import Indexing
    from layerviz.images.scan import Fields

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
    listed = list(wanted)
    with LayerReading(onlooker) as reading:
        reading.expect(sum(map(_size, {blob for blob, _ in listed})))
        reading.add(listed)
        return reading.finished(progress)


class LayerReading:
    """Layers that are read as soon as their bytes are there: `expect` how many bytes of all of them there will be,
    `add` those that lie here, `go_on` now and then, `finished` when there are no more. Leaving it ends what is still
    being read.

    `onlooker` is told of each layer how far it is, and when it is read.
    """

    def __init__(self, onlooker: Onlooker | None = None) -> None:
        self._onlooker = onlooker
        self._positions: dict[Blob, int] = {}
        self._found: dict[Blob, Indexed] = {}
        self._read: dict[Blob, int] = {}
        self._reached = 0
        self._total = 0
        self._fields: Fields | None = None
        self._children: Indexing | None = None
        self._leaving = ExitStack()
        self._beat: Callable[[], object] = _nothing

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leaving.close()

    def expect(self, all_bytes: int) -> None:
        """So many stored bytes there are in all: whether it is worth to start other processes for them."""
        self._total = all_bytes

    def add(self, wanted: Iterable[tuple[Blob, int]]) -> None:
        """Layers whose bytes are there, each with the position (from 1) that names it in problems and reports."""
        new: list[Blob] = []
        for blob, position in wanted:
            if blob not in self._positions:
                self._positions[blob] = position
                new.append(blob)
        if self._total >= WORTH_A_CHILD_BYTES:
            for blob, index in _known(new).items():
                self._done(blob, index)
            left = [blob for blob in new if blob not in self._found]
            if left and self._total - sum(self._read.values()) >= WORTH_A_CHILD_BYTES and (helpers := self._helpers()):
                helpers.give(left)

    def go_on(self, beat: Callable[[], object]) -> None:
        """Reads what can be read by now; `beat` is called on the way, and what it raises ends that. Raises
        `ImageProblem`."""
        self._beat = beat
        if self._children:
            self._children.hear()
        self._read_here()

    def finished(self, progress: Progress | None = None) -> dict[Blob, ReadLayer]:
        """All layers that were added, once they are read; `progress` counts their stored bytes. Raises
        `ImageProblem`."""
        total = sum(map(_size, self._positions))
        self._beat = (lambda: progress(self._reached, total)) if progress else _nothing
        self._tell({})
        if self._children:
            self._children.finish()
        self._read_here()
        self._tell({})
        return {blob: _layer(blob, position, self._found[blob]) for blob, position in self._positions.items()}

    def _helpers(self) -> "Indexing | None":
        if self._children is None:
            from layerviz.images import indexing

            if indexing.can_help():
                self._children = self._leaving.enter_context(indexing.Indexing(self._tell, self._done))
        return self._children

    def _read_here(self) -> None:
        """Reads what no child does, in order: the first problem is that of the lowest layer."""
        pending = self._children.pending if self._children else ()
        left = [blob for blob in self._positions if blob not in self._found and blob not in pending]
        if not left:
            return
        from layerviz.images.reading import indexed
        from layerviz.images.scan import Fields

        self._fields = self._fields or Fields()
        for blob in left:

            def reached(done: int, blob: Blob = blob) -> None:
                self._tell({blob: done})

            self._done(blob, indexed(*blob, self._positions[blob], self._fields, reached))
            self._tell({})

    def _tell(self, read: Mapping[Blob, int]) -> None:
        told = {**self._read, **read}
        self._reached = max(self._reached, sum(told.values()))
        if self._onlooker:
            self._onlooker.reached(told)
        self._beat()

    def _done(self, blob: Blob, index: Indexed) -> None:
        self._found[blob] = index
        self._read[blob] = _size(blob)
        if self._onlooker:
            self._onlooker.layer(blob, _layer(blob, self._positions[blob], index))


def known_layers(wanted: Iterable[Blob]) -> dict[Blob, ReadLayer] | None:
    """What `read_layers` gives for layers that were all read before; None where the index of one is not kept."""
    blobs = list(dict.fromkeys(wanted))
    found = _known(blobs)
    if len(found) < len(blobs):
        return None
    return {blob: _layer(blob, 0, index) for blob, index in found.items()}


def _nothing() -> None:
    return


def _size(blob: Blob) -> int:
    return blob.end - blob.start


def _known(blobs: Iterable[Blob]) -> dict[Blob, Indexed]:
    return {blob: index for blob in blobs if (index := index_cache.found(blob)) is not None}


def _layer(blob: Blob, position: int, index: Indexed) -> ReadLayer:
    file, start, end = blob
    form = form_of(Region(FileBytes(file), start, end))
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
