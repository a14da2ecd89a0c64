"""Tests run without a display, unless whoever starts them chose a Qt platform, and never touch a person's own files."""

import os
import tempfile

import pytest
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_HOME = tempfile.TemporaryDirectory(prefix="layerviz-tests-", ignore_cleanup_errors=True)


@pytest.fixture(autouse=True)
def own_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings, progress and cache of every test lie in a folder that goes away with the process."""
    monkeypatch.setenv("LAYERVIZ_CONFIG", os.path.join(_HOME.name, "config"))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", os.path.join(_HOME.name, name.lower()))
    monkeypatch.delenv("LAYERVIZ_CACHE", raising=False)


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> QApplication:
    """A process has one application. Tests that only paint would make one without widgets, and the next test that opens
    a window in the same process would end it."""
    return qapp
