"""Photographs of the real windows: opened on virtual displays of three sizes, in three themes and both languages.

    python -m tools.look_windows FOLDER             all of them; needs Xvfb
    python -m tools.look_windows FOLDER THEME LANG  those of one theme and language, on the display there is

A scene brings the window to where it is interesting by what its pages offer, and the screen is photographed: what
stands on it is what a person sees, focus rings and shadows included. Beside the photographs stands a contact sheet of
them for each size, theme and language.
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
    from PySide6.QtGui import QImage

    from layerviz.app.window import Window

SIZES = ((1024, 640), (1280, 720), (1920, 1080))
THEMES = ("dark", "light", "projector")
LANGUAGES = ("en", "zh_CN")
LESSON = "two-layers-six-files"
IMAGE = Path(os.environ.get("LAYERVIZ_TEST_IMAGE", "no such file"))
"""The archive that Explore is photographed with."""
_PATIENCE_MS = 20_000
_SETTLE_MS = 900
"""After a scene is set: a short motion of the window itself has ended, and what is new asked for its pictures."""


def photograph_all(folder: Path) -> None:
    """Write `SIZE-THEME-LANG-SCENE.png` for every combination into `folder`."""
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
    """Every scene, on the display there is, each in a window and with a memory of its own. Makes `folder`."""
    from PySide6.QtGui import QImage
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from layerviz.app.start import make_window
    from tools.sheet import COLUMNS, ROWS, sheet

    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(sys.argv[:1])
    size = application.primaryScreen().size()
    name = f"{size.width()}x{size.height()}-{theme}-{lang}"
    taken: list[tuple[str, QImage]] = []
    with tempfile.TemporaryDirectory() as memory:
        for scene in SCENES:
            _forget(Path(memory, scene.__name__), theme, lang)
            window = make_window(application)
            window.setGeometry(application.primaryScreen().geometry())
            window.show()
            QTest.qWaitForWindowExposed(window)
            scene(window)
            QTest.qWait(_SETTLE_MS)
            _wait_for_small_pictures()
            picture = application.primaryScreen().grabWindow(0).toImage()
            _save(picture, folder / f"{name}-{scene.__name__}.png")
            taken.append((scene.__name__, picture))
            window.close()
            window.deleteLater()
            QTest.qWait(0)
    for number, first in enumerate(range(0, len(taken), COLUMNS * ROWS), 1):
        file = folder / f"sheet-{name}-{number}.png"
        _save(sheet(taken[first : first + COLUMNS * ROWS]), file)
        print(file.name)


def _save(picture: "QImage", file: Path) -> None:
    if not picture.save(str(file)):
        raise OSError(f"{file} could not be written")


def _wait_for_small_pictures() -> None:
    """Until every thumbnail is drawn: on a busy machine they come one by one, long after their cards."""
    from PySide6.QtTest import QTest

    from layerviz.app import thumbnail

    for _ in range(_PATIENCE_MS // 20):
        if not thumbnail.busy():
            return
        QTest.qWait(20)


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


def wrong_answer(window: "Window") -> None:
    player(window)
    window.player.give(7)


def notes(window: "Window") -> None:
    player(window)
    window.player.set_notes(True)


def finish(window: "Window") -> None:
    window.open_lesson(LESSON)
    window.player.jump(99)


def build(window: "Window") -> None:
    window.show_page("build")


def build_typed(window: "Window") -> None:
    window.show_page("build")
    for line in (
        "docker pull alpine",
        "docker run -dit --name c1 alpine",
        "docker exec c1 sh -c 'echo hello > /etc/motd'",
        "docker exec c1 rm /etc/hostname",
        "docker diff c1",
        "docker exec c1 cat /no/such/file",
    ):
        window.build.type(line)


def build_from_a_step(window: "Window") -> None:
    window.player.built.emit(LESSON, 5)


def challenge(window: "Window") -> None:
    window.player.challenged.emit(LESSON)


def export(window: "Window") -> None:
    player(window)
    window.export()


def keys(window: "Window") -> None:
    player(window)
    window.keys.open()


def explore(window: "Window") -> None:
    window.show_page("explore")


def explore_image(window: "Window") -> None:
    """The real archive where there is one, else the image that a lesson builds."""
    from PySide6.QtTest import QTest

    window.show_page("explore")
    if not IMAGE.exists():
        window.explore.open_lesson_image()
        return
    window.explore.open(str(IMAGE))
    for _ in range(_PATIENCE_MS // 20):
        if window.explore.checked is not None and window.explore.findings.findings:
            return
        QTest.qWait(20)


def explore_story(window: "Window") -> None:
    explore_image(window)
    window.explore.show_path("/root/saved.txt" if IMAGE.exists() else "/file5")
    window.explore.stage.complete()


def explore_search(window: "Window") -> None:
    explore_image(window)
    window.explore.search.look_for("*.txt" if IMAGE.exists() else "file*")


def explore_difference(window: "Window") -> None:
    explore_story(window)
    window.explore.sheets.view_text(window.explore.path, compares=True)


def explore_shared(window: "Window") -> None:
    explore_image(window)
    window.explore.sheets.show_shared()


SCENES: tuple[Callable[["Window"], None], ...] = (
    first_start,
    home,
    player,
    question,
    wrong_answer,
    notes,
    finish,
    full_screen,
    build,
    build_typed,
    build_from_a_step,
    challenge,
    export,
    keys,
    explore,
    explore_image,
    explore_story,
    explore_search,
    explore_difference,
    explore_shared,
)


if __name__ == "__main__":
    if len(sys.argv) == 2:
        photograph_all(Path(sys.argv[1]))
    else:
        photograph(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
