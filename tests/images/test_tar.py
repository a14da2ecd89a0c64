"""The header reader against Python's tarfile, GNU's and POSIX's odd forms, and against damage."""

import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerviz.images.bytesource import Region
from layerviz.images.problems import ImageProblem, Report
from layerviz.images.tar import Member, Place, members

PLACE = Place("image.tar", layer=3, start=1024)


def read(data: bytes, reports: list[Report] | None = None) -> list[Member]:
    return list(members(Region(data, 0, len(data)), PLACE, [] if reports is None else reports))


def header(name: bytes = b"f", **fields: object) -> bytes:
    """One ustar header made by hand, so that fields can lie. `raw` overwrites bytes before the checksum is made."""
    block = bytearray(512)
    raw = fields.pop("raw", {})
    values: dict[str, object] = {
        "mode": b"0000644\0",
        "uid": b"0000000\0",
        "gid": b"0000000\0",
        "size": b"00000000000\0",
        "mtime": b"00000000000\0",
        "type": b"0",
        "link": b"",
        "magic": b"ustar\x0000",
        "prefix": b"",
    } | fields
    places = {"mode": 100, "uid": 108, "gid": 116, "size": 124, "mtime": 136, "type": 156, "link": 157, "magic": 257}
    places["prefix"] = 345
    block[: len(name)] = name
    for field, value in values.items():
        assert isinstance(value, bytes)
        block[places[field] : places[field] + len(value)] = value
    assert isinstance(raw, dict)
    for at, value in raw.items():
        block[at : at + len(value)] = value
    if 148 not in raw:
        block[148:156] = b"%06o\0 " % (sum(block[:148]) + 256 + sum(block[156:]))
    return bytes(block)


END = bytes(1024)


def archive(write: Callable[[tarfile.TarFile], None], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form, errors="surrogateescape") as tar:
        write(tar)
    return buffer.getvalue()


def info(name: str, **attributes: object) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    for key, value in attributes.items():
        setattr(made, key, value)
    return made


TEXT = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
LETTERS = {tarfile.AREGTYPE: "0", tarfile.CONTTYPE: "0"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            info,
            st.text(TEXT, min_size=1, max_size=300).filter(lambda n: n.strip("/")),
            type=st.sampled_from([b"0", b"1", b"2", b"3", b"4", b"5", b"6"]),
            mode=st.integers(0, 0o7777),
            uid=st.integers(0, 1 << 32).filter(lambda uid: uid < 1 << 32),
            gid=st.integers(0, 0o7777777),
            mtime=st.integers(-(1 << 33), 1 << 40),
            size=st.integers(0, 1300),
            linkname=st.text(TEXT, min_size=1, max_size=200),
            devmajor=st.integers(0, 255),
            devminor=st.integers(0, 255),
        ),
        max_size=5,
    ),
    st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]),
)
def test_what_tarfile_writes_is_read_as_tarfile_reads_it(infos: list[tarfile.TarInfo], form: int) -> None:
    def write(tar: tarfile.TarFile) -> None:
        for one in infos:
            if one.type != b"0":
                one.size = 0
            tar.addfile(one, io.BytesIO(bytes(one.size)))

    data = archive(write, form)
    got = read(data)
    with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as tar:
        expected = tar.getmembers()
        assert len(got) == len(expected)
        for ours, theirs in zip(got, expected, strict=True):
            assert ours.name.decode("utf-8", "surrogateescape").rstrip("/") == theirs.name.rstrip("/")
            assert ours.type == LETTERS.get(theirs.type, theirs.type.decode())
            assert (ours.mode, ours.uid, ours.gid) == (theirs.mode, theirs.uid, theirs.gid)
            assert ours.mtime_ns == int(theirs.mtime) * 10**9
            assert (ours.size, ours.data) == (theirs.size, theirs.offset_data)
            if ours.type in "12":
                assert ours.linkname.decode("utf-8", "surrogateescape") == theirs.linkname
            if ours.type in "34":
                assert ours.device == (theirs.devmajor, theirs.devminor)


