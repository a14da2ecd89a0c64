"""A window that opens an image and is watched while it does, in a process of its own.

It prints a JSON object: `paints`, how long each paint of the stage took, and `turns`, of each frame what was on then,
how long after the one before it came, and how much of that its thread was at work; all in ms.
"""

import json
import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from layerviz.app.explore import Explore
from layerviz.app.stage import Stage
from layerviz.app.start import make_window

FRAME_MS = 16
PATIENCE_MS = 120_000


def main(file: str) -> None:
    """Opens `file`, repaints the stage at every frame, and ends once all is found out about the image."""
    application = QApplication(sys.argv[:1])
    paints: list[float] = []
    paint = Stage.paintEvent

    def watched(stage: Stage, event: QPaintEvent) -> None:
        began = time.perf_counter()
        paint(stage, event)
        paints.append((time.perf_counter() - began) * 1000)

    Stage.paintEvent = watched  # type: ignore[method-assign,assignment] # what is measured, where it happens
    window = make_window(application)
    window.resize(1440, 900)
    window.show()
    window.show_page("explore")
    explore = window.explore
    turns: list[tuple[str, float, float]] = []
    clock, worked = QElapsedTimer(), time.thread_time()

    def turn() -> None:
        nonlocal worked
        now = time.thread_time()
        turns.append((phase(explore), clock.nsecsElapsed() / 1e6, (now - worked) * 1000))
        clock.restart()
        worked = now
        explore.stage.update()
        if (len(turns) > 2 and is_over(explore)) or sum(one[1] for one in turns) > PATIENCE_MS:
            application.quit()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(FRAME_MS)
    timer.timeout.connect(turn)

    def begin() -> None:
        paints.clear()
        window.open_image(file)
        clock.start()
        timer.start()

    # What the window does to get ready for clicks is not what is measured.
    QTimer.singleShot(3000, begin)
    application.exec()
    explore.stop()
    print(json.dumps({"paints": paints, "turns": turns}), flush=True)


def phase(explore: Explore) -> str:
    """What is on: "reading", then "facts" while anything is found out about the image that stands."""
    return "reading" if explore.image is None else "facts"


def is_over(explore: Explore) -> bool:
    return explore.image is not None and not explore.is_finding_out


if __name__ == "__main__":
    main(sys.argv[1])
