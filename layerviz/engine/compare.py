"""Two images held against each other: the layers they share, and what is another in what one sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from layerviz.engine import merge, paths
from layerviz.engine.changes import differ
from layerviz.engine.content import Reader
from layerviz.engine.covering import Row, coverings, entry_at
from layerviz.engine.digests import content_digest, diff_id
from layerviz.engine.entry import Entry, Kind
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
    comparing = _Comparing(a_stack, b_stack, ids_a, ids_b, shared, reader)
    return Comparison(shared, tuple(comparing.differences()))


@dataclass(frozen=True, slots=True)
class _Comparing:
    a_stack: Sequence[Layer]
    b_stack: Sequence[Layer]
    ids_a: list[str]
    ids_b: list[str]
    shared: int
    reader: Reader | None

    def differences(self) -> Iterator[Difference]:
        ours, theirs = _rows(self.a_stack), _rows(self.b_stack)
        for key in sorted(ours.keys() | theirs.keys()):
            was, now = ours.get(key), theirs.get(key)
            if was == now and was is not None and was.position <= self.shared:
                continue
            path = paths.from_key(key)
            if was is not None and now is None:
                yield Difference("D", path, _entry(self.a_stack, was), None)
            elif was is None and now is not None:
                yield Difference("A", path, None, _entry(self.b_stack, now))
            elif was and now and not self._from_the_same_row(was, now):
                before, after = _entry(self.a_stack, was), _entry(self.b_stack, now)
                if self._differ(before, after):
                    yield Difference("C", path, before, after)

    def _from_the_same_row(self, was: Row, now: Row) -> bool:
        """Layers of one DiffID have the same rows; but a hard link may lead to what another layer has."""
        if was.row != now.row or self.ids_a[was.position - 1] != self.ids_b[now.position - 1]:
            return False
        return entry_at(self.a_stack, was).kind is not Kind.HARDLINK

    def _differ(self, was: Entry, now: Entry) -> bool:
        if differ(was, now):
            return True
        if was.kind is Kind.SYMLINK:
            return was.linkname != now.linkname
        if self.reader is None or was.kind is not Kind.FILE or was.content == now.content:
            return False
        return content_digest(was.content, self.reader) != content_digest(now.content, self.reader)


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
