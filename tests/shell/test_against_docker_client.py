"""What docker's own client prints of a world, beside what the lab prints of it.

A small server answers the client on a socket as an engine would, from the world's values; so columns, widths, ages,
sizes, shortened cells, JSON and templates are the client's own work.
"""

import json
import os
import re
import shutil
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from layerviz.engine import digests, find, sizes
from layerviz.engine.changes import changes
from layerviz.engine.world import World
from layerviz.shell.docker.history import _lines
from layerviz.shell.docker.inspection import container_document, image_document
from layerviz.shell.docker.listing import image_name, status
from tests.shell.playing import SIX, play, world_of

SCRIPT = (
    SIX
    + "docker run -dit --name c1 six\n"
    + "docker exec c1 sh -c 'echo more >> /files/file1; rm /files/file2; mkdir /n; touch /n/x'\n"
    + "docker commit -m 'some words' c1 kept\ndocker pull redis\ndocker run -d --name cache redis\n"
    + "docker run -d --name done alpine sh -c 'echo a long command that is cut; exit 3'\n"
    + "printf 'FROM six\\nENV A=b\\nRUN echo x > /x\\n' > Dockerfile\ndocker build .\n"
)
TEMPLATES = (
    '{{.Config.Labels.x}} {{index .Config.Labels "x"}}|{{.Config.Entrypoint}} {{.Config.Volumes}}',
    "{{with .Config}}{{.Env}}{{end}} {{range $i, $e := .Config.Env}}{{$i}}={{$e}};{{end}}",
    '{{printf "%s-%d" .Os 3}} {{eq .Os "linux"}} {{and true .Os}} {{not .Os}} {{upper .Os}} {{title .Os}}',
    '{{truncate .Os 2}} {{pad .Os 1 2}}|{{slice .Os 0 3}} {{gt .Size 3}} {{println "a"}}{{split .Os "n"}}',
    '{{json .Config.Env}}{{/* a remark */}}   {{- " x" }} {{- .Os -}}   y',
    "{{range .Config.Volumes}}{{.}}{{else}}none{{end}} {{range .RootFS.Layers}}{{len .}} {{end}}",
    '{{$x := .Os}}{{$x}} {{if eq .Os "x" "linux"}}in{{end}} {{if and .Os (not .Author)}}both{{end}}',
    '{{if not .Os}}none{{else if .Os}}os{{else}}x{{end}} {{or .Author "nobody"}}',
    '{{.Config.Env | json}} {{.Os | printf "%q"}} {{printf "%v %5.2f %x %t %6s|%-6s|" .Os 1.5 255 true "a" "b"}}',
    '{{(index .RootFS.Layers 0) | len}} {{print "a" 1 2 "b"}} {{ `raw` }} {{index .Config "Env"}}',
    '{{html "<a>"}} {{len (split .Os "i")}} {{ne 1 2}} {{lt 1 2}} {{le "a" "b"}} {{lower "A"}}',
    '{{range $i, $l := .RootFS.Layers}}{{if $i}}, {{end}}{{$i}}{{end}} {{join .Config.Env ","}}',
    "{{.State.Nope}}",
    "{{.Os.X}}",
    "{{.Parent.X.Y}}",
    '{{join .Os ","}}',
    "{{index .Config.Env 99}}",
    "{{.Os",
    "{{if .Os}}a",
    "{{end}}",
    "{{nope}}",
    '{{"a',
)
COMMANDS = (
    "images",
    "images --digests",
    "images --no-trunc",
    "images -q",
    "images --format '{{.Repository}}:{{.Tag}} {{.Size}}'",
    "images --format 'table {{.ID}}\\t{{.Size}}'",
    "images --format json",
    "ps",
    "ps -a",
    "ps -a -s",
    "ps --no-trunc",
    "ps -aq",
    "ps --format '{{.Names}}: {{.Status}}'",
    "ps --format 'table {{.ID}}\\t{{.Names}}'",
    "history six",
    "history kept",
    "history --no-trunc six",
    "history -q six",
    "history -H=false --format '{{.Size}} {{.CreatedBy}}' kept",
    "diff c1",
    "image inspect six",
    "image inspect redis",
    "inspect c1",
    "inspect six kept",
    "inspect -f '{{.Id}} {{len .RootFS.Layers}} {{.Config.Env}}' six",
    "inspect -f '{{range .RootFS.Layers}}{{println .}}{{end}}' six",
    "inspect -f '{{json .RootFS}}' six",
    "inspect -f '{{.Nope}}' six",
    "images --format '{{.Nope}}'",
    "images --format '{{'",
    "ps -a --format '{{.Nope}}'",
    "ps --format '{{nope}}'",
    "ps -a --format '{{upper .Names}} {{.Label \"who\"}}|{{.State}}|{{.LocalVolumes}}'",
    "history six --format '{{.Nope}}'",
    *(f"inspect -f '{template}' six" for template in TEMPLATES),
)


