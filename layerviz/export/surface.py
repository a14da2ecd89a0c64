"""Qt without a window: what painting needs to exist before it can begin."""

import os

from PySide6.QtCore import QHashSeed
from PySide6.QtGui import QGuiApplication

_kept: list[QGuiApplication] = []


def ready() -> None:
    """Makes sure that there is an application to paint with; without one, one that needs no display."""
    if QGuiApplication.instance() is not None:
        return
    # The order of a PDF's objects follows Qt's hashes; with one seed, a file has the same bytes each time.
    QHashSeed.setDeterministicGlobalSeed()
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
    _kept.append(QGuiApplication(["layerviz", "-platform", "offscreen"]))
