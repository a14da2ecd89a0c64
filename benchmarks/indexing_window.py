"""While an image of 200,000 entries is opened the window keeps its frame times: 95 of 100 paints of the stage take at
most 16 ms, and no two frames are more than 100 ms apart.

Watched are reading, putting the layers together, finding out their facts and their waste, and holding them against
their DiffIDs. What one waits for is the other threads too, which processor time does not tell; so it is the clock that
counts, and of some rounds, each without anything kept from one before, the one that was disturbed least.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from benchmarks._images import archive
from benchmarks._limits import Row, told
from benchmarks._starts import own_folders

ENTRIES = 200_000
ROUNDS = 3
MAX_PAINT_MS, MAX_GAP_MS = 16.0, 100.0


def main() -> int:
    return told(measured())


def measured() -> Iterator[Row]:
    for form, said in (("plain", "tar"), ("gzip", "gzip")):
        rounds = [opened(str(archive(ENTRIES, form))) for _ in range(ROUNDS)]
        paints, count = min((at(0.95, paints), len(paints)) for paints, _ in rounds)
        yield Row(f"95 of 100 paints while an image is opened, {said}", paints, MAX_PAINT_MS, "ms", f"{count:,} paints")
        longest, worked, when = min(max((gap, worked, when) for when, gap, worked in turns) for _, turns in rounds)
        frames = sorted(gap for _, turns in rounds for _, gap, _ in turns)
        peer = f"{when}, {worked:.0f} ms of it at work; 95 of 100 within {at(0.95, frames):.0f} ms"
        yield Row(f"longest from one frame to the next, {said}", longest, MAX_GAP_MS, "ms", peer)


def at(share: float, times: list[float]) -> float:
    """The time within which this share of them is."""
    return sorted(times)[int(len(times) * share)]


def opened(file: str) -> tuple[list[float], list[tuple[str, float, float]]]:
    """Paints and frames of a window that opens `file` and has never seen it."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "benchmarks._reading_window", file]
        said = subprocess.run(command, env=own_folders(home), stdout=subprocess.PIPE, text=True, check=True).stdout
    measured = json.loads(said.splitlines()[-1])
    return measured["paints"], measured["turns"]


if __name__ == "__main__":
    sys.exit(main())
