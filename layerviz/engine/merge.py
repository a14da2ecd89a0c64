"""The merged view of a stack of layers: what a container sees, and how a look-up finds it.

A stack is a sequence of layers, bottom first; positions count from 1 at the bottom. Everything here is computed when it
is asked for, one directory at a time, and remembered outside the world (`remembered`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from layerviz.engine import paths
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.errors import PathError
from layerviz.engine.remembered import memory_of
from layerviz.engine.upper import Upper
from layerviz.engine.world import Entries, Layer

Answer = Literal["absent", "found", "whiteout", "opaque"]

MAX_LINKS = 40
"""Symlinks followed in one path before the kernel says ELOOP (path_resolution(7))."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry and the position of the layer that it comes from."""

    position: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class Lookup:
    """The way of a look-up: each layer asked with its answer, top first, and the hit."""

    path: str
    asked: tuple[tuple[int, Answer], ...]
    found: Found | None


def lookup(stack: Sequence[Layer], path: str) -> Lookup:
    """Looks for `path` as overlayfs does: the newest layer first; the first that has it, or hides it, decides.

    `path` is taken literally, `resolve` it first where symlinks are to be followed. A layer also hides `path` by a
    whiteout or an opaque mark on a directory above it, and, unseen ("absent"), by a file in such a directory's place.
    A directory that a layer only implies is one that keeps the attributes of a lower one; without one it is 0755.
    """
    asked: list[tuple[int, Answer]] = []
    implied: tuple[int, int, Entry] | None = None
    for position in range(len(stack), 0, -1):
        entries = stack[position - 1].entries
        entry = entries.at(path)
        if entry is not None:
            if implied and entry.kind is not Kind.DIR:
                break
            if not entry.implied:
                asked.append((position, "found"))
                return Lookup(path, tuple(asked), Found(position, _target(stack, position, entry)))
            implied = implied or (len(asked), position, entry)
        answer, ends = _hides(entries, path)
        asked.append((position, answer))
        if ends:
            break
    if implied:
        before, position, directory = implied
        return Lookup(path, (*asked[:before], (position, "found")), Found(position, directory))
    if path == paths.ROOT:
        return Lookup(path, tuple(asked), Found(min(len(stack), 1), Entry(paths.ROOT, Kind.DIR, 0o755, implied=True)))
    return Lookup(path, tuple(asked), None)


def seen(stack: Sequence[Layer], path: str) -> Found | None:
    """What the merged view has at `path`: what `lookup` finds, without the way there, so only the layers that have the
    directory are asked."""
    if path == paths.ROOT:
        return lookup(stack, path).found
    top = stack[-1].entries if stack else None
    if isinstance(top, Upper):
        own = top.get(path)
        if own:
            return None if own.is_whiteout else Found(len(stack), own)
        return seen(stack[:-1], path) if len(stack) > 1 and not shuts(top, path) else None
    implied: Found | None = None
    for position in sources(stack, paths.parent(path)):
        entries = stack[position - 1].entries
        entry = entries.at(path)
        if entry is not None:
            if implied and entry.kind is not Kind.DIR:
                break
            if not entry.implied:
                return Found(position, _target(stack, position, entry))
            implied = implied or Found(position, entry)
        if entries.whiteout(path) is not None:
            break
    return implied


def found_at(stack: Sequence[Layer], position: int, row: int) -> Found:
    """What the merged view shows of a row that is seen in it."""
    return Found(position, _target(stack, position, stack[position - 1].entries.entry(row)))


def children(stack: Sequence[Layer], directory: str) -> tuple[Found, ...]:
    """What the merged view has directly in `directory`, sorted by the names' bytes."""
    positions = sources(stack, directory)
    if not positions:
        return ()
    memory = memory_of(stack[: positions[0]])
    found = memory.children.get(directory)
    if found is None:
        found = _merged(stack, directory, positions)
        memory.keep(directory, found)
    return found


