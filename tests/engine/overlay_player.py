"""Plays scenarios on the kernel's overlayfs: JSON on stdin, JSON on stdout. Run by `test_overlayfs` as root, in a mount
namespace of its own, in which everything vanishes with the process.

Each scenario has `layers` (bottom first, each a list of entries) and `steps` (name and arguments of a file action). The
answer has for each step the errno's name or "", and what the upper directory and the merged view hold in the end.
"""

import errno
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from typing import Any

OPTIONS = "index=off,metacopy=off,redirect_dir=off,xino=off"
LONG_AGO = 1_612_051_200


def main() -> None:
    base = tempfile.mkdtemp()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", base], check=True)
    os.umask(0)
    answers = [play(os.path.join(base, str(number)), scenario) for number, scenario in enumerate(json.load(sys.stdin))]
    subprocess.run(["umount", base], check=True)
    os.rmdir(base)
    json.dump(answers, sys.stdout)


def play(base: str, scenario: dict[str, Any]) -> dict[str, Any]:
    lower: list[str] = []
    for number, entries in enumerate(scenario["layers"]):
        layer = os.path.join(base, f"l{number}")
        os.makedirs(layer)
        make(layer, entries)
        lower.insert(0, layer)
    for name in ("u", "w", "m"):
        os.mkdir(os.path.join(base, name))
    upper, merged = os.path.join(base, "u"), os.path.join(base, "m")
    options = f"lowerdir={':'.join(lower)},upperdir={upper},workdir={base}/w,{OPTIONS}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, merged], check=True)
    errors = in_chroot(merged, scenario["steps"])
    answer = {"errors": errors, "view": shown(merged), "upper": shown(upper)}
    subprocess.run(["umount", merged], check=True)
    shutil.rmtree(base)
    return answer


def make(layer: str, entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        path = layer + entry["path"]
        os.makedirs(os.path.dirname(path), exist_ok=True)
        kind = entry["kind"]
        if kind == "whiteout":
            os.mknod(path, stat.S_IFCHR, os.makedev(0, 0))
            continue
        if kind == "dir":
            os.makedirs(path, exist_ok=True)
            if entry["opaque"]:
                os.setxattr(path, "trusted.overlay.opaque", b"y")
        elif kind == "symlink":
            os.symlink(entry["linkname"], path)
        elif kind == "hardlink":
            os.link(layer + entry["linkname"], path)
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            with open(path, "w") as file:
                file.write(entry["text"])
        if kind not in ("symlink", "hardlink"):
            os.chmod(path, entry["mode"])
    for directory, names, files in os.walk(layer, topdown=False):
        for name in (*names, *files, "."):
            os.utime(os.path.join(directory, name), (LONG_AGO, LONG_AGO), follow_symlinks=False)


def in_chroot(root: str, steps: list[list[Any]]) -> list[str]:
    """A child process does the steps: absolute symlinks must not lead out of the merged view."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.chroot(root)
        os.chdir("/")
        errors = [attempt(name, arguments) for name, *arguments in steps]
        os.write(writing, json.dumps(errors).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told: list[str] = json.load(answer)
    os.waitpid(child, 0)
    return told


def attempt(name: str, arguments: list[Any]) -> str:
    try:
        STEPS[name](*arguments)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return ""  # a fifo without a reader: a program that writes to it would wait, and change nothing
        return errno.errorcode[error.errno or 0]
    return ""


def opened(path: str, flags: int, mode: int = 0o644) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NONBLOCK | flags, mode)


def write(path: str, text: str, append: bool) -> None:
    file = opened(path, os.O_APPEND if append else os.O_TRUNC)
    os.write(file, text.encode())
    os.close(file)


def write_at(path: str, offset: int, text: str) -> None:
    file = opened(path, 0)
    os.pwrite(file, text.encode(), offset)
    os.close(file)


def truncate(path: str, size: int) -> None:
    file = opened(path, 0)
    os.ftruncate(file, size)
    os.close(file)


def touch(path: str) -> None:
    if os.path.exists(path):
        os.utime(path)
    else:
        os.close(opened(path, 0))


def remove_tree(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


STEPS: dict[str, Any] = {
    "Read": lambda path: os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK)),
    "List": os.listdir,
    "Write": write,
    "WriteAt": write_at,
    "Truncate": truncate,
    "Touch": touch,
    "Mkdir": os.mkdir,
    "Unlink": os.unlink,
    "Rmdir": os.rmdir,
    "RemoveTree": remove_tree,
    "Rename": os.rename,
    "Chmod": os.chmod,
    "Chown": os.chown,
    "Symlink": os.symlink,
    "Link": lambda old, new: os.link(old, new, follow_symlinks=False),
}


def shown(root: str) -> list[list[Any]]:
    """Path, type, mode, owner, group, what it holds, whether it is older than the steps, opaque, other names."""
    rows: list[list[Any]] = []
    inodes: dict[int, list[str]] = {}
    for directory, names, files in os.walk(root):
        for name in (*names, *files):
            path = os.path.join(directory, name)
            status = os.lstat(path)
            kind = stat.S_IFMT(status.st_mode)
            inside = path[len(root) :]
            if kind == stat.S_IFCHR and status.st_rdev == 0:
                rows.append([inside, "whiteout", 0, 0, 0, "", False, False])
                continue
            holds, opaque = "", False
            if kind != stat.S_IFDIR:
                inodes.setdefault(status.st_ino, []).append(inside)
            if kind == stat.S_IFREG:
                with open(path) as file:
                    holds = file.read()
            elif kind == stat.S_IFLNK:
                holds = os.readlink(path)
            elif kind == stat.S_IFDIR and "trusted.overlay.opaque" in os.listxattr(path):
                opaque = os.getxattr(path, "trusted.overlay.opaque") == b"y"
            names_of = {stat.S_IFREG: "file", stat.S_IFLNK: "symlink", stat.S_IFDIR: "dir", stat.S_IFIFO: "fifo"}
            mode = stat.S_IMODE(status.st_mode)
            old = status.st_mtime == LONG_AGO
            rows.append([inside, names_of[kind], mode, status.st_uid, status.st_gid, holds, old, opaque])
    linked = {name: sorted(names) for names in inodes.values() if len(names) > 1 for name in names}
    return [[*row, linked.get(row[0], [])] for row in sorted(rows)]


if __name__ == "__main__":
    main()
