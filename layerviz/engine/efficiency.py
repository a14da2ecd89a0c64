"""How much of an image's bytes is seen at the end: dive's efficiency score, to the last digit.

Source: wagoodman/dive, dive/filetree/efficiency.go. Directories that stand in a tar are leaves only while nothing lies
below them there, as in dive's own trees.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from layerviz.engine import merge, paths
from layerviz.engine.covering import keys_of
from layerviz.engine.entry import Kind
from layerviz.engine.world import Entries, Layer


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
    first: dict[bytes, int] = {}
    several: dict[bytes, list[int]] = {}
    for position, layer in enumerate(stack, 1):
        for key, size in _leaves(layer.entries, stack[: position - 1]):
            if key not in first:
                first[key] = size
            elif key in several:
                several[key].append(size)
            else:
                several[key] = [first[key], size]
    once = sum(first.values()) - sum(sizes[0] for sizes in several.values())
    wasted = sum(map(sum, several.values()))
    smallest = sum(map(min, several.values()))
    repeated = sorted(
        (Repeated(paths.from_key(key), len(sizes), sum(sizes)) for key, sizes in several.items()),
        key=lambda one: (-one.cumulative_bytes, paths.key(one.path)),
    )
    return Efficiency(
        score=(once + smallest) / (once + wasted) if once + wasted else 1.0,
        wasted_bytes=wasted,
        size_bytes=sum(layer.size_bytes or 0 for layer in stack),
        repeated=tuple(repeated),
    )


def _leaves(entries: Entries, below: Sequence[Layer]) -> Iterator[tuple[bytes, int]]:
    """Key and size of whiteouts, and of entries without anything below them in this layer."""
    keys = keys_of(entries)
    # A directory's rows follow it, behind one that hides what was at its own path.
    following = [*keys[1:], b""]
    for row, (key, after) in enumerate(zip(keys, following, strict=False)):
        entry = entries.entry(row)
        if entry.kind is Kind.WHITEOUT:
            yield key, _hidden_bytes(below, entry.path)
        elif entry.kind is not Kind.DIR or not (after.startswith(key + b"\0") or (not key and after)):
            yield key, entry.size_bytes


def _hidden_bytes(below: Sequence[Layer], path: str) -> int:
    found = merge.seen(below, path)
    if found is None or found.entry.kind is not Kind.DIR:
        return 0
    return sum(hit.entry.size_bytes for hit in merge.walk(below, path))
