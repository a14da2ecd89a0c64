"""A file of commands as a story: the commands are played, and after each it is decided what stands on the stage."""

import os
from dataclasses import replace

from layerviz.engine import events as ev
from layerviz.engine import paths
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.apply import empty_world
from layerviz.engine.events import Event
from layerviz.engine.world import World
from layerviz.export.request import ExportProblem
from layerviz.images.ports import ports
from layerviz.picture.layout import Place
from layerviz.shell import Result, run_script

_MOST_BESIDE_EACH_OTHER = 3


def played(text: str, where: str) -> tuple[tuple[Result, ...], tuple[Place, ...]]:
    """Every command's result, and the stage before the first and after each.

    `docker load` reads real files, relative to the current folder; `docker save` writes none, for drawing a script must
    change nothing. Raises `ExportProblem` naming the line of a command that fails.
    """
    outside = replace(ports(os.getcwd()), save=lambda world, refs, file: None)
    results = run_script(empty_world(), text, outside)
    if not results:
        raise ExportProblem(where, "no_commands")
    failed = next((result for result in results if result.status), None)
    if failed is not None:
        said = failed.stderr.strip().splitlines() or [str(failed.status)]
        raise ExportProblem(f"{where}:{failed.line}", "command_failed", {"said": said[0]})
    places = [Place(beside="computer")]
    for result in results:
        places.append(_place_after(result, places[-1]))
    return results, tuple(places)


def _place_after(result: Result, before: Place) -> Place:
    """The stage after a command: what the command touched last, beside what stood there if the two share layers; and
    your computer, when something changed there or nothing else is there yet."""
    happened = [event for moment in result.moments for event in moment.events]
    show = tuple(address for address in before.show if _is_there(result.world, address))
    for address in dict.fromkeys(name for event in happened if (name := _touched(event))):
        if address not in show and _is_there(result.world, address):
            together = tuple(other for other in show if _share(result.world, other, address))
            show = (*together, address)[-_MOST_BESIDE_EACH_OTHER:]
    computer = not show or any(isinstance(event, ev.HostChanged) for event in happened)
    trace = tuple(event for event in happened if isinstance(event, ev.LookedUp | ev.Listed | ev.CopiedUp))
    return Place(show, _directory(happened, before.directory), "computer" if computer else "", trace=trace)


def _touched(event: Event) -> str:
    """The image or container that an event tells of; "" for none, for your computer, and for what only goes away."""
    match event:
        case ev.LayerAdded(image=name) | ev.ConfigChanged(image=name) | ev.PullProgress(image=name):
            return name
        case ev.Tagged(image=name) | ev.Committed(image=name):
            return name
        case ev.ContainerChanged(container=name, change="created" | "started"):
            return name
        case ev.CopiedUp(place=name) | ev.Written(place=name) | ev.Made(place=name) | ev.Removed(place=name):
            return "" if name == "host" else name
        case ev.WhiteoutWritten(place=name) | ev.LookedUp(place=name) | ev.Listed(place=name):
            return "" if name == "host" else name
        case _:
            return ""


def _directory(happened: list[Event], before: str) -> str:
    """Where the last change of a file was; as before, if there was none."""
    for event in reversed(happened):
        match event:
            case ev.Written(place=place, path=path) | ev.WhiteoutWritten(place=place, path=path) if place != "host":
                return paths.parent(path)
            case ev.LayerAdded():
                return paths.ROOT
            case _:
                continue
    return before


def _is_there(world: World, address: str) -> bool:
    try:
        resolve(world, parse(address))
    except AddressError:
        return False
    return True


def _share(world: World, one: str, other: str) -> bool:
    keys = {layer.key for layer in resolve(world, parse(one)).stack}
    return any(layer.key in keys for layer in resolve(world, parse(other)).stack)
