"""Layers held against what their images call them: the digest of the blob as stored, the DiffID of the tar in it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import new, sha256
from pathlib import Path

from layerviz.engine.content import Content, Range
from layerviz.images import index_cache
from layerviz.images.assembling import BroughtImage
from layerviz.images.bytesource import FileBytes, decompressed, form_of, steady
from layerviz.images.contents import read
from layerviz.images.layers import Blob, Progress, counted
from layerviz.images.problems import ImageProblem
from layerviz.images.watched import Watched

_SMALL_BYTES = 1 << 26
_WORTH_REMEMBERING_BYTES = 1 << 20
"""The index of a layer is kept under its DiffID once that is known to be right; small ones are read again."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """What is to be checked: the tar, and the blob that it came in, where that is known."""

    origin: str
    position: int
    tar: Content
    diff_id: str
    blob: Blob | None
    digest: str

    @property
    def stored_bytes(self) -> int:
        return self.blob.end - self.blob.start if self.blob else self.tar.size_bytes

    @property
    def where(self) -> str:
        return f"{self.origin}, layer {self.position}"


def check_diff_ids(brought: Sequence[BroughtImage], progress: Progress | None = None) -> None:
    """Holds every layer against its DiffID and, where its blob has a digest, against that too, in one pass over the
    stored bytes; a layer that occurs several times is read once. `progress` counts stored bytes.

    Raises `ImageProblem` at the first that differs.
    """
    layers = tuple({(one.tar, one.diff_id, one.digest): one for image in brought for one in _layers(image)}.values())
    advance = counted(progress, sum(one.stored_bytes for one in layers))
    for one in layers:
        if one.blob:
            with steady([one.blob.file]):
                _check_blob(one, one.blob, lambda data: advance(len(data)))
        else:
            _check_tar(one, advance)


def check_small(brought: BroughtImage) -> None:
    """`check_diff_ids` for an image with which it takes no time that anyone would feel. Raises `ImageProblem`."""
    if sum(max(one.stored_bytes, one.tar.size_bytes) for one in _layers(brought)) <= _SMALL_BYTES:
        check_diff_ids([brought])


def check_layer(brought: BroughtImage, position: int, seen: Callable[[bytes], object]) -> None:
    """Holds one layer that lies in a blob against its digests; `seen` gets the blob's bytes, each once and in order.

    Raises `ImageProblem`, when all were seen.
    """
    layer = next(one for one in _layers(brought) if one.position == position)
    assert layer.blob is not None
    with steady([layer.blob.file]):
        _check_blob(layer, layer.blob, seen)


def _layers(brought: BroughtImage) -> Iterator[_Layer]:
    blobs = brought.parts.blobs if brought.parts else (None,) * len(brought.image.layers)
    for position, (layer, blob) in enumerate(zip(brought.image.layers, blobs, strict=True), 1):
        tar = layer.brought_tar
        # Without one it is a foreign layer, or was made here: then the DiffID was computed from the bytes.
        if tar is not None:
            yield _Layer(brought.image.origin, position, tar, layer.brought_diff_id, blob, layer.blob_digest)


def _check_blob(layer: _Layer, blob: Blob, told: Callable[[bytes], object]) -> None:
    try:
        _hold_against_digests(layer, blob, told)
    except ImageProblem:
        from layerviz.images.registry import cache

        cache.doubt(Path(blob.file))
        raise


def _hold_against_digests(layer: _Layer, blob: Blob, told: Callable[[bytes], object]) -> None:
    _require_unchanged(layer)
    kind = layer.digest.partition(":")[0]
    stored = new(kind) if kind else None
    tar = sha256()

    def seen(data: bytes) -> None:
        if stored:
            stored.update(data)
        told(data)

    region = Watched(FileBytes(blob.file), blob.start, blob.end, seen)
    form = form_of(region)
    if form == "plain" and kind == "sha256":
        region.finish()
        tar = stored or tar
    else:
        for piece in decompressed(region, form, layer.where):
            tar.update(piece)
        region.finish()
    got = f"{kind}:{stored.hexdigest()}" if stored else ""
    # Of a layer that is stored as it is both are the same, and docker speaks of the DiffID.
    if got != layer.digest != layer.diff_id:
        raise ImageProblem(layer.where, "wrong_digest", {"expected": layer.digest, "got": got})
    _require(layer, f"sha256:{tar.hexdigest()}")
    if got != layer.digest:
        raise ImageProblem(layer.where, "wrong_digest", {"expected": layer.digest, "got": got})
    if layer.stored_bytes >= _WORTH_REMEMBERING_BYTES:
        _require_unchanged(layer)
        index_cache.verified(blob, layer.diff_id)


def _require_unchanged(layer: _Layer) -> None:
    """Nothing is said of a file that has changed since it was opened but that."""
    for extent in layer.tar.extents[:1]:
        if isinstance(extent, Range) and extent.size_bytes:
            read(extent, 0, 1)


def _check_tar(layer: _Layer, advance: Callable[[int], None]) -> None:
    digest = sha256()
    for piece in layer.tar.chunks(read):
        digest.update(piece)
        advance(len(piece))
    _require(layer, f"sha256:{digest.hexdigest()}")


def _require(layer: _Layer, got: str) -> None:
    if got != layer.diff_id:
        values = {"position": layer.position, "expected": layer.diff_id, "got": got}
        raise ImageProblem(layer.origin, "wrong_diff_id", values)
