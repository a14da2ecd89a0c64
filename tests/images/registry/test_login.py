"""Logging in: what a registry asks for, what docker and podman have left, and who gets to see it."""

import json
import os
import stat
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from layerviz.images.problems import ImageProblem
from layerviz.images.registry import credentials as credentials_module
from layerviz.images.registry.challenge import Challenge, challenges
from layerviz.images.registry.credentials import Credentials, credentials
from tests.images import archives
from tests.images.archives import File
from tests.images.registry import fake
from tests.images.registry.conftest import Fetch

LAYER = archives.layer([File("one", b"1" * 3000)])
MANIFEST = "/v2/x/manifests/latest"
BASIC = {"WWW-Authenticate": 'Basic realm="here"'}


def _auth(user: str, password: str) -> str:
    return b64encode(f"{user}:{password}".encode()).decode()


def _login(tmp_path: Path, **said: object) -> Path:
    file = tmp_path / "docker" / "config.json"
    file.write_text(json.dumps(said), encoding="utf-8")
    return file


@pytest.fixture
def other() -> Iterator[fake.Registry]:
    """Another host: a token server, or where blobs really lie."""
    with fake.running() as other:
        yield other


def _lets_in(header: str, otherwise: dict[str, str]) -> fake.Act:
    def act(handler: fake.Handler) -> None:
        if handler.headers.get("Authorization") == header:
            handler.as_usual()
        else:
            handler.say(401, b"{}", otherwise)

    return act


def _close(registry: fake.Registry, paths: list[str], header: str, otherwise: dict[str, str]) -> None:
    for path in (MANIFEST, *paths):
        registry.always[path] = _lets_in(header, otherwise)


def test_a_password_of_dockers_config_opens_a_registry_that_asks_for_basic(
    registry: fake.Registry, fetch: Fetch, tmp_path: Path
) -> None:
    header = f"Basic {_auth('ada', 'se:cret')}"
    _close(registry, registry.add_image([LAYER]), header, BASIC)
    _login(tmp_path, auths={registry.host: {"auth": _auth("ada", "se:cret")}})
    fetch()
    assert [one.headers.get("authorization") for one in registry.asked][:2] == [None, header]
    assert sum("authorization" not in one.headers for one in registry.asked) == 1


def test_a_wrong_password_is_one_sentence_and_is_not_tried_twice(
    registry: fake.Registry, fetch: Fetch, tmp_path: Path
) -> None:
    _close(registry, registry.add_image([LAYER]), "Basic right", BASIC)
    _login(tmp_path, auths={registry.host: {"username": "ada", "password": "wrong"}})
    with pytest.raises(ImageProblem, match=rf"{registry.host}/x: the registry does not let ada in.*docker login"):
        fetch()
    assert len(registry.asked) == 2


def _tokens(registry: fake.Registry, other: fake.Registry, answer: fake.Act) -> None:
    other.always["/token"] = answer
    challenge = f'Bearer realm="http://{other.host}/token?old=1",service="the service",scope="repository:x:pull"'
    _close(registry, registry.add_image([LAYER]), "Bearer good", {"WWW-Authenticate": challenge})


@pytest.mark.parametrize("name", ["token", "access_token"])
def test_a_token_server_gives_a_token_to_whoever_asks(
    registry: fake.Registry, other: fake.Registry, fetch: Fetch, name: str
) -> None:
    _tokens(registry, other, fake.sends(json.dumps({name: "good"}).encode()))
    fetch()
    (asked,) = other.asked
    assert parse_qs(urlsplit(asked.path).query) == {
        "old": ["1"],
        "service": ["the service"],
        "scope": ["repository:x:pull"],
    }
    assert "authorization" not in asked.headers


def test_a_token_server_learns_ones_password_and_the_registry_does_not(
    registry: fake.Registry, other: fake.Registry, fetch: Fetch, tmp_path: Path
) -> None:
    _tokens(registry, other, fake.sends(b'{"token": "good"}'))
    _login(tmp_path, auths={registry.host: {"auth": _auth("ada", "secret")}})
    fetch()
    assert [one.headers.get("authorization") for one in other.asked] == [f"Basic {_auth('ada', 'secret')}"]
    assert {one.headers.get("authorization") for one in registry.asked} == {None, "Bearer good"}


def test_an_identity_token_is_exchanged(
    registry: fake.Registry, other: fake.Registry, fetch: Fetch, tmp_path: Path
) -> None:
    _tokens(registry, other, fake.sends(b'{"access_token": "good"}'))
    _login(tmp_path, auths={registry.host: {"identitytoken": "who I am"}})
    fetch()
    (asked,) = other.asked
    form = parse_qs(asked.body)
    assert (form["grant_type"], form["refresh_token"]) == (["refresh_token"], ["who I am"])
    assert form["scope"] == ["repository:x:pull"]


