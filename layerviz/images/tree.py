"""What an image shows, one line an entry, for `layerviz tree`."""

from collections.abc import Callable, Iterator

from layerviz.engine import digests, merge
from layerviz.engine.entry import Kind
from layerviz.images import contents
from layerviz.images.opening import image_of
from layerviz.images.problems import Report


def tree(
    text: str, *, digest: bool = False, told: Callable[[Report], None] | None = None
) -> Iterator[dict[str, object]]:
    """The merged view of the image that `text` names, sorted by path; the root itself is not listed.

    Each line has `path`, `type` (file, dir, symlink, char, block, fifo), `mode` (0 to 4095), `uid`, `gid`, `layer`
    (1 is the bottom one); files `size`, with `digest` `sha256` too; symlinks `linkname`. A hard link is what its target
    is; one that leads to nothing has the type hardlink and a `linkname`. `told` hears first what was odd about the
    archive. Raises `ImageProblem`.
    """
    brought = image_of(text)
    if told:
        for report in brought.reports:
            told(report)
    stack = brought.image.layers
    for found in sorted(merge.walk(stack), key=lambda hit: hit.entry.path):
        yield line_of(found, digest=digest)


def line_of(found: merge.Found, *, digest: bool = False) -> dict[str, object]:
    """What `tree` says of one entry."""
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
    return line | {"layer": found.position}
