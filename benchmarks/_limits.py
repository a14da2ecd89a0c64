"""What a benchmark says: how much was measured, how much is allowed, and whether that was kept."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROWS = "LAYERVIZ_BENCHMARK_ROWS"
"""Names the file that the rows are gathered in, where several benchmarks run after one another."""


class Row(NamedTuple):
    """`peer` is what was measured beside it, in words."""

    what: str
    measured: float
    limit: float
    unit: str
    peer: str = ""

    @property
    def kept(self) -> bool:
        return self.measured <= self.limit

    @property
    def cells(self) -> tuple[str, ...]:
        """What, measured, limit, ratio of the two, whether it was kept."""
        return (
            f"{self.what} ({self.peer})" if self.peer else self.what,
            f"{_number(self.measured)} {self.unit}",
            f"{_number(self.limit)} {self.unit}",
            f"{self.measured / self.limit:.2f}",
            "kept" if self.kept else "BROKEN",
        )


def told(rows: Iterable[Row]) -> int:
    """Prints each row as soon as it is measured; 1 if a limit is broken, else 0."""
    status = 0
    for row in rows:
        what, measured, limit, ratio, kept = row.cells
        print(f"{what}: {measured}, limit {limit}, ratio {ratio}: {kept}", flush=True)
        status = status or int(not row.kept)
        if file := os.environ.get(ROWS):
            with Path(file).open("a", encoding="utf-8") as out:
                out.write(json.dumps(row) + "\n")
    return status


def gathered(file: Path) -> list[Row]:
    """The rows in the file that `ROWS` named."""
    return [Row(*json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"