def test_a_token_that_runs_out_is_renewed(registry: fake.Registry, other: fake.Registry, fetch: Fetch) -> None:
    _tokens(registry, other, fake.sends(b'{"token": "good"}'))
    challenge = f'Bearer realm="http://{other.host}/token",service="s"'
    registry.instead[f"/v2/x/blobs/{fake.digest(LAYER)}"].append(fake.status(401, {"WWW-Authenticate": challenge}))
    fetch()
    assert len(other.asked) == 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (fake.status(401), "lets nobody in without a login"),
        (fake.status(500), r"the registry failed.*\(status 500\)"),
        (fake.sends(b"<html>"), "gave no token .*malformed"),
        (fake.sends(b"{}"), "gave no token"),
        (fake.sends(b'{"token": "a\\r\\nHost: b"}'), "gave no token"),
        (fake.sends(b'{"token": "bad"}'), "lets nobody in without a login"),
        (fake.silent, "sent nothing for 1.5 s"),
    ],
)
def test_a_token_server_that_fails_is_one_sentence(
    registry: fake.Registry, other: fake.Registry, fetch: Fetch, answer: fake.Act, expected: str
) -> None:
    _tokens(registry, other, answer)
    with pytest.raises(ImageProblem, match=rf"^{registry.host}/x.*{expected}"):
        fetch()


@pytest.mark.parametrize("realm", ["http://192.0.2.1/token", "ftp://127.0.0.1/", "", "http://[", "https:evil"])
def test_no_password_goes_where_it_could_be_read_on_the_way(
    registry: fake.Registry, fetch: Fetch, tmp_path: Path, realm: str
) -> None:
    registry.add_image([LAYER])
    _login(tmp_path, auths={registry.host: {"auth": _auth("ada", "secret")}})
    registry.always[MANIFEST] = fake.status(401, {"WWW-Authenticate": f'Bearer realm="{realm}"'})
    with pytest.raises(ImageProblem, match=r"gave no token|cannot be reached"):
        fetch()


def test_a_blob_that_lies_elsewhere_is_brought_from_there_without_ones_login(
    registry: fake.Registry, other: fake.Registry, fetch: Fetch, tmp_path: Path
) -> None:
    header = f"Basic {_auth('ada', 'secret')}"
    config, layer = registry.add_image([LAYER])
    _close(registry, [config], header, BASIC)
    _login(tmp_path, auths={registry.host: {"auth": _auth("ada", "secret")}})
    registry.always[layer] = fake.status(307, {"Location": f"http://{other.host}{layer}?signed=1"})
    other.blobs.update(registry.blobs)
    other.instead[layer].append(fake.cut(1000))
    fetch()
    assert registry.asked[-1].headers["authorization"] == header
    assert [one.headers.get("authorization") for one in other.asked] == [None, None]
    assert other.asked[-1].headers["range"] == "bytes=1000-"


def test_a_host_that_a_redirect_leads_to_may_not_ask_for_ones_login(
    registry: fake.Registry, other: fake.Registry, fetch: Fetch, tmp_path: Path
) -> None:
    layer = registry.add_image([LAYER])[1]
    _login(tmp_path, auths={registry.host: {"auth": _auth("ada", "secret")}})
    registry.always[layer] = fake.status(307, {"Location": f"http://{other.host}{layer}"})
    other.always[layer] = fake.status(401, BASIC)
    with pytest.raises(ImageProblem, match="status 401"):
        fetch()
    assert all("authorization" not in one.headers for one in (*other.asked, *registry.asked))


def test_a_helper_that_fails_is_told_only_where_a_login_is_needed(
    registry: fake.Registry, other: fake.Registry, fetch: Fetch, tmp_path: Path
) -> None:
    _tokens(registry, other, fake.sends(b'{"token": "good"}'))
    _login(tmp_path, credsStore="none-of-that-name")
    fetch()
    other.always["/token"] = fake.status(401)
    with pytest.raises(ImageProblem, match=r"docker-credential-none-of-that-name: .*gave none"):
        fetch(tag="latest")


def _helper(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    program = folder / f"docker-credential-{name}"
    program.write_text(f"#!{sys.executable}\nimport json, sys, time\nkey = sys.stdin.read()\n{script}\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


posix = pytest.mark.skipif(os.name == "nt", reason="helpers are written as scripts here")


@posix
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("print(json.dumps({'Username': 'ada', 'Secret': key}))", Credentials("ada", "a.example")),
        ("print(json.dumps({'Username': '<token>', 'Secret': 'id'}))", Credentials(identity_token="id")),
        ("print('credentials not found in native keychain'); sys.exit(1)", None),
    ],
)
def test_a_helper_is_asked_for_the_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, expected: Credentials | None
) -> None:
    _helper(tmp_path, monkeypatch, "test", script)
    _login(tmp_path, credHelpers={"a.example": "test", "b.example": "other"})
    assert credentials("a.example", "x") == expected


