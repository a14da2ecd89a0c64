"""The build context: the folder that `docker build` sends to the engine, without what .dockerignore names."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from layerviz.engine.content import Content, Reader, Repeat
from layerviz.engine.entry import Entry, Kind
from layerviz.shell import patterns
from layerviz.shell.files import Files
from layerviz.shell.streams import text_of

TAR_BLOCK = 512
TAR_END = 1024


@dataclass(frozen=True, slots=True)
class Context:
    """Entries by their path in the context, relative and without a leading slash, in walking order.

    As the client sends them: owned by root, attributes and times as they are, linked names with one inode.
    """

    entries: dict[str, Entry]

    @property
    def tar_bytes(self) -> int:
        """The size of the tar that is sent: a header and the padded content each, and two empty blocks at the end."""
        first = {entry.inode: entry for entry in reversed(self.entries.values()) if entry.inode}
        whole = (entry for entry in self.entries.values() if first.get(entry.inode, entry) is entry)
        blocks = len(self.entries) + sum(-(-entry.size_bytes // TAR_BLOCK) for entry in whole)
        return blocks * TAR_BLOCK + TAR_END

    def below(self, path: str) -> Iterator[tuple[str, Entry]]:
        """Everything below a directory of the context, "" for all of it."""
        prefix = f"{path}/" if path else ""
        for name, entry in self.entries.items():
            if name.startswith(prefix) and name != path:
                yield name, entry

    def names(self) -> list[str]:
        """The names on the top level, for a hint."""
        return [name + "/" * (entry.kind is Kind.DIR) for name, entry in self.entries.items() if "/" not in name]


def read(files: Files, directory: str, reader: Reader) -> Context:
    """The context of a folder of your computer, given by its resolved path."""
    found: dict[str, Entry] = {}

    # A stack of its own: a tree may be deeper than Python's calls can be.
    waiting = [iter(files.children(directory))]
    prefix = len(directory.rstrip("/")) + 1
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            continue
        linkname = child.linkname if child.kind is Kind.SYMLINK else ""
        found[child.path[prefix:]] = replace(child, uid=0, gid=0, linkname=linkname)
        if child.kind is Kind.DIR:
            waiting.append(iter(files.children(child.path)))
    ignore = found.get(".dockerignore")
    if ignore is not None and ignore.kind is Kind.FILE:
        rules = _rules(text_of(ignore.content, reader))
        found = {name: entry for name, entry in found.items() if not _is_ignored(name, rules)}
    return Context(found)


def _rules(text: str) -> list[tuple[bool, re.Pattern[str]]]:
    """Pairs of "excludes" and pattern; of several that fit, the last one decides (moby/patternmatcher)."""
    rules: list[tuple[bool, re.Pattern[str]]] = []
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        excludes = not line.startswith("!")
        pattern = line.removeprefix("!").strip().removeprefix("./").strip("/")
        rules.append((excludes, re.compile(_component_regex(pattern), re.DOTALL)))
    return rules


def _component_regex(pattern: str) -> str:
    pieces: list[str] = []
    for piece in re.split(r"(\*\*/?|\*|\?)", pattern):
        pieces.append({"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(piece, re.escape(piece)))
    return "".join(pieces)


def _is_ignored(name: str, rules: list[tuple[bool, re.Pattern[str]]]) -> bool:
    parts = name.split("/")
    parents = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    ignored = False
    for excludes, pattern in rules:
        if any(pattern.fullmatch(parent) for parent in parents):
            ignored = excludes
    # The client always sends these two (docker/cli image/build.go).
    return ignored and name not in ("Dockerfile", ".dockerignore")


def matching(context: Context, source: str) -> list[str]:
    """The paths of the context that a COPY source names: one, or all that fit its pattern."""
    cleaned = clean(source)
    if not re.search(r"[*?\[]", cleaned):
        return [cleaned] if cleaned == "" or cleaned in context.entries else []
    wanted = cleaned.split("/")
    found: list[str] = []
    for name in context.entries:
        parts = name.split("/")
        if len(parts) == len(wanted) and all(
            patterns.matches(one, part) for one, part in zip(wanted, parts, strict=True)
        ):
            found.append(name)
    return found


def leads_out(source: str) -> bool:
    """Whether a source lies above the context: `../a`, `a/../../b` (builder/remotecontext)."""
    return posixpath.normpath(source.lstrip("/") or ".").split("/", 1)[0] == ".."


def clean(source: str) -> str:
    """A source as a path of the context: `./a/` and `/a` are `a`; what leads out of it stays inside."""
    kept: list[str] = []
    for part in source.split("/"):
        if part == "..":
            kept[-1:] = []
        elif part not in ("", "."):
            kept.append(part)
    return "/".join(kept)


def source_hash(context: Context, sources: list[str], reader: Reader) -> str:
    """What the history says of the sources: `file:…`, `dir:…`, or `multi:…` of several (builder/dockerfile/copy.go)."""
    hashes: list[str] = []
    for source in sources:
        entry = context.entries.get(source)
        if entry is not None and entry.kind is not Kind.DIR:
            hashes.append(f"file:{tar_sum(source, entry, reader)}")
            continue
        parts = [tar_sum(name, child, reader) for name, child in context.below(source)]
        if entry is not None:
            parts.append(tar_sum(source, entry, reader))
        hashes.append(f"dir:{_joined(sorted(parts))}")
    return hashes[0] if len(hashes) == 1 else f"multi:{_joined(hashes)}"


def _joined(hashes: list[str]) -> str:
    return hashlib.sha256(",".join(hashes).encode()).hexdigest()


TYPE_FLAGS = {Kind.DIR: "5", Kind.SYMLINK: "2", Kind.CHAR: "3", Kind.BLOCK: "4", Kind.FIFO: "6"}


def tar_sum(name: str, entry: Entry, reader: Reader) -> str:
    """The version 1 tarsum of one entry: its header without the time, then its content (moby pkg/tarsum)."""
    is_directory = entry.kind is Kind.DIR
    fields = (
        ("name", name + "/" * is_directory),
        ("mode", str(entry.mode)),
        ("uid", str(entry.uid)),
        ("gid", str(entry.gid)),
        ("size", str(entry.size_bytes)),
        ("typeflag", TYPE_FLAGS.get(entry.kind, "0")),
        ("linkname", entry.linkname),
        ("uname", ""),
        ("gname", ""),
        ("devmajor", str(entry.device[0])),
        ("devminor", str(entry.device[1])),
        *((name, value.decode("utf-8", "surrogateescape")) for name, value in sorted(entry.xattrs)),
    )
    head = "".join(key + value for key, value in fields).encode("utf-8", "surrogateescape")
    if entry.content.extents and all(isinstance(extent, Repeat) for extent in entry.content.extents):
        return _sum_of_repeats(head, entry.content)
    return _sum(head, entry.content.chunks(reader))


@lru_cache(maxsize=256)
def _sum_of_repeats(head: bytes, content: Content) -> str:
    """Remembered: such a content is large and takes no memory, and every build of its folder asks for it again."""
    return _sum(head, content.chunks())


def _sum(head: bytes, chunks: Iterator[bytes]) -> str:
    digest = hashlib.sha256(head)
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
