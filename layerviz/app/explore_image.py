"""An image that Explore has open: the world it stands in, its layers as lines, and what its pictures show. No Qt."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from layerviz.engine import merge, paths
from layerviz.engine.actions import BringImage
from layerviz.engine.address import parse
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.entry import Kind
from layerviz.engine.events import LookedUp
from layerviz.engine.find import place_of, tags_of
from layerviz.engine.layer_facts import LayerFacts
from layerviz.engine.sizes import size_of_layer
from layerviz.engine.world import Image, Layer, World
from layerviz.images.assembling import BroughtImage
from layerviz.images.instruction import instruction
from layerviz.images.reference import tags
from layerviz.picture.choreograph import choreograph
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.layout.choice import lit
from layerviz.picture.layout.sight import Names, layers_without, sight
from layerviz.picture.shapes import Slab
from layerviz.picture.timeline import Timeline

Order = Literal["order", "size", "waste"]
ORDERS: tuple[Order, ...] = ("order", "size", "waste")


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """`text` is what was opened, as it can be typed; `all` the images of that place. `name` is what addresses call
    the image."""

    text: str
    world: World
    image: Image
    name: str
    refs: tuple[str, ...]
    brought: BroughtImage | None = None
    all: tuple[BroughtImage, ...] = ()

    @property
    def stack(self) -> tuple[Layer, ...]:
        return self.image.layers

    @property
    def lesson(self) -> str:
        """The id of the lesson that built it, "" for none."""
        return self.text.split(":")[1] if self.text.startswith("lesson:") else ""

    @property
    def size_bytes(self) -> int:
        return sum(size_of_layer(layer) or 0 for layer in self.stack)


Step = Literal["waiting", "coming", "here", "being_read", "read"]


class Arrival(NamedTuple):
    """How far a layer is: it waits, comes from elsewhere, lies on this disk, is being read, or is read. `share` of
    what it is doing is done; `stored_bytes` is what there is of it, None where nobody says."""

    step: Step
    share: float
    stored_bytes: int | None


class Line(NamedTuple):
    """A line of the list of layers; `position` 0 for a line of the history that made none. `arrival` of a layer that is
    not read yet."""

    position: int
    text: str
    size_bytes: int | None = None
    facts: LayerFacts | None = None
    arrival: Arrival | None = None


def opened(text: str, brought: BroughtImage, others: Sequence[BroughtImage]) -> Opened:
    """`brought`, one of the images at the place `text`, standing in a world of its own."""
    world = apply(empty_world(), BringImage(brought.image, tags(brought.refs))).world
    image = world.images[-1]
    return Opened(text, world, image, place_of(world, image), brought.refs, brought, tuple(others))


def ready(image: Opened) -> Opened:
    """The same image, with all that its first picture needs found out."""
    names_in(image, paths.ROOT)
    return image


def as_brought(image: Opened) -> BroughtImage:
    """The image as if it had been read."""
    return image.brought or BroughtImage(image.image, image.refs)


def of_world(text: str, world: World, name: str) -> Opened:
    """The image `name` of a world that commands made. Raises `LookupError` where it has none."""
    for image in world.images:
        if place_of(world, image) == name:
            return Opened(text, world, image, name, tags_of(world, image))
    raise LookupError(name)


def command_of(created_by: str) -> str:
    """An instruction in its shortest form: what RUN runs."""
    return created_by.removeprefix("RUN ")


def lines_of(
    image: Image, facts: Sequence[LayerFacts], order: Order, arrivals: Sequence[Arrival] = ()
) -> tuple[Line, ...]:
    """The lines of the list: newest first, with the history's empty ones between; or largest or most wasteful first,
    without them. `arrivals`: of an image that is being read, how far each layer is."""
    known = {one.position: one for one in facts}
    coming = {position: one for position, one in enumerate(arrivals, 1) if one.step != "read"}
    layers = {
        position: Line(
            position, command_of(layer.created_by), size_of_layer(layer), known.get(position), coming.get(position)
        )
        for position, layer in enumerate(image.layers, 1)
    }
    if order == "size":
        return tuple(sorted(layers.values(), key=lambda line: (-(line.size_bytes or 0), -line.position)))
    if order == "waste":
        return tuple(sorted(layers.values(), key=lambda line: (-_hidden(line), -line.position)))
    return tuple(_in_order(image, layers))[::-1]


def _hidden(line: Line) -> int:
    return line.facts.hidden_bytes if line.facts is not None else 0


def _in_order(image: Image, layers: dict[int, Line]) -> Iterator[Line]:
    """Oldest first. A history that does not match the layers names none of them."""
    if sum(not one.empty_layer for one in image.history) != len(layers):
        yield from layers.values()
        return
    position = 0
    for one in image.history:
        if one.empty_layer:
            yield Line(0, command_of(instruction(one.created_by) or one.comment))
        else:
            position += 1
            yield layers[position]


# What a directory shows


class Counts(NamedTuple):
    seen: int
    gone: int


def names_in(image: Opened, directory: str) -> Names:
    """Every name that any layer has in `directory`, seen or not."""
    return sight(image.stack, directory)


def counts_in(image: Opened, directory: str) -> Counts:
    """How many names are seen there, and how many are stored and not seen."""
    names = names_in(image, directory)
    gone = sum(name.seen is None and any(not one.is_whiteout for one in name.versions) for name in names)
    return Counts(sum(name.seen is not None for name in names), gone)


def left_out(image: Opened, directory: str) -> tuple[int, ...]:
    """The layers that have nothing there, from the bottom; none where no layer has anything."""
    return layers_without(image.stack, directory)


def runs(numbers: Sequence[int]) -> tuple[str, ...]:
    """Numbers in order, three and more neighbours as one: 1, 2, 4, 5, 6 → "1", "2", "4–6"."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    said: list[str] = []
    for run in found:
        said += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(number) for number in run]
    return tuple(said)


