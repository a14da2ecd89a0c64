"""10,000 typed commands in the undo history of the page Build: memory at most 100 MB, any jump within 50 ms.

A jump is all that the page does: the world of another moment, its picture for the stage, every pane, one paint of the
window. Processor time is measured, and of two rounds of the same jumps each one's shorter time, so that a busy machine
counts little. Between its two times lie more jumps than the engine remembers stacks.
"""

import gc
import os
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks._limits import Row, told
from benchmarks._starts import own_folders

if TYPE_CHECKING:
    from layerviz.app.build import Build

COMMANDS = 10_000
FOLDERS = 30
MAX_BYTES = 100_000_000
MAX_JUMP_MS = 50.0
JUMPS, ROUNDS = 200, 2


def main() -> int:
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(own_folders(home))
        return told(measured())


def measured() -> Iterator[Row]:
    from layerviz.app.session import Session, empty
    from layerviz.shell import run_script

    def ran(session: Session, command: str) -> Session:
        results = run_script(session.world, command)
        assert not any(result.status for result in results), (command, results[-1].stderr)
        return session.ran(command, results)

    tracemalloc.start()
    session = empty()
    for command in beginning():
        session = ran(session, command)
    before = tracemalloc.get_traced_memory()[0]
    for number in range(COMMANDS):
        session = ran(session, command_of(number))
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    yield Row(f"Build: {COMMANDS:,} commands of undo", used / 1e6, MAX_BYTES / 1e6, "MB")
    times = sorted(map(min, *jumps(session)))
    slow, middle = times[int(len(times) * 0.95)], times[len(times) // 2]
    peer = f"median {middle:.1f} ms, longest {times[-1]:.0f} ms"
    yield Row("Build: 95 of 100 jumps in them, with picture, panes and paint", slow, MAX_JUMP_MS, "ms", peer)


def beginning() -> Iterator[str]:
    yield "mkdir a " + " ".join(f"d{number}" for number in range(FOLDERS))
    yield from (f"echo 'File {number}' > a/file{number}" for number in range(1, 7))
    yield "printf 'FROM alpine\\nCOPY a/ /files/\\n' > Dockerfile"
    yield "docker build -t six ."
    yield "docker run -dit --name c1 six"


def command_of(number: int) -> str:
    """Files of your computer, and files made, changed and read-only ones made in a container."""
    match number % 10:
        case 0:
            return f"docker exec c1 mkdir -p /d{number % FOLDERS}/s{number}"
        case 7:
            return f"docker exec c1 sh -c 'echo new >> /files/file{number % 6 + 1}'"
        case 8:
            return f"docker exec c1 chmod {(600, 640, 644)[number % 3]} /files/file{number % 6 + 1}"
        case 9:
            return f"docker exec c1 touch /files/new{number % 600}"
        case _:
            return f"echo 'File {number}' > d{number % FOLDERS}/file{number}"


def jumps(session: "object") -> list[list[float]]:
    """How long each of some jumps takes, in ms, in every round."""
    from layerviz.app.session import Session
    from layerviz.app.start import make_window

    assert isinstance(session, Session)
    application = QApplication(sys.argv[:1])
    window = make_window(application)
    window.resize(1920, 1080)
    window.show_page("build")
    window.show()
    build = window.build
    # What a jump keeps of the build on disk waits for the disk.
    build.kept.disconnect()
    build.start(session)
    settle(application)
    gc.collect()
    gc.freeze()
    drawing = random.Random(1)
    places = [drawing.randrange(1, COMMANDS) for _ in range(JUMPS)]
    return [[timed(build, at, application) for at in places] for _ in range(ROUNDS)]


def timed(build: "Build", at: int, application: QApplication) -> float:
    began = time.process_time()
    build.jump(at)
    application.processEvents()
    return (time.process_time() - began) * 1000


def settle(application: QApplication) -> None:
    end = time.monotonic() + 1
    while time.monotonic() < end:
        application.processEvents()


if __name__ == "__main__":
    sys.exit(main())
