"""A docker engine of its own: its own data, its own socket, no network, gone afterwards."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.differential.peers import SECONDS, run

_STARTS_WITHIN_S = 30
_ID = re.compile(r"(?:sha256:)?\b[0-9a-f]{64}\b|\b[0-9a-f]{12}\b")
_AGE = re.compile(r"\b(?:About an?|Less than a|\d+) (?:second|minute|hour|day|week|month|year)s?\b")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


class Docker(NamedTuple):
    folder: Path

    @property
    def socket(self) -> str:
        return f"unix://{self.folder}/docker.sock"

    @property
    def environment(self) -> dict[str, str]:
        """Of a docker client that asks this engine, and no other, and builds as the classic builder does."""
        own = {"DOCKER_HOST": self.socket, "DOCKER_CONFIG": str(self.folder / "config"), "DOCKER_BUILDKIT": "0"}
        return {**os.environ, **own}

    def __call__(self, *arguments: str | Path) -> str:
        return run("docker", "-H", self.socket, *arguments)

    def play(self, script: str, cwd: Path) -> str:
        """What a shell prints that runs the script."""
        done = subprocess.run(
            ["sh", "-c", script], cwd=cwd, env=self.environment, capture_output=True, text=True, timeout=SECONDS
        )
        return done.stdout

    def layers(self, ref: str) -> list[str]:
        (image,) = json.loads(self("image", "inspect", ref))
        return list(image["RootFS"]["Layers"])


@contextmanager
def docker() -> Iterator[Docker]:
    """Skips, saying why, where there is no docker engine or it does not start here."""
    missing = [program for program in ("dockerd", "docker") if shutil.which(program) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed: no docker to compare with")
    if os.geteuid() != 0:
        pytest.skip("a docker engine of one's own needs root")
    with tempfile.TemporaryDirectory(prefix="lv", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for driver in ("overlay2", "vfs"):
            process = _started(folder, driver)
            if process is not None:
                break
        else:
            last = (folder / "log").read_text(errors="replace").strip().splitlines()[-1:]
            pytest.skip(f"dockerd does not start here: {''.join(last)}")
        try:
            yield Docker(folder)
        finally:
            process.terminate()
            process.wait(SECONDS)


def _started(folder: Path, driver: str) -> "subprocess.Popen[bytes] | None":
    (folder / "daemon.json").write_text("{}")
    (folder / "config").mkdir(exist_ok=True)
    own = {"data-root": "data", "exec-root": "exec", "pidfile": "pid", "config-file": "daemon.json"}
    options = [f"--{option}={folder}/{name}" for option, name in own.items()]
    without = [f"--{option}=false" for option in ("iptables", "ip6tables", "ip-masq")]
    socket = folder / "docker.sock"
    socket.unlink(missing_ok=True)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            ["dockerd", *options, f"--host=unix://{socket}", f"--storage-driver={driver}", "--bridge=none", *without],
            stdout=log,
            stderr=log,
        )
    until = time.monotonic() + _STARTS_WITHIN_S
    while process.poll() is None and time.monotonic() < until:
        if (
            socket.exists()
            and subprocess.run(
                ["docker", "-H", f"unix://{socket}", "version"], capture_output=True, timeout=SECONDS
            ).returncode
            == 0
        ):
            return process
        time.sleep(0.1)
    if process.poll() is None:
        process.kill()
        process.wait()
    return None


def comparable(printed: str) -> list[str]:
    """Lines without what must differ: ids are numbered as they come, ages and widths go."""
    seen: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        return f"#{seen.setdefault(match[0].removeprefix('sha256:')[:12], len(seen))}"

    text = _ID.sub(numbered, printed.replace("\r", ""))
    text = _DATE.sub("<date>", _AGE.sub("<age>", text))
    # Since moby 23 the classic builder says it so.
    text = text.replace(" ---> Removed intermediate", "Removing intermediate")
    return [re.sub(r" {2,}", " ", line).rstrip() for line in text.splitlines() if line]
