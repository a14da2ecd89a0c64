"""Docker archives, the files that `docker save` writes: read in both of its forms, written in the one of today.

Forms: engine up to 24 `<id>/{VERSION,json,layer.tar}`, `<image id>.json`, `manifest.json`, layers that occur twice as
symlinks; 25 and later `blobs/sha256/…` with an OCI index beside `manifest.json` (moby v24 image/tarexport/save.go,
moby#44598). What matters to reading is `manifest.json` in both.
"""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from layerviz.engine.paths import display
from layerviz.engine.world import Layer
from layerviz.images import config
from layerviz.images.archive import Archive, opened
from layerviz.images.assembling import BroughtImage, Parts, bring
from layerviz.images.layers import Blob, Progress
from layerviz.images.problems import ImageProblem, Report
from layerviz.images.saving import save

__all__ = ["BroughtImage", "check_diff_ids", "index", "save"]


class _Line(msgspec.Struct):
    Config: str
    RepoTags: list[str] | None = None
    Layers: list[str] | None = None


def index(file: str, progress: Progress | None = None) -> tuple[BroughtImage, ...]:
    """The images of the archive `file`. Raises `ImageProblem`."""
    reports: list[Report] = []
    archive = opened(file, reports)
    if "manifest.json" not in archive:
        raise ImageProblem(file, "no_manifest")
    lines = config.decoded(archive.text("manifest.json"), list[_Line], f"{file}, manifest.json")
    if not lines:
        raise ImageProblem(file, "no_images")
    return bring([_parts(archive, line) for line in lines], file, progress, reports)


def check_diff_ids(brought: Sequence[BroughtImage]) -> None:
    """Holds the DiffID of every layer against its bytes. Raises `ImageProblem` at the first that differs."""
    checked: set[tuple[object, str]] = set()
    for one in brought:
        for position, layer in enumerate(one.image.layers, 1):
            if (layer.brought_tar, layer.brought_diff_id) in checked:
                continue
            checked.add((layer.brought_tar, layer.brought_diff_id))
            _check(one.image.origin, layer, position)


def _check(file: str, layer: Layer, position: int) -> None:
    from layerviz.images.contents import read

    assert layer.brought_tar is not None
    digest = sha256()
    for piece in layer.brought_tar.chunks(read):
        digest.update(piece)
    got = f"sha256:{digest.hexdigest()}"
    if got != layer.brought_diff_id:
        values = {"position": position, "expected": layer.brought_diff_id, "got": got}
        raise ImageProblem(file, "wrong_diff_id", values)


def _parts(archive: Archive, line: _Line) -> Parts:
    blobs = tuple(Blob(archive.file, *archive.span(name)) for name in line.Layers or ())
    where = f"{archive.file}, {display(line.Config)}"
    return Parts(archive.text(line.Config), where, blobs, tuple(line.RepoTags or ()))
