"""Two images held against each other: the layers they share, and what is another in what one sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from layerviz.engine import paths
from layerviz.engine.changes import differ
from layerviz.engine.content import Reader
from layerviz.engine.digests import content_digest, diff_id
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import Found, children, sources
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
    found: list[Difference] = []
    _Comparing(a_stack, b_stack, ids_a, ids_b, shared, reader, found).below(paths.ROOT)
    return Comparison(shared, tuple(sorted(found, key=lambda one: paths.key(one.path))))


@dataclass(frozen=True, slots=True)
class _Comparing:
    a_stack: Sequence[Layer]
    b_stack: Sequence[Layer]
    ids_a: list[str]
    ids_b: list[str]
    shared: int
    reader: Reader | None
    found: list[Difference]

    def below(self, directory: str) -> None:
        if self._from_the_same_layers(directory):
            return
        before = {hit.entry.path: hit for hit in children(self.a_stack, directory)}
        for hit in children(self.b_stack, directory):
            path = hit.entry.path
            was = before.pop(path, None)
            if was is None:
                self.found.append(Difference("A", path, None, hit.entry))
                self._all(self.b_stack, hit, "A")
                continue
            if self._differ(was, hit):
                self.found.append(Difference("C", path, was.entry, hit.entry))
            if was.entry.kind is Kind.DIR and hit.entry.kind is Kind.DIR:
                self.below(path)
            else:
                self._all(self.a_stack, was, "D")
                self._all(self.b_stack, hit, "A")
        for was in before.values():
            self.found.append(Difference("D", was.entry.path, was.entry, None))
            self._all(self.a_stack, was, "D")

    def _all(self, stack: Sequence[Layer], hit: Found, kind: Literal["A", "D"]) -> None:
        if hit.entry.kind is not Kind.DIR:
            return
        for inside in children(stack, hit.entry.path):
            before, after = (inside.entry, None) if kind == "D" else (None, inside.entry)
            self.found.append(Difference(kind, inside.entry.path, before, after))
            self._all(stack, inside, kind)

    def _from_the_same_layers(self, directory: str) -> bool:
        """The same layers in the same order have something there, so the same is seen there; but a hard link may lead
        to what another layer has."""
        ours, theirs = sources(self.a_stack, directory), sources(self.b_stack, directory)
        if [self.ids_a[at - 1] for at in ours] != [self.ids_b[at - 1] for at in theirs]:
            return False
        return all(at <= self.shared or not self.a_stack[at - 1].entries.hard_links() for at in ours)

    def _differ(self, was: Found, now: Found) -> bool:
        if differ(was.entry, now.entry):
            return True
        if was.entry.kind is Kind.SYMLINK:
            return was.entry.linkname != now.entry.linkname
        if self.reader is None or was.entry.kind is not Kind.FILE or was.entry.content == now.entry.content:
            return False
        if self.ids_a[was.position - 1] == self.ids_b[now.position - 1]:
            return False
        return content_digest(was.entry.content, self.reader) != content_digest(now.entry.content, self.reader)
