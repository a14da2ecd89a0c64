"""What expressions are made of: layers, files and names of a world, and the functions that find them.

Layers are the same when their ChainIDs are (same bytes on the same layers), whichever image or world they are met in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from layerviz.engine import address as addresses
from layerviz.engine import digests, merge
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.events import CopiedUp, Event
from layerviz.engine.world import Container, Image, Layer, World


@dataclass(frozen=True, slots=True)
class At:
    """A layer where it stands. `identity` is its ChainID, or the key of a container's own layer; only that is compared."""

    identity: str
    layer: Layer = field(compare=False, repr=False)
    stack: str = field(compare=False)
    position: int = field(compare=False)
    own: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.stack}[{'rw' if self.own else self.position}]"


@dataclass(frozen=True, slots=True)
class File:
    """A file's entry in the layer that stores it."""

    path: str
    at: At
    size_bytes: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Scene:
    """What an expression speaks of: a world, the one before the step's commands, and the events that led to it."""

    world: World
    before: World | None = None
    events: tuple[Event, ...] = ()

    def earlier(self) -> "Scene":
        return Scene(self.before or self.world, self.before, self.events)


class Missing(Exception):
    """An address names nothing in this world."""


def stack_of(scene: Scene, name: str) -> tuple[At, ...]:
    """The layers of the image, container or single layer called `name`, bottom first."""
    asked, place = _place(scene, name)
    return tuple(_layers(asked, place))


def layers_on_disk(scene: Scene) -> tuple[At, ...]:
    """Every image layer once, in the order of the images."""
    found: dict[str, At] = {}
    for image in scene.world.images:
        for at in _image_layers(image, _name_of(scene.world, image)):
            found.setdefault(at.identity, at)
    return tuple(found.values())


def image_names(scene: Scene) -> tuple[str, ...]:
    """One name for every image, its short id where it has no tag."""
    return tuple(_name_of(scene.world, image) for image in scene.world.images)


def files_seen(scene: Scene, name: str) -> tuple[File, ...]:
    """The files of the merged view, those below the path of `name` if it has one; directories are no files."""
    asked, place = _place(scene, name)
    layers = tuple(_layers(asked, place))
    found = merge.walk(tuple(at.layer for at in layers), asked.path or "/")
    return tuple(
        File(seen.entry.path, layers[seen.position - 1], seen.entry.size_bytes)
        for seen in found
        if seen.entry.kind is not Kind.DIR
    )


def files_stored(scene: Scene, name: str) -> tuple[File, ...]:
    """The file entries of all layers, seen or not; whiteouts and directories are no files."""
    asked, place = _place(scene, name)
    stored: list[File] = []
    for at in _layers(asked, place):
        for entry in _entries(at.layer, asked.path or "/"):
            if entry.kind is not Kind.DIR and not entry.is_whiteout:
                stored.append(File(entry.path, at, entry.size_bytes))
    return tuple(stored)


def names_in(scene: Scene, name: str) -> tuple[str, ...]:
    """The names that the merged view has in the directory of `name` (the root, if it names none)."""
    asked, place = _place(scene, name)
    layers = tuple(at.layer for at in _layers(asked, place))
    return tuple(found.entry.name for found in merge.children(layers, asked.path or "/"))


def layer_that_answers(scene: Scene, name: str, path: str) -> tuple[At, ...]:
    """The layer in which a look-up of `path` ends; none where it finds nothing."""
    asked, place = _place(scene, name)
    layers = tuple(_layers(asked, place))
    found = merge.lookup(tuple(at.layer for at in layers), path).found
    return (layers[found.position - 1],) if found else ()


def layers_that_hold(scene: Scene, name: str, path: str) -> tuple[At, ...]:
    """The layers with an entry at `path` that is no whiteout, bottom first."""
    asked, place = _place(scene, name)
    return tuple(at for at in _layers(asked, place) if at.layer.entries.row(path) is not None)


