"""Where the indexes of layers are kept from one opening to the next, and what is known of the layers' DiffIDs.

Archives lie: an index stands under the place of its layer (device, inode, size and time of the file, and which bytes of
it) until the bytes were held against the DiffID; then it moves there, and the place only names it.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from layerviz import kept
from layerviz.engine.digests import is_diff_id
from layerviz.images.index_file import Indexed, opened

if TYPE_CHECKING:
    from layerviz.images.layers import Blob

_FOLDER = "index"
_LARGEST_FOLDER_BYTES = 1 << 30


def folder() -> Path:
    return kept.folder() / _FOLDER


def place(blob: "Blob") -> str:
    """The name under which the index of a layer stands. Raises `OSError` where its file is gone."""
    status = os.stat(blob.file)
    numbers = status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, blob.start, blob.end
    return "at-" + "-".join(f"{number:x}" for number in numbers)


def found(blob: "Blob") -> Indexed | None:
    """The index of a layer that was read before, if it is still the same file."""
    try:
        file = folder() / place(blob)
    except OSError:
        return None
    diff_id = _named(file)
    if diff_id:
        file = _under(diff_id)
    index = opened(file)
    if index is not None:
        kept.use(file)
    return index


def verified(blob: "Blob", diff_id: str) -> None:
    """The bytes of a layer have the DiffID: its index, if there is one, is kept under that from now on."""
    if not is_diff_id(diff_id):
        return
    with suppress(OSError):
        file = folder() / place(blob)
        if not _named(file):
            with suppress(FileNotFoundError):
                os.replace(file, _under(diff_id))
            kept.write_whole(file, json.dumps({"diff_id": diff_id}).encode(), durable=False)


@contextmanager
def new_folder() -> Iterator[Path]:
    """A folder for indexes that are being written, in the cache if that can be; what is left in it goes."""
    own = folder()
    try:
        own.mkdir(parents=True, exist_ok=True)
        unfinished = tempfile.TemporaryDirectory(prefix=".new-", dir=own, ignore_cleanup_errors=True)
    except OSError:
        unfinished = tempfile.TemporaryDirectory(prefix="layerviz-index-", ignore_cleanup_errors=True)
    with unfinished as name:
        yield Path(name)


def keep(file: Path, blob: "Blob", at: str) -> None:
    """Keeps a new index, unless the layer's file has changed since it stood at the place `at`."""
    with suppress(OSError):
        if place(blob) == at and file.parent.parent == folder():
            os.replace(file, file.parent.parent / at)


def trim() -> None:
    """Lets the indexes go that were not used for longest, where there are too many, and what crashes left behind."""
    kept.trim((folder(),), _LARGEST_FOLDER_BYTES)


def _under(diff_id: str) -> Path:
    return folder() / diff_id.replace(":", "-")


def _named(file: Path) -> str:
    """The DiffID that a file names instead of being an index."""
    with suppress(OSError, ValueError, TypeError, LookupError):
        if file.stat().st_size < 200:
            diff_id = json.loads(file.read_bytes())["diff_id"]
            return diff_id if is_diff_id(diff_id) else ""
    return ""
