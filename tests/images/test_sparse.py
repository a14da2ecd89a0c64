"""Sparse files in layers: GNU tar's four forms, read as tarfile reads them, and maps that lie."""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from layerviz.images import index_cache, layers
from layerviz.images.opening import images_in
from layerviz.images.problems import ImageProblem
from layerviz.images.tree import tree
from tests.images import archives
from tests.images.archives import File
from tests.images.bad import told
from tests.images.test_bad_archives import pax
from tests.images.test_tar import END, header

pytestmark = pytest.mark.usefixtures("both_ways")

MIB = 1 << 20
FORMS = ("old", "0.0", "0.1", "1.0")
BEFORE = (
    archives.layer([File("a", b"first"), File("b", b"second")], tarfile.USTAR_FORMAT).rstrip(b"\0").ljust(2048, b"\0")
)
BEHIND = archives.layer([File("z", b"last")], tarfile.USTAR_FORMAT)
DATA = bytes(range(1, 251)) * 40
Pairs = list[tuple[int, int]]
LONG: Pairs = [(5000 * place, 7 + place) for place in range(1, 60)]
MAPS: dict[str, tuple[int, Pairs]] = {
    "holes between": (MIB, [(4096, 512), (9000, 1000), (700_000, 3)]),
    "data first and last": (10_000, [(0, 100), (9_900, 100)]),
    "pieces that meet": (1000, [(10, 20), (30, 20), (50, 0), (900, 100)]),
    "nothing but a hole": (MIB, [(MIB, 0)]),
    "more pieces than a header holds": (MIB, LONG),
}


def sparse(form: str, size: int, pairs: Pairs, data: bytes | None = None, name: bytes = b"dir/sparse") -> bytes:
    """One sparse file in one of the forms, as GNU tar writes them."""
    stored = DATA[: sum(count for _, count in pairs)] if data is None else data
    if form == "old":
        return _old(size, pairs, stored, name)
    numbers = [number for pair in pairs for number in pair]
    listed = b",".join(b"%d" % number for number in numbers)
    about: dict[str, bytes] = {"GNU.sparse.size": b"%d" % size, "GNU.sparse.numblocks": b"%d" % len(pairs)}
    inner = name
    if form == "0.0":
        head = repeated(about, pairs)
    else:
        inner = b"GNUSparseFile.0/x"
        about["GNU.sparse.name"] = name
        if form == "0.1":
            about["GNU.sparse.map"] = listed
        else:
            about = {"GNU.sparse.major": b"1", "GNU.sparse.minor": b"0", "GNU.sparse.name": name}
            about["GNU.sparse.realsize"] = b"%d" % size
            text = b"".join(b"%d\n" % number for number in [len(pairs), *numbers])
            stored = text + bytes(-len(text) % 512) + stored
        head = padded_pax(about)
    return head + header(inner, size=b"%011o\0" % len(stored)) + stored + bytes(-len(stored) % 512)


def padded_pax(records: dict[str, bytes]) -> bytes:
    return extended(b"".join(record(key, value) for key, value in records.items()))


def repeated(about: dict[str, bytes], pairs: Pairs) -> bytes:
    said = [record(key, value) for key, value in about.items()]
    for begin, count in pairs:
        said += [record("GNU.sparse.offset", b"%d" % begin), record("GNU.sparse.numbytes", b"%d" % count)]
    return extended(b"".join(said))


def extended(data: bytes) -> bytes:
    return header(b"pax", type=b"x", size=b"%011o\0" % len(data)) + data + bytes(-len(data) % 512)


def record(key: str, value: bytes) -> bytes:
    rest = b" " + key.encode() + b"=" + value + b"\n"
    size = len(rest) + 1
    while len(b"%d" % size) + len(rest) != size:
        size += 1
    return b"%d" % size + rest


