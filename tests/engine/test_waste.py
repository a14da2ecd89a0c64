"""Why bytes are wasted: causes of small stacks drawn as text, dive's sums on all stacks."""

from dataclasses import replace

from hypothesis import given

from layerviz.engine.content import Content, Range, of
from layerviz.engine.efficiency import efficiency
from layerviz.engine.entry import Entry
from layerviz.engine.table import Table
from layerviz.engine.waste import waste
from layerviz.engine.world import Layer
from tests.engine.drawn import LONG_AGO, stack
from tests.engine.test_properties import STACKS


def told(*layers: str) -> list[tuple[str, str, tuple[int, ...], int]]:
    return [(one.kind, one.path, one.positions, one.wasted_bytes) for one in waste(stack(*layers)).findings]


def no_reader(extent: Range, start: int, size: int) -> bytes:
    raise AssertionError("these contents lie in memory")


def file(path: str, data: bytes, mtime_ns: int = LONG_AGO) -> Entry:
    return Entry(path, content=of(data), mtime_ns=mtime_ns)


def layer(*entries: Entry) -> Layer:
    return Layer(0, Table.of(entries))


def test_a_file_whose_mode_alone_changes_is_stored_again_for_its_attributes() -> None:
    (finding,) = waste(stack("a=12345", "a=12345@600")).findings
    assert (finding.kind, finding.what, finding.positions) == ("attributes", "mode", (1, 2))
    assert (finding.wasted_bytes, finding.hidden_bytes, finding.in_score, finding.removed_by) == (10, 5, True, 0)


def test_versions_that_were_deleted_in_the_end_tell_by_which_layer() -> None:
    (finding,) = waste(stack("d/ d/a=12345", "d/a=12345@600", "-d")).findings
    assert (finding.kind, finding.positions, finding.removed_by, finding.hidden_bytes) == ("attributes", (1, 2), 3, 10)


def test_other_content_is_written_again() -> None:
    assert told("a=12", "a=345") == [("rewritten", "/a", (1, 2), 5)]


def test_a_file_that_the_same_layer_has_elsewhere_was_moved() -> None:
    (finding,) = waste(stack("a=12345 d/", "-a d/b=12345")).findings
    assert (finding.kind, finding.path, finding.other, finding.positions) == ("moved", "/a", "/d/b", (1, 2))


def test_a_file_that_a_later_layer_whites_out_was_deleted() -> None:
    assert told("a=12345", "-a") == [("deleted", "/a", (1, 2), 5)]


def test_what_goes_with_its_directory_is_told_though_dive_does_not_count_it() -> None:
    got = waste(stack("d/ d/a=12345", "-d"))
    assert [(one.kind, one.path, one.in_score) for one in got.findings] == [("deleted", "/d/a", False)]
    assert got.wasted_bytes == 0


def test_a_directory_that_went_twice_is_told_once_with_what_was_below() -> None:
    got = waste(stack("d/ d/a=12345 d/b=12", "-d", "d/ d/c=1", "-d"))
    assert [(one.path, one.count, one.wasted_bytes, one.hidden_bytes) for one in got.findings] == [("/d", 3, 8, 8)]


def test_many_files_of_one_cause_are_one_finding_of_their_directory() -> None:
    many = " ".join(f"d/s/f{number}=12345" for number in range(5))
    (finding,) = waste(stack(f"d/ d/s/ {many}", many.replace("12345", "54321@600"))).findings
    assert (finding.path, finding.count, finding.wasted_bytes) == ("/d/s", 5, 50)
    assert finding.paths == tuple(f"/d/s/f{number}" for number in range(5))


def test_a_hard_link_that_is_still_seen_keeps_bytes_from_being_hidden() -> None:
    assert waste(stack("a=12345 h=>a", "-a")).hidden_bytes == (0, 0)


