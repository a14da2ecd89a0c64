"""What each storage driver keeps on disk for a stack, and what its manners change.

Union drivers keep each layer's changes, with marks for what is deleted; snapshot drivers keep, for each layer, the
whole tree up to it. Sources: the drivers' code (moby 29.7; aufs and devicemapper as they were before their removal),
Documentation/filesystems/overlayfs.rst, docker/docs `engine/storage/drivers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal

from layerviz.engine import paths
from layerviz.engine.changeset import OPAQUE_MARKER, WHITEOUT_PREFIX
from layerviz.engine.digests import chain_of, diff_id
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.merge import children
from layerviz.engine.upper import Upper
from layerviz.engine.world import Layer, Policy

MAX_LAYERS = 125
"""The classic store refuses the 126th layer whatever the driver (moby layer/layer_store.go, `maxLayerDepth`)."""

Deletion = Literal["device", "whiteout file", "tombstone", "absent"]
_OPAQUE_ATTRIBUTE = ("trusted.overlay.opaque", b"y")


_LIKE_OVERLAYFS = Policy()
_LIKE_A_PLAIN_DISK = Policy(rename_lower_directory=True, keep_hard_links=True)


@dataclass(frozen=True, slots=True)
class Driver:
    """`directory` is where below docker's root a layer's files lie, `{id}` for the driver's own random name of it.

    `unit` is what the first write of one byte into a lower file copies: the whole file, a block of `unit_bytes`, or
    nothing, the whole image having been copied when the container was made. A file system that can clone copies less.
    `shares_page_cache`: two containers that read one lower file keep it in memory once; None: partly, or not known.
    """

    name: str
    directory: str
    shows_whole_tree: bool
    deletion: Deletion
    unit: Literal["file", "block", "image", "unknown"]
    unit_bytes: int = 0
    policy: Policy = _LIKE_OVERLAYFS
    shares_page_cache: bool | None = None
    status: Literal["supported", "removed"] = "supported"


DRIVERS: dict[str, Driver] = {
    driver.name: driver
    for driver in (
        Driver("overlay2", "overlay2/{id}/diff", False, "device", "file", shares_page_cache=True),
        Driver(
            "aufs",
            "aufs/diff/{id}",
            False,
            "whiteout file",
            "file",
            policy=Policy(keep_hard_links=True),
            shares_page_cache=True,
            status="removed",
        ),
        Driver(
            "devicemapper",
            "devicemapper/mnt/{id}/rootfs",
            True,
            "absent",
            "block",
            64 << 10,
            _LIKE_A_PLAIN_DISK,
            shares_page_cache=False,
            status="removed",
        ),
        Driver(
            "btrfs",
            "btrfs/subvolumes/{id}",
            True,
            "absent",
            "block",
            4 << 10,
            _LIKE_A_PLAIN_DISK,
            shares_page_cache=False,
        ),
        Driver("zfs", "zfs/graph/{id}", True, "absent", "block", 128 << 10, _LIKE_A_PLAIN_DISK),
        Driver("vfs", "vfs/dir/{id}", True, "absent", "image", 0, _LIKE_A_PLAIN_DISK, shares_page_cache=False),
        # Its renames and links are not documented; the manners of a union are assumed.
        Driver("windowsfilter", "windowsfilter\\{id}\\Files", False, "tombstone", "unknown"),
    )
}


@dataclass(frozen=True, slots=True, eq=False)
class LayerOnDisk:
    """The place where a driver keeps layer `position` of a stack: its directory and what lies in it."""

    driver: Driver
    stack: tuple[Layer, ...]
    position: int
    directory: str

    def children(self, directory: str = paths.ROOT) -> tuple[Entry, ...]:
        """What lies directly in `directory` of the layer's place, as entries of that disk, sorted by the names' bytes.

        overlay2 shows a deletion as a character device 0/0 and an opaque directory by an extended attribute (go-archive
        archive_linux.go); aufs shows the marker files; windowsfilter's tombstones are given as whiteouts; a snapshot
        does not have what was deleted.
        """
        if self.driver.shows_whole_tree:
            return tuple(found.entry for found in children(self.stack[: self.position], directory))
        entries = self.stack[self.position - 1].entries
        shown = [_on_disk(entry, self.driver.deletion) for entry in entries.entries_in(directory)]
        row = entries.row(directory)
        if self.driver.deletion == "whiteout file" and row is not None and entries.entry(row).opaque:
            shown.append(Entry(paths.join(directory, OPAQUE_MARKER), Kind.FILE))
        return tuple(sorted(shown, key=lambda entry: paths.key(entry.path)))


def on_disk(driver: str, stack: Sequence[Layer]) -> tuple[LayerOnDisk, ...]:
    """Each layer's place on the disk under `driver`, bottom first. The directories' names are random hex on a real
    machine, not ids of layers; here they come from the ChainID, a container's from its key."""
    known = DRIVERS[driver]
    layers = tuple(stack)
    images = [layer for layer in layers if not isinstance(layer.entries, Upper)]
    ids = [
        *chain_of([diff_id(layer) for layer in images]),
        *(f"container {layer.key}" for layer in layers[len(images) :]),
    ]
    return tuple(
        LayerOnDisk(known, layers, position, known.directory.format(id=_cache_id(name)))
        for position, name in enumerate(ids, 1)
    )


def first_write_bytes(driver: str, size_bytes: int) -> int | None:
    """The bytes of content that `driver` copies when one byte of a lower file of `size_bytes` is written for the first
    time, on a file system that does not clone; None where that is not known. Metadata comes on top."""
    known = DRIVERS[driver]
    if known.unit == "unknown":
        return None
    return size_bytes if known.unit == "file" else min(known.unit_bytes, size_bytes)


def _on_disk(entry: Entry, deletion: Deletion) -> Entry:
    if entry.is_whiteout and deletion == "device":
        return replace(entry, kind=Kind.CHAR, device=(0, 0))
    if entry.is_whiteout and deletion == "whiteout file":
        return replace(entry, kind=Kind.FILE, path=paths.join(paths.parent(entry.path), WHITEOUT_PREFIX + entry.name))
    if entry.opaque and deletion == "device":
        return replace(entry, xattrs=(*entry.xattrs, _OPAQUE_ATTRIBUTE))
    return entry


def _cache_id(name: str) -> str:
    return sha256(f"cache of {name}".encode()).hexdigest()
