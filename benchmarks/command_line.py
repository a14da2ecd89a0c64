"""`layerviz --version`: at most 150 ms, from the command to its end.

Processor time is measured, which on an idle machine is all the time that it takes; what the clock said stands beside.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from benchmarks._limits import Row, told
from benchmarks._starts import own_folders

STARTS = 15
MAX_MS = 150.0


def main() -> int:
    return told(measured())


def measured() -> Iterator[Row]:
    """The first start pays for the bytecode and for a cold disk."""
    with tempfile.TemporaryDirectory() as home:
        times = [started(own_folders(home)) for _ in range(STARTS + 1)][1:]
    wall = statistics.median(one for one, _ in times)
    processor = statistics.median(one for _, one in times)
    yield Row("layerviz --version", processor, MAX_MS, "ms", f"{wall:.0f} ms by the clock")


def started(environment: dict[str, str]) -> tuple[float, float]:
    """Milliseconds from the command to its end, and how many of them it was at work."""
    before, began = os.times(), time.perf_counter()
    subprocess.run([sys.executable, "-m", "layerviz", "--version"], env=environment, capture_output=True, check=True)
    wall, after = time.perf_counter() - began, os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    return wall * 1000, worked * 1000


if __name__ == "__main__":
    sys.exit(main())
