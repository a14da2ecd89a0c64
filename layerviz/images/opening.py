"""From what a person writes to an image: the one door through which every command and window opens one.

Where a platform can be chosen, "" is this machine's ("linux/amd64"), as for docker.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from layerviz.engine.find import normal_ref
from layerviz.images import config, docker_archive, made, oci, platforms
from layerviz.images.archive import opened
from layerviz.images.assembling import BroughtImage, Parts, bring
from layerviz.images.bytesource import steady
from layerviz.images.layers import Blob, LayerReading, Progress, ReadLayer
from layerviz.images.onlooker import Onlooker
from layerviz.images.problems import ImageProblem, Report, few
from layerviz.images.reference import Engine, InEngine, InFile, InRegistry, Made, parsed
from layerviz.images.unpacking import plain

_LAYER_IN_CACHE = re.compile(r".*blobs.sha\d+.[0-9a-f]+(?=, layer )")


class _Place(NamedTuple):
    """What was found at a place. `file` is where it lies on this disk, `origin` what it is
    called: they differ where an archive had to be unpacked or came from an engine. Layers that came from a registry
    were `read` on the way."""

    images: tuple[Parts, ...]
    origin: str
    file: str
    reports: tuple[Report, ...] = ()
    read: Mapping[Blob, ReadLayer] | None = None


def images_of(
    text: str, progress: Progress | None = None, platform: str = "", onlooker: Onlooker | None = None
) -> tuple[BroughtImage, ...]:
    """All images that `text` names: of an archive or a layout all that it holds, if no name stands behind it; of an
    engine those that it has, known by ids and sizes, each to be opened by its `origin`.

    Of an image for several platforms it is the one for `platform`. `onlooker` sees what is there before the end. Raises
    `ImageProblem`.
    """
    reference = parsed(text)
    if isinstance(reference, Made):
        return made.found(reference, text)
    if isinstance(reference, InEngine) and not reference.name:
        return _of_engine(reference.engine, progress, platform)
    with _steady(reference):
        return _brought(_found(reference, text, progress, platform, onlooker), progress, onlooker)


def image_of(text: str, progress: Progress | None = None, platform: str = "") -> BroughtImage:
    """The image that `text` names. Raises `ImageProblem`, also where none has that name, or several have none."""
    reference = parsed(text)
    if isinstance(reference, Made):
        has = made.found(reference, text)
        if len(has) > 1:
            raise ImageProblem(text, "several_images", {"has": few([ref for one in has for ref in one.refs])})
        return has[0]
    if isinstance(reference, InEngine) and not reference.name:
        return _only_one_of(reference.engine, progress, platform)
    with _steady(reference):
        place = _found(reference, text, progress, platform)
        images = place.images if len(place.images) == 1 else _for_platform(place.images, platform, place.origin)
        if len(images) != 1:
            raise ImageProblem(place.origin, "several_images", {"has": _names(place.images)})
        return _brought(place._replace(images=images), progress)[0]


def images_in(file: str, progress: Progress | None = None, platform: str = "") -> tuple[BroughtImage, ...]:
    """All images of an archive, whatever its name looks like. Raises `ImageProblem`."""
    if os.path.isdir(file):
        raise ImageProblem(file, "is_folder")
    reference = InFile(None, file)
    with _steady(reference):
        return _brought(_in_file(reference, progress, platform), progress)


def _steady(reference: InFile | InRegistry | InEngine) -> AbstractContextManager[None]:
    return steady([reference.file] if isinstance(reference, InFile) else ())


def _found(
    reference: InFile | InRegistry | InEngine,
    text: str,
    progress: Progress | None,
    platform: str,
    onlooker: Onlooker | None = None,
) -> _Place:
    if isinstance(reference, InRegistry):
        try:
            return _from_registry(reference, text, progress, platform, onlooker)
        except _DamagedBlob:
            return _from_registry(reference, text, progress, platform, onlooker)
    if isinstance(reference, InEngine):
        from layerviz.images.engines import exported

        file = exported(reference, progress)
        with _called(file, text):
            return _in_file(InFile("docker-archive", file), progress, platform)._replace(origin=text)
    if reference.form is None and not os.path.lexists(reference.file):
        raise ImageProblem(text, "nothing_there")
    return _in_file(reference, progress, platform)


class _DamagedBlob(ImageProblem):
    """A layer cannot be read that came into the cache long ago, and may have become another there."""


def _from_registry(
    reference: InRegistry, text: str, progress: Progress | None, platform: str, onlooker: Onlooker | None
) -> _Place:
    from layerviz.images.registry import cache
    from layerviz.images.registry.fetching import fetched

    try:
        with LayerReading(onlooker) as reading:
            parts = fetched(reference, platform, progress, onlooker=onlooker, reading=reading)
            return _Place((parts,), text, "", read=reading.finished(progress))
    except ImageProblem as problem:
        blob = _LAYER_IN_CACHE.match(str(problem.where))
        if blob is None:
            raise
        kind = _DamagedBlob if cache.doubt(Path(blob[0])) else ImageProblem
        raise kind(_without_cache(str(problem.where), text), problem.key, problem.values) from None


def _only_one_of(engine: Engine, progress: Progress | None, platform: str) -> BroughtImage:
    from layerviz.images.engine_images import images_in as images_in_engine

    has = images_in_engine(engine, progress)
    if len(has) > 1:
        names = [ref for one in has for ref in one.refs or (one.image.origin.partition(":")[2][:12],)]
        raise ImageProblem(engine, "several_in_engine", {"has": few(names), "engine": engine})
    return image_of(has[0].image.origin, progress, platform)


def _of_engine(engine: Engine, progress: Progress | None, platform: str) -> tuple[BroughtImage, ...]:
    """All that it has; one of whose layers it does not tell the sizes is read."""
    from layerviz.images.engine_images import images_in as images_in_engine

    return tuple(
        replace(image_of(one.image.origin, progress, platform), refs=one.refs)
        if any(layer.size_bytes is None for layer in one.image.layers)
        else one
        for one in images_in_engine(engine, progress)
    )


def _in_file(reference: InFile, progress: Progress | None, platform: str) -> _Place:
    form, name = reference.form, reference.file
    if form in (None, "oci") and os.path.isdir(name):
        got = oci.found(oci.Folder(name), reference.name, reference.number, platform)
        return _Place(got.images, name, "", got.reports)
    if form == "oci":
        raise ImageProblem(name, "no_folder_layout" if os.path.exists(name) else "missing_layout")
    file = plain(name, progress)
    with _called(file, name):
        reports: list[Report] = []
        archive = opened(file, reports, progress)
        if form == "oci-archive" or (form is None and "manifest.json" not in archive and oci.is_layout(archive)):
            got = oci.found(archive, reference.name, reference.number, platform, name)
            return _Place(got.images, name, file, (*reports, *got.reports))
        images = _chosen(docker_archive.found(archive), reference, platform)
        return _Place(images, name, file, tuple(reports))


def _chosen(images: Sequence[Parts], reference: InFile, platform: str) -> tuple[Parts, ...]:
    """Those of a docker archive that were asked for."""
    if reference.number >= len(images):
        raise ImageProblem(reference.file, "no_such_number", {"number": reference.number, "count": len(images)})
    if reference.number >= 0:
        return (images[reference.number],)
    if not reference.name:
        return tuple(images)
    wanted = [one for one in images if normal_ref(reference.name) in map(normal_ref, one.refs)]
    if not wanted:
        raise ImageProblem(reference.file, "no_such_image", {"ref": reference.name, "has": _names(images)})
    return _for_platform(wanted, platform, reference.file)


def _for_platform(images: Sequence[Parts], platform: str, where: str) -> tuple[Parts, ...]:
    """Of images that differ in nothing but their platforms the one that suits; else all."""
    if len(images) == 1 or len({one.refs for one in images}) != 1:
        return tuple(images)
    runs_on = [config.runs_on(one.config, one.where) for one in images]
    if len(set(runs_on)) != len(images):
        return tuple(images)
    wanted = platforms.written(platform)
    best = platforms.best(wanted, runs_on)
    if best < 0:
        values = {"wanted": str(wanted), "has": ", ".join(map(str, runs_on))}
        raise ImageProblem(where, "no_platform", values)
    return (images[best],)


def _brought(place: _Place, progress: Progress | None, onlooker: Onlooker | None = None) -> tuple[BroughtImage, ...]:
    with _called(place.file, place.origin):
        images = bring(place.images, place.file or place.origin, progress, place.reports, onlooker, place.read)
    if place.read is not None:
        return tuple(
            replace(one, reports=tuple(replace(at, where=_without_cache(at.where, place.origin)) for at in one.reports))
            for one in images
        )
    if place.file in ("", place.origin):
        return images
    return tuple(_renamed(one, place.file, place.origin) for one in images)


def _renamed(image: BroughtImage, file: str, origin: str) -> BroughtImage:
    reports = tuple(replace(report, where=report.where.replace(file, origin, 1)) for report in image.reports)
    return replace(image, image=replace(image.image, origin=origin), reports=reports)


@contextmanager
def _called(file: str, origin: str) -> Iterator[None]:
    """Problems speak of the place that a person named, not of the file in the cache."""
    try:
        yield
    except ImageProblem as problem:
        if not file or file == origin or file not in problem.where:
            raise
        raise ImageProblem(problem.where.replace(file, origin, 1), problem.key, problem.values) from None


def _without_cache(where: str, text: str) -> str:
    return _LAYER_IN_CACHE.sub(lambda match: text, where, count=1)


def _names(images: Sequence[Parts]) -> str:
    """As one would write them behind the file: names, and for an image without one its number."""
    return few([name for number, one in enumerate(images) for name in (one.names[:1] or one.refs or (f"@{number}",))])
