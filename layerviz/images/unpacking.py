"""Archives that are compressed as a whole (`docker save | gzip`): unpacked once, into the cache.

docker and podman read gzip, bzip2, xz and zstd there (moby pkg/archive, DetectCompression), and so does layerviz.
"""

import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from typing import cast

from layerviz import kept
from layerviz.images.bytesource import Form, Region, bytes_of, compressed_as, decompressed
from layerviz.images.layers import Progress, counted
from layerviz.images.problems import ImageProblem
from layerviz.images.tar import BLOCK_BYTES, looks_like_tar
from layerviz.images.watched import Watched
from layerviz.writing import reason, whole

_FOLDER = "archives"
_KEPT_BYTES = 8 << 30
_OUTPUT_BYTES = 1 << 20
_XZ_BYTES = 1 << 28
"""Of memory: four times what `xz -9` needs. A file may ask for 4 GiB."""
_BOMB_BYTES = 1 << 30
_BOMB_RATIO = 200
"""What an archive may become on this disk: more than 1 GiB only as long as it is less than 200 times its size."""


def plain(file: str, progress: Progress | None = None) -> str:
    """The file to read instead of the archive `file`: itself, or what it unpacks to, in the cache.

    What was unpacked before serves again as long as `file` is the same (inode, size, time). Raises `ImageProblem`.
    """
    status = _status(file)
    form = compressed_as(bytes_of(file)[:6])
    if not form:
        return file
    key = f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {os.path.abspath(file)}"
    folder = kept.folder() / _FOLDER
    target = folder / f"{sha256(os.fsencode(key)).hexdigest()[:40]}.tar"
    if kept.use(target):
        return str(target)
    pieces = _bounded(_pieces(file, form, progress), file, status.st_size)
    first = next(pieces, b"")
    if not looks_like_tar(first[:BLOCK_BYTES]):
        raise ImageProblem(file, "compressed_no_tar", {"form": form})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with whole(str(target)) as out:
            out.write(first)
            for piece in pieces:
                out.write(piece)
            after = _status(file)
            if (after.st_size, after.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
                raise ImageProblem(file, "changed")
    except OSError as error:
        key = "cache_full" if reason(error) == "disk_full" else "cache_closed"
        values = {"form": form, "folder": str(folder), "reason": error.strerror or str(error)}
        raise ImageProblem(file, key, values) from None
    kept.trim((folder,), _KEPT_BYTES)
    return str(target)


def _status(file: str) -> os.stat_result:
    try:
        status = os.stat(file)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else ""
        raise ImageProblem(file, "cannot_open", {"reason": said or str(error)}) from None
    if stat.S_ISDIR(status.st_mode):
        raise ImageProblem(file, "is_folder")
    if not stat.S_ISREG(status.st_mode):
        raise ImageProblem(file, "not_regular")
    return status


def _pieces(file: str, form: str, progress: Progress | None) -> Iterator[bytes]:
    whole_file = bytes_of(file)
    advance = counted(progress, len(whole_file))
    region = Watched(whole_file, 0, len(whole_file), lambda data: advance(len(data)))
    if form in ("gzip", "zstd"):
        return decompressed(region, cast(Form, form), file)
    return _by_the_library(region, form, file)


def _bounded(pieces: Iterator[bytes], where: str, compressed: int) -> Iterator[bytes]:
    limit = max(_BOMB_BYTES, compressed * _BOMB_RATIO)
    produced = 0
    for piece in pieces:
        produced += len(piece)
        if produced > limit:
            raise ImageProblem(where, "bomb", {"compressed": compressed, "limit": limit})
        yield piece


def _by_the_library(region: Region, form: str, where: str) -> Iterator[bytes]:
    """bzip2 and xz, of several streams perhaps."""
    import bz2
    import lzma

    total = region.length or 0
    at = 0
    while at < total and compressed_as(region.at(at, 6)) == form:
        inflate: bz2.BZ2Decompressor | lzma.LZMADecompressor
        inflate = bz2.BZ2Decompressor() if form == "bzip2" else lzma.LZMADecompressor(lzma.FORMAT_XZ, _XZ_BYTES)
        while not inflate.eof:
            data = region.at(at, _OUTPUT_BYTES) if inflate.needs_input else b""
            if inflate.needs_input and not data:
                raise ImageProblem(where, "compression_cut", {"form": form})
            at += len(data)
            try:
                piece = inflate.decompress(data, _OUTPUT_BYTES)
            except (OSError, lzma.LZMAError) as error:
                raise ImageProblem(where, "compression", {"form": form, "near": at, "reason": str(error)}) from None
            if piece:
                yield piece
        at -= len(inflate.unused_data)
