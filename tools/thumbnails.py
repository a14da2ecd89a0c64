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

WINDOWS = ((1440, 900), (1280, 720))
"""The home page has cards of one size from 1440 px on."""
THEMES = ("dark", "light")
SCALES = (1, 2)


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
        for scale in SCALES:
            command = [sys.executable, "-c", "from tools import thumbnails; thumbnails.draw_all()"]
            environment = _environment(Path(home), scale)
            subprocess.run(command, env=environment, check=True, cwd=Path(__file__).parents[1])
        shutil.copytree(Path(home, "thumbnails"), place)
        made_of.write_text(fingerprint())
    print(f"{len(list(place.glob('*.png')))} small pictures drawn")
    return 0


def draw_all() -> None:
    """Those of this process's scale, in all windows and themes."""
    from PySide6.QtWidgets import QApplication

    from layerviz.app.home import Home
    from layerviz.app.look import Look
    from layerviz.app.thumbnail import busy
    from layerviz.app.tokens import load_faces
    from layerviz.lessons.progress import Progress

    application = QApplication(["layerviz"])
    load_faces()
    for theme in THEMES:
        for size in WINDOWS:
            home = Home(Look(theme, "en"), Progress.open())
            home.resize(*size)
            home.show()
            application.processEvents()
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
