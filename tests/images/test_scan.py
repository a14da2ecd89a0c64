"""The fast reading of headers is the careful one: the same rows, the same reports, the same problems."""

import io
import tarfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from layerviz.engine.changeset import Header, from_changeset
from layerviz.engine.content import stored
from layerviz.engine.entry import Entry
from layerviz.engine.rows import Rows, Unusual
from layerviz.images import octal as octal_fields
from layerviz.images import scan, widening
from layerviz.images.bytesource import Region
from layerviz.images.problems import ImageProblem, Report
from layerviz.images.scan import Fields, headers
from layerviz.images.tar import Place, members
from layerviz.images.windows import Pieces, Whole, Window
from tests.images.test_tar import END, header

PLACE = Place("image.tar", layer=3, start=1024)
Read = tuple[list[Entry], object, list[Report], str]


def carefully(data: bytes) -> Read:
    reports: list[Report] = []
    problem = ""

    def read() -> Iterator[Header]:
        for one in members(Region(data, 0, len(data)), PLACE, reports):
            content = stored("s", one.data, one.size, one.segments)
            attributes = one.mode, one.uid, one.gid, one.mtime_ns
            yield Header(one.name, one.type.encode(), *attributes, content, one.linkname, one.device, one.xattrs)

    try:
        table, broken = from_changeset(read(), "s")
    except ImageProblem as caught:
        return [], None, reports, str(caught)
    return list(table), broken, reports, problem


WIDE = widening.loaded() if find_spec("numpy") else None
"""What the extra `fast` reads with: all that is tested here is tested without it, too."""
with_extra = pytest.mark.skipif(WIDE is None, reason="the extra fast is not installed")


def fast(source: Callable[[], Window]) -> Read:
    """What is read without the extra, and with it."""
    without = read_by(Fields(), source())
    if WIDE:
        with patch.object(scan, "_FEWEST_WIDE", 1):
            assert read_by(Fields(WIDE), source()) == without
            with suppress(Unusual):
                assert read_by(Fields(WIDE), source(), WIDE.rows("s")) == without
        assert read_by(Fields(WIDE), source()) == without
    return without


def read_by(fields: Fields, source: Window, rows: Rows | None = None) -> Read:
    reports: list[Report] = []
    try:
        table, broken = from_changeset(headers(source, PLACE, reports, "s", fields=fields), "s", rows)
    except ImageProblem as caught:
        return [], None, reports, str(caught)
    return list(table), broken, reports, ""


def pieces(data: bytes, size: int) -> Pieces:
    return Pieces(iter([data[at : at + size] for at in range(0, len(data), size)]))


def octal(digits: int) -> st.SearchStrategy[bytes]:
    usual = st.integers(0, 8**digits - 1).map(lambda number: b"%0*o\0" % (digits, number))
    odd = [
        b"-1",
        b"0o7",
        b"8",
        b"1_1",
        b"   7 ",
        b"",
        b"7 \0",
        b"7\0 ",
        b"\x80" + b"\0" * (digits - 1) + b"\1",
        b"7\0007",
    ]
    return st.one_of(usual, usual, st.sampled_from(odd))


