"""What can be done to a world. An action is a value; `apply` (apply.py) makes the next world of it.

`target` is "host", or the key of a container. Paths are absolute. A file action that the kernel would refuse leaves the
world as it is and names the error (`Outcome.error`): an outcome like any other.
"""

from dataclasses import dataclass

from layerviz.engine.content import Content
from layerviz.engine.entry import Entry
from layerviz.engine.events import Event
from layerviz.engine.world import Config, HistoryLine, Image, Prompt, World

Target = str | int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The next world, what happened, and the errno's name ("ENOENT") of what could not be done ("" when it could).

    A layer too many has no errno: its error is docker's own "max depth exceeded"."""

    world: World
    events: tuple[Event, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """The base of all actions."""


@dataclass(frozen=True, slots=True)
class Read(Action):
    """Open for reading (follows symlinks). Changes nothing; yields the lookup."""

    target: Target
    path: str


@dataclass(frozen=True, slots=True)
class List(Action):
    """Read a directory."""

    target: Target
    path: str


@dataclass(frozen=True, slots=True)
class Write(Action):
    """O_CREAT|O_TRUNC and write (`append`: O_APPEND). `mode` is for a file that is made. A lower file that is
    truncated is copied up without its data; one that is appended to, whole."""

    target: Target
    path: str
    content: Content
    append: bool = False
    mode: int = 0o644


@dataclass(frozen=True, slots=True)
class WriteAt(Action):
    """Open without truncating and write at `offset` (dd conv=notrunc); makes the file where there is none."""

    target: Target
    path: str
    offset: int
    content: Content


@dataclass(frozen=True, slots=True)
class Truncate(Action):
    """Set the size; makes the file where there is none."""

    target: Target
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Touch(Action):
    """Set the times to now; makes an empty file where there is none. Copies a lower file up."""

    target: Target
    path: str


@dataclass(frozen=True, slots=True)
class Mkdir(Action):
    target: Target
    path: str
    mode: int = 0o755


@dataclass(frozen=True, slots=True)
class Unlink(Action):
    target: Target
    path: str


@dataclass(frozen=True, slots=True)
class Rmdir(Action):
    target: Target
    path: str


@dataclass(frozen=True, slots=True)
class RemoveTree(Action):
    """rm -r of a file or directory. What lies below in lower layers ends in one whiteout."""

    target: Target
    path: str


@dataclass(frozen=True, slots=True)
class Rename(Action):
    """rename(2); EXDEV for a directory of a lower layer, unless the policy allows it."""

    target: Target
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Chmod(Action):
    """Copies a lower file up whole, also where the mode stays the same."""

    target: Target
    path: str
    mode: int


@dataclass(frozen=True, slots=True)
class Chown(Action):
    target: Target
    path: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Symlink(Action):
    target: Target
    linkname: str
    path: str


@dataclass(frozen=True, slots=True)
class Link(Action):
    """link(2): `new` becomes another name of the file `old`. Copies a lower file up."""

    target: Target
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mknod(Action):
    """A fifo or device given as an entry; EPERM for a character device 0/0, which would be a whiteout."""

    target: Target
    entry: Entry


@dataclass(frozen=True, slots=True)
class Put(Action):
    """Entries written as they are (docker cp, a package being installed): each replaces what stands at its path,
    missing parents are made, existing directories keep their children; a whiteout removes. Times stay as given."""

    target: Target
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class ChangeDirectory(Action):
    """The prompt of your computer now stands in `path`."""

    path: str


@dataclass(frozen=True, slots=True)
class KeepPrompt(Action):
    """The shell of your computer's prompt waits for its next line with this in mind."""

    prompt: Prompt


@dataclass(frozen=True, slots=True)
class StartBuild(Action):
    """A build begins that will be called `ref`, standing on the image `image_key` (None: scratch)."""

    ref: str
    image_key: int | None


@dataclass(frozen=True, slots=True)
class UseCache(Action):
    """The build goes on from an image that is there already."""

    image_key: int
    line: int
    instruction: str


@dataclass(frozen=True, slots=True)
class AddImage(Action):
    """A build step: a new image on the image of the build (or `parent_key`), with one layer of `entries` on top, or
    none.

    `entries` None: config only. `history` describes the step."""

    parent_key: int | None
    config: Config
    history: HistoryLine
    entries: tuple[Entry, ...] | None = None
    instruction: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class FinishBuild(Action):
    """The image reached gets the build's name, if it has one."""


@dataclass(frozen=True, slots=True)
class StopBuild(Action):
    """The build failed: the images it made stay, without a name."""


@dataclass(frozen=True, slots=True)
class BringImage(Action):
    """An image from outside (a pull, a load) is stored under `refs`. Keys of `image` and its layers are given anew,
    layers that are stored already (same ChainID) are shared. `events` tell how it came, in order."""

    image: Image
    refs: tuple[str, ...]
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag(Action):
    image_key: int
    ref: str


@dataclass(frozen=True, slots=True)
class Untag(Action):
    ref: str


@dataclass(frozen=True, slots=True)
class RemoveImage(Action):
    """The image, its tags, and every layer that nobody else refers to (top first, stops at the first shared one)."""

    image_key: int


@dataclass(frozen=True, slots=True)
class CreateContainer(Action):
    image_key: int
    image_ref: str
    name: str
    command: tuple[str, ...]
    env: tuple[tuple[str, str], ...] = ()
    working_dir: str = ""
    stdin_open: bool = False


@dataclass(frozen=True, slots=True)
class StartContainer(Action):
    key: int


@dataclass(frozen=True, slots=True)
class StopContainer(Action):
    key: int
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class KeepLog(Action):
    """What the first program of a container wrote to standard output (1) and standard error (2), in order."""

    key: int
    written: tuple[tuple[int, Content], ...]


@dataclass(frozen=True, slots=True)
class RenameContainer(Action):
    key: int
    name: str


@dataclass(frozen=True, slots=True)
class RemoveContainer(Action):
    key: int


@dataclass(frozen=True, slots=True)
class Commit(Action):
    """The container's layer becomes the top layer of a new image (none, if nothing changed), called `ref` unless "".
    `instruction` and `line` are set when a build commits its RUN."""

    key: int
    ref: str
    config: Config
    history: HistoryLine
    instruction: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Tell(Action):
    """Nothing changes; the events say what a command showed."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Tick(Action):
    """Time passes."""

    seconds: int = 1
