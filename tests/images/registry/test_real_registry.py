"""What skopeo has put into a real registry comes out of it: the same layers, by layerviz's own command too."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from layerviz.images import manifests
from layerviz.images.opening import image_of
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import InRegistry
from layerviz.images.registry.fetching import fetched
from tests.images import archives
from tests.images.archives import File
from tests.images.registry import fake, real

pytestmark = real.needed("skopeo")
ONE = archives.layer([File("etc/one", b"1" * 3000)])
TWO = archives.layer([File("etc/two", b"2" * 300_000), File("etc/.wh.one")])
BEGINNINGS = {"gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with real.running(tmp_path_factory.mktemp("registry")) as host:
        yield host


@pytest.fixture
def archive(tmp_path: Path) -> str:
    return f"docker-archive:{archives.written(tmp_path, archives.new([ONE, TWO]))}"


@pytest.mark.parametrize("form", BEGINNINGS)
def test_an_image_with_compressed_layers_is_the_one_that_was_pushed(host: str, tmp_path: Path, form: str) -> None:
    # Of its own: skopeo does not push again what the registry has in another form.
    own = archives.layer([File(form, b"3" * 3000)])
    archive = f"docker-archive:{archives.written(tmp_path, archives.new([own]))}"
    real.copied(archive, f"docker://{host}/team/{form}:1", "--dest-compress-format", form, "--format", "oci")
    parts = fetched(InRegistry(host, f"team/{form}", "1"))
    assert json.loads(parts.config)["rootfs"]["diff_ids"] == [fake.digest(own)]
    stored = [Path(blob.file).read_bytes() for blob in parts.blobs if blob]
    assert [data[: len(BEGINNINGS[form])] for data in stored] == [BEGINNINGS[form]]
    assert [fake.digest(data) for data in stored] == list(parts.digests)


def test_the_command_line_lists_it_and_its_index_is_not_needed_twice(host: str, archive: str) -> None:
    real.copied(archive, f"docker://{host}/x:latest")
    listed = _layerviz("tree", f"docker://{host}/x", "--json")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [json.loads(line)["path"] for line in listed.stdout.splitlines()] == ["/etc", "/etc/two"]
    assert _layerviz("tree", f"docker://{host}/x", "--json").stdout == listed.stdout


def test_by_digest_it_is_the_same_image(host: str, archive: str) -> None:
    real.copied(archive, f"docker://{host}/x:latest")
    tagged = image_of(f"docker://{host}/x:latest")
    (digest,) = tagged.image.repo_digests
    pinned = image_of(f"docker://{digest}")
    assert [one.brought_diff_id for one in pinned.image.layers] == [one.brought_diff_id for one in tagged.image.layers]


def test_of_an_image_for_several_platforms_the_one_asked_for_comes(host: str, tmp_path: Path) -> None:
    descriptors = []
    for architecture, layer in (("amd64", ONE), ("arm64", TWO)):
        stored = gzip.compress(layer)
        config = archives.config([layer], architecture=architecture)
        for data in (stored, config):
            _push_blob(host, "many", data)
        said = {
            "schemaVersion": 2,
            "mediaType": manifests.MANIFEST,
            "config": fake.descriptor(config, manifests.CONFIG),
            "layers": [fake.descriptor(stored, manifests.LAYER + "+gzip")],
        }
        described = _push_manifest(host, "many", said, manifests.MANIFEST)
        descriptors.append({**described, "platform": {"os": "linux", "architecture": architecture}})
    index = {"schemaVersion": 2, "mediaType": manifests.INDEX, "manifests": descriptors}
    _push_manifest(host, "many", index, manifests.INDEX, "latest")
    for architecture, layer in (("amd64", ONE), ("arm64", TWO)):
        brought = image_of(f"docker://{host}/many", platform=f"linux/{architecture}")
        assert [one.brought_diff_id for one in brought.image.layers] == [fake.digest(layer)]


def test_what_is_not_there_is_one_sentence_and_status_1(host: str) -> None:
    listed = _layerviz("tree", f"docker://{host}/none:1")
    assert (listed.returncode, listed.stdout) == (1, "")
    assert listed.stderr == f"layerviz: {host}/none:1: the registry has no such image; check the name and the tag\n"


def test_half_a_blob_is_gone_on_with(tmp_path: Path, archive: str) -> None:
    with real.running(tmp_path / "resumed") as host:
        real.copied(archive, f"docker://{host}/x:1")
        whole = fetched(InRegistry(host, "x", "1"))
        files = [Path(blob.file) for blob in whole.blobs if blob]
        for file in files:
            half = file.read_bytes()[: file.stat().st_size // 2]
            file.unlink()
            file.with_name(file.name + ".part").write_bytes(half)
        assert fetched(InRegistry(host, "x", "1")) == whole
        assert [fake.digest(file.read_bytes()) for file in files] == list(whole.digests)
    answers = (tmp_path / "resumed" / "log").read_text(encoding="utf-8")
    assert answers.count('HTTP/1.1" 206 ') == 2


def test_a_registry_with_passwords_opens_to_dockers_login(tmp_path: Path, archive: str) -> None:
    with real.running(tmp_path / "closed", closed=True) as host:
        real.copied(archive, f"docker://{host}/x:1", "--dest-creds", f"{real.USER}:{real.PASSWORD}")
        with pytest.raises(ImageProblem, match=f"lets nobody in without a login.*docker login {host}"):
            fetched(InRegistry(host, "x", "1"))
        login = ["skopeo", "login", "--tls-verify=false", "-u", real.USER, "-p", real.PASSWORD, host]
        subprocess.run(
            login, check=True, capture_output=True, env={**os.environ, "REGISTRY_AUTH_FILE": f"{tmp_path}/auth.json"}
        )
        os.replace(tmp_path / "auth.json", tmp_path / "docker" / "config.json")
        parts = fetched(InRegistry(host, "x", "1"))
        assert len(parts.blobs) == 2
        wrong = json.dumps({"auths": {host: {"username": real.USER, "password": "wrong"}}})
        (tmp_path / "docker" / "config.json").write_text(wrong, encoding="utf-8")
        with pytest.raises(ImageProblem, match=f"does not let {real.USER} in"):
            fetched(InRegistry(host, "x", "1"))


def _layerviz(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "layerviz", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LAYERVIZ_LANG": "en"},
        timeout=120,
    )


def _push_blob(host: str, name: str, data: bytes) -> None:
    begun = httpx2.post(f"http://{host}/v2/{name}/blobs/uploads/", trust_env=False)
    target = httpx2.URL(begun.headers["Location"]).copy_merge_params({"digest": fake.digest(data)})
    assert httpx2.put(target, content=data, trust_env=False).status_code == 201


def _push_manifest(host: str, name: str, said: object, media_type: str, tag: str = "") -> dict[str, object]:
    data = json.dumps(said).encode()
    put = httpx2.put(
        f"http://{host}/v2/{name}/manifests/{tag or fake.digest(data)}",
        content=data,
        headers={"Content-Type": media_type},
        trust_env=False,
    )
    assert put.status_code == 201, put.text
    return {**fake.descriptor(data), "mediaType": media_type}
