"""Loading what a click will need while nobody waits: module by module, each short enough not to be felt."""

import gc
import importlib

from PySide6.QtCore import QObject, QTimer

from layerviz.app.tokens import load_faces

STEPS = (
    "layerviz.engine.merge",
    "layerviz.engine.digests",
    "layerviz.engine.apply",
    "layerviz.lessons.loading",
    "layerviz.shell.grammar",
    "layerviz.shell.interpreter",
    "layerviz.shell.run",
    "layerviz.shell.complete",
    "layerviz.lessons.playing",
    "layerviz.picture.layout",
    "layerviz.picture.choreograph",
    "layerviz.picture.paint",
    "layerviz.lessons.stage",
    "layerviz.app.stage",
    "layerviz.app.player",
    "layerviz.images.ports",
    "layerviz.app.build",
)
FIRST_MS, GAP_MS = 900, 40


class Warming(QObject):
    """Begins a moment after the window is shown, and ends by itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._left = list(STEPS)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)

    def start(self) -> None:
        self._timer.start(FIRST_MS)

    def _next(self) -> None:
        load_faces()
        if self._left:
            importlib.import_module(self._left.pop(0))
            self._timer.start(GAP_MS)
        else:
            # All that is loaded stays: no collection need look through it again.
            gc.freeze()
            gc.enable()
