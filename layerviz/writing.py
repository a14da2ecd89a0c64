"""Files written whole or not at all."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO


@contextmanager
def whole(file: str, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A new file that takes the place of `file` when the block ends well, and leaves nothing behind when it does not;
    `durable` ones survive a loss of power.

    A symlink keeps pointing where it did; a device or pipe is written directly. Raises the system's own `OSError`.
    """
    target = os.path.realpath(file)
    if os.path.exists(target) and not stat.S_ISREG(os.stat(target).st_mode):
        with open(target, "wb") as straight:
            yield straight
        return
    folder, name = os.path.split(target)
    # Cut, so that a name of the longest length still has room for the ending.
    part = os.path.join(folder, f".{name[:40]}.{os.urandom(6).hex()}.part")
    try:
        with open(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "wb") as new:
            yield new
            if durable:
                new.flush()
                os.fsync(new.fileno())
        os.replace(part, target)
    except BaseException:
        if os.path.lexists(part):
            os.unlink(part)
        raise
    if durable:
        _settle(folder)


def reason(error: OSError) -> str:
    """Why a file could not be written, as the key of a sentence: "disk_full", "not_allowed", "no_folder", "is_folder",
    or "cannot_write" for all else."""
    return {
        errno.ENOSPC: "disk_full",
        errno.EDQUOT: "disk_full",
        errno.EFBIG: "disk_full",
        errno.EACCES: "not_allowed",
        errno.EPERM: "not_allowed",
        errno.EROFS: "not_allowed",
        errno.ENOENT: "no_folder",
        errno.ENOTDIR: "no_folder",
        errno.EISDIR: "is_folder",
    }.get(error.errno or 0, "cannot_write")


def _settle(folder: str) -> None:
    """The folder's own entry reaches the disk too, where the system can do that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder or ".", os.O_RDONLY)
    try:
        # Some network file systems refuse to sync a folder; the file itself is safe.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
