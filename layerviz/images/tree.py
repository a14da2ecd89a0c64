"""What an image shows, one line an entry, for `layerviz tree`."""

import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from layerviz.engine import digests, merge
from layerviz.engine.entry import Kind
from layerviz.engine.find import normal_ref
from layerviz.images import contents
from layerviz.images.docker_archive import BroughtImage, index
from layerviz.images.problems import ImageProblem, Report

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


def image_of(name: Named) -> BroughtImage:
    """The image that is named. Raises `ImageProblem` when the archive has none of that name, or several and no name."""
    images = index(name.file)
    wanted = [one for one in images if not name.ref or normal_ref(name.ref) in one.refs]
    if len(wanted) == 1:
        return wanted[0]
    has = ", ".join(ref for one in images for ref in one.refs) or "-"
    key = "several_images" if len(wanted) > 1 else "no_such_image"
    raise ImageProblem(name.file, key, {"ref": name.ref, "has": has})


def tree(
    text: str, *, digest: bool = False, told: Callable[[Report], None] | None = None
) -> Iterator[dict[str, object]]:
    """The merged view of the image that `text` names, sorted by path; the root itself is not listed.

    Each line has `path`, `type` (file, dir, symlink, char, block, fifo), `mode` (0 to 4095), `uid`, `gid`, `layer`
    (1 is the bottom one); files `size`, with `digest` `sha256` too; symlinks `linkname`. A hard link is what its target
    is; one that leads to nothing has the type hardlink and a `linkname`. `told` hears first what was odd about the
    archive. Raises `ImageProblem`.
    """
    brought = image_of(named(text))
    if told:
        for report in brought.reports:
            told(report)
    stack = brought.image.layers
    for found in sorted(merge.walk(stack), key=lambda hit: hit.entry.path):
        entry = found.entry
        line: dict[str, object] = {
            "path": entry.path,
            "type": str(entry.kind),
            "mode": entry.mode,
            "uid": entry.uid,
            "gid": entry.gid,
        }
        if entry.kind is Kind.FILE:
            line["size"] = entry.size_bytes
            if digest:
                line["sha256"] = digests.content_digest(entry.content, contents.read).removeprefix("sha256:")
        elif entry.linkname:
            line["linkname"] = entry.linkname
        yield line | {"layer": found.position}
