"""How much of an image's bytes is seen at the end: dive's efficiency score, to the last digit.

Source: wagoodman/dive, dive/filetree/efficiency.go. Directories that stand in a tar are leaves only while nothing lies
below them there, as in dive's own trees.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from layerviz.engine import merge, paths
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.world import Layer


@dataclass(frozen=True, slots=True)
class Repeated:
    """A path that several layers write or hide: how often, and the bytes of all its versions together."""

    path: str
    times: int
    cumulative_bytes: int


@dataclass(frozen=True, slots=True)
class Efficiency:
    """`score` 1.0: nothing is stored twice or hidden. `repeated` has the most wasteful path first."""

    score: float
    wasted_bytes: int
    size_bytes: int
    repeated: tuple[Repeated, ...]


def efficiency(stack: Sequence[Layer]) -> Efficiency:
    """The score of an image's layers, bottom first.

    Each path is booked with its size in each layer that has it; a whiteout under the name that it hides, 0 for a file,
    for a directory all that the layers below have there. The score is the sum of each path's smallest size over that
    of all its sizes.
    """
    booked: dict[str, list[int]] = {}
    for position, layer in enumerate(stack, 1):
        for entry in _leaves(layer):
            size = _hidden_bytes(stack[: position - 1], entry.path) if entry.is_whiteout else entry.size_bytes
            booked.setdefault(entry.path, []).append(size)
    cumulative = sum(sum(sizes) for sizes in booked.values())
    smallest = sum(min(sizes) for sizes in booked.values())
    repeated = sorted(
        (Repeated(path, len(sizes), sum(sizes)) for path, sizes in booked.items() if len(sizes) > 1),
        key=lambda one: (-one.cumulative_bytes, paths.key(one.path)),
    )
    return Efficiency(
        score=smallest / cumulative if cumulative else 1.0,
        wasted_bytes=sum(one.cumulative_bytes for one in repeated),
        size_bytes=sum(layer.size_bytes or 0 for layer in stack),
        repeated=tuple(repeated),
    )


def _leaves(layer: Layer) -> list[Entry]:
    """Whiteouts, and entries without anything below them in this layer."""
    entries = layer.entries
    rows = (entries.entry(row) for row in range(len(entries)))
    return [
        entry for entry in rows if entry.is_whiteout or entry.kind is not Kind.DIR or not len(entries.below(entry.path))
    ]


def _hidden_bytes(below: Sequence[Layer], path: str) -> int:
    found = merge.seen(below, path)
    if found is None or found.entry.kind is not Kind.DIR:
        return 0
    return sum(hit.entry.size_bytes for hit in merge.walk(below, path))
