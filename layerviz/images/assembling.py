"""From a config's bytes and the blobs of its layers to an image: what all ways in have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layerviz.engine.digests import is_diff_id
from layerviz.engine.table import Table
from layerviz.engine.world import Image, Layer
from layerviz.images import config, index_view
from layerviz.images.bytesource import steady
from layerviz.images.documents import require_small
from layerviz.images.instruction import instruction
from layerviz.images.layers import Blob, Progress, ReadLayer, read_layers
from layerviz.images.onlooker import Onlooker
from layerviz.images.problems import ImageProblem, Report

_MOST_LAYERS = 1000
"""Twice what the kernel mounts (500 lower directories); docker itself stops at 125."""
LARGEST_CONFIG_BYTES = 4 << 20
"""What containers/image (skopeo, podman) reads of one."""
_MOST_NAMES = 1000
_LONGEST_NAME = 1024
"""Registries allow a name 255 characters, and a tag 128."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What an image is made of where it lies: its config, `where` that stands, and the blobs bottom first. A blob is
    None where a layer's bytes are kept elsewhere (a foreign layer): it is then known by its DiffID only.

    `digests` are those of the blobs as they are stored, one a layer and "" where unknown; `manifest` the bytes that
    named them. `refs` are the names that the image has there, `names` what else may stand for it in a reference;
    `repo_digests` ("name@sha256:…") those it has in a registry.
    """

    config: bytes
    where: str
    blobs: tuple[Blob | None, ...]
    refs: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    manifest: bytes = b""
    names: tuple[str, ...] = ()
    repo_digests: tuple[str, ...] = ()

    def digest(self, position: int) -> str:
        """Of the blob of that layer, counted from 1."""
        return self.digests[position - 1] if self.digests else ""


@dataclass(frozen=True, slots=True)
class BroughtImage:
    """An image from outside, the names it has there, what was odd about it, and its `parts`, if it was not made by
    commands here."""

    image: Image
    refs: tuple[str, ...]
    reports: tuple[Report, ...] = ()
    parts: Parts | None = None


def bring(
    found: Sequence[Parts],
    origin: str,
    progress: Progress | None = None,
    reports: Sequence[Report] = (),
    onlooker: Onlooker | None = None,
    read: Mapping[Blob, ReadLayer] | None = None,
) -> tuple[BroughtImage, ...]:
    """The images of `found` with their entry tables, read from the headers where they lie; `origin` is what problems
    and people call the place.

    Layers that stand in several images, or several times in one, are read once and share a table. DiffIDs are taken
    from the configs; `verifying.check_diff_ids` holds them against the bytes. `onlooker` sees the images before that.
    What is `read` already is not read again, nor told. Raises `ImageProblem`.
    """
    said = [checked(parts, origin) for parts in found]
    if read is None:
        if onlooker:
            onlooker.found([outlined(parts, one, origin) for parts, one in zip(found, said, strict=True)])
        blobs = [(blob, position) for parts in found for position, blob in enumerate(parts.blobs, 1) if blob]
        with steady({blob.file for blob, _ in blobs}):
            read = read_layers(blobs, progress, onlooker)
    return tuple(assembled(parts, one, read, origin, reports) for parts, one in zip(found, said, strict=True))


def checked(parts: Parts, file: str) -> config.Described:
    """What the config says, held against the layers. Raises `ImageProblem`, also where anything is too much."""
    count = len(parts.blobs)
    if count > _MOST_LAYERS:
        raise ImageProblem(file, "too_many_layers", {"count": count, "limit": _MOST_LAYERS})
    _require_few_names(parts, file)
    require_small(len(parts.config), parts.where.removeprefix(f"{file}, "), file, LARGEST_CONFIG_BYTES)
    said = config.described(parts.config, parts.where)
    if count != len(said.diff_ids):
        raise ImageProblem(file, "layers_mismatch", {"expected": len(said.diff_ids), "got": count})
    for diff_id in said.diff_ids:
        if not is_diff_id(diff_id):
            raise ImageProblem(parts.where, "bad_digest", {"got": ascii(diff_id)})
    return said


def _require_few_names(parts: Parts, file: str) -> None:
    if len(parts.refs) > _MOST_NAMES:
        raise ImageProblem(file, "too_many_names", {"count": len(parts.refs), "limit": _MOST_NAMES})
    longest = max(map(len, (*parts.refs, *parts.names)), default=0)
    if longest > _LONGEST_NAME:
        raise ImageProblem(file, "name_too_long", {"size": longest, "limit": _LONGEST_NAME})


def outlined(parts: Parts, said: config.Described, origin: str) -> BroughtImage:
    """The image of `parts` before any of its layers is read: all that is known of them is what they are called, and how
    many bytes are stored. The blobs need not lie here yet."""
    layers = [
        Layer(
            0,
            Table(),
            created_by=created_by,
            blob_digest=parts.digest(position),
            blob_bytes=blob.end - blob.start if blob else None,
            brought_diff_id=diff_id,
        )
        for position, (blob, diff_id, created_by) in enumerate(
            zip(parts.blobs, said.diff_ids, _instructions(parts, said), strict=True), 1
        )
    ]
    return BroughtImage(_image(parts, said, layers, origin), parts.refs, (), parts)


def assembled(
    parts: Parts, said: config.Described, read: Mapping[Blob, ReadLayer], origin: str, reports: Sequence[Report] = ()
) -> BroughtImage:
    """The image of `parts`, whose config is `said` and whose blobs were `read`."""
    made_by = _instructions(parts, said)
    layers: list[Layer] = []
    told = list(reports)
    reported: set[Blob] = set()
    for position, (blob, diff_id, created_by) in enumerate(zip(parts.blobs, said.diff_ids, made_by, strict=True), 1):
        if blob is None:
            told.append(Report(f"{origin}, layer {position}", "foreign"))
            foreign = Layer(0, Table(), created_by, quoted_diff_id=diff_id, blob_digest=parts.digest(position))
            layers.append(foreign)
            continue
        one = read[blob]
        if blob not in reported:
            reported.add(blob)
            told += one.reports
        layers.append(
            Layer(
                0,
                one.table,
                created_by=created_by,
                blob_digest=parts.digest(position),
                blob_bytes=blob.end - blob.start if parts.digest(position) else None,
                brought_diff_id=diff_id,
                brought_tar=one.tar,
            )
        )
    index_view.keep_of(layers, parts.blobs)
    return BroughtImage(_image(parts, said, layers, origin), parts.refs, tuple(dict.fromkeys(told)), parts)


def _instructions(parts: Parts, said: config.Described) -> list[str]:
    """That of each layer. The history is optional and need not match (image-spec, config.md): then no line can be told
    to be a layer's."""
    made_by = [instruction(one.created_by) for one in said.history if not one.empty_layer]
    return made_by if len(made_by) == len(parts.blobs) else [""] * len(parts.blobs)


def _image(parts: Parts, said: config.Described, layers: Sequence[Layer], origin: str) -> Image:
    return Image(
        key=0,
        layers=tuple(layers),
        config=said.config,
        history=said.history,
        created=said.created,
        repo_digests=parts.repo_digests,
        origin=origin,
    )
