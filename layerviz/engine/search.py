"""Finding paths of an image by name, in all its layers, seen or not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from layerviz.engine import merge, paths
from layerviz.engine.covering import keys_of
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.world import Layer

_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Hit:
    """A path that was looked for: the entry that is seen there, or the newest that is not seen any more; the layer that
    has it."""

    path: str
    position: int
    entry: Entry
    seen: bool


def find_paths(stack: Sequence[Layer], pattern: str, limit: int = 1000) -> tuple[Hit, ...]:
    """The paths that fit, sorted, `limit` at most; capitals do not matter.

    Without `*`, `?` or `[` the pattern is a part of a name ("passwd"), with a slash of a path ("etc/pass"); a leading
    slash binds it to the root. A glob fits a whole name ("*.pyc"), with a slash the path's last components
    ("apt/lists/*"), from the root with a leading one ("/etc/*.conf"); `**` fits across slashes.
    """
    if not pattern.strip("/"):
        return ()
    fits = re.compile(_expression(pattern), re.IGNORECASE | re.DOTALL).search
    wanted: set[bytes] = set()
    for layer in stack:
        wanted.update(key for key in keys_of(layer.entries) if fits(key.decode("utf-8", "surrogateescape")))
    hits: list[Hit] = []
    for key in sorted(wanted):
        if hit := _hit(stack, paths.from_key(key)):
            hits.append(hit)
            if len(hits) == limit:
                break
    return tuple(hits)


def _hit(stack: Sequence[Layer], path: str) -> Hit | None:
    found = merge.seen(stack, path)
    if found:
        return Hit(path, found.position, found.entry, True)
    rows = (found for found in merge.versions(stack, path) if found.entry.kind is not Kind.WHITEOUT)
    newest = next(rows, None)
    # A whiteout of what no layer has is no path of the image.
    return Hit(path, newest.position, newest.entry, False) if newest else None


def _expression(pattern: str) -> str:
    """A regular expression over decoded keys, in which NUL stands for the slash: no name contains it."""
    anchored = pattern.startswith("/")
    text = pattern.strip("/")
    start = r"\A\0" if anchored else ""
    if _GLOB.isdisjoint(text):
        literal = re.escape(text.replace("/", "\0"))
        return start + literal if anchored or "/" in text else literal + r"[^\0]*\Z"
    return (start or r"\0") + _glob(text) + r"\Z"


def _glob(text: str) -> str:
    made = ""
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == "*":
            across = text[at : at + 1] == "*"
            at += across
            made += ".*" if across else r"[^\0]*"
        elif letter == "?":
            made += r"[^\0]"
        elif letter == "[" and (end := text.find("]", at + 2 if text[at : at + 1] in ("!", "^") else at + 1)) > 0:
            made += _class(text[at:end])
            at = end + 1
        else:
            made += r"\0" if letter == "/" else re.escape(letter)
    return made


def _class(inside: str) -> str:
    negated = inside[0] in "!^"
    letters = re.sub(r"[\\\[^&~|]", r"\\\g<0>", inside[negated:])
    shape = r"(?!\0)[" + "^" * negated + letters + "]"
    try:
        re.compile(shape)
    except re.error:
        # A range that runs backwards is nothing that a letter lies in (glob(7) leaves it open).
        return r"(?!)"
    return shape
