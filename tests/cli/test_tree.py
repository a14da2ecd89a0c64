"""`layerviz tree` lists the merged view of an archive."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.images import archives
from tests.images.archives import File

REAL = Path(
    os.environ.get("LAYERVIZ_TEST_IMAGE", Path(__file__).parents[3] / "shared" / "data" / "test-docker-image.tar")
)
Call = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.skipif(not REAL.is_file(), reason=f"the real archive is not here: {REAL}")
def test_the_real_archive_is_listed_one_json_object_a_line(invoke: Callable[..., Result]) -> None:
    listed = invoke("tree", f"docker-archive:{REAL}", "--json")
    assert listed.exit_code == 0
    entries = [json.loads(line) for line in listed.stdout.splitlines()]
    assert len(entries) > 100
    assert all(entry.keys() >= {"path", "type", "mode", "uid", "gid", "layer"} for entry in entries)
    assert [entry["path"] for entry in entries] == sorted(entry["path"] for entry in entries)
    assert all(entry["layer"] >= 1 for entry in entries)
    assert not [entry["path"] for entry in entries if "/.wh." in entry["path"]]


def test_an_archive_that_is_not_there_is_one_sentence(invoke: Callable[..., Result], tmp_path: Path) -> None:
    listed = invoke("tree", f"docker-archive:{tmp_path / 'none.tar'}")
    assert listed.exit_code == 1
    assert listed.stdout == ""
    assert len(listed.stderr.splitlines()) == 1
    assert "none.tar" in listed.stderr


@pytest.mark.parametrize("image", ["docker-archive:", "oci:", "docker:alpine"])
def test_what_names_no_archive_is_told_how_to_name_one(invoke: Callable[..., Result], image: str) -> None:
    listed = invoke("tree", image)
    assert (listed.exit_code, listed.stdout) == (1, "")
    assert "write docker-archive:FILE" in listed.stderr


def test_what_is_odd_about_an_archive_is_told_beside_the_list(invoke: Callable[..., Result], tmp_path: Path) -> None:
    twice = archives.layer([File("a", b"1"), File("a", b"22")])
    archives.written(tmp_path, archives.old([twice]))
    listed = invoke("tree", str(tmp_path / "image.tar"), "--json")
    assert (listed.exit_code, json.loads(listed.stdout)["size"]) == (0, 2)
    assert "layer 1: a stands twice in one layer" in listed.stderr


def test_a_problem_is_told_in_the_language_of_the_terminal(call: Call, tmp_path: Path) -> None:
    listed = call("tree", f"docker-archive:{tmp_path / 'none.tar'}", LAYERVIZ_LANG="zh_CN")
    assert "无法读取" in listed.stderr


def test_a_file_that_is_no_archive_is_one_sentence(invoke: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "words.tar"
    file.write_text("no archive\n" * 100, encoding="utf-8")
    listed = invoke("tree", f"docker-archive:{file}")
    assert listed.exit_code == 1
    assert len(listed.stderr.splitlines()) == 1
    assert "words.tar" in listed.stderr
