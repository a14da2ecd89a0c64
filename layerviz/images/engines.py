"""Images that an engine of this machine has: docker's and podman's answer the same questions on their sockets
(docs.docker.com/reference/api/engine, podman-system-service(1)).

An image is exported as `docker save` would, into the cache, and not again as long as its id is the same.
"""

import os
import re
import socket
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec

from layerviz.images import docker_contexts
from layerviz.images.documents import UNREADABLE
from layerviz.images.layers import Progress
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import Engine, InEngine
from layerviz.images.registry import cache
from layerviz.images.registry.together import Patience, Watch, together
from layerviz.kept import use

if TYPE_CHECKING:
    import httpx2

T = TypeVar("T")

# An engine gathers a large image before it sends the first byte, and this machine is no network.
PATIENCE = Patience(silence_s=300, pauses_s=())
_CONNECT_S = 5.0
_LARGEST_ANSWER_BYTES = 64 << 20
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_./:@+-]*[A-Za-z0-9])?")


class _Inspected(msgspec.Struct):
    Id: str
    Size: int = 0


class NoSuchImage(ImageProblem):
    """The engine has no image of that name."""


class EngineFailed(ImageProblem):
    """The engine could not answer, or nobody can make sense of what it answered."""


class _Failure(msgspec.Struct):
    message: str = ""


def exported(reference: InEngine, progress: Progress | None = None, patience: Patience = PATIENCE) -> str:
    """The file of a docker archive with that image, in the cache.

    `progress` gets the bytes so far; how many there will be is only about what the engine says of the image's size.
    What it raises ends the export. Raises `ImageProblem`.
    """
    with asking(f"{reference.engine}:{reference.name}", reference.engine, patience) as engine:
        if not _NAME.fullmatch(reference.name) or ".." in reference.name.split("/"):
            raise engine.no_image(reference.name)
        path = f"/images/{quote(reference.name, safe='/:@')}"
        (image,) = together([lambda: engine.answer(f"{path}/json", reference.name, _Inspected)], engine.watch, progress)
        engine.watch.all_bytes = max(1, image.Size)
        file = engine.file_of(image, reference.name)
        if not use(file):
            together([lambda: engine.save(f"{path}/get", reference.name, file)], engine.watch, progress)
            cache.trim()
    return str(file)


def sockets(engine: Engine) -> tuple[Path, ...]:
    """Where the engine's socket may lie: where a variable or a docker context says, else where the engine makes it.
    Raises `ImageProblem` where that leads to another machine."""
    if engine == "docker-daemon":
        chosen = docker_contexts.chosen()
    else:
        address = os.environ.get("CONTAINER_HOST", "")
        chosen = docker_contexts.Chosen("CONTAINER_HOST", address) if address else None
    if chosen:
        if not chosen.address.startswith("unix://"):
            raise ImageProblem(engine, "engine_elsewhere", {"variable": chosen.by, "value": chosen.address})
        return (Path(chosen.address.removeprefix("unix://")),)
    own = os.environ.get("XDG_RUNTIME_DIR") or (f"/run/user/{os.getuid()}" if hasattr(os, "getuid") else "")
    if engine == "docker-daemon":
        home = Path.home() / ".docker"
        mine = (Path(own, "docker.sock"),) if own else ()
        return (Path("/var/run/docker.sock"), *mine, home / "run/docker.sock", home / "desktop/docker.sock")
    mine = (Path(own, "podman/podman.sock"),) if own else ()
    return (*mine, Path("/run/podman/podman.sock"))


