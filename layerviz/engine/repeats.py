"""Files with the same content at several paths."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from layerviz.engine.covering import Row, entry_at
from layerviz.engine.entry import Kind
from layerviz.engine.merge import Found
from layerviz.engine.sameness import HEAD_BYTES, Sameness
from layerviz.engine.table import Table
from layerviz.engine.world import Layer

SMALLEST_BYTES = 1024
"""Equal files that are smaller are equal by chance or for a reason, and to store one of them saves nothing."""
_MOST_FILES = 4096
_MOST_BYTES = 256 << 20
"""So much is looked at, what could save the most first: an image may have a gigabyte of files of equal sizes."""


def repeats(
    stack: Sequence[Layer], files: Iterable[tuple[bytes, Row]], sameness: Sameness
) -> Iterator[tuple[Found, ...]]:
    """Groups of `files` (keys and where they stand) that have the same bytes."""
    by_size: dict[int, list[Row]] = defaultdict(list)
    for _, row in files:
        size = _size(stack, row)
        if size >= SMALLEST_BYTES:
            by_size[size].append(row)
    chosen = _chosen(by_size)
    by_head: dict[tuple[int, str], list[Found]] = defaultdict(list)
    # In the order in which they lie, which is that in which compressed layers are read fast.
    for row in sorted(row for size in chosen for row in by_size[size]):
        entry = entry_at(stack, row)
        if entry.kind is Kind.FILE:
            by_head[entry.size_bytes, sameness.head(entry.content)].append(Found(row.position, entry))
    by_digest: dict[tuple[int, str], list[Found]] = defaultdict(list)
    for (size, head), group in by_head.items():
        if len(group) < 2:
            continue
        for found in group:
            digest = head if size <= HEAD_BYTES else sameness.digest(found.entry.content)
            by_digest[size, digest].append(found)
    yield from (tuple(group) for group in by_digest.values() if len(group) > 1)


def _chosen(by_size: dict[int, list[Row]]) -> list[int]:
    sizes = [size for size, rows in by_size.items() if len(rows) > 1]
    chosen: list[int] = []
    files = read = 0
    for size in sorted(sizes, key=lambda size: -size * (len(by_size[size]) - 1)):
        count = len(by_size[size])
        if files + count > _MOST_FILES or read + size * count > _MOST_BYTES:
            continue
        files, read = files + count, read + size * count
        chosen.append(size)
    return chosen


def _size(stack: Sequence[Layer], row: Row) -> int:
    entries = stack[row.position - 1].entries
    return entries.sizes[row.row] if isinstance(entries, Table) else entries.entry(row.row).size_bytes
