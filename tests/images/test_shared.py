"""What images share, and what removing them would free."""

from pathlib import Path

from layerviz.images.opening import images_of
from layerviz.images.shared import Sharing, shared_of
from tests.images import archives
from tests.images.archives import File

BASE = archives.layer([File("base", bytes(1000))])
TOOL = archives.layer([File("tool", bytes(300))])
APP = archives.layer([File("app", bytes(50))])


def sharing(folder: Path, **images: list[bytes]) -> Sharing:
    members = archives.several({f"{tag}:latest": layers for tag, layers in images.items()})
    return shared_of(images_of(archives.written(folder, members)))


def test_a_common_base_is_stored_once(tmp_path: Path) -> None:
    got = sharing(tmp_path, one=[BASE, TOOL], two=[BASE, APP])
    assert (got.stored_bytes, got.summed_bytes) == (1350, 2350)
    one, two = got.images
    assert (one.refs, one.size_bytes, one.shared_bytes, one.unique_bytes) == (("one:latest",), 1300, 1000, 300)
    assert one.shared_with == ((1, 1000),)
    assert (two.unique_bytes, two.layers) == (50, (0, 2))
    assert [layer.images for layer in got.layers] == [(0, 1), (0,), (1,)]


def test_removing_frees_what_nobody_else_needs(tmp_path: Path) -> None:
    got = sharing(tmp_path, one=[BASE, TOOL], two=[BASE, APP], three=[BASE])
    assert [got.freed_bytes([number]) for number in range(3)] == [300, 50, 0]
    assert got.freed_bytes([0, 1]) == 350
    assert got.freed_bytes([0, 1, 2]) == got.stored_bytes
    assert [layer.layer.size_bytes for layer in got.freed_layers([0, 1, 2])] == [50, 300, 1000]


def test_the_same_layer_on_another_base_is_stored_again(tmp_path: Path) -> None:
    got = sharing(tmp_path, one=[BASE, APP], two=[TOOL, APP])
    assert got.stored_bytes == got.summed_bytes == 1400
    assert all(one.shared_with == () for one in got.images)


def test_one_image_under_two_names_is_one(tmp_path: Path) -> None:
    got = sharing(tmp_path, one=[BASE], two=[BASE])
    assert [one.refs for one in got.images] == [("one:latest", "two:latest")]
    assert got.freed_bytes([0]) == 1000


def test_an_image_alone_shares_nothing(tmp_path: Path) -> None:
    got = sharing(tmp_path, one=[BASE, TOOL])
    assert (got.images[0].shared_bytes, got.images[0].unique_bytes) == (0, 1300)


def test_nothing_shares_nothing() -> None:
    assert (shared_of([]).images, shared_of([]).stored_bytes) == ((), 0)
