"""What every bad input must come to: one sentence, in time, in little memory, and no file outside the cache."""

import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

SECONDS = 30
_ADDRESS_BYTES = 1 << 30
"""Of the whole program, with all that it has mapped."""


class Told(NamedTuple):
    """What a command came to."""

    status: int
    lines: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def sentence(self) -> str:
        (only,) = self.errors
        return only


def told(image: str, folder: Path, *options: str, mapped_bytes: int = 0) -> Told:
    """What `layerviz tree IMAGE` comes to."""
    return called(["tree", image, "--json", "--quiet", *options], folder, mapped_bytes)


def called(words: Sequence[str], folder: Path, mapped_bytes: int = 0) -> Told:
    """`layerviz WORDS` in a process of its own that may use no more than 1 GiB besides `mapped_bytes`, ended after
    30 s. Fails where there is a traceback, or a file outside the cache."""
    home = folder / "home"
    for name in ("cache", "config", "temporary"):
        (home / name).mkdir(parents=True, exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "HOME": str(home),
        "TMPDIR": str(home / "temporary"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "LAYERVIZ_CACHE": str(home / "cache"),
        "LAYERVIZ_CONFIG": str(home / "config"),
        "LAYERVIZ_LANG": "en",
    }

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_BYTES + mapped_bytes,) * 2)

    before = _files(folder)
    done = subprocess.run(
        [sys.executable, "-m", "layerviz", *words],
        capture_output=True,
        env=environment,
        preexec_fn=limit,
        timeout=SECONDS,
        check=False,
    )
    errors = done.stderr.decode()
    assert "Traceback" not in errors, errors
    cache = home / "cache"
    outside = {file for file in _files(folder) - before if not file.is_relative_to(cache)}
    assert not outside, outside
    return Told(done.returncode, tuple(done.stdout.decode().splitlines()), tuple(errors.splitlines()))


def refused(image: str, folder: Path, *options: str, mapped_bytes: int = 0) -> str:
    """The one sentence with which `image` is refused."""
    got = told(image, folder, *options, mapped_bytes=mapped_bytes)
    assert got.status == 1, got
    assert got.lines == ()
    assert got.sentence.startswith("layerviz: "), got
    return got.sentence.removeprefix("layerviz: ")


def _files(folder: Path) -> set[Path]:
    return {file for file in folder.rglob("*") if not file.is_dir()}
