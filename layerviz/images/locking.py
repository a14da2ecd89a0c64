"""Locks between processes that write to the same place. They end with the process, however it ends."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_BETWEEN_S = 0.05


def try_lock(descriptor: int) -> bool:
    """Whether what is open there is locked for this process now; False where another has it. Raises `OSError` where
    the system cannot lock it."""
    try:
        try:
            import fcntl
        except ImportError:
            import msvcrt

            # Bytes are locked from where the file stands, and they need not be there.
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore] # Windows only
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        # The latter is what Windows says.
        return False
    return True


@contextmanager
def alone(folder: str, waiting: Callable[[], object]) -> Iterator[None]:
    """No other layerviz writes to `folder` meanwhile. `waiting` is called as long as one does, and what it raises ends
    the waiting. Where nothing can be locked it goes on without."""
    # Windows opens no folder, and over a network nothing is locked that is open for reading only (flock(2), "NFS").
    beside = f"{os.path.realpath(folder)}.lock"
    for name, how in ((folder, os.O_RDONLY), (beside, os.O_RDWR | os.O_CREAT)):
        with suppress(OSError):
            descriptor = _locked(name, how, waiting)
            break
    else:
        yield
        return
    try:
        yield
    finally:
        gone = name != beside or _removed(beside)
        os.close(descriptor)
        if not gone:
            _removed(beside)


def _locked(name: str, how: int, waiting: Callable[[], object]) -> int:
    """The descriptor that holds the lock. Raises `OSError`."""
    while True:
        descriptor = os.open(name, how, 0o666)
        try:
            while not try_lock(descriptor):
                waiting()
                time.sleep(_BETWEEN_S)
            # Whoever had it may have taken it away, and others lock another by now.
            if os.path.exists(name) and os.path.samestat(os.fstat(descriptor), os.stat(name)):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _removed(file: str) -> bool:
    """Windows removes nothing that anybody has open: there it stays for whoever waits, who removes it."""
    with suppress(OSError):
        os.unlink(file)
        return True
    return False
