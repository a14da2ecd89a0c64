"""Files are written whole or not at all."""

import os
from pathlib import Path

import pytest

from layerviz.writing import reason, whole


def test_a_file_takes_its_place_only_when_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), whole(str(target)) as new:
        new.write(b"half")
        raise RuntimeError
    assert target.read_bytes() == b"old"
    with whole(str(target)) as new:
        new.write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["out"]


def test_a_new_file_has_the_rights_that_the_system_gives(tmp_path: Path) -> None:
    with whole(str(tmp_path / "ours")) as new:
        new.write(b"")
    (tmp_path / "plain").write_bytes(b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_symlink_keeps_pointing_and_a_device_stays_a_device(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    for name in (str(tmp_path / "link"), os.devnull):
        with whole(name) as new:
            new.write(b"new")
    assert (tmp_path / "real").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()
    assert not Path(os.devnull).is_file()


def test_a_name_of_the_longest_length_can_be_written(tmp_path: Path) -> None:
    with whole(str(tmp_path / ("n" * 255))) as new:
        new.write(b"x")
    assert (tmp_path / ("n" * 255)).read_bytes() == b"x"


def test_why_a_file_could_not_be_written_has_a_sentence_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(OSError) as no_folder, whole(str(tmp_path / "none" / "out")):
        pass
    (tmp_path / "folder").mkdir()
    assert reason(no_folder.value) == "no_folder"
    assert reason(OSError(28, "No space left on device")) == "disk_full"
    assert reason(OSError(13, "Permission denied")) == "not_allowed"
    assert reason(OSError(5, "Input/output error")) == "cannot_write"


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full, which only Linux has")
    with pytest.raises(OSError) as full, whole("/dev/full") as new:
        new.write(b"x" * 100_000)
    assert reason(full.value) == "disk_full"
