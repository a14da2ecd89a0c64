"""Our tars, read by Python's tarfile: everything comes back."""

import io
import tarfile

import pytest

from layerviz.engine import canonical
from layerviz.engine.content import Content, Repeat, of
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from tests.engine.drawn import entries


def names(text: str) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(b"".join(canonical.tar(Table.of(entries(text)))))) as tar:
        return [info.name + "/" * info.isdir() for info in tar]


def one(entry: Entry) -> tuple[bytes, tarfile.TarInfo]:
    data = b"".join(canonical.tar(Table.of([entry])))
    with tarfile.open(fileobj=io.BytesIO(data), errors="surrogateescape") as tar:
        (info,) = tar.getmembers()
    return data, info


def test_whiteouts_stand_before_their_siblings_and_after_their_directory() -> None:
    assert names("a=1 d/ d/a=1 -d/z -z") == [".wh.z", "a", "d/", "d/.wh.z", "d/a"]


def test_opaque_marker_stands_right_after_its_directory() -> None:
    assert names("d/! d/a=1 -d/.b d-e=1") == ["d/", "d/.wh..wh..opq", "d/.wh..b", "d/a", "d-e"]


def test_implied_directories_are_not_written_but_their_marks_are() -> None:
    assert names("d/e/f=1 o/!?") == ["d/e/f", "o/.wh..wh..opq"]


def test_whiteout_of_a_directory_that_the_layer_does_not_have() -> None:
    assert names("-d/x a=1 z=1") == ["a", "d/.wh.x", "z"]


def test_whiteout_beside_an_entry_of_the_same_name_comes_first() -> None:
    assert names("a=1 -a") == [".wh.a", "a"]


def test_root_s_own_entry_is_the_first() -> None:
    assert names("./@700 a=1") == ["./", "a"]


@pytest.mark.parametrize("length", [99, 100, 101, 155, 156, 200, 255, 256, 257, 300])
@pytest.mark.parametrize("kind", [Kind.FILE, Kind.DIR])
def test_names_of_any_length_survive(length: int, kind: Kind) -> None:
    path = "/" + "d" * (length // 2) + "/" + "f" * (length - length // 2 - 1)
    data = b"".join(canonical.tar(Table.of([Entry(path, kind)])))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        (info,) = tar.getmembers()
    assert info.name == path[1:]
    longest = 100 if kind is Kind.FILE else 99
    fits_ustar = length <= longest or len(path.rsplit("/", 1)[-1]) <= longest
    assert (b"././@PaxHeader" in data) is not fits_ustar


def test_non_ascii_names_stand_in_pax_records_as_utf_8() -> None:
    data, info = one(Entry("/ü/文件"))
    assert info.name == "ü/文件"
    assert info.pax_headers == {"path": "ü/文件"}
    assert "path=ü/文件\n".encode() in data


def test_names_that_are_not_utf_8_survive_short_and_long() -> None:
    _, short = one(Entry("/caf\udce9"))
    assert short.name == "caf\udce9"
    data, _ = one(Entry("/" + "x" * 120 + "\udce9"))
    assert b"hdrcharset=BINARY\n" in data
    assert b"x" * 120 + b"\xe9\n" in data


def test_symlink_and_hard_link_targets() -> None:
    _, link = one(Entry("/l", Kind.SYMLINK, 0o777, linkname="../" + "t" * 200))
    assert (link.type, link.linkname) == (tarfile.SYMTYPE, "../" + "t" * 200)
    _, hard = one(Entry("/h", Kind.HARDLINK, linkname="/d/a"))
    assert (hard.type, hard.linkname, hard.size) == (tarfile.LNKTYPE, "d/a", 0)


def test_devices_have_their_numbers() -> None:
    _, info = one(Entry("/c", Kind.CHAR, 0o600, device=(5, 259)))
    assert (info.type, info.devmajor, info.devminor) == (tarfile.CHRTYPE, 5, 259)


def test_owners_are_numbers_and_large_ones_pax_records() -> None:
    data, info = one(Entry("/a", uid=1000, gid=2_097_151))
    assert (info.uid, info.gid, info.uname, info.gname) == (1000, 2_097_151, "", "")
    assert b"PaxHeader" not in data
    _, info = one(Entry("/a", uid=2_097_152, gid=4_294_967_294))
    assert (info.uid, info.gid) == (2_097_152, 4_294_967_294)


def test_times_are_whole_seconds_also_before_1970() -> None:
    data, info = one(Entry("/a", mtime_ns=1_612_137_600_999_999_999))
    assert info.mtime == 1_612_137_600
    assert b"PaxHeader" not in data
    _, info = one(Entry("/a", mtime_ns=-5 * 10**9))
    assert info.mtime == -5


def test_extended_attributes_are_schily_records() -> None:
    _, info = one(Entry("/a", xattrs=(("user.a", b"1"), ("security.capability", b"\1\0\n"))))
    assert info.pax_headers["SCHILY.xattr.user.a"] == "1"
    assert info.pax_headers["SCHILY.xattr.security.capability"] == "\1\0\n"


def test_size_beyond_8_gib_is_a_pax_record() -> None:
    huge = Entry("/a", content=Content((Repeat(b"\0", 1 << 33),)))
    pieces = canonical.tar(Table.of([huge]))
    head = next(pieces)
    assert b" size=8589934592\n" in head


def test_contents_are_padded_to_blocks_and_the_end_is_two_of_zeros() -> None:
    data, _ = one(Entry("/a", content=of(b"x" * 513)))
    assert len(data) == 512 + 1024 + 1024
    assert data.endswith(bytes(1024))
