"""dive's score on small stacks counted by hand; on the real archive it is dive's own number (test_real_archive)."""

from hypothesis import given

from layerviz.engine import merge, paths
from layerviz.engine.content import of
from layerviz.engine.efficiency import Repeated, efficiency
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from layerviz.engine.world import Layer
from tests.engine.test_properties import STACKS


def layer(*entries: Entry) -> Layer:
    return Layer(0, Table.of(entries))


def file(path: str, size: int) -> Entry:
    return Entry(path, content=of(bytes(size)))


def gone(path: str) -> Entry:
    return Entry(path, Kind.WHITEOUT)


def test_nothing_stored_wastes_nothing() -> None:
    assert efficiency([]).score == efficiency([layer(), layer()]).score == 1.0


def test_paths_of_one_layer_each_waste_nothing() -> None:
    assert efficiency([layer(file("/a", 10)), layer(file("/b", 20))]).score == 1.0


def test_a_file_written_twice_counts_with_its_smallest_version_over_both() -> None:
    got = efficiency([layer(file("/a", 10), file("/b", 70)), layer(file("/a", 20))])
    assert got.score == (10 + 70) / (30 + 70)
    assert (got.wasted_bytes, got.size_bytes) == (30, 100)
    assert got.repeated == (Repeated("/a", 2, 30),)


def test_a_removed_file_is_booked_with_nothing_for_its_whiteout() -> None:
    got = efficiency([layer(file("/a", 10)), layer(gone("/a"))])
    assert (got.score, got.wasted_bytes) == (0.0, 10)


def test_a_removed_directory_is_booked_with_all_that_was_below_it() -> None:
    got = efficiency(
        [layer(file("/d/a", 10), file("/d/s/b", 5)), layer(gone("/d")), layer(file("/d/a", 1)), layer(gone("/d"))]
    )
    # /d: 15 and 1, of which 1 is the smallest; /d/a: 10 and 1; /d/s/b: 5.
    assert got.score == (1 + 1 + 5) / (16 + 11 + 5)
    assert [one.path for one in got.repeated] == ["/d", "/d/a"]


def counted_by_hand(layers: tuple[Layer, ...]) -> tuple[float, int]:
    """dive's rule, word by word, path by path."""
    booked: dict[str, list[int]] = {}
    for position, one in enumerate(layers, 1):
        below = layers[: position - 1]
        rows = [one.entries.entry(row) for row in range(len(one.entries))]
        for entry in rows:
            if entry.is_whiteout:
                booked.setdefault(entry.path, []).append(_hidden_bytes(below, entry.path))
            elif entry.kind is not Kind.DIR or not any(paths.is_below(other.path, entry.path) for other in rows):
                booked.setdefault(entry.path, []).append(entry.size_bytes)
    cumulative = sum(map(sum, booked.values()))
    smallest = sum(map(min, booked.values()))
    wasted = sum(sum(sizes) for sizes in booked.values() if len(sizes) > 1)
    return smallest / cumulative if cumulative else 1.0, wasted


def _hidden_bytes(below: tuple[Layer, ...], path: str) -> int:
    found = merge.seen(below, path)
    if found is None or found.entry.kind is not Kind.DIR:
        return 0
    return sum(hit.entry.size_bytes for hit in merge.walk(below, path))


@given(STACKS)
def test_any_stack_has_the_score_that_one_counts_by_hand(layers: tuple[Layer, ...]) -> None:
    got = efficiency(layers)
    assert (got.score, got.wasted_bytes) == counted_by_hand(layers)


def test_a_directory_and_one_below_it_that_go_together_are_booked_each() -> None:
    below = layer(file("/d/s/a", 10), file("/d/b", 5))
    assert counted_by_hand((below, layer(gone("/d"), gone("/d/s")))) == (1.0, 0)
    layers = (below, layer(gone("/d"), gone("/d/s")), layer(file("/d/s", 1)))
    got = efficiency(layers)
    assert (got.score, got.wasted_bytes) == counted_by_hand(layers)
