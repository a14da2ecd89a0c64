"""Two images held against each other: the layers they share, and what is another in what one sees; and what one layer
changes of what is seen below it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from layerviz.engine import merge, paths
from layerviz.engine.changes import differ
from layerviz.engine.content import Reader
from layerviz.engine.covering import Row, coverings, entry_at
from layerviz.engine.digests import diff_id
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.sameness import Sameness
from layerviz.engine.world import Layer


class Difference(NamedTuple):
    """A path that is Added, Changed or Deleted, with what is seen there before and after."""

    kind: Literal["A", "C", "D"]
    path: str
    before: Entry | None
    after: Entry | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`shared` counts the layers, from the bottom, that both images stand on; `changes` are sorted by components."""

    shared: int
    changes: tuple[Difference, ...]


def compare(a_stack: Sequence[Layer], b_stack: Sequence[Layer], reader: Reader | None = None) -> Comparison:
    """What changes from the merged view of one stack to that of the other.

    As `docker diff` compares (go-archive changes.go): by mode, owner, device and capability, and for all but
    directories by time and size; what lies below a directory that was added or deleted is listed too. With a `reader`
    files that agree in all that are held against each other by content, for times may lie: not needed where both come
    from one layer.
    """
    ids_a, ids_b = [diff_id(layer) for layer in a_stack], [diff_id(layer) for layer in b_stack]
    shared = 0
    for one, other in zip(ids_a, ids_b, strict=False):
        if one != other:
            break
        shared += 1
    changes: list[Difference] = []
    undecided: list[tuple[Entry, Entry]] = []
    for path, was, now in _other_rows(a_stack, b_stack, ids_a, ids_b, shared):
        before = _entry(a_stack, was) if was else None
        after = _entry(b_stack, now) if now else None
        if before is None or after is None:
            changes.append(Difference("A" if before is None else "D", path, before, after))
        elif _differ(before, after):
            changes.append(Difference("C", path, before, after))
        elif before.kind is Kind.FILE and before.content != after.content:
            undecided.append((before, after))
    if reader:
        sameness = Sameness(reader)
        sameness.settle(undecided)
        changes += (Difference("C", old.path, old, new) for old, new in undecided if not sameness.same(old, new))
    return Comparison(shared, tuple(sorted(changes, key=lambda one: paths.key(one.path))))


def layer_changes(stack: Sequence[Layer], position: int) -> tuple[Difference, ...]:
    """What the layer at `position` does to what is seen below it, sorted by components. A file that it stores again as
    it was counts as changed: its bytes are there twice."""
    below, entries = stack[: position - 1], stack[position - 1].entries
    changes = compare(below, stack[:position]).changes
    known = {change.path for change in changes}
    stored = (entries.entry(row) for row in range(len(entries)))
    again = (one for one in stored if one.kind is not Kind.DIR and not one.is_whiteout and one.path not in known)
    seen = ((merge.seen(below, one.path), one) for one in again)
    more = [Difference("C", one.path, found.entry, one) for found, one in seen if found is not None]
    return tuple(sorted((*changes, *more), key=lambda one: paths.key(one.path)))


def _other_rows(
    a_stack: Sequence[Layer], b_stack: Sequence[Layer], ids_a: Sequence[str], ids_b: Sequence[str], shared: int
) -> Iterator[tuple[str, Row | None, Row | None]]:
    """The paths that are not of one and the same row: with the row that is seen in either stack."""
    ours, theirs = _rows(a_stack), _rows(b_stack)
    for key in ours.keys() | theirs.keys():
        was, now = ours.get(key), theirs.get(key)
        if was and now and was.row == now.row:
            if was.position == now.position <= shared:
                continue
            # Layers of one DiffID have the same rows; but a hard link may lead to what another layer has.
            alike = ids_a[was.position - 1] == ids_b[now.position - 1]
            if alike and entry_at(a_stack, was).kind is not Kind.HARDLINK:
                continue
        yield paths.from_key(key), was, now


def _differ(was: Entry, now: Entry) -> bool:
    return differ(was, now) or (was.kind is Kind.SYMLINK and was.linkname != now.linkname)


def _entry(stack: Sequence[Layer], row: Row) -> Entry:
    """What is seen: of a hard link what it leads to."""
    entry = entry_at(stack, row)
    if entry.kind is Kind.HARDLINK and (found := merge.seen(stack, entry.path)):
        return found.entry
    return entry


def _rows(stack: Sequence[Layer]) -> dict[bytes, Row]:
    played = coverings(stack)
    rows = {**played.directories, **played.seen}
    rows.pop(b"", None)
    return rows
