"""Loading what a click will need while nobody waits: module by module, each short enough not to be felt."""

import gc
import importlib
import sys
import threading

from PySide6.QtCore import QObject, QTimer

from layerviz.app.tokens import load_faces

FOR_PICTURES = (
    "layerviz.engine.merge",
    "layerviz.engine.digests",
    "layerviz.engine.apply",
    "layerviz.lessons.loading",
    "layerviz.shell.grammar",
    "layerviz.shell.interpreter",
    "layerviz.shell.run",
    "layerviz.picture.shapes",
    "layerviz.picture.layout",
    "layerviz.picture.choreograph",
    "layerviz.lessons.playing",
    "layerviz.picture.paint",
    "layerviz.lessons.stage",
    "layerviz.app.home_scenes",
)
STEPS = (
    *FOR_PICTURES,
    "layerviz.shell.complete",
    "layerviz.app.stage",
    "layerviz.app.player",
    "layerviz.images.ports",
    "layerviz.app.build",
    "layerviz.images.opening",
    "layerviz.engine.waste",
    "layerviz.app.explore",
)
FIRST_MS, GAP_MS = 900, 40


def load_one(modules: tuple[str, ...]) -> bool:
    """Loads the first of `modules` that is not loaded yet; False where all are."""
    missing = next((name for name in modules if name not in sys.modules), None)
    if missing is not None:
        importlib.import_module(missing)
    return missing is not None


class Warming(QObject):
    """Begins a moment after the window is shown, and ends by itself."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)

    def start(self) -> None:
        self._timer.start(FIRST_MS)

    def _next(self) -> None:
        load_faces()
        if load_one(STEPS):
            self._timer.start(GAP_MS)
        else:
            # networkx is one large step, taken beside the window.
            threading.Thread(target=importlib.import_module, args=("layerviz.engine.graph",), daemon=True).start()
            # All that is loaded stays: no collection need look through it again.
            gc.freeze()
            gc.enable()
