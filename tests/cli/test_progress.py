"""The progress bar of what takes long, and Ctrl+C."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from layerviz.cli import progress
from layerviz.cli.root import layerviz
from layerviz.engine.content import Range
from layerviz.images import contents
from layerviz.images.contents import source_of
from layerviz.images.layers import Progress
from tests.cli.made import image
from tests.images.archives import File


def test_nothing_is_told_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    with progress.reading() as told:
        assert told is None
    on_a_terminal(monkeypatch)
    with progress.reading(quiet=True) as told:
        assert told is None


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    return made


def test_what_is_quick_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = on_a_terminal(monkeypatch)
    with progress.reading() as told:
        assert told is not None
        told(10, 100)
        told(100, 100)
    assert shown.getvalue() == ""


def test_what_takes_long_shows_bytes_and_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_a_terminal(monkeypatch)
    clock = iter(range(1000))
    monkeypatch.setattr("layerviz.cli.progress.time.monotonic", lambda: float(next(clock)))
    with progress.reading() as told:
        assert told is not None
        for done in (0, 20_000_000, 50_000_000, 100_000_000):
            told(done, 100_000_000)
        told(7, 9)
        told(9, 9)
    shown = terminal.getvalue()
    assert "50MB of 100MB" in shown
    assert "MB/s" in shown
    assert "100%" in shown
    assert "9B of 9B" in shown


def test_contents_that_are_compared_are_counted_without_an_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "bytes"
    file.write_bytes(bytes(3_000_000))
    content = Range(source_of(str(file)), 0, 3_000_000)
    terminal = on_a_terminal(monkeypatch)
    clock = iter(range(1000))
    monkeypatch.setattr("layerviz.cli.progress.time.monotonic", lambda: float(next(clock)))
    with progress.comparing() as read:
        assert read(content, 5, 1_000_000) == bytes(1_000_000)
        read(content, 0, 2_000_000)
    shown = terminal.getvalue()
    assert "3MB, 600kB/s" in shown
    assert "%" not in shown
    with progress.comparing(quiet=True) as read:
        assert read is contents.read


@pytest.mark.parametrize("command", [["report"], ["diff", "--json"]])
def test_a_comparison_is_told_on_a_terminal_unless_quiet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    one, other = (
        image(tmp_path / name, [File("a", data), File("b", data)])
        for name, data in (("1", b"1" * 5000), ("2", b"2" * 5000))
    )
    images = [one, other] if command[0] == "diff" else [one]
    told: list[tuple[int, int]] = []

    @contextmanager
    def told_all(quiet: bool = False) -> Iterator[Progress | None]:
        yield None if quiet else lambda done, total: told.append((done, total))

    monkeypatch.setattr(progress, "reading", told_all)
    for quiet in ([], ["--quiet"]):
        before = len(told)
        assert CliRunner().invoke(layerviz, [*command, *images, *quiet]).exit_code == 0
        assert (len(told) > before) != bool(quiet)
    assert max(done for done, total in told if not total) >= 10_000


def test_ctrl_c_ends_with_status_130_and_no_traceback(tmp_path: Path) -> None:
    pipe = tmp_path / "script.sh"
    os.mkfifo(pipe)
    running = subprocess.Popen(
        [sys.executable, "-m", "layerviz", "report", f"script:{pipe}:x"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LAYERVIZ_LANG": "en"},
    )
    _wait_until_it_reads(pipe, running)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert (out, err.strip()) == ("", "")


def _wait_until_it_reads(pipe: Path, running: "subprocess.Popen[str]") -> None:
    """A pipe can be opened for writing without waiting once somebody reads it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert running.poll() is None, running.communicate()
        try:
            os.set_blocking(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK), True)
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the command never opened its script")
