"""The window: home, lessons, build, explore, full screen, export. `main()` opens it and answers with the exit status.

Qt lives here and holds no truth: widgets show a `World` and send commands."""


def main(lesson: str = "", image: str = "") -> int:
    """Opens the window, at a lesson by its id or at an image by its reference; returns when it is closed."""
    from layerviz.app import pyside

    pyside.load()
    from layerviz.app.start import run

    return run(lesson, image)
