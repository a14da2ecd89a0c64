"""An image of a registry, brought into the cache of blobs: its manifest, its config, its layers."""

from dataclasses import replace

from layerviz.engine.digests import digest_of
from layerviz.images import manifests
from layerviz.images.assembling import Parts, checked, outlined
from layerviz.images.layers import Blob, Progress
from layerviz.images.manifests import Artifact, Index, Manifest
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
_LARGEST_CONFIG_BYTES = 64 << 20
_DEEPEST_INDEX = 8


def fetched(
    reference: InRegistry,
    platform: str = "",
    progress: Progress | None = None,
    patience: Patience = PATIENCE,
    onlooker: Onlooker | None = None,
) -> Parts:
    """The parts of the image, every blob in the cache and verified; of several platforms the one that is asked for.

    Three blobs come at a time. `progress` gets the bytes of all of them, and is asked while a registry is silent too:
    what it raises ends everything, and the next call goes on where this one was. `onlooker` sees the image as soon as
    its config is there, and how far each blob is. Raises `ImageProblem`.
    """
    where = f"{reference.host}/{reference.repository}"
    watch = Watch(where, patience)
    client = Client(endpoint(reference.host), reference.repository, watch)
    try:
        ((manifest, digest),) = together([lambda: _manifest(client, reference, platform)], watch, progress)
        layers = tuple(None if one.is_foreign else one for one in manifest.layers)
        blobs = {one.digest: one for one in (manifest.config, *layers) if one}
        watch.all_bytes = max(1, sum(one.size for one in blobs.values()))
        if manifest.config.size > _LARGEST_CONFIG_BYTES:
            raise ImageProblem(where, "registry_too_large", {"limit": _LARGEST_CONFIG_BYTES})
        files = brought(client, [manifest.config], watch, progress)
        config = files[manifest.config.digest].read_bytes()
        parts = Parts(
            config,
            f"{where}, {manifest.config.digest}",
            (None,) * len(layers),
            () if reference.digest else (reference.name,),
            tuple(one.digest for one in manifest.layers),
            manifest.data,
            repo_digests=(reference._replace(digest=digest).name,),
        )
        # Before gigabytes are brought for an image that is none.
        said = checked(parts, where)
        if onlooker:
            onlooker.found([outlined(parts, said, where, {one.digest: one.size for one in layers if one})])
        rest = [one for one in blobs.values() if one.digest not in files]
        files |= brought(client, rest, watch, progress, onlooker)
    finally:
        client.close()
    cache.trim()
    return replace(
        parts, blobs=tuple(Blob(str(files[one.digest]), 0, blobs[one.digest].size) if one else None for one in layers)
    )


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
    data = client.document(f"manifests/{wanted}", where, missing, {"Accept": _ACCEPT}, _LARGEST_MANIFEST_BYTES)
    got = manifests.digest_like(wanted, data) if pinned else digest_of([data])
    if pinned and got != wanted:
        raise ImageProblem(where, "registry_wrong_blob", {"got": got})
    cache.keep_small(got, data)
    return data


def _read(data: bytes, where: str) -> Manifest | Index | Artifact:
    try:
        return manifests.read(data, where)
    except ImageProblem as problem:
        if problem.key in ("no_json", "json_shape", "json_too_deep"):
            raise ImageProblem(where, "registry_manifest", {"reason": problem.values.get("reason", "JSON")}) from None
        raise
