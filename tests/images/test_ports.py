"""Scripts that run on this machine load and save real files."""

from pathlib import Path

import pytest

from layerviz.engine.actions import BringImage
from layerviz.engine.apply import apply, empty_world
from layerviz.images.ports import ports
from layerviz.shell.machine import PortError
from tests.images import archives
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


def test_what_goes_wrong_is_said_in_the_language_of_the_run(tmp_path: Path) -> None:
    for lang, words in (("en", "No such file"), ("zh_CN", "无法读取")):
        load = ports(str(tmp_path), lang=lang).load  # type: ignore[arg-type] # a language of the two
        assert load is not None
        with pytest.raises(PortError, match=words):
            load("none.tar")