def client_version() -> str:
    if shutil.which("docker") is None:
        return ""
    found = subprocess.run(["docker", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"Docker version (\d+)\.", found)
    return match.group(1) if match else ""


class Engine:
    """The answers of an engine whose state is the world's."""

    def __init__(self, world: World) -> None:
        self.world = world

    def answer(self, path: str, query: dict[str, list[str]]) -> object | None:
        path = re.sub(r"^/v[\d.]+", "", path)
        if path == "/images/json":
            return self.images()
        if path == "/containers/json":
            return self.containers(everything="all" in query, with_sizes="size" in query)
        match = re.fullmatch(r"/(images|containers)/([^/]+)/(json|history|changes)", path)
        if match is None:
            return None
        kind, name, what = match.groups()
        if kind == "images":
            image = find.image_by_ref(self.world, name)
            if image is None:
                return None
            if what == "json":
                return image_document(self.world, image)
            return [
                {
                    "Id": identifier,
                    "Created": line.created + self.shift,
                    "CreatedBy": line.created_by,
                    "Size": size,
                    "Comment": line.comment,
                }
                for line, identifier, size in _lines(self.world, image)
            ]
        container = find.container_by_name(self.world, name)
        if container is None:
            return None
        if what == "json":
            return container_document(self.world, container)
        return [{"Path": changed, "Kind": "CAD".index(letter)} for letter, changed in changes(container)]

    @property
    def shift(self) -> int:
        """From the world's clock to this machine's, so that ages agree."""
        return int(time.time()) - self.world.clock

    def images(self) -> list[object]:
        parents = {image.parent_key for image in self.world.images}
        found: list[object] = []
        for image in sorted(self.world.images, key=lambda one: (-one.created, -one.key)):
            tags = find.tags_of(self.world, image)
            if tags or image.key not in parents:
                found.append(
                    {
                        "Id": digests.image_id(image),
                        "RepoTags": list(tags),
                        "RepoDigests": list(image.repo_digests) if tags else [],
                        "Created": image.created + self.shift,
                        "Size": sizes.size_of_image(image),
                        "SharedSize": -1,
                        "Containers": -1,
                    }
                )
        return found

    def containers(self, *, everything: bool, with_sizes: bool) -> list[object]:
        found: list[object] = []
        for container in sorted(self.world.containers, key=lambda one: (-one.created, -one.key)):
            if container.state != "running" and not everything:
                continue
            own = sizes.size_of_container(container)
            ports = container.image.config.exposed_ports if container.state == "running" else ()
            document = {
                "Id": container.id,
                "Names": [f"/{container.name}"],
                "Image": image_name(self.world, container),
                "Command": " ".join(
                    [*container.command[:1], *(f"'{word}'" if " " in word else word for word in container.command[1:])]
                ),
                "Created": container.created + self.shift,
                "Ports": [{"PrivatePort": int(port.split("/")[0]), "Type": port.split("/")[1]} for port in ports],
                "State": container.state,
                "Status": status(container, self.world.clock),
            }
            if with_sizes:
                document |= {"SizeRw": own, "SizeRootFs": (sizes.size_of_image(container.image) or 0) + own}
            found.append(document)
        return found


@pytest.fixture(scope="module")
def world() -> World:
    results = play(SCRIPT)
    assert all(result.status == 0 for result in results)
    return results[-1].world


@pytest.fixture(scope="module")
def socket(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    engine = Engine(world)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.reply(200, b"OK")

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            found = engine.answer(parts.path, parse_qs(parts.query))
            if found is None:
                self.reply(404, b'{"message":"not found"}')
            else:
                self.reply(200, json.dumps(found).encode())

        def reply(self, code: int, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Api-Version", "1.50")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Tests print nothing."""

    class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        daemon_threads = True

    file = tmp_path_factory.mktemp("engine") / "s"
    with Server(str(file), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield file
        server.shutdown()


@pytest.mark.skipif(client_version() != "28", reason="docker's client 28 is not here: nothing to compare with")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_lab_prints_what_dockers_client_prints(command: str, world: World, socket: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "DOCKER_HOST": f"unix://{socket}", "DOCKER_CONFIG": str(tmp_path)}
    for attempt in range(3):
        # Ages are counted in whole seconds: one may pass between the engine's answer and the client's clock.
        theirs = subprocess.run(
            f"docker {command}", shell=True, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False
        )
        (ours,) = play(f"docker {command}", world)
        if without_dates(theirs.stdout) == without_dates(ours.stdout) or attempt == 2:
            break
    assert without_dates(ours.stdout) == without_dates(theirs.stdout)
    assert ours.status == theirs.returncode
    assert ours.errors == theirs.stderr


def without_dates(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC", "<date>", text)
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<date>", text)


WRONG_CALLS = (
    "foo",
    "image foo",
    "rmi",
    "run",
    "exec c1",
    "tag a",
    "history",
    "history a b",
    "commit",
    "info x",
    "images --nope",
    "rm -z x",
    "run --name",
    "ps -q=maybe",
    "pull Foo",
    "pull a:b:c",
    "tag a Foo",
    "commit c Foo",
    "run Foo",
    "cp a b",
    "cp a:/x b:/y",
)


@pytest.mark.skipif(client_version() != "28", reason="docker's client 28 is not here: nothing to compare with")
@pytest.mark.parametrize("command", WRONG_CALLS)
def test_a_wrong_call_is_refused_in_the_clients_words(command: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_CONFIG": str(tmp_path)}
    theirs = subprocess.run(
        f"docker {command}", shell=True, env=environment, capture_output=True, text=True, check=False
    )
    (ours,) = play(f"docker {command}", world_of("true"))
    stderr = "".join(line for line in ours.stderr.splitlines(keepends=True) if not line.startswith("hint: "))
    assert (ours.stdout, stderr, ours.status) == (theirs.stdout, theirs.stderr, theirs.returncode)
