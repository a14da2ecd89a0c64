"""Photographs of the real windows: opened on virtual displays of three sizes, in two themes and both languages.

    python -m tools.look_windows FOLDER             all of them; needs Xvfb
    python -m tools.look_windows FOLDER THEME LANG  those of one theme and language, on the display there is

A scene brings the window to where it is interesting by what its pages offer, and the screen is photographed: what
stands on it is what a person sees, focus rings and shadows included.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layerviz.app.window import Window

SIZES = ((1024, 640), (1280, 720), (1920, 1080))
THEMES = ("dark", "light")
LANGUAGES = ("en", "zh_CN")
LESSON = "two-layers-six-files"
_SETTLE_MS = 900
"""After a scene is set: thumbnails are drawn, a short motion of the window itself has ended."""


def photograph_all(folder: Path) -> None:
    """Write `SIZE-THEME-LANG-SCENE.png` for every combination into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        try:
            with virtual_display(width, height) as display:
                for theme in THEMES:
                    for lang in LANGUAGES:
                        _in_child(folder, theme, lang, display)
        except FileNotFoundError:
            print("SKIPPED: pictures of the windows, for Xvfb is not installed here", file=sys.stderr)
            return


@contextmanager
def virtual_display(width: int, height: int) -> Iterator[str]:
    """The name of an X display of that size. Raises `FileNotFoundError` where there is no Xvfb."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        with os.fdopen(read, "rb") as answer:
            yield f":{int(answer.readline())}"
    finally:
        server.terminate()
        server.wait()


def _in_child(folder: Path, theme: str, lang: str, display: str) -> None:
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    subprocess.run([sys.executable, "-m", "tools.look_windows", str(folder), theme, lang], env=environment, check=True)


def photograph(folder: Path, theme: str, lang: str) -> None:
    """Every scene, on the display there is, each in a window and with a memory of its own."""
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from layerviz.app.start import make_window

    application = QApplication(sys.argv[:1])
    size = application.primaryScreen().size()
    with tempfile.TemporaryDirectory() as memory:
        for scene in SCENES:
            _forget(Path(memory, scene.__name__), theme, lang)
            window = make_window(application)
            window.setGeometry(application.primaryScreen().geometry())
            window.show()
            QTest.qWaitForWindowExposed(window)
            scene(window)
            QTest.qWait(_SETTLE_MS)
            file = folder / f"{size.width()}x{size.height()}-{theme}-{lang}-{scene.__name__}.png"
            application.primaryScreen().grabWindow(0).save(str(file))
            print(file.name)
            window.close()
            window.deleteLater()
            QTest.qWait(0)


def _forget(memory: Path, theme: str, lang: str) -> None:
    """A first start, but for theme and language."""
    memory.mkdir()
    (memory / "settings.json").write_text(f'{{"theme": "{theme}", "lang": "{lang}"}}', encoding="utf-8")
    os.environ["LAYERVIZ_CONFIG"] = str(memory)
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(memory / name.lower())


def first_start(window: "Window") -> None:
    """As it opens the very first time."""


def home(window: "Window") -> None:
    window.show_page("lessons")


def player(window: "Window") -> None:
    window.open_lesson(LESSON)
    window.player.jump(5)


def question(window: "Window") -> None:
    window.open_lesson("the-writable-layer")
    window.player.jump(3)


def full_screen(window: "Window") -> None:
    player(window)
    window.present(True)


def build(window: "Window") -> None:
    window.show_page("build")


def build_from_a_step(window: "Window") -> None:
    window.player.built.emit(LESSON, 5)


def challenge(window: "Window") -> None:
    window.player.challenged.emit(LESSON)


def keys(window: "Window") -> None:
    player(window)
    window.keys.open()


SCENES: tuple[Callable[["Window"], None], ...] = (
    first_start,
    home,
    player,
    question,
    full_screen,
    build,
    build_from_a_step,
    challenge,
    keys,
)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        photograph_all(Path(sys.argv[1]))
    else:
        photograph(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
