"""Images in the form that `docker save` of engine 25 and later writes.

`blobs/sha256/…` with layers (uncompressed), configs and manifests; `index.json`, `manifest.json`, `oci-layout`,
`repositories` (moby daemon/internal/image/tarexport/save.go). Same images, same names: same bytes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from layerviz.engine.content import Reader
from layerviz.engine.digests import config_json, diff_id, digest_of
from layerviz.engine.world import Image, Layer
from layerviz.images.documents import compact
from layerviz.images.layer_bytes import tar_into
from layerviz.images.manifests import CONFIG, FULL_NAME, INDEX, LAYER, MANIFEST, REF_NAME, blob_name
from layerviz.images.oci import MARK, VERSION
from layerviz.images.tarwriting import TarWriter
from layerviz.shell import references

_Json = dict[str, object]


@dataclass(slots=True)
class Named:
    """An image to be saved and the names it is saved under."""

    image: Image
    refs: list[str] = field(default_factory=list)


def write(tar: TarWriter, chosen: Sequence[Named], reader: Reader, advance: Callable[[int], None]) -> None:
    """Raises `ImageProblem` where a layer is no longer what it was."""
    layers: dict[str, Layer] = {diff_id(layer): layer for one in chosen for layer in one.image.layers}
    tar.folder("blobs/")
    tar.folder("blobs/sha256/")
    sizes = {
        digest: tar.stream(blob_name(digest), tar_into(layers[digest], digest, reader, advance))
        for digest in sorted(layers)
    }
    blobs: dict[str, bytes] = {}
    listed: list[_Json] = []
    descriptors: list[_Json] = []
    repositories: dict[str, dict[str, str]] = {}
    for one in chosen:
        diff_ids = [diff_id(layer) for layer in one.image.layers]
        config = config_json(one.image)
        described = [{"mediaType": LAYER, "digest": digest, "size": sizes[digest]} for digest in diff_ids]
        manifest = compact(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {"mediaType": CONFIG, "digest": digest_of([config]), "size": len(config)},
                "layers": described,
            }
        )
        blobs |= {digest_of([config]): config, digest_of([manifest]): manifest}
        descriptors += _descriptors(one.refs, manifest)
        listed.append(
            {
                "Config": blob_name(digest_of([config])),
                "RepoTags": one.refs or None,
                "Layers": [blob_name(digest) for digest in diff_ids],
                "LayerSources": {str(layer["digest"]): layer for layer in described},
            }
        )
        for ref in one.refs:
            name, _, tag = ref.rpartition(":")
            repositories.setdefault(name, {})[tag] = diff_ids[-1].removeprefix("sha256:") if diff_ids else ""
    for digest in sorted(blobs):
        tar.file(blob_name(digest), blobs[digest])
    tar.file("index.json", compact({"schemaVersion": 2, "mediaType": INDEX, "manifests": descriptors}))
    tar.file("manifest.json", compact(listed))
    tar.file(MARK, compact({"imageLayoutVersion": VERSION}))
    if repositories:
        tar.file("repositories", compact(repositories))
    tar.end()


def _descriptors(refs: Sequence[str], manifest: bytes) -> Iterator[_Json]:
    """One for each name, or one without a name."""
    plain: _Json = {"mediaType": MANIFEST, "digest": digest_of([manifest]), "size": len(manifest)}
    for ref in refs:
        named = references.parse(ref)
        yield plain | {"annotations": {FULL_NAME: named.full, REF_NAME: named.tag}}
    if not refs:
        yield plain
