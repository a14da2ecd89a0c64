"""Draws the small pictures of a first start into `assets/thumbnails`, by the home page itself.

    python -m tools.thumbnails

A first start finds nothing kept of an earlier one, and playing all lessons takes a second. So the pictures are made
beforehand, where layerviz is set up and where its wheel is built. A picture that is not of this very lesson and painter
is not taken at the start, but drawn; done again when anything has changed that a picture is made of.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

WINDOWS = {1: ((1440, 900), (1366, 768), (1280, 720), (1920, 1080)), 2: ((1440, 900),)}
"""By the screen's scale. From 1440 px on the home page has cards of one size, unless they are 1000 px high."""
THEMES = ("dark", "light")


def main() -> int:
    """Draws what is missing."""
    from layerviz.app.small_pictures import fingerprint
    from layerviz.resources import assets

    place = assets() / "thumbnails"
    made_of = place / "made-of"
    with tempfile.TemporaryDirectory() as home:
        os.environ["LAYERVIZ_CACHE"] = home
        if made_of.exists() and made_of.read_text() == fingerprint():
            return 0
        # Those that still fit would be taken, not drawn.
        shutil.rmtree(place, ignore_errors=True)
        for scale in WINDOWS:
            command = [sys.executable, "-c", f"from tools import thumbnails; thumbnails.draw_all({scale})"]
            environment = _environment(Path(home), scale)
            subprocess.run(command, env=environment, check=True, cwd=Path(__file__).parents[1])
        shutil.copytree(Path(home, "thumbnails"), place)
        made_of.write_text(fingerprint())
    print(f"{len(list(place.glob('*.png')))} small pictures drawn")
    return 0


def draw_all(scale: int) -> None:
    """Those of the scale that this process draws at, in all windows and themes."""
    from PySide6.QtWidgets import QApplication

    from layerviz.app.home import Home
    from layerviz.app.look import Look
    from layerviz.app.thumbnail import Thumbnail, busy
    from layerviz.app.tokens import load_faces
    from layerviz.lessons.progress import Progress

    application = QApplication(["layerviz"])
    load_faces()
    for theme in THEMES:
        for size in WINDOWS[scale]:
            home = Home(Look(theme, "en"), Progress.open())
            home.resize(*size)
            home.show()
            application.processEvents()
            for one in home.findChildren(Thumbnail):
                # Also what one has to scroll to.
                one.forget()
            while busy():
                application.processEvents()
            home.deleteLater()


def _environment(home: Path, scale: int) -> dict[str, str]:
    own = {f"LAYERVIZ_{name}": str(home / name.lower()) for name in ("CONFIG",)}
    return {
        **os.environ,
        **own,
        "LAYERVIZ_CACHE": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(scale),
        # That it knows no hints of sizes.
        "QT_LOGGING_RULES": "*.warning=false",
    }


if __name__ == "__main__":
    sys.exit(main())
