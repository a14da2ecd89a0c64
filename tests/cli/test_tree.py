"""`layerviz tree` lists the merged view of an archive."""

import json
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.made import image
from tests.images import archives, layouts
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


def test_a_small_image_whose_layer_is_another_is_refused(invoke: Callable[..., Result], tmp_path: Path) -> None:
    right, wrong = archives.layer([File("a", b"1")]), archives.layer([File("a", b"2")])
    archives.written(tmp_path, archives.old([right]) | {f"{0:064x}/layer.tar": wrong})
    listed = invoke("tree", str(tmp_path / "image.tar"))
    assert (listed.exit_code, listed.stdout) == (1, "")
    assert "image.tar: invalid diffID for layer 1: expected sha256:" in listed.stderr
    layout = layouts.one([right])
    layout.files[f"blobs/sha256/{archives.digest(right)}"] = wrong
    listed = invoke("tree", layout.folder(tmp_path / "layout"))
    assert (listed.exit_code, listed.stdout) == (1, "")
    assert "layout: invalid diffID for layer 1: expected sha256:" in listed.stderr
    assert len(listed.stderr.splitlines()) == 1


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


def seen(listed: Result) -> list[str]:
    assert listed.exit_code == 0, listed.stderr
    return [json.loads(line)["path"] for line in listed.stdout.splitlines()]


def test_a_path_lists_what_lies_below_it(invoke: Callable[..., Result], tmp_path: Path) -> None:
    link = File("lib", kind=tarfile.SYMTYPE, link="usr/lib")
    made = image(tmp_path, [File("etc/a", b"1"), File("etc/d/b", b"1"), File("usr/lib/c", b"1"), link])
    assert seen(invoke("tree", made, "/etc", "--json")) == ["/etc/a", "/etc/d", "/etc/d/b"]
    assert seen(invoke("tree", made, "etc/d/", "--json")) == ["/etc/d/b"]
    assert seen(invoke("tree", made, "/etc/a", "--json")) == ["/etc/a"]
    assert seen(invoke("tree", made, "/lib", "--json")) == ["/usr/lib/c"], "links are followed, as ls follows them"


def test_a_symlink_that_leads_nowhere_is_seen_itself(invoke: Callable[..., Result], tmp_path: Path) -> None:
    links = [File(name, kind=tarfile.SYMTYPE, link=target) for name, target in (("lost", "nowhere"), ("me", "me"))]
    made = image(tmp_path, links)
    assert seen(invoke("tree", made, "/lost", "--json")) == ["/lost"]
    assert seen(invoke("tree", made, "/me", "--json")) == ["/me"]
    assert invoke("tree", made, "/lost/below").exit_code == 1


def test_a_path_that_is_not_there_is_one_sentence(invoke: Callable[..., Result], tmp_path: Path) -> None:
    made = image(tmp_path, [File("a", b"1")])
    for path in ("/b", "/a/b"):
        listed = invoke("tree", made, path)
        assert (listed.exit_code, listed.stdout) == (1, "")
        assert listed.stderr == f"layerviz: {path}: the image shows no such path\n"


def test_a_layer_shows_the_image_as_it_stood_then(invoke: Callable[..., Result], tmp_path: Path) -> None:
    made = image(tmp_path, [File("a", b"1")], [File(".wh.a"), File("b", b"1")], [File("c", b"1")])
    assert seen(invoke("tree", made, "--layer", "1", "--json")) == ["/a"]
    assert seen(invoke("tree", made, "--layer", "2", "--json")) == ["/b"]
    assert seen(invoke("tree", made, "--json")) == ["/b", "/c"]
    assert invoke("tree", made, "--layer", "4").exit_code == 2
    assert invoke("tree", made, "--layer", "0").exit_code == 2
