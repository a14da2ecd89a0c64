"""Small files that become large ones, given to `layerviz tree`: indexed in bounded memory or refused, in time."""

import bz2
import lzma
import os
import struct
import sys
import tarfile
import zlib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from isal import isal_zlib

from tests.images import archives
from tests.images.archives import File
from tests.images.bad import refused, told
from tests.images.test_bad_archives import SIZE, base256, with_field

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

BASE = archives.layer([File("a", b"hello\n")])
ZEROS = bytes(64 << 20)
PARTS = 160
"""64 MiB of zeros so many times are 10 GiB."""


def tar_header() -> bytes:
    """Of a file that is followed by 10 GiB less its own header."""
    return with_field(
        archives.layer([File("zeros")], tarfile.USTAR_FORMAT)[:512], SIZE, base256(PARTS * len(ZEROS) - 512), 0
    )


def gzip_bomb() -> bytes:
    """A tar of one file of zeros, 10 GiB in all, as gzip: a valid one, checksum and all."""
    deflate = zlib.compressobj(9, wbits=-15)
    head = deflate.compress(tar_header() + ZEROS[512:]) + deflate.flush(zlib.Z_FULL_FLUSH)
    part = deflate.compress(ZEROS) + deflate.flush(zlib.Z_FULL_FLUSH)
    checksum = isal_zlib.crc32(tar_header() + ZEROS[512:])
    for _ in range(PARTS - 1):
        checksum = isal_zlib.crc32(ZEROS, checksum)
    trailer = struct.pack("<II", checksum, PARTS * len(ZEROS) % (1 << 32))
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + head + part * (PARTS - 1) + deflate.flush() + trailer


def zstd_bomb() -> bytes:
    squeeze = zstd.ZstdCompressor(1)
    pieces = [squeeze.compress(tar_header() + ZEROS[512:])]
    pieces += [squeeze.compress(ZEROS) for _ in range(PARTS - 1)]
    return b"".join([*pieces, squeeze.flush()])


@pytest.mark.parametrize("bomb", [gzip_bomb, zstd_bomb])
def test_a_layer_of_10_gib_of_zeros_is_refused_with_its_ratio(bomb: Callable[[], bytes], tmp_path: Path) -> None:
    packed = bomb()
    file = archives.written(tmp_path, archives.new([BASE, BASE], stored=[BASE, packed]))
    sentence = refused(file, tmp_path)
    assert sentence.startswith(f"{file}, layer 2: {len(packed)} compressed bytes become more than ")


@pytest.mark.parametrize(
    "pack", [bz2.compress, lambda data: lzma.compress(data, preset=0), zstd.compress], ids=["bzip2", "xz", "zstd"]
)
def test_an_archive_of_10_gib_of_zeros_is_refused(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    file = tmp_path / "image.tar"
    file.write_bytes(pack(tar_header() + ZEROS[512:]) + pack(ZEROS) * (PARTS - 1))
    words = f"{file}: {file.stat().st_size} compressed bytes become more than 1073741824"
    assert refused(str(file), tmp_path).startswith(words)
    assert not list((tmp_path / "home" / "cache").rglob("*.tar"))


def test_an_archive_that_asks_for_4_gib_of_memory_is_refused(tmp_path: Path) -> None:
    packed = bytearray(lzma.compress(archives.outer(archives.new([BASE])), preset=0))
    # The block's header: its size, flags, the filter, the size of its properties, the size of the dictionary.
    assert packed[12:16] == b"\x02\x00\x21\x01"
    packed[16] = 40
    packed[20:24] = struct.pack("<I", zlib.crc32(packed[12:20]))
    file = tmp_path / "image.tar"
    file.write_bytes(packed)
    assert refused(str(file), tmp_path).startswith(f"{file}: the xz data is damaged near byte ")


def test_a_plain_layer_of_10_gib_is_indexed_by_its_headers(tmp_path: Path) -> None:
    file = tmp_path / "image.tar"
    size = PARTS * len(ZEROS)
    outer = with_field(archives.layer([File("layer.tar")], tarfile.USTAR_FORMAT)[:512], SIZE, base256(size), 0)
    members = archives.new([BASE])
    manifest = members["manifest.json"]
    assert isinstance(manifest, bytes)
    layer_name = next(name for name, data in members.items() if data == BASE)
    members = {name: data for name, data in members.items() if data != BASE}
    members["manifest.json"] = manifest.replace(layer_name.encode(), b"layer.tar")
    with file.open("wb") as out:
        out.write(outer)
        out.write(
            with_field(archives.layer([File("zeros")], tarfile.USTAR_FORMAT)[:512], SIZE, base256(size - 2048), 0)
        )
        out.seek(512 + size)
        out.write(archives.outer(members))
    got = told(str(file), tmp_path, mapped_bytes=size)
    assert (got.status, len(got.lines)) == (0, 1)
    assert os.stat(file).st_blocks < 1000


def test_names_of_half_a_million_directories_are_refused(tmp_path: Path) -> None:
    for name in ("a/" * 32_768 + "x", "a/" * 500_000 + "x"):
        file = archives.written(tmp_path, archives.new([archives.layer([File(name)])]))
        assert "the directories that lead to it have paths of more than" in refused(file, tmp_path)


def test_attributes_said_for_all_entries_take_no_memory(tmp_path: Path) -> None:
    said = {f"SCHILY.xattr.user.{number}": "1" for number in range(20_000)}
    common = tarfile.TarInfo.create_pax_global_header(said)
    entries = b"".join(tarfile.TarInfo.tobuf(_named(f"f{number}"), tarfile.PAX_FORMAT) for number in range(5_000))
    file = archives.written(tmp_path, archives.new([common + entries + bytes(1024)]))
    assert len(told(file, tmp_path).lines) == 5_000


def _named(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.pax_headers = {"comment": "one of its own"}
    return info


EMPTY_PARTS = {
    "members": zlib.compress(b"", wbits=31) * 100_000,
    "stored blocks": b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + b"\0\0\0\xff\xff" * 500_000 + b"\1\0\0\xff\xff" + bytes(8),
    "frames": bytes(zstd.compress(b"")) * 100_000,
    "blocks": b"\x28\xb5\x2f\xfd\0\x58" + bytes(3) * 500_000 + b"\1\0\0",
    "skippable frames": (b"\x50\x2a\x4d\x18" + bytes(4)) * 200_000,
}


@pytest.mark.parametrize("kind", EMPTY_PARTS)
def test_hundreds_of_thousands_of_parts_without_content_are_passed(kind: str, tmp_path: Path) -> None:
    pack: Callable[[bytes], bytes] = zstd.compress if "frames" in kind or kind == "blocks" else _gzip
    file = archives.written(tmp_path, archives.new([BASE], stored=[pack(BASE) + EMPTY_PARTS[kind]]))
    assert len(told(file, tmp_path).lines) == 1


def _gzip(data: bytes) -> bytes:
    return zlib.compress(data, wbits=31)
