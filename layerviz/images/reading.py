"""One layer read: from the bytes as they are stored to the index of the tar that they are, or hold."""

from collections.abc import Callable
from contextlib import suppress

from layerviz.engine import changeset
from layerviz.engine.changeset import from_changeset
from layerviz.engine.paths import display
from layerviz.engine.rows import Unusual
from layerviz.engine.table import Table
from layerviz.images.bytesource import FileBytes, Region, decompressed, form_of, mapped
from layerviz.images.contents import taking_points
from layerviz.images.index_file import Indexed, Note
from layerviz.images.problems import Report
from layerviz.images.scan import Fields, headers
from layerviz.images.tar import Place
from layerviz.images.windows import Ahead, Pieces, Whole

SOURCE = "tar"
"""What the contents of an index lie in, until the file that holds it is known."""


def indexed(
    file: str,
    begin: int,
    end: int,
    position: int,
    fields: Fields,
    progress: Callable[[int], None] | None = None,
    *,
    is_child: bool = False,
) -> Indexed:
    """The index of the layer at `begin` to `end` of `file`, compressed or not; `position` names it in problems.

    `progress` hears how many of the stored bytes were read. `is_child`: this is a process that may end without a word,
    as it does where the file is cut while it is mapped. Raises `ImageProblem`.
    """
    whole = FileBytes(file)
    region = Region(whole, begin, end)
    form = form_of(region)
    reports: list[Report] = []
    source: Whole | Ahead | Pieces
    if form == "plain":
        place = Place(file, position, begin)
        source = Whole(mapped(file), begin, end) if is_child else Ahead(whole, begin, end)
    else:
        place = Place(file, position)
        region = _Told(whole, begin, end, progress) if progress else region
        source = Pieces(decompressed(region, form, place.whole(), taking_points(file, begin, end)))
    told = progress if form == "plain" else None
    table, broken = _table(source, place, reports, told, fields)
    # What stands behind the end mark belongs to the tar too, and so to its DiffID.
    length = source.drain() if isinstance(source, Pieces) else end - begin
    notes = [_note(report, place) for report in reports]
    notes += (Note(-1, one.rule.replace("-", "_"), (("name", display(one.name)),)) for one in broken)
    return Indexed(table, length, tuple(notes))


def _table(
    source: Whole | Ahead | Pieces,
    place: Place,
    reports: list[Report],
    told: Callable[[int], None] | None,
    fields: Fields,
) -> tuple[Table, tuple[changeset.Report, ...]]:
    if fields.wide and not isinstance(source, Pieces):
        with suppress(Unusual):
            read = headers(source, place, reports, SOURCE, 0, told, fields)
            return from_changeset(read, SOURCE, fields.wide.rows(SOURCE))
        reports.clear()
    return from_changeset(headers(source, place, reports, SOURCE, 0, told, fields), SOURCE)


class _Told(Region):
    """A region that tells how far it was read."""

    __slots__ = ("_progress",)

    def __init__(self, data: FileBytes, start: int, end: int, progress: Callable[[int], None]) -> None:
        super().__init__(data, start, end)
        self._progress = progress

    def at(self, offset: int, size: int) -> bytes:
        self._progress(offset)
        return super().at(offset, size)


def _note(report: Report, place: Place) -> Note:
    """A report on a header ends with its byte (`Place.at`)."""
    return Note(int(report.where.rpartition(" ")[2]) - place.start, report.key, report.values)
