"""Compressed layers read forwards: every form, every cut, and bytes that grow out of all measure."""

import gzip
import os
import random
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from layerviz.images import bytesource
from layerviz.images.bytesource import Form, Region, Stream, decompressed, form_of
from layerviz.images.problems import ImageProblem

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

NOISE = random.Random(7).randbytes(3_000_000) + bytes(2_000_000)
PACKED: list[tuple[Form, Callable[[bytes], bytes]]] = [("gzip", gzip.compress), ("zstd", zstd.compress)]


def region(data: bytes) -> Region:
    return Region(b"before" + data + b"behind", 6, 6 + len(data))


@pytest.mark.parametrize(("form", "pack"), PACKED)
def test_a_compressed_layer_is_told_by_its_first_bytes_and_gives_its_bytes_back(
    form: Form, pack: Callable[[bytes], bytes]
) -> None:
    packed = region(pack(NOISE))
    assert form_of(packed) == form
    assert b"".join(decompressed(packed, form, "x")) == NOISE


@pytest.mark.parametrize(("form", "pack"), PACKED)
def test_several_members_follow_each_other_and_zeros_behind_them_are_ignored(
    form: Form, pack: Callable[[bytes], bytes]
) -> None:
    packed = region(pack(NOISE) + pack(b"") + pack(b"more") + bytes(10))
    assert b"".join(decompressed(packed, form, "x")) == NOISE + b"more"


@pytest.mark.parametrize(("form", "pack"), PACKED)
def test_every_cut_of_a_compressed_layer_is_refused(form: Form, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(b"hello " * 40)
    for size in range(4, len(packed)):
        with pytest.raises(ImageProblem, match=rf"^image, layer 2: the {form} data"):
            list(decompressed(region(packed[:size]), form, "image, layer 2"))


@pytest.mark.parametrize(("form", "pack"), PACKED)
def test_damaged_compression_is_refused_in_one_sentence(form: Form, pack: Callable[[bytes], bytes]) -> None:
    packed = bytearray(pack(b"".join(b"%d, " % (number * number) for number in range(50_000))))
    packed[10:60] = b"\xff" * 50
    with pytest.raises(ImageProblem, match=rf"^image, layer 2: the {form} data is damaged near byte"):
        list(decompressed(region(bytes(packed)), form, "image, layer 2"))


def test_a_stream_skips_forwards_and_says_its_length_once_it_knows_it() -> None:
    stream = Stream(region(gzip.compress(NOISE)), "gzip", "x")
    assert stream.at(10, 5) == NOISE[10:15]
    assert stream.at(1_048_570, 20) == NOISE[1_048_570:1_048_590]
    before = stream.length
    assert stream.at(4_999_990, 100) == NOISE[4_999_990:]
    assert stream.at(6_000_000, 10) == b""
    assert (before, stream.length) == (None, len(NOISE))
    with pytest.raises(ValueError, match="read forwards"):
        stream.at(3, 1)


def test_a_gzip_bomb_is_refused_with_its_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bytesource, "_BOMB_BYTES", 1 << 20)
    packed = gzip.compress(bytes(8 << 20))
    with pytest.raises(ImageProblem, match=f"{len(packed)} compressed bytes become more than"):
        for piece in decompressed(region(packed), "gzip", "x"):
            assert len(piece) <= 1 << 20


def test_a_file_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    for name, words in (("none", "No such file"), ("empty", "the file is empty"), (".", "is a folder")):
        for opened in (bytesource.mapped, bytesource.bytes_of):
            with pytest.raises(ImageProblem, match=words):
                opened(str(tmp_path / name))


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ImageProblem, match="is neither a file nor a folder"):
        bytesource.bytes_of(str(tmp_path / "pipe"))


def test_bytes_of_a_file_that_is_cut_meanwhile_are_told_to_be_gone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(NOISE)
    data = bytesource.bytes_of(str(file))
    assert (len(data), data[10:20], data[4_999_999:6_000_000]) == (5_000_000, NOISE[10:20], b"\0")
    os.truncate(file, 2_000_000)
    assert data[1_999_990:2_000_000] == NOISE[1_999_990:2_000_000]
    with pytest.raises(ImageProblem, match="has changed since it was opened"):
        data[1_999_990:2_000_001]
