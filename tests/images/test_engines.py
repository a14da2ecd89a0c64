"""Images of engines come through their sockets: of a podman that runs for this, and of one that fails as it is told."""

import json
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from layerviz.images.engines import EngineImage, exported, images_in, sockets
from layerviz.images.opening import image_of
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import InEngine
from layerviz.images.registry.together import Patience
from tests.images import archives
from tests.images.archives import File

pytestmark = pytest.mark.skipif(os.name != "posix", reason="engines have unix sockets on POSIX systems only")
SECONDS = 60
LAYER = archives.layer([File("etc/one", b"1" * 3000), File("etc/two", b"2" * 200_000)])
ID = "sha256:" + "a" * 64
Act = Callable[["Handler"], None]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """For sockets, whose paths must be short; no engine of this machine is to be found."""
    with tempfile.TemporaryDirectory(prefix="lv") as folder:
        for name in ("HOME", "XDG_RUNTIME_DIR", "LAYERVIZ_CACHE"):
            monkeypatch.setenv(name, f"{folder}/{name.lower()}")
        monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/none.sock")
        monkeypatch.setenv("CONTAINER_HOST", f"unix://{folder}/none.sock")
        yield Path(folder)


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


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@pytest.fixture
def engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Act]]:
    """What a docker answers, path by path; what it was asked stands in `Handler.asked`."""
    answers: dict[str, Act] = {}
    Handler.answers, Handler.asked, Handler.closing = answers, [], threading.Event()
    server = _Server(f"{folder}/docker.sock", Handler)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{folder}/docker.sock")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield answers
    Handler.closing.set()
    server.shutdown()
    server.server_close()
    thread.join(5)


def _archive(folder: Path) -> bytes:
    return Path(archives.written(folder, archives.new([LAYER], ["x:latest"]))).read_bytes()


def test_an_image_is_exported_once_as_long_as_its_id_is_the_same(engine: dict[str, Act], folder: Path) -> None:
    data = _archive(folder)
    engine["/images/x/json"] = says(200, {"Id": ID, "Size": len(data)})
    engine["/images/x/get"] = says(200, data)
    told: list[tuple[int, int]] = []
    file = exported(InEngine("docker-daemon", "x"), lambda done, all_bytes: told.append((done, all_bytes)))
    assert Path(file).read_bytes() == data
    assert told[-1] == (len(data), len(data))
    assert exported(InEngine("docker-daemon", "x")) == file
    assert Handler.asked == ["/images/x/json", "/images/x/get", "/images/x/json"]
    engine["/images/x/json"] = says(200, {"Id": ID.replace("a", "b")})
    assert exported(InEngine("docker-daemon", "x")) != file


def test_it_is_opened_like_any_other_image(engine: dict[str, Act], folder: Path) -> None:
    engine["/images/a.example:5000/x:1/json"] = says(200, {"Id": ID})
    engine["/images/a.example:5000/x:1/get"] = says(200, _archive(folder))
    brought = image_of("docker-daemon:a.example:5000/x:1")
    assert brought.image.origin == "docker-daemon:a.example:5000/x:1"
    assert len(brought.image.layers) == 1


def test_the_list_of_images_leaves_out_what_is_no_name(engine: dict[str, Act]) -> None:
    engine["/images/json"] = says(
        200,
        [
            {"Id": ID, "RepoTags": ["x:latest", "y:1"], "Size": 12, "Created": 34},
            {"Id": ID, "RepoTags": ["<none>:<none>"]},
            {"Id": ID, "RepoTags": None},
        ],
    )
    assert images_in("docker-daemon") == (
        EngineImage(ID, ("x:latest", "y:1"), 12, 34),
        EngineImage(ID, (), 0, 0),
        EngineImage(ID, (), 0, 0),
    )


@pytest.mark.parametrize(
    ("path", "act", "expected"),
    [
        ("/images/x/json", says(404, {"message": "none"}), "docker-daemon:x: the engine has no image x"),
        ("/images/x/json", says(500, {"message": "disk on fire"}), r"the engine failed \(disk on fire\)"),
        ("/images/x/json", says(500, b"<html>"), r"the engine failed \(500\)"),
        ("/images/x/json", says(200, b"<html>"), r"the engine failed \(.*malformed"),
        ("/images/x/json", says(200, b"[" * 100_000), "the engine failed"),
        ("/images/x/json", says(200, []), "the engine failed"),
        ("/images/x/json", says(200, {"Id": "../"}), r"the engine failed \(Id"),
        ("/images/x/json", stalls_after(b""), "the engine sent nothing for 1 s"),
        ("/images/x/get", says(500, {"message": "cannot"}), r"the engine failed \(cannot\)"),
        ("/images/x/get", breaks_off_after(b"x" * 1000), "the engine failed"),
        ("/images/x/get", stalls_after(b"x" * 1000), "the engine sent nothing for 1 s"),
    ],
)
def test_an_engine_that_fails_is_one_sentence_and_nothing_half_is_kept(
    engine: dict[str, Act], folder: Path, path: str, act: Act, expected: str
) -> None:
    engine["/images/x/json"] = says(200, {"Id": ID})
    engine[path] = act
    with pytest.raises(ImageProblem, match=expected) as told:
        exported(InEngine("docker-daemon", "x"), patience=Patience(1, ()))
    assert told.value.said("zh_CN").startswith("docker-daemon:x: ")
    assert not list(folder.glob("layerviz_cache/engines/*.tar"))
    assert [part.stat().st_size for part in folder.glob("layerviz_cache/engines/*")] in ([], [0])


