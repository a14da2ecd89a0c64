"""The world: layers, images, containers, your computer. An immutable value; every change is a new one."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from layerviz.engine.content import Content
from layerviz.engine.entry import Entry

if TYPE_CHECKING:
    from layerviz.engine.graph import Graph
    from layerviz.engine.sharing import Node

START_OF_TIME = 1612137600
"""2021-02-01T00:00:00Z, in seconds since 1970: where every world's clock starts. A command takes one second."""


class Entries(Protocol):
    """The entry table of a layer. Rows count from 0, sorted by path *components*."""

    def __len__(self) -> int: ...

    def row(self, path: str) -> int | None:
        """The row of the entry at `path` that is no whiteout."""

    def whiteout(self, path: str) -> int | None:
        """The row of the whiteout that hides `path`."""

    def at(self, path: str) -> Entry | None:
        """The entry of `row(path)`."""

    def children(self, directory: str) -> tuple[int, ...]:
        """Rows of all direct children, whiteouts included, in order. Also of a directory that has no row itself."""

    def entries_in(self, directory: str) -> Iterator[Entry]:
        """The entries of `children(directory)`, in order."""

    def below(self, directory: str) -> range:
        """Rows of everything below `directory`, at any depth."""

    def count_below(self, directory: str) -> int:
        """How many rows of `below(directory)` are no whiteouts."""

    @property
    def directories(self) -> int:
        """How many rows are directories."""

    def entry(self, row: int) -> Entry: ...

    def hard_links(self) -> tuple[int, ...]:
        """Rows of kind HARDLINK (a writable layer has none: there linked names share an inode)."""

    @property
    def size_bytes(self) -> int:
        """Sum of the content of all files; names linked to each other count once."""

    @property
    def symlink_bytes(self) -> int:
        """Sum of the lengths of what symlinks lead to."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """One layer. `key` is its serial number in the world, kept when a container's layer is committed.

    `created_by` is the instruction as people write it ("COPY c/ /"). A *quoted* layer is known by its ids only:
    `quoted_diff_id`, and where known `blob_digest`, `blob_bytes` (compressed), `quoted_bytes` (unpacked); its
    entries are empty and `is_quoted` is true. A *brought* layer was read from an archive: `brought_diff_id` is that of
    the tar it came in, whose bytes are `brought_tar`. DiffIDs of all others are those of our own canonical tar.
    `digests.diff_id(layer)` answers for all three.
    """

    key: int
    entries: Entries
    created_by: str = ""
    quoted_diff_id: str = ""
    blob_digest: str = ""
    blob_bytes: int | None = None
    quoted_bytes: int | None = None
    brought_diff_id: str = ""
    brought_tar: Content | None = None

    @property
    def is_quoted(self) -> bool:
        return bool(self.quoted_diff_id)

    @property
    def size_bytes(self) -> int | None:
        """Bytes of all its files; None where a quoted layer's size is not known."""
        return self.quoted_bytes if self.is_quoted else self.entries.size_bytes


@dataclass(frozen=True, slots=True)
class Config:
    """What an image says about running it (image-spec, config.md, "Properties")."""

    env: tuple[tuple[str, str], ...] = ()
    cmd: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    working_dir: str = ""
    user: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    raw: bytes = b""
    """The config JSON as loaded, kept byte for byte for images that came from outside; empty otherwise."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of an image's history, oldest first. `created` in seconds since 1970."""

    created: int
    created_by: str
    empty_layer: bool = False
    comment: str = ""
    image_key: int = 0
    """The image of the classic builder that this line ended in; 0: `<missing>`."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """What public sources say of an image that is only quoted: ids and the size as `docker images` prints it."""

    image_id: str
    manifest_digest: str
    size_text: str
    size_bytes: int


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Image:
    """An image: a config and its layers, bottom first. `key` is its serial number. Its id: `digests.image_id`."""

    key: int
    layers: tuple[Layer, ...]
    config: Config = field(default_factory=Config)
    history: tuple[HistoryLine, ...] = ()
    created: int = START_OF_TIME
    parent_key: int = 0
    quoted: Quoted | None = None
    repo_digests: tuple[str, ...] = ()
    origin: str = ""
    """Where it came from: "" built here, "catalogue" (illustrative), "quoted", or the archive it was loaded from."""


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """A container: an image, one writable layer (whose `entries` is a persistent map), and a state."""

    key: int
    id: str
    name: str
    image: Image
    image_ref: str
    layer: Layer
    command: tuple[str, ...] = ()
    env: tuple[tuple[str, str], ...] = ()
    """What was added to the image's environment when it was made."""
    working_dir: str = ""
    """Where its programs start, if not where the image says."""
    stdin_open: bool = False
    """Standard input was kept open (-i), so that a shell waits instead of ending."""
    state: str = "created"
    """"created", "running" or "exited"."""
    exit_code: int = 0
    created: int = START_OF_TIME
    started: int = 0
    finished: int = 0
    logged: tuple[tuple[int, Content], ...] = ()
    """What its first program wrote to standard output (1) and standard error (2), in order, in all its runs."""

    @property
    def stack(self) -> tuple[Layer, ...]:
        """Bottom first; the last one is its own."""
        return (*self.image.layers, self.layer)


@dataclass(frozen=True, slots=True)
class Building:
    """A build under way: the name it will get and the image reached so far (None: scratch)."""

    ref: str
    image_key: int | None


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the shell of your computer's prompt keeps from one line to the next, beside its folder: variables by name,
    which of them programs are given, options by letter, and the status of the last command (`$?`)."""

    variables: tuple[tuple[str, str], ...]
    exported: frozenset[str] = frozenset()
    options: frozenset[str] = frozenset()
    status: int = 0


@dataclass(frozen=True, slots=True)
class Policy:
    """What changes a *result* with the storage driver: renaming a lower directory fails with EXDEV; a copy-up breaks
    hard links (overlayfs.rst, "Non-standard behavior")."""

    rename_lower_directory: bool = False
    keep_hard_links: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything there is. `images` oldest first, `tags` as ("two:latest", image key) in the order they were given,
    `containers` oldest first, `host` the files of your computer as one layer, `cwd` the folder a prompt stands in,
    `prompt` the rest of its shell (None: nothing was typed yet)."""

    images: tuple[Image, ...]
    tags: tuple[tuple[str, int], ...]
    containers: tuple[Container, ...]
    host: Layer
    cwd: str = "/"
    driver: str = "overlay2"
    policy: Policy = Policy()
    clock: int = START_OF_TIME
    serial: int = 1
    """The next free key."""
    building: Building | None = None
    prompt: Prompt | None = None

    def graph(self) -> "Graph[Node]":
        """Tags, images, layers and containers, with an edge from each to what it needs."""
        # networkx takes longer to load than all of the engine.
        from layerviz.engine.graph import graph

        return graph(self)
