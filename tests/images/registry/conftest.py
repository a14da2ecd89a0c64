"""A cache, logins and a fake registry for each test alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from layerviz.images.assembling import Parts
from layerviz.images.layers import Progress
from layerviz.images.reference import InRegistry
from layerviz.images.registry.fetching import fetched
from layerviz.images.registry.together import Patience
from tests.images.registry import fake

HASTY = Patience(silence_s=1.5, pauses_s=(0.01, 0.02, 0.04))
"""Registries of these tests answer at once or never."""

Fetch = Callable[..., Parts]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of blobs by their sha256."""
    for name in ("REGISTRY_AUTH_FILE", "LAYERVIZ_PLAIN_HTTP"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    (tmp_path / "docker").mkdir()
    return tmp_path / "cache" / "blobs" / "sha256"


@pytest.fixture
def registry() -> Iterator[fake.Registry]:
    with fake.running() as registry:
        yield registry


@pytest.fixture
def fetch(registry: fake.Registry) -> Fetch:
    """`fetch()` brings the image `x` of the fake registry."""

    def bring(
        name: str = "x",
        tag: str = "latest",
        digest: str = "",
        platform: str = "linux/amd64",
        progress: Progress | None = None,
        patience: Patience = HASTY,
    ) -> Parts:
        reference = InRegistry(registry.host, name, "" if digest else tag, digest)
        return fetched(reference, platform, progress, patience)

    return bring
