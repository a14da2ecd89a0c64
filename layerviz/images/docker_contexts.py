"""Where docker's own command finds its engine: what a variable says, or the context that was chosen (docker/cli,
cli/command/cli.go, "resolveContextName"; cli/context/store)."""

import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from layerviz.images.documents import UNREADABLE
from layerviz.images.problems import ImageProblem

_USUAL = "default"
_LARGEST_BYTES = 16 << 20


class Chosen(NamedTuple):
    """An address, and what has chosen it."""

    by: str
    address: str


class _Config(msgspec.Struct):
    currentContext: str = ""


class _Endpoint(msgspec.Struct):
    Host: str = ""


class _Context(msgspec.Struct):
    Endpoints: dict[str, _Endpoint]


def config_folder() -> Path:
    """Where docker's command keeps what it knows."""
    chosen = os.environ.get("DOCKER_CONFIG")
    return Path(chosen) if chosen else Path.home() / ".docker"


def chosen() -> Chosen | None:
    """None where nothing was chosen: then it is the socket where the engine makes it. Raises `ImageProblem` where the
    context that was chosen cannot be read."""
    address = os.environ.get("DOCKER_HOST", "")
    if address:
        return Chosen("DOCKER_HOST", address)
    name, by = os.environ.get("DOCKER_CONTEXT", ""), "DOCKER_CONTEXT"
    if not name:
        file = config_folder() / "config.json"
        name, by = _current(file), str(file)
    if name in ("", _USUAL):
        return None
    file = config_folder() / "contexts/meta" / sha256(name.encode()).hexdigest() / "meta.json"
    try:
        endpoint = msgspec.json.decode(_read(file), type=_Context).Endpoints["docker"]
    except (OSError, KeyError, *UNREADABLE) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ImageProblem(by, "docker_context", {"name": ascii(name), "file": file, "reason": reason}) from None
    return Chosen(f"{by}, {name}", endpoint.Host) if endpoint.Host else None


def _current(file: Path) -> str:
    """A file that cannot be read has chosen nothing, for docker too."""
    with suppress(OSError, *UNREADABLE):
        return msgspec.json.decode(_read(file), type=_Config).currentContext
    return ""


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_LARGEST_BYTES)
