"""Where downloads are kept: blobs by digest, `<cache>/blobs/sha256/<hex>`, read-only, whole and verified.

A blob that was held against its digest is read-only and has one certain time of change, which is not that of whoever
writes to it later: then it is held against it again before it is used, and brought again if it has become another.
What is half there ends in ".part" and is gone on with the next time. All of it is safe to delete, at any time, as long
as nobody looks at an image from it; it is kept below `LIMIT_BYTES` by deleting what was used longest ago.
"""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from layerviz import kept
from layerviz.images.locking import try_lock
from layerviz.images.problems import ImageProblem

LIMIT_BYTES = 10 << 30
IN_USE_S = 24 * 3600
"""What was used so lately may still be looked at."""
_PART = ".part"
_VERIFIED_NS = 1_000_000_000 * 10**9
"""The time of change of blobs that were held against their digests: in whole and even seconds, as all disks can."""


class Part(NamedTuple):
    """A file that is being filled, open for reading and writing, and locked: nobody else writes to it."""

    file: Path
    stream: BinaryIO


def downloads() -> tuple[Path, Path]:
    """The folders that hold them: of blobs, and of archives from engines."""
    return kept.folder() / "blobs", kept.folder() / "engines"


def blob_file(digest: str) -> Path:
    """The file of a blob, there or not. `digest` must be one (`manifests.require_digest`)."""
    kind, _, digits = digest.partition(":")
    return downloads()[0] / kind / digits


def is_verified(file: Path) -> bool:
    """Whether a blob is as it was when it was held against its digest. Raises `OSError` where it is not there."""
    status = file.stat()
    return status.st_mtime_ns == _VERIFIED_NS and not status.st_mode & 0o222


_held_here: set[Path] = set()
"""Blobs that this process has held against their digests."""


def verified(file: Path) -> None:
    """It was held against its digest."""
    _held_here.add(file)
    os.utime(file, ns=(time.time_ns(), _VERIFIED_NS))
    os.chmod(file, 0o444)


def doubt(file: Path) -> bool:
    """What was read there is damaged: a blob is held against its digest before it is used again. Whether that may
    help: what this process has held against it was sent like that."""
    if downloads()[0] not in file.parents:
        return False
    # Whoever looks at it goes on doing so: neither bytes nor time of change are others.
    with suppress(OSError):
        os.chmod(file, 0o644)
    return file not in _held_here


def forget(file: Path) -> None:
    """A blob that has become another. Raises `OSError`."""
    # Windows deletes nothing that is read-only.
    os.chmod(file, 0o600)
    file.unlink()


def small(digest: str, limit_bytes: int) -> bytes | None:
    """A small blob that is there: a manifest. What it holds is checked by whoever asks."""
    file = blob_file(digest)
    with suppress(OSError):
        if kept.use(file) and file.stat().st_size <= limit_bytes:
            return file.read_bytes()
    return None


def keep_small(digest: str, data: bytes) -> None:
    """Keeps it for `small`, if that can be done."""
    with suppress(OSError):
        kept.write_whole(blob_file(digest), data)
        os.chmod(blob_file(digest), 0o444)


@contextmanager
def part_of(file: Path) -> Iterator[Part]:
    """The file that is to become `file`: the one that an earlier download left, or a private one if another process is
    filling that just now. It stays if the block ends with an error, so that the next download can go on with it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shared = file.with_name(file.name + _PART)
    stream = _locked(shared)
    part = Part(shared, stream) if stream else _private(file)
    try:
        yield part
    finally:
        part.stream.close()
        if part.file != shared:
            with suppress(OSError):
                part.file.unlink()


def keep(part: Part, file: Path) -> None:
    """`part`, whole, becomes `file`."""
    _settle(part)
    try:
        os.replace(part.file, file)
    except OSError:
        # Another process was as fast, and on Windows what it has open is not replaced.
        if not file.is_file():
            raise


def keep_blob(part: Part, file: Path) -> None:
    """`part`, which has the digest, becomes the blob `file`, unless another process has brought it meanwhile: whoever
    looks at that finds it unchanged."""
    part.stream.flush()
    os.utime(part.file, ns=(time.time_ns(), _VERIFIED_NS))
    _settle(part)
    try:
        # Other than a rename it takes nothing away.
        os.link(part.file, file)
    except OSError:
        # There is one, or the disk knows no links.
        if not (file.exists() and is_verified(file)):
            os.replace(part.file, file)
    with suppress(OSError):
        part.file.unlink()
    _held_here.add(file)


def _settle(part: Part) -> None:
    """All of it is on the disk, and it is read-only."""
    part.stream.flush()
    os.fsync(part.stream.fileno())
    os.chmod(part.file, 0o444)
    # Windows renames no open file; the lock ends here, but what is renamed is whole.
    part.stream.close()


@contextmanager
def on_this_disk(file: Path) -> Iterator[None]:
    """What this machine's own disk refuses, as a problem with the cache."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ImageProblem(error.filename or file, "cache_not_written", {"reason": reason}) from None


def trim() -> None:
    """Deletes what was used longest ago until no more than `LIMIT_BYTES` are left; nothing that may be in use."""
    kept.trim(downloads(), LIMIT_BYTES, in_use_s=IN_USE_S)


def _private(file: Path) -> Part:
    own = file.with_name(f".{file.name}.{secrets.token_hex(6)}{_PART}")
    return Part(own, open(own, "x+b"))


def _locked(file: Path) -> BinaryIO | None:
    """`file`, made where it is missing; None where another has it. The lock ends with the process, however it ends."""
    with suppress(OSError):
        # A process that ended just before it was renamed has left it read-only.
        os.chmod(file, 0o644)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
    stream = os.fdopen(descriptor, "r+b")
    try:
        if try_lock(stream.fileno()) and os.fstat(stream.fileno()).st_ino == file.stat().st_ino:
            return stream
    except OSError:
        # It has become the whole blob in this very moment.
        pass
    stream.close()
    return None
