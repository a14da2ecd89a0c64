"""Files with the same content at several paths."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from layerviz.engine.covering import Row, entry_at
from layerviz.engine.entry import Kind
from layerviz.engine.merge import Found
from layerviz.engine.sameness import Sameness
from layerviz.engine.table import Table
from layerviz.engine.world import Layer

SMALLEST_BYTES = 1024
"""Equal files that are smaller are equal by chance or for a reason, and to store one of them saves nothing."""
_MOST_FILES = 4096
_MOST_BYTES = 256 << 20
"""So much is looked at, what could save the most first: an image may have a gigabyte of files of equal sizes."""


def candidates(stack: Sequence[Layer], files: Iterable[tuple[bytes, Row]]) -> list[Found]:
    """Those of `files` (keys and where they stand) that may have the same bytes as another, and are worth a look."""
    by_size: dict[int, list[Row]] = defaultdict(list)
    for _, row in files:
        size = _size(stack, row)
        if size >= SMALLEST_BYTES:
            by_size[size].append(row)
    rows = (row for size in _chosen(by_size) for row in by_size[size])
    entries = ((row, entry_at(stack, row)) for row in rows)
    return [Found(row.position, entry) for row, entry in entries if entry.kind is Kind.FILE]


def repeats(files: Sequence[Found], sameness: Sameness) -> Iterator[tuple[Found, ...]]:
    """Groups of `files` that have the same bytes."""
    by_head: dict[tuple[int, str], list[Found]] = defaultdict(list)
    for found in files:
        content = found.entry.content
        by_head[content.size_bytes, sameness.head(content)].append(found)
    for group in by_head.values():
        by_digest: dict[str, list[Found]] = defaultdict(list)
        for found in group if len(group) > 1 else ():
            by_digest[sameness.whole(found.entry.content)].append(found)
        yield from (tuple(same) for same in by_digest.values() if len(same) > 1)


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
