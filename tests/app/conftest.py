"""A window with a memory of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from layerviz.app.start import make_window
from layerviz.app.window import Window


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where a window of this test remembers things."""
    folder = tmp_path / "memory"
    folder.mkdir()
    monkeypatch.setenv("LAYERVIZ_CONFIG", str(folder))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    return folder


@pytest.fixture
def open_window(qapp: QApplication, memory: Path) -> Iterator[Callable[[], Window]]:
    """Opens a window, as often as it is called: each time as after a restart."""
    opened: list[Window] = []

    def open_one() -> Window:
        window = make_window(qapp)
        if not window.look.chosen_lang:
            window.look.choose_lang("en")
        if not window.look.chosen_theme:
            window.look.choose_theme("dark")
        window.resize(1440, 900)
        window.show()
        QTest.qWaitForWindowExposed(window)
        window.activateWindow()
        opened.append(window)
        return window

    yield open_one
    for window in opened:
        window.close()
        window.deleteLater()
    QTest.qWait(1)


@pytest.fixture
def window(open_window: Callable[[], Window]) -> Window:
    return open_window()
