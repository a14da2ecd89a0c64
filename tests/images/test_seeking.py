"""Any bytes of a compressed layer, read through the points that the first reading left: always the right ones."""

import gzip
import os
import random
import shutil
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from isal import igzip

from layerviz.engine.content import Range
from layerviz.images import bytesource, contents, seek_gzip, seek_points, seeking
from layerviz.images.bytesource import Region, form_of
from layerviz.images.problems import ImageProblem
from layerviz.images.seek_points import Points, Taking, kept_points

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def _mixed() -> bytes:
    """What layers hold: text, code, what is packed already, zeros."""
    drawing = random.Random(5)
    words = [drawing.randbytes(drawing.randrange(2, 9)).hex().encode() for _ in range(3000)]
    parts = []
    for _ in range(18):
        parts.append(b" ".join(drawing.choices(words, k=8000)))
        parts.append(drawing.randbytes(drawing.randrange(200_000)))
        parts.append(bytes(drawing.randrange(50_000)))
    return b"".join(parts)


DATA = _mixed()
NOISE = random.Random(6).randbytes(2 << 20)


def _members(data: bytes) -> bytes:
    return b"".join(gzip.compress(data[start : start + 40_000]) for start in range(0, len(data), 40_000))


def _flushed(data: bytes) -> bytes:
    """As pgzip writes: blocks of 256 KiB, each ended by an empty stored block."""
    deflate = zlib.compressobj(wbits=31)
    parts = []
    for start in range(0, len(data), 1 << 18):
        parts += [deflate.compress(data[start : start + (1 << 18)]), deflate.flush(zlib.Z_SYNC_FLUSH)]
    return b"".join([*parts, deflate.flush()])


def _frames(data: bytes) -> bytes:
    parts = [zstd.compress(data[start : start + 300_000]) for start in range(0, len(data), 300_000)]
    skippable = (0x184D2A50).to_bytes(4, "little") + (5).to_bytes(4, "little") + b"skip!"
    return skippable.join(parts) + skippable


def _checked(data: bytes) -> bytes:
    return bytes(zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})) * 2


