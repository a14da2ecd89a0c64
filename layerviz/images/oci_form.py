"""Images written as OCI layouts (image-spec, image-layout.md): into a folder, new or with others in it, or into a tar.

A layer that was read from a blob is that blob again, compressed as it was, and an OCI manifest that the image came with
is kept byte for byte; what was made here is stored uncompressed.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from hashlib import file_digest
from typing import Any, Protocol

from layerviz.engine.digests import config_json, diff_id, digest_of
from layerviz.images import manifests, oci
from layerviz.images.assembling import BroughtImage
from layerviz.images.bytesource import FileBytes, Region, decompressed, form_of
from layerviz.images.contents import read
from layerviz.images.documents import compact, everything
from layerviz.images.layer_bytes import Fill, blob_into, tar_into
from layerviz.images.layers import Blob
from layerviz.images.locking import alone
from layerviz.images.manifests import CONFIG, INDEX, LAYER, MANIFEST, REF_NAME, Manifest, blob_name
from layerviz.images.problems import ImageProblem
from layerviz.images.tarwriting import TarWriter
from layerviz.writing import whole

_Json = dict[str, Any]
_FORMS = {"plain": "", "gzip": "+gzip", "zstd": "+zstd"}
_KEPT_ELSEWHERE = "application/vnd.oci.image.layer.nondistributable.v1.tar"


class _Store(Protocol):
    def blob(self, digest: str, fill: Fill) -> int:
        """Stores what `fill` writes, if it is not there yet; returns its size."""


def write_archive(brought: BroughtImage, tag: str, tar: TarWriter, advance: Callable[[int], None]) -> None:
    """A layout of one image, called `tag` if that is not ""."""
    tar.folder("blobs/")
    tar.folder("blobs/sha256/")
    manifest = _stored(brought, _InTar(tar), advance)
    tar.file(oci.INDEX, compact(_listed({}, manifest, tag)))
    tar.file(oci.MARK, compact({"imageLayoutVersion": oci.VERSION}))
    tar.end()


def write_folder(brought: BroughtImage, tag: str, folder: str, advance: Callable[[int], None]) -> None:
    """Adds the image to the layout in `folder`, where it takes the place of what was called `tag`, or makes a layout.

    When it fails nothing is different. Raises `ImageProblem`, and the system's `OSError`.
    """
    if not os.path.lexists(folder) and _made_anew(brought, tag, folder, advance):
        return
    if not os.path.isdir(folder):
        raise ImageProblem(folder, "target_is_file")
    # Both would write an index without the other's image, and one that fails takes back blobs that the other counts on.
    with alone(folder, lambda: advance(0)):
        if os.listdir(folder):
            oci.raw_index(oci.Folder(folder))
        _add(brought, tag, folder, advance)


def _made_anew(brought: BroughtImage, tag: str, folder: str, advance: Callable[[int], None]) -> bool:
    """Whether a new layout stands in `folder` now; it does not where another process was faster."""
    part = f"{folder.rstrip(os.sep)}.{os.urandom(6).hex()}.part"
    try:
        os.mkdir(part)
        _add(brought, tag, part, advance)
        os.rename(part, folder)
    except OSError:
        if not os.path.isdir(folder):
            raise
        return False
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return True


def _add(brought: BroughtImage, tag: str, folder: str, advance: Callable[[int], None]) -> None:
    store = _InFolder(folder)
    try:
        manifest = _stored(brought, store, advance)
        layout = oci.Folder(folder)
        # What counts is what the index names: it is written last, and read just before, for others may have written it.
        known = oci.raw_index(layout) if oci.is_layout(layout) else {}
        if not known:
            store.file(oci.MARK, compact({"imageLayoutVersion": oci.VERSION}))
        with whole(os.path.join(folder, oci.INDEX)) as out:
            out.write(compact(_listed(known, manifest, tag)))
    except BaseException:
        store.undo()
        raise


def _stored(brought: BroughtImage, store: _Store, advance: Callable[[int], None]) -> bytes:
    """Stores config, layers and manifest; returns the manifest."""
    config = config_json(brought.image)
    given = _given(brought)
    layers = [_layer(brought, position, given, store, advance) for position in range(1, len(brought.image.layers) + 1)]
    if given is not None and given.media_type == MANIFEST and _says_the_truth(given, layers):
        store.blob(given.config.digest, lambda write: write(config))
        manifest = given.data
    else:
        store.blob(digest_of([config]), lambda write: write(config))
        described = {"mediaType": CONFIG, "digest": digest_of([config]), "size": len(config)}
        manifest = compact({"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": layers})
    store.blob(digest_of([manifest]), lambda write: write(manifest))
    return manifest


def _says_the_truth(given: Manifest, layers: Sequence[_Json]) -> bool:
    """skopeo has written "tar+gzip" for layers that it stored as they are; not every tool looks for itself."""
    return all(
        said.mediaType.rpartition("tar")[2] == stored["mediaType"].rpartition("tar")[2]
        for said, stored in zip(given.layers, layers, strict=True)
    )


def _given(brought: BroughtImage) -> Manifest | None:
    """The manifest that the image came with."""
    parts = brought.parts
    if parts is None or not parts.manifest:
        return None
    read_again = manifests.read(parts.manifest, parts.where)
    assert isinstance(read_again, Manifest), "an image was made of it"
    return read_again


def _layer(
    brought: BroughtImage, position: int, given: Manifest | None, store: _Store, advance: Callable[[int], None]
) -> _Json:
    """The descriptor of a layer, stored unless its maker keeps it to himself."""
    layer = brought.image.layers[position - 1]
    blob = brought.parts.blobs[position - 1] if brought.parts else None
    if blob is not None:
        form = form_of(_region(blob))
        digest = layer.blob_digest or (layer.brought_diff_id if form == "plain" else _hashed(blob, advance))
        size = store.blob(digest, blob_into(brought, position, advance))
        return {"mediaType": LAYER + _FORMS[form], "digest": digest, "size": size}
    if layer.is_quoted:
        if given is None:
            raise ImageProblem(f"{brought.image.origin}, layer {position}", "foreign_layer")
        said: _Json = everything(given.data, brought.image.origin)["layers"][position - 1]
        return said | {"mediaType": _KEPT_ELSEWHERE + ("+gzip" if said["mediaType"].endswith("gzip") else "")}
    digest = diff_id(layer)
    return {"mediaType": LAYER, "digest": digest, "size": store.blob(digest, tar_into(layer, digest, read, advance))}


def bytes_to_hash(brought: BroughtImage) -> int:
    """Stored bytes that are read once more before they are written: those of blobs whose digests nobody told."""
    blobs = brought.parts.blobs if brought.parts else ()
    return sum(
        blob.end - blob.start
        for layer, blob in zip(brought.image.layers, blobs, strict=False)
        if blob is not None and not layer.blob_digest and form_of(_region(blob)) != "plain"
    )


def _hashed(blob: Blob, advance: Callable[[int], None]) -> str:
    def seen() -> Iterator[bytes]:
        for piece in decompressed(_region(blob), "plain", blob.file):
            advance(len(piece))
            yield piece

    return digest_of(seen())


def _region(blob: Blob) -> Region:
    return Region(FileBytes(blob.file), blob.start, blob.end)


def _listed(known: _Json, manifest: bytes, tag: str) -> _Json:
    """The index with the image in it: in place of what has its name, or is it without a name."""
    described: _Json = {"mediaType": MANIFEST, "digest": digest_of([manifest]), "size": len(manifest)}
    if tag:
        described["annotations"] = {REF_NAME: tag}
    others = [one for one in known.get("manifests", []) if _stays(one, described["digest"], tag)]
    return {"schemaVersion": 2, "mediaType": INDEX} | known | {"manifests": [*others, described]}


def _stays(one: _Json, digest: str, tag: str) -> bool:
    name = (one.get("annotations") or {}).get(REF_NAME, "")
    return bool(name != tag if tag else name or one["digest"] != digest)


class _InTar:
    def __init__(self, tar: TarWriter) -> None:
        self._tar = tar
        self._sizes: dict[str, int] = {}

    def blob(self, digest: str, fill: Fill) -> int:
        if digest not in self._sizes:
            self._sizes[digest] = self._tar.stream(blob_name(digest), fill)
        return self._sizes[digest]


class _InFolder:
    """Remembers what it made, so that it can be undone."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._made: list[str] = []

    def blob(self, digest: str, fill: Fill) -> int:
        path = os.path.join(self._folder, *blob_name(digest).split("/"))
        if not _holds(path, digest):
            self._make_folder(os.path.dirname(path))
            self._made.append(path)
            with whole(path) as out:
                fill(out.write)
        return os.path.getsize(path)

    def file(self, name: str, data: bytes) -> None:
        path = os.path.join(self._folder, name)
        self._made.append(path)
        with whole(path) as out:
            out.write(data)

    def undo(self) -> None:
        for path in reversed(self._made):
            with suppress(OSError):
                os.rmdir(path) if os.path.isdir(path) else os.unlink(path)

    def _make_folder(self, path: str) -> None:
        if not os.path.isdir(path):
            self._make_folder(os.path.dirname(path))
            os.mkdir(path)
            self._made.append(path)


def _holds(path: str, digest: str) -> bool:
    """Whether the blob is there already, undamaged."""
    if not os.path.isfile(path):
        return False
    kind, _, wanted = digest.partition(":")
    with open(path, "rb") as file:
        return file_digest(file, kind).hexdigest() == wanted