def test_pax_records_carry_extended_attributes_fractions_of_a_second_and_bytes_that_are_no_text() -> None:
    attributes = {
        "SCHILY.xattr.user.note": "hello",
        "SCHILY.xattr.security.capability": "\x01\udcff",
        "SCHILY.xattr.user.empty": "",
        "mtime": "1612137600.123456789",
        "path": "caf\udce9",
    }

    def record(key: str, value: bytes) -> bytes:
        body = f" {key}=".encode() + value + b"\n"
        size = len(body) + 1
        while len(str(size)) + len(body) != size:
            size += 1
        return str(size).encode() + body

    data = b"".join(record(key, value.encode("utf-8", "surrogateescape")) for key, value in attributes.items())
    blocks = header(b"pax", type=b"x", size=b"%011o\0" % len(data)) + data.ljust(-(-len(data) // 512) * 512, b"\0")
    (member,) = read(blocks + header(b"x") + END)
    assert member.name == b"caf\xe9"
    assert member.mtime_ns == 1612137600_123456789
    assert member.xattrs == (("security.capability", b"\x01\xff"), ("user.empty", b""), ("user.note", b"hello"))


def test_a_global_pax_header_holds_for_all_entries_until_an_empty_record_takes_it_back() -> None:
    def pax(kind: bytes, data: bytes) -> bytes:
        return header(b"pax", type=kind, size=b"%011o\0" % len(data)) + data.ljust(512, b"\0")

    data = pax(b"g", b"10 uid=77\n") + header(b"a") + header(b"b") + pax(b"x", b"7 uid=\n") + header(b"c") + END
    assert [(m.name, m.uid) for m in read(data)] == [(b"a", 77), (b"b", 77), (b"c", 0)]


def test_gnu_long_names_and_links_reach_the_next_entry_only() -> None:
    long = b"d/" * 300 + b"f"

    def write(tar: tarfile.TarFile) -> None:
        tar.addfile(info(long.decode(), type=b"2", linkname="t" * 300))
        tar.addfile(info("short", type=b"2", linkname="u"))

    first, second = read(archive(write, tarfile.GNU_FORMAT))
    assert (first.name, first.linkname) == (long, b"t" * 300)
    assert (second.name, second.linkname) == (b"short", b"u")


def test_a_name_of_64_kib_is_read_not_refused() -> None:
    data = archive(lambda tar: tar.addfile(info("n" * 65536)))
    assert read(data)[0].name == b"n" * 65536


def test_the_prefix_of_ustar_precedes_the_name_and_that_of_gnu_is_no_prefix() -> None:
    assert read(header(b"name", prefix=b"some/folder") + END)[0].name == b"some/folder/name"
    assert read(header(b"name", prefix=b"13570000000", magic=b"ustar  \0") + END)[0].name == b"name"


def test_an_old_header_without_magic_is_read_and_a_trailing_slash_makes_a_directory() -> None:
    directory, file = read(header(b"d/", magic=b"", type=b"\0") + header(b"f", magic=b"", type=b"\0") + END)
    assert (directory.type, file.type) == ("5", "0")


def test_numbers_beyond_octal_are_read_in_base_256() -> None:
    uid = b"\x80" + (3_000_000_000).to_bytes(7, "big")
    early = b"\xff" * 11 + b"\xfe"
    (member,) = read(header(uid=uid, mtime=early) + END)
    assert (member.uid, member.mtime_ns) == (3_000_000_000, -2_000_000_000)


def test_numbers_padded_with_blanks_are_read() -> None:
    (member,) = read(header(mode=b"   644 \0", size=b"          5 ") + b"hello".ljust(512, b"\0") + END)
    assert (member.mode, member.size) == (0o644, 5)


def test_a_checksum_of_signed_bytes_is_accepted() -> None:
    block = bytearray(header(b"caf\xe9"))
    signed = sum(byte - 256 if byte > 127 else byte for byte in block[:148] + b" " * 8 + block[156:])
    block[148:156] = b"%06o\0 " % signed
    assert read(bytes(block) + END)[0].name == b"caf\xe9"


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (header(raw={148: b"000001\0 "}), "checksum says 1"),
        (header(size=b"-0000000005\0"), "the size is no number: -0000000005"),
        (header(size=b"0o000000017\0"), "the size is no number"),
        (header(size=b"00000000_10\0"), "the size is no number"),
        (header(size=b"00000000089\0"), "the size is no number: 00000000089"),
        (header(size=b"\xff" * 12), "the size is negative: -1"),
        (header(size=b"\x80" + b"\x7f" * 11), "ends after 3072 of "),
        (header(size=b"77777777777\0"), "ends after 3072 of 8589936639 bytes"),
        (header(uid=b"\x80" + b"\xff" * 7), "larger than any system knows"),
        (header(mode=b"rwxr-xr\0"), "the mode is no number: rwxr-xr"),
        (header(type=b"S"), "sparse"),
        (header(type=b"Z"), "unknown type 'Z'"),
        (header(type=b"2"), "a link names no target"),
        (header(b"p", type=b"x", size=b"00000000005\0") + b"junk\n".ljust(512, b"\0"), '"length key=value"'),
        (header(b"p", type=b"x", size=b"00000000012\0") + b"10 path=a\0"[:10].ljust(512, b"\0"), '"length key=value"'),
        (header(b"p", type=b"x", size=b"00010000000\0"), "an extended header claims 2097152 bytes"),
        (header(b"p", type=b"x", size=b"00000000013\0") + b"11 path=a\0b"[:10].ljust(512, b"\0"), "key=value"),
    ],
)
def test_a_header_that_lies_is_one_sentence_with_file_layer_and_offset(block: bytes, words: str) -> None:
    with pytest.raises(ImageProblem) as caught:
        read(header(b"first") + block + END)
    assert words in str(caught.value)
    assert str(caught.value).startswith("image.tar, layer 3, byte 1536: ")
    assert "\n" not in str(caught.value)
    assert caught.value.said("zh_CN").startswith("image.tar, layer 3, byte 1536: ")
    assert caught.value.said("zh_CN") != str(caught.value)