def _old(size: int, pairs: Pairs, stored: bytes, name: bytes) -> bytes:
    fields = [b"%011o\0%011o\0" % pair if min(pair) >= 0 else b"\xff" * 24 for pair in pairs]
    first, rest = b"".join(fields[:4]), fields[4:]
    raw = {386: first, 482: bytes([bool(rest)]), 483: b"%011o\0" % size}
    block = bytearray(header(name, type=b"S", magic=b"ustar  \0", size=b"%011o\0" % len(stored), raw=raw))
    more = [rest[at : at + 21] for at in range(0, len(rest), 21)]
    for place, some in enumerate(more, 1):
        block += b"".join(some).ljust(504, b"\0") + bytes([place < len(more)]) + bytes(7)
    return bytes(block) + stored + bytes(-len(stored) % 512)


def read_by_tarfile(tar: bytes) -> dict[str, tuple[int, str]]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(tar)) as opened:
        for one in opened:
            file = opened.extractfile(one)
            if file:
                found[f"/{one.name}"] = one.size, hashlib.sha256(file.read()).hexdigest()
    return found


def read_here(file: str) -> dict[str, tuple[int, str]]:
    lines = [line for line in tree(file, digest=True) if line["type"] == "file"]
    return {str(line["path"]): (int(str(line["size"])), str(line["sha256"])) for line in lines}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", MAPS)
def test_a_sparse_file_is_what_tarfile_makes_of_it(form: str, case: str, tmp_path: Path) -> None:
    tar = BEFORE + sparse(form, *MAPS[case]) + BEHIND
    expected = read_by_tarfile(tar)
    assert expected["/dir/sparse"][0] == MAPS[case][0]
    assert set(expected) == {"/a", "/b", "/dir/sparse", "/z"}
    assert read_here(archives.written(tmp_path, archives.new([tar]))) == expected
    packed = archives.written(tmp_path, archives.new([tar], stored=[gzip.compress(tar)]), "packed.tar")
    assert read_here(packed) == expected