def walk(stack: Sequence[Layer], directory: str = paths.ROOT) -> Iterator[Found]:
    """Everything that the merged view has below `directory`, a directory before what it holds."""
    # A stack of its own: generators within generators would pass each name up through all directories above it.
    waiting = [iter(_merged(stack, directory, sources(stack, directory)))]
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
            continue
        yield found
        if found.entry.kind is Kind.DIR:
            below = found.entry.path
            waiting.append(iter(_merged(stack, below, sources(stack, below))))


def count_below(stack: Sequence[Layer], directory: str) -> int:
    """How many names the merged view has below `directory`, at any depth."""
    positions = sources(stack, directory)
    if not positions:
        return 0
    memory = memory_of(stack[: positions[0]])
    count = memory.counts.get(directory)
    if count is None:
        count = memory.counts[directory] = _counted(stack, directory, positions)
    return count


def versions(stack: Sequence[Layer], path: str) -> tuple[Found, ...]:
    """All rows that the layers have for `path`, top first: whiteouts too, and those that nobody sees."""
    rows: list[Found] = []
    for position in range(len(stack), 0, -1):
        entries = stack[position - 1].entries
        for row in (entries.row(path), entries.whiteout(path)):
            if row is not None:
                rows.append(Found(position, entries.entry(row)))
    return tuple(rows)


def names(stack: Sequence[Layer], directory: str) -> tuple[str, ...]:
    """Every name that any layer has directly in `directory`, seen or not, whited out or not; sorted by bytes."""
    found = {entry.name for layer in stack for entry in layer.entries.entries_in(directory)}
    return tuple(sorted(found, key=paths.key))


def resolve(stack: Sequence[Layer], path: str, *, follow_last: bool = True) -> str:
    """`path` with its symlinks, `.` and `..` followed as the kernel does; what the last component names may be missing,
    the directory that it would be in is there.

    Raises `PathError` ENOENT, ENOTDIR or ELOOP. Without `follow_last` a symlink in the last place is kept.
    """
    if leads_straight(stack, path):
        last_one = seen(stack, path) if follow_last else None
        if last_one is None or last_one.entry.kind is not Kind.SYMLINK:
            return path
    waiting = [part for part in reversed(path.split("/")) if part]
    at = paths.ROOT
    followed = 0
    while waiting:
        name = waiting.pop()
        if name == ".":
            continue
        if name == "..":
            at = paths.parent(at)
            continue
        inside = paths.join(at, name)
        found = seen(stack, inside)
        last = not waiting
        if found is None:
            if not last:
                raise PathError(path, "ENOENT")
            return inside
        if found.entry.kind is Kind.SYMLINK and (follow_last or not last):
            followed += 1
            if followed > MAX_LINKS:
                raise PathError(path, "ELOOP")
            if not found.entry.linkname:
                raise PathError(path, "ENOENT")
            if found.entry.linkname.startswith("/"):
                at = paths.ROOT
            waiting.extend(part for part in reversed(found.entry.linkname.split("/")) if part)
            continue
        if not last and found.entry.kind is not Kind.DIR:
            raise PathError(path, "ENOTDIR")
        at = inside
    return at


def leads_straight(stack: Sequence[Layer], path: str) -> bool:
    """Whether `path` stands in a directory without symlinks on the way to it, known at one glance: a writable layer has
    that directory, and so all above it. False means only that each component has to be looked at."""
    top = stack[-1].entries if stack else None
    if not isinstance(top, Upper) or path == paths.ROOT or path.endswith("/") or "//" in path or "/." in path:
        return False
    directory = paths.parent(path)
    above = top.get(directory)
    return directory == paths.ROOT or (above is not None and above.kind is Kind.DIR)


