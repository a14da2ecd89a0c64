"""From what a person writes to an image: the one door through which every command and window opens one."""

import os
import re
from typing import NamedTuple

from layerviz.engine.find import normal_ref
from layerviz.images import docker_archive
from layerviz.images.assembling import BroughtImage
from layerviz.images.layers import Progress
from layerviz.images.problems import ImageProblem

_TRANSPORT = "docker-archive:"
_OTHER_TRANSPORTS = re.compile(r"(?:oci|oci-archive|docker|docker-daemon|dir|containers-storage|sif):")


class Named(NamedTuple):
    """An image of an archive: the file, and which of its names ("": the only one)."""

    file: str
    ref: str = ""


def named(text: str) -> Named:
    """`docker-archive:FILE[:NAME[:TAG]]` as skopeo writes it, or a bare path; colons may belong to the path.

    Raises `ImageProblem` where no file is named, or another of skopeo's ways to an image.
    """
    rest = text.removeprefix(_TRANSPORT)
    other = _OTHER_TRANSPORTS.match(text)
    if not rest or (other and not os.path.exists(text)):
        raise ImageProblem(text, "transport")
    cuts = [at for at, letter in enumerate(rest) if letter == ":"]
    for cut in (len(rest), *reversed(cuts)):
        if os.path.exists(rest[:cut]):
            return Named(rest[:cut], rest[cut + 1 :])
    return Named(rest)


def images_of(text: str, progress: Progress | None = None) -> tuple[BroughtImage, ...]:
    """All images at the place that `text` names. Raises `ImageProblem`."""
    return docker_archive.index(named(text).file, progress)


def image_of(text: str, progress: Progress | None = None) -> BroughtImage:
    """The image that `text` names. Raises `ImageProblem`, also where none has that name, or several have none."""
    name = named(text)
    images = images_of(text, progress)
    wanted = [one for one in images if not name.ref or normal_ref(name.ref) in one.refs]
    if len(wanted) == 1:
        return wanted[0]
    has = ", ".join(ref for one in images for ref in one.refs) or "-"
    key = "several_images" if len(wanted) > 1 else "no_such_image"
    raise ImageProblem(name.file, key, {"ref": name.ref, "has": has})
