"""The merged tree as lines: what the command line prints of an image."""

import gzip
import json
import tarfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from layerviz.engine import merge
from layerviz.engine.entry import Entry
from layerviz.engine.paths import display
from layerviz.engine.upper import Upper
from layerviz.engine.world import Layer
from layerviz.images.opening import image_of
from layerviz.images.problems import ImageProblem
from layerviz.images.tree import line_of, lines, tree
from tests.images import archives
from tests.images.archives import File

pytestmark = pytest.mark.usefixtures("both_ways")

BASE = archives.layer(
    [
        File("d", kind=tarfile.DIRTYPE, mode=0o1777),
        File("d/x", b"hello\n", mode=0o4755),
        File("d-x", b"12"),
        File("gone", b"1"),
        File("l", kind=tarfile.SYMTYPE, link="d/x"),
        File("h", kind=tarfile.LNKTYPE, link="d/x"),
        File("hl", kind=tarfile.LNKTYPE, link="l"),
        File("hp", kind=tarfile.LNKTYPE, link="pipe"),
        File("pipe", kind=tarfile.FIFOTYPE),
        File("zero", kind=tarfile.CHRTYPE),
        File("caf\udce9", b""),
    ]
)
TOP = archives.layer([File(".wh.gone"), File("d-x", b"345")])


def listed(tmp_path: Path, *, digest: bool = False) -> dict[object, dict[str, object]]:
    file = archives.written(tmp_path, archives.old([BASE, TOP]))
    return {line["path"]: line for line in tree(file, digest=digest)}


def test_the_tree_is_sorted_by_path_and_leaves_out_the_root_and_what_is_hidden(tmp_path: Path) -> None:
    paths = list(listed(tmp_path))
    assert paths == ["/caf\udce9", "/d", "/d-x", "/d/x", "/h", "/hl", "/hp", "/l", "/pipe", "/zero"]


def test_each_entry_says_what_it_is_and_whose_layer_is_seen(tmp_path: Path) -> None:
    got = listed(tmp_path)
    owner = {"uid": 0, "gid": 0}
    assert got["/d"] == {"path": "/d", "type": "dir", "mode": 0o1777, "layer": 1} | owner
    assert got["/d/x"] == {"path": "/d/x", "type": "file", "mode": 0o4755, "size": 6, "layer": 1} | owner
    assert got["/d-x"] == {"path": "/d-x", "type": "file", "mode": 0o644, "size": 3, "layer": 2} | owner
    assert got["/l"] == {"path": "/l", "type": "symlink", "mode": 0o644, "linkname": "d/x", "layer": 1} | owner
    assert [got[path]["type"] for path in ("/pipe", "/zero")] == ["fifo", "char"]


def test_a_hard_link_is_what_its_target_is(tmp_path: Path) -> None:
    got = listed(tmp_path, digest=True)
    assert got["/h"] == got["/d/x"] | {"path": "/h"}
    assert got["/hl"] == got["/l"] | {"path": "/hl"}
    assert got["/hp"] == got["/pipe"] | {"path": "/hp"}


def test_digests_are_those_of_the_files_bytes(tmp_path: Path) -> None:
    got = listed(tmp_path, digest=True)
    assert got["/d-x"]["sha256"] == archives.digest(b"345")
    assert got["/caf\udce9"]["sha256"] == archives.digest(b"")
    assert "sha256" not in got["/d"]


def test_paths_that_are_no_text_come_back_from_json_unchanged(tmp_path: Path) -> None:
    line = listed(tmp_path)["/caf\udce9"]
    assert "\\udce9" in json.dumps(line)
    assert json.loads(json.dumps(line)) == line


def test_compressed_layers_have_the_same_tree(tmp_path: Path) -> None:
    packed = archives.new([BASE, TOP], stored=[gzip.compress(BASE), gzip.compress(TOP)])
    file = archives.written(tmp_path, packed, "packed.tar")
    assert {line["path"]: line for line in tree(file, digest=True)} == listed(tmp_path, digest=True)


@pytest.mark.parametrize("as_json", [True, False])
def test_lines_of_columns_are_those_of_the_entries_one_by_one(tmp_path: Path, as_json: bool) -> None:
    odd = [File("dead", kind=tarfile.LNKTYPE, link="nothing"), File("a%s", kind=tarfile.SYMTYPE, link="%d\udcff")]
    file = archives.written(tmp_path, archives.old([BASE, TOP, archives.layer(odd)]))
    stack = image_of(file).image.layers
    for directory in ("/", "/d", "/d/x", "/h", "/none"):
        for digest in (True, False):
            shown = "".join(lines(stack, directory, as_json=as_json, digest=digest))
            assert shown == one_by_one(stack, directory, as_json, digest)
    above = (*stack, Layer(9, Upper.of([Entry("/d-x")])))
    assert "".join(lines(above, as_json=as_json)) == one_by_one(above, "/", as_json, False)


def one_by_one(stack: Sequence[Layer], directory: str, as_json: bool, digest: bool) -> str:
    at = merge.seen(stack, directory)
    hits = [at] if at and at.entry.kind != "dir" else merge.walk(stack, directory)
    found = sorted((line_of(hit, digest=digest) for hit in hits), key=lambda line: str(line["path"]))
    return "".join(f"{json.dumps(line, separators=(',', ':')) if as_json else in_columns(line)}\n" for line in found)


def in_columns(line: dict[str, object]) -> str:
    mode, size = int(str(line["mode"])), str(line.get("size", ""))
    arrow = f" -> {display(str(line['linkname']))}" if "linkname" in line else ""
    owner = f"{line['uid']}:{line['gid']}"
    return f"[{line['layer']}] {line['type']:<8} {mode:04o} {owner:>9} {size:>11} {display(str(line['path']))}{arrow}"


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
