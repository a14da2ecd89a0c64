"""Which of an image's platforms is meant: "linux/amd64", "linux/arm/v7" (image-spec, image-index.md, `platform`)."""

import platform
import re
from collections.abc import Sequence
from typing import NamedTuple

from layerviz.images.problems import ImageProblem

_WRITTEN = re.compile(r"(?:(linux|windows|darwin|freebsd)/)?(?!(?:linux|windows)$)([a-z0-9_-]+)(?:/(v[0-9.]+))?")
_MACHINES = {
    "x86_64": "amd64",
    "x64": "amd64",
    "i386": "386",
    "i686": "386",
    "aarch64": "arm64",
    "armv8l": "arm64",
    "armv7l": "arm/v7",
    "armv6l": "arm/v6",
    "loongarch64": "loong64",
}
"""What systems call a machine, as Go names it (containerd/platforms, database.go)."""
_USUAL = {"arm64": "v8", "amd64": "v1", "arm": "v7"}
"""The variants that need not be written."""
_ARCHITECTURES = frozenset(
    [
        "386",
        "amd64",
        "arm",
        "arm64",
        "loong64",
        "mips",
        "mips64",
        "mips64le",
        "mipsle",
        "ppc64",
        "ppc64le",
        "riscv64",
        "s390x",
        "wasm",
    ]
)
"""Those that are known without a system before them (containerd/platforms, database.go)."""


class Platform(NamedTuple):
    os: str
    architecture: str
    variant: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in self if part)


def here() -> Platform:
    """What docker pulls on this machine: its architecture, and Linux, for that is what runs containers everywhere."""
    machine = platform.machine().lower()
    return _of("linux", *_MACHINES.get(machine, machine).partition("/")[::2])


def written(text: str) -> Platform:
    """The platform that a person asks for; "" is this machine's. Raises `ImageProblem`."""
    if not text:
        return here()
    match = _WRITTEN.fullmatch(text.strip().lower())
    if match is None:
        raise ImageProblem(text, "platform")
    architecture, _, variant = _MACHINES.get(match[2], match[2]).partition("/")
    if match[1] is None and architecture not in _ARCHITECTURES:
        raise ImageProblem(text, "platform")
    return _of(match[1] or "linux", architecture, match[3] or variant)


def offered(os: str, architecture: str, variant: str | None = "") -> Platform:
    """A platform as an index or a config names it."""
    return _of(os.lower(), architecture.lower(), (variant or "").lower())


def best(wanted: Platform, has: Sequence[Platform | None]) -> int:
    """Which of `has` suits best, -1 if none does. An older variant of the same architecture runs, a newer one does
    not (containerd/platforms, compare.go)."""
    levels = [-1 if one is None else _suits(wanted, one) for one in has]
    most = max(levels, default=-1)
    return levels.index(most) if most >= 0 else -1


def _suits(wanted: Platform, one: Platform) -> int:
    """-1 not at all, else the more the better."""
    if one[:2] != wanted[:2]:
        return -1
    mine, other = _level(wanted.variant), _level(one.variant)
    return other if other <= mine else -1


def _level(variant: str) -> int:
    digits = variant.removeprefix("v")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0


def _of(os: str, architecture: str, variant: str) -> Platform:
    usual = _USUAL.get(architecture, "")
    if architecture in ("arm64", "amd64"):
        return Platform(os, architecture, "" if variant == usual else variant)
    return Platform(os, architecture, variant or usual)
