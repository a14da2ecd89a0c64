"""OCI layouts (image-spec, image-layout.md): folders, and the same inside a tar. Nothing is extracted."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec

from layerviz.images import manifests
from layerviz.images.assembling import Parts
from layerviz.images.bounded import Bounded, Layout
from layerviz.images.documents import decoded, everything, require_few_images, require_small
from layerviz.images.layers import Blob
from layerviz.images.manifests import Artifact, Descriptor, Index, Manifest, blob_name
from layerviz.images.problems import ImageProblem, Report, few

MARK = "oci-layout"
INDEX = "index.json"
VERSION = "1.0.0"
_DEEPEST = 16
_POINTS_TO = (
    manifests.INDEX,
    manifests.MANIFEST,
    manifests.DOCKER_INDEX,
    manifests.DOCKER_MANIFEST,
    "",
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A layout in a folder."""

    file: str

    def __contains__(self, name: str) -> bool:
        return os.path.lexists(self._path(name))

    def text(self, name: str) -> bytes:
        size = self.blob(name).end
        require_small(size, name, self.file)
        try:
            with open(self._path(name), "rb") as opened:
                return opened.read(size)
        except OSError as error:
            raise ImageProblem(self._path(name), "cannot_open", {"reason": error.strerror or str(error)}) from None

    def blob(self, name: str) -> Blob:
        path = self._path(name)
        try:
            status = os.stat(path)
        except FileNotFoundError:
            raise ImageProblem(self.file, "missing", {"name": name}) from None
        except OSError as error:
            raise ImageProblem(path, "cannot_open", {"reason": error.strerror or str(error)}) from None
        if not stat.S_ISREG(status.st_mode):
            raise ImageProblem(path, "is_folder" if stat.S_ISDIR(status.st_mode) else "not_regular")
        return Blob(path, 0, status.st_size)

    def _path(self, name: str) -> str:
        return os.path.join(self.file, *name.split("/"))


class Found(NamedTuple):
    """The images of a layout that were asked for, and what was left out of them."""

    images: tuple[Parts, ...]
    reports: tuple[Report, ...]


class _Version(msgspec.Struct):
    imageLayoutVersion: str


class _Named(NamedTuple):
    """A line of index.json and the names it gives, its number the last."""

    descriptor: Descriptor
    names: tuple[str, ...]
    refs: tuple[str, ...]


def found(layout: Layout, name: str = "", number: int = -1, platform: str = "", place: str = "") -> Found:
    """The images of `layout`: all, those called `name`, or the one that stands at `number` (from 0) in its index.

    Of an image for several platforms it is the one that suits. `place` is where a person finds the layout, if it lies
    elsewhere: an image that has a tag there and no name is called like it. Attestations are skipped, and what is no
    image with a report. Manifests and configs are held against their digests here, layers by
    `verifying.check_diff_ids`. Raises `ImageProblem`.
    """
    layout = Bounded(layout)
    lines = _lines(layout, _name_of(place or layout.file))
    if number >= 0:
        if number >= len(lines):
            raise ImageProblem(layout.file, "no_such_number", {"number": number, "count": len(lines)})
        wanted = [lines[number]]
    else:
        wanted = [line for line in lines if not line.descriptor.is_attestation and _is_called(line, name)]
    if not wanted and name:
        has = few(list(dict.fromkeys(ref for line in lines for ref in line.names[:1])))
        raise ImageProblem(layout.file, "no_such_image", {"ref": name, "has": has})
    images: dict[bytes, Parts] = {}
    reports: list[Report] = []
    for line in _one_a_platform(wanted, platform, layout.file):
        got = _resolved(layout, line.descriptor, platform)
        if isinstance(got, Artifact):
            reports.append(Report(f"{layout.file}, {line.descriptor.digest}", "artifact", (("type", ascii(got.type)),)))
        elif got.data in images:
            images[got.data] = _also_called(images[got.data], line)
        else:
            images[got.data] = _parts(layout, got, line)
    if not images and reports:
        raise ImageProblem(reports[0].where, "artifact", dict(reports[0].values))
    if not images:
        raise ImageProblem(f"{layout.file}, {INDEX}", "empty_index")
    return Found(tuple(images.values()), tuple(reports))


def raw_index(layout: Layout) -> dict[str, Any]:
    """All that index.json says, also what is not known here. Raises `ImageProblem` where `layout` is none."""
    _lines(layout, "")
    known: dict[str, Any] = everything(layout.text(INDEX), f"{layout.file}, {INDEX}")
    return known


def is_layout(layout: Layout) -> bool:
    return MARK in layout and INDEX in layout


