"""Real images: what `layerviz tree` and the index of an image take, against peers measured in the same run.

Each way runs in processes of its own, one after another and in turns; the fastest run of each counts, by the clock,
because two cores at work are the point. Archives are made once (`_images`); all are in the page cache when measured.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks._images import archive
from benchmarks._limits import Row, told
from benchmarks._starts import own_folders

ENTRIES, MANY = 200_000, 1_000_000
ROUNDS = 3


def main() -> int:
    return told(measured())


def measured() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as home:
        environment = own_folders(home)
        plain, packed, many = str(archive(ENTRIES)), str(archive(ENTRIES, "gzip")), str(archive(MANY))
        for file in (plain, packed, many):
            warmed(file)
        taken("ours", plain, environment)
        yield from small(plain, packed, environment)
        yield from large(plain, many, environment)


def small(plain: str, packed: str, environment: dict[str, str]) -> Iterator[Row]:
    tree: list[float] = []
    ways: dict[str, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for way, file in (("naive", plain), ("ours", plain), ("decompression", packed), ("ours", packed)):
            ways.setdefault(f"{way} {file}", []).append(taken(way, file, environment))
        tree.append(listed(plain, environment))
    scanned = [taken("tarfile", plain, environment)["wall"] for _ in range(2)]
    best = {name: min(one["wall"] for one in runs) for name, runs in ways.items()}
    yield against("layerviz tree of 200,000 entries, whole process, to tarfile's scan", min(tree), min(scanned), 1 / 4)
    yield against("index and merged view to a naive mapped scan", best[f"ours {plain}"], best[f"naive {plain}"], 2)
    gzip = best[f"ours {packed}"], best[f"decompression {packed}"]
    yield against("the same of gzip layers to decompressing them alone", *gzip, 1.3)
    for kind, limit in (("peak", 400.0), ("held", 200.0)):
        most = max(one[kind] for one in ways[f"ours {plain}"])
        yield Row(f"anonymous memory an entry, {kind}", most / ENTRIES, limit, "bytes")
    again = [taken("ours", plain, environment, fresh=False)["wall"] for _ in range(ROUNDS + 1)][1:]
    yield Row("second opening, from the index files", min(again) * 1000, 300, "ms")


def large(plain: str, many: str, environment: dict[str, str]) -> Iterator[Row]:
    runs = [[taken("ours", file, environment) for file in (plain, many)] for _ in range(2)]
    few, more = (min(one[which]["wall"] for one in runs) for which in (0, 1))
    yield against("1,000,000 entries to 200,000", more, few, 5.5)
    for kind, limit in (("peak", 400.0), ("held", 200.0)):
        most = max(one[1][kind] for one in runs)
        yield Row(f"anonymous memory an entry, {kind}, of 1,000,000", most / MANY, limit, "bytes")


def against(what: str, ours: float, peer: float, limit: float) -> Row:
    return Row(what, ours / peer, limit, "×", f"{ours:.2f} s to {peer:.2f} s")


def taken(way: str, file: str, environment: dict[str, str], *, fresh: bool = True) -> dict[str, float]:
    """What a process says that goes this way; `fresh`: nothing is known of the file before."""
    if fresh:
        shutil.rmtree(environment["LAYERVIZ_CACHE"], ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks._peers", way, file]
    said = subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout
    read: dict[str, float] = json.loads(said)
    return read


def listed(file: str, environment: dict[str, str]) -> float:
    """Seconds of `layerviz tree`, from the command to its end."""
    shutil.rmtree(environment["LAYERVIZ_CACHE"], ignore_errors=True)
    command = [sys.executable, "-m", "layerviz", "tree", "--quiet", file]
    began = time.perf_counter()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def warmed(file: str) -> None:
    with Path(file).open("rb", buffering=0) as opened:
        while opened.read(1 << 22):
            pass


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.exit(main())
