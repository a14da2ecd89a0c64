"""My images: what the images of a place share with each other, and what removing some of them would free."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from layerviz.engine.actions import BringImage
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.digests import image_id
from layerviz.engine.find import tags_of
from layerviz.engine.sharing import sharers
from layerviz.engine.world import Image, Layer, World
from layerviz.images.assembling import BroughtImage
from layerviz.images.reference import tags


@dataclass(frozen=True, slots=True, eq=False)
class StoredLayer:
    """A layer as a store keeps it, once for all `images` (numbers in `Sharing.images`) that stand on it."""

    layer: Layer
    images: tuple[int, ...]

    @property
    def size_bytes(self) -> int:
        return self.layer.size_bytes or 0


@dataclass(frozen=True, slots=True, eq=False)
class SharingImage:
    """An image beside its neighbours: `shared_bytes` of it lie in layers that others need too, `unique_bytes` go with
    it. `shared_with` are the numbers of those others, most shared bytes first, each with the bytes."""

    image: Image
    id: str
    refs: tuple[str, ...]
    layers: tuple[int, ...]
    """Numbers in `Sharing.layers`, bottom first."""
    size_bytes: int
    shared_bytes: int
    unique_bytes: int
    shared_with: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sharing:
    """`images` in the order in which they came, `layers` bottom first as they came. `stored_bytes` counts each layer
    once, `summed_bytes` each image alone, as adding up `docker images` does."""

    images: tuple[SharingImage, ...]
    layers: tuple[StoredLayer, ...]

    @property
    def stored_bytes(self) -> int:
        return sum(layer.size_bytes for layer in self.layers)

    @property
    def summed_bytes(self) -> int:
        return sum(image.size_bytes for image in self.images)

    def freed_bytes(self, removed: Collection[int]) -> int:
        """What goes with the images of these numbers, taken together: the layers that no other one needs."""
        return sum(layer.size_bytes for layer in self.freed_layers(removed))

    def freed_layers(self, removed: Collection[int]) -> tuple[StoredLayer, ...]:
        """The layers that only images of these numbers need, top first."""
        gone = set(removed)
        return tuple(layer for layer in reversed(self.layers) if gone.issuperset(layer.images))


def shared_of(brought: Iterable[BroughtImage]) -> Sharing:
    """What `brought` images share. Layers are one if their ChainIDs are, as in docker's store: the same layer on
    another base is stored again. An image that came twice, under two names, is one with both."""
    world = empty_world()
    for one in brought:
        world = apply(world, BringImage(one.image, tags(one.refs))).world
    return _sharing(world)


def _sharing(world: World) -> Sharing:
    numbers = {image.key: number for number, image in enumerate(world.images)}
    standing = sharers(world)
    by_key: dict[int, Layer] = {layer.key: layer for image in world.images for layer in image.layers}
    layers = tuple(
        StoredLayer(layer, tuple(sorted(numbers[int(name)] for kind, name in standing[key] if kind == "image")))
        for key, layer in by_key.items()
    )
    places = {key: number for number, key in enumerate(by_key)}
    return Sharing(tuple(_image(world, image, layers, places, numbers[image.key]) for image in world.images), layers)


def _image(
    world: World, image: Image, layers: Sequence[StoredLayer], places: dict[int, int], number: int
) -> SharingImage:
    own = tuple(places[layer.key] for layer in image.layers)
    # A layer that stands twice in one image is another one each time: what lies below it is another.
    unique = sum(layers[place].size_bytes for place in own if layers[place].images == (number,))
    size = sum(layers[place].size_bytes for place in own)
    others: dict[int, int] = {}
    for place in own:
        for other in layers[place].images:
            if other != number:
                others[other] = others.get(other, 0) + layers[place].size_bytes
    most_first = sorted(others.items(), key=lambda pair: (-pair[1], pair[0]))
    return SharingImage(
        image, image_id(image), tags_of(world, image), own, size, size - unique, unique, tuple(most_first)
    )