NAMES = st.one_of(
    st.sampled_from(
        [b"a", b"a/", b"b", b"a/b", b"a/b/", b".wh.a", b"a/.wh..wh..opq", b"./a", b"/a", b"../a", b"", b"a\0b"]
    ),
    st.binary(min_size=1, max_size=100),
)
BLOCKS = st.builds(
    lambda name, kind, prefix, magic, fields, link, damaged: header(
        name,
        type=kind,
        prefix=prefix,
        magic=magic,
        link=link,
        **fields,
        **({"raw": {148: b"000001\0 "}} if damaged else {}),
    ),
    NAMES,
    st.sampled_from([b"0", b"0", b"0", b"5", b"5", b"2", b"1", b"3", b"6", b"7", b"\0"]),
    st.sampled_from([b"", b"", b"p/q"]),
    st.sampled_from([b"ustar\x0000", b"ustar\x0000", b"ustar  \0", b"", b"ustar\x0001"]),
    st.fixed_dictionaries(
        {}, optional={"mode": octal(7), "uid": octal(7), "gid": octal(7), "mtime": octal(11), "size": octal(3)}
    ),
    st.sampled_from([b"", b"a", b"to/\xff", b"t" * 100]),
    st.integers(0, 9).map(lambda number: number == 0),
)
USUAL = st.builds(
    lambda name, kind, size: (
        header(name, type=kind, size=b"%011o\0" % size, link=b"a") + b"x" * (-(-size // 512) * 512)
    ),
    NAMES.filter(lambda name: b"\0" not in name),
    st.sampled_from([b"0", b"0", b"5", b"2"]),
    st.sampled_from([0, 0, 5, 700]),
).map(
    lambda block: block if block[156:157] == b"0" else header(block[:100].rstrip(b"\0"), type=block[156:157], link=b"a")
)
TARS = st.tuples(
    st.lists(st.one_of(USUAL, USUAL, USUAL, BLOCKS), max_size=12), st.sampled_from([END, END, b"", bytes(512)])
)


@settings(max_examples=300, deadline=None)
@example(([header(b"p", type=b"g", size=b"%011o\0" % 10) + b"10 uid=77\n".ljust(512, b"\0"), header(b"a")] * 2, END))
@example(([header(b"star", raw={508: b"tar\0"}, prefix=b"p"), header(b"d", type=b"5", size=b"00000000777\0")], END))
@example(([header(b"f", uid=b"\x80" + b"\0" * 6 + b"\x07")] * 9, END))
@given(TARS)
def test_it_is_the_careful_reading(drawn: tuple[list[bytes], bytes]) -> None:
    data = b"".join(drawn[0]) + drawn[1]
    expected = carefully(data)
    assert fast(lambda: Whole(data, 0, len(data))) == expected
    assert fast(lambda: Whole(b"before" + data + b"behind", 6, 6 + len(data))) == expected


@settings(max_examples=100, deadline=None)
@given(TARS, st.sampled_from([100, 512, 700, 1 << 20]))
def test_pieces_are_read_like_the_whole_but_for_when_a_cut_is_seen(drawn: tuple[list[bytes], bytes], size: int) -> None:
    data = b"".join(drawn[0]) + drawn[1]
    expected, got = carefully(data), fast(lambda: pieces(data, size))
    if "ends after" in expected[3]:
        assert got[3]
    else:
        assert got == expected


def test_headers_that_need_care_one_after_another_take_no_longer_than_with_care_alone() -> None:
    data = header(b"f", uid=b"\x80" + b"\0" * 6 + b"\x07") * 5000 + END
    gathered = 0

    class Counted(Whole):
        def window(self, offset: int) -> tuple[bytes, int]:
            nonlocal gathered
            gathered += 1
            return data, 0

    table, _ = from_changeset(headers(Counted(data, 0, len(data)), PLACE, [], "s"), "s")
    assert table.uids[0] == 7
    assert gathered < 500


def test_batches_that_are_full_go_on_where_they_stopped() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for number in range(2 * scan._BATCH + 3):
            info = tarfile.TarInfo(f"d/f{number:06}")
            info.size = number % 3 * 300
            tar.addfile(info, io.BytesIO(bytes(info.size)))
    data = buffer.getvalue()
    assert fast(lambda: Whole(data, 0, len(data))) == carefully(data)
    assert fast(lambda: pieces(data, 10_000)) == carefully(data)


@given(st.lists(st.integers(0, 8**6 - 1), max_size=octal_fields.MOST), st.data())
def test_checksums_are_held_against_sums_all_at_once(numbers: list[int], data: st.DataObject) -> None:
    fields = b"".join(b"%06o\0 " % number for number in numbers)
    sums = [number + sum(int(digit) for digit in f"{number:o}") for number in numbers]
    fit = [number < 1 << 16 for number in sums]
    assert octal_fields.agree(fields, sums) == all(fit)
    high = [number + (7 << 16) for number in sums]
    assert octal_fields.agree(fields, high) == all(fit)
    if numbers:
        place = data.draw(st.integers(0, len(numbers) - 1))
        sums[place] ^= 1 << data.draw(st.integers(0, 15))
        assert not octal_fields.agree(fields, sums)


@pytest.mark.parametrize("odd", [b"12345\0 \0", b"000008\0 ", b"0000123 ", b"00012\0 1", b" 00012\0 "])
def test_a_checksum_of_another_form_is_left_to_care(odd: bytes) -> None:
    usual = b"000012\0 "
    assert octal_fields.agree(3 * usual, 3 * [13])
    assert not any(octal_fields.agree(usual + odd + usual, [13, number, 13]) for number in range(1 << 11))


def test_more_owners_than_are_known_at_once_are_read_all_the_same() -> None:
    data = b"".join(header(b"f%d" % number, uid=b"%07o\0" % number) for number in range(2000)) + END
    assert fast(lambda: Whole(data, 0, len(data))) == carefully(data)
    data = b"".join(header(b"f%04d" % number, uid=b"%07o\0" % (number % 130)) for number in range(2000)) + END
    assert fast(lambda: Whole(data, 0, len(data))) == carefully(data)


def test_what_no_column_has_room_for_is_left_to_care() -> None:
    late = header(b"late", mtime=b"77777777777\0")
    far = header(b"far", mtime=b"\x80\0\0\0\x7f" + bytes(7))
    data = header(b"a") + late + header(b"b") + far + header(b"c") + END
    assert fast(lambda: Whole(data, 0, len(data))) == carefully(data)


def test_a_size_that_nothing_has_is_a_problem_where_no_end_is_known_either() -> None:
    data = header(b"a") + header(b"b", size=b"\x80\0\0\1" + bytes(8)) + END
    assert "byte 1536" in fast(lambda: pieces(data, 700))[3]
    assert "byte 1536" in fast(lambda: Whole(data, 0, len(data)))[3]


@with_extra
@pytest.mark.parametrize(
    ("odd", "at_once"),
    [
        (b"", 40),
        (header(b"n" * 100, mtime=b"77777777777\0", mode=b"0107777\0", uid=b"7777777\0"), 41),
        (header(b"name", prefix=b"p" * 155), 41),
        (header(b"name", prefix=b"a time", magic=b"ustar  \0"), 41),
        (header(b"n\0ame"), 41),
        (header(b"l", type=b"2", link=b"to\0what"), 41),
        (header(b"l", type=b"2"), 20),
        (header(b"f/"), 20),
        (header(b"d/", type=b"5", size=b"00000000001\0"), 20),
        (header(b"v7", magic=b""), 20),
        (header(b"", prefix=b"p"), 20),
        (header(b"star", raw={508: b"tar\0"}), 20),
        (header(b"blanks", mode=b"000644 \0"), 20),
        (header(b"f", size=b"00000001000\0") + header(b"inside") + header(b"n", type=b"5"), 42),
        (header(b"f", raw={148: b"007777\0 "}), 20),
    ],
)
def test_with_the_extra_all_is_read_at_once_up_to_what_is_odd(odd: bytes, at_once: int) -> None:
    assert WIDE
    usual = [header(b"d/", type=b"5"), header(b"d/f", size=b"00000000005\0") + bytes(512)] * 10
    data = b"".join([*usual, odd, *usual]) + END
    got = WIDE.stretch(b"12" + data, -2, 0, len(data), 64, True, 512)
    assert got is not None
    assert (len(got.batch.typeflags), got.is_cut) == (at_once, at_once == 20)
    assert fast(lambda: Whole(data, 0, len(data))) == carefully(data)


@with_extra
def test_with_the_extra_a_content_that_is_cut_off_is_left_to_care() -> None:
    assert WIDE
    data = header(b"a") + header(b"f", size=b"00000001001\0") + bytes(512)
    got = WIDE.stretch(data, 0, 0, len(data), 64, True, 512)
    assert got is not None
    assert (got.batch.names[0], len(got.batch.typeflags), got.following, got.is_cut) == (b"a", 1, 512, True)
    assert fast(lambda: Whole(data, 0, len(data))) == carefully(data)


@with_extra
def test_with_the_extra_names_are_made_keys_as_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is in order, of any length up to that of name and prefix, is gathered in the short way."""
    assert WIDE
    monkeypatch.setattr(scan, "_FEWEST_WIDE", 1)
    names = [b"d/", b"d/.a", b"d/.wh.gone", b"d/a", b"d/a-", b"d/" + b"b" * 98, b"d/" + b"c" * 97 + b"/"]
    blocks = [header(name, type=b"5" if name.endswith(b"/") else b"0") for name in names]
    blocks += [header(b"x" * 100, prefix=b"d/" + b"c" * 97 + b"/" + b"p" * 20), header(b"l", type=b"1", link=b"d/a")]
    data = b"".join(blocks) + END
    assert read_by(Fields(WIDE), Whole(data, 0, len(data)), WIDE.rows("s")) == carefully(data)


@with_extra
@pytest.mark.parametrize(
    "first",
    [[b"b", b"a"], [b"a", b"a"], [b"a", b"a/b"], [b"a", b"a/b/c"], [b".wh.a", b".wh.a"], [b"d/.wh..wh..opq", b"e"]],
)
def test_what_is_in_no_order_or_in_no_directory_is_left_to_rows_of_the_base(first: list[bytes]) -> None:
    assert WIDE
    data = b"".join(map(header, first)) + END
    with patch.object(scan, "_FEWEST_WIDE", 1), pytest.raises(Unusual):
        read_by(Fields(WIDE), Whole(data, 0, len(data)), WIDE.rows("s"))
    assert fast(lambda: Whole(data, 0, len(data))) == carefully(data)
