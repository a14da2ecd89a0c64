"""Which panel stands beside the stage, and how wide."""

from collections.abc import Iterator, Sequence

from layerviz.engine.world import Image, World
from layerviz.picture.layout.beside import blocks, listing
from layerviz.picture.layout.beside.cards import cards
from layerviz.picture.layout.beside.computer import computer
from layerviz.picture.layout.beside.differences import diff
from layerviz.picture.layout.beside.sheet import MOST_PX, MOST_PX_OF_PAGE, Sheet
from layerviz.picture.layout.fit import Box, Fit
from layerviz.picture.layout.page import Page
from layerviz.picture.layout.place import Place, View
from layerviz.picture.layout.plan import Stack
from layerviz.picture.shapes import AnyShape, Slab

SHARE, SHARE_OF_CONTAINERS = 0.34, 0.23
LEAST, MOST = 236.0, 480.0
SHARES = {
    "cards": 0.42,
    "computer": 0.40,
    "names": 0.42,
    "log": 0.45,
    "history": 0.42,
    "driver": 0.40,
    "inspect": 0.40,
    "memory": 0.30,
}
BEFORE_A_STACK = ("computer", "log")
"""Panels that stand where they will stand when the stack has come."""
UNKNOWN_HEIGHT = 96.0
MOST_OF = {"cards": 520.0}


def box(page: Page, place: Place, has_stack: bool, containers: int) -> Box | None:
    """The panel's room at the right of the stage; all of it where nothing else stands there; None for no panel. Stacks
    of several `containers` need the width more than what they take on the disk does."""
    if not place.beside or (place.beside == "cards" and not place.cards):
        return None
    room = page.stage
    if not has_stack and place.beside not in BEFORE_A_STACK:
        spare = max(0.0, room.width - 900) / 2
        return room.inset(left=spare, right=spare)
    share = SHARE_OF_CONTAINERS if place.beside == "disk" and containers > 1 else SHARES.get(place.beside, SHARE)
    width = min(MOST_OF.get(place.beside, MOST), max(LEAST, room.width * share))
    if room.width - width < 300:
        return None
    inset = 0.0 if not page.view.fixed else 6.0
    return Box(room.right - width, room.y + inset, width, room.height - inset - (6 if page.view.fixed else 0))


def shapes(world: World, place: Place, view: View, panel: Box, fit: Fit, stacks: Sequence[Stack]) -> Iterator[AnyShape]:
    """What stands in the panel; while a question is asked only what it cannot give away."""
    sheet = Sheet(place.beside, panel, fit, view.lang, MOST_PX if view.fixed else MOST_PX_OF_PAGE)
    slabs = dict(_slabs(fit, stacks))
    images = _images(stacks)
    ref, image = images[-1] if images else ("", None)
    if place.beside == "cards":
        yield from cards(sheet, place.cards)
    elif place.beside == "computer":
        top = max((len(stack.layers) for stack in stacks), default=0)
        yield from computer(sheet, world, top + 1)
    elif view.asking:
        yield from _unknown(sheet)
    elif image is not None:
        yield from _of_image(sheet, world, place, stacks, slabs, images, ref, image)


def _unknown(sheet: Sheet) -> Iterator[AnyShape]:
    """A panel that says no more than that something will stand in it."""
    sheet = sheet.of_height(UNKNOWN_HEIGHT)
    yield from sheet.frame("")
    middle = sheet.box.x + sheet.box.width / 2
    yield sheet.text(
        "unknown", middle, sheet.box.y + sheet.box.height / 2 + 15, "?", 60, mono=False, weight=700, align="centre",
        px=44,
    )  # fmt: skip


def _of_image(
    sheet: Sheet,
    world: World,
    place: Place,
    stacks: Sequence[Stack],
    slabs: dict[int, Slab],
    images: Sequence[tuple[str, Image]],
    ref: str,
    image: Image,
) -> Iterator[AnyShape]:
    containers = [stack.container for stack in stacks if stack.container is not None]
    match place.beside:
        case "log":
            yield from listing.log(sheet, world, image, slabs)
        case "inspect":
            yield from listing.inspect(sheet, image, slabs)
        case "names":
            yield from listing.names(sheet, image, slabs)
        case "history":
            yield from listing.history(sheet, image, ref, slabs)
        case "driver":
            yield from listing.driver(sheet, stacks[-1].layers, world.driver, slabs)
        case "config":
            yield from listing.config(sheet, image, ref)
        case "diff" if containers:
            yield from diff(sheet, containers[0])
        case "memory":
            names = [container.name for container in containers]
            yield from blocks.memory(sheet, names, stacks[0].layers[0] if stacks[0].layers else None, slabs)
        case "disk" if len(containers) > 1:
            yield from blocks.several_containers(sheet, containers, image)
        case "disk" if len(images) > 1:
            yield from blocks.several_images(sheet, images)
        case _:
            stack = stacks[-1]
            heading = sheet.say("beside.layers_of", name=stack.name)
            yield from blocks.one_stack(sheet, stack.layers, slabs, heading, stack.container)


def _images(stacks: Sequence[Stack]) -> list[tuple[str, Image]]:
    """The images on the stage, also those that only their containers show, each once."""
    found: list[tuple[str, Image]] = []
    for stack in stacks:
        image = stack.image or (stack.container.image if stack.container else None)
        if image is not None and all(other is not image for _, other in found):
            name = stack.container.image_ref.removesuffix(":latest") if stack.container else stack.name
            found.append((name, image))
    return found


def _slabs(fit: Fit, stacks: Sequence[Stack]) -> Iterator[tuple[int, Slab]]:
    """Where each layer's slab lies, as far as threads need it."""
    from layerviz.picture.layout.rows import address_of

    for bay in fit.bays:
        for row in bay.section.rows:
            for layer in row.layers:
                yield (
                    layer.key,
                    Slab(
                        id="", u0=bay.u0, u1=bay.u1, level=row.level, hue=row.hue, address=address_of(bay.section, row)
                    ),
                )
