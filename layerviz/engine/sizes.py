"""How many files, how many bytes: of a stack, of an image, on the disk of a world.

Bytes are what docker counts with overlay2: files, each inode once, and the names that symlinks lead to, as it
finds them on the disk (moby daemon/internal/directory). `Layer.size_bytes` is without those names, as tars and dive
count.
"""

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from layerviz.engine.digests import chain_ids
from layerviz.engine.entry import Kind
from layerviz.engine.merge import Found, walk
from layerviz.engine.upper import Upper
from layerviz.engine.world import Container, Entries, Image, Layer, World


def stored(stack: Sequence[Layer]) -> tuple[Found, ...]:
    """Every file that the layers of `stack` store, bottom first: links and devices too, no directories, no whiteouts.
    A path that two layers have counts twice."""
    return tuple(
        Found(position, entry)
        for position, layer in enumerate(stack, 1)
        for entry in map(layer.entries.entry, range(len(layer.entries)))
        if entry.kind not in (Kind.DIR, Kind.WHITEOUT)
    )


def seen(stack: Sequence[Layer]) -> tuple[Found, ...]:
    """Every file of the merged view, in the order of `walk`: all that is no directory."""
    return tuple(found for found in walk(stack) if found.entry.kind is not Kind.DIR)


def size_of_layer(layer: Layer) -> int | None:
    """What `docker history` prints of a layer; None where it is not known."""
    return layer.size_bytes if layer.is_quoted else layer.entries.size_bytes + _symlink_bytes(layer.entries)


def size_of_stack(stack: Sequence[Layer]) -> int | None:
    """The sum of the layers' sizes, whatever of it is seen; None where one is not known."""
    sizes = [size_of_layer(layer) for layer in stack]
    return None if None in sizes else sum(size for size in sizes if size is not None)


def size_of_image(image: Image) -> int | None:
    """What `docker images` prints: the sum of the layers' sizes, of a quoted image the published figure."""
    return image.quoted.size_bytes if image.quoted else size_of_stack(image.layers)


def size_of_container(container: Container) -> int:
    """The first figure of `docker ps -s`: its own layer."""
    return size_of_layer(container.layer) or 0


def layers_on_disk(world: World) -> tuple[Layer, ...]:
    """The layers of all images, each ChainID once, in the order in which they came to the store. Containers keep theirs
    alive, but their own layers are not among them."""
    return tuple(_by_chain(world).values())


def disk_bytes(world: World) -> int | None:
    """All that is stored: each image layer once, and the containers' own layers; None where it is not known.

    Of a quoted image whose layers' sizes are not all published, the rest of its published size stands for those layers
    together; None where such groups of two images overlap in part, or a size is missing altogether.
    """
    layers = _by_chain(world)
    total = sum(size_of_layer(layer) or 0 for layer in layers.values())
    groups: dict[frozenset[str], int] = {}
    unknown = {image: _unknown(image) for image in _images(world)}
    for image in sorted(unknown, key=lambda image: len(unknown[image])):
        inside = [group for group in groups if group <= unknown[image]]
        rest = unknown[image].difference(*inside)
        size = size_of_image(image)
        if not rest:
            continue
        if size is None or any(rest & group for group in groups):
            return None
        known = sum(size_of_layer(layer) or 0 for layer in image.layers)
        groups[rest] = size - known - sum(groups[group] for group in inside)
    return total + sum(groups.values()) + sum(size_of_container(container) for container in world.containers)


def _unknown(image: Image) -> frozenset[str]:
    """ChainIDs of the layers whose sizes are not known."""
    chains = zip(chain_ids(image.layers), image.layers, strict=True)
    return frozenset(chain for chain, layer in chains if layer.size_bytes is None)


def _images(world: World) -> Iterator[Image]:
    """All images there are, then those that only containers still refer to."""
    known = {image.key for image in world.images}
    yield from world.images
    for container in world.containers:
        if container.image.key not in known:
            known.add(container.image.key)
            yield container.image


def _by_chain(world: World) -> dict[str, Layer]:
    found: dict[str, Layer] = {}
    for image in _images(world):
        for chain, layer in zip(chain_ids(image.layers), image.layers, strict=True):
            found.setdefault(chain, layer)
    return found


def _symlink_bytes(entries: Entries) -> int:
    if isinstance(entries, Upper):
        return entries.symlink_bytes
    if entries not in _SYMLINK_BYTES:
        _SYMLINK_BYTES[entries] = entries.symlink_bytes
    return _SYMLINK_BYTES[entries]


_SYMLINK_BYTES: WeakKeyDictionary[Entries, int] = WeakKeyDictionary()
"""Of the layers of images, which never change."""
