"""A small file of a large compressed layer opens within 200 ms: 10 places all over one of 200 MB, gzip and zstd.

The layer is read once before, which leaves the seek points; each file lies in another stretch, so that none is found in
memory. Processor time is measured, so that a busy machine does not count; what the clock said stands beside it.
"""

import os
import random
import sys
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

from benchmarks._limits import Row, told
from benchmarks._starts import own_folders
from layerviz.engine.content import Range
from layerviz.images import bytesource, contents, seek_points

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

PLACES = 10
MAX_MS = 200.0
MAX_RATIO: dict[bytesource.Form, float] = {"gzip": 1.3, "zstd": 2.0}
"""That of gzip is the plan's, for all that indexing does; zstd histories are as long as its window, and kept packed."""
LAYER_BYTES = 340 << 20
FILE_BYTES = 6000


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(own_folders(home))
        return told(measured(Path(home)))


def measured(folder: Path) -> Iterator[Row]:
    deflate = zlib.compressobj(6, wbits=31)
    squeeze = zstd.ZstdCompressor(3)
    gz, zst = folder / "layer.gz", folder / "layer.zst"
    with gz.open("wb") as gz_out, zst.open("wb") as zst_out:
        for piece in layer():
            gz_out.write(deflate.compress(piece))
            zst_out.write(squeeze.compress(piece))
        gz_out.write(deflate.flush())
        zst_out.write(squeeze.flush())
    yield from opened("gzip", str(gz))
    yield from opened("zstd", str(zst))


def layer() -> Iterator[bytes]:
    """A tar of small files: words, and in every sixth file what is packed already."""
    drawing = random.Random(1)
    words = [drawing.randbytes(drawing.randrange(2, 7)).hex().encode() for _ in range(20_000)]
    for number in range(LAYER_BYTES // (FILE_BYTES + 1024)):
        text = b" ".join(drawing.choices(words, k=FILE_BYTES // 9))[:FILE_BYTES]
        data = drawing.randbytes(FILE_BYTES) if number % 6 == 0 else text.ljust(FILE_BYTES)
        info = tarfile.TarInfo(f"usr/lib/d{number // 100}/f{number}")
        info.size = len(data)
        yield (info.tobuf() + data).ljust((len(data) + 1023) // 512 * 512, b"\0")
    yield bytes(1024)


def opened(form: bytesource.Form, file: str) -> Iterator[Row]:
    size = os.path.getsize(file)
    region = bytesource.Region(bytesource.mapped(file), 0, size)
    alone, length = timed(lambda: drained(region, form, file, None))
    with_points, _ = timed(lambda: drained(region, form, file, contents.taking_points(file, 0, size)))
    source = contents.source_of(file, 0, size, form)
    times, clock = [], []
    for place in range(PLACES):
        offset = (2 * place + 1) * length // (2 * PLACES)
        wanted = Range(source, offset, 4096)
        began = time.perf_counter()
        spent, _ = timed(partial(read, wanted))
        times.append(spent * 1000)
        clock.append((time.perf_counter() - began) * 1000)
    what = f"{form} layer of {size / 1e6:.0f} MB: slowest of {PLACES} small files"
    yield Row(what, max(times), MAX_MS, "ms", f"{max(clock):.0f} ms by the clock")
    kept = seek_points.place(os.stat(file), 0, size).stat().st_size
    peer = f"{with_points:.2f} s to {alone:.2f} s; the points take {kept / 1e6:.1f} MB"
    yield Row(
        f"{form}: decompressing with points taken against without", with_points / alone, MAX_RATIO[form], "×", peer
    )


def drained(region: bytesource.Region, form: bytesource.Form, file: str, taking: seek_points.Taking | None) -> int:
    return sum(map(len, bytesource.decompressed(region, form, file, taking)))


def read(wanted: Range) -> int:
    return len(contents.read(wanted, 0, wanted.size_bytes))


def timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.process_time()
    result = work()
    return time.process_time() - began, result


if __name__ == "__main__":
    sys.exit(main())
