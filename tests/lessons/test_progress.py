"""Progress survives: crashes while saving, damaged files, and versions to come."""

import json
from pathlib import Path

import pytest

from layerviz.lessons.progress import LessonProgress, Progress, ProgressError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "progress.json"


def test_what_was_done_is_there_again(file: Path) -> None:
    progress = Progress.open(file)
    progress.at_step("two-layers-six-files", 3)
    progress.at_step("two-layers-six-files", 2)
    progress.finished("two-layers-six-files")
    progress.solved("two-layers-six-files", within_par=True)
    again = Progress.open(file)
    assert again.last == "two-layers-six-files"
    known = again.of("two-layers-six-files")
    assert known == LessonProgress(step=2, furthest=3, finished=True, solved=True, par_met=True)
    assert again.of("start") == LessonProgress()


def test_par_once_met_stays_met(file: Path) -> None:
    progress = Progress.open(file)
    progress.solved("start", within_par=True)
    progress.solved("start", within_par=False)
    assert Progress.open(file).of("start").par_met


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"\xff\xfe", b'{"lessons": {"start": 3}}'])
def test_a_damaged_file_is_put_aside_and_reported(file: Path, damage: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(damage)
    progress = Progress.open(file)
    assert progress.damaged == file.with_name("progress.damaged.json")
    assert progress.damaged.read_bytes() == damage
    assert progress.last == ""
    progress.at_step("start", 1)
    assert Progress.open(file).damaged is None


def test_a_save_leaves_one_whole_file_and_nothing_beside_it(file: Path) -> None:
    progress = Progress.open(file)
    progress.at_step("start", 1)
    assert [path.name for path in file.parent.iterdir()] == ["progress.json"]
    assert json.loads(file.read_text())["last"] == "start"


def test_a_save_that_fails_says_so_and_keeps_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Progress.open(file)
    progress.at_step("start", 1)
    kept = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ProgressError, match="No space left"):
        progress.at_step("start", 2)
    assert file.read_bytes() == kept
    assert [path.name for path in file.parent.iterdir()] == ["progress.json"]


def test_starting_over_forgets_all(file: Path) -> None:
    progress = Progress.open(file)
    progress.finished("start")
    progress.forget()
    assert Progress.open(file).last == ""
    assert not Progress.open(file).of("start").finished


def test_the_default_file_is_the_user_s_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("layerviz.lessons.progress.user_folder", lambda kind: tmp_path / kind / "layerviz")
    assert Progress.open().file == tmp_path / "data" / "layerviz" / "progress.json"