def entry_at(scene: Scene, name: str) -> Entry | None:
    """The entry that `name` (an address with a path) means: the one seen, or with a layer that layer's own, whiteouts too."""
    asked, place = _place(scene, name)
    path = asked.path or "/"
    layers = tuple(at.layer for at in _layers(asked, place))
    if asked.layer is None:
        found = merge.lookup(layers, path).found
        return found.entry if found else None
    entries = layers[0].entries
    row = entries.row(path)
    row = entries.whiteout(path) if row is None else row
    return None if row is None else entries.entry(row)


def size_of(scene: Scene, name: str) -> int | None:
    """Bytes of a file, of a layer, or of all layers of a stack; None where one of them is not known."""
    asked, place = _place(scene, name)
    if asked.path is not None:
        entry = entry_at(scene, name)
        if entry is None:
            raise Missing(name)
        return entry.size_bytes
    if place.image is not None and asked.layer is None and place.image.quoted is not None and place.container is None:
        return place.image.quoted.size_bytes
    return summed(_layers(asked, place))


def summed(layers: Iterable[At]) -> int | None:
    total = 0
    for at in layers:
        if at.layer.size_bytes is None:
            return None
        total += at.layer.size_bytes
    return total


def image_of(scene: Scene, name: str) -> Image:
    _, place = _place(scene, name)
    if place.image is None:
        raise Missing(name)
    return place.image


def packed_as(scene: Scene, blob: str) -> tuple[At, ...]:
    """The layers whose packed form, as a pull names it, has a digest beginning with `blob`."""
    return tuple(at for at in layers_on_disk(scene) if at.layer.blob_digest.removeprefix("sha256:").startswith(blob))


def copied_into(scene: Scene, container: str) -> int:
    """Bytes copied up into the layer of `container` by what has happened so far."""
    return sum(e.size_bytes for e in scene.events if isinstance(e, CopiedUp) and e.place == container)


def is_there(scene: Scene, name: str) -> bool:
    """Whether `name` means something: a stack, a layer of it, or something seen (or stored, with a layer) at a path."""
    try:
        asked, place = _place(scene, name)
        list(_layers(asked, place))
    except Missing:
        return False
    if asked.path is None:
        return True
    entry = entry_at(scene, name)
    return entry is not None and not entry.is_whiteout


def diff_id(at: At) -> str:
    return digests.diff_id(at.layer)


def chain_ids_of(image: Image) -> tuple[str, ...]:
    return tuple(digests.chain_ids(image.layers))


def _place(scene: Scene, name: str) -> tuple[addresses.Address, addresses.Place]:
    try:
        asked = addresses.parse(name)
        return asked, addresses.resolve(scene.world, asked)
    except addresses.AddressError as unknown:
        raise Missing(name) from unknown


def _layers(asked: addresses.Address, place: addresses.Place) -> Iterator[At]:
    """The layers of the stack, or the one that the address names by its number."""
    layers = tuple(_all_layers(asked.name, place))
    if asked.layer is None:
        yield from layers
    elif asked.layer == "rw":
        if not layers or not layers[-1].own:
            raise Missing(f"{asked.name}[rw]")
        yield layers[-1]
    elif 1 <= asked.layer <= len(layers):
        yield layers[asked.layer - 1]
    else:
        raise Missing(f"{asked.name}[{asked.layer}]")


def _all_layers(name: str, place: addresses.Place) -> Iterator[At]:
    if isinstance(place.container, Container):
        yield from _image_layers(place.container.image, name)
        own = place.container.layer
        yield At(f"own {own.key}", own, name, len(place.container.image.layers) + 1, own=True)
    elif place.image is not None:
        yield from _image_layers(place.image, name)
    else:
        for position, layer in enumerate(place.stack, 1):
            yield At(f"key {layer.key}", layer, name, position)


def _image_layers(image: Image, name: str) -> Iterator[At]:
    for position, (layer, chain_id) in enumerate(zip(image.layers, chain_ids_of(image), strict=True), 1):
        yield At(chain_id, layer, name, position)


def _name_of(world: World, image: Image) -> str:
    for ref, key in world.tags:
        if key == image.key:
            return ref.removesuffix(":latest")
    return digests.image_id(image).removeprefix("sha256:")[:12]


def _entries(layer: Layer, directory: str) -> Iterator[Entry]:
    for row in layer.entries.below(directory):
        yield layer.entries.entry(row)
