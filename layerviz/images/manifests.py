"""Manifests and indexes, OCI's and docker's, which differ in their media types only (image-spec, manifest.md,
image-index.md, "Compatibility Matrix" of media-types.md)."""

import re
from collections.abc import Iterable, Sequence
from hashlib import new
from typing import NamedTuple

import msgspec

from layerviz.images import platforms
from layerviz.images.documents import decoded
from layerviz.images.platforms import Platform
from layerviz.images.problems import ImageProblem

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"

REF_NAME = "org.opencontainers.image.ref.name"
FULL_NAME = "io.containerd.image.name"
_KIND = "vnd.docker.reference.type"

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_FOREIGN = re.compile(r"application/vnd\.(?:oci\.image\.layer\.nondistributable|docker\.image\.rootfs\.foreign)\b.*")


class _Platform(msgspec.Struct):
    architecture: str = ""
    os: str = ""
    variant: str | None = None


class Descriptor(msgspec.Struct):
    """What points to a blob: its `digest`, its `size` and what it is."""

    digest: str
    size: int
    mediaType: str = ""
    platform: _Platform | None = None
    annotations: dict[str, str] | None = None
    artifactType: str | None = None

    @property
    def runs_on(self) -> Platform | None:
        """None where nothing is said of it."""
        said = self.platform
        return platforms.offered(said.os, said.architecture, said.variant) if said and said.os else None

    @property
    def is_attestation(self) -> bool:
        """Something BuildKit says about an image, which is none itself."""
        said = self.platform
        unknown = said is not None and (said.os, said.architecture) == ("unknown", "unknown")
        return unknown or (self.annotations or {}).get(_KIND) == "attestation-manifest"

    @property
    def is_foreign(self) -> bool:
        """A layer that its maker keeps to himself: images name it, archives do not hold it."""
        return bool(_FOREIGN.fullmatch(self.mediaType))


class Manifest(NamedTuple):
    """One image: its config and its layers, bottom first; `data` are the manifest's own bytes."""

    config: Descriptor
    layers: tuple[Descriptor, ...]
    media_type: str
    data: bytes


class Index(NamedTuple):
    """A choice of manifests and further indexes."""

    manifests: tuple[Descriptor, ...]


class Artifact(NamedTuple):
    """A manifest of something that is no image: a signature, a chart, a list of parts."""

    type: str


class _Document(msgspec.Struct):
    schemaVersion: int | None = None
    mediaType: str | None = None
    artifactType: str | None = None
    config: Descriptor | None = None
    layers: list[Descriptor] | None = None
    manifests: list[Descriptor] | None = None
    fsLayers: object = None


def read(data: bytes, where: str) -> Manifest | Index | Artifact:
    """The manifest or index `data`. Raises `ImageProblem` where it is neither, or names what no blob can be called."""
    said = decoded(data, _Document, where)
    for one in (*([said.config] if said.config else ()), *(said.layers or ()), *(said.manifests or ())):
        require_digest(one.digest, where)
        if one.size < 0:
            raise ImageProblem(where, "negative_size", {"digest": one.digest, "size": one.size})
    if said.manifests is not None and said.layers is not None:
        # One would see an image in it, another a choice of images, and both under its digest (distribution-spec,
        # "Pulling manifests").
        raise ImageProblem(where, "manifest_and_index")
    if said.manifests is not None:
        return Index(tuple(said.manifests))
    if said.schemaVersion == 1 or said.fsLayers is not None:
        raise ImageProblem(where, "schema_1")
    if said.config is None or said.layers is None:
        raise ImageProblem(where, "no_manifest_or_index")
    if said.artifactType or said.config.mediaType not in (CONFIG, DOCKER_CONFIG, ""):
        return Artifact(said.artifactType or said.config.mediaType)
    # Signatures of cosign have the config of an image, and layers that are no tars.
    odd = next((one.mediaType for one in said.layers if one.mediaType and "tar" not in one.mediaType), "")
    if odd:
        return Artifact(odd)
    return Manifest(said.config, tuple(said.layers), said.mediaType or MANIFEST, data)


def chosen(of: Iterable[Descriptor], platform: str, where: str) -> Descriptor:
    """The image among the descriptors of an index that suits `platform` ("": this machine's, or the only one that
    there is). Raises `ImageProblem` where none does."""
    images = [one for one in of if not one.is_attestation]
    if not images:
        raise ImageProblem(where, "empty_index")
    wanted = platforms.written(platform)
    found = platforms.best(wanted, [one.runs_on for one in images])
    if found >= 0:
        return images[found]
    if len(images) == 1 and (not platform or images[0].runs_on is None):
        return images[0]
    raise ImageProblem(where, "no_platform", {"wanted": str(wanted), "has": _said(images)})


def is_digest(text: str) -> bool:
    """Whether a blob can be called so."""
    return bool(_DIGEST.fullmatch(text))


def require_digest(digest: str, where: str) -> None:
    """Raises `ImageProblem` where `digest` is none: it names a file, so that nothing else may stand in it."""
    if not is_digest(digest):
        raise ImageProblem(where, "bad_digest", {"got": ascii(digest)})


def require_bytes(data: bytes, described: Descriptor, where: str) -> None:
    """Raises `ImageProblem` where `data` is not what a descriptor says."""
    if len(data) != described.size:
        raise ImageProblem(where, "wrong_size", {"expected": described.size, "got": len(data)})
    got = digest_like(described.digest, data)
    if got != described.digest:
        raise ImageProblem(where, "wrong_digest", {"expected": described.digest, "got": got})


def digest_like(digest: str, data: bytes) -> str:
    """The digest of `data`, by the algorithm of `digest`."""
    kind = digest.partition(":")[0]
    return f"{kind}:{new(kind, data).hexdigest()}"


def blob_name(digest: str) -> str:
    """Where a layout has the blob (image-layout.md)."""
    return "blobs/" + digest.replace(":", "/")


def _said(images: Sequence[Descriptor]) -> str:
    return ", ".join(dict.fromkeys(str(one.runs_on or "-") for one in images))
