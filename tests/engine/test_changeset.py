"""The rules of a changeset, one test each, named after it (image-spec, layer.md)."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from layerviz.engine.changeset import Batch, Header, Report, from_changeset
from layerviz.engine.content import EMPTY, Content, Range, of
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import seen
from layerviz.engine.table import Table
from layerviz.engine.world import Layer
from tests.engine.drawn import stack, text_of, view


def file(name: str, text: str = "", mode: int = 0o644) -> Header:
    return Header(name.encode(), b"0", mode, content=of(text.encode()))


def directory(name: str, mode: int = 0o755) -> Header:
    return Header(name.encode(), b"5", mode=mode)


def link(name: str, target: str, mode: int = 0o644) -> Header:
    return Header(name.encode(), b"1", mode, linkname=target.encode())


def rows(*headers: Header) -> str:
    table, reports = from_changeset(headers)
    assert reports == ()
    return text_of(table)


def reported(*headers: Header) -> tuple[str, tuple[Report, ...]]:
    table, reports = from_changeset(headers)
    return text_of(table), reports


def over(lower: str, *headers: Header) -> str:
    """The merged view of the changeset above a drawn layer."""
    table, _ = from_changeset(headers)
    return view((*stack(lower), Layer(2, table)))


def test_addition_and_modification_are_the_whole_file() -> None:
    assert over("a=one b=two", file("a", "1"), file("c", "3")) == "a=1 b=two c=3"


def test_all_types_but_sockets() -> None:
    table, reports = from_changeset(
        [
            Header(b"f", b"0"),
            Header(b"old", b"\0"),
            Header(b"contiguous", b"7"),
            Header(b"l", b"2", linkname=b"to"),
            Header(b"h", b"1", linkname=b"f"),
            Header(b"c", b"3", device=(5, 1)),
            Header(b"b", b"4", device=(8, 0)),
            Header(b"d/", b"5"),
            Header(b"p", b"6"),
        ]
    )
    assert {entry.name: entry.kind for entry in table} == {
        "f": Kind.FILE,
        "old": Kind.FILE,
        "contiguous": Kind.FILE,
        "l": Kind.SYMLINK,
        "h": Kind.HARDLINK,
        "c": Kind.CHAR,
        "b": Kind.BLOCK,
        "d": Kind.DIR,
        "p": Kind.FIFO,
    }
    assert reports == ()


def test_unknown_type_is_reported_and_left_out() -> None:
    assert reported(Header(b"v", b"V"), file("a")) == ("a=", (Report("unknown-type", "v"),))


def test_attributes_are_kept_to_the_bit() -> None:
    header = Header(
        b"f",
        b"0",
        mode=0o104755,
        uid=1000,
        gid=5_000_000,
        mtime_ns=1_600_000_000_123_456_789,
        xattrs=(("user.a", b"\0x"), ("security.capability", b"cap")),
    )
    table, _ = from_changeset([header])
    entry = table.entry(0)
    assert (entry.mode, entry.uid, entry.gid, entry.mtime_ns) == (0o4755, 1000, 5_000_000, 1_600_000_000_123_456_789)
    assert entry.xattrs == header.xattrs


def test_duplicate_path_is_reported_and_the_last_one_taken() -> None:
    assert reported(file("a", "1"), file("./a", "2")) == ("a=2", (Report("duplicate", "./a"),))


def test_directory_over_directory_keeps_the_children() -> None:
    assert over("d/@700 d/x=1", directory("d/", 0o711)) == "d/ d/x=1"


def test_file_over_directory_removes_the_subtree() -> None:
    assert over("d/ d/x=1", file("d", "f")) == "d=f"


def test_directory_over_symlink_replaces_the_link_and_nothing_is_written_through_it() -> None:
    assert over("t/ s->t", directory("s/"), file("s/x", "1")) == "s/ s/x=1 t/"


def test_file_over_symlink_replaces_the_link() -> None:
    assert over("t=1 s->t", file("s", "2")) == "s=2 t=1"


def test_whiteout_deletes_the_name_whatever_its_type() -> None:
    for lower in ("n=1", "n/ n/x=1", "n->x", "n|", "n%5,1"):
        assert over(lower, file(".wh.n")) == ""


def test_whiteout_row_stands_at_the_path_that_it_hides() -> None:
    assert rows(file("d/.wh.x")) == "-d/x"


def test_whiteout_without_a_name_is_an_error() -> None:
    for name in (".wh.", "d/.wh.", ".wh..", "d/.wh..."):
        table, reports = reported(file(name), file("a"))
        assert table == "a="
        assert reports == (Report("invalid-whiteout", name),)


def test_names_in_a_directory_that_begins_like_a_whiteout_cannot_exist() -> None:
    assert reported(file(".wh.d/x")) == ("", (Report("reserved-name", ".wh.d/x"),))


def test_whiteout_hides_lower_layers_only_wherever_it_stands() -> None:
    assert over("a=one", file(".wh.a"), file("a", "1")) == "a=1"
    assert over("a=one", file("a", "1"), file(".wh.a")) == "a=1"


def test_whiteout_marker_itself_is_not_visible() -> None:
    assert over("a=one b=two", file(".wh.a")) == "b=two"


def test_whiteout_with_content_is_reported_and_still_one() -> None:
    assert reported(file(".wh.a", "text")) == ("-a", (Report("whiteout-with-content", ".wh.a"),))


def test_opaque_marker_hides_all_lower_children() -> None:
    assert over("d/ d/x=1 d/e/ d/e/y=1", directory("d/"), file("d/.wh..wh..opq")) == "d/!"


def test_opaque_marker_hides_lower_files_even_when_it_comes_last() -> None:
    last = directory("d/"), file("d/y", "2"), file("d/.wh..wh..opq")
    first = file("d/.wh..wh..opq"), directory("d/"), file("d/y", "2")
    assert over("d/ d/x=1", *last) == over("d/ d/x=1", *first) == "d/! d/y=2"


def test_opaque_marker_in_a_directory_that_only_lower_layers_have_keeps_its_attributes() -> None:
    table, reports = from_changeset([file("d/.wh..wh..opq")])
    both = (*stack("d/@700 d/x=1"), Layer(2, table))
    hit = seen(both, "/d")
    assert hit and hit.entry.mode == 0o700
    assert view(both) == "d/"
    assert reports == (Report("opaque-without-directory", "d/.wh..wh..opq"),)


def test_opaque_marker_of_the_root_hides_everything_below() -> None:
    assert over("a=1 d/ d/x=1", file(".wh..wh..opq"), file("b", "2")) == "b=2"


def test_opaque_marker_of_an_implied_directory_is_no_violation() -> None:
    table, reports = from_changeset([file("d/y", "2"), file("d/.wh..wh..opq")])
    assert reports == ()
    assert view((*stack("d/ d/x=1"), Layer(2, table))) == "d/ d/y=2"


def test_aufs_leftovers_are_skipped() -> None:
    leftovers = (
        file(".wh..wh.aufs"),
        directory(".wh..wh.plnk/"),
        directory(".wh..wh.orph/"),
        file(".wh..wh.orph/x", "1"),
    )
    assert rows(*leftovers, file("a", "1")) == "a=1"


def test_aufs_link_store_gives_its_files_to_the_names_that_link_to_them() -> None:
    store = file(".wh..wh.plnk/1.2", "text", mode=0o600)
    table, reports = from_changeset([store, link("a", ".wh..wh.plnk/1.2"), link("b", "/.wh..wh.plnk/1.2")])
    assert (text_of(table), reports) == ("a=text b=>a", ())
    assert table.entry(0).mode == 0o600


def test_hard_link_names_its_target_from_the_root_of_the_merged_tree() -> None:
    assert rows(file("d/a", "1"), link("h", "d/a"), link("i", "/d/a"), link("j", "./d/a")) == (
        "d/? d/a=1 h=>d/a i=>d/a j=>d/a"
    )
    assert over("a=one", link("h", "a")) == "a=one h=one"


def test_hard_link_before_its_target_is_to_what_lower_layers_have_there() -> None:
    """As umoci and podman unpack it: entry after entry."""
    assert over("a=one", link("h", "a"), file("a", "two")) == "a=two h=one"
    assert over("a=one", file("a", "two"), link("h", "a")) == "a=two h=two"
    assert over("a=one", link("h", "a"), link("i", "h"), file("a", "two")) == "a=two h=one i=one"
    assert over("a=one", link("b", "a"), file("c", "two"), link("a", "c")) == "a=two b=one c=two"
    assert over("d/a=one", link("h", "d/a"), file("d", "two")) == "d=two h=one"
    assert over("d/a=one", file("d/a", "two"), link("h", "d/a"), directory("d")) == "d/ d/a=two h=two"


def test_hard_link_before_its_target_is_to_that_where_lower_layers_have_nothing() -> None:
    assert over("b=one", link("h", "a"), file("a", "two")) == "a=two b=one h=two"
    assert over("a/b=one", link("h", "a"), file("a", "two")) == "a=two h=two"
    assert over("a=one", link("h", "a"), file(".wh.a"), file("a", "two")) == "a=two h=two"
    assert over("d/a=one", file("d/.wh..wh..opq"), link("h", "d/a"), file("d/a", "two")) == "d/!? d/a=two h=two"


def test_header_attributes_of_a_hard_link_are_ignored_and_reported() -> None:
    table, reports = from_changeset([file("a", "1", mode=0o600), link("h", "a", mode=0o777)])
    assert reports == (Report("hard-link-attributes", "h"),)
    hit = seen((Layer(1, table),), "/h")
    assert hit and hit.entry.mode == 0o600


def test_header_attributes_of_a_hard_link_that_repeat_the_targets_are_fine() -> None:
    assert rows(file("a", "1", mode=0o600), link("h", "a", mode=0o600)) == "a=1 h=>a"


def test_hard_link_to_itself_or_out_of_the_root_is_reported() -> None:
    assert reported(link("h", "h")) == ("", (Report("hard-link-target", "h"),))
    assert reported(link("h", "../h")) == ("", (Report("hard-link-target", "h"),))


@pytest.mark.parametrize("name", ["a", "./a", "/a", "//a", "././a", "/./a", "d/../a", "a/."])
def test_leading_dots_and_slashes_are_stripped(name: str) -> None:
    assert rows(file(name, "1")) == "a=1"


@pytest.mark.parametrize("name", ["..", "../a", "d/../../a", "/../a", "./../a"])
def test_name_that_leaves_the_root_is_reported(name: str) -> None:
    assert reported(file(name)) == ("", (Report("leaves-the-root", name),))


def test_link_targets_are_data() -> None:
    table, reports = from_changeset([Header(b"l", b"2", linkname=b"../../../etc/passwd")])
    assert (table.entry(0).linkname, reports) == ("../../../etc/passwd", ())


def test_missing_parents_are_implied() -> None:
    assert rows(file("d/e/f", "1")) == "d/? d/e/? d/e/f=1"
    assert rows(file("d/e/f", "1"), directory("d/")) == "d/ d/e/? d/e/f=1"


def test_root_s_own_entry_gives_its_attributes() -> None:
    table, _ = from_changeset([directory("./", 0o700)])
    hit = seen((Layer(1, table),), "/")
    assert hit and hit.entry.mode == 0o700


def test_root_that_is_no_directory_is_reported() -> None:
    for header in (file("."), Header(b"./", b"2", linkname=b"x"), file("")):
        assert reported(header)[1] == (Report("leaves-the-root", header.name.decode()),)


def test_v7_directory_is_a_file_whose_name_ends_in_a_slash() -> None:
    table, _ = from_changeset([Header(b"d/", b"\0", mode=0o755)])
    assert text_of(table) == "d/"


def test_names_that_are_not_utf_8_survive() -> None:
    table, _ = from_changeset([Header(b"caf\xe9", b"0")])
    assert table.entry(0).path == "/caf\udce9"
    assert table.row("/caf\udce9") == 0


def test_entry_after_a_file_in_its_directory_s_place_is_reported_one_before_is_replaced() -> None:
    assert reported(file("d", "f"), file("d/x", "1")) == ("d=f", (Report("not-in-a-directory", "/d/x"),))
    assert rows(directory("d/"), file("d/x", "1"), file("e")) == "d/ d/x=1 e="
    table, reports = reported(directory("d/"), file("d/x", "1"), file("d", "f"))
    assert (table, reports) == ("d=f", (Report("duplicate", "d"),))


def test_table_of_nothing_is_empty() -> None:
    assert rows() == ""
    assert len(from_changeset([])[0]) == 0


def test_source_gives_contents_as_ranges_of_it() -> None:
    content = Content((Range("layer.tar", 512, 7),))
    table, _ = from_changeset([Header(b"a", b"0", content=content)], "layer.tar")
    assert table.contents == {}
    assert table.entry(0).content == content
    assert table.size_bytes == 7


def test_table_row_finds_entry_beside_whiteout() -> None:
    table = Table.of([Entry("/a", Kind.WHITEOUT), Entry("/a"), Entry("/b", Kind.WHITEOUT)])
    assert (table.whiteout("/a"), table.row("/a"), table.whiteout("/b"), table.row("/b")) == (0, 1, 2, None)


NAMES = st.lists(
    st.sampled_from([b"a", b"b", b".", b"..", b"", b".wh.a", b".wh..wh..opq", b"c.", b".d", b"\xff", b"a.wh."]),
    max_size=4,
).map(b"/".join)
PLAIN = st.builds(
    Header,
    NAMES,
    st.sampled_from([b"0", b"1", b"2", b"5"]),
    st.sampled_from([0o644, 0o755]),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.integers(0, 2).map(lambda size: Content((Range("s", 7, size),)) if size else EMPTY),
)


def usual(header: Header) -> Header:
    """The header as a batch may hold it: what ends with a slash is a directory, only files have content."""
    typeflag = b"5" if header.name.endswith(b"/") else header.typeflag
    linkname = {b"1": b"a", b"2": b"to \xff"}.get(typeflag, b"")
    return replace(header, typeflag=typeflag, linkname=linkname, content=header.content if typeflag == b"0" else EMPTY)


def batch(headers: Sequence[Header]) -> Batch:
    return Batch(
        [one.name for one in headers],
        b"".join(one.typeflag for one in headers),
        array("H", [one.mode for one in headers]),
        array("I", [one.uid for one in headers]),
        array("I", [one.gid for one in headers]),
        array("q", [one.mtime_ns for one in headers]),
        array("Q", [one.content.size_bytes for one in headers]),
        array("q", [7 if one.content.extents else -1 for one in headers]),
        {place: one.linkname for place, one in enumerate(headers) if one.linkname},
    )


@example([[Header(b"a//", b"5")]])
@example([[Header(b"./a"), Header(b"./.wh.b"), Header(b"./", b"5"), Header(b"./a")]])
@example([[Header(b"./a"), Header(b"b")], [Header(b"a/b"), Header(b"a")]])
@given(st.lists(st.lists(PLAIN, max_size=6), max_size=3))
def test_short_way_of_batches_leads_where_the_long_one_does(drawn: list[list[Header]]) -> None:
    headers = [[usual(one) for one in part] for part in drawn]
    short, reports = from_changeset(map(batch, headers), "s")
    long, same_reports = from_changeset(chain.from_iterable(headers), "s")
    assert (list(short), reports) == (list(long), same_reports)


def test_whiteout_that_stands_twice_is_reported() -> None:
    table, reports = from_changeset([Header(b".wh.a"), Header(b".wh.a")])
    assert [entry.path for entry in table] == ["/a"]
    assert [(report.rule, report.name) for report in reports] == [("duplicate", ".wh.a")]


def test_time_that_no_column_holds_is_the_last_moment_that_one_does() -> None:
    table, _ = from_changeset([Header(b"a", mtime_ns=2**70), Header(b"b", mtime_ns=-(2**70))])
    assert [entry.mtime_ns for entry in table] == [2**63 - 1, -(2**63) + 1]
