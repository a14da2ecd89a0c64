import pytest

from layerviz.engine import remembered
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.errors import PathError
from layerviz.engine.merge import (
    Found,
    children,
    count_below,
    lookup,
    names,
    resolve,
    seen,
    sources,
    versions,
    walk,
)
from layerviz.engine.world import Layer
from tests.engine.drawn import entry, stack, text_of, view


def test_article_three_layers_store_seven_files_and_show_six() -> None:
    three = stack("file1=1 file2=2 file3=3", "file4=4 file5=5 file6=6", "file5=7")
    assert view(three) == "file1=1 file2=2 file3=3 file4=4 file5=7 file6=6"
    assert [hit.position for hit in children(three, "/")] == [1, 1, 1, 2, 3, 2]


@pytest.mark.parametrize(
    ("layers", "shown"),
    [
        (("a=1 b=2", "-b"), "a=1"),
        (("a=1", "a=2"), "a=2"),
        (("d/ d/x=1", "d/! d/y=2"), "d/! d/y=2"),
        (("d/ d/x=1", "d/ d/y=2"), "d/ d/x=1 d/y=2"),
        (("d/ d/x=1 d/s/ d/s/y=2", "-d"), ""),
        (("d/ d/x=1", "-d", "d/"), "d/"),
        (("d/ d/x=1", "-d d/ d/y=2"), "d/ d/y=2"),
        (("d/ d/x=1", "d=file"), "d=file"),
        (("d/ d/x=1", "d=file", "d/ d/y=2"), "d/ d/y=2"),
        (("s->d d/ d/x=1", "s/ s/y=2"), "d/ d/x=1 s/ s/y=2"),
        (("d=file", "d/y=2"), "d/? d/y=2"),
        (("a=1", "-a a=2"), "a=2"),
        (("a=1", "./!"), ""),
        (("a=1", "./! b=2"), "b=2"),
        (("a=1 d/ d/x=1", "-d/x"), "a=1 d/"),
        (("a=1", "-nothing -d/x"), "a=1"),
        (("d/ d/x=1 d/y=2", "-d/x"), "d/ d/y=2"),
        (("d/ d/e/ d/e/x=1", "-d/e/x"), "d/ d/e/"),
        (("d/ d/x=1", "d/! -d/x"), "d/!"),
        (("d/ d/x=1", "d/? d/y=2"), "d/ d/x=1 d/y=2"),
        (("d/ d/x=1", "d/!? d/y=2"), "d/ d/y=2"),
        (("a=1", "-a", "-a", "b=1"), "b=1"),
        ((), ""),
    ],
    ids=" + ".join,
)
def test_merged_view(layers: tuple[str, ...], shown: str) -> None:
    assert view(stack(*layers)) == shown


def test_whiteout_does_not_hide_an_entry_of_its_own_layer() -> None:
    both = stack("a=1", "-a a=2")
    assert lookup(both, "/a").found == Found(2, entry("a=2"))


def test_opaque_marker_hides_lower_layers_only() -> None:
    hidden = stack("d/ d/x=1", "d/! d/y=2", "d/ d/z=3")
    assert text_of(hit.entry for hit in children(hidden, "/d")) == "d/y=2 d/z=3"


def test_directory_over_directory_has_the_upper_attributes_and_both_children() -> None:
    both = stack("d/@700 d/x=1", "d/@711 d/y=2")
    hit = seen(both, "/d")
    assert hit and (hit.position, hit.entry.mode) == (2, 0o711)
    assert text_of(hit.entry for hit in children(both, "/d")) == "d/x=1 d/y=2"


def test_implied_directory_keeps_the_attributes_of_the_lower_one() -> None:
    both = stack("d/@700", "d/y=2")
    hit = seen(both, "/d")
    assert hit and (hit.position, hit.entry.mode, hit.entry.implied) == (1, 0o700, False)
    assert children(both, "/")[0] == hit


def test_implied_directory_that_is_nowhere_is_root_0755() -> None:
    hit = seen(stack("a=1", "d/e/y=2"), "/d/e")
    assert hit and (hit.position, hit.entry.mode, hit.entry.uid, hit.entry.implied) == (2, 0o755, 0, True)


def test_implied_directory_does_not_take_attributes_from_behind_a_whiteout() -> None:
    hit = seen(stack("d/@700", "-d", "d/y=2"), "/d")
    assert hit and (hit.position, hit.entry.mode) == (3, 0o755)


def test_lookup_asks_from_the_top_and_stops_at_the_hit() -> None:
    three = stack("a=1 b=2", "a=3", "c=4")
    assert lookup(three, "/a").asked == ((3, "absent"), (2, "found"))
    assert lookup(three, "/b").asked == ((3, "absent"), (2, "absent"), (1, "found"))
    assert lookup(three, "/x").asked == ((3, "absent"), (2, "absent"), (1, "absent"))


def test_lookup_stops_at_a_whiteout_of_the_path_or_of_a_directory_above() -> None:
    assert lookup(stack("a=1", "-a", "b=1"), "/a").asked == ((3, "absent"), (2, "whiteout"))
    assert lookup(stack("d/ d/x=1", "-d", "b=1"), "/d/x").asked == ((3, "absent"), (2, "whiteout"))


def test_lookup_stops_at_an_opaque_directory() -> None:
    assert lookup(stack("d/ d/x=1", "d/!"), "/d/x").asked == ((2, "opaque"),)
    assert lookup(stack("d/ d/x=1", "d/!"), "/d").found == Found(2, entry("d/!"))


def test_lookup_stops_where_a_file_took_the_directory_s_place() -> None:
    blocked = lookup(stack("d/ d/x=1", "d=file"), "/d/x")
    assert (blocked.asked, blocked.found) == (((2, "absent"),), None)


