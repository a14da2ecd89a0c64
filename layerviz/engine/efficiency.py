"""How much of an image's bytes is seen at the end: dive's efficiency score, to the last digit.

Source: wagoodman/dive, dive/filetree/efficiency.go. Directories that stand in a tar are leaves only while nothing lies
below them there, as in dive's own trees.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from layerviz.engine import merge, paths
from layerviz.engine.covering import Coverings, coverings, keys_of, kinds_of, sizes_of
from layerviz.engine.entry import Kind
from layerviz.engine.table import DIR, WHITEOUT
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


def efficiency(stack: Sequence[Layer], played: Coverings | None = None) -> Efficiency:
    """The score of an image's layers, bottom first; `played` are their coverings, where one has them.

    Each path is booked with its size in each layer that has it; a whiteout under the name that it hides, 0 for a file,
    for a directory all that the layers below have there. The score is the sum of each path's smallest size over that
    of all its sizes.
    """
    hidden = _hidden_bytes(stack, played or coverings(stack))
    first: dict[bytes, int] = {}
    several: dict[bytes, list[int]] = {}
    for position, layer in enumerate(stack, 1):
        leaves, whiteouts = _leaves(layer.entries)
        for booked in (leaves, _booked(stack[: position - 1], whiteouts, hidden, position)):
            for key in first.keys() & booked.keys():
                several.setdefault(key, [first[key]]).append(booked.pop(key))
            first.update(booked)
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


def _leaves(entries: Entries) -> tuple[dict[bytes, int], list[bytes]]:
    """Keys and sizes of the entries without anything below them in this layer; keys of the whiteouts."""
    keys, sizes = keys_of(entries), sizes_of(entries)
    leaves: dict[bytes, int] = {}
    whiteouts: list[bytes] = []
    for row, kind in enumerate(kinds_of(entries)):
        key = keys[row]
        if kind == WHITEOUT:
            whiteouts.append(key)
        elif kind != DIR or not _has_below(keys, row):
            leaves[key] = sizes[row]
    return leaves, whiteouts


def _has_below(keys: Sequence[bytes], row: int) -> bool:
    """What lies below a directory follows it: rows are sorted by key."""
    return row + 1 < len(keys) and keys[row + 1].startswith(keys[row] + b"\0")


def _hidden_bytes(stack: Sequence[Layer], played: Coverings) -> dict[tuple[int, str], int]:
    """What each layer takes away below each path, in bytes of the rows there."""
    hidden: dict[tuple[int, str], int] = defaultdict(int)
    sizes = [sizes_of(layer.entries) for layer in stack]
    for covered in played.covered:
        if covered.cause == "above":
            position, row = covered.row
            hidden[covered.position, covered.by] += sizes[position - 1][row]
    return hidden


def _booked(
    below: Sequence[Layer], whiteouts: Sequence[bytes], hidden: dict[tuple[int, str], int], position: int
) -> dict[bytes, int]:
    booked: dict[bytes, int] = {}
    directories: list[bytes] = []
    for key in whiteouts:
        path = paths.from_key(key)
        while directories and not key.startswith(directories[-1]):
            directories.pop()
        # What a whiteout above it has taken away already is booked for both.
        booked[key] = _bytes_below(below, path) if directories else hidden.get((position, path), 0)
        directories.append(key + b"\0")
    return booked


def _bytes_below(stack: Sequence[Layer], path: str) -> int:
    found = merge.seen(stack, path)
    if found is None or found.entry.kind is not Kind.DIR:
        return 0
    # A hard link's own row, which has no bytes, as the tar's header says.
    rows = ((stack[hit.position - 1].entries, hit.entry.path) for hit in merge.walk(stack, path))
    return sum(entries.entry(row).size_bytes for entries, path in rows if (row := entries.row(path)) is not None)
