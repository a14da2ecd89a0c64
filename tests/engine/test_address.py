import pytest

from layerviz.engine import actions as do
from layerviz.engine.address import Address, AddressError, parse, resolve
from layerviz.engine.apply import empty_world
from layerviz.engine.world import START_OF_TIME, Config, HistoryLine, World
from tests.engine.drawn import after, entries, view


def two() -> World:
    world = after(empty_world(), do.StartBuild("two", None), step("a=1"), step("b=2"), do.FinishBuild())
    return after(world, do.CreateContainer(world.images[-1].key, "two", "c1", ()))


def step(text: str) -> do.AddImage:
    return do.AddImage(None, Config(), HistoryLine(START_OF_TIME, "x"), entries(text), "COPY", 2)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("three", Address("three")),
        ("three[3]", Address("three", 3)),
        ("three[3]:/file5", Address("three", 3, "/file5")),
        ("c1:/file5", Address("c1", None, "/file5")),
        ("c1[rw]", Address("c1", "rw")),
        ("host:/a", Address("host", None, "/a")),
        ("grow:1", Address("grow:1")),
        ("grow:1[2]:/", Address("grow:1", 2, "/")),
        ("localhost:5000/x:1:/a:/b", Address("localhost:5000/x:1", None, "/a:/b")),
        ("c1:/d/../e/", Address("c1", None, "/e")),
        ("c1:/with [brackets]", Address("c1", None, "/with [brackets]")),
    ],
)
def test_addresses_are_read(text: str, address: Address) -> None:
    assert parse(text) == address


@pytest.mark.parametrize(
    "address", [Address("a:1", 2, "/x"), Address("c", "rw"), Address("c", None, "/"), Address("i")]
)
def test_addresses_are_written_as_they_are_read(address: Address) -> None:
    assert parse(str(address)) == address


@pytest.mark.parametrize("text", ["", "[2]", ":/a", "a[0]", "a[-1]", "a[x]", "a[1", "a]", "a[1][2]"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        parse(text)


def test_image_container_layer_and_host() -> None:
    world = two()
    image, container = resolve(world, "two"), resolve(world, "c1[rw]:/a")
    assert (image.kind, len(image.stack), image.position, image.layer) == ("image", 2, None, None)
    assert (container.kind, container.position, container.path) == ("container", 3, "/a")
    assert container.layer is world.containers[0].layer
    assert resolve(world, "two[1]").layer is world.images[0].layers[0]
    assert resolve(world, "host:/x").stack == (world.host,)


def test_container_comes_before_an_image_of_the_same_name() -> None:
    world = two()
    world = after(world, do.CreateContainer(world.images[-1].key, "two", "two", ()))
    assert resolve(world, "two").kind == "container"


def test_build_under_way_answers_to_its_coming_name() -> None:
    world = after(two(), do.StartBuild("two", None))
    assert (resolve(world, "two").stack, resolve(world, "two").image) == ((), None)
    world = after(world, step("z=9"))
    assert view(resolve(world, "two").stack) == "z=9"
    assert view(resolve(after(world, do.StopBuild()), "two").stack) == "a=1 b=2"


@pytest.mark.parametrize("text", ["nobody", "two[3]", "two[rw]", "c1[4]", "host[rw]"])
def test_address_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        resolve(two(), text)
