"""File actions in a container leave in the upper directory what the kernel's overlayfs left, and fail as it fails.

The shapes were measured on Linux 6.18, overlayfs on ext4."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from layerviz.engine import content
from layerviz.engine.actions import (
    Action,
    Chmod,
    Chown,
    Link,
    List,
    Mkdir,
    Mknod,
    Put,
    Read,
    RemoveTree,
    Rename,
    Rmdir,
    Symlink,
    Touch,
    Truncate,
    Unlink,
    Write,
    WriteAt,
)
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.content import Content, Repeat
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.events import (
    AttributesChanged,
    CopiedUp,
    HostChanged,
    Listed,
    LookedUp,
    Made,
    OpaqueMarked,
    Removed,
    Renamed,
    WhiteoutWritten,
    Written,
)
from layerviz.engine.linked import linked_names
from layerviz.engine.merge import seen, walk
from layerviz.engine.upper import Upper
from layerviz.engine.world import Policy, World
from tests.engine.drawn import LONG_AGO, after, c1, entry, outcome, text_of, upper, view, world_of

LOWER = "a=old d/ d/x=1 d/sub/ d/sub/y=2 s->a"


def c(world: World) -> int:
    return c1(world).key


def write(world: World, path: str, text: str, *, append: bool = False) -> Action:
    return Write(c(world), path, content.of(text.encode()), append=append)


def read(world: World, path: str) -> str:
    hit = seen(c1(world).stack, path)
    assert hit, path
    return hit.entry.content.read().decode()


def test_unlink_of_a_lower_file_leaves_a_whiteout() -> None:
    world = world_of(LOWER)
    assert upper(after(world, Unlink(c(world), "/a"))) == "-a"


def test_rm_rf_of_a_lower_directory_leaves_one_whiteout() -> None:
    world = world_of(LOWER)
    assert upper(after(world, RemoveTree(c(world), "/d"))) == "-d"


def test_unlinking_each_file_and_rmdir_leaves_one_whiteout_too() -> None:
    world, k = world_of(LOWER), c(world_of(LOWER))
    emptied = after(world, Unlink(k, "/d/sub/y"), Rmdir(k, "/d/sub"), Unlink(k, "/d/x"), Rmdir(k, "/d"))
    assert upper(emptied) == "-d"


def test_mkdir_over_a_whiteout_is_opaque_and_empty() -> None:
    world = world_of(LOWER)
    done = outcome(world, RemoveTree(c(world), "/d"), Mkdir(c(world), "/d"))
    assert upper(done.world) == "d/!"
    assert view(c1(done.world).stack) == "a=old d/! s->a"
    assert done.events == (Made("c1", "/d", "dir"), OpaqueMarked("c1", "/d"))


def test_rename_of_a_lower_file_copies_it_and_leaves_a_whiteout() -> None:
    world = world_of(LOWER)
    done = outcome(world, Rename(c(world), "/a", "/b"))
    assert upper(done.world) == "-a b=old"
    assert done.events == (
        LookedUp("c1", "/a", ((2, "absent"), (1, "found")), 1, 3),
        CopiedUp("c1", "/a", 1, 3),
        Renamed("c1", "/a", "/b"),
        WhiteoutWritten("c1", "/a", 1),
    )


def test_rename_of_a_lower_directory_is_refused_with_exdev() -> None:
    world = world_of(LOWER)
    done = outcome(world, Rename(c(world), "/d", "/e"))
    assert (done.error, done.world is world) == ("EXDEV", True)


def test_rename_of_a_merged_directory_is_refused_with_exdev() -> None:
    world = world_of(LOWER)
    assert outcome(world, write(world, "/d/new", "x"), Rename(c(world), "/d", "/e")).error == "EXDEV"


def test_rename_of_a_lower_directory_by_a_driver_that_can() -> None:
    world = replace(world_of(LOWER), policy=Policy(rename_lower_directory=True))
    moved = after(world, write(world, "/d/new", "x"), Unlink(c(world), "/d/x"), Rename(c(world), "/d", "/e"))
    assert view(c1(moved).stack) == "a=old e/! e/new=x e/sub/ e/sub/y=2 s->a"
    assert upper(moved).startswith("-d e/!")


def test_rename_of_a_directory_made_in_the_container_marks_it_opaque() -> None:
    world = world_of(LOWER)
    assert upper(after(world, Mkdir(c(world), "/n"), Rename(c(world), "/n", "/n2"))) == "n2/!"


def test_rename_of_an_own_directory_below_an_own_directory_marks_nothing() -> None:
    world, k = world_of(LOWER), c(world_of(LOWER))
    moved = after(world, Mkdir(k, "/n"), Mkdir(k, "/n/a"), write(world, "/n/a/f", "1"), Rename(k, "/n/a", "/n/b"))
    assert upper(moved) == "n/ n/b/ n/b/f=1"


def test_mkdir_of_a_new_directory_has_no_mark() -> None:
    world = world_of(LOWER)
    assert upper(after(world, Mkdir(c(world), "/new"))) == "new/"


def test_unlink_then_create_leaves_the_plain_new_file() -> None:
    world = world_of(LOWER)
    made = after(world, Unlink(c(world), "/a"), write(world, "/a", "new"))
    assert upper(made) == "a=new"
    assert upper(after(made, Unlink(c(world), "/a"))) == "-a"


def test_file_deleted_in_an_opaque_directory_needs_no_whiteout() -> None:
    world, k = world_of(LOWER), c(world_of(LOWER))
    opaque = after(world, RemoveTree(k, "/d"), Mkdir(k, "/d"), write(world, "/d/x", "new"))
    done = outcome(opaque, Unlink(k, "/d/x"))
    assert upper(done.world) == "d/!"
    assert done.events[-1] == Removed("c1", "/d/x")


def test_symlink_replaced_by_a_directory_is_opaque() -> None:
    world = world_of(LOWER)
    assert upper(after(world, Unlink(c(world), "/s"), Mkdir(c(world), "/s"))) == "s/!"


def test_file_made_and_deleted_in_the_container_leaves_nothing() -> None:
    world = world_of(LOWER)
    done = outcome(world, write(world, "/new", "x"), Unlink(c(world), "/new"))
    assert upper(done.world) == ""
    assert done.events[-1] == Removed("c1", "/new")


def test_tree_made_and_removed_in_the_container_leaves_nothing() -> None:
    world = world_of(LOWER)
    made = after(world, Mkdir(c(world), "/n"), write(world, "/n/f", "1"), RemoveTree(c(world), "/n"))
    assert upper(made) == ""


def test_chmod_of_a_lower_directory_copies_its_inode_only() -> None:
    world = world_of(LOWER)
    done = outcome(world, Chmod(c(world), "/d", 0o700))
    assert upper(done.world) == "d/"
    assert done.events[1:] == (CopiedUp("c1", "/d", 1, 0), AttributesChanged("c1", "/d"))
    assert view(c1(done.world).stack) == view(c1(world).stack)


def test_new_file_in_a_lower_directory_brings_its_parents() -> None:
    world = world_of(LOWER)
    made = after(world, write(world, "/d/sub/z", "new"))
    assert upper(made) == "d/ d/sub/ d/sub/z=new"
    assert view(c1(made).stack) == "a=old d/ d/sub/ d/sub/y=2 d/sub/z=new d/x=1 s->a"


def test_copied_parents_keep_their_attributes_and_their_time() -> None:
    world = world_of("d/@750 d/sub/@711 d/sub/y=2")
    own = c1(after(world, write(world, "/d/sub/z", "new"))).layer.entries
    assert isinstance(own, Upper)
    d, sub = own.get("/d"), own.get("/d/sub")
    assert d and (d.mode, d.mtime_ns) == (0o750, LONG_AGO)
    assert sub and (sub.mode, sub.mtime_ns) == (0o711, world.clock * 10**9)


def test_link_copies_up_and_both_names_are_one_file() -> None:
    world = world_of(LOWER)
    done = outcome(world, Link(c(world), "/a", "/hl"))
    assert upper(done.world) == "a=old hl=old"
    assert done.events[1:] == (CopiedUp("c1", "/a", 1, 3), Made("c1", "/hl", "hardlink"))
    assert read(after(done.world, write(world, "/hl", "new")), "/a") == "new"


def test_write_to_one_of_two_lower_hard_links_breaks_them() -> None:
    world = world_of("a=old a2=>a")
    written = after(world, write(world, "/a", "new"))
    assert (read(written, "/a"), read(written, "/a2")) == ("new", "old")


def test_write_to_one_of_two_lower_hard_links_keeps_them_where_the_driver_does() -> None:
    world = replace(world_of("a=old a2=>a"), policy=Policy(keep_hard_links=True))
    written = after(world, write(world, "/a2", "new"))
    assert (read(written, "/a"), read(written, "/a2")) == ("new", "new")


def test_mknod_of_a_device_0_0_is_refused() -> None:
    world = world_of(LOWER)
    assert outcome(world, Mknod(c(world), entry("w%0,0"))).error == "EPERM"
    assert upper(after(world, Mknod(c(world), entry("w%5,1")), Mknod(c(world), entry("p|")))) == "p| w%5,1"


def test_file_named_like_a_whiteout_hides_nothing_in_the_container() -> None:
    world = world_of(LOWER)
    made = after(world, write(world, "/.wh.a", ""))
    assert upper(made) == ".wh.a="
    assert read(made, "/a") == "old"


def test_write_that_truncates_copies_no_data() -> None:
    world = world_of(LOWER)
    done = outcome(world, write(world, "/a", "new!"))
    assert done.events[1:] == (CopiedUp("c1", "/a", 1, 0), Written("c1", "/a", 4, created=False))


def test_write_that_appends_copies_all_of_it() -> None:
    world = world_of(LOWER)
    done = outcome(world, write(world, "/a", "new", append=True))
    assert done.events[1:] == (CopiedUp("c1", "/a", 1, 3), Written("c1", "/a", 6, created=False))
    assert read(done.world, "/a") == "oldnew"


def test_appending_nothing_still_copies_up() -> None:
    world = world_of(LOWER)
    assert CopiedUp("c1", "/a", 1, 3) in outcome(world, write(world, "/a", "", append=True)).events


def test_second_write_copies_nothing_more() -> None:
    world = world_of(LOWER)
    done = outcome(world, write(world, "/a", "x", append=True), write(world, "/a", "y", append=True))
    assert not [event for event in done.events if isinstance(event, CopiedUp)]


def test_one_byte_into_a_gigabyte_copies_a_gigabyte_and_costs_no_memory() -> None:
    big = Entry("/big", content=Content((Repeat(b"\0", 1 << 30),)))
    world = world_of("a=1")
    key = c(world)
    image = world.images[0]
    layer = replace(image.layers[0], entries=Upper.of([big]))
    image = replace(image, layers=(layer,))
    world = replace(world, images=(image,), containers=(replace(c1(world), image=image),))
    done = outcome(world, WriteAt(key, "/big", 5, content.of(b"x")))
    assert CopiedUp("c1", "/big", 1, 1 << 30) in done.events
    hit = seen(c1(done.world).stack, "/big")
    assert hit and hit.entry.size_bytes == 1 << 30
    assert hit.entry.content.cut(4, 7).read() == b"\0x\0"


@pytest.mark.parametrize(
    "action", [lambda k: Chmod(k, "/a", 0o644), lambda k: Chown(k, "/a", 0, 0), lambda k: Touch(k, "/a")]
)
def test_changing_attributes_to_what_they_are_copies_the_whole_file(action: Callable[[int], Action]) -> None:
    world = world_of(LOWER)
    done = outcome(world, action(c(world)))
    assert CopiedUp("c1", "/a", 1, 3) in done.events
    assert upper(done.world) == "a=old"


def test_touch_sets_the_time_by_the_worlds_clock_and_makes_missing_files() -> None:
    world = world_of(LOWER)
    touched = after(world, Touch(c(world), "/a"), Touch(c(world), "/new"))
    hit = seen(c1(touched).stack, "/a")
    assert hit and hit.entry.mtime_ns == world.clock * 10**9
    assert read(touched, "/new") == ""


def test_truncate_cuts_and_grows() -> None:
    world = world_of(LOWER)
    assert read(after(world, Truncate(c(world), "/a", 1)), "/a") == "o"
    assert read(after(world, Truncate(c(world), "/a", 5)), "/a") == "old\0\0"
    assert read(after(world, Truncate(c(world), "/n", 2)), "/n") == "\0\0"


def test_chown_takes_setuid_away_and_setgid_of_programs() -> None:
    world = world_of("u=1@4755 g=1@2644 x=1@2755 d/@2755")
    owned = after(world, *(Chown(c(world), path, 1, 2) for path in ("/u", "/g", "/x", "/d")))
    modes = {path: seen(c1(owned).stack, path) for path in ("/u", "/g", "/x", "/d")}
    assert {path: hit and hit.entry.mode for path, hit in modes.items()} == {
        "/u": 0o755,
        "/g": 0o2644,
        "/x": 0o755,
        "/d": 0o2755,
    }


def test_what_is_made_in_a_setgid_directory_has_its_group() -> None:
    world = world_of("d/@2755")
    world = after(world, Chown(c(world), "/d", 0, 7))
    made = after(world, write(world, "/d/f", "1"), Mkdir(c(world), "/d/e"))
    f, e = seen(c1(made).stack, "/d/f"), seen(c1(made).stack, "/d/e")
    assert f and f.entry.gid == 7
    assert e and (e.entry.gid, e.entry.mode) == (7, 0o2755)


def test_writes_go_through_symlinks_and_deletes_do_not() -> None:
    world = world_of(LOWER)
    assert upper(after(world, write(world, "/s", "new"))) == "a=new"
    assert upper(after(world, Unlink(c(world), "/s"))) == "-s"
    assert upper(after(world, RemoveTree(c(world), "/s"))) == "-s"


def test_write_to_a_dangling_symlink_makes_its_target() -> None:
    world = world_of("l->d/new d/")
    assert upper(after(world, write(world, "/l", "x"))) == "d/ d/new=x"


def test_symlink_is_kept_as_written() -> None:
    world = world_of(LOWER)
    made = outcome(world, Symlink(c(world), "../nowhere", "/d/l"))
    assert upper(made.world) == "d/ d/l->../nowhere"
    assert made.events[-1] == Made("c1", "/d/l", "symlink")


def test_rename_replaces_what_stands_there() -> None:
    world, k = world_of("a=1 b=2 d/ e/"), c(world_of("a=1 b=2 d/ e/"))
    assert upper(after(world, Rename(k, "/a", "/b"))) == "-a b=1"
    assert upper(after(world, Mkdir(k, "/n"), Rename(k, "/n", "/e"))) == "e/!"


def test_rename_of_two_names_of_one_file_does_nothing() -> None:
    world, k = world_of("a=1"), c(world_of("a=1"))
    linked = after(world, Link(k, "/a", "/b"))
    assert after(linked, Rename(k, "/a", "/b")).containers[0].layer.entries is c1(linked).layer.entries


def test_rename_of_two_lower_names_of_one_file_depends_on_the_driver() -> None:
    world, k = world_of("a=1 b=>a"), c(world_of("a=1 b=>a"))
    assert upper(after(world, Rename(k, "/a", "/b"))) == "-a b=1"
    kept = replace(world, policy=Policy(keep_hard_links=True))
    assert view(c1(after(kept, Rename(k, "/a", "/b"))).stack) == "a=1 b=1"


def test_put_replaces_files_keeps_children_and_makes_parents() -> None:
    world = world_of(LOWER)
    entries = (entry("d/@700"), entry("d/x=new"), entry("p/q/f=1"), entry("h=>a"), entry("-s"))
    put = after(world, Put(c(world), entries))
    assert view(c1(put).stack) == "a=old d/ d/sub/ d/sub/y=2 d/x=new h=old p/ p/q/ p/q/f=1"
    d = seen(c1(put).stack, "/d")
    assert d and (d.entry.mode, d.entry.mtime_ns) == (0o700, LONG_AGO)


def test_put_copies_nothing_up_but_parents() -> None:
    world = world_of(LOWER)
    done = outcome(world, Put(c(world), (entry("d/x=new"),)))
    assert [event for event in done.events if isinstance(event, CopiedUp)] == [CopiedUp("c1", "/d", 1, 0)]
    assert done.events[-1] == Written("c1", "/d/x", 3, created=False)


def test_put_goes_through_a_symlink_in_the_middle() -> None:
    world = world_of("usr/ usr/lib/ lib->usr/lib")
    assert upper(after(world, Put(c(world), (entry("lib/f=1"),)))) == "usr/ usr/lib/ usr/lib/f=1"


def test_read_and_list_change_nothing() -> None:
    world = world_of(LOWER)
    done = outcome(world, Read(c(world), "/s"))
    assert done.world is world
    assert done.events == (LookedUp("c1", "/a", ((2, "absent"), (1, "found")), 1, 3),)
    listed = outcome(world, write(world, "/n", "1"), List(c(world), "/"))
    assert listed.events == (Listed("c1", "/", (("a", 1), ("d", 1), ("n", 2), ("s", 1))),)


@pytest.mark.parametrize(
    ("action", "error"),
    [
        (lambda k: Read(k, "/no"), "ENOENT"),
        (lambda k: Read(k, "/a/no"), "ENOTDIR"),
        (lambda k: List(k, "/no"), "ENOENT"),
        (lambda k: List(k, "/a"), "ENOTDIR"),
        (lambda k: Write(k, "/no/f", content.EMPTY), "ENOENT"),
        (lambda k: Write(k, "/a/f", content.EMPTY), "ENOTDIR"),
        (lambda k: Write(k, "/d", content.EMPTY), "EISDIR"),
        (lambda k: Write(k, "/loop", content.EMPTY), "ELOOP"),
        (lambda k: Touch(k, "/no/f"), "ENOENT"),
        (lambda k: Truncate(k, "/d", 1), "EISDIR"),
        (lambda k: Mkdir(k, "/a"), "EEXIST"),
        (lambda k: Mkdir(k, "/s"), "EEXIST"),
        (lambda k: Mkdir(k, "/no/d"), "ENOENT"),
        (lambda k: Mkdir(k, "/"), "EEXIST"),
        (lambda k: Unlink(k, "/no"), "ENOENT"),
        (lambda k: Unlink(k, "/d"), "EISDIR"),
        (lambda k: Rmdir(k, "/d"), "ENOTEMPTY"),
        (lambda k: Rmdir(k, "/a"), "ENOTDIR"),
        (lambda k: RemoveTree(k, "/no"), "ENOENT"),
        (lambda k: RemoveTree(k, "/"), "EBUSY"),
        (lambda k: Rename(k, "/no", "/b"), "ENOENT"),
        (lambda k: Rename(k, "/a", "/no/b"), "ENOENT"),
        (lambda k: Rename(k, "/a", "/d"), "EISDIR"),
        (lambda k: Rename(k, "/e", "/a"), "ENOTDIR"),
        (lambda k: Rename(k, "/d", "/d/sub/d"), "EINVAL"),
        (lambda k: Rename(k, "/e", "/d"), "EXDEV"),
        (lambda k: Rename(k, "/a", "/"), "EBUSY"),
        (lambda k: Rename(k, "/d/x", "/d"), "ENOTEMPTY"),
        (lambda k: Chmod(k, "/no", 0), "ENOENT"),
        (lambda k: Chown(k, "/no", 0, 0), "ENOENT"),
        (lambda k: Symlink(k, "x", "/a"), "EEXIST"),
        (lambda k: Link(k, "/no", "/b"), "ENOENT"),
        (lambda k: Link(k, "/a", "/s"), "EEXIST"),
        (lambda k: Link(k, "/d", "/b"), "EPERM"),
        (lambda k: Mknod(k, Entry("/f", Kind.FILE)), "EINVAL"),
        (lambda k: Put(k, (entry("a/f=1"),)), "ENOTDIR"),
        (lambda k: Put(k, (entry("h=>no"),)), "ENOENT"),
    ],
)
def test_what_the_kernel_refuses_changes_nothing(action: Callable[[int], Action], error: str) -> None:
    world = world_of(LOWER + " e/ loop->loop")
    done = apply(world, action(c(world)))
    assert (done.error, done.world is world) == (error, True)


def test_your_computer_is_one_plain_layer_without_whiteouts() -> None:
    world = empty_world()
    made = after(world, Mkdir("host", "/a"), Write("host", "/a/f", content.of(b"1")), Mkdir("host", "/b"))
    done = outcome(made, RemoveTree("host", "/a"))
    assert isinstance(done.world.host.entries, Upper)
    assert text_of(done.world.host.entries) == "b/"
    assert done.events == (HostChanged("/a", False),)


def test_directory_of_your_computer_renames_freely() -> None:
    made = after(
        empty_world(), Mkdir("host", "/a"), Write("host", "/a/f", content.of(b"1")), Rename("host", "/a", "/b")
    )
    assert isinstance(made.host.entries, Upper)
    assert text_of(made.host.entries) == "b/ b/f=1"


def test_earlier_world_is_untouched_by_what_came_later() -> None:
    world = world_of(LOWER)
    before = view(c1(world).stack)
    after(world, RemoveTree(c(world), "/d"), write(world, "/a", "new"), Mkdir(c(world), "/d"))
    assert view(c1(world).stack) == before
    assert upper(world) == ""


def test_on_your_computer_each_change_tells_what_is_there_now() -> None:
    world = empty_world()
    told = []
    for action in (
        Write("host", "/a", content.of(b"1")),
        Chmod("host", "/a", 0o600),
        Link("host", "/a", "/h"),
        Rename("host", "/a", "/b"),
        Mkdir("host", "/d"),
        Put("host", (entry("d/@700"),)),
        Unlink("host", "/b"),
    ):
        done = outcome(world, action)
        assert not done.error
        told.append(tuple((event.path, event.exists) for event in done.events if isinstance(event, HostChanged)))
        world = done.world
    assert told == [
        (("/a", True),),
        (("/a", True),),
        (("/h", True),),
        (("/a", False), ("/b", True)),
        (("/d", True),),
        (("/d", True),),
        (("/b", False),),
    ]


def test_copy_up_of_linked_names_brings_the_parents_of_each() -> None:
    world = replace(world_of("d/@700 d/a=old e/@711 e/a2=>d/a"), policy=Policy(keep_hard_links=True))
    written = after(world, write(world, "/d/a", "new"))
    assert upper(written) == "d/ d/a=new e/ e/a2=new"
    modes = {found.entry.path: found.entry.mode for found in walk(c1(written).stack)}
    assert (modes["/d"], modes["/e"]) == (0o700, 0o711)


def test_a_new_link_changes_the_time_of_its_directory_and_brings_it_up() -> None:
    world = world_of("a=old d/@711 d/x=1")
    linked = after(world, Link(c(world), "/a", "/d/h"))
    assert upper(linked) == "a=old d/ d/h=old"
    hit = seen(c1(linked).stack, "/d")
    assert hit and (hit.entry.mode, hit.entry.mtime_ns) == (0o711, world.clock * 10**9)


def test_chown_follows_a_symlink_to_its_file() -> None:
    world = world_of("a=1 l->a")
    world = after(world, Chown(c(world), "/l", 7, 8))
    hit = seen(c1(world).stack, "/a")
    assert hit and (hit.entry.uid, hit.entry.gid) == (7, 8)
    assert upper(world) == "a=1"


def test_put_of_a_hard_link_takes_the_place_of_what_is_there() -> None:
    world = world_of("a=1 h=2")
    put = after(world, Put(c(world), (entry("h=>a"),)))
    assert view(c1(put).stack) == "a=1 h=1"
    assert linked_names(c1(put).stack, "/a") == ("/a", "/h")
