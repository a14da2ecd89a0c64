"""The cache of downloads stays below its limit."""

import os
import time
from pathlib import Path

import pytest

from layerviz.images.registry import cache

DAY = 24 * 3600


def _kept(file: Path, used_days_ago: float) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" * 400)
    os.utime(file, (time.time() - used_days_ago * DAY, 1000))
    return file


def test_blobs_parts_and_archives_of_engines_have_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LIMIT_BYTES", 900)
    blob = cache.blob_file(f"sha256:{'1' * 64}")
    files = (blob, blob.with_name(f"{blob.name}.part"), cache.downloads()[1] / "id.tar")
    for file, days in zip(files, (3, 4, 5), strict=True):
        _kept(file, days)
    cache.trim()
    assert [file.exists() for file in files] == [True, True, False]


def test_an_image_that_was_opened_today_stays_even_above_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "LIMIT_BYTES", 0)
    old, new = (_kept(cache.blob_file(f"sha256:{digit * 64}"), days) for digit, days in (("1", 5), ("2", 0.5)))
    cache.trim()
    assert (old.exists(), new.exists()) == (False, True)
