"""Programs of our own that work beside this one: how they are started, and how any child is ended."""

import sys
from contextlib import suppress
from typing import IO, Protocol

_PROGRAM = """import os, sys
sys.path[:] = {path!r}
if hasattr(os, "nice"):
    os.nice({nice})
from {module} import main
main()"""


class Child(Protocol):
    """What hears and says bytes: a program, or a copy of this process (`forking`)."""

    @property
    def stdin(self) -> IO[bytes] | None: ...

    @property
    def stdout(self) -> IO[bytes] | None: ...

    @property
    def returncode(self) -> int | None: ...

    def kill(self) -> None: ...

    def wait(self) -> int: ...


def can_start() -> bool:
    """Whether a program can be started: one packed into a single file is no interpreter."""
    return bool(sys.executable) and not getattr(sys, "frozen", False)


def started(module: str, nice: int) -> Child:
    """A program that runs `main` of `module`. Whoever starts one, not a copy, has threads: a window, and that goes by
    `nice` before what it waits for. Raises `OSError`."""
    # Where copies can be had it is not needed.
    import subprocess

    # Without `site`: all paths are known here.
    command = [sys.executable, "-S", "-c", _PROGRAM.format(path=sys.path, nice=nice, module=module)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def end(child: Child) -> None:
    """Ends a child, whatever it does."""
    child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            # What was on its way to it does not arrive.
            with suppress(OSError):
                pipe.close()
    child.wait()
