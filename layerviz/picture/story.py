"""Commands told in pictures: one for each moment that shows, choreographed one after another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from layerviz.engine.actions import Action, FinishBuild, StartBuild, UseCache
from layerviz.engine.events import (
    BuildStep,
    ContainerChanged,
    CopiedUp,
    Event,
    Listed,
    LookedUp,
    Made,
    Removed,
    Shown,
    WhiteoutWritten,
    Written,
)
from layerviz.engine.find import place_of
from layerviz.engine.paths import parent
from layerviz.engine.world import World
from layerviz.picture.choreograph import choreograph
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.layout.plan import meant
from layerviz.picture.timeline import Timeline, joined, still

_SILENT = (StartBuild, UseCache, FinishBuild)
"""Steps of a build that show nothing: they only say on what it stands."""


class Moment(Protocol):
    """An atomic action with its worlds, as the command language gives it."""

    @property
    def before(self) -> World: ...
    @property
    def action(self) -> Action: ...
    @property
    def events(self) -> tuple[Event, ...]: ...
    @property
    def after(self) -> World: ...


def tell(moments: Sequence[Moment], before: Place, after: Place, view: View) -> Timeline:
    """From the picture of `before` in the first world to that of `after` in the last one, through every moment that
    shows.

    A moment is drawn as `after` as soon as all that it shows is there; until then as `before`. Where something that
    stands there is removed, it stays on the stage until it goes. Raises ValueError without moments.
    """
    if not moments:
        raise ValueError("a story needs at least one moment; for a change of view use choreograph")
    start = moments[0].before
    here = layout(start, before, view)
    parts: list[Timeline] = []
    final = layout(moments[-1].after, after, view)
    bare = replace(after, trace=(), focus=())
    goes = [a for a in before.show if meant(start, a) is not None and meant(moments[-1].after, a) is None]
    if goes:
        bare = replace(before, trace=(), focus=(), beside="")
    elif _stands(start, after) and _arrives(before, after):
        opened = layout(start, replace(bare, trace=before.trace), view)
        if opened.frame != here.frame:
            parts.append(choreograph(here, (), opened))
            here = opened
    workers = _workers(moments, after.directory)
    telling = [moment for moment in moments if _shows(moment, workers)]
    for n, moment in enumerate(telling):
        events = tuple(_on_stage(event, moment.after, here) for event in moment.events)
        last = n == len(telling) - 1
        if after.vacated and not any(meant(moment.after, address) for address in goes):
            bare = replace(after, trace=(), focus=(), beside="")  # nothing takes the place of what is gone
        there = final if last and not goes else _picture(moment, bare, bare if goes else before, view, workers)
        part = choreograph(here, events, there)
        parts.append(part)
        here = there
    if not telling or here.frame != final.frame:
        parts.append(choreograph(here, (), final))
    return joined(parts or [still(final)])


def traces(events: Sequence[Event]) -> tuple[Event, ...]:
    """Those of `events` whose outcome a picture can keep visible."""
    return tuple(event for event in events if isinstance(event, LookedUp | Listed | CopiedUp | Written | Shown))


def _shows(moment: Moment, workers: frozenset[str]) -> bool:
    """Whether a moment is worth a picture: of a build those that make a layer, and what its containers do that are
    shown."""
    if isinstance(moment.action, _SILENT) or not moment.events:
        return False
    if moment.before.building is None:
        return True
    for event in moment.events:
        place = getattr(event, "place", "") or getattr(event, "container", "")
        if isinstance(event, ContainerChanged):
            if event.change == "created" and place in workers:
                return True
        elif isinstance(event, BuildStep):
            if not event.cached:
                return True
        elif place in workers or not isinstance(event, LookedUp | Listed | CopiedUp | Written | Removed | Made):
            return True
    return False


def _workers(moments: Sequence[Moment], directory: str) -> frozenset[str]:
    """Containers of a build whose work is told: they copy a file up, or remove what they wrote, before the eyes of the
    reader. The others' layers just fall on the stack."""
    worth: set[str] = set()
    written: set[tuple[str, str]] = set()
    for moment in moments:
        if moment.before.building is None:
            continue
        for event in moment.events:
            if isinstance(event, CopiedUp) and event.size_bytes and parent(event.path) == directory:
                worth.add(event.place)
            elif isinstance(event, Written):
                written.add((event.place, event.path))
            elif (
                isinstance(event, Removed) and parent(event.path) == directory and (event.place, event.path) in written
            ):
                worth.add(event.place)
    return frozenset(worth)


def _picture(moment: Moment, after: Place, before: Place, view: View, workers: frozenset[str]) -> Picture:
    world = moment.after
    place = after if _stands(world, after) else before
    show = place.show
    building = world.building
    if building is not None:
        working = [c.name for c in world.containers if c.name in workers and c.image.key == building.image_key]
        if working:
            show = tuple(working[-1] if _is_ref(address, building.ref) else address for address in show)
            # What the panel would print is not there yet: it is of the image that this container's layer becomes.
            place = replace(place, beside=place.beside if place.beside == "computer" else "")
    return layout(world, replace(place, show=show, trace=traces(moment.events)), view)


def _is_ref(address: str, ref: str) -> bool:
    return address.removesuffix(":latest") == ref.removesuffix(":latest")


def _stands(world: World, place: Place) -> bool:
    """Whether all that `place` shows is there, and a build under way has made a layer of it."""
    for address in place.show:
        found = meant(world, address)
        if found is None:
            return False
        if found.kind == "image" and not found.stack and world.building is not None:
            return False
    return True


def _arrives(before: Place, after: Place) -> bool:
    """Whether the stage shows something else from the first moment on."""
    return (before.show, before.directory, before.beside) != (after.show, after.directory, after.beside)


def _on_stage(event: Event, world: World, picture: Picture) -> Event:
    """`event`, told of the image if its container does not stand on the stage."""
    name = getattr(event, "place", None)
    if name is None or picture.slot(name) is not None:
        return event
    container = next((c for c in world.containers if c.name == name), None)
    if container is None or isinstance(event, CopiedUp | Written | WhiteoutWritten):
        return event
    for tag in (container.image_ref, place_of(world, container.image)):
        if picture.slot(tag) is not None:
            shifted = _below_container(event, len(container.image.layers))
            return replace(shifted, place=tag)  # type: ignore[call-arg]  # events of a place have one
    return event


def _below_container(event: Event, layers: int) -> Event:
    """A lookup as the image alone would answer it: the empty layer above it is not asked."""
    if isinstance(event, LookedUp):
        return replace(event, asked=tuple(step for step in event.asked if step[0] <= layers))
    return event
