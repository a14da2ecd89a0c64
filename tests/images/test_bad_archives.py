"""Archives that are damaged, cut, or made to mislead, given to `layerviz tree`: one sentence that says where."""

import gzip
import json
import os
import random
import sys
import tarfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from layerviz.images.manifests import CONFIG, LAYER, MANIFEST
from layerviz.images.opening import images_of
from layerviz.images.problems import ImageProblem
from layerviz.images.verifying import check_diff_ids
from tests.images import archives, layouts
from tests.images.archives import File
from tests.images.bad import called, refused, told

pytestmark = pytest.mark.usefixtures("both_ways")

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

BASE = archives.layer([File("a", b"hello\n"), File("d/x", b"x" * 3000)], tarfile.USTAR_FORMAT)
TOP = archives.layer([File("b", b"bee\n"), File("c", b"sea\n" * 100)], tarfile.USTAR_FORMAT)
SECOND = f"{1:064x}/layer.tar"


def with_field(tar: bytes, start: int, field: bytes, header: int = 1024) -> bytes:
    """`field` put at `start` of the header that begins at `header`, and the checksum made right."""
    block = bytearray(tar[header : header + 512])
    block[start : start + len(field)] = field
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return tar[:header] + bytes(block) + tar[header + 512 :]


def base256(number: int) -> bytes:
    return bytes([0x80 if number >= 0 else 0xFF]) + (number & ((1 << 88) - 1)).to_bytes(11, "big")


NAME, OWNER, SIZE, TYPE = 0, 108, 124, 156
LIES: dict[str, tuple[bytes, str]] = {
    "a wrong checksum": (TOP[:1024] + b"x" + TOP[1025:], "its checksum says"),
    "a negative size": (with_field(TOP, SIZE, base256(-5)), "the size is negative: -5"),
    "a huge size": (with_field(TOP, SIZE, b"77777777777\0"), "ends after"),
    "a size of 81 bits": (with_field(TOP, SIZE, base256(1 << 80)), "ends after"),
    "a size somewhat too large": (with_field(TOP, SIZE, b"00000200000\0"), "ends after"),
    "a size that is no number": (with_field(TOP, SIZE, b"12z45678901\0"), "the size is no number: 12z45678901"),
    "a size with a sign": (with_field(TOP, SIZE, b"-0000000001\0"), "the size is no number: -0000000001"),
    "an owner of 56 bits": (with_field(TOP, OWNER, b"\x80" + b"\xff" * 7), "is larger than any system knows"),
    "an unknown type": (with_field(TOP, TYPE, b"@"), "the unknown type '@'"),
    "a sparse file": (with_field(TOP, TYPE, b"S"), "is a sparse file"),
    "an extension of 8 GiB": (with_field(with_field(TOP, TYPE, b"x"), SIZE, b"77777777777\0"), "8589934591 bytes"),
    "a link to nothing": (with_field(TOP, TYPE, b"1"), "a link names no target"),
}
"""A layer whose second header, at byte 1024, lies, and what is said of it."""


