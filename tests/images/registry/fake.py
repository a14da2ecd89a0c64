"""A registry in a thread, with images in memory, that fails as it is told to."""

import json
import re
import socket
import ssl
import struct
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from layerviz.images import manifests
from tests.images import archives

Act = Callable[["Handler"], None]
"""What is done in place of the usual answer."""


class Asked(NamedTuple):
    path: str
    headers: Mapping[str, str]
    body: str = ""


class Registry:
    """What it holds, what it was asked, and what it will do in place of an answer: `instead[path]`, one after another,
    the last one for ever if it is `always`."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, tuple[str, bytes]] = {}
        self.instead: dict[str, deque[Act]] = defaultdict(deque)
        self.always: dict[str, Act] = {}
        self.asked: list[Asked] = []
        self.host = ""
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        self.closing = threading.Event()

    def add_image(self, layers: Sequence[bytes], name: str = "x", tag: str = "latest", **more: object) -> list[str]:
        """The paths of the blobs: the config's, then the layers'."""
        said = archives.config(layers, **more)  # type: ignore[arg-type] # passed on as it comes
        blobs = [said, *layers]
        self.blobs.update({digest(data): data for data in blobs})
        config, *rest = (descriptor(data) for data in blobs)
        config["mediaType"] = manifests.CONFIG
        self.add_manifest({"schemaVersion": 2, "config": config, "layers": rest}, name, tag)
        return [f"/v2/{name}/blobs/{digest(data)}" for data in blobs]

    def add_manifest(
        self, said: object, name: str = "x", tag: str = "latest", media_type: str = manifests.MANIFEST
    ) -> dict[str, object]:
        """Its descriptor."""
        data = said if isinstance(said, bytes) else json.dumps(said).encode()
        for by in (tag, digest(data)):
            self.manifests[f"/v2/{name}/manifests/{by}"] = media_type, data
        return {**descriptor(data), "mediaType": media_type}

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


def digest(data: bytes) -> str:
    return f"sha256:{archives.digest(data)}"


def descriptor(data: bytes, media_type: str = manifests.LAYER) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest(data), "size": len(data)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    registry: Registry

    def log_message(self, format: str, *args: object) -> None:
        return

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def do_GET(self) -> None:
        self._answer()

    def _answer(self, body: str = "") -> None:
        here = self.registry
        path = self.path.partition("?")[0]
        with here.lock:
            here.asked.append(Asked(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            here.at_once += 1
            here.most_at_once = max(here.most_at_once, here.at_once)
            act = here.instead[path].popleft() if here.instead[path] else here.always.get(path, Handler.as_usual)
        try:
            act(self)
        except OSError:
            self.close_connection = True
        finally:
            with here.lock:
                here.at_once -= 1

    def as_usual(self) -> None:
        path = self.path.partition("?")[0]
        if path in self.registry.manifests:
            media_type, data = self.registry.manifests[path]
            self.say(200, data, {"Content-Type": media_type})
            return
        data = self.registry.blobs.get(path.rpartition("/")[2], b"")
        if "/blobs/" not in path or path.rpartition("/")[2] not in self.registry.blobs:
            self.say(404, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
            return
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if wanted and int(wanted[1]):
            begin = int(wanted[1])
            self.say(206, data[begin:], {"Content-Range": f"bytes {begin}-{len(data) - 1}/{len(data)}"})
        else:
            self.say(200, data)

    def say(self, status: int, data: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def break_off(self) -> None:
        """As a network breaks: no end, a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: str, handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, 0), handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what is tried here."""


def status(code: int, headers: Mapping[str, str] | None = None) -> Act:
    return lambda handler: handler.say(code, b"{}", headers)


def sends(data: bytes) -> Act:
    return lambda handler: handler.say(200, data)


def silent(handler: Handler) -> None:
    """Nothing at all, until the test is over."""
    handler.registry.closing.wait(20)
    handler.break_off()


def cut(after: int) -> Act:
    """The first bytes of what was to be sent, and then nobody is there any more."""

    def act(handler: Handler) -> None:
        data = handler.registry.blobs[handler.path.partition("?")[0].rpartition("/")[2]]
        wanted = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        begin = int(wanted[1]) if wanted else 0
        handler.send_response(206 if begin else 200)
        if begin:
            handler.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        handler.send_header("Content-Length", str(len(data) - begin))
        handler.end_headers()
        handler.wfile.write(data[begin : begin + after])
        handler.wfile.flush()
        # In order, so that what was sent arrives.
        handler.close_connection = True

    return act


@contextmanager
def running(context: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> Iterator[Registry]:
    """With a `context` it speaks TLS."""
    registry = Registry()
    handler = type("Here", (Handler,), {"registry": registry})
    server = _Server(address, handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    registry.host = f"{f'[{address}]' if ':' in address else address}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        registry.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