@posix
@pytest.mark.parametrize(
    "script",
    [
        "time.sleep(60)",
        "import subprocess; subprocess.Popen(['sleep', '60']); time.sleep(60)",
        "import subprocess; subprocess.Popen(['sleep', '60'])",
        "sys.stdout.close(); sys.stderr.close(); time.sleep(60)",
    ],
    ids=["hangs", "hangs with a child", "leaves a child that holds its pipes", "says nothing more"],
)
def test_a_helper_that_does_not_end_is_one_sentence_and_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(credentials_module, "_HELPER_SECONDS", 0.5)
    _helper(tmp_path, monkeypatch, "test", script)
    _login(tmp_path, credsStore="test")
    before = time.monotonic()
    with pytest.raises(ImageProblem, match=r"docker-credential-test: .*0.5 s"):
        credentials("a.example", "x")
    assert time.monotonic() - before < 5


@posix
def test_a_helper_that_goes_on_talking_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _helper(tmp_path, monkeypatch, "test", "while True: print('x' * 10000)")
    _login(tmp_path, credsStore="test")
    before = time.monotonic()
    with pytest.raises(ImageProblem, match=r"docker-credential-test: .*gave none"):
        credentials("a.example", "x")
    assert time.monotonic() - before < 10


@posix
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("print('locked'); sys.exit(1)", "locked"),
        ("sys.exit(3)", "3"),
        ("print('nonsense')", "malformed"),
        ("print('[' * 100000)", "gave none"),
    ],
)
def test_a_helper_that_fails_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, expected: str
) -> None:
    _helper(tmp_path, monkeypatch, "test", script)
    _login(tmp_path, credsStore="test")
    with pytest.raises(ImageProblem, match=rf"docker-credential-test: .*{expected}"):
        credentials("a.example", "x")


def test_a_helpers_name_cannot_lead_to_another_program(tmp_path: Path) -> None:
    _login(tmp_path, credsStore="/../../bin/sh")
    with pytest.raises(ImageProblem, match="gave none"):
        credentials("a.example", "x")


@posix
def test_what_the_helper_does_not_have_may_stand_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _helper(tmp_path, monkeypatch, "test", "print('credentials not found in native keychain'); sys.exit(1)")
    _login(tmp_path, credsStore="test", auths={"a.example": {"auth": _auth("ada", "secret")}})
    assert credentials("a.example", "x") == Credentials("ada", "secret")


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("a.example", "a.example"),
        ("https://a.example", "a.example"),
        ("https://a.example/v2/", "a.example"),
        ("a.example:5000", "a.example:5000"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("docker.io", "docker.io"),
        ("a.example/team", "a.example"),
        ("a.example/team/x", "a.example"),
    ],
)
def test_logins_are_found_however_their_hosts_are_written(tmp_path: Path, key: str, host: str) -> None:
    _login(tmp_path, auths={"z.example": {"auth": _auth("no", "no")}, key: {"auth": _auth("ada", "secret")}})
    assert credentials(host, "team/x") == Credentials("ada", "secret")


def test_the_narrowest_login_counts(tmp_path: Path) -> None:
    auths = {name: {"auth": _auth(name, "p")} for name in ("a.example", "a.example/team", "a.example/tea")}
    _login(tmp_path, auths=auths)
    assert credentials("a.example", "team/x") == Credentials("a.example/team", "p")
    assert credentials("a.example", "other/x") == Credentials("a.example", "p")


def test_podmans_logins_count_where_docker_has_none(tmp_path: Path) -> None:
    _login(tmp_path, auths={"a.example": {}})
    file = tmp_path / "home" / "containers" / "auth.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"auths": {"a.example": {"auth": _auth("ada", "secret")}}}), encoding="utf-8")
    assert credentials("a.example", "x") == Credentials("ada", "secret")


def test_a_named_file_of_logins_is_the_only_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _login(tmp_path, auths={"a.example": {"auth": _auth("ada", "secret")}})
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(tmp_path / "none.json"))
    assert credentials("a.example", "x") is None


@pytest.mark.parametrize("text", ["{", "[]", '{"auths": {"a.example": {"auth": "%%%"}}}', "[" * 100_000])
def test_a_broken_file_of_logins_is_one_sentence(tmp_path: Path, text: str) -> None:
    file = _login(tmp_path)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImageProblem, match=r"config\.json: the logins that it holds cannot be read"):
        credentials("a.example", "x")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Basic realm="a \\"b\\""', [Challenge("basic", {"realm": 'a "b"'})]),
        ("Bearer realm=x , Service = y", [Challenge("bearer", {"realm": "x", "service": "y"})]),
        (
            'Negotiate, Basic realm="a, b",Bearer scope="r:x:pull,push"',
            [
                Challenge("negotiate", {}),
                Challenge("basic", {"realm": "a, b"}),
                Challenge("bearer", {"scope": "r:x:pull,push"}),
            ],
        ),
        ('Bearer realm="never closed', [Challenge("bearer", {})]),
        ("", []),
        (",,,", []),
        ("\x00\xff", []),
    ],
)
def test_challenges_are_read(header: str, expected: list[Challenge]) -> None:
    assert [one for one in challenges([header]) if one.scheme in ("basic", "bearer", "negotiate")] == expected
