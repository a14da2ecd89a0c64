"""Engines for tests: none of this machine's is ever asked."""

import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

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
