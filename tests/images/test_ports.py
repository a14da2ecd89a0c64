"""Scripts that run on this machine load and save real files."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from layerviz.engine.actions import BringImage
from layerviz.engine.apply import apply, empty_world
from layerviz.images.ports import ports
from layerviz.shell.machine import PortError
from layerviz.strings import Lang
from tests.images import archives, layouts
from tests.images.archives import File

LAYER = archives.layer([File("a", b"1")])


def test_what_one_script_saves_another_loads_relative_to_the_folder(tmp_path: Path) -> None:
    archives.written(tmp_path, archives.old([LAYER]))
    reach = ports(str(tmp_path))
    assert reach.load is not None and reach.save is not None
    (brought,) = reach.load("image.tar")
    world = apply(empty_world(), BringImage(brought.image, brought.refs)).world
    reach.save(world, ("old",), "again.tar")
    (again,) = reach.load("again.tar")
    assert again.refs == brought.refs == ("old:latest",)
    row = again.image.layers[0].entries.row("/a")
    assert row is not None
    assert again.image.layers[0].entries.entry(row).content.read(reader=reach.read) == b"1"


def test_a_load_checks_every_layer_against_its_diff_id(tmp_path: Path) -> None:
    other = archives.layer([File("evil", b"1")])
    archives.written(tmp_path, archives.old([LAYER]) | {f"{0:064x}/layer.tar": other})
    load = ports(str(tmp_path)).load
    assert load is not None
    with pytest.raises(PortError, match="invalid diffID for layer 1"):
        load("image.tar")


def loading(folder: Path, file: str, lang: Lang = "en") -> str:
    """What is said of a load that fails."""
    load = ports(str(folder), lang=lang).load
    assert load is not None
    with pytest.raises(PortError) as raised:
        load(file)
    return str(raised.value)


def test_what_goes_wrong_is_dockers_english_and_a_hint_in_the_language_of_the_run(tmp_path: Path) -> None:
    said, hint = loading(tmp_path, "none.tar").splitlines()
    assert said == "open none.tar: no such file or directory"
    assert hint == "hint: check the name and that you may read it"
    said, hint = loading(tmp_path, "none.tar", "zh_CN").splitlines()
    assert said == "open none.tar: no such file or directory"
    assert "请检查文件名" in hint


def test_a_file_without_a_manifest_is_refused_in_the_engines_words(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(LAYER)
    said = loading(tmp_path, "x.tar").splitlines()[0]
    assert said == "Error response from daemon: invalid archive: does not contain a manifest.json"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"echo hi\n", "this is no tar archive"),
        (bytes(range(256)) * 4, "this is no tar archive"),
    ],
    ids=("text", "bytes"),
)
def test_a_file_that_is_no_tar_is_told_from_a_damaged_one(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x.tar").write_bytes(content)
    assert f"Error response from daemon: x.tar: {said}" in loading(tmp_path, "x.tar")
    (tmp_path / "x.tar").write_bytes(b"?" + LAYER[1:])
    assert "Error response from daemon: x.tar, byte 0: the header's bytes add up to" in loading(tmp_path, "x.tar")


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_archives_are_loaded_as_docker_loads_them(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    plain = archives.outer(archives.old([LAYER]))
    (tmp_path / "x.tar.packed").write_bytes(pack(plain))
    load = ports(str(tmp_path)).load
    assert load is not None
    assert [one.refs for one in load("x.tar.packed")] == [("old:latest",)]
    (tmp_path / "words.packed").write_bytes(pack(b"no archive\n" * 1000))
    assert "and what it unpacks to is no tar archive" in loading(tmp_path, "words.packed")


def test_a_layouts_archive_is_loaded_and_what_no_store_may_call_an_image_is_left_out(tmp_path: Path) -> None:
    layout = layouts.Layout()
    layout.list(layout.image([LAYER]), "localhost/team/app:1")
    layout.list(layout.image([LAYER, LAYER]), "Not A Name")
    layout.archive(tmp_path / "x.tar")
    load = ports(str(tmp_path)).load
    assert load is not None
    assert [one.refs for one in load("x.tar")] == [("localhost/team/app:1",), ()]
    layout.folder(tmp_path / "folder")
    assert loading(tmp_path, "folder").startswith("open folder: is a directory")


def test_a_save_into_a_folder_that_is_missing_fails_as_dockers_does(tmp_path: Path) -> None:
    archives.written(tmp_path, archives.old([LAYER]))
    reach = ports(str(tmp_path))
    assert reach.load is not None and reach.save is not None
    (brought,) = reach.load("image.tar")
    world = apply(empty_world(), BringImage(brought.image, brought.refs)).world
    with pytest.raises(PortError) as raised:
        reach.save(world, ("old",), "none/again.tar")
    assert str(raised.value).splitlines() == [
        "failed to save image: invalid output path: stat none: no such file or directory",
        "hint: make the folder first",
    ]
    (tmp_path / "folder").mkdir()
    with pytest.raises(PortError, match=r"^failed to save image: cannot write to a directory\nhint: name a file$"):
        reach.save(world, ("old",), "folder")
