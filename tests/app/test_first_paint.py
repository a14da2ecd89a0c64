"""What is painted first: the same before the style is put on as after it, and without what it does not need."""

import ast
import builtins
import importlib.util
import marshal
import os
import subprocess
import sys
from pathlib import Path
from types import CodeType

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from layerviz.app import pyside, thumbnail
from layerviz.app.settings import Settings, folder, save
from layerviz.app.start import dress, make_window

NEEDLESS = ("layerviz.engine", "layerviz.shell", "layerviz.app.style", "layerviz.app.focus", "yaml", "msgspec", "click")
"""A module of these, or below, that is loaded before the first paint delays it."""

PAINTED_FIRST = """
import sys
from PySide6.QtWidgets import QApplication
from layerviz.app import start
from layerviz.app.settings import Settings, folder, save
save(folder() / "settings.json", Settings(started=True))
application = QApplication([])
start.make_window(application).home  # makes what is kept from one start to the next
"""
LOADED = """
import sys
from PySide6.QtWidgets import QApplication
from layerviz.app import start
application = QApplication([])
window = start.make_window(application, dressed=False)
window.painted.connect(lambda: print(*sys.modules))
window.painted.connect(application.quit)
window.show()
application.exec()
"""


@pytest.mark.parametrize("size", [(1280, 720), (1024, 640), (1440, 900)])
@pytest.mark.parametrize("started", [True, False])
def test_the_style_changes_nothing_of_what_was_painted_before_it_was_put_on(
    qapp: QApplication, memory: Path, size: tuple[int, int], started: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnail, "turn", lambda _: None)
    save(folder() / "settings.json", Settings(theme="dark", lang="en", started=started))
    qapp.setStyle("fusion")
    window = make_window(qapp, dressed=False)
    window.painted.disconnect()

    def painted() -> QImage:
        qapp.processEvents()
        return window.grab().toImage()

    window.resize(*size)
    window.show()
    bare = painted()
    dress(qapp, window)
    assert qapp.style().objectName() != "fusion"
    assert painted() == bare
    window.close()
    window.deleteLater()


def test_before_the_first_paint_only_what_it_needs_is_loaded(tmp_path: Path) -> None:
    own = {f"LAYERVIZ_{name}": str(tmp_path / name.lower()) for name in ("CONFIG", "CACHE")}
    environment = {**os.environ, **own, "XDG_DATA_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}

    def said(code: str) -> set[str]:
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        return set(done.stdout.split())

    said(PAINTED_FIRST)
    loaded = said(LOADED)
    assert "layerviz.app.home" in loaded
    assert not {name for name in loaded if any(name == one or name.startswith(f"{one}.") for one in NEEDLESS)}


def test_a_source_is_compiled_once_and_again_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[bytes] = []
    usual = builtins.compile

    def watched(source: bytes, filename: str, mode: str) -> object:
        compiled.append(source)
        return usual(source, filename, mode)

    monkeypatch.setattr(builtins, "compile", watched)
    file = tmp_path / "kept.code"

    def value_of(source: bytes) -> object:
        with pyside.compiled_once(file):
            code = compile(source, "inside.py", "exec")
        names: dict[str, object] = {}
        exec(code, names)
        return names["value"]

    assert [value_of(b"value = 6"), value_of(b"value = 6"), value_of(b"value = 7")] == [6, 6, 7]
    assert compiled == [b"value = 6", b"value = 7"]
    assert builtins.compile is watched


def test_what_was_kept_of_another_python_or_is_damaged_is_compiled_anew(tmp_path: Path) -> None:
    file = tmp_path / "kept.code"
    for damage in (b"", b"another Python's", pyside._read.__code__.co_code):
        file.write_bytes(damage)
        with pyside.compiled_once(file):
            assert compile(b"value = 6", "inside.py", "exec").co_filename == "inside.py"
        assert pyside._read(file)


def test_what_was_kept_and_is_no_code_is_compiled_anew(tmp_path: Path) -> None:
    file = tmp_path / "kept.code"
    key = ("inside.py", importlib.util.source_hash(b"value = 6"))
    file.write_bytes(importlib.util.MAGIC_NUMBER + marshal.dumps({key: "no code"}))
    names: dict[str, object] = {}
    with pyside.compiled_once(file):
        exec(compile(b"value = 6", "inside.py", "exec"), names)
    assert names["value"] == 6 and isinstance(pyside._read(file)[key], CodeType)


def test_what_another_pyside_may_compile_otherwise_is_compiled_as_ever(tmp_path: Path) -> None:
    file = tmp_path / "kept.code"
    with pyside.compiled_once(file):
        assert eval(compile("2 * 3", "inside.py", "eval")) == 6
        assert isinstance(compile(b"2 * 3", "inside.py", "exec", ast.PyCF_ONLY_AST), ast.Module)
        assert isinstance(compile(b"2 * 3", "inside.py", "exec", dont_inherit=True), CodeType)
        with pytest.raises(SyntaxError):
            compile(b"2 *", "inside.py", "exec")
    assert not file.exists()


def test_compile_is_given_back_after_a_failure_and_left_to_whoever_took_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = builtins.compile
    with pytest.raises(ImportError), pyside.compiled_once(tmp_path / "kept.code"):
        raise ImportError("no such library")
    assert builtins.compile is usual

    def anothers(*given: object, **named: object) -> object:
        return None

    with pyside.compiled_once(tmp_path / "kept.code"):
        monkeypatch.setattr(builtins, "compile", anothers)
    assert builtins.compile is anothers


def test_a_folder_that_cannot_be_written_costs_no_more_than_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pyside.compiled_once(tmp_path / "file" / "kept.code"):
        assert isinstance(compile(b"value = 6", "inside.py", "exec"), CodeType)


IMPORTS = """
import builtins
import sys

from layerviz.app import pyside

usual = builtins.__import__
assert "PySide6" not in sys.modules

def hook(*given, **named):
    return usual(*given, **named)

found = {"plain": usual, "hook": hook, "other": object(), "none": None}
for name, value in (("__orig_import__", sys.argv[1]), ("__feature_import__", sys.argv[2])):
    if value != "none":
        setattr(builtins, name, found[value])
builtins.__import__ = hook
pyside.import_plainly()
print("plain" if builtins.__import__ is usual else "hook" if builtins.__import__ is hook else "neither")
"""


@pytest.mark.parametrize(
    ("kept", "served", "after"),
    [
        ("plain", "hook", "plain"),
        ("none", "none", "hook"),
        ("plain", "none", "hook"),
        ("plain", "other", "hook"),
        ("other", "hook", "hook"),
    ],
)
def test_only_pysides_known_hook_is_taken_away(kept: str, served: str, after: str) -> None:
    # In a process without PySide, whose own parts look at these names.
    child = subprocess.run([sys.executable, "-c", IMPORTS, kept, served], check=True, capture_output=True, text=True)
    assert child.stdout.strip() == after
