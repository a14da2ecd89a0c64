"""A real registry (distribution's `registry`, Debian's docker-registry) on a free port of this machine."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SECONDS = 30
USER, PASSWORD = "ada", "se:cret"
_HTPASSWD = f"{USER}:$2y$05$layervizlayervizlayeruLZ0IxtPcDRN3.AcHkC.6pM.aB3Y/X1G\n"
"""bcrypt, the only hash that registries take."""


def needed(*programs: str) -> pytest.MarkDecorator:
    missing = [program for program in ("docker-registry", *programs) if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} not installed: no real registry to ask")


@contextmanager
def running(folder: Path, closed: bool = False) -> Iterator[str]:
    """`HOST:PORT` of a registry that keeps its blobs in `folder`; a `closed` one asks for `USER` and `PASSWORD`."""
    folder.mkdir(parents=True, exist_ok=True)
    host = f"127.0.0.1:{_free_port()}"
    (folder / "htpasswd").write_text(_HTPASSWD, encoding="ascii")
    said = f"version: 0.1\nstorage: {{filesystem: {{rootdirectory: {folder}/blobs}}}}\nhttp: {{addr: '{host}'}}\n"
    if closed:
        said += f"auth: {{htpasswd: {{realm: here, path: {folder}/htpasswd}}}}\n"
    (folder / "config.yml").write_text(said, encoding="utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(folder / "config.yml")], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(host, process, folder / "log")
        yield host
    finally:
        process.terminate()
        process.wait(SECONDS)


def copied(source: str, target: str, *options: str) -> None:
    """skopeo's copy from an archive into a registry."""
    done = subprocess.run(
        ["skopeo", "--insecure-policy", "copy", "-q", "--dest-tls-verify=false", *options, source, target],
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(host: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    name, _, port = host.partition(":")
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection((name, int(port)), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"docker-registry does not start: {log.read_text(errors='replace')}")
