"""What the kernel's overlayfs shows of images: archives' paths as JSON on stdin, trees as JSON on stdout. Run by
`test_many_images` as root, in a mount namespace of its own, in which everything vanishes with the process.

A layer's tar becomes a lower directory as docker's overlay2 unpacks one (go-archive, archive_linux.go): a whiteout a
character device 0/0, an opaque marker the attribute trusted.overlay.opaque.
"""

import json
import os
import posixpath
import stat
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from tests.differential.peers import unpacked

OPTIONS = "index=off,metacopy=off,redirect_dir=off,xino=off"


def main() -> None:
    base = tempfile.mkdtemp()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", base], check=True)
    os.umask(0)
    trees: dict[str, dict[str, object]] = {}
    for file in json.load(sys.stdin):
        for tag, tars in images(file):
            folder = os.path.join(base, str(len(trees)))
            lower = [os.path.join(folder, f"l{number}") for number in range(len(tars))]
            for layer, data in zip(lower, tars, strict=True):
                os.makedirs(layer)
                unpack(data, layer)
            empty, merged = os.path.join(folder, "empty"), os.path.join(folder, "merged")
            os.mkdir(empty)
            os.mkdir(merged)
            # Overlayfs wants two lower directories; the second one has nothing in it.
            options = f"lowerdir={':'.join([*reversed(lower), empty])},{OPTIONS}"
            subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, merged], check=True)
            trees[tag] = dict(unpacked(Path(merged)))
            subprocess.run(["umount", merged], check=True)
    subprocess.run(["umount", base], check=True)
    os.rmdir(base)
    json.dump(trees, sys.stdout)


def images(file: str) -> list[tuple[str, list[bytes]]]:
    with tarfile.open(file) as tar:

        def read(name: str) -> bytes:
            member = tar.extractfile(name)
            assert member is not None
            return member.read()

        return [
            (line["RepoTags"][0], [read(layer) for layer in line["Layers"]])
            for line in json.loads(read("manifest.json"))
        ]


def unpack(data: bytes, root: str) -> None:
    late: list[tuple[str, str]] = []
    with tarfile.open(fileobj=BytesIO(data), errors="surrogateescape") as tar:
        for entry in tar:
            path = posixpath.join(root, entry.name)
            folder, name = posixpath.split(path)
            if name == ".wh..wh..opq":
                os.setxattr(folder, "trusted.overlay.opaque", b"y")
            elif name.startswith(".wh."):
                late.append((folder, name.removeprefix(".wh.")))
            else:
                make(tar, entry, path, root)
    # What comes again in its own layer stands where the whiteout would: a directory is then opaque, a file covers.
    for folder, name in late:
        path = posixpath.join(folder, name)
        if not os.path.lexists(path):
            os.mknod(path, stat.S_IFCHR, os.makedev(0, 0))
        elif os.path.isdir(path) and not os.path.islink(path):
            os.setxattr(path, "trusted.overlay.opaque", b"y")


def make(tar: tarfile.TarFile, entry: tarfile.TarInfo, path: str, root: str) -> None:
    if entry.isdir():
        os.makedirs(path, exist_ok=True)
    elif entry.issym():
        os.symlink(entry.linkname, path)
    elif entry.islnk():
        os.link(posixpath.join(root, entry.linkname), path, follow_symlinks=False)
        return
    elif entry.isfifo():
        os.mkfifo(path)
    elif entry.ischr() or entry.isblk():
        kind = stat.S_IFCHR if entry.ischr() else stat.S_IFBLK
        os.mknod(path, kind, os.makedev(entry.devmajor, entry.devminor))
    else:
        content = tar.extractfile(entry)
        assert content is not None
        with open(path, "wb") as file:
            file.write(content.read())
    os.lchown(path, entry.uid, entry.gid)
    if not entry.issym():
        os.chmod(path, entry.mode)


if __name__ == "__main__":
    main()
