from dataclasses import replace

import pytest

from layerviz.engine import actions as do
from layerviz.engine import content
from layerviz.engine.apply import empty_world
from layerviz.engine.sizes import (
    disk_bytes,
    layers_on_disk,
    seen,
    size_of_container,
    size_of_image,
    size_of_layer,
    size_of_stack,
    stored,
)
from layerviz.engine.table import Table
from layerviz.engine.world import Config, Image, Layer, Quoted, World
from tests.engine.drawn import after, c1, entries, stack, world_of

BASE = "sha256:" + "b" * 64


def quoted(name: str, total: int, *sizes: int | None) -> Image:
    layers = tuple(
        Layer(0, Table(), quoted_diff_id=BASE if not number else f"sha256:{name}{number}", quoted_bytes=size)
        for number, size in enumerate(sizes)
    )
    return Image(0, layers, quoted=Quoted(name, name, "", total), origin="quoted")


def test_file_that_covers_another_is_stored_twice_and_seen_once() -> None:
    three = stack("file1=1 file2=2 file3=3", "file4=4 file5=5 file6=6", "file5=7")
    assert (len(stored(three)), len(seen(three))) == (7, 6)


def test_directories_and_whiteouts_are_no_files_but_links_and_devices_are() -> None:
    both = stack("d/ d/x=1 l->d h=>d/x c%5,1 p|", "-p d/! n/m=1")
    assert [found.entry.path for found in stored(both)] == ["/c", "/d/x", "/h", "/l", "/p", "/n/m"]
    assert [found.entry.path for found in seen(both)] == ["/c", "/h", "/l", "/n/m"]


def test_image_s_size_is_the_sum_of_its_layers_whatever_is_hidden() -> None:
    image = Image(1, stack("a=12345 b=1", "-a", "a=123"))
    assert size_of_image(image) == 5 + 1 + 3
    assert size_of_stack((*image.layers, Layer(9, Table(), quoted_diff_id=BASE))) is None


def test_hard_links_take_no_room() -> None:
    assert size_of_stack(stack("a=12345 h=>a")) == 5


def test_what_a_symlink_leads_to_counts_as_it_does_for_docker_and_not_in_the_layer_s_own_size() -> None:
    (layer,) = stack("a=12345 l->some/where")
    assert (layer.size_bytes, size_of_layer(layer), size_of_stack((layer,))) == (5, 15, 15)


def test_container_s_size_counts_files_and_links_and_each_inode_once() -> None:
    world = world_of("a=12345 big=123456789")
    key = c1(world).key
    assert size_of_container(c1(world)) == 0
    world = after(
        world,
        do.Touch(key, "/a"),
        do.Link(key, "/a", "/b"),
        do.Symlink(key, "1234", "/l"),
        do.Unlink(key, "/big"),
        do.Mkdir(key, "/d"),
    )
    assert size_of_container(c1(world)) == 5 + 4


def test_disk_holds_each_layer_once_and_the_containers_own() -> None:
    world = empty_world()
    for ref, texts in (("one", ("a=12345", "b=1")), ("two", ("a=12345", "c=12"))):
        image = Image(0, tuple(Layer(0, Table.of(entries(text))) for text in texts), Config(raw=ref.encode()))
        world = after(world, do.BringImage(image, (ref,)))
    assert [layer.size_bytes for layer in layers_on_disk(world)] == [5, 1, 2]
    assert disk_bytes(world) == 8
    world = after(world, do.CreateContainer(world.images[0].key, "one", "c1", ()))
    world = after(world, do.Write(c1(world).key, "/a", content.of(b"x" * 100)))
    assert disk_bytes(world) == 108
    assert disk_bytes(after(world, do.RemoveImage(world.images[0].key))) == 108
    assert disk_bytes(after(world, do.RemoveImage(world.images[1].key))) == 106


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_quoted_images_share_their_base_on_disk(order: tuple[int, int]) -> None:
    """104 MB and 133 MB listed, the base of 69 MB stored once: 168 MB, though most layers' sizes are not known."""
    images = quoted("redis", 104_000_000, 69_295_768, *[None] * 5), quoted("nginx", 133_000_000, 69_295_768, 63_704_232)
    world = empty_world()
    for number in order:
        world = after(world, do.BringImage(images[number], (f"i{number}",)))
    assert disk_bytes(world) == 104_000_000 + 133_000_000 - 69_295_768
    assert len(layers_on_disk(world)) == 7


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_what_one_image_tells_of_a_shared_layer_serves_the_other(order: tuple[int, int]) -> None:
    images = quoted("redis", 104, None, None), quoted("nginx", 133, None, 64)
    world = empty_world()
    for number in order:
        world = after(world, do.BringImage(images[number], (f"i{number}",)))
    assert disk_bytes(world) == 104 + 64


def test_disk_is_unknown_where_only_part_of_what_is_not_known_is_shared() -> None:
    world = empty_world()
    for image in (quoted("redis", 104, None, None), quoted("nginx", 133, None, None)):
        world = after(world, do.BringImage(image, ("x",)))
    assert disk_bytes(world) is None


def test_size_of_a_world_without_anything_is_zero() -> None:
    empty: World = empty_world()
    assert (disk_bytes(empty), layers_on_disk(empty)) == (0, ())
    assert disk_bytes(replace(empty, images=(Image(1, ()),))) == 0
