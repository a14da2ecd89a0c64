"""What of an image's bytes is stored in vain, and why: findings to act on."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from os.path import commonpath
from typing import Literal, NamedTuple

from layerviz.engine import paths
from layerviz.engine.content import Reader
from layerviz.engine.covering import Cause, Coverings, Row, coverings, entry_at, keys_of, sizes_of
from layerviz.engine.efficiency import efficiency
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.layer_facts import hidden_bytes
from layerviz.engine.leftovers import cache, leftover
from layerviz.engine.merge import Found
from layerviz.engine.repeats import SMALLEST_BYTES, candidates, repeats
from layerviz.engine.sameness import Sameness
from layerviz.engine.world import Layer

FindingKind = Literal["rewritten", "attributes", "moved", "deleted", "leftover", "repeated"]
MOST_PATHS = 50
_ALONE = 3
"""Files of one cause that are told each by itself; more are told by their directory."""
_SMALL_BYTES = 64 << 10
"""Repeated files and trees that would save less are told together."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause of waste.

    rewritten: content stored again; attributes: the same content again, for its mode, owner or time; moved: taken away
    by a layer that has the same content elsewhere; deleted: hidden by a later layer; leftover: seen, and of no use
    (package lists, caches, logs); repeated: seen at several paths, with the same content at each.

    `path` is the file's, or the directory of the `count` files that it stands for, the first of which are `paths`;
    `other` says where they went (moved). `positions` are those of the layers that had to do with it, bottom first, and
    `removed_by` is the last of several versions' end (0: one is seen). `wasted_bytes` is what dive books for it, all
    versions, if it is `in_score`; else the bytes that mending it would save. `hidden_bytes` of them are stored and
    never seen. `what` tells more: of attributes "mode", "owner" or "time", of a leftover its place (`PLACES`).
    """

    kind: FindingKind
    path: str
    count: int
    positions: tuple[int, ...]
    wasted_bytes: int
    hidden_bytes: int = 0
    in_score: bool = False
    what: str = ""
    other: str = ""
    removed_by: int = 0
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Waste:
    """dive's numbers, exact; the findings, first those of hidden bytes, then those of what is seen, each with the most
    bytes first; for each layer, bottom first, its bytes that are never seen.

    The `wasted_bytes` of the findings `in_score` add up to `wasted_bytes`.
    """

    score: float
    wasted_bytes: int
    size_bytes: int
    findings: tuple[Finding, ...]
    hidden_bytes: tuple[int, ...]


def waste(stack: Sequence[Layer], reader: Reader | None = None) -> Waste:
    """The waste of an image's layers, bottom first.

    With a `reader` contents are compared by size, then by digest, which reads some of the files of equal sizes; without
    it by size and time, and no repeated ones are found.
    """
    played = coverings(stack)
    scored = efficiency(stack, played)
    search = _Search(stack, played, {one.path: one.cumulative_bytes for one in scored.repeated}, Sameness(reader))
    places = {key: place for key in played.seen if (place := leftover(key))}
    rest = ((key, row) for key, row in played.seen.items() if key not in places)
    equal = candidates(stack, rest) if reader else []
    search.sameness.settle(search.pairs(), (found.entry.content for found in equal))
    hidden = _gathered([*search.scored(), *search.unscored()])
    seen = [*_leftovers(stack, played, places), *_repeated(equal, search.sameness)]
    findings = (*sorted(hidden, key=_most_bytes_first), *sorted(seen, key=_most_bytes_first))
    return Waste(scored.score, scored.wasted_bytes, scored.size_bytes, findings, hidden_bytes(stack, played))


def _most_bytes_first(finding: Finding) -> tuple[int, bool, int, bytes]:
    """Of as many bytes those in the score first, then what the layers on top did."""
    return -finding.wasted_bytes, not finding.in_score, -max(finding.positions), paths.key(finding.path)


class _Gone(NamedTuple):
    """A version of a file that is not seen any more, the layer that covered it, and how."""

    entry: Entry
    row: Row
    position: int
    cause: Cause
    by: str


class _Search:
    """Looks for the causes of hidden bytes, file by file."""

    def __init__(self, stack: Sequence[Layer], played: Coverings, booked: dict[str, int], sameness: Sameness) -> None:
        self.stack = stack
        self.booked = {path: size for path, size in booked.items() if size}
        self.sameness = sameness
        self.gone: dict[str, list[_Gone]] = defaultdict(list)
        self.below: dict[str, list[_Gone]] = defaultdict(list)
        """What dive books under a directory that was taken away."""
        self.sizes = [sizes_of(layer.entries) for layer in stack]
        self._rows_by_size: dict[int, dict[int, list[int]]] = {}
        self._entries: dict[Row, Entry] = {}
        for covered in played.covered:
            position, row = covered.row
            if not self.sizes[position - 1][row] or covered.row in played.kept:
                continue
            entry = self._entry(covered.row)
            one = _Gone(entry, covered.row, covered.position, covered.cause, covered.by)
            self.gone[entry.path].append(one)
            if entry.path not in self.booked and self._booked_with_its_directory(one):
                self.below[one.by].append(one)

        self.versions = self._versions()

    def pairs(self) -> Iterator[tuple[Entry, Entry]]:
        """What will be asked whether it is the same."""
        for rows in self.versions.values():
            yield from ((before.entry, after.entry) for before, after in pairwise(_files(rows)))
        for gone in chain.from_iterable(self.gone.values()):
            yield from ((gone.entry, other) for other in self._candidates(gone))

    def scored(self) -> Iterator[Finding]:
        """A finding for each path that dive books as inefficient."""
        for path, booked in self.booked.items():
            rows = self.versions[path]
            files = _files(rows)
            gone, below = self.gone.get(path, []), self.below.get(path, [])
            names = (*([path] if files or not below else []), *(one.entry.path for one in below))
            kind: FindingKind = "deleted"
            positions, what, other, removed = _positions(rows), "", "", 0
            if len(files) > 1:
                kind, what = self._why_again(files)
                positions = _positions(files)
                removed = gone[-1].position if len(gone) == len(files) else 0
            elif gone and (other := self._moved_to(gone[-1])):
                kind = "moved"
            hidden = _bytes(gone) + _bytes(below)
            shown = names[:MOST_PATHS]
            yield Finding(kind, path, len(names), positions, booked, hidden, True, what, other, removed, shown)

    def unscored(self) -> Iterator[Finding]:
        """A finding for each hidden file that dive does not book: what went with its directory."""
        for path, versions in self.gone.items():
            if path in self.booked:
                continue
            for one in versions:
                if self._booked_with_its_directory(one):
                    continue
                size = one.entry.size_bytes
                other = self._moved_to(one)
                kind: FindingKind = "moved" if other else "deleted"
                yield Finding(kind, path, 1, (one.row.position, one.position), size, size, other=other, paths=(path,))

    def _versions(self) -> dict[str, list[Found]]:
        """The rows that dive books, and those of the same paths, bottom first."""
        keys = {paths.key(path) for path in self.booked}
        found: dict[str, list[Found]] = defaultdict(list)
        for position, layer in enumerate(self.stack, 1):
            for row in (row for row, key in enumerate(keys_of(layer.entries)) if key in keys):
                entry = self._entry(Row(position, row))
                if not entry.implied:
                    found[entry.path].append(Found(position, entry))
        return found

    def _booked_with_its_directory(self, gone: _Gone) -> bool:
        return gone.by in self.booked and self.stack[gone.position - 1].entries.whiteout(gone.by) is not None

    def _why_again(self, files: Sequence[Found]) -> tuple[FindingKind, str]:
        """For its attributes only where each version has the content of the one before it."""
        what = ""
        for before, after in pairwise(files):
            one, other = before.entry, after.entry
            if not self.sameness.same(one, other):
                return "rewritten", ""
            if one.mode != other.mode:
                what = "mode"
            elif (one.uid, one.gid) != (other.uid, other.gid):
                what = what or "owner"
        return "attributes", what or "time"

    def _moved_to(self, gone: _Gone) -> str:
        """Where the layer that took a file away has the same content; "" if nowhere."""
        return next((entry.path for entry in self._candidates(gone) if self.sameness.same(gone.entry, entry)), "")

    def _candidates(self, gone: _Gone) -> list[Entry]:
        """Files of the layer that took it away that may be it."""
        if gone.cause == "over":
            return []
        rows = self._rows_by_size.get(gone.position)
        if rows is None:
            rows = self._rows_by_size[gone.position] = defaultdict(list)
            for row, size in enumerate(self.sizes[gone.position - 1]):
                if size:
                    rows[size].append(row)
        entries = (self._entry(Row(gone.position, row)) for row in rows.get(gone.entry.size_bytes, ()))
        # A name that stays the same is the likelier one.
        likely = (entry for entry in entries if entry.kind is Kind.FILE and _may_be(gone.entry, entry))
        return sorted(likely, key=lambda entry: entry.name != gone.entry.name)

    def _entry(self, row: Row) -> Entry:
        known = self._entries.get(row)
        if known is None:
            known = self._entries[row] = entry_at(self.stack, row)
        return known


def _may_be(gone: Entry, entry: Entry) -> bool:
    """Small files are often equal by chance; mv keeps the time."""
    return gone.name == entry.name or gone.mtime_ns == entry.mtime_ns or gone.size_bytes >= SMALLEST_BYTES


def _files(rows: Iterable[Found]) -> list[Found]:
    return [found for found in rows if found.entry.kind is Kind.FILE]


def _positions(rows: Iterable[Found]) -> tuple[int, ...]:
    return tuple(sorted({found.position for found in rows}))


def _bytes(gone: Iterable[_Gone]) -> int:
    return sum(one.entry.size_bytes for one in gone)


def _gathered(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Findings of one cause as one, under the directory that they have in common, but for a few."""
    groups: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
    for one in findings:
        # What lies in a place for caches is mended otherwise than its neighbours.
        place = cache(one.paths[0]) if one.paths else ""
        top = one.path.split("/", 2)[1]
        groups[one.kind, one.positions, one.in_score, one.what, one.removed_by, place, top].append(one)
    for group in groups.values():
        if len(group) <= _ALONE:
            yield from group
            continue
        others = {paths.parent(one.other) for one in group if one.other}
        yield replace(
            group[0],
            path=commonpath([paths.parent(one.path) for one in group]),
            count=sum(one.count for one in group),
            wasted_bytes=sum(one.wasted_bytes for one in group),
            hidden_bytes=sum(one.hidden_bytes for one in group),
            other=commonpath(others) if others else "",
            paths=tuple(path for one in group for path in one.paths)[:MOST_PATHS],
        )


