"""Docker archives, the files that `docker save` writes, read in both of its forms.

Forms: engine up to 24 `<id>/{VERSION,json,layer.tar}`, `<image id>.json`, `manifest.json`, layers that occur twice as
symlinks; 25 and later `blobs/sha256/…` with an OCI index beside `manifest.json` (moby v24 image/tarexport/save.go,
moby#44598). What matters to reading is `manifest.json` in both.
"""

import re
from collections.abc import Collection

import msgspec

from layerviz.engine.paths import display
from layerviz.images.archive import Archive
from layerviz.images.assembling import Parts
from layerviz.images.bounded import Bounded
from layerviz.images.documents import decoded, require_few_images
from layerviz.images.layers import Blob
from layerviz.images.manifests import Descriptor
from layerviz.images.problems import ImageProblem

_BLOB = re.compile(r"blobs/sha256/([0-9a-f]{64})")


class _Line(msgspec.Struct):
    Config: str
    RepoTags: list[str] | None = None
    Layers: list[str] | None = None
    LayerSources: dict[str, Descriptor] | None = None


def found(whole: Archive) -> tuple[Parts, ...]:
    """What the images of an archive are made of, in its own order. Raises `ImageProblem`."""
    archive = Bounded(whole)
    if "manifest.json" not in archive:
        raise ImageProblem(archive.file, "no_manifest" if whole.ended else "cut_before_manifest")
    lines = decoded(archive.text("manifest.json"), list[_Line], f"{archive.file}, manifest.json")
    if not lines:
        raise ImageProblem(archive.file, "no_images")
    require_few_images(len(lines), f"{archive.file}, manifest.json")
    return tuple(_parts(archive, line) for line in lines)


def _parts(archive: Bounded, line: _Line) -> Parts:
    where = f"{archive.file}, {display(line.Config)}"
    names = line.Layers or []
    kept_elsewhere = {one.digest for one in (line.LayerSources or {}).values() if one.is_foreign}
    return Parts(
        archive.text(line.Config),
        where,
        tuple(_blob(archive, name, kept_elsewhere) for name in names),
        tuple(line.RepoTags or ()),
        tuple(map(_digest, names)),
    )


def _blob(archive: Bounded, name: str, kept_elsewhere: Collection[str]) -> Blob | None:
    return None if name not in archive and _digest(name) in kept_elsewhere else archive.blob(name)


def _digest(name: str) -> str:
    """What a blob's name says its digest is; older archives name layers by ids that are none."""
    match = _BLOB.fullmatch(name)
    return f"sha256:{match[1]}" if match else ""
