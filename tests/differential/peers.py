"""The tools that layerviz is held against, and trees in one form whoever made them."""

import json
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import pytest

from layerviz.engine import merge
from layerviz.engine.entry import Kind
from layerviz.engine.world import Layer
from layerviz.images import contents

SECONDS = 60
_KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "dir",
    stat.S_IFLNK: "symlink",
    stat.S_IFCHR: "char",
    stat.S_IFBLK: "block",
    stat.S_IFIFO: "fifo",
}


class Node(NamedTuple):
    """What one path is; `what` is a file's digest, a symlink's target, a device's numbers, else ""."""

    kind: str
    mode: int
    uid: int
    gid: int
    what: str = ""


def needs(*tools: str) -> pytest.MarkDecorator:
    """Skips, saying why, where a tool is missing or one is not root: owners and devices could not be compared."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        return pytest.mark.skip(reason=f"{', '.join(missing)} not installed: nothing to compare with")
    return pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="unpacking owners needs root")


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """What the command prints; a failing one fails the test with what it said."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=SECONDS, errors="surrogateescape")
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stderr}"
    return done.stdout.strip()


class Store(NamedTuple):
    """A place where podman and buildah keep images, away from those of this machine."""

    folder: Path
    driver: str = "vfs"

    def options(self) -> tuple[str, ...]:
        root, state = self.folder / "root", self.folder / "run"
        return "--root", str(root), "--runroot", str(state), "--storage-driver", self.driver

    def podman(self, *arguments: str | Path) -> str:
        return run("podman", *self.options(), *arguments)

    def buildah(self, *arguments: str | Path, cwd: Path | None = None) -> str:
        return run("buildah", *self.options(), *arguments, cwd=cwd)


@contextmanager
def store(driver: str = "vfs") -> Iterator[Store]:
    """A store that is gone afterwards. Podman allows no state folder with a name of more than 50 characters."""
    with tempfile.TemporaryDirectory(prefix="lv") as folder:
        yield Store(Path(folder), driver)


def shown(stack: Iterable[Layer]) -> dict[str, Node]:
    """The merged view as the engine has it."""
    return {found.entry.path: _node(found) for found in merge.walk(tuple(stack))}


def _node(found: merge.Found) -> Node:
    entry = found.entry
    what = ""
    if entry.kind is Kind.FILE:
        what = _digest(entry.content.chunks(contents.read))
    elif entry.kind is Kind.SYMLINK:
        what = entry.linkname
    elif entry.kind in (Kind.CHAR, Kind.BLOCK):
        what = f"{entry.device[0]},{entry.device[1]}"
    # A symlink's mode decides nothing and most file systems do not keep it.
    return Node(str(entry.kind), 0o777 if entry.kind is Kind.SYMLINK else entry.mode, entry.uid, entry.gid, what)


def unpacked(folder: Path) -> dict[str, Node]:
    """What lies in a folder of this machine."""
    nodes: dict[str, Node] = {}
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    # Overlayfs lists a whiteout in a directory that only one layer has, and then has no such file.
                    continue
                path = "/" + os.path.relpath(entry.path, folder)
                nodes[path] = _status_node(status, Path(entry.path))
                if stat.S_ISDIR(status.st_mode):
                    waiting.append(Path(entry.path))
    return nodes


def _status_node(status: os.stat_result, file: Path) -> Node:
    kind = _KINDS[stat.S_IFMT(status.st_mode)]
    what = ""
    if kind == "file":
        what = _digest([file.read_bytes()])
    elif kind == "symlink":
        what = os.readlink(file)
    elif kind in ("char", "block"):
        what = f"{os.major(status.st_rdev)},{os.minor(status.st_rdev)}"
    bits = 0o777 if kind == "symlink" else stat.S_IMODE(status.st_mode)
    return Node(kind, bits, status.st_uid, status.st_gid, what)


def umoci(archive: Path, ref: str, folder: Path) -> dict[str, Node]:
    """The image `ref` of a docker archive as umoci unpacks it."""
    layout = folder / "oci"
    run("skopeo", "copy", "-q", f"docker-archive:{archive}:{ref}", f"oci:{layout}:x")
    return umoci_unpacked(f"{layout}:x", folder / "root")


def umoci_unpacked(image: str, root: Path) -> dict[str, Node]:
    """The image `LAYOUT:TAG` as umoci unpacks it into the folder `root`, which it makes."""
    run("umoci", "raw", "unpack", "--image", image, root)
    return unpacked(root)


def inspected(there: Store, refs: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Id and DiffIDs of each image as podman has them."""
    images = json.loads(there.podman("image", "inspect", *refs))
    return [(f"sha256:{image['Id']}", image["RootFS"]["Layers"]) for image in images]


def _digest(pieces: Iterable[bytes]) -> str:
    total = sha256()
    for piece in pieces:
        total.update(piece)
    return total.hexdigest()
