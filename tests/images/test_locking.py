"""One writes to a place at a time: on systems that lock folders, on those that do not, and as Windows locks."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from layerviz.images import locking
from layerviz.images.locking import alone, try_lock

WAYS = ("folders", "files", "bytes")
"""What is locked: a folder itself, a file beside it, a byte of a file beside it."""


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "folders" and os.name == "nt":
        pytest.skip("Windows opens no folder")
    if request.param == "bytes" and os.name != "nt":
        _lock_as_windows_does(monkeypatch)
    if request.param != "folders":
        _open_no_folders(monkeypatch)
    return str(request.param)


def _open_no_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def open_file(name: str, flags: int, mode: int = 0o777, **more: int) -> int:
        if os.path.isdir(name):
            raise PermissionError(13, "Permission denied", name)
        return real(name, flags, mode, **more)

    monkeypatch.setattr(os, "open", open_file)


def _lock_as_windows_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without fcntl, and with the msvcrt of the documentation: what is locked by another is a `PermissionError`."""
    import fcntl

    def lock(descriptor: int, mode: int, count: int) -> None:
        assert (mode, count, os.lseek(descriptor, 0, os.SEEK_CUR)) == (2, 1, 0)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermissionError(13, "Permission denied") from None

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=lock, LK_NBLCK=2))


def test_of_many_that_write_to_a_folder_one_does_at_a_time_and_nothing_is_left(tmp_path: Path, way: str) -> None:
    folder = tmp_path / "layout"
    folder.mkdir()
    inside: list[int] = []
    most: list[int] = []
    waited: list[int] = []

    def write(number: int) -> None:
        for _ in range(5):
            with alone(str(folder), lambda: waited.append(number)):
                inside.append(number)
                most.append(len(inside))
                time.sleep(0.005)
                inside.remove(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(most) == 20 and max(most) == 1
    assert waited
    assert os.listdir(tmp_path) == ["layout"] and not os.listdir(folder)


def test_who_waits_may_give_up(tmp_path: Path, way: str) -> None:
    class Enough(Exception):
        pass

    def give_up() -> None:
        raise Enough

    with alone(str(tmp_path), give_up), pytest.raises(Enough), alone(str(tmp_path), give_up):
        raise AssertionError("both are alone")
    with alone(str(tmp_path), give_up):
        pass


def test_another_process_waits_and_a_lock_ends_with_its_process(tmp_path: Path, way: str) -> None:
    if way == "bytes" and os.name != "nt":
        pytest.skip("another process has no msvcrt here")
    script = f"""
import os, sys, time
from layerviz.images import locking
def refuse(name, *more, real=os.open):
    if os.path.isdir(name):
        raise PermissionError
    return real(name, *more)
if {way != "folders"}:
    os.open = refuse
with locking.alone(sys.argv[1], lambda: None):
    print("in", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "in\n"
        waited: list[int] = []

        def wait() -> None:
            waited.append(1)
            other.kill()

        with alone(str(tmp_path), wait):
            assert waited


def test_where_nothing_can_be_locked_one_goes_on_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(_: int) -> bool:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(locking, "try_lock", cannot)
    with alone(str(tmp_path), lambda: None), alone(str(tmp_path), lambda: None):
        pass


def test_a_file_is_locked_once(tmp_path: Path, way: str) -> None:
    with open(tmp_path / "part", "w+b") as one, open(tmp_path / "part", "r+b") as other:
        one.write(b"where the file stands does not matter")
        one.flush()
        assert try_lock(one.fileno())
        assert not try_lock(other.fileno())
        one.close()
        assert try_lock(other.fileno())
