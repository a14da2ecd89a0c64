"""Archives that say little and mean a lot of work: each is listed or refused in time."""

import json
import tarfile
from pathlib import Path

import pytest

from tests.images import archives, layouts
from tests.images.archives import File
from tests.images.bad import refused, told
from tests.images.test_bad_archives import BASE, LIES, with_field

pytestmark = pytest.mark.usefixtures("both_ways")

LINK, SYMLINK = tarfile.LNKTYPE, tarfile.SYMTYPE
MANY = 10_000


def test_hard_links_that_lead_from_one_to_the_next_are_the_file_at_the_end(tmp_path: Path) -> None:
    down = [File(f"f{number}", kind=LINK, link=f"f{number + 1}") for number in range(MANY)]
    file = archives.written(tmp_path, archives.new([archives.layer([*down, File(f"f{MANY}", b"content")])]))
    got = told(file, tmp_path)
    assert {json.loads(line).get("size") for line in got.lines} == {7}
    assert len(got.lines) == MANY + 1


def test_hard_links_of_many_layers_that_lead_in_a_circle_are_listed(tmp_path: Path) -> None:
    circle = archives.layer([File("f", kind=LINK, link="g"), File("g", kind=LINK, link="f")])
    file = archives.written(tmp_path, archives.new([archives.layer([File("f", b"x")]), *[circle] * 900]))
    assert [json.loads(line)["path"] for line in told(file, tmp_path).lines] == ["/f", "/g"]


def test_symlinks_that_double_at_every_step_lead_nowhere(tmp_path: Path) -> None:
    doubling = [File(f"s{number}", kind=SYMLINK, link=f"s{number + 1}/s{number + 1}") for number in range(60)]
    file = archives.written(tmp_path, archives.new([archives.layer(doubling)]))
    assert [json.loads(line)["linkname"] for line in told(file, tmp_path, "/s0").lines] == ["s1/s1"]
    assert "the image shows no such path" in refused(file, tmp_path, "/s0/s0/x")


def test_directories_that_are_opaque_without_being_there_are_told(tmp_path: Path) -> None:
    marks = [File(f"d{number}/.wh..wh..opq") for number in range(MANY)]
    files = [File(f"e{number}") for number in range(MANY)]
    got = told(archives.written(tmp_path, archives.new([archives.layer([*marks, *files])])), tmp_path)
    assert (got.status, len(got.lines), len(got.errors)) == (0, 2 * MANY, MANY)


def test_what_is_odd_about_a_layer_is_told_once_however_often_it_is_stacked(tmp_path: Path) -> None:
    got = told(archives.written(tmp_path, archives.new([archives.layer([File("a")] * 500)] * 900)), tmp_path)
    assert (got.status, len(got.lines), len(got.errors)) == (0, 1, 1)


def test_an_archive_that_names_one_large_config_over_and_over_is_refused(tmp_path: Path) -> None:
    members = archives.new([BASE])
    line = json.loads(members["manifest.json"])[0]
    said = members[line["Config"]]
    assert isinstance(said, bytes)
    members |= {"manifest.json": json.dumps([line] * MANY).encode(), line["Config"]: said + b" " * (1 << 20)}
    file = archives.written(tmp_path, members)
    assert refused(file, tmp_path).startswith(f"{file}: what it says of its images has more than 134217728 bytes")


def test_a_layout_that_names_one_large_manifest_over_and_over_is_refused(tmp_path: Path) -> None:
    layout = layouts.one([BASE])
    name = layout.listed[0]["digest"].replace(":", "/")
    padded = layout.files[f"blobs/{name}"] + b" " * (1 << 20)
    layout.listed = [layout.blob(padded, layout.listed[0]["mediaType"])] * MANY
    folder = layout.folder(tmp_path / "layout")
    assert refused(folder, tmp_path).startswith(f"{folder}: what it says of its images has more than 134217728 bytes")


def test_what_a_child_process_finds_wrong_in_a_large_layer_is_the_same_sentence(tmp_path: Path) -> None:
    # From 32 MiB on, layers are indexed by other processes.
    large = archives.layer([File(f"d/f{number}", b"%d" % number * 200_000) for number in range(45)])
    at = large.index(b"d/f44\0")
    lying, words = with_field(large, 124, b"77777777777\0", at), LIES["a huge size"][1]
    file = archives.written(tmp_path, archives.new([large, large], stored=[large, lying]))
    sentence = refused(file, tmp_path)
    assert sentence.startswith(f"{file}, layer 2, byte ")
    assert words in sentence


def config_of(members: dict[str, bytes | str]) -> str:
    manifest = members["manifest.json"]
    assert isinstance(manifest, bytes)
    return str(json.loads(manifest)[0]["Config"])


def test_a_config_that_is_mostly_blanks_or_history_is_refused(tmp_path: Path) -> None:
    members = archives.new([BASE])
    name = config_of(members)
    said = members[name]
    assert isinstance(said, bytes)
    file = archives.written(tmp_path, members | {name: said + b" " * (4 << 20)})
    assert refused(file, tmp_path).startswith(
        f"{file}: the document {name} has {len(said) + (4 << 20)} bytes; at most 4194304 are "
    )
    lines = b"{}," * 1_000_000
    file = archives.written(tmp_path, members | {name: said.replace(b'"history": [', b'"history": [' + lines + b"{}")})
    assert refused(file, tmp_path).startswith(f"{file}, {name}: the history has 1000001 lines; at most 10000 are read")


def test_images_and_names_without_end_are_refused(tmp_path: Path) -> None:
    members = archives.new([BASE])
    manifest = members["manifest.json"]
    assert isinstance(manifest, bytes)
    line = json.loads(manifest)[0]
    for lines, words in (
        ([line] * 60_000, "60000 images are listed; at most 10000 are read"),
        (
            [line | {"RepoTags": [f"a:{number}" for number in range(600_000)]}],
            "an image has 600000 names; at most 1000",
        ),
        ([line | {"RepoTags": ["a" * 10_000_000]}], "a name of an image has 10000000 characters; at most 1024"),
    ):
        file = archives.written(tmp_path, members | {"manifest.json": json.dumps(lines).encode()})
        assert words in refused(file, tmp_path)
    layout = layouts.one([BASE])
    layout.listed *= 60_000
    assert "60000 images are listed" in refused(layout.folder(tmp_path / "layout"), tmp_path)


def test_a_sentence_names_a_few_of_many_images_and_a_part_of_long_names(tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.several({f"{'n' * 60}:{number}": [BASE] for number in range(300)}))
    for image in (file, f"{file}:none"):
        sentence = refused(image, tmp_path)
        assert f"{'n' * 60}:3, " in sentence
        assert len(sentence) < len(file) + 1500
    members = archives.new([BASE])
    manifest = members["manifest.json"]
    assert isinstance(manifest, bytes)
    line = json.loads(manifest)[0] | {"Config": "x" * 1_000_000}
    sentence = refused(archives.written(tmp_path, members | {"manifest.json": json.dumps([line]).encode()}), tmp_path)
    assert "has no xxx" in sentence
    assert "xxx…xxx" in sentence
    assert len(sentence) < len(file) + 1500
