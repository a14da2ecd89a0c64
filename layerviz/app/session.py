"""What was built so far, as a value: commands with the worlds they led to, where one stands in them, what is shown. No
Qt.

Undo and redo are earlier and later places in the same list; a new command cuts off what was undone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layerviz.app.scenes import is_there
from layerviz.engine import paths
from layerviz.engine.address import parse, resolve
from layerviz.engine.apply import empty_world
from layerviz.engine.events import (
    BuildStep,
    ContainerChanged,
    CopiedUp,
    Event,
    HostChanged,
    LayerAdded,
    Listed,
    LookedUp,
    PullProgress,
    Removed,
    Tagged,
    WhiteoutWritten,
    Written,
)
from layerviz.engine.find import place_of
from layerviz.engine.merge import seen
from layerviz.engine.world import World
from layerviz.picture.layout import Place
from layerviz.shell import Moment, Result

NAME_LETTERS = 16


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a build began: "empty", an "example" by its id, a "step" of a lesson, or its "challenge"."""

    kind: str = "empty"
    id: str = ""
    step: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """A command that was run: what was typed, what came of it, and what stood on the stage afterwards.

    `by_hand`: a click or a drag made it, nobody typed it."""

    text: str
    results: tuple[Result, ...]
    world: World
    place: Place
    changed: bool
    by_hand: bool = False

    @property
    def moments(self) -> tuple[Moment, ...]:
        return tuple(moment for result in self.results for moment in result.moments)

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(event for moment in self.moments for event in moment.events)

    @property
    def failed(self) -> bool:
        return any(result.status for result in self.results)


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """`done` are all commands, `at` how many of them hold (the others can be redone). `start` is the world before the
    first."""

    origin: Origin
    start: World
    start_place: Place
    done: tuple[Done, ...] = ()
    at: int = 0

    @property
    def world(self) -> World:
        return self.done[self.at - 1].world if self.at else self.start

    @property
    def place(self) -> Place:
        return self.done[self.at - 1].place if self.at else self.start_place

    @property
    def last(self) -> Done | None:
        return self.done[self.at - 1] if self.at else None

    @property
    def steps(self) -> tuple[int, ...]:
        """Places in the list to which undo and redo lead: after each command that changed something, and the start."""
        return (0, *(number for number, one in enumerate(self.done, 1) if one.changed))

    @property
    def here(self) -> int:
        """The last change that holds; what was typed since changed nothing."""
        return self._change_up_to(self.at)

    def _change_up_to(self, place: int) -> int:
        """The last place up to `place` that a change led to; 0 for the start."""
        return next((number for number in range(place, 0, -1) if self.done[number - 1].changed), 0)

    def ran(self, text: str, results: Sequence[Result], by_hand: bool = False) -> "Session":
        """With one more command."""
        world = results[-1].world if results else self.world
        events = [event for result in results for moment in result.moments for event in moment.events]
        place = next_place(self.place, events, world)
        one = Done(text, tuple(results), world, place, differs(self.world, world), by_hand)
        return replace(self, done=(*self.done[: self.at], one), at=self.at + 1)

    def showing(self, place: Place) -> "Session":
        """With another thing on the stage."""
        if not self.at:
            return replace(self, start_place=place)
        here = replace(self.done[self.at - 1], place=place)
        return replace(self, done=(*self.done[: self.at - 1], here, *self.done[self.at :]))

    def undone(self) -> "Session":
        """One change less; the same where there is none."""
        return replace(self, at=self._change_up_to(max(self.here - 1, 0)))

    def redone(self) -> "Session":
        """The next change again; the same where there is none."""
        return replace(self, at=self._change_after or self.at)

    def jumped(self, at: int) -> "Session":
        return replace(self, at=min(max(at, 0), len(self.done)))

    @property
    def can_undo(self) -> bool:
        return self.here > 0

    @property
    def can_redo(self) -> bool:
        return self._change_after > 0

    @property
    def _change_after(self) -> int:
        """The next place that a change leads to; 0 where there is none."""
        later = range(self.at + 1, len(self.done) + 1)
        return next((number for number in later if self.done[number - 1].changed), 0)


