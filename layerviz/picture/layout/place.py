"""What a picture is of (`Place`), how it is to be drawn (`View`), and what comes out (`Picture`)."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from layerviz.engine.events import Event
from layerviz.picture.layout.sight import Name
from layerviz.picture.shapes import Frame
from layerviz.strings import Lang

Mode = Literal["slabs", "flat", "auto"]
Beside = Literal[
    "", "log", "inspect", "names", "history", "disk", "memory", "cards", "computer", "config", "driver", "diff"
]


@dataclass(frozen=True, slots=True)
class Card:
    """One storage driver as a card: its name, one line on how it keeps layers, and where it stands today.

    `way` chooses the little drawing: folders over each other, snapshots of a whole tree, snapshots of a block device.
    `faded`: it is gone today. `fresh`: it is new.
    """

    name: str
    text: str
    small: str = ""
    way: Literal["union", "snapshot", "block", "copy"] = "union"
    faded: bool = False
    fresh: bool = False


class Vacated(NamedTuple):
    """The place of a container that is gone, counted from 0 at the left, and what it was called."""

    place: int
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """What stands on the stage.

    `show` are addresses from left to right ("three", "c1", "c1[rw]", "host:/c"); stacks with common layers stand on
    shared slabs. `beside` is the panel next to the stage. `focus` are addresses that remarks speak of. `expected` are
    addresses of layers that are not there yet (dashed). `trace` are events whose outcome stays visible in the picture
    (a lookup's steps, what a listing named, bytes that were copied). `sparse`: layers that hold nothing in the
    directory are left out, and nothing is said beside the bands. `column` is the path whose column is framed in the
    flat view. `vacated` are places on shared slabs where a container stood that is gone: they stay empty but for its
    footprint, and what stood beside and below them stands where it stood.
    """

    show: tuple[str, ...] = ()
    directory: str = "/"
    beside: Beside = ""
    focus: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    expected: tuple[str, ...] = ()
    trace: tuple[Event, ...] = ()
    sparse: bool = False
    column: str = ""
    vacated: tuple[Vacated, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """How a place is drawn.

    `width` × `height` px of a window (`fixed`: type keeps its size, parts are dropped where they have no room), or the
    shape of a page (its logical height is 900, and the frame says how much larger it is to be drawn). `kicker`,
    `title`, `caption`, `small` and `step` (this one, how many) are drawn on the page where they are given, and so are
    `options`, the answers to choose from under a question, of which `right` (its index) is marked once it is told.
    `challenge`: after the steps comes one, which is no step; its own page is the one after the last.
    `chosen` and `pointed` are addresses. `asking`: nothing is revealed: no light, no hatching, and the merged view is
    a question mark; with `named` the names of the columns stand there all the same.
    """

    mode: Mode = "auto"
    lang: Lang = "en"
    width: float = 1600
    height: float = 900
    fixed: bool = False
    kicker: str = ""
    title: str = ""
    caption: str = ""
    small: str = ""
    step: tuple[int, int] | None = None
    challenge: bool = False
    options: tuple[str, ...] = ()
    right: int | None = None
    chosen: str = ""
    pointed: str = ""
    asking: bool = False
    named: bool = False
    reduced_motion: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A path on the stage of one stack: where its column lies, or, of a fold, the names that it stands for."""

    stack: str
    path: str
    name: str
    u0: float
    u1: float
    folded: tuple[Name, ...] = ()

    def stands_for(self, path: str) -> bool:
        return path == self.path or any(name.path == path for name in self.folded)


@dataclass(frozen=True, slots=True)
class Slot:
    """One stack on the stage: what events call it (`names`), where its parts are found, and what it shows.

    `levels` are those of its layers, bottom first, as they are drawn; `view_level` that of its merged view, if there is
    one.
    """

    name: str
    names: frozenset[str]
    number: int
    levels: tuple[float, ...]
    view_level: float | None
    u0: float
    u1: float
    layer_keys: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A frame that stands still, and what it is of. `columns` from left to right, `slots` as in `place.show`."""

    frame: Frame
    place: Place
    view: View
    mode: Literal["slabs", "flat"] = "slabs"
    columns: tuple[Column, ...] = field(default=(), repr=False)
    slots: tuple[Slot, ...] = field(default=(), repr=False)

    @property
    def alt(self) -> tuple[str, ...]:
        """The text alternatives of all shapes that have one, back to front."""
        return tuple(shape.alt for shape in self.frame.shapes if shape.alt)

    def slot(self, place: str) -> Slot | None:
        """The stack that events call `place`."""
        for slot in self.slots:
            if place in slot.names:
                return slot
        return None