def test_what_lies_in_a_known_place_is_left_over() -> None:
    (finding,) = waste(stack("var/lib/apt/lists/x=12345 var/lib/apt/lists/y=1 var/lib/apt/x=1")).findings
    assert (finding.kind, finding.what, finding.count, finding.wasted_bytes) == ("leftover", "apt_lists", 2, 6)
    assert finding.path == "/var/lib/apt/lists"


def test_equal_contents_are_found_at_several_paths_by_reading_them() -> None:
    data = bytes(range(250)) * 40
    other = data[:-1] + b"x"
    layers = (layer(file("/a", data), file("/c", other)), layer(file("/b", data, mtime_ns=1)))
    assert waste(layers).findings == ()
    (finding,) = waste(layers, no_reader).findings
    assert (finding.kind, finding.paths, finding.positions) == ("repeated", ("/a", "/b"), (1, 2))
    assert finding.wasted_bytes == len(data)


def test_trees_that_stand_twice_are_one_finding_and_so_is_all_that_is_small() -> None:
    big = [file(f"{top}/s/f{number}", bytes([number]) * 50_000) for number in range(3) for top in ("/a", "/b")]
    small = [file(f"/{place}{number}/x", bytes([number]) * 2000) for number in range(10, 15) for place in "cd"]
    tree, rest = waste([layer(*big, *small)], no_reader).findings
    assert (tree.path, tree.count, tree.wasted_bytes) == ("/a", 6, 150_000)
    assert (rest.path, rest.count, rest.wasted_bytes) == ("/", 10, 10_000)


def test_caches_are_told_apart_from_their_neighbours() -> None:
    lists = " ".join(f"var/lib/apt/lists/{number}=1" for number in range(5))
    others = " ".join(f"var/lib/x/{number}=1" for number in range(5))
    findings = waste(stack(f"{lists} {others}", f"{lists} {others}".replace("=1", "=22"))).findings
    assert {one.path for one in findings if one.in_score} == {"/var/lib/apt/lists", "/var/lib/x"}


def test_content_decides_over_time_where_it_can_be_read() -> None:
    touched = (layer(file("/a", b"12345")), layer(file("/a", b"12345", mtime_ns=1)))
    assert [one.kind for one in waste(touched, no_reader).findings] == ["attributes"]
    lying = (layer(file("/a", b"12345")), layer(replace(file("/a", b"54321"), mode=0o600)))
    assert [one.kind for one in waste(lying, no_reader).findings] == ["rewritten"]


def test_bytes_that_lie_in_one_place_are_the_same_without_reading() -> None:
    place = Range("archive", 512, 5000)

    def at(position: int, mode: int) -> Layer:
        return layer(Entry("/a", mode=mode, content=Content((place,)), mtime_ns=position))

    assert waste((at(1, 0o600), at(2, 0o644))).findings[0].kind == "attributes"


def test_the_largest_waste_is_told_first_and_what_is_seen_behind_what_is_hidden() -> None:
    findings = waste(stack("a=1 b=123 var/log/x=1234567", "-a -b")).findings
    assert [one.path for one in findings] == ["/b", "/a", "/var/log/x"]


def test_nothing_is_found_where_nothing_is_stored_in_vain() -> None:
    assert waste(stack("a=1 d/ d/b=2", "c=3 d/e=4")).findings == ()
    assert waste(()).findings == ()


@given(STACKS)
def test_the_findings_in_the_score_add_up_to_what_dive_counts(layers: tuple[Layer, ...]) -> None:
    got, scored = waste(layers), efficiency(layers)
    assert (got.score, got.wasted_bytes, got.size_bytes) == (scored.score, scored.wasted_bytes, scored.size_bytes)
    assert sum(one.wasted_bytes for one in got.findings if one.in_score) == got.wasted_bytes


@given(STACKS)
def test_the_findings_tell_of_every_hidden_byte(layers: tuple[Layer, ...]) -> None:
    got = waste(layers)
    assert sum(one.hidden_bytes for one in got.findings) == sum(got.hidden_bytes)