def empty() -> Session:
    """Nothing yet: your computer is empty, no image is there."""
    return Session(Origin(), empty_world(), Place())


def differs(before: World, after: World) -> bool:
    """Whether anything but the clock is different."""
    return (
        before.images != after.images
        or before.tags != after.tags
        or before.containers != after.containers
        or before.host.entries is not after.host.entries
        or before.cwd != after.cwd
    )


def short_name(text: str) -> str:
    """What a command is called on the undo line: "build mine", "mkdir a b", "e/file2"."""
    lines = text.strip().split("\n")
    line = lines[0] if "<<" in lines[0] else lines[-1]
    words = line.split()
    if words[:2] in (["docker", "load"], ["docker", "save"]) and len(words) > 3:
        return _cut(f"{words[1]} {words[3].rsplit('/', 1)[-1].strip(chr(39))}")
    if words[:2] == ["docker", "build"]:
        name = words[words.index("-t") + 1] if "-t" in words[:-1] else ""
        return _cut(f"build {name}".strip())
    if words[:1] == ["docker"]:
        line = " ".join(words[1:])
    elif ">" in line and words[:1] in (["echo"], ["printf"], ["cat"]):
        line = line.rpartition(">")[2].strip().partition(" ")[0] or line
    return _cut(line)


def _cut(name: str) -> str:
    return name if len(name) <= NAME_LETTERS else name[: NAME_LETTERS - 1] + "…"


def next_place(place: Place, events: Sequence[Event], world: World) -> Place:
    """What stands on the stage after `events`: what they were about; if they were about nothing, what stood there
    before."""
    show, directory = place.show, place.directory
    touched: tuple[str, str] | None = None
    for event in events:
        match event:
            case PullProgress(image=image):
                show, directory, touched = (image,), paths.ROOT, None
            case BuildStep(image=image) | LayerAdded(image=image) | Tagged(image=image):
                show, touched = (image,), None
            case ContainerChanged(container=container, change="created" | "renamed"):
                show, touched = _with_container(show, container, world), None
            case ContainerChanged(container=container, change="started") if container not in show:
                show = _with_container(show, container, world)
            case Written() | WhiteoutWritten() | Removed() | CopiedUp() | LookedUp() | Listed():
                if event.place != "host" and event.place not in show:
                    touched = (event.place, event.path if isinstance(event, Listed) else paths.parent(event.path))
                elif event.place in show and isinstance(event, Written | WhiteoutWritten | CopiedUp | LookedUp):
                    touched = (event.place, paths.parent(event.path))
            case HostChanged() if not show:
                pass
    show = tuple(address for address in show if is_there(world, address))
    if touched is not None and is_there(world, touched[0]):
        show = show if touched[0] in show else (touched[0],)
        directory = touched[1]
    if not show:
        show = _newest(world)
    directory = _existing(world, show, directory)
    kept = tuple(event for event in events if isinstance(event, LookedUp | Listed | CopiedUp))
    return Place(show, directory, trace=kept)


def _with_container(show: tuple[str, ...], container: str, world: World) -> tuple[str, ...]:
    """`container` on the stage: beside the containers that already stand there, at most three."""
    standing = tuple(name for name in show if any(one.name == name for one in world.containers) and name != container)
    return (*standing[-2:], container)


def _newest(world: World) -> tuple[str, ...]:
    if world.containers:
        return (world.containers[-1].name,)
    tagged = [image for image in world.images if any(key == image.key for _, key in world.tags)]
    return (place_of(world, tagged[-1]),) if tagged else ()


def _existing(world: World, show: tuple[str, ...], directory: str) -> str:
    """`directory`, or the nearest one above it that one of `show` has; a stack that has names only deeper down is
    entered."""
    for address in show:
        stack = resolve(world, parse(address)).stack
        here = directory
        while here != paths.ROOT:
            found = seen(stack, here)
            if found is not None:
                return here
            here = paths.parent(here)
    return paths.ROOT
