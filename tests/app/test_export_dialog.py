"""Exporting from the window: what the dialog asks for, writes, copies, and the command that does the same."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from layerviz.app.export_dialog import ExportDialog
from layerviz.app.session import Origin
from layerviz.app.window import Window
from tests.app.hands import LESSON, Key, click, press, settle

CONTROL = Qt.KeyboardModifier.ControlModifier


def dialog_of(window: Window) -> ExportDialog:
    press(window, Key.Key_E, modifiers=CONTROL)
    return window.findChildren(ExportDialog)[-1]


def test_a_range_of_steps_as_pictures_and_the_command_that_does_the_same(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open_lesson(LESSON)
    window.player.jump(4)
    settle(window.player.stage)
    dialog = dialog_of(window)
    click(dialog.steps.button("range"))
    dialog.first.setText("5")
    dialog.last.clear()
    QTest.keyClicks(dialog.last, "6")
    click(dialog.theme.button("light"))
    assert " ".join(dialog.command.replace("\\", "").split()) == (
        "layerviz export two-layers-six-files --step 5-6 --format png"
        " --theme light --lang en --size 1920x1080 -o slides"
    )
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog.save_to(tmp_path / "slides")
    names = sorted(file.name for file in (tmp_path / "slides").iterdir())
    assert names == ["two-layers-six-files-05.png", "two-layers-six-files-06.png"]
    picture = QImage(str(tmp_path / "slides" / names[0]))
    assert (picture.width(), picture.height()) == (1920, 1080)


def test_what_is_copied_is_what_is_previewed(window: Window) -> None:
    window.open_lesson(LESSON)
    dialog = dialog_of(window)
    dialog.size_box.setCurrentIndex(0)
    click(dialog.copy)
    copied = QGuiApplication.clipboard().image()
    assert (copied.width(), copied.height()) == (1280, 720)
    dialog.reject()


def test_files_that_are_there_are_asked_about_once_and_can_be_kept(
    window: Window, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.open_lesson(LESSON)
    dialog = dialog_of(window)
    click(dialog.steps.button("range"))
    dialog.first.setText("1")
    dialog.last.setText("2")
    dialog.size_box.setCurrentIndex(0)
    there = tmp_path / "two-layers-six-files-01.png"
    there.write_bytes(b"mine")
    asked: list[str] = []

    def keep(box: QMessageBox) -> int:
        asked.append(box.text())
        next(button for button in box.buttons() if button.text() == "Keep both").click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", keep)
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog.save_to(tmp_path)
    assert len(asked) == 1
    assert there.read_bytes() == b"mine"
    assert (tmp_path / "two-layers-six-files-01-2.png").exists()


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_left(
    window: Window, tmp_path: Path, qtbot: QtBot
) -> None:
    window.open_lesson(LESSON)
    dialog = dialog_of(window)
    folder = tmp_path / "pictures"
    folder.mkdir()
    blocked = folder / "blocked"
    blocked.write_bytes(b"a file, no folder")
    dialog.save_to(blocked / "picture.png")
    qtbot.waitUntil(lambda: "blocked" in dialog.writes.text(), timeout=20_000)
    assert list(folder.iterdir()) == [blocked]
    dialog.reject()


def test_what_was_built_is_exported_with_its_script(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.build.begin(Origin("example", "two_layers"))
    window.show_page("build")
    window.build.take("host:/c", "")
    settle(window.build.stage)
    assert window.build.terminal.prompt.hasFocus()
    dialog = dialog_of(window)
    assert "layerviz export build.sh" in dialog.command
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog.save_to(tmp_path / "built.png")
    assert not QImage(str(tmp_path / "built.png")).isNull()
    script = (tmp_path / "build.sh").read_text(encoding="utf-8")
    assert script.startswith("mkdir a b c") and script.endswith("docker build -t two .\n")
    QApplication.processEvents()


def test_the_command_for_a_build_draws_the_very_picture(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.build.begin(Origin("example", "two_layers"))
    window.show_page("build")
    window.build.take("host:/c", "")
    window.build.type("docker images")
    settle(window.build.stage)
    dialog = dialog_of(window)
    dialog.caption.setChecked(False)
    dialog.size_box.setCurrentIndex(0)
    dialog._refresh()
    with qtbot.waitSignal(dialog.saved, timeout=20_000):
        dialog.save_to(tmp_path / "by-hand.png")
    words = shlex.split(dialog.command.replace("\\\n", " "))[2:]
    words[0] = str(tmp_path / "build.sh")
    words[words.index("-o") + 1] = str(tmp_path / "typed.png")
    subprocess.run([sys.executable, "-m", "layerviz", "export", *words], check=True)
    assert QImage(str(tmp_path / "typed.png")) == QImage(str(tmp_path / "by-hand.png"))
