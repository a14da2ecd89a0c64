"""What whoever looks on sees of an image before it is read whole."""

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from layerviz.images import indexing, layers
from layerviz.images.assembling import BroughtImage
from layerviz.images.children import Child
from layerviz.images.layers import Blob, ReadLayer
from layerviz.images.onlooker import Onlooker
from layerviz.images.opening import images_of
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import InRegistry
from layerviz.images.registry.fetching import fetched
from tests.images import archives
from tests.images.archives import File
from tests.images.registry import fake

BASE, TOP = archives.layer((File("a", b"1" * 3000), File("b"))), archives.layer((File("c", b"22"),))


class Seeing(Onlooker):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.outlines: list[BroughtImage] = []
        self.read: dict[Blob, ReadLayer] = {}
        self.done_bytes: dict[Blob, int] = {}
        self.came: dict[str, int] = {}

    def found(self, images: Sequence[BroughtImage]) -> None:
        self.told.append("found")
        self.outlines = list(images)

    def arrived(self, digest: str, done_bytes: int) -> None:
        self.came[digest] = done_bytes

    def reached(self, read: Mapping[Blob, int]) -> None:
        self.done_bytes = dict(read)

    def layer(self, blob: Blob, read: ReadLayer) -> None:
        self.told.append("layer")
        self.read[blob] = read


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("least", [0, 1 << 30], ids=["children", "here"])
def test_an_image_is_seen_with_instructions_and_sizes_before_its_layers_and_then_each_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    monkeypatch.setattr(layers, "WORTH_A_CHILD_BYTES", least)
    file = archives.written(tmp_path, archives.old((BASE, TOP), ["x:latest"], ("COPY a b /", "RUN touch c")))
    seeing = Seeing()
    (image,) = images_of(file, onlooker=seeing)
    assert seeing.told == ["found", "layer", "layer"]
    (outline,) = seeing.outlines
    assert outline.refs == ("x:latest",)
    assert [layer.created_by for layer in outline.image.layers] == ["COPY a b /", "RUN touch c"]
    assert [layer.blob_bytes for layer in outline.image.layers] == [len(BASE), len(TOP)]
    assert [len(layer.entries) for layer in outline.image.layers] == [0, 0]
    assert outline.parts is not None and set(outline.parts.blobs) == set(seeing.read)
    rows = [len(seeing.read[blob].table) for blob in outline.parts.blobs if blob]
    assert rows == [len(layer.entries) for layer in image.image.layers] == [2, 1]
    assert list(seeing.done_bytes.values()) == [len(BASE), len(TOP)]
    again = Seeing()
    images_of(file, onlooker=again)
    assert again.told == ["found", "layer", "layer"]


def test_an_image_of_a_registry_is_seen_before_its_blobs_come_and_how_far_each_is(tmp_path: Path) -> None:
    seeing = Seeing()
    with fake.running() as registry:
        registry.add_image([BASE, TOP], history=[{"created_by": "COPY a b /"}, {"created_by": "RUN touch c"}])
        registry.instead[f"/v2/x/blobs/{fake.digest(TOP)}"].append(lambda handler: _answered(handler, seeing))
        parts = fetched(InRegistry(registry.host, "x", "latest", ""), "linux/amd64", onlooker=seeing)
    (outline,) = seeing.outlines
    assert [layer.created_by for layer in outline.image.layers] == ["COPY a b /", "RUN touch c"]
    assert [layer.blob_bytes for layer in outline.image.layers] == [len(BASE), len(TOP)]
    assert outline.parts is not None and outline.parts.digests == parts.digests
    assert {digest: seeing.came[digest] for digest in parts.digests} == dict(
        zip(parts.digests, (len(BASE), len(TOP)), strict=True)
    )


def _answered(handler: fake.Handler, seeing: Seeing) -> None:
    assert seeing.told == ["found"]
    handler.as_usual()


@pytest.mark.parametrize("least", [0, 1 << 30], ids=["children", "here"])
def test_a_layer_of_a_registry_is_read_while_others_come(monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    monkeypatch.setattr(layers, "WORTH_A_CHILD_BYTES", least)
    seeing = Seeing()
    with fake.running() as registry:
        paths = registry.add_image([BASE, TOP])

        def waits(handler: fake.Handler) -> None:
            until = time.monotonic() + 20
            while not seeing.read and time.monotonic() < until:
                time.sleep(0.01)
            assert [len(one.table) for one in seeing.read.values()] == [1]
            handler.as_usual()

        registry.instead[paths[1]].append(waits)
        (image,) = images_of(f"docker://{registry.host}/x", platform="linux/amd64", onlooker=seeing)
        assert seeing.told == ["found", "layer", "layer"]
        assert [len(layer.entries) for layer in image.image.layers] == [2, 1]
        assert image.parts is not None and set(image.parts.blobs) == set(seeing.read)
        again = Seeing()
        images_of(f"docker://{registry.host}/x", platform="linux/amd64", onlooker=again)
        assert again.told == ["found", "layer", "layer"] and registry.paths().count(paths[1]) == 1


@pytest.mark.parametrize("least", [0, 1 << 30], ids=["children", "here"])
def test_a_layer_that_is_no_tar_ends_the_downloads_of_the_others_and_is_named_as_the_image_was(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, least: int
) -> None:
    monkeypatch.setattr(layers, "WORTH_A_CHILD_BYTES", least)
    with fake.running() as registry:
        paths = registry.add_image([BASE, BASE[:8] + b"#" + BASE[9:]])
        registry.instead[paths[1]].append(fake.silent)
        text = f"docker://{registry.host}/x"
        with pytest.raises(ImageProblem, match=rf"^{text}, layer 2, byte \d+: .*checksum"):
            images_of(text, platform="linux/amd64")


def test_cancel_ends_downloads_and_children_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "WORTH_A_CHILD_BYTES", 0)
    started: list[Child] = []
    start = indexing._started

    def counted() -> Child:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(indexing, "_started", counted)

    class Enough(Exception):
        pass

    def progress(done: int, count: int) -> None:
        if started:
            raise Enough

    before = set(threading.enumerate())
    with fake.running() as registry:
        registry.instead[registry.add_image([BASE, TOP])[1]].append(fake.silent)
        with pytest.raises(Enough):
            images_of(f"docker://{registry.host}/x", progress, "linux/amd64")
    assert started and all(child.returncode is not None for child in started)
    left = [one for one in threading.enumerate() if one not in before and "process_request" not in one.name]
    assert not left


def test_what_it_raises_ends_the_reading(tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    class Leaving(Onlooker):
        def layer(self, blob: Blob, read: ReadLayer) -> None:
            raise Enough

    with pytest.raises(Enough):
        images_of(archives.written(tmp_path, archives.old((BASE, TOP), ["x:latest"])), onlooker=Leaving())
