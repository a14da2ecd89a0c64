"""Places where an image keeps what nobody needs any more: package lists, caches, logs."""

import re

from layerviz.engine import paths

PLACES: dict[str, str] = {
    "apt_lists": r"var/lib/apt/lists/[^\0]",
    "apt_archives": r"var/cache/apt/(?:archives/.*\.deb|[^/]*\.bin)$",
    "apk": r"(?:var/cache/apk|etc/apk/cache)/",
    "rpm": r"var/cache/(?:dnf|yum|zypp|libdnf5)/",
    "pacman": r"var/cache/pacman/",
    "pip": r"(?:root|home/[^/]+)/\.cache/pip/",
    "npm": r"(?:(?:root|home/[^/]+)/(?:\.npm/_cacache|\.cache/yarn)|usr/local/share/\.cache/yarn)/",
    "go": r"(?:go/pkg/mod/cache|(?:root|home/[^/]+)/(?:go/pkg/mod/cache|\.cache/go-build))/",
    "cargo": r"(?:usr/local/cargo|(?:root|home/[^/]+)/\.cargo)/registry/",
    "cache": r"(?:root|home/[^/]+)/\.cache/",
    "logs": r"var/log/",
    "temporary": r"(?:var/)?tmp/",
    "backups": r"(?:var/lib/dpkg|var/cache/debconf)/[^/]+-old$",
    "git": r"(?:.*/)?\.git/",
    "bytecode": r".*\.py[co]$",
}
"""What lies in the place, and how its paths look behind the first slash; the first that fits counts."""


CACHES = frozenset({"apt_lists", "apt_archives", "apk", "rpm", "pacman", "pip", "npm", "go", "cargo", "cache"})
"""Places that the step that fills them can empty."""


def _over_keys(expression: str) -> str:
    return expression.replace("[^/]", r"[^\0]").replace("/", r"\0")


_PLACES = re.compile("|".join(f"(?P<{name}>{_over_keys(shape)})" for name, shape in PLACES.items()).encode(), re.DOTALL)


def leftover(key: bytes) -> str:
    """The place (of `PLACES`) that a path, given by its key, lies in; "" for none."""
    found = _PLACES.match(key, 1)
    return found.lastgroup or "" if found else ""


def cache(path: str) -> str:
    """The one of `CACHES` that `path` lies in; "" for none."""
    place = leftover(paths.key(path))
    return place if place in CACHES else ""
