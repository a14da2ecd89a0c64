"""Opens the app. Nothing of the command line's own is loaded for it, which would be felt before the window comes."""

import gc
import signal

from layerviz.cli.display import require_display


def open_window(lesson: str = "", image: str = "") -> int:
    """The app, at that lesson, that image or at its home page; the status to end with when the window is closed.

    Raises `DisplayError` where no window can open.
    """
    # Until the window stands nothing becomes garbage; what looks for it would look through all that is loaded.
    gc.disable()
    require_display()
    # While Qt waits, no Python runs that could hear Ctrl+C in the terminal. Work is saved as it changes, so it may end.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from layerviz import app

    return app.main(lesson, image)
