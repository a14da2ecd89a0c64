"""Which rows a stack shows, which layer took away the others: held against the merged view, which is asked apart."""

from hypothesis import given

from layerviz.engine import merge, paths
from layerviz.engine.covering import coverings
from layerviz.engine.entry import Kind
from layerviz.engine.layer_facts import hidden_bytes, layer_facts
from layerviz.engine.world import Layer
from tests.engine.drawn import stack, world_of
from tests.engine.test_properties import STACKS


def counts(*layers: str) -> list[tuple[int, int, int]]:
    return [(one.added, one.changed, one.removed) for one in layer_facts(stack(*layers))]


def test_files_are_added_changed_and_removed() -> None:
    assert counts("a=1 b=2 d/", "a=3 c=4", "-b -a") == [(2, 0, 0), (1, 1, 0), (0, 0, 2)]


def test_a_whiteout_of_a_directory_removes_all_files_in_it() -> None:
    assert counts("d/ d/a=1 d/s/ d/s/b=2 e=3", "-d") == [(3, 0, 0), (0, 0, 2)]


def test_an_opaque_directory_removes_lower_files_and_keeps_its_own() -> None:
    assert counts("d/ d/a=1 d/b=2", "d/! d/a=9") == [(2, 0, 0), (1, 0, 2)]


def test_a_file_over_a_directory_and_a_directory_over_a_file() -> None:
    assert counts("d/ d/a=1", "d=2", "d/ d/b=3") == [(1, 0, 0), (1, 0, 1), (1, 0, 1)]


def test_a_whiteout_of_nothing_removes_nothing() -> None:
    assert counts("a=1", "-b -c") == [(1, 0, 0), (0, 0, 0)]


def test_a_file_that_was_taken_away_and_comes_again_is_added() -> None:
    assert counts("a=1", "-a", "a=2")[2] == (1, 0, 0)


def test_the_bytes_of_a_removed_file_are_hidden_unless_a_hard_link_still_shows_them() -> None:
    alone, linked = stack("a=12345", "-a"), stack("a=12345 h=>a", "-a")
    assert [one.hidden_bytes for one in layer_facts(alone)] == [5, 0]
    assert [one.hidden_bytes for one in layer_facts(linked)] == [0, 0]


def test_a_containers_own_layer_counts_as_any_other() -> None:
    world = world_of("a=1 b=2", "a=3")
    facts = layer_facts(world.containers[0].stack)
    assert [one.hidden_bytes for one in facts] == [1, 0, 0]


def test_a_layer_known_by_its_ids_only_has_no_size() -> None:
    (facts,) = layer_facts([Layer(1, stack("")[0].entries, quoted_diff_id="sha256:" + "0" * 64)])
    assert facts.size_bytes is None


@given(STACKS)
def test_what_is_seen_is_what_the_merged_view_has(layers: tuple[Layer, ...]) -> None:
    played = coverings(layers)
    shown = {found.entry.path: found.position for found in merge.walk(layers) if found.entry.kind is not Kind.DIR}
    assert {paths.from_key(key): row.position for key, row in played.seen.items()} == shown


@given(STACKS)
def test_every_file_of_every_layer_is_seen_or_covered_once(layers: tuple[Layer, ...]) -> None:
    played = coverings(layers)
    rows = [*played.seen.values(), *(one.row for one in played.covered)]
    files = sum(
        layer.entries.entry(row).kind not in (Kind.DIR, Kind.WHITEOUT)
        for layer in layers
        for row in range(len(layer.entries))
    )
    assert len(rows) == len(set(rows)) == files
    assert all(one.position > one.row.position for one in played.covered)


@given(STACKS)
def test_the_counts_add_up_to_what_is_seen(layers: tuple[Layer, ...]) -> None:
    played = coverings(layers)
    assert sum(one.added - one.removed for one in played.counts) == len(played.seen)
    assert len(played.counts) == len(layers)


@given(STACKS)
def test_hidden_and_seen_bytes_are_all_bytes(layers: tuple[Layer, ...]) -> None:
    seen = sum(found.entry.size_bytes for found in merge.walk(layers))
    assert sum(hidden_bytes(layers, coverings(layers))) + seen == sum(layer.size_bytes or 0 for layer in layers)
