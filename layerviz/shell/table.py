"""Columns as docker's tables set them, and progress bars."""

from __future__ import annotations

from collections.abc import Sequence

from layerviz.shell.units import size

MIN_WIDTH = 10
PADDING = 3


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Header and rows; a column is as wide as its widest cell and three blanks, at least ten; the last is not padded.

    docker/cli cli/command/formatter/formatter.go: tabwriter with minimum width 10 and padding 3.
    """
    lines = [tuple(header), *(tuple(row) for row in rows)]
    widths = [max(MIN_WIDTH, max(len(line[column]) for line in lines) + PADDING) for column in range(len(header) - 1)]
    return "".join(
        "".join(cell.ljust(width) for cell, width in zip(line[:-1], widths, strict=True)) + line[-1] + "\n"
        for line in lines
    )


def shortened(text: str, columns: int) -> str:
    """`text` cut to `columns` characters, the last of them "…" (formatter/displayutils.go, Ellipsis)."""
    if len(text) <= columns:
        return text
    return text[: columns - 1] + "…" if columns > 1 else text[:columns]


def progress_bar(current_bytes: int, total_bytes: int) -> str:
    """`[====>      ]  1.1kB/1.1kB` with fifty places (moby pkg/jsonmessage)."""
    percent = min(100, int(current_bytes / total_bytes * 100)) if total_bytes else 0
    filled = percent // 2
    blanks = " " * (50 - filled)
    return f"[{'=' * filled}>{blanks}] {size(current_bytes, 4):>8}/{size(total_bytes, 4)}"
