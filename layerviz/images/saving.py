"""Images on their way out: what is written to an archive or a layout, whole or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from layerviz.engine.content import Reader
from layerviz.engine.find import image_by_ref, normal_ref, tags_of
from layerviz.engine.world import World
from layerviz.images import docker_form
from layerviz.images.assembling import BroughtImage
from layerviz.images.contents import read
from layerviz.images.docker_form import Named
from layerviz.images.layers import Progress, counted
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import InFile, parsed, require_tag, tags
from layerviz.images.tarwriting import TarWriter
from layerviz.writing import reason, whole


def save(world: World, refs: Sequence[str], file: str, reader: Reader = read) -> None:
    """Writes the images that `refs` name to the docker archive `file`.

    A name without a tag stands for all tags of that name, as in docker; an id for the image without a name. Raises
    `ImageProblem` for what is not there, for what is only quoted, and where the file cannot be written.
    """
    chosen = _chosen(world, refs)
    with _written(file) as out:
        docker_form.write(TarWriter(out), chosen, reader, lambda count: None)


def target(text: str) -> InFile:
    """Where an image is to be written: a file or folder and its form. Raises `ImageProblem` for all else."""
    place = parsed(text)
    if not isinstance(place, InFile) or place.form is None or place.number >= 0:
        raise ImageProblem(text, "target")
    if place.name:
        require_tag(place, text)
    return place


def save_image(brought: BroughtImage, place: InFile, progress: Progress | None = None) -> None:
    """Writes an image to `place`, under its name there; a docker archive has the image's own names if it has none.

    Layers are what they were: in a docker archive their uncompressed tars, in a layout the blobs as they were stored,
    each held against its digests on the way. `progress` counts bytes. Raises `ImageProblem`.
    """
    image = brought.image
    if image.quoted or (brought.parts is None and any(layer.is_quoted for layer in image.layers)):
        raise ImageProblem(", ".join(brought.refs), "quoted")
    if place.form == "docker-archive":
        advance = counted(progress, _bytes_of(brought))
        if any(layer.is_quoted for layer in image.layers):
            raise ImageProblem(image.origin, "foreign_layer")
        named = Named(image, list(tags((place.name,) if place.name else brought.refs)))
        with _written(place.file) as out:
            docker_form.write(TarWriter(out), [named], read, advance)
        return
    from layerviz.images import oci_form

    advance = counted(progress, _bytes_of(brought) + oci_form.bytes_to_hash(brought))
    if place.form == "oci-archive":
        with _written(place.file) as out:
            oci_form.write_archive(brought, place.name, TarWriter(out), advance)
        return
    with _told(place.file):
        oci_form.write_folder(brought, place.name, place.file, advance)


def _chosen(world: World, refs: Sequence[str]) -> tuple[Named, ...]:
    chosen: dict[int, Named] = {}
    for ref in refs:
        names = [name for name, _ in world.tags if name.rpartition(":")[0] == normal_ref(ref).rpartition(":")[0]]
        tagged = ":" in ref.rpartition("/")[2]
        for name in names if names and not tagged else [ref]:
            image = image_by_ref(world, name)
            if image is None:
                raise ImageProblem("", "no_image", {"ref": ref})
            if image.quoted or any(layer.is_quoted for layer in image.layers):
                raise ImageProblem(ref, "quoted")
            known = chosen.setdefault(image.key, Named(image))
            full = normal_ref(name)
            if full in tags_of(world, image) and full not in known.refs:
                known.refs.append(full)
    return tuple(chosen.values())


def _bytes_of(brought: BroughtImage) -> int:
    blobs = brought.parts.blobs if brought.parts else (None,) * len(brought.image.layers)
    return sum(
        max(
            layer.brought_tar.size_bytes if layer.brought_tar else layer.size_bytes or 0,
            blob.end - blob.start if blob else 0,
        )
        for layer, blob in zip(brought.image.layers, blobs, strict=True)
    )


@contextmanager
def _written(file: str) -> Iterator[BinaryIO]:
    with _told(file), whole(file) as out:
        yield out


@contextmanager
def _told(file: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ImageProblem(file, reason(error), {"reason": error.strerror or str(error)}) from None
