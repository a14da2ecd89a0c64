"""The merged tree as lines: what the command line prints of an image."""

import gzip
import json
import tarfile
from pathlib import Path

import pytest

from layerviz.images.problems import ImageProblem
from layerviz.images.tree import tree
from tests.images import archives
from tests.images.archives import File

BASE = archives.layer(
    [
        File("d", kind=tarfile.DIRTYPE, mode=0o1777),
        File("d/x", b"hello\n", mode=0o4755),
        File("d-x", b"12"),
        File("gone", b"1"),
        File("l", kind=tarfile.SYMTYPE, link="d/x"),
        File("h", kind=tarfile.LNKTYPE, link="d/x"),
        File("hl", kind=tarfile.LNKTYPE, link="l"),
        File("pipe", kind=tarfile.FIFOTYPE),
        File("zero", kind=tarfile.CHRTYPE),
        File("caf\udce9", b""),
    ]
)
TOP = archives.layer([File(".wh.gone"), File("d-x", b"345")])


def lines(tmp_path: Path, *, digest: bool = False) -> dict[object, dict[str, object]]:
    file = archives.written(tmp_path, archives.old([BASE, TOP]))
    return {line["path"]: line for line in tree(file, digest=digest)}


def test_the_tree_is_sorted_by_path_and_leaves_out_the_root_and_what_is_hidden(tmp_path: Path) -> None:
    paths = list(lines(tmp_path))
    assert paths == ["/caf\udce9", "/d", "/d-x", "/d/x", "/h", "/hl", "/l", "/pipe", "/zero"]


def test_each_entry_says_what_it_is_and_whose_layer_is_seen(tmp_path: Path) -> None:
    got = lines(tmp_path)
    owner = {"uid": 0, "gid": 0}
    assert got["/d"] == {"path": "/d", "type": "dir", "mode": 0o1777, "layer": 1} | owner
    assert got["/d/x"] == {"path": "/d/x", "type": "file", "mode": 0o4755, "size": 6, "layer": 1} | owner
    assert got["/d-x"] == {"path": "/d-x", "type": "file", "mode": 0o644, "size": 3, "layer": 2} | owner
    assert got["/l"] == {"path": "/l", "type": "symlink", "mode": 0o644, "linkname": "d/x", "layer": 1} | owner
    assert [got[path]["type"] for path in ("/pipe", "/zero")] == ["fifo", "char"]


def test_a_hard_link_is_what_its_target_is(tmp_path: Path) -> None:
    got = lines(tmp_path, digest=True)
    assert got["/h"] == got["/d/x"] | {"path": "/h"}
    assert got["/hl"] == got["/l"] | {"path": "/hl"}


def test_digests_are_those_of_the_files_bytes(tmp_path: Path) -> None:
    got = lines(tmp_path, digest=True)
    assert got["/d-x"]["sha256"] == archives.digest(b"345")
    assert got["/caf\udce9"]["sha256"] == archives.digest(b"")
    assert "sha256" not in got["/d"]


def test_paths_that_are_no_text_come_back_from_json_unchanged(tmp_path: Path) -> None:
    line = lines(tmp_path)["/caf\udce9"]
    assert "\\udce9" in json.dumps(line)
    assert json.loads(json.dumps(line)) == line


def test_compressed_layers_have_the_same_tree(tmp_path: Path) -> None:
    packed = archives.new([BASE, TOP], stored=[gzip.compress(BASE), gzip.compress(TOP)])
    file = archives.written(tmp_path, packed, "packed.tar")
    assert {line["path"]: line for line in tree(file, digest=True)} == lines(tmp_path, digest=True)


def test_of_several_images_one_must_be_named(tmp_path: Path) -> None:
    one, two = archives.old([BASE], ["one:latest"]), archives.old([BASE, TOP], ["two:latest"])
    both = [json.loads(form["manifest.json"])[0] for form in (one, two)]
    file = archives.written(tmp_path, one | two | {"manifest.json": json.dumps(both).encode()})
    assert "/gone" in {line["path"] for line in tree(f"{file}:one")}
    assert "/gone" not in {line["path"] for line in tree(f"{file}:two:latest")}
    with pytest.raises(ImageProblem, match="holds several images \\(one:latest, two:latest\\)"):
        list(tree(file))
    with pytest.raises(ImageProblem, match="holds no image three, it has one:latest, two:latest"):
        list(tree(f"{file}:three"))
