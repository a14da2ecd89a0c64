"""Children that are copies of this process: they begin at once, and with all that is loaded.

Only a process of one thread may be copied, for nobody would ever release what others hold just then; on systems other
than Linux libraries have such threads unseen. There children are programs of their own (`children`).
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

Work = Callable[[IO[bytes], IO[bytes]], None]
"""(what the parent says, what it hears)."""


def can_fork() -> bool:
    """Whether this is a system and a moment for it."""
    if sys.platform != "linux" or threading.active_count() != 1:
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:
        return False


def cores() -> int:
    """How many processes can work at the same time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Fork:
    """A child that does `work` and ends, as `subprocess.Popen` shows one. Raises `OSError` where none can be had."""

    def __init__(self, work: Work) -> None:
        self.returncode: int | None = None
        heard, said = os.pipe()
        hears, says = os.pipe()
        try:
            self.pid = os.fork()
        except OSError:
            for end in (heard, said, hears, says):
                os.close(end)
            raise
        if not self.pid:
            _run(work, heard, says, (said, hears))
        os.close(heard)
        os.close(says)
        self.stdin: IO[bytes] = os.fdopen(said, "wb")
        self.stdout: IO[bytes] = os.fdopen(hears, "rb")
        _living.append(self)

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self.returncode is None:
            _, status = os.waitpid(self.pid, 0)
            self.returncode = os.waitstatus_to_exitcode(status)
            _living.remove(self)
        return self.returncode


def helper(work: Work) -> Fork | None:
    """A child that does `work` on a core of its own; None where none can be had."""
    if cores() >= 2 and can_fork():
        with suppress(OSError):
            return Fork(work)
    return None


_living: list[Fork] = []


def _run(work: Work, heard: int, says: int, others: tuple[int, int]) -> None:
    """Does the work of a child, which never goes on as its parent would."""
    status = 1
    try:
        for end in others:
            os.close(end)
        for other in _living:
            # Nobody but the parent may hold these, or the other child would not see that it has ended.
            for pipe in (other.stdin, other.stdout):
                with suppress(OSError):
                    os.close(pipe.fileno())
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stderr__.fileno() if sys.__stderr__ else 2)
        with open(heard, "rb") as hearing, open(says, "wb") as saying:
            work(hearing, saying)
        status = 0
    finally:
        os._exit(status)
