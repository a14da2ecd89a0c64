"""What is kept stays below its limit, and what may be in use stays whatever happens."""

import os
import time
from pathlib import Path

import pytest

from layerviz import kept

HOUR = 3600
DAY = 24 * HOUR


def _used(file: Path, ago_s: float) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x" * 400)
    file.chmod(0o444)
    os.utime(file, (time.time() - ago_s, 1000))
    return file


def test_what_was_used_longest_ago_goes_first_until_the_rest_fits(tmp_path: Path) -> None:
    old, older, new = (_used(tmp_path / name, days * DAY) for name, days in (("1", 5), ("2", 9), ("3", 2)))
    kept.trim([tmp_path], 900)
    assert [file.exists() for file in (older, old, new)] == [False, True, True]


def test_nothing_goes_while_all_of_it_fits(tmp_path: Path) -> None:
    file = _used(tmp_path / "1", 100 * DAY)
    kept.trim([tmp_path], 400)
    assert file.exists()


def test_several_folders_have_one_limit(tmp_path: Path) -> None:
    files = [_used(tmp_path / name, days * DAY) for name, days in (("a/b/1", 3), ("a/2", 4), ("c/3", 5))]
    kept.trim([tmp_path / "a", tmp_path / "c", tmp_path / "none"], 500)
    assert [file.exists() for file in files] == [True, False, False]


def test_small_files_count_with_what_a_file_takes_besides(tmp_path: Path) -> None:
    old, new = _used(tmp_path / "1", 5 * DAY), _used(tmp_path / "2", 4 * DAY)
    kept.trim([tmp_path], 1000, file_bytes=200)
    assert (old.exists(), new.exists()) == (False, True)


def test_what_was_used_lately_stays_even_above_the_limit(tmp_path: Path) -> None:
    old, new = _used(tmp_path / "1", 2 * HOUR), _used(tmp_path / "2", HOUR / 2)
    kept.trim([tmp_path], 0)
    assert (old.exists(), new.exists()) == (False, True)
    kept.trim([tmp_path], 0, in_use_s=HOUR / 4)
    assert not new.exists()


def test_what_is_being_written_counts_as_used(tmp_path: Path) -> None:
    file = _used(tmp_path / "1", 5 * DAY)
    os.utime(file, (1000, time.time()))
    kept.trim([tmp_path], 0)
    assert file.exists()


def test_what_was_never_finished_goes_after_a_day(tmp_path: Path) -> None:
    for name, days in ((".1", 0.5), (".2", 2), (".folder/3", 2)):
        _used(tmp_path / name, days * DAY)
    empty = tmp_path / ".empty"
    empty.mkdir()
    os.utime(empty, (1000, 1000))
    (tmp_path / ".new").mkdir()
    os.utime(tmp_path / ".folder", (1000, 1000))
    kept.trim([tmp_path], 10_000)
    assert sorted(one.name for one in tmp_path.iterdir()) == [".1", ".new"]


def test_what_another_process_uses_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, older = _used(tmp_path / "1", 5 * DAY), _used(tmp_path / "2", 9 * DAY)
    unlink = Path.unlink

    def unlinked(file: Path) -> None:
        unlink(file)
        kept.use(old)

    monkeypatch.setattr(Path, "unlink", unlinked)
    kept.trim([tmp_path], 0)
    assert (older.exists(), old.exists()) == (False, True)


def test_use_is_remembered_and_the_time_of_change_stays(tmp_path: Path) -> None:
    file = _used(tmp_path / "1", 5 * DAY)
    assert kept.use(file)
    kept.trim([tmp_path], 0)
    assert file.stat().st_mtime == 1000
    assert not kept.use(tmp_path / "none")
