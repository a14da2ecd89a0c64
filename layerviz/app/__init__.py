"""The window: home, lessons, build, full screen, export. `main(argv)` opens it and answers with the exit status.

Qt lives here and holds no truth: widgets show a `World` and send commands."""

from collections.abc import Sequence


def main(argv: Sequence[str] = ()) -> int:
    """Opens the window, at the lesson that `argv` names if it names one; returns when it is closed."""
    from layerviz.app import pyside

    pyside.load()
    from layerviz.app.start import run

    return run(list(argv))
