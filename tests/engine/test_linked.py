from dataclasses import replace

from layerviz.engine.actions import Link, Unlink, Write
from layerviz.engine.content import of
from layerviz.engine.linked import link_count, linked_names
from layerviz.engine.world import Policy, World
from tests.engine.drawn import after, c1, stack, world_of


def test_linked_names_are_one_file_until_one_is_replaced() -> None:
    assert linked_names(stack("a=one h=>a i=>a"), "/h") == ("/a", "/h", "/i")
    assert linked_names(stack("a=one h=>a i=>a", "i=new"), "/a") == ("/a", "/h")
    assert linked_names(stack("a=one"), "/a") == ("/a",)


def test_another_file_with_the_same_bytes_is_not_linked() -> None:
    assert linked_names(stack("a=one h=>a i=>a", "i=one"), "/a") == ("/a", "/h")
    assert linked_names(stack("a=one h=>a i=>a", "i=one"), "/i") == ("/i",)


def test_names_linked_through_one_another_are_one_file() -> None:
    assert linked_names(stack("a=one h=>a", "i=>h"), "/a") == ("/a", "/h", "/i")
    assert linked_names(stack("a=one h=>a", "i=>h", "a=two"), "/i") == ("/h", "/i")


def test_names_linked_in_a_container_s_own_layer_are_one_file() -> None:
    world = world_of("a=one b=two")
    linked = after(world, Link(key(world), "/a", "/h"), Link(key(world), "/h", "/i"), Unlink(key(world), "/a"))
    assert linked_names(c1(linked).stack, "/h") == ("/h", "/i")
    assert linked_names(c1(linked).stack, "/b") == ("/b",)


def test_copy_up_breaks_a_name_off_its_lower_links_unless_the_driver_keeps_them() -> None:
    world = world_of("a=one h=>a i=>a")
    written = after(world, Write(key(world), "/h", of(b"two")))
    assert linked_names(c1(written).stack, "/h") == ("/h",)
    assert linked_names(c1(written).stack, "/i") == ("/a", "/i")
    keeping = replace(world, policy=Policy(keep_hard_links=True))
    written = after(keeping, Write(key(world), "/h", of(b"two")))
    assert linked_names(c1(written).stack, "/i") == ("/a", "/h", "/i")


def test_link_count_is_that_of_the_inode_as_the_kernel_reports_it() -> None:
    # `stat -c %h` on overlayfs, Linux 6.18, step by step.
    world = world_of("a=x b=>a c=>a")
    assert counts(world, "/a", "/b", "/c") == (3, 3, 3)
    world = after(world, Write(key(world), "/a", of(b"y"), append=True))
    assert counts(world, "/a", "/b", "/c") == (1, 3, 3)
    world = after(world, Unlink(key(world), "/b"))
    assert counts(world, "/a", "/c") == (1, 3)
    world = after(world, Link(key(world), "/c", "/d"))
    assert counts(world, "/a", "/c", "/d") == (1, 2, 2)
    world = after(world, Unlink(key(world), "/c"))
    assert counts(world, "/d") == (1,)


def key(world: World) -> int:
    return c1(world).key


def counts(world: World, *names: str) -> tuple[int, ...]:
    return tuple(link_count(c1(world).stack, name) for name in names)
