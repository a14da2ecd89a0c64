"""Rows that come in their order, gathered with numpy, make the same table as any others, or are left to those."""

from array import array
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from layerviz.engine import changeset, paths
from layerviz.engine.changeset import Batch, Header, from_changeset, needs_care
from layerviz.engine.content import EMPTY, Content, Range
from layerviz.engine.packed import Packed, in_common
from layerviz.engine.rows import Unusual
from layerviz.engine.table import Table

pytest.importorskip("numpy")
from layerviz.engine.wide_rows import WideRows
from tests.engine.test_changeset import batch as unpacked

PARTS = st.sampled_from(
    [b"a", b"b", b"a-b", b".a", b"\xff", b"n" * 20, b".wh.a", b".wh.b", b".wh..wh..opq", b"..", b""]
)
NAMES = st.lists(PARTS, min_size=1, max_size=4).map(b"/".join)
PLAIN = st.builds(
    Header,
    NAMES,
    st.sampled_from([b"0", b"0", b"5", b"5", b"2", b"1"]),
    st.integers(0, 0o7777),
    st.integers(0, 2),
    st.integers(0, 9),
    st.integers(0, 2).map(lambda seconds: seconds * 10**9),
    st.integers(0, 2).map(lambda size: Content((Range("s", 7, size),)) if size else EMPTY),
    st.sampled_from([b"a", b"a/b", b"to \xff", b".a/b", b"b"]),
)
ODD = st.builds(
    Header,
    NAMES,
    st.sampled_from([b"0", b"3", b"5", b"6", b"g"]),
    uid=st.sampled_from([0, 2**32 - 1]),
    mtime_ns=st.sampled_from([0, 2**64]),
    content=st.sampled_from([EMPTY, Content((Range("s", 5, 2),)), Content((Range("t", 5, 2),))]),
    device=st.just((5, 1)),
    xattrs=st.sampled_from([(), (("user.a", b"\0\xff"),)]),
)


def columns(table: Table) -> list[object]:
    """All that an index file holds of a table."""
    numbers = [
        (column.typecode, list(column)) if isinstance(column, array) else list(column)
        for column in (table.starts, table.modes, table.uids, table.gids, table.sizes, table.mtimes, table.offsets)
    ]
    by_row = [list(one.items()) for one in (table.contents, table.linknames, table.devices, table.xattrs)]
    return [bytes(table.heap[:]), table.kinds, table.flags, table.source, *numbers, *by_row]


def in_order(headers: Sequence[Header]) -> list[Header]:
    return sorted(headers, key=lambda one: one.name.rstrip(b"/").replace(b"/", b"\0"))


def as_batched(header: Header) -> Header:
    """The header as a batch may hold it."""
    typeflag = b"5" if header.name.endswith(b"/") else header.typeflag
    return replace(
        header,
        name=header.name or b"x",
        typeflag=typeflag,
        content=header.content if typeflag == b"0" else EMPTY,
        linkname=header.linkname if typeflag in (b"1", b"2") else b"",
    )


def batch(headers: Sequence[Header], packed: bool) -> Batch:
    plain = [as_batched(one) for one in headers]
    made = unpacked(plain)
    if not packed:
        return made
    keys = [b"\0" + one.name.removesuffix(b"/").replace(b"/", b"\0") for one in plain]
    shared = [0, *(in_common(last, key) for last, key in pairwise(keys))]
    starts = array("Q", accumulate(map(len, keys), initial=0))
    ordered = None if min(shared) < 0 else array("I", shared)
    apart = [place for place, key in enumerate(keys) if needs_care(key)]
    return made._replace(keys=Packed(b"".join(keys), starts, ordered), apart=apart)


def gathered(given_: Sequence[Header | Batch]) -> tuple[list[object], object] | None:
    try:
        table, reports = from_changeset(given_, "s", WideRows("s"))
    except Unusual:
        return None
    return columns(table), reports


def expected(given_: Sequence[Header | Batch]) -> tuple[list[object], object]:
    table, reports = from_changeset(given_, "s")
    return columns(table), reports


USUAL = [Header(b"a/", b"5"), Header(b"a/.wh.b"), Header(b"a/b"), Header(b"a/c", b"1", linkname=b"a/b")]


@settings(max_examples=400, deadline=None)
@example(
    [[Header(b"a/", b"5"), Header(b"a/.wh..wh..opq")], [Header(b"d/.wh.a"), Header(b"d/e/f"), Header(b"d/e/g")]], []
)
@example([USUAL, [Header(b"d", b"1", linkname=b"a/b", mode=0o600)]], [])
@given(st.lists(st.lists(PLAIN, max_size=8), max_size=3), st.lists(ODD, max_size=2))
def test_it_is_the_table_of_any_rows_or_left_to_them(drawn: list[list[Header]], odd: list[Header]) -> None:
    flat = in_order([one for part in drawn for one in part])
    cuts = [0, *accumulate(map(len, drawn))]
    for packed in (False, True):
        parts = [flat[start:end] for start, end in pairwise(cuts)]
        batches: list[Header | Batch] = [batch(part, packed) for part in parts if part]
        for given_ in (batches, [*batches, *odd], [*odd, *batches]):
            got = gathered(given_)
            assert got is None or got == expected(given_)
    for headers in (in_order([*flat, *odd]), flat):
        got = gathered(headers)
        assert got is None or got == expected(headers)


WALKED = st.sets(
    st.lists(st.sampled_from(["a", "b", "a-b", ".c", "\udcff", "d" * 9]), min_size=1, max_size=5).map(
        lambda parts: "/" + "/".join(parts)
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=200, deadline=None)
@given(WALKED, st.sets(st.sampled_from(["/a", "/b", "/gone", "/a/gone"])), st.integers(1, 9), st.booleans(), st.data())
def test_what_a_walk_wrote_is_gathered_here(
    found: set[str], gone: set[str], size: int, with_parents: bool, data: st.DataObject
) -> None:
    """Each directory before what it holds, or, of some, not at all; whiteouts where their names stand."""
    parents = {above for path in found for above in paths.ancestors(path)[1:]}
    said = found | parents if with_parents else found
    names = {path: paths.key(path)[1:].replace(b"\0", b"/") for path in said}
    headers = [
        Header(name + b"/" * (path in parents), b"5" if path in parents else b"0") for path, name in names.items()
    ]
    whiteouts = {paths.join(paths.parent(path), f".wh.{paths.base(path)}") for path in gone} - said
    headers += [Header(path[1:].encode()) for path in whiteouts]
    files = sorted(names[path] for path in said - parents)
    if files:
        headers += [Header(b"zz", b"1", linkname=data.draw(st.sampled_from(files)))]
    ordered = in_order(headers)
    parts: list[Header | Batch] = [batch(ordered[at : at + size], True) for at in range(0, len(ordered), size)]
    got = gathered(parts)
    # Only a whiteout that hides something below a file is not what a walk finds.
    assert got is not None or any(paths.parent(path) in said - parents for path in gone)
    assert got is None or got == expected(parts)


def test_what_begins_with_more_keys_in_no_piece_is_left_at_once() -> None:
    many = [Header(b"%06d" % number) for number in range(2000)]
    assert gathered([batch(many, False)]) is None
    assert gathered([batch(many, True)]) == expected([batch(many, True)])
    assert changeset.from_changeset([batch(many, True)], "s")[1] == ()