class Asked:
    """Questions to an engine by its socket, and what its failures mean."""

    def __init__(self, where: str, http: "httpx2.Client", watch: Watch) -> None:
        self._where = where
        self._http = http
        self.watch = watch

    def answer(self, path: str, name: str, shape: type[T]) -> T:
        data = bytearray()
        with self._streamed(path, name) as response:
            for piece in response.iter_raw():
                data += piece
                self.watch.sign()
                if len(data) > _LARGEST_ANSWER_BYTES:
                    raise self._failed(f"> {_LARGEST_ANSWER_BYTES} bytes")
        try:
            return msgspec.json.decode(data, type=shape)
        except UNREADABLE as error:
            raise self._failed(str(error)) from None

    def save(self, path: str, name: str, file: Path) -> None:
        """Writes the archive to `file`, all of it or nothing."""
        with cache.on_this_disk(file), cache.part_of(file) as part:
            # Engines cannot go on where they were cut.
            part.stream.truncate(0)
            try:
                with self._streamed(path, name) as response:
                    for piece in response.iter_raw():
                        self.watch.go_on()
                        part.stream.write(piece)
                        self.watch.advance(len(piece))
            except BaseException:
                part.stream.truncate(0)
                raise
            cache.keep(part, file)

    def file_of(self, image: _Inspected, name: str) -> Path:
        """An archive holds the name that it was asked for by, so that counts too."""
        digits = re.sub(r"[^0-9a-zA-Z]", "", image.Id.removeprefix("sha256:"))[:64]
        if not digits:
            raise self._failed(f"Id: {image.Id!a}")
        return cache.downloads()[1] / f"{digits}-{sha256(name.encode()).hexdigest()[:8]}.tar"

    def no_image(self, name: str) -> NoSuchImage:
        return NoSuchImage(self._where, "engine_no_image", {"name": name})

    @contextmanager
    def _streamed(self, path: str, name: str) -> Iterator["httpx2.Response"]:
        import httpx2

        try:
            self.watch.go_on()
            with self._http.stream("GET", path, extensions={"trace": self.watch.traced}) as response:
                self.watch.sign()
                if response.status_code == 404:
                    raise self.no_image(name)
                if response.status_code != 200:
                    raise self._failed(_message(response.read()) or str(response.status_code))
                yield response
        except httpx2.TimeoutException:
            raise ImageProblem(
                self._where, "engine_silent", {"seconds": f"{self.watch.patience.silence_s:g}"}
            ) from None
        except httpx2.HTTPError as error:
            self.watch.go_on()
            raise self._failed(str(error) or type(error).__name__) from None

    def _failed(self, reason: str) -> EngineFailed:
        return EngineFailed(self._where, "engine_failed", {"reason": reason})


@contextmanager
def asking(where: str, engine: Engine, patience: Patience) -> Iterator[Asked]:
    """The engine, while it answers. Raises `ImageProblem` where it has no socket that one may use."""
    if not hasattr(socket, "AF_UNIX"):
        raise ImageProblem(where, "engine_windows")
    file = _answering(where, engine)
    import httpx2

    silence = patience.silence_s
    timeout = httpx2.Timeout(silence, connect=min(silence, _CONNECT_S), pool=None)
    transport = httpx2.HTTPTransport(uds=str(file), trust_env=False)
    # The host is not looked up, but a request must name one; docker calls it so.
    with httpx2.Client(transport=transport, base_url="http://docker", timeout=timeout, trust_env=False) as http:
        yield Asked(where, http, Watch(where, patience, "engine_silent"))


def _answering(where: str, engine: Engine) -> Path:
    """The first socket at which somebody answers."""
    places = sockets(engine)
    refused: OSError | None = None
    for place in places:
        try:
            if not stat.S_ISSOCK(place.stat().st_mode):
                continue
            with socket.socket(socket.AF_UNIX) as tried:
                tried.settimeout(_CONNECT_S)
                tried.connect(str(place))
            return place
        except FileNotFoundError:
            continue
        except PermissionError as error:
            refused = error
        except OSError:
            # A socket that is left over from an engine that has ended.
            continue
    values: Mapping[str, Any] = {"places": ", ".join(map(str, places)), "socket": places[0]}
    if refused is not None:
        raise ImageProblem(where, "engine_not_allowed", values)
    raise ImageProblem(where, "docker_absent" if engine == "docker-daemon" else "podman_absent", values)


def _message(data: bytes) -> str:
    try:
        return msgspec.json.decode(data, type=_Failure).message
    except UNREADABLE:
        return ""
