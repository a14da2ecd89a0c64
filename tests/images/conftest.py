"""Engines for tests: none of this machine's is ever asked."""

import tempfile
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from layerviz.images import index_view, scan, widening
from tests.images.local_engines import Act, Handler, Server


@pytest.fixture
def engine_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """For sockets, whose paths must be short; no engine of this machine is to be found."""
    with tempfile.TemporaryDirectory(prefix="lv") as folder:
        for name in ("HOME", "XDG_RUNTIME_DIR", "LAYERVIZ_CACHE"):
            monkeypatch.setenv(name, f"{folder}/{name.lower()}")
        monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/none.sock")
        monkeypatch.setenv("CONTAINER_HOST", f"unix://{folder}/none.sock")
        yield Path(folder)


@pytest.fixture
def engine(engine_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Act]]:
    """What a docker answers, path by path; what it was asked stands in `Handler.asked`."""
    answers: dict[str, Act] = {}
    Handler.answers, Handler.asked, Handler.closing = answers, [], threading.Event()
    server = Server(f"{engine_folder}/docker.sock", Handler)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{engine_folder}/docker.sock")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield answers
    Handler.closing.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(params=["base", "fast"])
def both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers are read and merged as the base install does it, and again by the extra `fast`, however small they are."""
    is_fast = request.param == "fast"
    monkeypatch.setenv("LAYERVIZ_FAST", "1" if is_fast else "0")
    if is_fast:
        pytest.importorskip("numpy")
        monkeypatch.setattr(scan, "_FEWEST_WIDE", 1)
        monkeypatch.setattr(scan, "Fields", partial(scan.Fields, widening.loaded()))
        monkeypatch.setattr(index_view, "WORTH_A_CHILD_BYTES", 0)
