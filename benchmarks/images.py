"""Real images: what `layerviz tree` and the index of an image take, against peers measured in the same run.

Each way runs in processes of its own, one after another and in turns, and the fastest run of each counts. Processor
time is measured, of our own way that of the program and half that of the two children which work at the same time: what
the clock says of two idle cores. What it said stands beside. Archives are made once (`_images`) and lie in the page
cache.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks._images import archive
from benchmarks._limits import Row, told
from benchmarks._starts import own_folders

ENTRIES, MANY = 200_000, 1_000_000
ROUNDS, GROWTH_ROUNDS = 5, 3
BASE, FAST = {"LAYERVIZ_FAST": "0"}, {"LAYERVIZ_FAST": "1"}
"""Without the extra `fast`, and with it."""
Took = dict[str, float]
"""Seconds by the clock and at work, bytes of memory."""


def main() -> int:
    return told(measured())


def measured() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as home:
        environment = own_folders(home) | BASE
        plain, packed, many = str(archive(ENTRIES)), str(archive(ENTRIES, "gzip")), str(archive(MANY))
        for file in (plain, packed, many):
            warmed(file)
        taken("ours", plain, environment)
        yield from small(plain, packed, environment)
        yield from large(plain, many, environment)


def small(plain: str, packed: str, environment: dict[str, str]) -> Iterator[Row]:
    tree: list[Took] = []
    ways: dict[str, list[Took]] = {}
    for _ in range(ROUNDS):
        for way, file in (("naive", plain), ("ours", plain), ("decompression", packed), ("ours", packed)):
            ways.setdefault(f"{way} {file}", []).append(taken(way, file, environment))
        ways.setdefault("fast", []).append(taken("ours", plain, environment | FAST))
        tree.append(taken("tree", plain, environment))
        ways.setdefault("tarfile", []).append(taken("tarfile", plain, environment))
    indexed, naive = ways[f"ours {plain}"], ways[f"naive {plain}"]
    yield against("layerviz tree of 200,000 entries, whole process, to tarfile's scan", tree, ways["tarfile"], 1 / 4)
    yield against("index and merged view of them to a naive mapped scan", indexed, naive, 2)
    yield against("the same with the extra fast", ways["fast"], naive, 1)
    alone = ways[f"decompression {packed}"]
    yield against("index and merged view of gzip layers to decompressing them", ways[f"ours {packed}"], alone, 1.3)
    yield from memory(plain, ENTRIES, "200,000", environment)
    again = [taken("ours", plain, environment, fresh=False) for _ in range(ROUNDS + 1)][1:]
    wall, worked = (min(one[which] for one in again) * 1000 for which in ("wall", "worked"))
    yield Row("second opening, from the index files", worked, 300, "ms", f"{wall:.0f} ms by the clock")


def large(plain: str, many: str, environment: dict[str, str]) -> Iterator[Row]:
    ways: dict[tuple[str, str], list[Took]] = {}
    for _ in range(GROWTH_ROUNDS):
        for way, chosen in (("", BASE), (", fast", FAST)):
            for file in (plain, many):
                ways.setdefault((way, file), []).append(taken("ours", file, environment | chosen))
    for way in ("", ", fast"):
        yield against(f"1,000,000 entries to 200,000{way}", ways[way, many], ways[way, plain], 5.5)
    yield from memory(many, MANY, "1,000,000", environment)


def memory(file: str, entries: int, named: str, environment: dict[str, str]) -> Iterator[Row]:
    for way, chosen in (("", BASE), (", fast", FAST)):
        runs = [taken("watched", file, environment | chosen) for _ in range(2)]
        for kind, limit in (("peak", 400.0), ("held", 200.0)):
            most = max(one[kind] for one in runs)
            yield Row(f"anonymous memory an entry of {named}, {kind}{way}", most / entries, limit, "bytes")


def against(what: str, ours: Sequence[Took], peer: Sequence[Took], limit: float) -> Row:
    mine, theirs = (min(one["worked"] for one in runs) for runs in (ours, peer))
    clocks = " to ".join(f"{min(one['wall'] for one in runs):.2f} s" for runs in (ours, peer))
    return Row(what, mine / theirs, limit, "×", f"{mine:.2f} s to {theirs:.2f} s; by the clock {clocks}")


def taken(way: str, file: str, environment: dict[str, str], *, fresh: bool = True) -> Took:
    """What a process says that goes this way; `fresh`: nothing is known of the file before."""
    if fresh:
        shutil.rmtree(environment["LAYERVIZ_CACHE"], ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks._peers", way, file]
    said = subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout
    read: Took = json.loads(said)
    return read


def warmed(file: str) -> None:
    with Path(file).open("rb", buffering=0) as opened:
        while opened.read(1 << 22):
            pass


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())