@pytest.mark.parametrize("lie", LIES)
def test_a_layer_that_lies_is_refused_with_file_layer_and_offset(lie: str, tmp_path: Path) -> None:
    tar, words = LIES[lie]
    file = archives.written(tmp_path, archives.old([BASE, TOP]) | {SECOND: tar})
    with tarfile.open(file) as outer:
        begin = outer.getmember(SECOND).offset_data
    sentence = refused(file, tmp_path)
    assert sentence.startswith(f"{file}, layer 2, byte {begin + 1024}: ")
    assert words in sentence


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
@pytest.mark.parametrize("lie", LIES)
def test_in_a_compressed_layer_the_offset_counts_its_unpacked_bytes(
    lie: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    tar, words = LIES[lie]
    folder = layouts.one([BASE, tar], stored=[pack(BASE), pack(tar)]).folder(tmp_path / "layout")
    with pytest.raises(ImageProblem) as caught:
        images_of(f"oci:{folder}")
    assert "layer 2, byte 1024: " in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize("lie", LIES)
def test_an_archive_whose_own_tar_lies_is_refused_with_its_offset(lie: str, tmp_path: Path) -> None:
    tar, words = LIES[lie]
    (tmp_path / "image.tar").write_bytes(tar)
    with pytest.raises(ImageProblem) as caught:
        images_of(f"docker-archive:{tmp_path / 'image.tar'}")
    assert str(caught.value).startswith(f"{tmp_path / 'image.tar'}, byte 1024: ")
    assert words in str(caught.value)


def pax(**records: bytes) -> bytes:
    """An extended header with these records, without the checks that tarfile makes."""
    lines = []
    for key, value in records.items():
        rest = b" " + key.encode() + b"=" + value + b"\n"
        size = len(rest) + 1
        while len(b"%d" % size) + len(rest) != size:
            size += 1
        lines.append(b"%d" % size + rest)
    return (
        archives.layer([File("pax", b"".join(lines), kind=b"x")], tarfile.USTAR_FORMAT).rstrip(b"\0").ljust(1024, b"\0")
    )


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ({"path": b"a\0b"}, "a name holds a NUL byte"),
        ({"size": b"-1"}, "the size is no number: -1"),
        ({"size": b"9" * 30}, "the size is no number: 999"),
        ({"size": b"99999999999"}, "ends after"),
        ({"mtime": b"yesterday"}, "the time is no number: yesterday"),
        ({"uid": b"99999999999"}, "is larger than any system knows"),
        ({"GNU.sparse.major": b"1"}, "is a sparse file"),
    ],
)
def test_extended_headers_that_lie_are_refused(records: dict[str, bytes], words: str, tmp_path: Path) -> None:
    tar = pax(**records) + TOP
    file = archives.written(tmp_path, archives.old([BASE, TOP]) | {SECOND: tar})
    with pytest.raises(ImageProblem) as caught:
        images_of(file)
    assert str(caught.value).startswith(f"{file}, layer 2, byte ")
    assert words in str(caught.value)


def test_names_that_are_odd_but_legal_are_shown(tmp_path: Path) -> None:
    names = ["/etc/absolute", "./dotted", "//x//y/", "caf\udce9", "new\nline", "n" * 65536, "/".join(["d" * 200] * 300)]
    odd = archives.layer([File(name) for name in names])
    got = told(archives.written(tmp_path, archives.old([odd])), tmp_path)
    assert got.status == 0
    shown = {json.loads(line)["path"] for line in got.lines}
    assert shown >= {"/etc/absolute", "/dotted", "/x/y", "/caf\udce9", "/new\nline", "/" + "n" * 65536, "/" + names[-1]}
    # 300 directories that no entry tells of, and their like.
    assert len(shown) == 7 + 299 + 2


def test_names_that_leave_the_root_are_left_out_and_told(tmp_path: Path) -> None:
    names = ["../out", "a/../../out", "/../out", "..", "d/../x"]
    tar = archives.layer([File(name, b"x") for name in names])
    got = told(archives.written(tmp_path, archives.old([tar])), tmp_path)
    assert got.status == 0
    assert [json.loads(line)["path"] for line in got.lines] == ["/x"]
    assert [line.partition(", layer 1: ")[2].partition(" leads out")[0] for line in got.errors] == names[:4]


def test_an_archive_whose_names_leave_it_is_refused(tmp_path: Path) -> None:
    for name in ("../x", "/../x", "a/../../x"):
        members = archives.old([BASE])
        file = archives.written(tmp_path, {name: b"x"} | members)
        assert "leads out of the archive" in refused(file, tmp_path)


def test_links_that_lead_in_circles_end_somewhere(tmp_path: Path) -> None:
    link, hard = tarfile.SYMTYPE, tarfile.LNKTYPE
    first = [
        File("s1", kind=link, link="s2"),
        File("s2", kind=link, link="/s1"),
        File("self", kind=link, link="self"),
        File("dir", kind=link, link="dir/below"),
        File("dir2", kind=link, link="../../../dir2/.."),
        File("h1", kind=hard, link="h2"),
        File("h2", kind=hard, link="h3"),
        File("h3", kind=hard, link="h1"),
        File("h4", kind=hard, link="h4"),
        File("real", b"content"),
        File("h5", kind=hard, link="real"),
    ]
    second = [File("h1", kind=hard, link="h2"), File("real", kind=hard, link="h5"), File("h5", kind=hard, link="real")]
    file = archives.written(tmp_path, archives.old([archives.layer(first), archives.layer(second)]))
    got = told(file, tmp_path, "--digest")
    assert got.status == 0
    shown = {json.loads(line)["path"] for line in got.lines}
    assert {"/s1", "/s2", "/self", "/dir", "/dir2"} <= shown
    for path in ("/s1", "/self", "/dir", "/dir/x", "/dir2/x/y"):
        assert told(file, tmp_path, path).status in (0, 1)


