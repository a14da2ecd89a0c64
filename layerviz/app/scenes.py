"""What the stage can be asked to draw: a step of a lesson, its challenge, a world of Build. Values; no Qt."""

from dataclasses import dataclass, replace
from functools import lru_cache

from layerviz.engine import paths
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.events import PullProgress
from layerviz.engine.world import World
from layerviz.lessons import stage as lesson_stage
from layerviz.lessons.playing import ChallengeRun, StepRun
from layerviz.lessons.schema import Question
from layerviz.picture.choreograph import choreograph
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.shapes import Badge, Frame, Stage, Tile
from layerviz.picture.story import tell
from layerviz.picture.timeline import Timeline, joined
from layerviz.shell import Moment

STACK_SHARE = 0.8
"""How much of the stage's height the stack takes where a thing to take lies under it."""
EDGE_PX = 16
PANEL_FROM = 1000
SAID_BY_PANES = ("computer", "history", "config")


@dataclass(frozen=True, slots=True, eq=False)
class StepScene:
    """The outcome of a step, with its motion."""

    run: StepRun

    def still(self, view: View) -> Picture:
        return lesson_stage.picture(_fitting(self.run, view), _page(self.run, view))

    def motion(self, view: View) -> Timeline | None:
        return lesson_stage.timeline(_fitting(self.run, view), _page(self.run, view))


@dataclass(frozen=True, slots=True, eq=False)
class BeforeScene:
    """The stage before a step's commands: what the hand finds. In a window the thing to take lies at its lower edge."""

    run: StepRun

    def still(self, view: View) -> Picture:
        if not view.fixed:
            return lesson_stage.first(self.run, _page(self.run, view))
        run = alone(self.run)
        high = replace(view, height=view.height * STACK_SHARE)
        picture = lesson_stage.first(run, high)
        frame = replace(picture.frame, height=view.height)
        tile = self._taken(lesson_stage.picture(run, high))
        if tile is not None:
            frame = replace(frame, shapes=(*frame.shapes, *_at_edge(tile, frame, run)))
        return replace(picture, frame=frame)

    def _taken(self, after: Picture) -> Tile | None:
        """The tile that the thing to take will be, where it will lie."""
        act = self.run.step.act
        name = paths.base(act.source.partition(":")[2]) if act is not None else ""
        layers = lesson_stage.coming(self.run)
        for shape in after.frame.shapes:
            layer, _, path = shape.address.partition(":/")
            if isinstance(shape, Tile) and layer in layers and paths.base("/" + path) == name:
                return shape
        return None

    def motion(self, view: View) -> Timeline | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class AskScene:
    """The stage while a question is asked; on a page of its own the question stands in the caption's place, and once it
    is
    `revealed` the answer."""

    run: StepRun
    question: Question
    revealed: bool = False

    def still(self, view: View) -> Picture:
        if not view.fixed:
            view = self._captioned(view)
        return lesson_stage.asked(self.run, self.question, view)

    def motion(self, view: View) -> Timeline | None:
        return None

    def _captioned(self, view: View) -> View:
        return lesson_stage.asking_captioned(self.run, self.question, view, self.revealed)


@dataclass(frozen=True, slots=True, eq=False)
class ChallengeScene:
    """Where a challenge begins; where nothing of it is there yet, what the last step left."""

    start: ChallengeRun
    last: StepRun

    def still(self, view: View) -> Picture:
        if not any(is_there(self.start.world, address) for address in self.start.place.show):
            return lesson_stage.picture(alone(self.last), self._captioned(view))
        return lesson_stage.challenge(self.start, self.start.world, self._captioned(view))

    def _captioned(self, view: View) -> View:
        return view if view.fixed else lesson_stage.challenge_captioned(self.last, view)

    def motion(self, view: View) -> Timeline | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class WorldScene:
    """A place of a world, and the moments that led to it from `before`."""

    world: World
    place: Place
    moments: tuple[Moment, ...] = ()
    before: Place | None = None
    title: str = ""
    caption: str = ""

    def still(self, view: View) -> Picture:
        if not view.fixed:
            view = replace(view, title=self.title, caption=self.caption)
        return layout(self.world, self.place, view)

    def motion(self, view: View) -> Timeline | None:
        if not self.moments or self.before is None:
            return None
        if not view.fixed:
            view = replace(view, title=self.title, caption=self.caption)
        if not any(isinstance(event, PullProgress) for moment in self.moments for event in moment.events):
            return tell(self.moments, self.before, self.place, view)
        # What docker prints while it pulls stands beside the stack as long as it changes; then the stack has the room.
        pulling = replace(self.place, beside="log")
        pulled = layout(self.world, pulling, view)
        told = tell(self.moments, self.before, pulling, view)
        return joined((told, choreograph(pulled, (), layout(self.world, self.place, view))))


def _at_edge(tile: Tile, frame: Frame, run: StepRun) -> tuple[Tile, Badge]:
    """`tile`, not on a slab yet: at the lower right edge, with its name."""
    act, camera = run.step.act, frame.camera
    assert act is not None
    wide = tile.u1 - tile.u0
    level = (camera.y - frame.height * 0.94) / camera.pitch
    room = frame.width - wide - camera.depth_x - EDGE_PX
    u = min(frame.width * 0.76, room) - camera.x
    hand = replace(tile, id="hand", address=act.source, level=level, u0=u, u1=u + wide, tag="")
    name = paths.base(act.source.partition(":")[2])
    front = Stage(u + wide / 2, tile.v0, level)
    return hand, Badge(id="hand.name", address=act.source, x=4, y=22, text=name, on=front, hue=tile.hue)


@lru_cache(maxsize=64)
def alone(run: StepRun) -> StepRun:
    """`run` with nothing beside the stack and no remarks: for small pictures."""
    return replace(
        run,
        place_before=replace(run.place_before, beside="", focus=(), trace=()),
        place_after=replace(run.place_after, beside="", focus=(), trace=()),
    )


@lru_cache(maxsize=64)
def _slim(run: StepRun) -> StepRun:
    return replace(run, place_after=replace(run.place_after, beside=""))


def _fitting(run: StepRun, view: View) -> StepRun:
    """In a narrow stage the panel beside the stack goes, where the pane left of the stage says the same."""
    return _slim(run) if view.fixed and view.width < PANEL_FROM and run.place_after.beside in SAID_BY_PANES else run


def is_there(world: World, address: str) -> bool:
    """Whether `address` is the address of something in `world`."""
    try:
        resolve(world, parse(address))
    except AddressError:
        return False
    return True


def _page(run: StepRun, view: View) -> View:
    """On a page of its own a step carries its title and caption; in a window, widgets show them."""
    return view if view.fixed else lesson_stage.captioned(run, view)
