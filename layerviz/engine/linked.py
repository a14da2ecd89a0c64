"""Hard links: the names that are one file, in the layers of an image and in a container's own."""

from collections.abc import Sequence

from layerviz.engine import paths
from layerviz.engine.entry import Kind
from layerviz.engine.merge import Found, inode_of, row_from, seen
from layerviz.engine.remembered import memory_of
from layerviz.engine.upper import Upper
from layerviz.engine.world import Layer


def linked_names(stack: Sequence[Layer], path: str) -> tuple[str, ...]:
    """All names of the merged view that are one file with the one at `path`, itself included; sorted."""
    own = _linked_in_upper(stack, path)
    if own:
        return tuple(sorted(own, key=paths.key))
    file = _file_at(stack, path)
    if file is None:
        return (path,)
    kept = (name for name in _names_of(stack, file) if _file_at(stack, name) == file)
    return tuple(sorted(kept, key=paths.key))


def link_count(stack: Sequence[Layer], path: str) -> int:
    """st_nlink of the file at `path`. That of a lower file counts all names in its layer, also those that are hidden or
    were broken off by a copy-up meanwhile: it is the lower inode's (measured on overlayfs, Linux 6.18)."""
    own = _linked_in_upper(stack, path)
    if own:
        return len(own)
    file = _file_at(stack, path)
    return len(_names_of(stack, file)) if file else 1


def _linked_in_upper(stack: Sequence[Layer], path: str) -> tuple[str, ...]:
    """The names of the inode at `path` where a writable layer on top of the stack has it; () elsewhere."""
    top = stack[-1].entries if stack else None
    if not isinstance(top, Upper):
        return ()
    entry = top.get(path)
    if entry is None or entry.is_whiteout:
        return ()
    return top.linked.get(entry.inode, (path,))


def _file_at(stack: Sequence[Layer], path: str) -> tuple[int, str] | None:
    """Position and path of the row that is the file seen at `path`, its links followed; None of what is no file."""
    hit = seen(stack, path)
    if hit is None or hit.entry.kind is not Kind.FILE:
        return None
    if not hit.entry.linkname:
        return hit.position, path
    row = row_from(stack, hit.position, path)
    file = inode_of(stack, row) if row else None
    return (file.position, file.entry.path) if file else None


def _names_of(stack: Sequence[Layer], file: tuple[int, str]) -> set[str]:
    """The names that read-only layers have for `file`, seen or not."""
    image = stack[:-1] if isinstance(stack[-1].entries, Upper) else stack
    if not image:
        return {file[1]}
    memory = memory_of(image)
    if memory.links is None:
        memory.links = _links(image)
    return {file[1], *memory.links.get(file, ())}


def _links(stack: Sequence[Layer]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    for position, layer in enumerate(stack, 1):
        for row in layer.entries.hard_links():
            link = layer.entries.entry(row)
            if inode := inode_of(stack, Found(position, link)):
                found.setdefault((inode.position, inode.entry.path), []).append(link.path)
    return found