def sources(stack: Sequence[Layer], directory: str) -> tuple[int, ...]:
    """Positions of the layers whose entries below `directory` are merged, top first.

    A layer that has nothing there is left out. The first one that is opaque there, or has a whiteout of it, ends the
    list; one that has something other than a directory there ends it before itself. Empty also where the merged view
    has no such directory.
    """
    if not stack:
        return ()
    top = stack[-1].entries
    if isinstance(top, Upper) and len(stack) > 1:
        return _own_source(top, len(stack), directory) + _image_sources(stack[:-1], top, directory)
    memory = memory_of(stack)
    known = memory.sources.get(directory)
    if known is not None:
        return known
    missing = [directory]
    while missing[-1] != paths.ROOT and (above := paths.parent(missing[-1])) not in memory.sources:
        missing.append(above)
    for at in reversed(missing):
        if at == paths.ROOT:
            candidates = tuple(range(len(stack), 0, -1))
        else:
            candidates = memory.sources[paths.parent(at)]
        known = memory.sources[at] = tuple(_contributing(stack, at, candidates))
    assert known is not None
    return known


def _own_source(own: Upper, position: int, directory: str) -> tuple[int, ...]:
    entry = own.get(directory)
    if entry and entry.kind is not Kind.DIR:
        return ()
    return (position,) if entry or len(own.below(directory)) else ()


def _image_sources(image: Sequence[Layer], own: Upper, directory: str) -> tuple[int, ...]:
    """The sources of a container's image, remembered from one change of the container to the next, unless the container
    hides them: by something in the directory's place or above it, or by an opaque mark."""
    entry = own.get(directory)
    if (entry and (entry.kind is not Kind.DIR or entry.opaque)) or shuts(own, directory):
        return ()
    return sources(image, directory)


def shuts(own: Upper, path: str) -> bool:
    """Whether a writable layer hides what lies below it at `path` by what it has above that."""
    for directory in paths.downwards(path):
        entry = own.get(directory)
        if entry is None and directory != paths.ROOT:
            # It has all directories above one that it has, but for the root's own row.
            return False
        if entry and (entry.kind is not Kind.DIR or entry.opaque):
            return True
    return False


def _hides(entries: Entries, path: str) -> tuple[Answer, bool]:
    """What a layer without an entry at `path` answers, and whether that ends the search."""
    if entries.whiteout(path) is not None:
        return "whiteout", True
    answer: tuple[Answer, bool] = "absent", False
    for directory in paths.downwards(path):
        entry = entries.at(directory)
        if entry and entry.kind is not Kind.DIR:
            return "absent", True
        if entry and entry.opaque:
            answer = "opaque", True
        elif entries.whiteout(directory) is not None:
            answer = "whiteout", True
        if entry is None and directory != paths.ROOT:
            # A layer has a row of every directory that something lies in, but for the root's.
            break
    return answer


def _contributing(stack: Sequence[Layer], directory: str, candidates: tuple[int, ...]) -> Iterator[int]:
    for position in candidates:
        entries = stack[position - 1].entries
        entry = entries.at(directory)
        if entry and entry.kind is not Kind.DIR:
            return
        if entry or len(entries.below(directory)):
            yield position
        if (entry and entry.opaque) or entries.whiteout(directory) is not None:
            return


def _merged(stack: Sequence[Layer], directory: str, positions: tuple[int, ...]) -> tuple[Found, ...]:
    """The children of `directory`: by name, the first layer that has or hides it decides."""
    if len(positions) > 1 and isinstance(stack[positions[0] - 1].entries, Upper):
        return _covered(
            children(stack[: positions[0] - 1], directory), stack[positions[0] - 1], directory, positions[0]
        )
    decided: dict[str, Found | None] = {}
    implied: dict[str, Found] = {}
    start = len(paths.join(directory, ""))
    for position in positions:
        hidden: list[str] = []
        for entry in stack[position - 1].entries.entries_in(directory):
            name = entry.path[start:]
            if name in decided:
                continue
            kind = entry.kind
            if kind is Kind.WHITEOUT:
                hidden.append(name)
            elif name in implied and kind is not Kind.DIR:
                decided[name] = implied[name]
            elif entry.implied:
                implied.setdefault(name, Found(position, entry))
            else:
                seen_entry = _target(stack, position, entry) if kind is Kind.HARDLINK else entry
                decided[name] = Found(position, seen_entry)
        # Only now: a whiteout hides lower layers, never its own one (image-spec, layer.md, "Whiteouts").
        for name in hidden:
            decided.setdefault(name, implied.get(name))
    named = {**implied, **decided}
    order = named if len(positions) == 1 and not implied else sorted(named, key=_bytes_of)
    return tuple(hit for name in order if (hit := named[name]))


