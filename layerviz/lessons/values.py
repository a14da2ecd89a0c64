"""What expressions are made of: layers, files and names of a world, and the functions that find them.

Layers are the same when their ChainIDs are (same bytes on the same layers), whichever image or world they are met in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from layerviz.engine import digests, drivers, find, merge, sizes
from layerviz.engine.address import AddressError, Place, resolve
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.events import CopiedUp, Event
from layerviz.engine.world import Image, Layer, World


@dataclass(frozen=True, slots=True)
class At:
    """A layer where it stands. `identity` is its ChainID, or the key of a layer that has none; only that is
    compared."""

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
    """The layers of the image or container called `name`, bottom first, or the one layer that it names."""
    return _layers(_place(scene, name))


def layers_on_disk(scene: Scene) -> tuple[At, ...]:
    """Every layer that images are made of, once."""
    found: dict[str, At] = {}
    images = (*scene.world.images, *(container.image for container in scene.world.containers))
    for image in images:
        for at in _image_layers(image, find.place_of(scene.world, image)):
            found.setdefault(at.identity, at)
    return tuple(found.values())


def image_names(scene: Scene) -> frozenset[str]:
    """One name for every image, its short id where it has no tag."""
    return frozenset(find.place_of(scene.world, image) for image in scene.world.images)


def names_of_the_world(scene: Scene) -> tuple[str, ...]:
    """What addresses may begin with: the names of images and containers, as people write them."""
    tags = tuple(find.short_ref(ref) for ref, _ in scene.world.tags)
    return (*tags, *(container.name for container in scene.world.containers))


def has_directory(scene: Scene, name: str, directory: str) -> bool:
    """Whether some layer of what is called `name` has that directory, seen or hidden; your computer has all."""
    try:
        place = _place(scene, name)
    except Missing:
        return False
    rows = [found.entry for found in merge.versions(place.stack, directory)]
    return directory == "/" or place.kind == "host" or any(row.kind is Kind.DIR for row in rows)


def files_seen(scene: Scene, name: str) -> tuple[File, ...]:
    """The files of the merged view, those below the path of `name` if it has one; directories are no files."""
    place = _place(scene, name)
    layers = _layers(place)
    found = merge.walk(tuple(at.layer for at in layers), place.path or "/")
    return tuple(
        File(seen.entry.path, layers[seen.position - 1], seen.entry.size_bytes)
        for seen in found
        if seen.entry.kind is not Kind.DIR
    )


def files_stored(scene: Scene, name: str) -> tuple[File, ...]:
    """The file entries of all layers, seen or not; whiteouts and directories are no files."""
    place = _place(scene, name)
    below = (place.path or "/").rstrip("/") + "/"
    layers = _layers(place)
    return tuple(
        File(found.entry.path, layers[found.position - 1], found.entry.size_bytes)
        for found in sizes.stored(tuple(at.layer for at in layers))
        if found.entry.path.startswith(below)
    )


def names_in(scene: Scene, name: str) -> frozenset[str]:
    """The names that the merged view has in the directory of `name` (the root, if it names none)."""
    place = _place(scene, name)
    layers = tuple(at.layer for at in _layers(place))
    return frozenset(found.entry.name for found in merge.children(layers, place.path or "/"))


def layer_that_answers(scene: Scene, name: str, path: str) -> tuple[At, ...]:
    """The layer in which a look-up of `path` ends; none where it finds nothing."""
    layers = stack_of(scene, name)
    found = merge.lookup(tuple(at.layer for at in layers), path).found
    return (layers[found.position - 1],) if found else ()


def layers_that_hold(scene: Scene, name: str, path: str) -> tuple[At, ...]:
    """The layers with an entry at `path` that is no whiteout, bottom first."""
    return tuple(at for at in stack_of(scene, name) if at.layer.entries.row(path) is not None)


def entry_at(scene: Scene, name: str) -> Entry | None:
    """The entry that `name` (an address with a path) means: the one seen, or with a layer that layer's own, whiteouts
    too."""
    place = _place(scene, name)
    path = place.path or "/"
    layers = tuple(at.layer for at in _layers(place))
    if place.position is None:
        found = merge.lookup(layers, path).found
        return found.entry if found else None
    entries = layers[0].entries
    row = entries.row(path)
    row = entries.whiteout(path) if row is None else row
    return None if row is None else entries.entry(row)


def size_of(scene: Scene, name: str) -> int | None:
    """Bytes of a file, of a layer, or of all layers of a stack; None where one of them is not known."""
    place = _place(scene, name)
    if place.path is not None:
        entry = entry_at(scene, name)
        if entry is None:
            raise Missing(name)
        return entry.size_bytes
    if place.kind == "image" and place.image is not None and place.position is None:
        return sizes.size_of_image(place.image)
    return summed(_layers(place))


def kept_on_disk(scene: Scene, driver: str, name: str) -> frozenset[str]:
    """The names that `driver` keeps in a directory of one layer's place on disk (`name` has a number and a path)."""
    place = _place(scene, name)
    if driver not in drivers.DRIVERS or place.position is None:
        raise Missing(driver if place.position is not None else name)
    kept = drivers.on_disk(driver, place.stack)[place.position - 1]
    return frozenset(entry.name for entry in kept.children(place.path or "/"))