def test_an_archive_whose_own_links_lead_in_a_circle_is_refused(tmp_path: Path) -> None:
    members = archives.old([BASE, TOP]) | {SECOND: "x/y", f"{1:064x}/x/y": "../layer.tar"}
    assert "is a link that leads in a circle" in refused(archives.written(tmp_path, members), tmp_path)


@pytest.mark.parametrize("form", ["docker-archive", "oci-archive"])
def test_every_cut_of_a_small_archive_is_told(form: str, tmp_path: Path) -> None:
    stored = [BASE, gzip.compress(TOP)]
    members = (
        archives.new([BASE, TOP], stored=stored)
        if form == "docker-archive"
        else layouts.one([BASE, TOP], stored=stored).members
    )
    whole = archives.outer(members).rstrip(b"\0")
    whole = whole.ljust(-(-len(whole) // 512) * 512, b"\0")
    file = tmp_path / "cut.tar"
    said = set()
    for size in range(0, len(whole) + 1, 512):
        file.write_bytes(whole[:size])
        try:
            (brought,) = images_of(f"{form}:{file}")
        except ImageProblem as problem:
            assert str(problem).startswith(str(file))
            said.add(problem.key)
        else:
            # The end mark, and the padding of the last content, may be missing.
            assert size > len(whole) - 2048
            assert "no_end_mark" in {report.key for report in brought.reports}
    assert said >= {"empty_file", "cut"}


def test_random_cuts_of_a_large_archive_are_told(tmp_path: Path) -> None:
    drawing = random.Random(11)
    layers = [archives.layer(File(f"d{number}/f", drawing.randbytes(30_000)) for number in range(60)) for _ in range(4)]
    stored = [layers[0], gzip.compress(layers[1], 1), layers[2], zstd.compress(layers[3], 1)]
    members = archives.new(layers, stored=stored)
    # What describes the layers stands first, so that cuts are found in the layers themselves.
    whole = archives.outer({name: members[name] for name in sorted(members, key=lambda name: len(members[name]))})
    file = tmp_path / "cut.tar"
    for size in [drawing.randrange(len(whole) - 20_000) for _ in range(120)]:
        file.write_bytes(whole[:size])
        with pytest.raises(ImageProblem) as caught:
            images_of(str(file))
        assert str(caught.value).startswith(f"{file}")
        assert caught.value.key in ("cut", "no_end_mark", "no_tar", "compressed_no_tar"), str(caught.value)


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_random_cuts_of_compressed_layers_are_told(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    drawing = random.Random(12)
    tar = archives.layer(File(f"d{number}/f", drawing.randbytes(5000) + bytes(5000)) for number in range(60))
    packed = pack(tar)
    for size in [drawing.randrange(4, len(packed) - 8) for _ in range(60)]:
        file = archives.written(tmp_path, archives.new([BASE, tar], stored=[BASE, packed[:size]]))
        with pytest.raises(ImageProblem) as caught:
            images_of(file)
        assert str(caught.value).startswith(f"{file}, layer 2")
        assert caught.value.key == "compression_cut"


def test_a_layer_that_is_not_what_its_digest_says_is_told(tmp_path: Path) -> None:
    layout = layouts.one([BASE, TOP])
    name = next(name for name, data in layout.files.items() if data == TOP)
    layout.files[name] = with_field(TOP, NAME, b"evil")
    folder = layout.folder(tmp_path / "layout")
    assert refused(folder, tmp_path).startswith(f"{folder}: invalid diffID for layer 2: ")
    brought = images_of(f"oci:{folder}")
    with pytest.raises(ImageProblem, match=r"layer 2: .*sha256:") as caught:
        check_diff_ids(brought)
    assert str(tmp_path / "layout") in str(caught.value)


def test_an_archive_whose_layer_is_not_its_diff_id_s_is_told(tmp_path: Path) -> None:
    other = with_field(TOP, NAME, b"evil")
    file = archives.written(tmp_path, archives.old([BASE, TOP]) | {SECOND: other})
    words = f"{file}: invalid diffID for layer 2: expected sha256:{archives.digest(TOP)}, got "
    assert refused(file, tmp_path).startswith(words + f"sha256:{archives.digest(other)}")


COMMANDS = {
    "inspect": ["inspect", "IMAGE"],
    "history": ["history", "IMAGE"],
    "report": ["report", "IMAGE", "--json"],
    "diff": ["diff", "GOOD", "IMAGE"],
    "save": ["save", "IMAGE", "docker-archive:NEW"],
    "save into a layout": ["save", "IMAGE", "oci:NEW"],
    "export": ["export", "IMAGE", "/", "-o", "NEW.svg"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_the_same_and_writes_nothing(command: str, tmp_path: Path) -> None:
    tar, words = LIES["a huge size"]
    file = archives.written(tmp_path, archives.old([BASE, TOP]) | {SECOND: tar})
    good = archives.written(tmp_path, archives.old([BASE, TOP]), "good.tar")
    places = {"IMAGE": file, "GOOD": good, "NEW": str(tmp_path / "new")}
    line = COMMANDS[command]
    for name, place in places.items():
        line = [word.replace(name, place) for word in line]
    got = called(line, tmp_path)
    assert (got.status, got.lines) == (1, ())
    assert got.sentence.startswith(f"layerviz: {file}, layer 2, byte ")
    assert words in got.sentence


def test_docker_load_tells_it_in_a_script(tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.old([BASE, TOP]) | {SECOND: LIES["a huge size"][0]})
    script = tmp_path / "script.sh"
    script.write_text(f"docker load -i {file}\n")
    got = called(["run", str(script)], tmp_path)
    assert got.status == 1
    assert any(LIES["a huge size"][1] in line for line in got.errors)


@pytest.mark.parametrize("what", ["index.json", "manifest", "config"])
def test_documents_of_a_layout_that_are_not_what_their_digest_says_are_told(what: str, tmp_path: Path) -> None:
    layout = layouts.one([BASE])
    for name, data in list(layout.files.items()):
        if (what == "manifest" and b'"layers": [' in data) or (what == "config" and b"rootfs" in data):
            layout.files[name] = data.replace(b"2", b"3")
    if what == "index.json":
        layout.listed[0]["digest"] = "sha256:" + "0" * 64
    sentence = refused(f"oci:{layout.folder(tmp_path / 'layout')}", tmp_path)
    assert sentence.startswith(f"{tmp_path / 'layout'}")
    assert "sha256" in sentence


DEEP = b"[" * 100_000
DEEP_VALUES = b'{"rootfs":' + b'{"a":' * 100_000
UNREADABLE = "JSON|is not as the specification has it"
NO_JSON = [b"not json", b"", b"\xff\xfe{", b'{"a": }', b"nul", DEEP, DEEP_VALUES, b'{"x":' + DEEP, b'"' + b"x" * 9999]


@pytest.mark.parametrize("bad", NO_JSON, ids=range(len(NO_JSON)))
def test_documents_that_are_no_json_are_told(bad: bytes, tmp_path: Path) -> None:
    for place in ("manifest.json", "config"):
        members = archives.new([BASE])
        line = json.loads(members["manifest.json"])[0]
        members[line["Config"] if place == "config" else place] = bad
        with pytest.raises(ImageProblem, match=UNREADABLE) as caught:
            images_of(archives.written(tmp_path, members))
        assert str(caught.value).startswith(str(tmp_path))
    for name in ("oci-layout", "index.json"):
        folder = layouts.one([BASE]).folder(tmp_path / "layout")
        (tmp_path / "layout" / name).write_bytes(bad)
        with pytest.raises(ImageProblem) as caught:
            images_of(folder)
        assert str(caught.value).startswith(folder)
    layout = layouts.Layout()
    config = layout.blob(bad, CONFIG)
    layout.list(layout.document(MANIFEST, {"config": config, "layers": []}))
    layout.list(layout.blob(bad, MANIFEST))
    for number in (0, 1):
        with pytest.raises(ImageProblem, match=UNREADABLE):
            images_of(f"oci:{layout.folder(tmp_path / 'documents')}:@{number}")


def test_json_nested_100_000_deep_is_told_by_the_command_line(tmp_path: Path) -> None:
    for place in ("manifest.json", "config"):
        members = archives.new([BASE])
        line = json.loads(members["manifest.json"])[0]
        deep = b'[{"more":' if place == "manifest.json" else b'{"more":'
        members[line["Config"] if place == "config" else place] = deep + DEEP
        assert "the JSON is nested too deeply" in refused(archives.written(tmp_path, members), tmp_path)


def test_an_image_of_100_000_layers_is_told_by_the_command_line(tmp_path: Path) -> None:
    count = 100_000
    members = archives.new([BASE])
    line = json.loads(members["manifest.json"])[0]
    said = json.loads(members[line["Config"]])
    said["rootfs"]["diff_ids"] *= count
    line["Layers"] *= count
    members |= {"manifest.json": json.dumps([line]).encode(), line["Config"]: json.dumps(said).encode()}
    assert "the image has 100000 layers; at most 1000" in refused(archives.written(tmp_path, members), tmp_path)
    layout = layouts.Layout()
    blob = layout.blob(BASE, LAYER)
    config = layout.blob(json.dumps(said).encode(), CONFIG)
    layout.list(layout.document(MANIFEST, {"config": config, "layers": [blob] * count}))
    told = refused(f"oci:{layout.folder(tmp_path / 'layout')}", tmp_path)
    assert told.startswith(str(tmp_path / "layout"))


@pytest.mark.parametrize("name", ["config", "manifest", "layer"])
def test_a_blob_that_is_missing_is_told_by_the_command_line(name: str, tmp_path: Path) -> None:
    layout = layouts.one([BASE])
    missing = {"config": "rootfs", "manifest": '"layers"', "layer": "hello"}[name].encode()
    for blob, data in list(layout.files.items()):
        if missing in data:
            del layout.files[blob]
    for image in (layout.folder(tmp_path / "layout"), layout.archive(tmp_path / "layout.tar")):
        sentence = refused(image, tmp_path)
        assert sentence.startswith(image)
        assert "has no blobs/sha256/" in sentence


@pytest.mark.parametrize(("form", "megabytes"), [("gzip", 60), ("plain", 42)])
def test_little_memory_is_told(form: str, megabytes: int, tmp_path: Path) -> None:
    drawing = random.Random(13)
    tar = archives.layer(File(f"d{number}/f", drawing.randbytes(30_000)) for number in range(1200))
    file = archives.written(tmp_path, archives.new([tar], stored=[gzip.compress(tar, 1)] if form == "gzip" else None))
    got = called(["tree", file, "--json", "--quiet"], tmp_path, (megabytes - 1024) << 20)
    assert (got.status, len(got.lines)) in ((0, 2400), (1, 0))
    told_so = "layerviz: there is not enough memory for this; close other programs, or raise the limit"
    assert got.errors == ((told_so,) if got.status else ())


def test_a_pipe_is_not_waited_for_wherever_it_stands(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for words in (["tree", str(pipe)], ["export", str(pipe), "-o", str(tmp_path / "x.svg")]):
        got = called(words, tmp_path)
        assert (got.status, got.sentence) == (
            1,
            f"layerviz: {pipe}: is neither a file nor a folder; save the image into a file",
        )


@pytest.mark.parametrize("what", ["index.json", "layer"])
def test_what_is_no_file_in_a_layout_is_told(what: str, tmp_path: Path) -> None:
    folder = Path(layouts.one([TOP]).folder(tmp_path / "layout"))
    path = folder / ("blobs/sha256/" + archives.digest(TOP) if what == "layer" else what)
    path.unlink()
    os.mkfifo(path)
    assert refused(str(folder), tmp_path).startswith(f"{path}: is neither a file nor a folder")
    path.unlink()
    path.mkdir()
    with pytest.raises(ImageProblem, match="is a folder; name a file"):
        images_of(str(folder))
    path.rmdir()
    path.symlink_to(path)
    with pytest.raises(ImageProblem, match="Too many levels of symbolic links"):
        images_of(str(folder))


def test_a_layer_without_any_byte_is_empty_in_every_form(tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.new([b"", TOP]))
    folder = layouts.one([b"", TOP]).folder(tmp_path / "layout")
    for image in (file, folder):
        got = told(image, tmp_path)
        assert got.status == 0
        assert [json.loads(line)["path"] for line in got.lines] == ["/b", "/c"]
        assert len(got.errors) == 1
        assert "layer 1, byte" in got.errors[0]
        assert "no end mark" in got.errors[0]
