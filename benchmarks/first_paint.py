"""From the command to the first paint of the home page with the cards' texts: at most 1.5 times a bare PySide6 window;
all thumbnails in sight at most 0.5 s later, and no turn of the event loop longer than 0.1 s.

Each start is a process of its own, the two kinds in turn, on a virtual X display where there is Xvfb. The very first
start, which finds nothing kept of an earlier one, is measured by itself, with bytecode at hand as in any other. Each
figure is a median of processor time, which on an idle machine is nearly all the time that it takes: one thread does
everything. What the clock said stands beside it.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks._limits import Row, told
from benchmarks._starts import own_folders
from tools.look_windows import virtual_display

STARTS = 15
FIRST_STARTS = 5
MAX_RATIO = 1.5
MAX_THUMBNAILS_MS = 500.0
MAX_HELD_UP_MS = 100.0


def main() -> int:
    return told(measured())


def measured() -> Iterator[Row]:
    """Starts both kinds of window some times and compares the medians."""
    has_display = shutil.which("Xvfb") is not None
    with (
        virtual_display(1920, 1080) if has_display else nullcontext("") as display,
        tempfile.TemporaryDirectory() as home,
    ):
        environment = own_folders(home)
        environment |= (
            {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"} if has_display else {"QT_QPA_PLATFORM": "offscreen"}
        )
        Path(environment["LAYERVIZ_CONFIG"]).mkdir()
        Path(environment["LAYERVIZ_CONFIG"], "settings.json").write_text('{"started": true}', encoding="utf-8")
        # The first of each pays for a cold disk, and makes the bytecode.
        pairs = [(started("bare", environment), started("home", environment)) for _ in range(STARTS + 1)][1:]
        firsts = [started("home", environment) for _ in range(FIRST_STARTS) if forgotten(environment)]
    bare, ours = [one for one, _ in pairs], [one for _, one in pairs]
    worked, peer = median(one.worked for one in ours), median(one.worked for one in bare)
    clock = median(one.painted for one in ours) / median(one.painted for one in bare)
    said = f"{worked:.0f} ms to {peer:.0f} ms; {clock:.2f} × by the clock"
    yield Row("first paint against a bare window", worked / peer, MAX_RATIO, "×", said)
    for name, starts in (("", ours), (", very first start", firsts)):
        last, held = median(one.thumbnails for one in starts), median(one.held_up for one in starts)
        said = f"{median(one.waited for one in starts):.0f} ms by the clock"
        yield Row(f"first paint to last thumbnail{name}", last, MAX_THUMBNAILS_MS, "ms", said)
        yield Row(f"longest turn of the event loop until then{name}", held, MAX_HELD_UP_MS, "ms")


def forgotten(environment: dict[str, str]) -> bool:
    """Takes away what earlier starts have kept."""
    shutil.rmtree(environment["LAYERVIZ_CACHE"], ignore_errors=True)
    return True


class Start(NamedTuple):
    """In ms: from the command to the first paint by the clock and in processor time; from there to the last thumbnail
    by the clock and in processor time, and the processor time of the longest turn of the event loop on that way."""

    painted: float
    worked: float
    waited: float = 0.0
    thumbnails: float = 0.0
    held_up: float = 0.0


def started(kind: str, environment: dict[str, str]) -> Start:
    """A start of this kind, in a process of its own."""
    begin = time.time()
    command = [sys.executable, "-c", f"from benchmarks import _windows; _windows.start_{kind}()"]
    said = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    painted, worked, *rest = (float(word) for word in said.split())
    return Start((painted - begin) * 1000, worked * 1000, *(one * 1000 for one in rest))


if __name__ == "__main__":
    sys.exit(main())
