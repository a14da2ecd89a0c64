"""Who one is for a registry: what `docker login`, `podman login` and `skopeo login` have left behind.

Looked at in this order: the file that `REGISTRY_AUTH_FILE` names (then no other), docker's `config.json` (in
`DOCKER_CONFIG` or `~/.docker`), podman's `auth.json` (containers-auth.json(5)). Passwords that the system's own keeper
has are asked of `docker-credential-<name>` (github.com/docker/docker-credential-helpers).
"""

import binascii
import os
import re
import subprocess
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from layerviz.images.docker_contexts import config_folder
from layerviz.images.documents import UNREADABLE
from layerviz.images.problems import ImageProblem
from layerviz.images.registry.endpoint import DOCKER_IO

_DOCKER_IO_KEYS = ("https://index.docker.io/v1/", DOCKER_IO, "index.docker.io", "registry-1.docker.io")
_HELPER_SECONDS = 20
_LARGEST_ANSWER_BYTES = 1 << 20
_LARGEST_BYTES = 16 << 20
_HELPER_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_IS_TOKEN = "<token>"
"""The user name under which helpers keep an identity token (docker/cli, cli/config/credentials/native_store.go)."""


class Credentials(NamedTuple):
    """A name with a password, or an identity token, which stands for both and is known to token servers only."""

    user: str = ""
    password: str = ""
    identity_token: str = ""


class _Login(msgspec.Struct):
    auth: str | None = None
    username: str | None = None
    password: str | None = None
    identitytoken: str | None = None


class _File(msgspec.Struct):
    auths: dict[str, _Login] | None = None
    credsStore: str | None = None
    credHelpers: dict[str, str] | None = None


class _Kept(msgspec.Struct):
    Username: str = ""
    Secret: str = ""


def credentials(host: str, repository: str) -> Credentials | None:
    """What one has logged in with at `host`, for `repository` if that has a login of its own; None without a login.

    Raises `ImageProblem` where a file or a helper that should know cannot be read.
    """
    for file in _files():
        if file.is_file():
            found = _in_file(file, host, repository)
            if found is not None:
                return found
    return None


def _files() -> Iterator[Path]:
    chosen = os.environ.get("REGISTRY_AUTH_FILE")
    if chosen:
        yield Path(chosen)
        return
    yield config_folder() / "config.json"
    running = os.environ.get("XDG_RUNTIME_DIR")
    if running:
        yield Path(running) / "containers" / "auth.json"
    elif hasattr(os, "getuid"):
        yield Path(f"/run/containers/{os.getuid()}/auth.json")
    config = os.environ.get("XDG_CONFIG_HOME")
    yield (Path(config) if config else Path.home() / ".config") / "containers" / "auth.json"


def _in_file(file: Path, host: str, repository: str) -> Credentials | None:
    said = _read(file)
    keys = _DOCKER_IO_KEYS if host == DOCKER_IO else (host,)
    for key in keys:
        helper = (said.credHelpers or {}).get(key)
        if helper:
            return _from_helper(helper, key)
    if said.credsStore:
        for key in keys:
            found = _from_helper(said.credsStore, key)
            if found is not None:
                return found
    logins = {_bare(key): login for key, login in (said.auths or {}).items()}
    for key in (*_narrowing(host, repository), *(_bare(key) for key in keys)):
        if key in logins:
            found = _login(logins[key], file, key)
            if found is not None:
                return found
    return None


def _read(file: Path) -> _File:
    try:
        data = file.read_bytes() if file.stat().st_size <= _LARGEST_BYTES else b""
        return msgspec.json.decode(data, type=_File)
    except OSError as error:
        raise ImageProblem(file, "credentials_file", {"reason": error.strerror or str(error)}) from None
    except UNREADABLE as error:
        raise ImageProblem(file, "credentials_file", {"reason": str(error)}) from None


def _bare(key: str) -> str:
    """Docker's old keys are addresses, "https://host/v1/", podman's are hosts with a path or without."""
    return re.sub(r"^https?://|(?<=[^/])/+(?:v[12]/*)?$", "", key)


def _narrowing(host: str, repository: str) -> Iterator[str]:
    parts = repository.split("/")
    for length in range(len(parts), 0, -1):
        yield "/".join((host, *parts[:length]))


def _login(login: _Login, file: Path, key: str) -> Credentials | None:
    if login.identitytoken:
        return Credentials(identity_token=login.identitytoken)
    if login.auth:
        try:
            user, _, password = b64decode(login.auth, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise ImageProblem(file, "credentials_file", {"reason": f"auths, {key}: auth"}) from None
        return Credentials(user, password.strip("\0"))
    if login.username:
        return Credentials(login.username, login.password or "")
    return None


def _from_helper(name: str, key: str) -> Credentials | None:
    program = f"docker-credential-{name}"
    if not _HELPER_NAME.fullmatch(name):
        raise ImageProblem(program, "credentials_helper", {"reason": ascii(name)})
    status, said = _answer(program, key)
    if status != 0:
        # Helpers print their errors to stdout, and know "nothing is kept for this" by its words alone
        # (docker-credential-helpers, credentials/error.go).
        told = said.strip().decode(errors="replace")
        if "credentials not found" in told:
            return None
        raise ImageProblem(program, "credentials_helper", {"reason": " ".join(told[:200].split()) or status})
    try:
        kept = msgspec.json.decode(said, type=_Kept)
    except UNREADABLE as error:
        raise ImageProblem(program, "credentials_helper", {"reason": str(error)}) from None
    if kept.Username == _IS_TOKEN:
        return Credentials(identity_token=kept.Secret)
    return Credentials(kept.Username, kept.Secret) if kept.Username else None


def _answer(program: str, key: str) -> tuple[int, bytes]:
    """The helper's exit status and what it printed, on stderr if there was nothing else. Raises `ImageProblem`."""
    pipe = subprocess.PIPE
    try:
        helper = subprocess.Popen([program, "get"], stdin=pipe, stdout=pipe, stderr=pipe)
    except OSError as error:
        raise ImageProblem(program, "credentials_helper", {"reason": error.strerror or str(error)}) from None
    said: dict[str, bytes] = {}
    # What a helper leaves running holds its pipes: nobody waits for their end.
    threads = [
        threading.Thread(target=_listen, args=(said, name, stream), daemon=True)
        for name, stream in (("out", helper.stdout), ("err", helper.stderr))
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + _HELPER_SECONDS
    try:
        assert helper.stdin
        with suppress(OSError), helper.stdin:
            helper.stdin.write(key.encode())
        status = helper.wait(_HELPER_SECONDS)
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        return status, said["out"].strip() or said["err"]
    except (subprocess.TimeoutExpired, KeyError):
        helper.kill()
        helper.wait()
        raise ImageProblem(program, "credentials_helper", {"reason": f"{_HELPER_SECONDS} s"}) from None


def _listen(said: dict[str, bytes], name: str, stream: IO[bytes]) -> None:
    with stream:
        said[name] = stream.read(_LARGEST_ANSWER_BYTES)
