"""An engine that answers as it is told, on a socket of its own; and a podman that runs for a test."""

import json
import os
import shutil
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

on_posix = pytest.mark.skipif(os.name != "posix", reason="engines have unix sockets on POSIX systems only")
needs_podman = pytest.mark.skipif(
    shutil.which("podman") is None, reason="podman is not installed: no real engine to ask"
)
SECONDS = 60
Act = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answers: Mapping[str, Act]
    asked: list[str]
    closing: threading.Event

    def address_string(self) -> str:
        return "a socket"

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_GET(self) -> None:
        self.asked.append(self.path)
        try:
            self.answers.get(self.path, says(404, {"message": "no such image"}))(self)
        except OSError:
            self.close_connection = True


def says(status: int, said: object) -> Act:
    def act(handler: Handler) -> None:
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return act


def breaks_off_after(data: bytes) -> Act:
    def act(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        handler.wfile.flush()
        handler.close_connection = True

    return act


def stalls_after(data: bytes) -> Act:
    def act(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        handler.wfile.write(data)
        handler.wfile.flush()
        handler.closing.wait(20)
        handler.close_connection = True

    return act


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextmanager
def podman(folder: Path, monkeypatch: pytest.MonkeyPatch, archives: Sequence[str]) -> Iterator[None]:
    """A podman of its own in `folder` with the images of `archives`, found by `podman:` while it runs."""
    command = ["podman", "--root", f"{folder}/root", "--runroot", f"{folder}/run", "--storage-driver", "vfs"]
    # With this it would ask another podman.
    monkeypatch.delenv("CONTAINER_HOST")
    for archive in archives:
        loaded = subprocess.run(
            [*command, "load", "-q", "-i", archive], capture_output=True, text=True, timeout=SECONDS
        )
        assert loaded.returncode == 0, loaded.stderr
    with (folder / "log").open("wb") as log:
        service = subprocess.Popen(
            [*command, "system", "service", "--time=0", f"unix://{folder}/podman.sock"], stdout=log, stderr=log
        )
    monkeypatch.setenv("CONTAINER_HOST", f"unix://{folder}/podman.sock")
    try:
        until = time.monotonic() + SECONDS
        while not (folder / "podman.sock").exists() and service.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        yield
    finally:
        service.terminate()
        service.wait(SECONDS)