PACKED: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "gzip -1": (DATA, lambda data: gzip.compress(data, 1)),
    "gzip -6": (DATA, lambda data: gzip.compress(data, 6)),
    "gzip -9": (DATA, lambda data: gzip.compress(data, 9)),
    "igzip": (DATA, lambda data: bytes(igzip.compress(data))),
    "gzip, members": (DATA, _members),
    "gzip, flushed": (DATA, _flushed),
    "gzip, stored": (DATA, lambda data: gzip.compress(data, 0)),
    "gzip of noise": (NOISE, gzip.compress),
    "zstd -1": (DATA, lambda data: bytes(zstd.compress(data, 1))),
    "zstd -3": (DATA, lambda data: bytes(zstd.compress(data, 3))),
    "zstd -15": (DATA, lambda data: bytes(zstd.compress(data, 15))),
    "zstd, frames": (DATA, _frames),
    "zstd, checksums": (DATA * 2, lambda data: _checked(data[: len(data) // 2])),
}


@cache
def packed(name: str) -> tuple[bytes, bytes]:
    """The bytes, and how they are stored."""
    data, pack = PACKED[name]
    return data, pack(data)


@pytest.fixture(autouse=True)
def small_spacing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(seek_points, "SPACING_BYTES", 1 << 18)
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    _forget()
    yield
    _forget()


def _forget() -> None:
    """What one run of the program knows is not known to the next."""
    for known in (seeking._points, seeking._stretches, seeking._streams, seeking._work, seeking._spilled):
        known.clear()


def _stored(folder: Path, packed: bytes) -> tuple[str, int, int]:
    file = folder / "image.tar"
    file.write_bytes(b"before" + packed + b"behind")
    return str(file), 6, 6 + len(packed)


def _indexed(file: str, start: int, end: int) -> Points:
    """The layer read once, as indexing does."""
    region = Region(bytesource.mapped(file), start, end)
    taking = contents.taking_points(file, start, end)
    for _ in bytesource.decompressed(region, form_of(region), file, taking):
        pass
    points = kept_points(seek_points.place(os.stat(file), start, end))
    assert points is not None
    return points


def _read(file: str, start: int, end: int, offset: int, size: int) -> bytes:
    form = form_of(Region(bytesource.mapped(file), start, end))
    return contents.read(Range(contents.source_of(file, start, end, form), offset, size), 0, size)


@pytest.mark.parametrize("name", PACKED)
def test_every_kind_of_compression_gives_points_and_each_leads_to_its_bytes(name: str, tmp_path: Path) -> None:
    data, bytes_stored = packed(name)
    stored = _stored(tmp_path, bytes_stored)
    points = _indexed(*stored)
    assert points.length == len(data)
    count = points.number(len(data) - 1) + 1
    # The search for a block takes its time, and zstd's points lie farther apart; in a layer of this size that counts.
    assert count >= len(data) / (1 << 18) / (6 if name == "igzip" else 4)
    region = Region(bytesource.mapped(stored[0]), *stored[1:])
    led_astray = 0
    for number in range(count):
        begin, end = points.stretch(number)[:2]
        stream = bytesource.Stream(region, form_of(region), "x", start=points.point(number))
        try:
            led_astray += stream.at(begin, end - begin) != data[begin:end]
        except ImageProblem:
            led_astray += 1
    # A zstd block may refer to offsets that came before the point: found out by the checksum, see below.
    assert led_astray <= (count // 4 if name.startswith("zstd") else 0)


@pytest.mark.parametrize("name", PACKED)
def test_reading_anywhere_gives_the_bytes_that_lie_there(name: str, tmp_path: Path) -> None:
    data, bytes_stored = packed(name)
    stored = _stored(tmp_path, bytes_stored)
    _indexed(*stored)
    drawing = random.Random(name)
    for _ in range(25):
        offset = drawing.randrange(len(data))
        size = min(drawing.choice([1, 100, 5000, 1 << 20]), len(data) - offset)
        assert _read(*stored, offset, size) == data[offset : offset + size]


@pytest.mark.parametrize("name", ["gzip -6", "zstd -3"])
def test_points_are_kept_for_the_next_run_and_only_the_stretch_asked_for_is_decompressed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, bytes_stored = packed(name)
    stored = _stored(tmp_path, bytes_stored)
    _indexed(*stored)
    given: list[int] = []
    real = bytesource.Region.at

    def counted(self: Region, at: int, size: int) -> bytes:
        given.append(size)
        return real(self, at, size)

    monkeypatch.setattr(bytesource.Region, "at", counted)
    offset = len(data) * 3 // 4
    assert _read(*stored, offset, 100) == data[offset : offset + 100]
    assert sum(given) < (stored[2] - stored[1]) / 2
    given.clear()
    assert _read(*stored, offset - 200, 300) == data[offset - 200 : offset + 100]
    assert sum(given) < 100


@pytest.mark.parametrize("name", ["gzip -6", "zstd -3"])
def test_reading_without_points_takes_them_on_the_way(name: str, tmp_path: Path) -> None:
    data, bytes_stored = packed(name)
    stored = _stored(tmp_path, bytes_stored)
    assert _read(*stored, 2_000_000, 50) == data[2_000_000:2_000_050]
    assert _read(*stored, 2_500_000, 50) == data[2_500_000:2_500_050]
    place = seek_points.place(os.stat(stored[0]), *stored[1:])
    assert kept_points(place) is None
    assert _read(*stored, 1_000_000, 50) == data[1_000_000:1_000_050]
    assert kept_points(place) is not None
    assert _read(*stored, len(data) - 50, 50) == data[-50:]


@pytest.mark.parametrize("name", ["gzip -6", "zstd -3"])
def test_a_damaged_file_of_points_costs_time_and_shows_no_wrong_byte(name: str, tmp_path: Path) -> None:
    data, bytes_stored = packed(name)
    stored = _stored(tmp_path, bytes_stored)
    _indexed(*stored)
    place = seek_points.place(os.stat(stored[0]), *stored[1:])
    whole = place.read_bytes()
    drawing = random.Random(name)
    for _ in range(40):
        damaged = bytearray(whole)
        for _ in range(20):
            damaged[drawing.randrange(len(damaged))] ^= drawing.randrange(1, 256)
        place.write_bytes(damaged[: drawing.choice([len(damaged), drawing.randrange(len(damaged))])])
        _forget()
        offset = drawing.randrange(len(data) - 100)
        assert _read(*stored, offset, 100) == data[offset : offset + 100]


def test_a_stretch_too_long_to_be_kept_is_read_forwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "_LARGEST_STRETCH_BYTES", 1 << 18)
    for name in ("gzip -6", "zstd -3"):
        data, bytes_stored = packed(name)
        stored = _stored(tmp_path, bytes_stored)
        _indexed(*stored)
        for offset in (2_000_000, 2_100_000, 1_900_000, len(data) - 10):
            assert _read(*stored, offset, 10) == data[offset : offset + 10]
        _forget()


@pytest.mark.parametrize("name", ["gzip -6", "zstd -3"])
def test_a_layer_that_is_read_all_over_is_unpacked_once_where_there_is_room(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeking, "_KEPT_BYTES", 1)
    data, bytes_stored = packed(name)
    stored = _stored(tmp_path, bytes_stored)
    _indexed(*stored)
    drawing = random.Random(name)
    offsets = [drawing.randrange(len(data) - 100) for _ in range(80)]
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1 << 40, 1 << 40, 0))
    for offset in offsets:
        assert _read(*stored, offset, 100) == data[offset : offset + 100]
    assert not seeking._spilled
    monkeypatch.undo()
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(seeking, "_KEPT_BYTES", 1)
    for offset in offsets:
        assert _read(*stored, offset, 100) == data[offset : offset + 100]
    assert seeking._spilled
    assert _read(*stored, len(data) - 50, 50) == data[-50:]
    assert len(list((tmp_path / "cache" / "points").iterdir())) == 1


