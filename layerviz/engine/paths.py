"""Paths inside an image: absolute `str`, surrogateescape for bytes that are not UTF-8, no trailing slash.

The root is "/".
"""

import posixpath
import unicodedata
from collections.abc import Iterator

ROOT = "/"


def parent(path: str) -> str:
    """The directory that `path` stands in; of the root, the root."""
    return path[: path.rindex("/")] or ROOT


def base(path: str) -> str:
    """The last component; "" for the root."""
    return path[path.rindex("/") + 1 :]


def join(directory: str, name: str) -> str:
    """`name`, one or several components, below `directory`."""
    return f"/{name}" if directory == ROOT else f"{directory}/{name}"


def ancestors(path: str) -> tuple[str, ...]:
    """The root first, the parent last; none for the root."""
    if path == ROOT:
        return ()
    cuts = [at for at, letter in enumerate(path) if letter == "/"]
    return (ROOT, *(path[:at] for at in cuts[1:]))


def downwards(path: str) -> Iterator[str]:
    """As `ancestors`, one at a time: who stops early does not pay for the rest of a deep path."""
    if path == ROOT:
        return
    yield ROOT
    at = path.find("/", 1)
    while at >= 0:
        yield path[:at]
        at = path.find("/", at + 1)


def is_below(path: str, directory: str) -> bool:
    """`path` lies below `directory`, at any depth, and is not it."""
    return path != directory and (directory == ROOT or path.startswith(directory + "/"))


def normal(path: str) -> str:
    """An absolute path without `.`, `..`, doubled and trailing slashes, by its letters alone: no symlink is asked."""
    return "/" + posixpath.normpath("/" + path).lstrip("/")


def encoded(path: str) -> bytes:
    """The bytes of a path, or of what a symlink leads to."""
    return path.encode("utf-8", "surrogateescape")


def key(path: str) -> bytes:
    """Sorts by components: `/a` < `/a/x` < `/a-b`, which plain bytes do not. The root's key is empty.

    NUL, the only byte besides the slash that no name contains, takes the slash's place: it sorts before all others.
    """
    return b"" if path == ROOT else encoded(path).replace(b"/", b"\0")


def from_key(key: bytes) -> str:
    """The path whose `key` this is."""
    return key.replace(b"\0", b"/").decode("utf-8", "surrogateescape") or ROOT


def display(path: str) -> str:
    """`path` fit for screen, SVG and terminals: a byte that is not UTF-8 becomes `\\xNN`, a control or format character
    (line breaks, direction marks) its escape, as `ls -b` does."""
    if path.isascii() and path.isprintable():
        return path
    return "".join(_shown(letter) for letter in path)


def _shown(letter: str) -> str:
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}:
        return letter.encode("unicode_escape", "surrogatepass").decode("ascii")
    return letter
