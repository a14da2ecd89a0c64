"""What reading images is measured against, each as short as it is usually written, and the measuring of our own way.

`python -m benchmarks._peers WAY FILE` does one of them in a process of its own and prints what it took as JSON.
"""

import gc
import json
import mmap
import os
import resource
import select
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path


def tarfile_scan(file: str) -> int:
    """Every header of every layer, by Python's own tarfile."""
    count = 0
    with tarfile.open(file) as outer:
        for member in outer:
            inner = outer.extractfile(member) if "/" in member.name else None
            if inner:
                with tarfile.open(fileobj=inner) as layer:
                    count += sum(1 for _ in layer)
    return count


def naive_scan(file: str) -> int:
    """Every header by a loop over the mapped file, name, type, size and offset in tuples, merged into a dictionary:
    no checksum, mode, owner or time; whiteouts of single names only; no PAX names."""
    with open(file, "rb") as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    outer = {name: (offset, size) for name, _, size, offset in _entries(data, 0, len(data))}
    offset, size = outer[b"manifest.json"]
    merged: dict[bytes, tuple[bytes, int, int, int]] = {}
    for layer in json.loads(data[offset : offset + size])[0]["Layers"]:
        offset, size = outer[layer.encode()]
        rows = _entries(data, offset, offset + size)
        for row in rows:
            folder, _, base = row[0].rpartition(b"/")
            if base.startswith(b".wh."):
                merged.pop(folder + b"/" + base[4:], None)
        for row in rows:
            if b"/.wh." not in row[0]:
                merged[row[0].rstrip(b"/")] = row
    return len(merged)


def _entries(data: mmap.mmap, at: int, end: int) -> list[tuple[bytes, int, int, int]]:
    rows = []
    while at < end and data[at]:
        name = data[at : at + 100].rstrip(b"\0")
        size = int(data[at + 124 : at + 135], 8)
        if data[at + 345]:
            name = data[at + 345 : at + 500].rstrip(b"\0") + b"/" + name
        rows.append((name, data[at + 156], size, at + 512))
        at += 512 + ((size + 511) & -512)
    return rows


def decompression(file: str) -> int:
    """Every gzip layer decompressed, and nothing else, as fast as igzip does it."""
    from isal import isal_zlib

    with open(file, "rb") as opened:
        data = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    total = 0
    for _, _, size, offset in _entries(data, 0, len(data)):
        if data[offset : offset + 2] == b"\x1f\x8b":
            inflate = isal_zlib.decompressobj(wbits=31)
            for start in range(offset, offset + size, 1 << 18):
                total += len(inflate.decompress(data[start : min(start + (1 << 18), offset + size)]))
    return total


def ours(file: str) -> int:
    """Index and merged view, as every command and window makes them."""
    from layerviz.engine import whole
    from layerviz.images import opening

    return len(whole.merged(opening.image_of(file).image.layers))


def tree(file: str) -> int:
    """`layerviz tree` of the file, its lines thrown away."""
    from layerviz.cli import main

    sys.argv = ["layerviz", "tree", "--quiet", file]
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), suppress(SystemExit):
        main()
    return 0


WAYS: dict[str, Callable[[str], int]] = {
    "tarfile": tarfile_scan,
    "naive": naive_scan,
    "decompression": decompression,
    "ours": ours,
    "watched": ours,
    "tree": tree,
}


def main(way: str, file: str) -> None:
    if way == "watch":
        watch(int(file))
        return
    if way in ("ours", "watched"):
        # The bare program has its modules loaded, as the peers have theirs.
        import layerviz.engine.whole
        import layerviz.images.indexing
        import layerviz.images.indexing_child
        import layerviz.images.opening  # noqa: F401
        from layerviz.images import widening

        if way == "ours" and os.environ.get("LAYERVIZ_FAST") == "1":
            # Its memory is counted, where memory is.
            widening.loaded()
    gc.collect()
    bare = _anonymous(os.getpid())
    peak = [0]
    with _watched(peak) if way == "watched" else _unwatched():
        # A whole process began when its interpreter did.
        before, began = 0.0 if way == "tree" else processor_seconds(), time.perf_counter()
        count = WAYS[way](file)
        wall = time.perf_counter() - began
        worked = processor_seconds() - before
    gc.collect()
    held = _anonymous(os.getpid()) - bare
    print(json.dumps({"count": count, "wall": wall, "worked": worked, "peak": peak[0] - bare, "held": held}))


def processor_seconds() -> float:
    """What this process has worked, and half of what the children have that it waited for: never less than the clock
    would say on two idle cores, where two children index at the same time, and one lists and merges beside its
    parent."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + (children.ru_utime + children.ru_stime) / 2


@contextmanager
def _unwatched() -> Iterator[None]:
    yield


@contextmanager
def _watched(peak: list[int]) -> Iterator[None]:
    """Has another process look all the time how much anonymous memory this one and its children have together: a thread
    would keep it from being copied."""
    command = [sys.executable, "-m", "benchmarks._peers", "watch", str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdin and watcher.stdout
        watcher.stdout.readline()
        try:
            yield
        finally:
            watcher.stdin.close()
            peak[0] = int(watcher.stdout.read())


def watch(process: int) -> None:
    """Says that it looks, and when its input ends, how many bytes there were at most."""
    most = 0
    print("looking", flush=True)
    while not select.select([sys.stdin], [], [], 0.004)[0]:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        family = {process, *map(int, children)} - {os.getpid()}
        most = max(most, sum(map(_anonymous, family)))
    print(most)


def _anonymous(process: int) -> int:
    """Bytes of anonymous memory, what several processes share divided among them; 0 of a process that has ended."""
    try:
        parts = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in parts.splitlines() if line.startswith("Pss_Anon")), 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
