"""What a COPY or WORKDIR leaves in its layer: the upper directory of a container that exists for that moment only."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import replace

from layerviz.engine import merge, paths
from layerviz.engine.actions import Chown, CreateContainer, Mkdir, Put
from layerviz.engine.apply import apply
from layerviz.engine.changes import upper_entries
from layerviz.engine.content import lent_reader
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.errors import PathError
from layerviz.engine.linked import linked_names
from layerviz.engine.world import Container, Image, Layer, World
from layerviz.shell.docker.context import Context
from layerviz.shell.files import strerror
from layerviz.shell.streams import text_of


class CannotCopy(Exception):
    """The destination takes no such file; `str` is the builder's message."""


def normal(working_dir: str, path: str) -> str:
    """`path` seen from the working directory, as the builder writes it into the config."""
    return "/" + posixpath.normpath(posixpath.join("/", working_dir, path)).lstrip("/")


def scratchpad(world: World, image: Image | None) -> tuple[World, int]:
    """A world with one container more on `image` (None: on nothing), and its key. Never the world that is shown."""
    if image is None:
        image = Image(key=world.serial, layers=())
        world = replace(world, images=(*world.images, image), serial=world.serial + 1)
    after = apply(world, CreateContainer(image.key, "", "", ())).world
    return after, after.containers[-1].key


def stored(world: World, key: int) -> tuple[Entry, ...]:
    """What a commit of that container would store."""
    return upper_entries(container(world, key))


def container(world: World, key: int) -> Container:
    return next(one for one in world.containers if one.key == key)


def with_directory(world: World, image: Image | None, path: str) -> tuple[Entry, ...]:
    """The entries that making the directory `path`, parents included, adds: none where it is there."""
    world, key = scratchpad(world, image)
    return stored(_made(world, key, path), key)


def as_context(layers: Sequence[Layer]) -> Context:
    """The merged tree of an image as the source of `COPY --from`; owners are kept."""
    found: dict[str, Entry] = {}
    inodes: dict[str, int] = {}
    for entry in (hit.entry for hit in merge.walk(layers)):
        if entry.kind is Kind.FILE and entry.linkname and entry.path not in inodes:
            inodes |= dict.fromkeys(linked_names(layers, entry.path), len(inodes) + 1)
    for entry in (hit.entry for hit in merge.walk(layers)):
        linkname = entry.linkname if entry.kind is Kind.SYMLINK else ""
        found[entry.path.lstrip("/")] = replace(entry, linkname=linkname, inode=inodes.get(entry.path, 0))
    return Context(found)


def copied(
    world: World, image: Image | None, sent: Context, sources: list[str], working_dir: str, target: str, chown: str
) -> tuple[Entry, ...]:
    """The layer of a COPY: `sources` of the context at `target`. Raises `CannotCopy`."""
    owner = _owner(image, chown)
    world, key = scratchpad(world, image)
    destination = normal(working_dir, target)
    for source in sources:
        entry = sent.entries.get(source)
        stack = container(world, key).stack
        seen = merge.lookup(stack, _resolved(stack, destination)).found
        is_directory = destination == "/" or (seen is not None and seen.entry.kind is Kind.DIR)
        if entry is None or entry.kind is Kind.DIR:
            if seen is not None and not is_directory:
                raise CannotCopy(
                    f"failed to copy files: failed to copy directory: mkdir {destination}: not a directory"
                )
            entries = [
                _owned(replace(child, path=_below(destination, name[len(source) :].lstrip("/"))), owner)
                for name, child in sent.below(source)
            ]
            entries = _linked(entries)
            if not is_directory:
                # What is missing above belongs to root, the directory itself to whom --chown says (moby
                # builder/dockerfile/copy.go, copyDirectory and fixPermissions).
                world = _made(_made(world, key, posixpath.dirname(destination)), key, destination, owner)
        else:
            into = is_directory or target.endswith("/")
            path = _below(destination, posixpath.basename(source)) if into else destination
            entries = [_owned(replace(entry, path=path), owner)]
            # All that is missing above a file belongs to whom --chown says (the same, copyFile).
            world = _made(world, key, posixpath.dirname(path), owner)
        outcome = apply(world, Put(key, tuple(entries))) if entries else None
        if outcome is not None and outcome.error:
            raise CannotCopy(f"failed to copy files: {destination}: {strerror(outcome.error).lower()}")
        world = world if outcome is None else outcome.world
    return stored(world, key)


def _linked(entries: Sequence[Entry]) -> list[Entry]:
    """A directory is copied as a tar: of the names of one file the first holds it, the others are links to that one."""
    first: dict[int, str] = {}
    found: list[Entry] = []
    for entry in entries:
        leads_to = first.setdefault(entry.inode, entry.path) if entry.inode else entry.path
        if leads_to != entry.path:
            entry = Entry(entry.path, Kind.HARDLINK, entry.mode, linkname=leads_to)
        found.append(replace(entry, inode=0))
    return found


def _resolved(stack: Sequence[Layer], path: str) -> str:
    try:
        return merge.resolve(stack, path)
    except PathError:
        return path


def _made(world: World, key: int, path: str, owner: tuple[int, int] | None = None) -> World:
    for directory in (*paths.ancestors(path), path):
        outcome = apply(world, Mkdir(key, directory))
        if outcome.error:
            continue
        world = outcome.world if owner is None else apply(outcome.world, Chown(key, directory, *owner)).world
    return world


def _below(directory: str, name: str) -> str:
    return f"{directory.rstrip('/')}/{name}"


def _owned(entry: Entry, owner: tuple[int, int] | None) -> Entry:
    return entry if owner is None else replace(entry, uid=owner[0], gid=owner[1])


def _owner(image: Image | None, chown: str) -> tuple[int, int] | None:
    """The numbers of `--chown=user:group`; names are looked up in the image. Raises `CannotCopy`."""
    if not chown:
        return None
    user, _, group = chown.partition(":")
    uid = _number(image, "/etc/passwd", user, "user")
    return uid, _number(image, "/etc/group", group, "group") if group else uid


def _number(image: Image | None, file: str, name: str, what: str) -> int:
    if name.isdigit():
        return int(name)
    if name == "root":
        return 0
    found = merge.lookup(image.layers, file).found if image is not None else None
    if found is not None:
        for line in text_of(found.entry.content, lent_reader).splitlines():
            parts = line.split(":")
            if parts[0] == name and len(parts) > 2:
                return int(parts[2])
    reason = f"can't find uid for {what} {name}: no such {what}: {name}"
    raise CannotCopy(f"unable to convert uid/gid chown string to host mapping: {reason}")