class _Cancelled(Exception):
    pass


def test_cancel_ends_an_export_at_once(engine: dict[str, Act]) -> None:
    engine["/images/x/json"] = says(200, {"Id": ID})
    engine["/images/x/get"] = stalls_after(b"x" * 1000)

    def cancel(done: int, all_bytes: int) -> None:
        if done:
            raise _Cancelled

    before = time.monotonic()
    with pytest.raises(_Cancelled):
        exported(InEngine("docker-daemon", "x"), cancel)
    assert time.monotonic() - before < 1


@pytest.mark.parametrize("name", ["../containers/json", "x?a=b", "x/../../y", "x y", "x#"])
def test_a_name_cannot_ask_for_anything_else(engine: dict[str, Act], name: str) -> None:
    with pytest.raises(ImageProblem, match="the engine has no image"):
        exported(InEngine("docker-daemon", name))
    assert Handler.asked == []


def test_without_a_socket_it_says_what_to_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImageProblem, match=rf"podman:x: .*podman system service --time=0 unix://{folder}/none.sock"):
        exported(InEngine("podman", "x"))
    with pytest.raises(ImageProblem, match=r"docker-daemon: docker does not answer"):
        images_in("docker-daemon")


def test_a_socket_that_nobody_listens_on_any_more_is_none(folder: Path) -> None:
    with _Server(f"{folder}/none.sock", Handler):
        pass
    with pytest.raises(ImageProblem, match="podman does not answer"):
        images_in("podman")


def test_an_engine_of_another_machine_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://ada@a.example")
    with pytest.raises(ImageProblem, match=r"DOCKER_HOST leads to ssh://ada@a.example"):
        images_in("docker-daemon")


def test_the_usual_sockets_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST")
    monkeypatch.delenv("CONTAINER_HOST")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    assert Path("/var/run/docker.sock") in sockets("docker-daemon")
    assert Path("/run/user/7/docker.sock") in sockets("docker-daemon")
    assert sockets("podman") == (Path("/run/user/7/podman/podman.sock"), Path("/run/podman/podman.sock"))


@pytest.mark.skipif(shutil.which("podman") is None, reason="podman is not installed: no real engine to ask")
def test_podman_gives_out_what_was_loaded_into_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    podman = ["podman", "--root", f"{folder}/root", "--runroot", f"{folder}/run", "--storage-driver", "vfs"]
    archive = archives.written(folder, archives.new([LAYER], ["localhost/x:latest"]))
    # With this it would ask another podman.
    monkeypatch.delenv("CONTAINER_HOST")
    loaded = subprocess.run([*podman, "load", "-q", "-i", archive], capture_output=True, text=True, timeout=SECONDS)
    assert loaded.returncode == 0, loaded.stderr
    with (folder / "log").open("wb") as log:
        service = subprocess.Popen(
            [*podman, "system", "service", "--time=0", f"unix://{folder}/podman.sock"], stdout=log, stderr=log
        )
    monkeypatch.setenv("CONTAINER_HOST", f"unix://{folder}/podman.sock")
    try:
        until = time.monotonic() + SECONDS
        while not (folder / "podman.sock").exists() and service.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        (listed,) = images_in("podman")
        assert listed.refs == ("localhost/x:latest",)
        assert listed.size_bytes >= 200_000
        brought = image_of("podman:localhost/x:latest")
        assert [layer.brought_diff_id for layer in brought.image.layers] == [f"sha256:{archives.digest(LAYER)}"]
        tree = subprocess.run(
            [sys.executable, "-m", "layerviz", "tree", "podman:localhost/x", "--json"],
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert [json.loads(line)["path"] for line in tree.stdout.splitlines()] == ["/etc", "/etc/one", "/etc/two"]
        with pytest.raises(ImageProblem, match="the engine has no image none"):
            exported(InEngine("podman", "none"))
    finally:
        service.terminate()
        service.wait(SECONDS)
