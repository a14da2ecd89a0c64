"""`layerviz`, `layerviz LESSON` and `layerviz IMAGE` on a real X display: the window comes, closing needs no answer."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from layerviz.cli import open_app
from tests.images.archives import File, layer, old, written
from tools.look_windows import virtual_display

pytestmark = pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")),
    reason="needs Xvfb and xdotool, which are not installed here",
)
PATIENCE_S = 60


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with virtual_display(1280, 720) as name:
        yield name


@contextmanager
def opened(display: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    environment = {**os.environ, "DISPLAY": display, "LAYERVIZ_LANG": "en"}
    environment.pop("QT_QPA_PLATFORM", None)
    environment.pop("WAYLAND_DISPLAY", None)
    command = [sys.executable, "-m", "layerviz", *arguments]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def window_of(process: "subprocess.Popen[str]", display: str) -> str:
    """The window's number, as soon as it is there to be seen."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        assert process.poll() is None, process.communicate()[1]
        command = ["xdotool", "search", "--onlyvisible", "--name", "layerviz"]
        found = subprocess.run(
            command, env={**os.environ, "DISPLAY": display}, capture_output=True, text=True, check=False
        )
        if found.stdout.split():
            return found.stdout.split()[-1]
        time.sleep(0.1)
    raise AssertionError("no window came")


def opened_and_closed(display: str, *arguments: str) -> tuple[int, str]:
    """The status and what was said on stderr, when someone has closed the window that came."""
    with opened(display, *arguments) as process:
        window = window_of(process, display)
        subprocess.run(
            ["xdotool", "windowfocus", "--sync", window, "key", "ctrl+q"],
            env={**os.environ, "DISPLAY": display},
            check=True,
        )
        _, said = process.communicate(timeout=PATIENCE_S)
    return process.returncode, said


@pytest.mark.parametrize("arguments", [(), ("two-layers-six-files",)])
def test_the_window_opens_and_closing_it_ends_with_status_0(display: str, arguments: tuple[str, ...]) -> None:
    assert opened_and_closed(display, *arguments) == (0, "")


def test_a_file_is_opened_as_an_image(display: str, tmp_path: Path) -> None:
    file = written(tmp_path, old((layer((File("a/file", b"hello"),)),)))
    assert opened_and_closed(display, file) == (0, "")


def test_the_terminals_interrupt_ends_it(display: str) -> None:
    with opened(display) as process:
        window_of(process, display)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE_S)
    assert process.returncode == -signal.SIGINT


def test_a_lesson_that_does_not_exist_opens_no_window(display: str) -> None:
    with opened(display, "no-such-lesson") as process:
        _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert "no-such-lesson" in said


@pytest.mark.parametrize("text", ["oci:folder", "docker://alpine", "podman:one", "script:steps.sh:two", "lesson:x:two"])
def test_what_is_written_as_an_image_is_opened_as_one(
    invoke: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    asked: list[tuple[str, str]] = []

    def open_window(lesson: str = "", image: str = "") -> int:
        asked.append((lesson, image))
        return 0

    monkeypatch.setattr(open_app, "open_window", open_window)
    assert invoke(text).exit_code == 0
    assert asked == [("", text)]