def _lines(layout: Layout, own: str) -> tuple[_Named, ...]:
    if not is_layout(layout):
        raise ImageProblem(layout.file, "no_layout")
    version = decoded(layout.text(MARK), _Version, f"{layout.file}, {MARK}").imageLayoutVersion
    if version.split(".")[0] != VERSION.split(".")[0]:
        raise ImageProblem(f"{layout.file}, {MARK}", "layout_version", {"got": ascii(version)})
    top = manifests.read(layout.text(INDEX), f"{layout.file}, {INDEX}")
    if not isinstance(top, Index):
        raise ImageProblem(f"{layout.file}, {INDEX}", "no_index")
    require_few_images(len(top.manifests), f"{layout.file}, {INDEX}")
    return tuple(_named(descriptor, number, own) for number, descriptor in enumerate(top.manifests))


def _name_of(place: str) -> str:
    """The name of a folder or file as an image may have it."""
    name = os.path.basename(os.path.abspath(place)).lower()
    return re.sub(r"[^a-z0-9]+", "-", name if os.path.isdir(place) else name.partition(".")[0]).strip("-") or "layout"


def _is_called(line: _Named, name: str) -> bool:
    from layerviz.engine.find import normal_ref

    return not name or name in line.names or normal_ref(name) in map(normal_ref, line.names)


def _named(descriptor: Descriptor, number: int, own: str) -> _Named:
    from layerviz.engine.find import normal_ref
    from layerviz.images.reference import tags

    said = descriptor.annotations or {}
    full, ref = said.get(manifests.FULL_NAME, ""), said.get(manifests.REF_NAME, "")
    names = dict.fromkeys(name for name in (ref, full, normal_ref(full) if full else "") if name)
    if full:
        refs: tuple[str, ...] = (normal_ref(full),)
    elif ref and not {":", "/"}.intersection(ref):
        # A tag alone (image-spec, annotations.md); "1.0" would be called "1.0:latest".
        refs = tags([f"{own}:{ref}"]) or (ref,)
    else:
        refs = (ref,) if ref else ()
    return _Named(descriptor, (*names, f"@{number}"), refs)


def _one_a_platform(lines: Sequence[_Named], platform: str, where: str) -> Iterator[_Named]:
    """Lines of one name (or of none) that differ in their platforms are one image, of which one suits."""
    groups: dict[tuple[str, ...], list[_Named]] = {}
    for line in lines:
        groups.setdefault(line.refs, []).append(line)
    for group in groups.values():
        runs_on = {line.descriptor.runs_on for line in group}
        if len(group) > 1 and None not in runs_on and len(runs_on) == len(group):
            taken = manifests.chosen([line.descriptor for line in group], platform, f"{where}, {INDEX}")
            yield next(line for line in group if line.descriptor is taken)
        else:
            yield from group


def _resolved(layout: Layout, descriptor: Descriptor, platform: str) -> Manifest | Artifact:
    """The manifest that a descriptor leads to, through nested indexes. They cannot lead in a circle, for each is held
    against its digest."""
    where = layout.file
    for _ in range(_DEEPEST):
        if descriptor.mediaType not in _POINTS_TO:
            return Artifact(descriptor.mediaType)
        where = f"{layout.file}, {blob_name(descriptor.digest)}"
        got = manifests.read(_small(layout, descriptor), where)
        if not isinstance(got, Index):
            return got
        descriptor = manifests.chosen(got.manifests, platform, where)
    raise ImageProblem(where, "index_depth", {"limit": _DEEPEST})


def _parts(layout: Layout, manifest: Manifest, line: _Named) -> Parts:
    return Parts(
        _small(layout, manifest.config),
        f"{layout.file}, {blob_name(manifest.config.digest)}",
        tuple(_layer(layout, layer, position) for position, layer in enumerate(manifest.layers, 1)),
        line.refs,
        tuple(layer.digest for layer in manifest.layers),
        manifest.data,
        line.names,
    )


def _also_called(parts: Parts, line: _Named) -> Parts:
    """One image under several names."""
    return replace(parts, refs=(*parts.refs, *line.refs), names=(*parts.names, *line.names))


def _small(layout: Layout, descriptor: Descriptor) -> bytes:
    """The bytes of a manifest or config, which are what the descriptor says."""
    data = layout.text(blob_name(descriptor.digest))
    manifests.require_bytes(data, descriptor, f"{layout.file}, {blob_name(descriptor.digest)}")
    return data


def _layer(layout: Layout, descriptor: Descriptor, position: int) -> Blob | None:
    name = blob_name(descriptor.digest)
    if name not in layout:
        if descriptor.is_foreign:
            return None
        raise ImageProblem(f"{layout.file}, layer {position}", "missing", {"name": name})
    blob = layout.blob(name)
    if blob.end - blob.start != descriptor.size:
        values = {"expected": descriptor.size, "got": blob.end - blob.start}
        raise ImageProblem(f"{layout.file}, layer {position}, {name}", "wrong_size", values)
    return blob
