"""Images written as `docker save` of engine 25 and later writes them.

`blobs/sha256/…` with layers (uncompressed), configs and manifests; `index.json`, `manifest.json`, `oci-layout`,
`repositories` (moby daemon/internal/image/tarexport/save.go). Same world, same references: same bytes.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import BinaryIO

from layerviz.engine.content import Reader
from layerviz.engine.digests import config_json, diff_id, tar_of
from layerviz.engine.find import image_by_ref, normal_ref, tags_of
from layerviz.engine.world import Image, Layer, World
from layerviz.images.contents import read
from layerviz.images.problems import ImageProblem
from layerviz.images.writing import reason, whole

_BLOCK = 512
_INDEX = "application/vnd.oci.image.index.v1+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar"
_LARGEST_OCTAL = 0o77777777777
_Json = dict[str, object]


@dataclass(slots=True)
class _Chosen:
    """An image to be saved and the names it is saved under."""

    image: Image
    refs: list[str] = field(default_factory=list)


def save(world: World, refs: Sequence[str], file: str, reader: Reader = read) -> None:
    """Writes the images that `refs` name to `file`, whole or not at all.

    A name without a tag stands for all tags of that name, as in docker; an id for the image without a name. Raises
    `ImageProblem` for what is not there, for what is only quoted, and where the file cannot be written.
    """
    chosen = _chosen(world, refs)
    try:
        with whole(file) as out:
            _write(_Tar(out), chosen, reader)
    except OSError as error:
        raise ImageProblem(file, reason(error), {"reason": error.strerror or str(error)}) from None


def _chosen(world: World, refs: Sequence[str]) -> tuple[_Chosen, ...]:
    chosen: dict[int, _Chosen] = {}
    for ref in refs:
        names = [name for name, _ in world.tags if name.rpartition(":")[0] == normal_ref(ref).rpartition(":")[0]]
        tagged = ":" in ref.rpartition("/")[2]
        for name in names if names and not tagged else [ref]:
            image = image_by_ref(world, name)
            if image is None:
                raise ImageProblem("", "no_image", {"ref": ref})
            if image.quoted or any(layer.is_quoted for layer in image.layers):
                raise ImageProblem(ref, "quoted")
            known = chosen.setdefault(image.key, _Chosen(image))
            full = normal_ref(name)
            if full in tags_of(world, image) and full not in known.refs:
                known.refs.append(full)
    return tuple(chosen.values())


def _write(tar: "_Tar", chosen: Sequence[_Chosen], reader: Reader) -> None:
    layers = {diff_id(layer): layer for one in chosen for layer in one.image.layers}
    tar.folder("blobs/")
    tar.folder("blobs/sha256/")
    sizes = {digest: tar.layer(digest, layers[digest], reader) for digest in sorted(layers)}
    blobs: dict[str, bytes] = {}
    listed: list[_Json] = []
    descriptors: list[_Json] = []
    repositories: dict[str, dict[str, str]] = {}
    for one in chosen:
        diff_ids = [diff_id(layer) for layer in one.image.layers]
        config = config_json(one.image)
        described = [{"mediaType": _LAYER, "digest": digest, "size": sizes[digest]} for digest in diff_ids]
        manifest = _json(
            {
                "schemaVersion": 2,
                "mediaType": _MANIFEST,
                "config": {"mediaType": _CONFIG, "digest": _digest(config), "size": len(config)},
                "layers": described,
            }
        )
        blobs |= {_digest(config): config, _digest(manifest): manifest}
        descriptors += _descriptors(one.refs, manifest)
        listed.append(
            {
                "Config": _blob(_digest(config)),
                "RepoTags": one.refs or None,
                "Layers": [_blob(digest) for digest in diff_ids],
                "LayerSources": {str(layer["digest"]): layer for layer in described},
            }
        )
        for ref in one.refs:
            name, _, tag = ref.rpartition(":")
            repositories.setdefault(name, {})[tag] = diff_ids[-1].removeprefix("sha256:") if diff_ids else ""
    for digest in sorted(blobs):
        tar.file(_blob(digest), blobs[digest])
    tar.file("index.json", _json({"schemaVersion": 2, "mediaType": _INDEX, "manifests": descriptors}))
    tar.file("manifest.json", _json(listed))
    tar.file("oci-layout", _json({"imageLayoutVersion": "1.0.0"}))
    if repositories:
        tar.file("repositories", _json(repositories))
    tar.end()


def _descriptors(refs: Sequence[str], manifest: bytes) -> Iterator[_Json]:
    """One for each name, or one without a name."""
    plain: _Json = {"mediaType": _MANIFEST, "digest": _digest(manifest), "size": len(manifest)}
    for ref in refs:
        name, _, tag = ref.rpartition(":")
        annotations = {
            "io.containerd.image.name": f"{_familiar_to_full(name)}:{tag}",
            "org.opencontainers.image.ref.name": tag,
        }
        yield plain | {"annotations": annotations}
    if not refs:
        yield plain


def _familiar_to_full(name: str) -> str:
    """The name with its registry: "two" is "docker.io/library/two" (distribution/reference, normalize.go)."""
    first, slash, _ = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return name
    return f"docker.io/{name}" if slash else f"docker.io/library/{name}"


class _Tar:
    """The archive's own tar: ustar, owner 0, time 0, so that the bytes depend on nothing but what is saved."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def folder(self, name: str) -> None:
        self._out.write(_header(name, 0, b"5", 0o755))

    def file(self, name: str, data: bytes) -> None:
        self._out.write(_header(name, len(data), b"0", 0o644) + data + bytes(-len(data) % _BLOCK))

    def layer(self, digest: str, layer: Layer, reader: Reader) -> int:
        """Streams the layer's tar and comes back for the header once its size is known; returns the size."""
        begin = self._out.tell()
        self._out.write(bytes(_BLOCK))
        size = 0
        counted = sha256()
        for piece in tar_of(layer, reader):
            counted.update(piece)
            size += len(piece)
            self._out.write(piece)
        got = f"sha256:{counted.hexdigest()}"
        if got != digest:
            raise ImageProblem("", "wrong_layer", {"expected": digest, "got": got})
        self._out.write(bytes(-size % _BLOCK))
        end = self._out.tell()
        self._out.seek(begin)
        self._out.write(_header(_blob(digest), size, b"0", 0o644))
        self._out.seek(end)
        return size

    def end(self) -> None:
        self._out.write(bytes(2 * _BLOCK))


def _header(name: str, size: int, typeflag: bytes, mode: int) -> bytes:
    # Above 8 GiB in base-256, as GNU tar and Go write it; no PAX header, whose length would not be known beforehand.
    digits = b"%011o\0" % size if size <= _LARGEST_OCTAL else b"\x80" + size.to_bytes(11, "big")
    before = name.encode().ljust(100, b"\0") + b"%07o\0%07o\0%07o\0" % (mode, 0, 0) + digits + b"%011o\0" % 0
    after = (typeflag + bytes(100) + b"ustar\x0000").ljust(356, b"\0")
    return before + b"%06o\0 " % (sum(before) + 8 * ord(" ") + sum(after)) + after


def _blob(digest: str) -> str:
    return "blobs/" + digest.replace(":", "/")


def _digest(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()}"


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
