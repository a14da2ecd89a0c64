"""Two stacks held against each other, as docker diff does it and as going through all paths does."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from layerviz.engine import merge, paths
from layerviz.engine.actions import Action
from layerviz.engine.apply import apply
from layerviz.engine.changes import changes
from layerviz.engine.compare import compare, layer_changes
from layerviz.engine.content import of
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from layerviz.engine.world import Layer
from tests.engine.drawn import LONG_AGO, c1, stack, world_of
from tests.engine.test_properties import ACTIONS, BASES, STACKS


def lines(a: tuple[Layer, ...], b: tuple[Layer, ...]) -> str:
    return " ".join(f"{one.kind}{one.path}" for one in compare(a, b).changes)


def test_the_layers_that_both_stand_on_are_counted() -> None:
    base = stack("a=1", "b=2")
    assert compare(base, (*base, *stack("c=3"))).shared == 2
    assert compare(stack("a=1"), stack("a=1", "b=2")).shared == 1, "equal layers are one, whoever made them"
    assert compare(stack("a=1"), stack("a=2")).shared == 0


def test_paths_are_added_changed_and_deleted() -> None:
    assert lines(stack("a=1 b=2 c=3"), stack("a=1 b=22 d=4")) == "C/b D/c A/d"


def test_a_directory_that_comes_or_goes_is_listed_with_all_below() -> None:
    assert lines(stack("d/ d/a=1"), stack("e/ e/s/ e/s/b=2")) == "D/d D/d/a A/e A/e/s A/e/s/b"


def test_a_directory_that_becomes_a_file() -> None:
    assert lines(stack("d/ d/a=1"), stack("d=1")) == "C/d D/d/a"
    assert lines(stack("d=1"), stack("d/ d/a=1")) == "C/d A/d/a"


def test_mode_and_link_target_count() -> None:
    assert lines(stack("a=1 l->a"), stack("a=1@600 l->b")) == "C/a C/l"


def test_before_and_after_are_what_is_seen() -> None:
    (change,) = compare(stack("a=1"), stack("a=22")).changes
    assert change.before is not None and change.before.content.read() == b"1"
    assert change.after is not None and change.after.content.read() == b"22"


def test_a_content_that_changed_behind_size_and_time_is_found_by_reading() -> None:
    entry = Entry("/a", content=of(b"12345"), mtime_ns=LONG_AGO)
    one, other = ([Layer(0, Table.of([found]))] for found in (entry, replace(entry, content=of(b"54321"))))
    assert compare(one, other).changes == ()
    (change,) = compare(one, other, lambda extent, start, size: b"").changes
    assert (change.kind, change.path) == ("C", "/a")


def test_a_hard_link_to_another_layers_file_is_not_taken_for_the_same() -> None:
    link = stack("h=>a")
    assert lines((*stack("a=1"), *link), (*stack("a=22"), *link)) == "C/a C/h"


def test_an_image_and_itself_do_not_differ() -> None:
    layers = stack("a=1 d/ d/b=2", "-a c=3")
    assert compare(layers, layers).changes == ()


@given(STACKS, STACKS)
def test_the_paths_are_those_that_one_of_both_alone_shows(one: tuple[Layer, ...], other: tuple[Layer, ...]) -> None:
    changes = compare(one, other).changes
    ours, theirs = ({found.entry.path: found.entry for found in merge.walk(layers)} for layers in (one, other))
    by_kind = {kind: {change.path for change in changes if change.kind == kind} for kind in "ACD"}
    assert by_kind["A"] == theirs.keys() - ours.keys()
    assert by_kind["D"] == ours.keys() - theirs.keys()
    for path in ours.keys() & theirs.keys() - by_kind["C"]:
        before, after = ours[path], theirs[path]
        assert (before.kind, before.mode, before.size_bytes) == (after.kind, after.mode, after.size_bytes)
        assert before.kind is not Kind.SYMLINK or before.linkname == after.linkname


@given(STACKS, STACKS)
def test_the_other_way_round_added_and_deleted_change_places(one: tuple[Layer, ...], other: tuple[Layer, ...]) -> None:
    turned = {"A": "D", "D": "A", "C": "C"}
    assert [(turned[change.kind], change.path) for change in compare(one, other).changes] == [
        (change.kind, change.path) for change in compare(other, one).changes
    ]


@given(BASES, st.lists(ACTIONS, max_size=6))
def test_an_image_and_its_container_differ_as_docker_diff_says(base: tuple[str, ...], done: list[Action]) -> None:
    world = world_of(*base)
    for action in done:
        world = apply(world, replace(action, target=c1(world).key)).world  # type: ignore[call-arg]  # all have one
    container = c1(world)
    told = {path: kind for kind, path in changes(container)}
    found = {one.path: one.kind for one in compare(container.image.layers, container.stack).changes}
    above = {parent for path in told for parent in paths.ancestors(path)}
    assert {path: kind for path, kind in told.items() if path not in found} == {
        path: "C" for path in told.keys() - found.keys() if path in above
    }
    more = found.keys() - told.keys()
    assert all(found[path] == "D" and any(parent in told for parent in paths.ancestors(path)) for path in more)
    assert all(found[path] == told[path] for path in found.keys() & told.keys())


def did(layers: tuple[Layer, ...], position: int) -> str:
    return " ".join(f"{one.kind}{one.path}" for one in layer_changes(layers, position))


def test_what_one_layer_does_is_told_whatever_lies_over_it() -> None:
    layers = stack("a=1 b=2 d/ d/c=3", "a=11 -b d/ d/e=5", "-a -d")
    assert did(layers, 1) == "A/a A/b A/d A/d/c"
    assert did(layers, 2) == "C/a D/b A/d/e"
    assert did(layers, 3) == "D/a D/d D/d/c D/d/e"


def test_a_file_that_a_layer_stores_again_as_it_was_is_changed() -> None:
    assert did(stack("a=1 b=2", "a=1"), 2) == "C/a"
    assert lines(stack("a=1"), stack("a=1", "a=1")) == ""


@given(STACKS)
def test_all_files_that_a_layer_holds_are_among_what_it_does(layers: tuple[Layer, ...]) -> None:
    for position, layer in enumerate(layers, 1):
        told = {one.path for one in layer_changes(layers, position) if one.kind != "D"}
        below = layers[:position]
        held = [layer.entries.entry(row) for row in range(len(layer.entries))]
        seen = {one.path for one in held if one.kind is Kind.FILE and merge.seen(below, one.path) is not None}
        assert seen <= told