def test_root_is_always_there() -> None:
    assert lookup((), "/").found == Found(0, Entry("/", Kind.DIR, 0o755, implied=True))
    hit = seen(stack("a=1", "./@700"), "/")
    assert hit and (hit.position, hit.entry.mode) == (2, 0o700)


def test_names_beside_a_dash_sort_by_components() -> None:
    mixed = stack("a/ a/x=1 a-b=2 a.c=3")
    assert [hit.entry.path for hit in walk(mixed)] == ["/a", "/a/x", "/a-b", "/a.c"]


def test_versions_are_all_rows_top_first_seen_or_not() -> None:
    three = stack("a=1", "-a", "a=3 -a")
    assert [(hit.position, hit.entry.is_whiteout) for hit in versions(three, "/a")] == [
        (3, False),
        (3, True),
        (2, True),
        (1, False),
    ]


def test_names_include_what_nobody_sees() -> None:
    assert names(stack("a=1 d/ d/x=1", "-a -d", "b=2"), "/") == ("a", "b", "d")
    assert names(stack("d/ d/x=1", "-d", "d/y=1"), "/d") == ("x", "y")


def test_count_below_counts_all_depths_and_nothing_hidden() -> None:
    three = stack("d/ d/x=1 d/s/ d/s/y=2 e=1", "-d/x d/s/z=3", "-e")
    assert count_below(three, "/") == len(list(walk(three))) == 4
    assert count_below(three, "/d") == 3
    assert count_below(three, "/nowhere") == 0


def test_sources_leave_out_layers_without_the_directory() -> None:
    assert sources(stack("d/ d/x=1", "a=1", "d/y=2"), "/d") == (3, 1)
    assert sources(stack("d/ d/x=1", "d/!", "d/y=2"), "/d") == (3, 2)
    assert sources(stack("d/ d/x=1", "d=file", "d/y=2"), "/d") == (3,)
    assert sources(stack("d=file"), "/d") == ()


def test_hard_link_is_what_its_target_is() -> None:
    linked = stack("a=one@640 h=>a")
    hit = seen(linked, "/h")
    assert hit and hit.entry.kind is Kind.FILE
    assert (hit.entry.path, hit.entry.mode, hit.entry.linkname) == ("/h", 0o640, "/a")
    assert hit.entry.content.read() == b"one"
    assert children(linked, "/")[1] == hit


def test_hard_link_may_name_a_file_of_a_lower_layer() -> None:
    hit = seen(stack("a=one", "b=two", "h=>a"), "/h")
    assert hit and (hit.position, hit.entry.content.read()) == (3, b"one")


def test_hard_link_keeps_its_target_when_a_later_layer_changes_that_name() -> None:
    assert view(stack("a=one h=>a", "a=two")) == "a=two h=one"
    assert view(stack("a=one h=>a", "-a")) == "h=one"


def test_hard_link_to_a_hard_link_and_in_a_circle() -> None:
    assert view(stack("a=one h=>a i=>h")) == "a=one h=one i=one"
    assert view(stack("h=>i i=>h")) == "h=>i i=>h"


def test_hard_link_to_nothing_or_to_what_is_hidden_stays_a_link() -> None:
    assert view(stack("h=>gone")) == "h=>gone"
    assert view(stack("d/ d/a=one", "d/! h=>d/a")) == "d/! h=>d/a"


def test_resolve_follows_symlinks_absolute_relative_and_in_the_middle() -> None:
    linked = stack("d/ d/x=1 l->d abs->/d up->d/../d r/ r/l->../d")
    assert resolve(linked, "/l/x") == "/d/x"
    assert resolve(linked, "/abs/x") == "/d/x"
    assert resolve(linked, "/up/x") == "/d/x"
    assert resolve(linked, "/r/l/x") == "/d/x"
    assert resolve(linked, "/l") == "/d"
    assert resolve(linked, "/l", follow_last=False) == "/l"
    assert resolve(linked, "/d/../../d/./x") == "/d/x"


def test_resolve_lets_the_last_name_be_missing() -> None:
    assert resolve(stack("d/ l->d/new"), "/l") == "/d/new"
    assert resolve(stack("d/"), "/d/new") == "/d/new"


@pytest.mark.parametrize(
    ("layer", "path", "code"),
    [
        ("a->b b->a", "/a", "ELOOP"),
        ("a->a", "/a/x", "ELOOP"),
        ("a=1", "/a/x", "ENOTDIR"),
        ("d/", "/d/no/x", "ENOENT"),
        ("l->gone", "/l/x", "ENOENT"),
    ],
)
def test_resolve_fails_as_the_kernel_does(layer: str, path: str, code: str) -> None:
    with pytest.raises(PathError) as raised:
        resolve(stack(layer), path)
    assert raised.value.code == code


def test_remembered_directories_go_with_their_layers() -> None:
    layers: tuple[Layer, ...] = stack("a=1", "b=2")
    children(layers, "/")
    identity = tuple(id(layer.entries) for layer in layers)
    assert identity in remembered._MEMORIES
    del layers
    assert identity not in remembered._MEMORIES


def test_implied_directory_takes_no_attributes_from_behind_a_file() -> None:
    hidden = stack("d/@700", "d=file", "d/y=2")
    for found in (lookup(hidden, "/d").found, seen(hidden, "/d"), children(hidden, "/")[0]):
        assert found and (found.position, found.entry.mode, found.entry.implied) == (3, 0o755, True)


def test_children_of_a_directory_are_remembered_for_as_long_as_nothing_changes() -> None:
    both = stack("d/ d/x=1", "d/ d/y=2")
    assert children(both, "/d") is children(both, "/d")