def _covered(below: tuple[Found, ...], layer: Layer, directory: str, position: int) -> tuple[Found, ...]:
    """What a container sees: its own names over those of its image, whose merge is remembered from one change to the
    next."""
    own = {entry.path: entry for entry in layer.entries.entries_in(directory)}
    found = [hit for hit in below if hit.entry.path not in own]
    found += (Found(position, entry) for entry in own.values() if entry.kind is not Kind.WHITEOUT)
    found.sort(key=lambda hit: paths.key(hit.entry.path))
    return tuple(found)


def _bytes_of(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _counted(stack: Sequence[Layer], directory: str, positions: tuple[int, ...]) -> int:
    if len(positions) == 1:
        # One layer alone decides here, so all it has below is seen.
        return stack[positions[0] - 1].entries.count_below(directory)
    below = _merged(stack, directory, positions)
    return len(below) + sum(count_below(stack, hit.entry.path) for hit in below if hit.entry.kind is Kind.DIR)


def _target(stack: Sequence[Layer], position: int, entry: Entry) -> Entry:
    """What a hard link of layer `position` is: its target there and then, under its own name.

    The target is named from the root of the merged tree and may lie in a lower layer (image-spec, layer.md,
    "Hardlinks"); what later layers do to that name does not change this one. A link to nothing stays what it is.
    """
    if entry.kind is not Kind.HARDLINK:
        return entry
    file = inode_of(stack, Found(position, entry))
    if file is None:
        return entry
    wanted = file.entry
    return replace(wanted, path=entry.path, linkname=wanted.linkname if wanted.kind is Kind.SYMLINK else wanted.path)


def inode_of(stack: Sequence[Layer], link: Found) -> Found | None:
    """The row that a chain of hard links ends in; None where it ends in nothing, a directory or itself."""
    passed: dict[tuple[int, str], None] = {}
    row: Found | None = link
    while row is not None and row.entry.kind is Kind.HARDLINK:
        link_of = row.position, row.entry.path
        if passed:
            # Tars link to files. Where links lead to links, what one of them ends in need not be found again for each.
            known = memory_of(stack).inodes
            if link_of in passed or link_of in known:
                row = known.get(link_of)
                break
        passed[link_of] = None
        row = _linked_to(stack, row)
    if row is not None and row.entry.kind is Kind.DIR:
        row = None
    if len(passed) > 1:
        memory_of(stack).inodes.update(dict.fromkeys(passed, row))
    return row


def _linked_to(stack: Sequence[Layer], link: Found) -> Found | None:
    position, target = link.position, link.entry.linkname
    if link.entry.linked_before and _hides(stack[position - 1].entries, target)[0] == "absent":
        lower = row_from(stack, position - 1, target)
        if lower is not None and lower.entry.kind is not Kind.DIR:
            return lower
    # Where lower layers have nothing there, the later entry is taken rather than nothing.
    return row_from(stack, position, target)


def row_from(stack: Sequence[Layer], position: int, path: str) -> Found | None:
    """The row that layer `position` and those below it have for `path`, as it is."""
    for below in range(position, 0, -1):
        entries = stack[below - 1].entries
        entry = entries.at(path)
        if entry is not None:
            return Found(below, entry)
        if _hides(entries, path)[1]:
            break
    return None