def home_of(image: Opened, position: int) -> str:
    """The deepest directory that holds all that a layer has: where to look at it."""
    entries = image.stack[position - 1].entries
    directory = paths.ROOT
    while True:
        rows = entries.children(directory)
        inside = {entries.entry(row).path for row in rows}
        if len(inside) != 1:
            return directory
        (path,) = inside
        only = [entries.entry(row) for row in rows]
        # A directory that the layer itself changes is told apart only where it stands.
        if any(one.kind is not Kind.DIR or one.is_whiteout for one in only) or not len(entries.below(path)):
            return directory
        directory = path


def row_of(picture: Picture, position: int) -> int:
    """The position under which a layer is addressed in a picture: that of the topmost one where several are folded."""
    slabs = (shape for shape in picture.frame.shapes if isinstance(shape, Slab) and shape.style == "layer")
    shown = (parse(slab.address).layer for slab in slabs)
    return min((at for at in shown if isinstance(at, int) and at >= position), default=position)


def existing(image: Opened, directory: str) -> str:
    """`directory`, or the nearest one above it that any layer has something in."""
    while directory != paths.ROOT and not names_in(image, directory):
        directory = paths.parent(directory)
    return directory


def address_of(image: Opened, path: str) -> str:
    """The address of `path`: as it is seen, else of its newest version that is stored."""
    if merge.seen(image.stack, path) is not None:
        return f"{image.name}:{path}"
    stored = [one for one in merge.versions(image.stack, path) if not one.entry.is_whiteout]
    return f"{image.name}[{stored[0].position}]:{path}" if stored else ""


def is_directory(image: Opened, path: str) -> bool:
    """Whether some layer has a directory there that can be looked into, seen or not."""
    return any(one.entry.kind is Kind.DIR for one in merge.versions(image.stack, path)) or path == paths.ROOT


# What stands on the stage


@dataclass(frozen=True, slots=True, eq=False)
class ImageScene:
    """A directory of an image; with `looked`, the path whose look-up is its motion."""

    image: Opened
    place: Place
    looked: str = ""
    _drawn: dict[View, Picture] = field(default_factory=dict, init=False, repr=False)
    """As it was laid out last, nothing chosen."""

    def still(self, view: View) -> Picture:
        if not view.fixed:
            view = replace(view, title=self.image.name, caption=paths.display(self.place.directory))
        bare = replace(view, chosen="", pointed="")
        if bare not in self._drawn:
            self._drawn.clear()
            self._drawn[bare] = layout(self.image.world, self.place, bare)
        return lit(self._drawn[bare], view.chosen, view.pointed)

    def motion(self, view: View) -> Timeline | None:
        if not self.looked:
            return None
        here = self.still(view)
        return choreograph(here, (self._lookup(),), here)

    def _lookup(self) -> LookedUp:
        """The look-up as this stage can show it: layers that are left out are not on the way."""
        found = merge.lookup(self.image.stack, self.looked)
        out = left_out(self.image, self.place.directory)
        asked = tuple(step for step in found.asked if step[0] not in out)
        hit = found.found
        size = hit.entry.size_bytes if hit is not None else 0
        return LookedUp(self.image.name, self.looked, asked, hit.position if hit is not None else None, size)


def place_at(image: Opened, directory: str, path: str = "") -> Place:
    """The directory on the stage, with the column of a chosen path in it."""
    return Place((image.name,), directory, sparse=True, column=path)
