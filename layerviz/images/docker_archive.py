"""Docker archives, the files that `docker save` writes: read in both of its forms, written in the one of today.

Forms: engine up to 24 `<id>/{VERSION,json,layer.tar}`, `<image id>.json`, `manifest.json`, layers that occur twice as
symlinks; 25 and later `blobs/sha256/…` with an OCI index beside `manifest.json` (moby v24 image/tarexport/save.go,
moby#44598). What matters to reading is `manifest.json` in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from layerviz.engine.paths import display
from layerviz.engine.world import Image, Layer
from layerviz.images import config
from layerviz.images.archive import Archive, Span, opened
from layerviz.images.instruction import instruction
from layerviz.images.layers import Progress, ReadLayer, read_layer
from layerviz.images.problems import ImageProblem, Report
from layerviz.images.saving import save

__all__ = ["BroughtImage", "check_diff_ids", "index", "save"]


_MOST_LAYERS = 1000
"""Twice what the kernel mounts (500 lower directories); docker itself stops at 125."""


@dataclass(frozen=True, slots=True)
class BroughtImage:
    """An image of an archive, the names it has there, and what was odd about it."""

    image: Image
    refs: tuple[str, ...]
    reports: tuple[Report, ...] = ()


class _Line(msgspec.Struct):
    Config: str
    RepoTags: list[str] | None = None
    Layers: list[str] | None = None


def index(file: str, progress: Progress | None = None) -> tuple[BroughtImage, ...]:
    """The images of the archive `file`, their entry tables read from the headers where they lie.

    Layers that stand in several images, or several times in one, are read once and share a table. DiffIDs are taken
    from the config; `check_diff_ids` holds them against the bytes. Raises `ImageProblem`.
    """
    reports: list[Report] = []
    archive = opened(file, reports)
    if "manifest.json" not in archive:
        raise ImageProblem(file, "no_manifest")
    lines = config.decoded(archive.text("manifest.json"), list[_Line], f"{file}, manifest.json")
    if not lines:
        raise ImageProblem(file, "no_images")
    known: dict[Span, ReadLayer] = {}
    return tuple(_image(archive, line, known, tuple(reports), progress) for line in lines)


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


def _image(
    archive: Archive, line: _Line, known: dict[Span, ReadLayer], reports: tuple[Report, ...], progress: Progress | None
) -> BroughtImage:
    where = f"{archive.file}, {display(line.Config)}"
    said = config.described(archive.text(line.Config), where)
    names = line.Layers or []
    if len(names) != len(said.diff_ids):
        raise ImageProblem(archive.file, "layers_mismatch", {"expected": len(said.diff_ids), "got": len(names)})
    if len(names) > _MOST_LAYERS:
        raise ImageProblem(archive.file, "too_many_layers", {"count": len(names), "limit": _MOST_LAYERS})
    made_by = [instruction(one.created_by) for one in said.history if not one.empty_layer]
    if len(made_by) != len(names):
        # The history is optional and need not match (image-spec, config.md): then no line can be told to be a layer's.
        made_by = [""] * len(names)
    layers: list[Layer] = []
    for position, (name, diff_id, created_by) in enumerate(zip(names, said.diff_ids, made_by, strict=True), 1):
        if not _is_digest(diff_id):
            raise ImageProblem(where, "bad_digest", {"got": ascii(diff_id)})
        span = archive.span(name)
        if span not in known:
            known[span] = read_layer(archive, span, position, progress)
        read = known[span]
        reports += read.reports
        layers.append(Layer(0, read.table, created_by=created_by, brought_diff_id=diff_id, brought_tar=read.tar))
    image = Image(
        key=0,
        layers=tuple(layers),
        config=said.config,
        history=said.history,
        created=said.created,
        origin=archive.file,
    )
    return BroughtImage(image, tuple(line.RepoTags or ()), tuple(dict.fromkeys(reports)))


def _is_digest(text: str) -> bool:
    kind, _, digits = text.partition(":")
    return kind == "sha256" and len(digits) == 64 and not digits.strip("0123456789abcdef")
