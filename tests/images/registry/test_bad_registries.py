"""A registry that is wrong or broken: one sentence that names host, repository and blob, and soon."""

import gzip
import json
import time
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from layerviz.cli.root import layerviz
from layerviz.images import manifests
from layerviz.images.problems import ImageProblem
from tests.images import archives
from tests.images.archives import File
from tests.images.registry import fake
from tests.images.registry.conftest import Fetch

LAYER = archives.layer([File("one", b"1" * 300_000)])
OTHER = archives.layer([File("one", b"2" * 300_000)])
MANIFEST = "/v2/x/manifests/latest"
BLOB = f"/v2/x/blobs/{fake.digest(LAYER)}"


def _always(path: str, act: fake.Act) -> Callable[[fake.Registry], None]:
    def prepare(registry: fake.Registry) -> None:
        registry.add_image([LAYER])
        registry.always[path] = act

    return prepare


def _manifest(said: object) -> Callable[[fake.Registry], None]:
    def prepare(registry: fake.Registry) -> None:
        registry.add_image([LAYER])
        registry.add_manifest(said)

    return prepare


def _drip(handler: fake.Handler) -> None:
    """A little now and then: never silent, never done."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        if handler.registry.closing.wait(0.1):
            return


def _drip_of_headers(handler: fake.Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        if handler.registry.closing.wait(0.1):
            return


def _longer_than_said(handler: fake.Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for piece in (LAYER, b"and more"):
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
    handler.wfile.write(b"0\r\n\r\n")


def _no_http(handler: fake.Handler) -> None:
    handler.wfile.write(b"220 mail.example ESMTP\r\n")
    handler.wfile.flush()
    handler.close_connection = True


def _endless(handler: fake.Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", str(1 << 30))
    handler.end_headers()
    for _ in range(1 << 10):
        handler.wfile.write(b" " * (1 << 20))


def _endless_in_pieces(handler: fake.Handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    for _ in range(1 << 10):
        handler.wfile.write(b"100000\r\n" + b" " * (1 << 20) + b"\r\n")


def _go_on_for_ever(handler: fake.Handler) -> None:
    """Answers that are none yet."""
    while not handler.registry.closing.wait(0.02):
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _headers_without_end(handler: fake.Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1 << 20):
        handler.wfile.write(b"X-%d: y\r\n" % number)


def _packed(data: bytes) -> fake.Act:
    return lambda handler: handler.say(200, gzip.compress(data), {"Content-Encoding": "gzip"})


def _layer_said_to_be(**more: object) -> Callable[[fake.Registry], None]:
    def prepare(registry: fake.Registry) -> None:
        registry.add_image([LAYER])
        config = archives.config([LAYER])
        layer = {**fake.descriptor(LAYER), **more}
        said = {"schemaVersion": 2, "config": fake.descriptor(config, manifests.CONFIG), "layers": [layer]}
        registry.add_manifest(said)

    return prepare


BAD: dict[str, tuple[Callable[[fake.Registry], None], str]] = {
    "401": (_always(MANIFEST, fake.status(401)), r"{host}/x: the registry asks for a way of login"),
    "401 of Basic": (
        _always(MANIFEST, fake.status(401, {"WWW-Authenticate": 'Basic realm="r"'})),
        r"{host}/x: the registry lets nobody in without a login.*docker login {host}",
    ),
    "403": (_always(MANIFEST, fake.status(403)), r"{host}/x:latest: the registry does not allow that"),
    "404": (_always(MANIFEST, fake.status(404)), r"{host}/x:latest: the registry has no such image"),
    "404 for a blob": (_always(BLOB, fake.status(404)), r"{host}/x: the registry has no blob {digest}"),
    "418": (_always(MANIFEST, fake.status(418)), r"{host}/x:latest: .*makes no sense here \(status 418\)"),
    "429": (_always(MANIFEST, fake.status(429)), r"{host}/x:latest: the registry wants to be asked less often"),
    "429 for a blob": (_always(BLOB, fake.status(429)), r"{host}/x, {digest}: .* asked less often"),
    "500": (_always(MANIFEST, fake.status(500)), r"{host}/x:latest: the registry failed.*\(status 500\)"),
    "500 for a blob": (_always(BLOB, fake.status(500)), r"{host}/x, {digest}: the registry failed"),
    "half a blob": (
        _always(BLOB, fake.cut(100)),
        r"{host}/x, {digest}: the registry hung up after 400 of {size} bytes",
    ),
    "a blob that breaks off at once": (_always(BLOB, fake.cut(0)), r"{host}/x, {digest}: the registry hung up"),
    "a wrong blob": (
        _always(BLOB, fake.sends(OTHER)),
        r"{host}/x, {digest}: the registry sent something else, with the digest {other}",
    ),
    "a blob that is too short": (_always(BLOB, fake.sends(LAYER[:-1])), r"{host}/x, {digest}: .* of {size} bytes"),
    "a blob that is too long": (
        _always(BLOB, fake.sends(LAYER + b"x")),
        r"{host}/x, {digest}: the registry sends {more}",
    ),
    "a blob that goes on": (_always(BLOB, _longer_than_said), r"{host}/x, {digest}: the registry sends"),
    "no answer": (_always(MANIFEST, fake.silent), r"{host}/x.*: the registry sent nothing for 1.5 s"),
    "no answer for a blob": (_always(BLOB, fake.silent), r"{host}/x.*: the registry sent nothing for 1.5 s"),
    "a manifest byte by byte": (_always(MANIFEST, _drip), r"{host}/x:latest: the registry sent nothing for 1.5 s"),
    "headers byte by byte": (_always(MANIFEST, _drip_of_headers), r"{host}/x: the registry sent nothing for 1.5 s"),
    "a reset": (_always(MANIFEST, fake.Handler.break_off), r"{host}/x:latest: the registry hung up"),
    "another protocol": (_always(MANIFEST, _no_http), r"{host}/x:latest: the registry hung up"),
    "a huge manifest": (_always(MANIFEST, _endless), r"{host}/x:latest: the registry sent more than 4194304 bytes"),
    "a page": (_always(MANIFEST, fake.sends(b"<html>")), r"{host}/x:latest: .* no manifest .*malformed"),
    "a deep manifest": (_manifest(b"[" * 100_000), r"{host}/x:latest: what the registry sent is no manifest"),
    "a list": (_manifest([]), r"{host}/x:latest: what the registry sent is no manifest"),
    "schema 1": (_manifest({"schemaVersion": 1, "fsLayers": []}), r"{host}/x:latest: .*schema 1"),
    "an artifact": (
        _manifest({"schemaVersion": 2, "layers": [], "config": fake.descriptor(b"{}", "application/vnd.chart+json")}),
        r"{host}/x:latest: is no image, but application/vnd.chart\+json",
    ),
    "a digest that leads out of the cache": (
        _manifest({"schemaVersion": 2, "layers": [], "config": {"digest": "sha256:../../etc/passwd", "size": 1}}),
        r"{host}/x:latest: .*is no sha256 digest",
    ),
    "a manifest without end": (
        _always(MANIFEST, _endless_in_pieces),
        r"{host}/x:latest: the registry sent more than 4194304 bytes",
    ),
    "answers that are none": (_always(MANIFEST, _go_on_for_ever), r"{host}/x: the registry sent nothing for 1.5 s"),
    "headers without end": (_always(MANIFEST, _headers_without_end), r"{host}/x:latest: the registry hung up"),
    "an empty manifest": (
        _always(MANIFEST, fake.sends(b"")),
        r"{host}/x:latest: what the registry sent is no manifest",
    ),
    "no content": (_always(MANIFEST, fake.status(204)), r"{host}/x:latest: .*makes no sense here \(status 204\)"),
    "a redirect to nowhere": (_always(BLOB, fake.status(302)), r"{host}/x, {digest}: .*makes no sense.*302"),
    "a part that nobody asked for": (
        _always(BLOB, fake.status(206, {"Content-Range": "bytes 5-6/7"})),
        r"{host}/x, {digest}: .*makes no sense.*206",
    ),
    "a manifest that is packed": (_always(MANIFEST, _packed(b"{}")), r"{host}/x:latest: the registry packs.*'gzip'"),
    "a blob that is packed": (_always(BLOB, _packed(LAYER)), r"{host}/x, {digest}: the registry packs.*'gzip'"),
    "another digest than it says": (
        _always(MANIFEST, lambda handler: handler.say(200, b"{}", {"Docker-Content-Digest": fake.digest(LAYER)})),
        r"{host}/x:latest: the registry sent something else, with the digest " + fake.digest(b"{}"),
    ),
    "a list of tags": (
        _manifest({"name": "x", "tags": ["latest"]}),
        r"{host}/x:latest: is neither a manifest .* nor an index",
    ),
    "manifest and index at once": (
        _manifest({"schemaVersion": 2, "config": fake.descriptor(b"{}"), "layers": [], "manifests": []}),
        r"{host}/x:latest: is a manifest .* and an index",
    ),
    "a config of too many bytes": (
        _manifest(
            {"schemaVersion": 2, "layers": [], "config": {**fake.descriptor(b"{}", manifests.CONFIG), "size": 5 << 20}}
        ),
        r"{host}/x: the registry sent more than 4194304 bytes",
    ),
    "a layer of less than no bytes": (_layer_said_to_be(size=-1), r"{host}/x:latest: .*-1"),
    "a layer of more bytes than there are numbers for": (
        _layer_said_to_be(size=10**30),
        r"{host}/x: 1000000000000000000000000000000 bytes are",
    ),
    "a layer of no bytes": (_layer_said_to_be(size=0), r"{host}/x, {digest}: .*with the digest sha256:e3b0c442"),
    "an endless redirect": (_always(BLOB, fake.status(307, {"Location": BLOB})), r"{host}/x, {digest}: .* leads on to"),
    "a redirect out of HTTP": (
        _always(BLOB, fake.status(307, {"Location": "file:///etc/passwd"})),
        r"{host}/x, {digest}: the registry leads on to 'file:///etc/passwd'",
    ),
    "a redirect to a host without TLS": (
        _always(BLOB, fake.status(307, {"Location": "http://192.0.2.1/blob"})),
        r"{host}/x, {digest}: the registry leads on to",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_it_is_one_sentence_and_soon(registry: fake.Registry, fetch: Fetch, case: str) -> None:
    prepare, expected = BAD[case]
    prepare(registry)
    before = time.monotonic()
    with pytest.raises(ImageProblem) as told:
        fetch()
    assert time.monotonic() - before < 6
    values = {
        "host": registry.host,
        "digest": fake.digest(LAYER),
        "other": fake.digest(OTHER),
        "size": len(LAYER),
        "more": len(LAYER) + 1,
    }
    for name, value in values.items():
        expected = expected.replace(f"{{{name}}}", str(value))
    told.match(expected)
    english, chinese = told.value.said("en"), told.value.said("zh_CN")
    assert "\n" not in english + chinese
    assert english.split(": ")[0] == chinese.split(": ")[0]
    assert english != chinese


def test_an_image_whose_config_does_not_fit_its_layers_is_refused_before_they_come(
    registry: fake.Registry, fetch: Fetch
) -> None:
    config = archives.config([LAYER])
    registry.blobs.update({fake.digest(config): config, fake.digest(OTHER): OTHER})
    layers = [fake.descriptor(LAYER), fake.descriptor(OTHER)]
    registry.add_manifest({"schemaVersion": 2, "config": fake.descriptor(config, manifests.CONFIG), "layers": layers})
    with pytest.raises(ImageProblem, match="layers length mismatch"):
        fetch()
    assert BLOB not in registry.paths()


def test_a_config_that_is_a_layer_too_is_no_crash(registry: fake.Registry, fetch: Fetch) -> None:
    config = json.dumps({"rootfs": {"type": "layers", "diff_ids": [fake.digest(LAYER)]}}).encode()
    registry.blobs[fake.digest(config)] = config
    said = {
        "schemaVersion": 2,
        "config": fake.descriptor(config, manifests.CONFIG),
        "layers": [fake.descriptor(config)],
    }
    registry.add_manifest(said)
    (blob,) = fetch().blobs
    assert blob is not None and blob.end == len(config)


def test_nobody_listening_is_one_sentence(registry: fake.Registry, fetch: Fetch) -> None:
    registry.host = "127.0.0.1:1"
    with pytest.raises(ImageProblem, match=r"127.0.0.1:1/x:latest: the registry cannot be reached"):
        fetch()


@pytest.mark.parametrize("case", ["404", "403", "a wrong blob", "a page"])
def test_the_command_line_ends_with_status_1_and_that_sentence(registry: fake.Registry, case: str) -> None:
    BAD[case][0](registry)
    listed = CliRunner().invoke(layerviz, ["tree", f"docker://{registry.host}/x"])
    assert (listed.exit_code, listed.stdout) == (1, "")
    (sentence,) = listed.stderr.splitlines()
    assert sentence.startswith(f"layerviz: {registry.host}/x")