def test_a_name_with_a_nul_byte_is_refused() -> None:
    data = b"12 path=a\0b\n"
    with pytest.raises(ImageProblem, match="NUL"):
        read(header(b"p", type=b"x", size=b"%011o\0" % len(data)) + data.ljust(512, b"\0") + header() + END)


def test_a_pax_size_that_lies_is_refused() -> None:
    data = b"25 size=9999999999999999\n"
    with pytest.raises(ImageProblem, match="ends after"):
        read(header(b"p", type=b"x", size=b"%011o\0" % len(data)) + data.ljust(512, b"\0") + header() + END)


def test_a_size_on_a_link_or_directory_has_no_content_behind_it() -> None:
    data = header(b"l", type=b"1", link=b"f", size=b"00000000777\0") + header(b"d", type=b"5", size=b"00000000777\0")
    assert [(m.name, m.size) for m in read(data + header(b"f") + END)] == [(b"l", 0), (b"d", 0), (b"f", 0)]


def test_every_cut_of_an_archive_is_refused_or_reported() -> None:
    def write(tar: tarfile.TarFile) -> None:
        tar.addfile(info("a", size=700), io.BytesIO(bytes(700)))
        tar.addfile(info("n" * 200))
        tar.addfile(info("b", size=5), io.BytesIO(b"hello"))

    data = archive(write).rstrip(b"\0")
    whole = data.ljust(-(-len(data) // 512) * 512, b"\0") + END
    assert len(read(whole)) == 3
    for size in range(0, len(whole), 64):
        reports: list[Report] = []
        try:
            read(whole[:size], reports)
        except ImageProblem as problem:
            assert "\n" not in str(problem)
        else:
            assert [report.key for report in reports] == ["no_end_mark"], size


def test_something_behind_a_single_zero_block_is_refused() -> None:
    with pytest.raises(ImageProblem, match="goes on behind its end mark"):
        read(header() + bytes(512) + header() + END)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_damaged_archives_end_in_a_problem_or_in_entries_never_in_another_error(data: st.DataObject) -> None:
    def write(tar: tarfile.TarFile) -> None:
        tar.addfile(info("a", size=700), io.BytesIO(bytes(700)))
        tar.addfile(info("é" * 100, mtime=1.5))
        tar.addfile(info("l", type=b"1", linkname="a"))

    whole = bytearray(archive(write)[:6144])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
        if data.draw(st.booleans()):
            block = at // 512 * 512
            sums = sum(whole[block : block + 148]) + 256 + sum(whole[block + 156 : block + 512])
            whole[block + 148 : block + 156] = b"%06o\0 " % sums
    try:
        for member in read(bytes(whole)):
            assert member.size >= 0
            assert member.data + member.size <= len(whole)
    except ImageProblem as problem:
        assert str(problem).startswith("image.tar, layer 3, byte ")
