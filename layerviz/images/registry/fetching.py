"""An image of a registry, brought into the cache of blobs: its manifest, its config, its layers."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from layerviz.engine.digests import digest_of
from layerviz.images import manifests
from layerviz.images.assembling import LARGEST_CONFIG_BYTES, Parts, checked, outlined
from layerviz.images.layers import Blob, LayerReading, Progress
from layerviz.images.manifests import Artifact, Descriptor, Index, Manifest
from layerviz.images.onlooker import Onlooker
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import InRegistry
from layerviz.images.registry import cache
from layerviz.images.registry.blobs import brought
from layerviz.images.registry.client import Client
from layerviz.images.registry.endpoint import endpoint
from layerviz.images.registry.together import PATIENCE, Patience, Watch, together

_ACCEPT = ", ".join((manifests.INDEX, manifests.MANIFEST, manifests.DOCKER_INDEX, manifests.DOCKER_MANIFEST))
_LARGEST_MANIFEST_BYTES = 4 << 20
"""What registries take at most (distribution-spec, "Pushing Manifests")."""
_DEEPEST_INDEX = 8


def fetched(
    reference: InRegistry,
    platform: str = "",
    progress: Progress | None = None,
    patience: Patience = PATIENCE,
    onlooker: Onlooker | None = None,
    reading: LayerReading | None = None,
) -> Parts:
    """The parts of the image, every blob in the cache and verified; of several platforms the one that is asked for.

    Three blobs come at a time, and `reading` gets each layer as soon as it is there. `progress` gets the bytes of all
    of them, and is asked while a registry is silent too: what it raises ends everything, and the next call goes on
    where this one was. `onlooker` sees the image as soon as its config is there, and how far each blob is. Raises
    `ImageProblem`.
    """
    where = f"{reference.host}/{reference.repository}"
    watch = Watch(where, patience)
    client = Client(endpoint(reference.host), reference.repository, watch)
    try:
        ((manifest, digest),) = together([lambda: _manifest(client, reference, platform)], watch, progress)
        if manifest.config.size > LARGEST_CONFIG_BYTES:
            raise ImageProblem(where, "registry_too_large", {"limit": LARGEST_CONFIG_BYTES})
        layers = _Layers.of(manifest)
        watch.all_bytes = max(1, manifest.config.size + sum(blob.end for blob in layers.blobs.values()))
        files = brought(client, [manifest.config], watch, progress)
        parts = Parts(
            files[manifest.config.digest].read_bytes(),
            f"{where}, {manifest.config.digest}",
            tuple(None if one.is_foreign else layers.blobs[one.digest] for one in manifest.layers),
            () if reference.digest else (reference.name,),
            tuple(one.digest for one in manifest.layers),
            manifest.data,
            repo_digests=(reference._replace(digest=digest).name,),
        )
        # Before gigabytes are brought for an image that is none.
        said = checked(parts, where)
        if onlooker:
            onlooker.found([outlined(parts, said, where)])

        def there(digests: Sequence[str]) -> None:
            if reading:
                reading.add([(layers.blobs[digest], layers.positions[digest]) for digest in digests])

        def tick(done: int, all_bytes: int) -> None:
            if progress:
                progress(done, all_bytes)
            if reading:
                reading.go_on(lambda: progress and progress(min(watch.done_bytes, all_bytes), all_bytes))

        if reading:
            reading.expect(sum(blob.end for blob in layers.blobs.values()))
        brought(client, layers.wanted, watch, tick, onlooker, there)
    finally:
        client.close()
    cache.trim()
    return parts


class _Layers(NamedTuple):
    """What is to be brought of the layers, each once; where each lies when it is there, and which it is, from 1."""

    wanted: tuple[Descriptor, ...]
    blobs: Mapping[str, Blob]
    positions: Mapping[str, int]

    @classmethod
    def of(cls, manifest: Manifest) -> "_Layers":
        wanted: dict[str, Descriptor] = {}
        positions: dict[str, int] = {}
        for position, one in enumerate(manifest.layers, 1):
            if not one.is_foreign:
                wanted.setdefault(one.digest, one)
                positions.setdefault(one.digest, position)
        blobs = {digest: Blob(str(cache.blob_file(digest)), 0, one.size) for digest, one in wanted.items()}
        return cls(tuple(wanted.values()), blobs, positions)


def _manifest(client: Client, reference: InRegistry, platform: str) -> tuple[Manifest, str]:
    """The manifest that the reference leads to, through indexes if there are any, and the digest of the first of
    them all, by which the registry knows the image."""
    wanted: str = reference.digest or reference.tag
    first = ""
    for _ in range(_DEEPEST_INDEX):
        where = f"{client.where}{'@' if ':' in wanted else ':'}{wanted}"
        data = _document(client, wanted, where)
        first = first or digest_of([data])
        match _read(data, where):
            case Manifest() as manifest:
                return manifest, first
            case Artifact(type):
                raise ImageProblem(where, "registry_artifact", {"type": type})
            case Index(choice):
                wanted = manifests.chosen(choice, platform, where).digest
    raise ImageProblem(where, "registry_manifest", {"reason": "index"})


def _document(client: Client, wanted: str, where: str) -> bytes:
    """A manifest or an index; one whose digest is known comes from the cache if it can, and has that digest."""
    pinned = ":" in wanted
    kept = cache.small(wanted, _LARGEST_MANIFEST_BYTES) if pinned else None
    if kept is not None and manifests.digest_like(wanted, kept) == wanted:
        return kept
    missing = ImageProblem(where, "registry_no_image")
    data, said = client.document(f"manifests/{wanted}", where, missing, {"Accept": _ACCEPT}, _LARGEST_MANIFEST_BYTES)
    for digest in (wanted if pinned else "", said):
        if manifests.is_digest(digest) and (got := manifests.digest_like(digest, data)) != digest:
            raise ImageProblem(where, "registry_wrong_blob", {"got": got})
    cache.keep_small(wanted if pinned else digest_of([data]), data)
    return data


def _read(data: bytes, where: str) -> Manifest | Index | Artifact:
    try:
        return manifests.read(data, where)
    except ImageProblem as problem:
        if problem.key in ("no_json", "json_shape", "json_too_deep"):
            raise ImageProblem(where, "registry_manifest", {"reason": problem.values.get("reason", "JSON")}) from None
        raise
