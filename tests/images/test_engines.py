"""Images of engines come through their sockets: of a podman that runs for this, and of one that fails as it is told."""

import hashlib
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from layerviz.images.engines import exported, sockets
from layerviz.images.opening import image_of, images_of
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import InEngine
from layerviz.images.registry.together import Patience
from tests.images import archives
from tests.images.archives import File
from tests.images.local_engines import (
    SECONDS,
    Act,
    Handler,
    Server,
    breaks_off_after,
    needs_podman,
    on_posix,
    podman,
    says,
    stalls_after,
)

pytestmark = [on_posix, pytest.mark.usefixtures("engine_folder")]
LAYER = archives.layer([File("etc/one", b"1" * 3000), File("etc/two", b"2" * 200_000)])
ID = "sha256:" + "a" * 64


def _archive(engine_folder: Path) -> bytes:
    return Path(archives.written(engine_folder, archives.new([LAYER], ["x:latest"]))).read_bytes()


def test_an_image_is_exported_once_as_long_as_its_id_is_the_same(engine: dict[str, Act], engine_folder: Path) -> None:
    data = _archive(engine_folder)
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


def test_it_is_opened_like_any_other_image(engine: dict[str, Act], engine_folder: Path) -> None:
    engine["/images/a.example:5000/x:1/json"] = says(200, {"Id": ID})
    engine["/images/a.example:5000/x:1/get"] = says(200, _archive(engine_folder))
    brought = image_of("docker-daemon:a.example:5000/x:1")
    assert brought.image.origin == "docker-daemon:a.example:5000/x:1"
    assert len(brought.image.layers) == 1


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
    engine: dict[str, Act], engine_folder: Path, path: str, act: Act, expected: str
) -> None:
    engine["/images/x/json"] = says(200, {"Id": ID})
    engine[path] = act
    with pytest.raises(ImageProblem, match=expected) as told:
        exported(InEngine("docker-daemon", "x"), patience=Patience(1, ()))
    assert told.value.said("zh_CN").startswith("docker-daemon:x: ")
    assert not list(engine_folder.glob("layerviz_cache/engines/*.tar"))
    assert [part.stat().st_size for part in engine_folder.glob("layerviz_cache/engines/*")] in ([], [0])


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


def test_without_a_socket_it_says_what_to_start(engine_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        ImageProblem, match=rf"podman:x: .*podman system service --time=0 unix://{engine_folder}/none.sock"
    ):
        exported(InEngine("podman", "x"))
    with pytest.raises(ImageProblem, match=r"docker-daemon: docker does not answer"):
        images_of("docker-daemon:")


def test_a_socket_that_nobody_listens_on_any_more_is_none(engine_folder: Path) -> None:
    with Server(f"{engine_folder}/none.sock", Handler):
        pass
    with pytest.raises(ImageProblem, match="podman does not answer"):
        images_of("podman:")


def test_an_engine_of_another_machine_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://ada@a.example")
    with pytest.raises(ImageProblem, match=r"DOCKER_HOST leads to ssh://ada@a.example"):
        images_of("docker-daemon:")


def _context(folder: Path, name: str, said: object) -> None:
    file = folder / "contexts/meta" / hashlib.sha256(name.encode()).hexdigest() / "meta.json"
    file.parent.mkdir(parents=True)
    file.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")


@pytest.fixture
def config(engine_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Docker's own folder, and no variable that says more."""
    monkeypatch.delenv("DOCKER_HOST")
    monkeypatch.delenv("DOCKER_CONTEXT", raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(engine_folder / "docker"))
    return engine_folder / "docker"


def test_the_context_that_was_chosen_says_where_docker_is(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, host in {
        "here": "unix:///a/here.sock",
        "other": "unix:///a/other.sock",
        "away": "ssh://ada@a.example",
    }.items():
        _context(config, name, {"Name": name, "Metadata": {}, "Endpoints": {"docker": {"Host": host}}})
    (config / "config.json").write_text('{"currentContext": "here"}')
    assert sockets("docker-daemon") == (Path("/a/here.sock"),)
    monkeypatch.setenv("DOCKER_CONTEXT", "other")
    assert sockets("docker-daemon") == (Path("/a/other.sock"),)
    monkeypatch.setenv("DOCKER_CONTEXT", "away")
    with pytest.raises(ImageProblem, match=r"DOCKER_CONTEXT, away leads to ssh://ada@a.example.*docker save -o"):
        sockets("docker-daemon")
    monkeypatch.setenv("DOCKER_CONTEXT", "default")
    assert Path("/var/run/docker.sock") in sockets("docker-daemon")
    monkeypatch.setenv("DOCKER_HOST", "unix:///a/named.sock")
    assert sockets("docker-daemon") == (Path("/a/named.sock"),)


@pytest.mark.parametrize("said", ["{", "[]", "{}", '{"Endpoints": {}}', '{"Endpoints": {"docker": 1}}', None])
def test_a_context_that_cannot_be_read_is_one_sentence(
    config: Path, monkeypatch: pytest.MonkeyPatch, said: str | None
) -> None:
    if said:
        _context(config, "odd", said)
    monkeypatch.setenv("DOCKER_CONTEXT", "odd")
    with pytest.raises(ImageProblem, match=r"^DOCKER_CONTEXT: names the docker context 'odd'.*meta.json: .*context ls"):
        images_of("docker-daemon:")


def test_a_config_that_cannot_be_read_has_chosen_nothing(config: Path) -> None:
    config.mkdir()
    (config / "config.json").write_text("{")
    assert Path("/var/run/docker.sock") in sockets("docker-daemon")


def test_the_usual_sockets_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOCKER_HOST")
    monkeypatch.delenv("CONTAINER_HOST")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    assert Path("/var/run/docker.sock") in sockets("docker-daemon")
    assert Path("/run/user/7/docker.sock") in sockets("docker-daemon")
    assert sockets("podman") == (Path("/run/user/7/podman/podman.sock"), Path("/run/podman/podman.sock"))


@needs_podman
def test_podman_gives_out_what_was_loaded_into_it(engine_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = archives.written(engine_folder, archives.new([LAYER], ["localhost/x:latest"]))
    with podman(engine_folder, monkeypatch, [archive]):
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


@pytest.mark.skipif(shutil.which("docker") is None, reason="docker's command is not installed: nobody to make contexts")
def test_the_context_that_dockers_own_command_made_is_read(config: Path) -> None:
    docker = ["docker", "--config", str(config), "context"]
    made = [*docker, "create", "mine", "--docker", "host=unix:///a/mine.sock"]
    for command in (made, [*docker, "use", "mine"]):
        subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    assert sockets("docker-daemon") == (Path("/a/mine.sock"),)
