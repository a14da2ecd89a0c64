"""What happened, one value each, neutral to the storage driver. Pictures, words and sounds are made of these.

`place` is the address of a stack without a path: an image's name, a container's name, or "host".
`position` counts layers from 1 at the bottom; a container's own layer is the one above the image's last.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Event:
    """The base of all events."""


@dataclass(frozen=True, slots=True)
class LookedUp(Event):
    """A path was looked for, top layer first. `asked` is (position, answer) in the order of asking; the last answer
    ends the search. `found` is the position of the hit, None where the name does not exist."""

    place: str
    path: str
    asked: tuple[tuple[int, Literal["absent", "found", "whiteout", "opaque"]], ...]
    found: int | None
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Listed(Event):
    """A directory of the merged view was read: its names, and from which layer each comes."""

    place: str
    path: str
    names: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class CopiedUp(Event):
    """The entry at `path` was copied from `position` to the container's layer, `size_bytes` of content (0: metadata
    only, or content not wanted because it is truncated)."""

    place: str
    path: str
    position: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Written(Event):
    """`path` now has `size_bytes` bytes in the top layer; `created`: the name was not seen before."""

    place: str
    path: str
    size_bytes: int
    created: bool


@dataclass(frozen=True, slots=True)
class Made(Event):
    """A directory, link, device or fifo was made at `path`."""

    place: str
    path: str
    kind: str


@dataclass(frozen=True, slots=True)
class Removed(Event):
    """A name of the top layer itself is gone for good; below it nothing had to be hidden."""

    place: str
    path: str


@dataclass(frozen=True, slots=True)
class WhiteoutWritten(Event):
    """A whiteout now hides `path`, whose newest version below lies in layer `hides`."""

    place: str
    path: str
    hides: int


@dataclass(frozen=True, slots=True)
class OpaqueMarked(Event):
    """The directory at `path` in the top layer now hides all that lower layers have below it."""

    place: str
    path: str


@dataclass(frozen=True, slots=True)
class AttributesChanged(Event):
    place: str
    path: str


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    place: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class BuildStep(Event):
    """A build reached `instruction`, line `line` of its Dockerfile (from 1). `cached`: nothing had to be done."""

    image: str
    line: int
    instruction: str
    cached: bool


@dataclass(frozen=True, slots=True)
class LayerAdded(Event):
    """`position` is a new layer of `image`; `key` is its serial key, `instruction` what made it."""

    image: str
    position: int
    key: int
    instruction: str


@dataclass(frozen=True, slots=True)
class ConfigChanged(Event):
    """An instruction that stores no file: only the image's config changed."""

    image: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Tagged(Event):
    image: str
    moved: bool


@dataclass(frozen=True, slots=True)
class Untagged(Event):
    image: str


@dataclass(frozen=True, slots=True)
class ImageDeleted(Event):
    image: str
    image_id: str


@dataclass(frozen=True, slots=True)
class LayerDeleted(Event):
    """A layer that nobody refers to any more; `image` and `position` say where it stood."""

    image: str
    position: int
    key: int
    chain_id: str


@dataclass(frozen=True, slots=True)
class ContainerChanged(Event):
    """A container was created, started, stopped (`exit_code`), given this name or removed."""

    container: str
    change: Literal["created", "started", "stopped", "renamed", "removed"]
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Committed(Event):
    """The layer of `container` was copied into the new top layer `key` of `image` (0: nothing had changed)."""

    container: str
    image: str
    key: int


@dataclass(frozen=True, slots=True)
class PullProgress(Event):
    """One line of a pull changed: the layer at `position` of `image`, its blob's first twelve digits and its status.

    `current_bytes` of `total_bytes` for a status with a bar; `total_bytes` is None where the size is not known.
    """

    image: str
    position: int
    blob: str
    status: Literal[
        "Already exists",
        "Pulling fs layer",
        "Waiting",
        "Downloading",
        "Verifying Checksum",
        "Download complete",
        "Extracting",
        "Pull complete",
    ]
    current_bytes: int = 0
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class HostChanged(Event):
    """Something at `path` of "your computer" changed; the file is there now (`exists`) or gone."""

    path: str
    exists: bool


@dataclass(frozen=True, slots=True)
class Shown(Event):
    """A command that only shows: what ("inspect", "history", "images", "ps", "diff", "info", "cat") and of what."""

    what: str
    target: str
