"""One line on what stands on the stage: "image three  ·  6 seen, 7 stored". No Qt."""

from layerviz.engine import paths
from layerviz.engine.address import AddressError, Place, parse, resolve
from layerviz.engine.entry import Kind
from layerviz.engine.merge import walk
from layerviz.engine.world import World
from layerviz.strings import Lang, tr

MOST_STACKS = 3
"""More are only named: their counts would not fit on the line."""
MOST_ENTRIES = 20_000
"""Stacks with more are not counted while someone waits."""


def summary_of(world: World, show: tuple[str, ...], lang: Lang, directory: str = paths.ROOT) -> str:
    """Each stack of `show` with what `directory` holds of it; stacks that are not there are left out."""
    places = [place for address in show if (place := _place(world, address)) is not None]
    if len(places) > MOST_STACKS:
        return ", ".join(place.name for place in places)
    parts = [_stack(place, lang, len(show), directory) for place in places]
    return "   ".join(part for part in parts if part)


def names_of(world: World, show: tuple[str, ...], lang: Lang) -> str:
    """Only the names: "image two", "container c1"; of several stacks without their kind."""
    places = [place for address in show if (place := _place(world, address)) is not None]
    if len(places) == 1:
        return tr(lang, f"app.summary.{places[0].kind}", name=places[0].name)
    return ", ".join(place.name for place in places)


def _place(world: World, address: str) -> Place | None:
    try:
        return resolve(world, parse(address))
    except AddressError:
        return None


def _stack(place: Place, lang: Lang, stacks: int, directory: str) -> str:
    if place.kind == "host":
        return ""
    name = place.name if stacks > 1 else tr(lang, f"app.summary.{place.kind}", name=place.name)
    if sum(len(layer.entries) for layer in place.stack) > MOST_ENTRIES or any(layer.is_quoted for layer in place.stack):
        return tr(lang, "app.summary.layers", name=name, count=len(place.stack))
    seen = sum(found.entry.kind is not Kind.DIR for found in walk(place.stack, directory))
    stored = sum(
        layer.entries.entry(row).kind not in (Kind.DIR, Kind.WHITEOUT)
        for layer in place.stack
        for row in layer.entries.below(directory)
    )
    return tr(lang, "app.summary.counts", name=name, seen=seen, stored=stored)
