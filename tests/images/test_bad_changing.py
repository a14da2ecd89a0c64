"""Archives that change while they are read: told, and nothing of what was read is shown. One that is mapped and cut
would end the program without a word."""

import gzip
import os
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from layerviz.images.layers import Progress
from layerviz.images.opening import images_of
from layerviz.images.problems import ImageProblem
from layerviz.images.verifying import check_diff_ids
from tests.images import archives, layouts
from tests.images.archives import File

SMALL_BYTES = 2 << 20
LARGE_BYTES = 34 << 20
"""From 32 MiB on, other processes read the layers."""


@cache
def layer(size: int) -> bytes:
    drawing = random.Random(size)
    return archives.layer(File(f"d/f{number}", drawing.randbytes(20_000)) for number in range(size // 20_000))


def cut(file: Path) -> None:
    os.truncate(file, 512)


def grown(file: Path) -> None:
    with file.open("ab") as out:
        out.write(bytes(1000))


def rewritten(file: Path) -> None:
    with file.open("r+b") as out:
        out.write(b"\xff" * file.stat().st_size)


def once(change: Callable[[Path], None], file: Path) -> Progress:
    """Changes the file when the first progress is told of it."""
    left = [change]

    def progress(done: int, total: int) -> None:
        if left:
            left.pop()(file)

    return progress


@pytest.mark.parametrize("change", [cut, grown, rewritten])
@pytest.mark.parametrize(
    ("form", "size"), [*((form, SMALL_BYTES) for form in ("plain", "gzip", "whole", "layout")), ("plain", LARGE_BYTES)]
)
def test_an_archive_that_changes_while_it_is_read_is_told(
    change: Callable[[Path], None], form: str, size: int, tmp_path: Path
) -> None:
    tar = layer(size)
    file = tmp_path / "image.tar"
    if form == "layout":
        folder = layouts.one([tar]).folder(tmp_path / "layout")
        file = tmp_path / "layout" / "blobs" / "sha256" / archives.digest(tar)
        text = f"oci:{folder}"
    else:
        stored = [gzip.compress(tar, 1)] if form == "gzip" else None
        whole = archives.outer(archives.new([tar], stored=stored))
        file.write_bytes(gzip.compress(whole, 1) if form == "whole" else whole)
        text = str(file)
    with pytest.raises(ImageProblem, match="has changed since it was opened") as caught:
        images_of(text, once(change, file))
    assert str(caught.value).startswith(str(file))


@pytest.mark.parametrize("change", [cut, grown, rewritten])
def test_a_layer_that_changes_while_it_is_verified_is_not_called_wrong(
    change: Callable[[Path], None], tmp_path: Path
) -> None:
    file = archives.written(tmp_path, archives.new([layer(SMALL_BYTES)]))
    images = images_of(file)
    with pytest.raises(ImageProblem, match="has changed since it was opened"):
        check_diff_ids(images, once(change, Path(file)))