@pytest.mark.skipif(
    "GNU"
    not in subprocess.run(
        [shutil.which("tar") or "true", "--version"], capture_output=True, text=True, check=False
    ).stdout,
    reason="no GNU tar",
)
@pytest.mark.parametrize("options", [["-H", "gnu"], *(["-H", "pax", f"--sparse-version={one}"] for one in FORMS[1:])])
def test_what_gnu_tar_writes_is_read(options: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, pieces in (("many", 40), ("few", 2), ("hole", 0)):
        with (folder / name).open("wb") as out:
            for place in range(pieces):
                out.seek(place * 65_536 + 8192)
                out.write(b"%d" % place * 900)
            out.truncate(4 * MIB)
    tar = subprocess.run(
        ["tar", "-c", "--sparse", "--hole-detection=raw", *options, "-C", folder, "many", "few", "hole"],
        capture_output=True,
        check=True,
    ).stdout
    assert len(tar) < MIB
    expected = {f"/{one.name}": (4 * MIB, archives.digest(one.read_bytes())) for one in folder.iterdir()}
    assert read_here(archives.written(tmp_path, archives.new([tar]))) == expected


def test_an_index_that_is_kept_says_the_same_when_it_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(layers, "WORTH_A_CHILD_BYTES", 0)
    tar = BEFORE + b"".join(sparse(form, *MAPS["holes between"], name=f"s{form}".encode()) for form in FORMS) + BEHIND
    file = archives.written(tmp_path, archives.new([tar]))
    first = read_here(file)
    assert first == read_by_tarfile(tar)
    assert list(index_cache.folder().glob("at-*"))
    monkeypatch.setattr("layerviz.images.reading.indexed", None)
    monkeypatch.setattr("layerviz.images.indexing.can_help", lambda: False)
    assert read_here(file) == first


@pytest.mark.parametrize("form", FORMS)
def test_a_hole_of_a_tebibyte_costs_neither_time_nor_memory(form: str, tmp_path: Path) -> None:
    size = 1 << 40 if form != "old" else (1 << 33) - 1
    file = archives.written(tmp_path, archives.new([BEFORE + sparse(form, size, [(512, 9)]) + BEHIND]))
    got = told(file, tmp_path)
    assert got.status == 0
    assert [one["size"] for one in map(json.loads, got.lines) if one["path"] == "/dir/sparse"] == [size]
    (brought,) = images_in(file)
    entry = brought.image.layers[0].entries.at("/dir/sparse")
    assert entry is not None
    assert entry.content.read(525) == bytes(512) + DATA[:9] + bytes(4)


LIES: dict[str, tuple[int, Pairs, bytes, str]] = {
    "overlap": (
        1000,
        [(0, 100), (50, 100)],
        bytes(200),
        "at its byte 50, though what stands before that reaches to 100",
    ),
    "in no order": (
        1000,
        [(500, 10), (0, 10)],
        bytes(20),
        "at its byte 0, though what stands before that reaches to 510",
    ),
    "lead beyond the end": (1000, [(990, 11)], bytes(11), "puts data up to its byte 1001; it has 1000"),
    "are negative": (1000, [(-1, -1)], b"x", "a sparse file holds"),
    "want more than is stored": (1000, [(0, 600)], bytes(500), "places 600 bytes of data; 500 are stored"),
    "leave something over": (1000, [(0, 600)], bytes(700), "places 600 bytes of data; 700 are stored"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("lie", LIES)
def test_maps_that_lie_are_refused_in_one_sentence(form: str, lie: str, tmp_path: Path) -> None:
    size, pairs, data, words = LIES[lie]
    said = refused(BEFORE + sparse(form, size, pairs, data) + BEHIND, tmp_path)
    assert words in said


@pytest.mark.parametrize("form", FORMS)
def test_a_million_pieces_are_refused(form: str, tmp_path: Path) -> None:
    pairs = [(0, 0)] * 1_000_000 if form in {"old", "1.0"} else [(0, 0)] * 20_000
    tar = BEFORE + sparse(form, 1000, pairs, b"") * (1 if form in {"old", "1.0"} else 50) + BEHIND
    if form in {"old", "1.0"}:
        assert "have more than 262144 pieces of data" in refused(tar, tmp_path)
    else:
        # A header of at most a mebibyte holds fewer; those that say nothing cost nothing.
        assert read_here(archives.written(tmp_path, archives.new([tar])))["/dir/sparse"][0] == 1000


def test_pieces_are_counted_through_all_files_of_a_layer(tmp_path: Path) -> None:
    pairs = [(2 * place, 1) for place in range(100_000)]
    one = sparse("1.0", 200_000, pairs, bytes(100_000))
    assert "have more than 262144 pieces of data" in refused(BEFORE + 3 * one + BEHIND, tmp_path)


@pytest.mark.parametrize(
    ("tar", "words"),
    [
        (padded_pax({"GNU.sparse.major": b"2", "GNU.sparse.minor": b"0"}) + header(), "is a sparse file, whose form"),
        (
            padded_pax({"GNU.sparse.major": b"1", "GNU.sparse.minor": b"0"}) + header(),
            "does not end within the 0 bytes",
        ),
        (
            padded_pax({"GNU.sparse.map": b"0,1", "GNU.sparse.numblocks": b"2"}) + header(),
            "has 2 numbers, where it claims 2",
        ),
        (padded_pax({"GNU.sparse.map": b"0,x", "GNU.sparse.numblocks": b"1"}) + header(), "what is no number: x"),
        (padded_pax({"GNU.sparse.map": b"0,0", "GNU.sparse.numblocks": b"1"}) + header(type=b"5"), "is a sparse file"),
        (header(type=b"S"), "is a sparse file, whose form"),
        (pax(**{"GNU.sparse.numbytes": b"1"}) + header(), "what is no number: 1"),
    ],
)
def test_what_is_no_form_of_a_map_is_refused(tar: bytes, words: str, tmp_path: Path) -> None:
    assert words in refused(BEFORE + tar + END, tmp_path)


def refused(tar: bytes, folder: Path) -> str:
    file = archives.written(folder, archives.new([tar]))
    with pytest.raises(ImageProblem) as caught:
        images_in(file)
    said = str(caught.value)
    assert said.startswith(f"{file}, layer 1, byte ")
    assert "\n" not in said
    return said
