"""Commands told in pictures: one for each moment that shows, choreographed one after another."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from layerviz.engine.actions import Action, FinishBuild, StartBuild, UseCache
from layerviz.engine.address import AddressError, resolve
from layerviz.engine.events import (
    BuildStep,
    ContainerChanged,
    CopiedUp,
    Event,
    Listed,
    LookedUp,
    Shown,
    WhiteoutWritten,
    Written,
)
from layerviz.engine.find import place_of
from layerviz.engine.world import Container, World
from layerviz.picture.choreograph import choreograph
from layerviz.picture.layout import Picture, Place, View, layout
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
    """From the picture of `before` in the first world to that of `after` in the last one, through every moment that shows.

    A moment is drawn as `after` as soon as all that it shows is there; until then as `before`. Raises ValueError without moments.
    """
    if not moments:
        raise ValueError("a story needs at least one moment; for a change of view use choreograph")
    start = moments[0].before
    here = layout(start, before, view)
    parts: list[Timeline] = []
    final = layout(moments[-1].after, after, view)
    bare = replace(after, trace=(), focus=())
    if _stands(start, after) and _arrives(before, after):
        opened = layout(start, replace(bare, trace=before.trace), view)
        if opened.frame != here.frame:
            parts.append(choreograph(here, (), opened))
            here = opened
    telling = _shown(moments, start)
    for n, moment in enumerate(telling):
        events = tuple(_on_stage(event, moment.after, here) for event in moment.events)
        last = n == len(telling) - 1
        there = final if last else _picture(moment, bare, before, view)
        part = choreograph(here, events, there)
        parts.append(part)
        here = there
    if not telling or here.frame != final.frame:
        parts.append(choreograph(here, (), final))
    return joined(parts or [still(final)])


def traces(events: Sequence[Event]) -> tuple[Event, ...]:
    """Those of `events` whose outcome a picture can keep visible."""
    return tuple(event for event in events if isinstance(event, LookedUp | Listed | CopiedUp | Written | Shown))


def _shown(moments: Sequence[Moment], start: World) -> list[Moment]:
    """The moments that show something, of a build only the steps that were not in the cache."""
    known = {container.key for container in start.containers}
    kept: list[Moment] = []
    for moment in moments:
        if isinstance(moment.action, _SILENT):
            continue
        if moment.before.building and not _matters(moment, known):
            continue
        if moment.events:
            kept.append(moment)
    return kept


def _matters(moment: Moment, known: set[int]) -> bool:
    """Within a build: whether the moment writes something or makes a layer; reading and the coming and going of its
    containers do not."""
    telling = [
        event
        for event in moment.events
        if not isinstance(event, LookedUp | Listed | ContainerChanged)
        and not (isinstance(event, BuildStep) and event.cached)
    ]
    return bool(telling)


def _picture(moment: Moment, after: Place, before: Place, view: View) -> Picture:
    world = moment.after
    place = after if _stands(world, after) else before
    show = place.show
    worker = _at_work(world)
    if worker is not None and world.building is not None:
        show = tuple(worker.name if _is_ref(address, world.building.ref) else address for address in show)
    trace = traces(moment.events)
    return layout(world, replace(place, show=show, trace=trace), view)


def _at_work(world: World) -> Container | None:
    """The container that a build's RUN works in."""
    if world.building is None:
        return None
    mine = [c for c in world.containers if c.image.key == world.building.image_key and len(c.layer.entries)]
    return mine[-1] if mine else None


def _is_ref(address: str, ref: str) -> bool:
    return address.removesuffix(":latest") == ref.removesuffix(":latest")


def _stands(world: World, place: Place) -> bool:
    """Whether all that `place` shows is there, and a build under way has made a layer of it."""
    for address in place.show:
        try:
            found = resolve(world, address)
        except AddressError:
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
