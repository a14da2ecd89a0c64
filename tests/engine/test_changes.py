"""What `docker diff` lists (go-archive changes.go), and what a commit would store."""

from dataclasses import replace

import pytest

from layerviz.engine import actions as do
from layerviz.engine import content
from layerviz.engine.apply import empty_world
from layerviz.engine.changes import changes, upper_entries
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.world import Config, HistoryLine
from tests.engine.drawn import after, c1, entry, text_of, upper, world_of

LOWER = "a=old d/ d/x=1 d/sub/ d/sub/y=2 e/ f=1"


def diff(*steps: do.Action) -> str:
    world = after(world_of(LOWER), *steps)
    return " ".join(f"{change}{path}" for change, path in changes(c1(world)))


KEY = c1(world_of(LOWER)).key


@pytest.mark.parametrize(
    ("steps", "lines"),
    [
        ((), ""),
        ((do.Write(KEY, "/n", content.EMPTY),), "A/n"),
        ((do.Write(KEY, "/a", content.of(b"new")),), "C/a"),
        ((do.Unlink(KEY, "/a"),), "D/a"),
        ((do.Write(KEY, "/d/sub/n", content.EMPTY),), "C/d C/d/sub A/d/sub/n"),
        ((do.Unlink(KEY, "/d/sub/y"),), "C/d C/d/sub D/d/sub/y"),
        ((do.RemoveTree(KEY, "/d"),), "D/d"),
        ((do.Mkdir(KEY, "/n"), do.Write(KEY, "/n/f", content.EMPTY)), "A/n A/n/f"),
        ((do.RemoveTree(KEY, "/d"), do.Write(KEY, "/d", content.EMPTY)), "C/d"),
        ((do.Unlink(KEY, "/f"), do.Mkdir(KEY, "/f"), do.Write(KEY, "/f/n", content.EMPTY)), "C/f A/f/n"),
        ((do.RemoveTree(KEY, "/d"), do.Mkdir(KEY, "/d")), "C/d D/d/sub D/d/x"),
        ((do.Chmod(KEY, "/a", 0o644),), ""),
        ((do.Chmod(KEY, "/a", 0o600),), "C/a"),
        ((do.Chmod(KEY, "/e", 0o700),), "C/e"),
        ((do.Chown(KEY, "/e", 0, 5),), "C/e"),
        ((do.Touch(KEY, "/e"),), ""),
        ((do.Touch(KEY, "/a"),), "C/a"),
        ((do.Write(KEY, "/a", content.EMPTY, append=True),), "C/a"),
        ((do.Rename(KEY, "/a", "/b"),), "D/a A/b"),
        ((do.Link(KEY, "/a", "/b"),), "A/b"),
        ((do.Write(KEY, "/n", content.EMPTY), do.Unlink(KEY, "/n")), ""),
        ((do.Unlink(KEY, "/a"), do.Put(KEY, (entry("a=old"),))), ""),
    ],
)
def test_diff_lists_what_docker_lists(steps: tuple[do.Action, ...], lines: str) -> None:
    assert diff(*steps) == lines


def test_copy_up_that_changed_nothing_is_not_listed_but_committed() -> None:
    world = after(world_of(LOWER), do.Chmod(KEY, "/a", 0o644))
    assert changes(c1(world)) == ()
    assert text_of(upper_entries(c1(world))) == "a=old"


def test_second_of_a_time_counts_where_one_side_has_no_fraction() -> None:
    world = world_of(LOWER)
    shifted = replace(entry("a=old"), mtime_ns=entry("a=old").mtime_ns + 500)
    assert changes(c1(after(world, do.Put(KEY, (shifted,))))) == ()


def test_commit_stores_the_upper_directory_without_the_root() -> None:
    world = after(
        world_of(LOWER), do.Chmod(KEY, "/", 0o700), do.Unlink(KEY, "/a"), do.RemoveTree(KEY, "/d"), do.Mkdir(KEY, "/d")
    )
    assert upper(world) == "/ -a d/!"
    assert text_of(upper_entries(c1(world))) == "-a d/!"
    assert all(stored.kind is not Kind.DIR or stored.path != "/" for stored in upper_entries(c1(world)))


@pytest.mark.parametrize(
    ("before", "now", "listed"),
    [(5 * 10**9, 5 * 10**9 + 7, False), (5 * 10**9 + 7, 5 * 10**9, False), (5 * 10**9 + 7, 5 * 10**9 + 8, True)],
)
def test_a_fraction_of_a_second_counts_where_both_sides_have_one(before: int, now: int, listed: bool) -> None:
    made = do.AddImage(None, Config(), HistoryLine(0, "drawn"), (Entry("/a", mtime_ns=before),))
    world = after(empty_world(), made)
    world = after(world, do.CreateContainer(world.images[0].key, "drawn", "c1", ("sh",)))
    world = after(world, do.Put(c1(world).key, (Entry("/a", mtime_ns=now),)))
    assert changes(c1(world)) == ((("C", "/a"),) if listed else ())
