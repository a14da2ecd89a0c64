import pytest

from layerviz.engine import actions as do
from layerviz.engine.drivers import DRIVERS, first_write_bytes, on_disk
from tests.engine.drawn import after, c1, stack, text_of, world_of

SIX = stack("files/ files/f1=1 files/f2=2", "files/f3=3", "files/f4=4 files/f5=5", "files/f6=6")


@pytest.mark.parametrize(
    ("driver", "names"),
    [
        ("overlay2", "files/f6=6"),
        ("aufs", "files/f6=6"),
        ("windowsfilter", "files/f6=6"),
        ("btrfs", "files/f1=1 files/f2=2 files/f3=3 files/f4=4 files/f5=5 files/f6=6"),
        ("zfs", "files/f1=1 files/f2=2 files/f3=3 files/f4=4 files/f5=5 files/f6=6"),
        ("devicemapper", "files/f1=1 files/f2=2 files/f3=3 files/f4=4 files/f5=5 files/f6=6"),
        ("vfs", "files/f1=1 files/f2=2 files/f3=3 files/f4=4 files/f5=5 files/f6=6"),
    ],
)
def test_union_keeps_the_diff_and_a_snapshot_the_whole_tree(driver: str, names: str) -> None:
    assert text_of(on_disk(driver, SIX)[3].children("/files")) == names


@pytest.mark.parametrize(
    ("driver", "names"),
    [
        ("overlay2", "a%0,0 d/!"),
        ("aufs", ".wh.a= d/!"),
        ("btrfs", "d/!"),
        ("vfs", "d/!"),
        ("windowsfilter", "-a d/!"),
    ],
)
def test_deletion_on_disk(driver: str, names: str) -> None:
    world = world_of("a=1 d/ d/x=1")
    key = c1(world).key
    world = after(world, do.Unlink(key, "/a"), do.RemoveTree(key, "/d"), do.Mkdir(key, "/d"))
    assert text_of(on_disk(driver, c1(world).stack)[1].children()) == names


def test_opaque_directory_is_an_attribute_for_overlay2_and_a_file_for_aufs() -> None:
    both = stack("d/ d/x=1", "d/! d/y=2")
    (directory,) = on_disk("overlay2", both)[1].children()
    assert directory.xattrs == (("trusted.overlay.opaque", b"y"),)
    assert text_of(on_disk("aufs", both)[1].children("/d")) == "d/.wh..wh..opq= d/y=2"


def test_each_layer_has_a_place_of_its_own_that_stays_the_same() -> None:
    places = [place.directory for place in on_disk("overlay2", SIX)]
    assert places == [place.directory for place in on_disk("overlay2", SIX)]
    assert len(set(places)) == 4
    assert all(place.startswith("overlay2/") and place.endswith("/diff") for place in places)
    assert on_disk("windowsfilter", SIX)[0].directory.startswith("windowsfilter\\")


@pytest.mark.parametrize(
    ("driver", "copied"),
    [
        ("overlay2", 1 << 30),
        ("aufs", 1 << 30),
        ("devicemapper", 65_536),
        ("btrfs", 4_096),
        ("zfs", 131_072),
        ("vfs", 0),
        ("windowsfilter", None),
    ],
)
def test_first_byte_into_a_gigabyte(driver: str, copied: int | None) -> None:
    assert first_write_bytes(driver, 1 << 30) == copied


def test_policy_of_each_driver_says_what_changes_a_result() -> None:
    assert {name for name, driver in DRIVERS.items() if driver.policy.rename_lower_directory} == {
        "devicemapper",
        "btrfs",
        "zfs",
        "vfs",
    }
    assert not DRIVERS["overlay2"].policy.keep_hard_links
    assert DRIVERS["aufs"].policy.keep_hard_links
