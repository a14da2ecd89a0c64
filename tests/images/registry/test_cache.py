"""The cache of downloads stays below its limit and never loses what may be in use."""

import os
import time
from pathlib import Path

from layerviz.images.registry.cache import blob_file, downloads, trim, use

DAY = 24 * 3600


def _kept(digit: str, size: int, used_days_ago: float) -> Path:
    file = blob_file(f"sha256:{digit * 64}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" * size)
    file.chmod(0o444)
    os.utime(file, (time.time() - used_days_ago * DAY, 1000))
    return file


def test_what_was_used_longest_ago_goes_first_until_the_rest_fits() -> None:
    old, older, new = _kept("1", 400, 5), _kept("2", 400, 9), _kept("3", 400, 2)
    trim(limit_bytes=900)
    assert [file.exists() for file in (older, old, new)] == [False, True, True]


def test_nothing_goes_while_all_of_it_fits() -> None:
    file = _kept("1", 400, 100)
    trim(limit_bytes=400)
    assert file.exists()


def test_what_was_used_today_stays_even_above_the_limit() -> None:
    old, new = _kept("1", 400, 5), _kept("2", 400, 0.5)
    trim(limit_bytes=0)
    assert (old.exists(), new.exists()) == (False, True)


def test_archives_of_engines_and_parts_count_too() -> None:
    blob = _kept("1", 400, 3)
    part = blob.with_name(blob.name + ".part")
    engine = downloads()[1] / "id.tar"
    engine.parent.mkdir(parents=True)
    for file, days in ((part, 4), (engine, 5)):
        file.write_bytes(b"x" * 400)
        os.utime(file, (time.time() - days * DAY, 1000))
    trim(limit_bytes=500)
    assert [file.exists() for file in (engine, part, blob)] == [False, False, True]


def test_use_is_remembered_and_the_time_of_change_stays_for_the_index() -> None:
    file = _kept("1", 400, 5)
    assert use(file)
    trim(limit_bytes=0)
    assert file.stat().st_mtime == 1000
    assert not use(file.with_name("none"))
