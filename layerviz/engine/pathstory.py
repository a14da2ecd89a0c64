"""The story of a path: in which layers it was written, changed and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from layerviz.engine import merge, paths
from layerviz.engine.content import Reader
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import Found
from layerviz.engine.sameness import Sameness
from layerviz.engine.world import Entries, Layer

What = Literal["written", "rewritten", "attributes", "linked", "deleted", "hidden", "type_changed"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What layer `position` did to the path.

    written: there was nothing before; rewritten: other content, or the same one stored again; attributes: mode, owner
    or time alone, and yet the whole file again; linked: the path is a hard link to another one; type_changed;
    deleted: a whiteout of the path; hidden: something above it took it away, and `by` is the path of that.
    `entry` is the version as this layer has it, None where the path went; `bytes` of it are stored here; `seen` says
    that this version is what one sees in the end.
    """

    position: int
    what: What
    entry: Entry | None
    seen: bool
    bytes: int
    by: str = ""


def path_story(stack: Sequence[Layer], path: str, reader: Reader | None = None) -> tuple[Chapter, ...]:
    """The chapters of `path`, oldest first. A directory that a layer repeats unchanged, or only implies over one that
    is there, has none in it.

    With a `reader` contents decide between attributes and rewritten; without it size and time do.
    """
    chapters: list[Chapter] = []
    sameness = Sameness(reader)
    before: Entry | None = None
    for position, layer in enumerate(stack, 1):
        entries = layer.entries
        row = entries.row(path)
        if row is None:
            if before is not None and (by := _hider(entries, path)):
                chapters.append(Chapter(position, "deleted" if by == path else "hidden", None, False, 0, by))
                before = None
            continue
        entry = entries.entry(row)
        if before is not None and _repeats(before, entry):
            if not (by := _hider(entries, path)):
                continue
            # Taken away and made again by one layer: what lay below is gone.
            chapters.append(Chapter(position, "deleted" if by == path else "hidden", None, False, 0, by))
            before = None
        resolved = merge.seen(stack[:position], path)
        now = resolved.entry if resolved else entry
        what = _what(before, now, entry, sameness)
        chapters.append(Chapter(position, what, now, False, entry.size_bytes))
        before = now
    if before is not None:
        chapters[-1] = replace(chapters[-1], seen=True)
    return tuple(chapters)


def _what(before: Entry | None, now: Entry, row: Entry, sameness: Sameness) -> What:
    if row.kind is Kind.HARDLINK:
        return "linked"
    if before is None:
        return "written"
    if before.kind is not now.kind:
        return "type_changed"
    if now.kind is Kind.SYMLINK:
        return "attributes" if before.linkname == now.linkname else "rewritten"
    if now.kind is not Kind.FILE:
        return "attributes" if before.device == now.device else "rewritten"
    changed = attributes_of(before) != attributes_of(now)
    return "attributes" if changed and sameness.same(before, now) else "rewritten"


def attributes_of(entry: Entry) -> tuple[object, ...]:
    """What chmod, chown, touch and setfattr change."""
    return entry.mode, entry.uid, entry.gid, entry.mtime_ns, entry.xattrs


def _repeats(before: Entry, now: Entry) -> bool:
    """A directory as it was: time aside, which every file made in it changes."""
    if not before.kind is now.kind is Kind.DIR:
        return False
    return now.implied or (before.mode, before.uid, before.gid, before.xattrs) == (
        now.mode,
        now.uid,
        now.gid,
        now.xattrs,
    )


def _hider(entries: Entries, path: str) -> str:
    """The path of what hides `path` of the layers below; "" for nothing."""
    if entries.whiteout(path) is not None:
        return path
    for directory in reversed(paths.ancestors(path)):
        row = entries.row(directory)
        entry = entries.entry(row) if row is not None else None
        if entry and (entry.kind is not Kind.DIR or entry.opaque):
            return directory
        if entries.whiteout(directory) is not None:
            return directory
    return ""


def stored_versions(chapters: Sequence[Chapter]) -> tuple[Found, ...]:
    """The versions of a path whose bytes can be looked at, oldest first."""
    return tuple(Found(one.position, one.entry) for one in chapters if one.entry and one.entry.kind is Kind.FILE)
