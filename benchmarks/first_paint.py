"""From the command to the first paint of the home page with the cards' texts: at most 1.5 times a bare PySide6 window;
all thumbnails in sight at most 0.5 s later.

Each start is a process of its own, the two kinds in turn, on a virtual X display where there is Xvfb.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from tools.look_windows import virtual_display

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

STARTS = 9
MAX_RATIO = 1.5
MAX_THUMBNAILS_S = 0.5


def main() -> int:
    """Start both kinds of window some times and compare the medians."""
    import statistics

    has_display = shutil.which("Xvfb") is not None
    with (
        virtual_display(1920, 1080) if has_display else nullcontext("") as display,
        tempfile.TemporaryDirectory() as home,
    ):
        (Path(home) / "settings.json").write_text('{"started": true}', encoding="utf-8")
        environment = {**os.environ, "LAYERVIZ_CONFIG": home, "XDG_DATA_HOME": home}
        environment |= (
            {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"} if has_display else {"QT_QPA_PLATFORM": "offscreen"}
        )
        # The first of each pays for a cold disk.
        times = [(started("bare", environment), started("home", environment)) for _ in range(STARTS + 1)][1:]
    bare = statistics.median(stamps[0] for stamps, _ in times)
    ours = statistics.median(stamps[0] for _, stamps in times)
    thumbnails = statistics.median(stamps[1] - stamps[0] for _, stamps in times)
    print(f"bare window {bare * 1000:.0f} ms, home page {ours * 1000:.0f} ms")
    print(f"{ours / bare:.2f} times as long (at most {MAX_RATIO})")
    print(f"thumbnails in sight {thumbnails * 1000:.0f} ms later (at most {MAX_THUMBNAILS_S * 1000:.0f})")
    return 0 if ours / bare <= MAX_RATIO and thumbnails <= MAX_THUMBNAILS_S else 1


def started(kind: str, environment: dict[str, str]) -> list[float]:
    """Seconds from the command to each thing that a start of this kind tells of."""
    begin = time.time()
    command = [sys.executable, "-m", "benchmarks.first_paint", kind]
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return [float(stamp) - begin for stamp in said.split()]


def start_bare() -> None:
    """A window with one label."""
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    label = QLabel("layerviz")
    window.setCentralWidget(label)
    window.resize(1440, 900)
    _tell_when_painted(application, [label])
    window.show()
    _wait(application, lambda: not _unpainted)


def start_home() -> None:
    """The home page, by what `layerviz` calls."""
    from layerviz.cli.display import require_display

    require_display()
    from PySide6.QtWidgets import QApplication

    from layerviz.app.start import make_window
    from layerviz.app.thumbnail import Thumbnail

    application = QApplication(sys.argv[:1])
    window = make_window(application)
    _tell_when_painted(application, list(window.home.cards.values()))
    window.show()
    _wait(application, lambda: not _unpainted)
    in_sight = [one for one in window.findChildren(Thumbnail) if not one.visibleRegion().isEmpty()]
    assert len(in_sight) > 3
    _wait(application, lambda: all(one.is_drawn for one in in_sight))
    print(time.time())


_unpainted: set[int] = set()
_kept: list[object] = []


def _tell_when_painted(application: "QApplication", widgets: "list[QWidget]") -> None:
    """Print the time when all of `widgets` have been painted."""
    from PySide6.QtCore import QEvent, QObject

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and id(watched) in _unpainted:
                _unpainted.discard(id(watched))
                if not _unpainted:
                    print(time.time(), flush=True)
            return False

    _unpainted.update(map(id, widgets))
    watch = Watch()
    _kept.extend([watch, widgets])
    for widget in widgets:
        widget.installEventFilter(watch)


def _wait(application: "QApplication", done: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end, "nothing was painted"
        application.processEvents()


if __name__ == "__main__":
    kinds = {"bare": start_bare, "home": start_home}
    if len(sys.argv) > 1:
        kinds[sys.argv[1]]()
    else:
        sys.exit(main())
