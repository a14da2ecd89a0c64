"""The two windows that are compared, each started in a process of its own that loads nothing else.

They print the time of the first paint and the processor time until then; the home page also how long it took from there
to the last thumbnail in sight, by the clock and in processor time, and that of the longest turn of the event loop on
that way; all in seconds.
"""

import sys
import time
from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget


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
    """The home page, by what `layerviz` does; where it would wait for the person, it is watched."""
    from layerviz.app import pyside

    load = pyside.load

    def watch(application: "QApplication") -> int:
        from layerviz.app.window import Window

        window = next(one for one in application.topLevelWidgets() if isinstance(one, Window))
        _tell_when_painted(application, list(window.home.cards.values()))
        _wait(application, lambda: not _unpainted)
        from layerviz.app.thumbnail import Thumbnail

        began, worked = time.time(), time.process_time()
        in_sight = [one for one in window.findChildren(Thumbnail) if not one.visibleRegion().isEmpty()]
        assert len(in_sight) > 3
        held_up = _wait(application, lambda: all(one.is_drawn for one in in_sight))
        print(time.time() - began, time.process_time() - worked, held_up)
        return 0

    def load_and_watch() -> None:
        load()
        from PySide6.QtWidgets import QApplication

        QApplication.exec = watch  # type: ignore[method-assign,assignment] # the one place where the program waits

    # PySide is loaded by the program itself, as in every start of it.
    pyside.load = load_and_watch
    from layerviz.cli.opening import open_window

    open_window()


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
                    print(time.time(), time.process_time(), flush=True)
            return False

    _unpainted.update(map(id, widgets))
    watch = Watch()
    _kept.extend([watch, widgets])
    for widget in widgets:
        widget.installEventFilter(watch)


def _wait(application: "QApplication", done: Callable[[], bool]) -> float:
    """Lets the window go on until `done`; the processor time of the longest turn of its event loop, in seconds."""
    end, longest = time.monotonic() + 30, 0.0
    while not done():
        assert time.monotonic() < end, "nothing was painted"
        began = time.process_time()
        application.processEvents()
        longest = max(longest, time.process_time() - began)
    return longest
