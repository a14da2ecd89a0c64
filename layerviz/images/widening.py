"""The extra `fast`: when numpy is loaded to read headers (`wide`), which all else of the program does without."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import NamedTuple, Protocol

from layerviz.engine.changeset import Batch
from layerviz.engine.rows import Rows
from layerviz.engine.table import Table
from layerviz.engine.whole import Merged
from layerviz.images.bytesource import FileBytes, Mapped, Region, form_of
from layerviz.images.layers import Blob
from layerviz.images.problems import ImageProblem

_WORTH_IT = 150_000
"""About so many entries take as much longer without numpy as it takes to load it."""
_WORTH_IT_TO_MERGE = 500_000
"""The same of rows that are merged and nothing else."""
_LAYERS_LOOKED_AT, _PARTS, _PART_BYTES = 4, 4, 1 << 16
_MAGICS = b"ustar\x0000", b"ustar  \0"
_THREADS = "OPENBLAS_NUM_THREADS"


class Stretch(NamedTuple):
    """Headers one after another, whose contents lie at offsets in the tar."""

    batch: Batch
    last: tuple[int, int]
    """Where the last one begins, and where its content ends."""
    following: int
    """Where the next one begins."""
    is_cut: bool
    """Whether that one needs care."""


class Stretching(Protocol):
    """Reads headers that say nothing unusual, many at once."""

    def __call__(
        self, data: Mapped, base: int, at: int, end: int, most: int, is_all: bool, blocks: int, /
    ) -> Stretch | None:
        """The headers from `at` on, at most `most`, in so many `blocks`; None where the first one needs care.

        What is at hand is `data`, which begins at `base` (see `windows.Window`) and ends at `end`, as the tar does if
        it `is_all`.
        """


class Wide(NamedTuple):
    """What is done with numpy: headers read, the rows of a layer gathered, layers merged."""

    stretch: Stretching
    rows: Callable[[str], Rows]
    merged: Callable[[Sequence[Table]], Merged]


def pays(blobs: Sequence[Blob]) -> bool:
    """Whether there seem to be so many entries that numpy, where it is installed, saves more than loading it takes.

    In layers that are compressed nobody knows, and unpacking them is most of the work. `LAYERVIZ_FAST` decides instead
    where it is 0 or 1.
    """
    chosen = os.environ.get("LAYERVIZ_FAST")
    if chosen == "0" or find_spec("numpy") is None:
        return False
    if chosen == "1":
        return True
    with suppress(ImageProblem):
        return _are_many(blobs)
    # A file is gone: whoever reads it says so.
    return False


def _are_many(blobs: Sequence[Blob]) -> bool:
    plain = [
        region for blob in blobs if form_of(region := Region(FileBytes(blob.file), blob.start, blob.end)) == "plain"
    ]
    sizes = sorted(((region.length or 0, number) for number, region in enumerate(plain)), reverse=True)
    seen = found = 0
    for size, number in sizes[:_LAYERS_LOOKED_AT]:
        for part in range(_PARTS):
            data = plain[number].at(size * part // _PARTS, _PART_BYTES)
            seen += len(data)
            found += sum(map(data.count, _MAGICS))
    return found * sum(size for size, _ in sizes) >= _WORTH_IT * seen > 0


def merges(rows: int) -> bool:
    """Whether to merge so many rows with numpy: where it is loaded, or worth it."""
    chosen = os.environ.get("LAYERVIZ_FAST")
    return chosen != "0" and (chosen == "1" or rows >= _WORTH_IT_TO_MERGE or "numpy" in sys.modules)


def loaded() -> Wide | None:
    """What is done with numpy; None where it cannot be loaded."""
    chosen = os.environ.get(_THREADS)
    # Its library for matrices starts threads when it is loaded, and a process with threads cannot be copied.
    os.environ[_THREADS] = "1"
    try:
        from layerviz.engine.wide_rows import WideRows
        from layerviz.engine.wide_whole import merged
        from layerviz.images.wide import stretch
    except ImportError:
        return None
    finally:
        if chosen is None:
            del os.environ[_THREADS]
        else:
            os.environ[_THREADS] = chosen
    return Wide(stretch, WideRows, merged)