def test_where_the_cache_cannot_be_written_reading_works_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "file" / "cache"))
    data, bytes_stored = packed("gzip -6")
    stored = _stored(tmp_path, bytes_stored)
    for offset in (2_900_000, 1_000_000, 2_000_000):
        assert _read(*stored, offset, 10) == data[offset : offset + 10]
    assert sorted(os.listdir(tmp_path)) == ["file", "image.tar"]


def test_reading_that_is_given_up_leaves_no_file(tmp_path: Path) -> None:
    file, start, end = _stored(tmp_path, packed("gzip -6")[1])
    taking = contents.taking_points(file, start, end)
    pieces = bytesource.decompressed(Region(bytesource.mapped(file), start, end), "gzip", file, taking)
    next(pieces)
    del pieces
    assert list((tmp_path / "cache" / "points").iterdir()) == []


def test_the_folder_of_points_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seek_points, "_LARGEST_FOLDER_BYTES", 2 * 4096 + 2500)
    for number in range(4):
        file = tmp_path / "points" / f"{number}"
        taking = Taking(file)
        taking.passed(b"x")
        taking.point(seek_points.Point(1, 1, random.Random(number).randbytes(1000)))
        taking.keep()
        os.utime(file, (number, number))
    assert sorted(file.name for file in (tmp_path / "points").iterdir()) == ["2", "3"]


def test_a_block_without_content_may_stand_for_any_number_of_bits() -> None:
    for skipped in range(1, 8):
        filled = seek_gzip._nothing(skipped)
        assert filled.bits % 8 == skipped
        last = filled.number | 3 << filled.bits
        inflate = zlib.decompressobj(wbits=-15)
        assert inflate.decompress(last.to_bytes(filled.bits // 8 + 3, "little")) == b""
        assert inflate.eof
