"""The whole merged view at once is the one that is found directory by directory."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from layerviz.engine import merge, paths, whole
from layerviz.engine.changeset import Header, from_changeset
from layerviz.engine.content import of
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from layerviz.engine.world import Layer
from tests.engine.drawn import c1, stack, text_of, world_of

PARTS = st.sampled_from(["a", "b", "a-b", "a.c", "\udcff"])
PATHS = st.lists(PARTS, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))


def drawn_entry(path: str, kind: Kind, opaque: bool, implied: bool, target: str) -> Entry:
    directory = kind is Kind.DIR
    link = target if kind in (Kind.SYMLINK, Kind.HARDLINK) else ""
    content = of(path.encode("utf-8", "surrogateescape")) if kind is Kind.FILE else of(b"")
    return Entry(
        path, kind, 0o700, content=content, linkname=link, opaque=opaque and directory, implied=implied and directory
    )


ENTRIES = st.builds(drawn_entry, PATHS, st.sampled_from(Kind), st.booleans(), st.booleans(), PATHS)
TABLES = st.lists(ENTRIES, max_size=8).map(Table.of)
NAMES = st.lists(
    st.sampled_from([b"a", b"b", b"a-b", b"..", b".", b".wh.a", b".wh.b", b".wh..wh..opq", b"\xff", b"n" * 300]),
    min_size=1,
    max_size=4,
).map(b"/".join)
HEADERS = st.builds(
    Header,
    NAMES,
    st.sampled_from([b"0", b"0", b"1", b"2", b"5", b"5", b"6"]),
    content=st.sampled_from([of(b""), of(b"1")]),
    linkname=NAMES,
)
TARS = st.lists(HEADERS, max_size=10).map(lambda headers: from_changeset(headers)[0])


def layers(tables: Sequence[Table]) -> tuple[Layer, ...]:
    return tuple(Layer(key, table) for key, table in enumerate(tables, 1))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(TABLES, TARS), max_size=5))
def test_it_is_what_a_walk_finds(tables: list[Table]) -> None:
    drawn = layers(tables)
    assert list(whole.walk(drawn)) == list(merge.walk(drawn))


@settings(deadline=None)
@given(st.lists(TARS, max_size=4), PATHS)
def test_below_a_directory_lies_what_a_walk_finds_there(tables: list[Table], directory: str) -> None:
    drawn = layers(tables)
    assert list(whole.walk(drawn, directory)) == list(merge.walk(drawn, directory))


@pytest.mark.parametrize("count", [3, 200])
def test_few_and_many_subtrees_that_go_at_once_go_whole(count: int) -> None:
    lower = " ".join(f"d{number}/ d{number}/e/ d{number}/e/f=1" for number in range(count))
    upper = " ".join(
        (f"-d{number}", f"d{number}=2", f"d{number}/!", f"d{number}/?")[number % 4] for number in range(count)
    )
    drawn = stack(lower, upper, "x=1")
    assert list(whole.walk(drawn)) == list(merge.walk(drawn))


@pytest.mark.parametrize(
    ("stacked", "expected"),
    [
        (("d/@700 d/x=1", "d/? d/y=2"), "d/ d/x=1 d/y=2"),
        (("d=1", "d/? d/y=2"), "d/? d/y=2"),
        (("d/ d/x=1", "-d d/? d/y=2"), "d/? d/y=2"),
        (("d/ d/x=1", "-d", "d/ d/y=2"), "d/ d/y=2"),
        (("d/ d/e/ d/e/x=1", "d=1", "d/? d/e/? d/e/y=2"), "d/? d/e/? d/e/y=2"),
        (("a=1 d/ d/x=1", "./! b=2"), "b=2"),
    ],
)
def test_what_is_hidden_replaced_or_implied(stacked: tuple[str, ...], expected: str) -> None:
    drawn = stack(*stacked)
    assert text_of(hit.entry for hit in whole.walk(drawn)) == expected
    assert list(whole.walk(drawn)) == list(merge.walk(drawn))


def test_a_container_is_seen_over_its_image() -> None:
    container = c1(world_of("d/ d/x=1 e=2", "-e"))
    assert text_of(hit.entry for hit in whole.walk(container.stack)) == "d/ d/x=1"


def test_it_is_computed_once_for_as_long_as_its_layers_live() -> None:
    drawn = stack("a=1", "b=2")
    assert whole.merged(drawn) is whole.merged(tuple(drawn))
    assert whole.merged(drawn) is not whole.merged(stack("a=1", "b=2"))


def test_places_are_found_by_key() -> None:
    drawn = stack("a/ a/x=1 a-b=2")
    view = whole.merged(drawn)
    assert [whole.key_at(drawn, view, place) for place in range(len(view))] == [b"\0a", b"\0a\0x", b"\0a-b"]
    assert whole.first(drawn, view, paths.key("/a/x")) == 1
    assert whole.below(drawn, view, "/a") == range(1, 2)


def test_an_empty_stack_shows_nothing() -> None:
    assert len(whole.merged(())) == 0


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(TABLES, TARS), max_size=5), PATHS)
def test_two_stretches_are_the_whole(tables: list[Table], path: str) -> None:
    making = whole.Making(layers(tables))
    view = making.whole()
    for key in (paths.key(path), making.middle):
        first, second = making.before(key), making.behind(key)
        for column in ("rows", "positions"):
            stretches = getattr(first, column).tobytes() + getattr(second, column).tobytes()
            assert stretches == getattr(view, column).tobytes()


def test_the_middle_has_half_of_the_rows_before_it() -> None:
    making = whole.Making(layers([Table.of(Entry(f"/{layer}/{n:04}") for n in range(900)) for layer in range(3)]))
    assert abs(len(making.before(making.middle)) - len(making.behind(making.middle))) < 0.05 * making.rows
    assert whole.Making(()).middle == b""


@settings(max_examples=400, deadline=None)
@example([Table.of([Entry("/", Kind.DIR, opaque=True), Entry("/a", Kind.FILE)])] * 2)
@example([Table.of([Entry("/a/b/c"), Entry("/d/e")]), Table.of([Entry("/", Kind.DIR), Entry("/a", Kind.FILE)])])
@given(st.lists(st.one_of(TABLES, TARS), max_size=5))
def test_with_numpy_it_is_the_same(tables: list[Table]) -> None:
    pytest.importorskip("numpy")
    from layerviz.engine.wide_whole import merged

    without, made = whole.Making(layers(tables)).whole(), merged(tables)
    assert (list(made.positions), list(made.rows)) == (list(without.positions), list(without.rows))


@pytest.mark.parametrize("count", [3, 200])
def test_with_numpy_subtrees_go_whole(count: int) -> None:
    pytest.importorskip("numpy")
    from layerviz.engine.wide_whole import merged

    lower = " ".join(f"d{number}/ d{number}/e/ d{number}/e/f=1" for number in range(count))
    upper = " ".join(
        (f"-d{number}", f"d{number}=2", f"d{number}/! d{number}/e/ d{number}/e/f=2", f"d{number}/?")[number % 4]
        for number in range(count)
    )
    tables = [layer.entries for layer in stack(lower, upper, lower, "x=1") if isinstance(layer.entries, Table)]
    without, made = whole.Making(layers(tables)).whole(), merged(tables)
    assert (list(made.positions), list(made.rows)) == (list(without.positions), list(without.rows))