def _leftovers(stack: Sequence[Layer], played: Coverings, places: dict[bytes, str]) -> Iterator[Finding]:
    """A finding for each place, and each layer that left something there."""
    groups: dict[tuple[str, int], list[Entry]] = defaultdict(list)
    for key, place in places.items():
        row = played.seen[key]
        entry = entry_at(stack, row)
        if entry.size_bytes:
            groups[place, row.position].append(entry)
    for (place, position), entries in groups.items():
        names = sorted((entry.path for entry in entries), key=paths.key)
        path = names[0] if len(names) == 1 else commonpath([paths.parent(name) for name in names])
        size = sum(entry.size_bytes for entry in entries)
        yield Finding("leftover", path, len(names), (position,), size, what=place, paths=tuple(names[:MOST_PATHS]))


def _repeated(files: Sequence[Found], sameness: Sameness) -> Iterator[Finding]:
    """Whole trees that stand at several places are one finding, and so is all that is small."""
    trees: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for group in repeats(files, sameness):
        names = sorted((found.entry.path for found in group), key=paths.key)
        saved = group[0].entry.size_bytes * (len(group) - 1)
        found = Finding("repeated", names[0], len(names), _positions(group), saved, paths=tuple(names[:MOST_PATHS]))
        trees[_tops(names)].append(found)
    small: list[Finding] = []
    for tops, findings in trees.items():
        one = findings[0] if len(findings) == 1 else _together(findings, tops[0])
        if one.wasted_bytes >= _SMALL_BYTES:
            yield one
        else:
            small.append(one)
    if len(small) <= _ALONE:
        yield from small
    else:
        yield _together(small, commonpath([paths.parent(path) for one in small for path in one.paths]))


def _together(findings: Sequence[Finding], path: str) -> Finding:
    return replace(
        findings[0],
        path=path,
        count=sum(one.count for one in findings),
        positions=tuple(sorted({position for one in findings for position in one.positions})),
        wasted_bytes=sum(one.wasted_bytes for one in findings),
        paths=tuple(name for one in findings for name in one.paths)[:MOST_PATHS],
    )


def _tops(names: Sequence[str]) -> tuple[str, ...]:
    """The directories that the files have on top of what is alike in all their paths."""
    parts = [name.split("/") for name in names]
    alike = 0
    while len({tuple(one[len(one) - alike - 1 :]) for one in parts}) == 1 and all(
        len(one) > alike + 2 for one in parts
    ):
        alike += 1
    return tuple("/".join(one[: len(one) - alike]) for one in parts) if alike else tuple(map(paths.parent, names))