def summed(layers: Iterable[At]) -> int | None:
    """The sum of the layers' sizes; None where one is not known."""
    return sizes.size_of_stack(tuple(at.layer for at in layers))


def image_of(scene: Scene, name: str) -> Image:
    """The image called `name`, or that of the container called so."""
    image = _place(scene, name).image
    if image is None:
        raise Missing(name)
    return image


def packed_as(scene: Scene, blob: str) -> tuple[At, ...]:
    """The layers whose packed form, as a pull names it, has a digest beginning with `blob`."""
    return tuple(at for at in layers_on_disk(scene) if at.layer.blob_digest.removeprefix("sha256:").startswith(blob))


def diff_id(scene: Scene, name: str) -> str:
    return digests.diff_id(stack_of(scene, name)[0].layer)


def blob_digest(scene: Scene, name: str) -> str:
    blob = stack_of(scene, name)[0].layer.blob_digest
    if not blob:
        raise Missing(f"digest of {name}")
    return blob


def copied_into(scene: Scene, container: str) -> int:
    """Bytes copied up into the layer of `container` by what has happened so far."""
    return sum(e.size_bytes for e in scene.events if isinstance(e, CopiedUp) and e.place == container)


def is_there(scene: Scene, name: str) -> bool:
    """Whether `name` means something: a stack, a layer of it, or something seen (or stored, with a layer) at a path."""
    return is_named(scene, name) and not (":/" in name and _is_whiteout(entry_at(scene, name)))


def is_named(scene: Scene, name: str) -> bool:
    """The same, with whiteouts: they can be looked at."""
    try:
        place = _place(scene, name)
    except Missing:
        return False
    return place.path is None or entry_at(scene, name) is not None


def _is_whiteout(entry: Entry | None) -> bool:
    return entry is not None and entry.is_whiteout


def _place(scene: Scene, name: str) -> Place:
    try:
        return resolve(scene.world, name)
    except AddressError as unknown:
        raise Missing(name) from unknown


def _layers(place: Place) -> tuple[At, ...]:
    if place.container is not None:
        own = place.container.layer
        top = len(place.container.image.layers) + 1
        every = (
            *_image_layers(place.container.image, place.name),
            At(f"own {own.key}", own, place.name, top, own=True),
        )
    elif place.image is not None:
        every = _image_layers(place.image, place.name)
    else:
        every = tuple(At(f"key {layer.key}", layer, place.name, n) for n, layer in enumerate(place.stack, 1))
    return every if place.position is None else (every[place.position - 1],)


def _image_layers(image: Image, name: str) -> tuple[At, ...]:
    chain = digests.chain_ids(image.layers)
    return tuple(
        At(chain_id, layer, name, position)
        for position, (layer, chain_id) in enumerate(zip(image.layers, chain, strict=True), 1)
    )
