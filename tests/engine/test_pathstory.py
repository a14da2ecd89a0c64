"""What happened to a path, layer by layer."""

from dataclasses import replace

from hypothesis import given

from layerviz.engine import merge
from layerviz.engine.content import of
from layerviz.engine.entry import Entry
from layerviz.engine.pathstory import path_story, stored_versions
from layerviz.engine.table import Table
from layerviz.engine.world import Layer
from tests.engine.drawn import stack
from tests.engine.test_properties import PATHS, STACKS


def told(path: str, *layers: str) -> list[tuple[int, str, bool, int]]:
    return [(one.position, one.what, one.seen, one.bytes) for one in path_story(stack(*layers), path)]


def test_a_file_that_is_written_changed_and_deleted() -> None:
    assert told("/a", "a=1", "b=2", "a=345", "-a") == [
        (1, "written", False, 1),
        (3, "rewritten", False, 3),
        (4, "deleted", False, 0),
    ]


def test_a_new_mode_stores_the_bytes_again_and_that_version_is_seen() -> None:
    assert told("/a", "a=12345", "a=12345@755") == [(1, "written", False, 5), (2, "attributes", True, 5)]


def test_what_goes_with_its_directory_is_hidden_by_it() -> None:
    for taken, by in (("-d", "/d"), ("d/!", "/d"), ("d=1", "/d"), ("-d/s", "/d/s")):
        last = path_story(stack("d/ d/s/ d/s/a=1", taken), "/d/s/a")[-1]
        assert (last.position, last.what, last.by, last.entry) == (2, "hidden", by, None)


def test_a_whiteout_where_nothing_is_left_to_hide_is_no_chapter() -> None:
    assert told("/a", "-a", "a=1", "-a", "-a") == [(2, "written", False, 1), (3, "deleted", False, 0)]


def test_a_file_that_comes_again_is_written_again() -> None:
    assert [one[1] for one in told("/a", "a=1", "-a", "a=1")] == ["written", "deleted", "written"]


def test_a_file_that_becomes_a_link_or_a_directory_changes_its_type() -> None:
    assert [one[1] for one in told("/a", "a=1", "a->b", "a/")] == ["written", "type_changed", "type_changed"]


def test_a_directory_that_is_only_implied_takes_a_files_place() -> None:
    assert told("/a", "a=1", "a/? a/b=2") == [(1, "written", False, 1), (2, "type_changed", True, 0)]


def test_a_hard_link_is_linked_and_stores_nothing() -> None:
    (chapter,) = path_story(stack("a=12345 h=>a"), "/h")
    assert (chapter.what, chapter.bytes, chapter.seen) == ("linked", 0, True)
    assert chapter.entry is not None and chapter.entry.content.read() == b"12345"


def test_a_symlink_tells_by_its_target_whether_it_was_rewritten() -> None:
    assert [one[1] for one in told("/l", "l->a", "l->b", "l->b@700")] == ["written", "rewritten", "attributes"]


def test_a_directory_that_layers_repeat_unchanged_has_one_chapter() -> None:
    assert told("/d", "d/", "d/ d/a=1", "d/? d/b=1") == [(1, "written", True, 0)]
    assert [one[1] for one in told("/d", "d/", "d/@700")] == ["written", "attributes"]


def test_a_directory_that_one_layer_takes_away_and_makes_again_has_both_chapters() -> None:
    assert [one[1] for one in told("/d", "d/ d/a=1", "-d d/")] == ["written", "deleted", "written"]


def test_contents_decide_where_they_can_be_read() -> None:
    first = Entry("/a", content=of(b"12345"))
    second = replace(first, content=of(b"54321"), mode=0o600)
    layers = [Layer(0, Table.of([one])) for one in (first, second)]
    assert path_story(layers, "/a")[1].what == "attributes"
    assert path_story(layers, "/a", lambda extent, start, size: b"")[1].what == "rewritten"


def test_no_layer_has_it() -> None:
    assert path_story(stack("a=1"), "/b") == ()


def test_the_versions_that_can_be_looked_at() -> None:
    story = path_story(stack("a=1", "a->b", "a=2", "-a"), "/a")
    assert [(one.position, one.entry.content.read()) for one in stored_versions(story)] == [(1, b"1"), (3, b"2")]


@given(STACKS, PATHS)
def test_the_last_chapter_is_what_one_sees(layers: tuple[Layer, ...], path: str) -> None:
    story = path_story(layers, path)
    found = merge.seen(layers, path)
    assert bool(found) == bool(story and story[-1].entry)
    if found:
        assert story[-1].entry is not None and story[-1].entry.kind is found.entry.kind
    assert sum(one.seen for one in story) <= 1
