"""Certificates are verified: by those that the system trusts, or the ones that SSL_CERT_FILE names."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerviz.images.problems import ImageProblem
from layerviz.images.registry.client import Client
from layerviz.images.registry.endpoint import Endpoint
from layerviz.images.registry.together import Watch
from tests.images.registry import fake
from tests.images.registry.conftest import HASTY

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate: not installed")
MISSING = ImageProblem("x", "registry_no_image")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of 127.0.0.1, with its key behind it."""
    folder = tmp_path_factory.mktemp("certificate")
    request = [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=test",
    ]
    made = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{folder}/key", "-out", f"{folder}/certificate"]
    subprocess.run(["openssl", *request, *made], check=True, capture_output=True, timeout=30)
    both = folder / "both.pem"
    both.write_bytes((folder / "certificate").read_bytes() + (folder / "key").read_bytes())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[fake.Registry]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with fake.running(context) as registry:
        registry.add_manifest(b"{}")
        yield registry


def _asked(registry: fake.Registry) -> bytes:
    endpoint = Endpoint(registry.host, f"https://{registry.host}")
    client = Client(endpoint, "x", Watch(f"{registry.host}/x", HASTY))
    try:
        return client.document("manifests/latest", f"{registry.host}/x:latest", MISSING, {}, 100).data
    finally:
        client.close()


def test_a_certificate_that_nobody_knows_is_refused(secure: fake.Registry) -> None:
    with pytest.raises(ImageProblem, match=r"no secure connection .*CERTIFICATE_VERIFY_FAILED.*SSL_CERT_FILE"):
        _asked(secure)
    assert secure.asked == []


def test_one_that_was_named_is_trusted(
    secure: fake.Registry, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert _asked(secure) == b"{}"


@pytest.fixture
def strict(certificate: Path) -> Iterator[fake.Registry]:
    """One that lets nobody in who shows no certificate that it knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(certificate)
    with fake.running(context) as registry:
        registry.add_manifest(b"{}")
        yield registry


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("tool", ["containers", "docker"])
def test_a_registry_gets_the_certificate_that_lies_in_its_folder(
    strict: fake.Registry, secure: fake.Registry, certificate: Path, home: Path, tool: str
) -> None:
    own = home / ".config" / tool / "certs.d" / strict.host
    own.mkdir(parents=True)
    (own / "ca.crt").write_bytes(certificate.read_bytes())
    with pytest.raises(ImageProblem, match="registry"):
        _asked(strict)
    for ending in ("cert", "key"):
        (own / f"client.{ending}").write_bytes(certificate.read_bytes())
    assert _asked(strict) == b"{}"
    # It counts for that registry alone, as an authority too.
    with pytest.raises(ImageProblem, match="CERTIFICATE_VERIFY_FAILED"):
        _asked(secure)


def test_a_certificate_without_its_key_is_one_sentence(strict: fake.Registry, certificate: Path, home: Path) -> None:
    own = home / ".config/docker/certs.d" / strict.host
    own.mkdir(parents=True)
    (own / "client.cert").write_bytes(certificate.read_bytes())
    with pytest.raises(ImageProblem, match=r"client.cert cannot be used \(No such file.*NAME.key"):
        _asked(strict)
    (own / "client.key").write_bytes(b"nonsense")
    with pytest.raises(ImageProblem, match=r"client.cert cannot be used"):
        _asked(strict)


def test_plain_http_where_tls_is_due_is_one_sentence(registry: fake.Registry) -> None:
    with pytest.raises(ImageProblem, match=r"no secure connection .*LAYERVIZ_PLAIN_HTTP"):
        _asked(registry)


def test_a_secure_registry_leads_nobody_to_plain_http(
    secure: fake.Registry, registry: fake.Registry, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    path = "/v2/x/manifests/latest"
    secure.always[path] = fake.status(307, {"Location": f"http://{registry.host}{path}"})
    with pytest.raises(ImageProblem, match="leads on to"):
        _asked(secure)
    assert registry.asked == []


def test_a_certificate_that_has_run_out_is_one_sentence(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "old.pem"
    command = [
        "openssl",
        "x509",
        "-in",
        str(certificate),
        "-signkey",
        str(certificate),
        "-days",
        "-1",
        "-out",
        str(old),
    ]
    made = subprocess.run(command, capture_output=True, timeout=30)
    if made.returncode != 0:
        pytest.skip(f"openssl makes no old certificate: {made.stderr.decode(errors='replace')}")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(old, certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(old))
    with fake.running(context) as registry, pytest.raises(ImageProblem, match=r"no secure connection .*has expired"):
        _asked(registry)


def test_a_connection_that_breaks_off_within_tls_is_tried_again(
    secure: fake.Registry, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    secure.instead["/v2/x/manifests/latest"] += [fake.Handler.break_off] * 2
    assert _asked(secure) == b"{}"
    assert len(secure.asked) == 3
