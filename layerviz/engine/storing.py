"""Actions on stored images: bringing, tagging, removing."""

from collections.abc import Iterator
from dataclasses import replace

from layerviz.engine import actions as do
from layerviz.engine.digests import chain_ids, chain_of, diff_id, image_id
from layerviz.engine.errors import EngineError
from layerviz.engine.events import Event, ImageDeleted, LayerDeleted, Tagged, Untagged
from layerviz.engine.find import image_by_key, normal_ref, place_of, short_ref, tags_of
from layerviz.engine.world import Image, Layer, World


def bring(world: World, action: do.BringImage) -> do.Outcome:
    """An image that is there already (same id) only gets the names; layers that are there already are shared."""
    image, events = action.image, list(action.events)
    wanted = image_id(image)
    known = next((other for other in world.images if image_id(other) == wanted), None)
    if known is None:
        layers, serial = _shared_layers(world, image)
        known = replace(image, key=world.serial, layers=layers, parent_key=0)
        world = replace(world, images=(*world.images, known), serial=serial)
    elif new := [digest for digest in image.repo_digests if digest not in known.repo_digests]:
        # The store's image learns the name that it has in this registry.
        renamed = replace(known, repo_digests=(*known.repo_digests, *new))
        world = replace(world, images=tuple(renamed if other is known else other for other in world.images))
        known = renamed
    for ref in action.refs:
        world, event = tagged(world, ref, known.key)
        events.append(event)
    return do.Outcome(world, tuple(events))


def tag(world: World, action: do.Tag) -> do.Outcome:
    _image(world, action.image_key)
    world, event = tagged(world, action.ref, action.image_key)
    return do.Outcome(world, (event,))


def untag(world: World, action: do.Untag) -> do.Outcome:
    """The name goes, the image stays. ENOENT where there is no such name."""
    ref = normal_ref(action.ref)
    left = tuple(pair for pair in world.tags if pair[0] != ref)
    if left == world.tags:
        return do.Outcome(world, (), "ENOENT")
    return do.Outcome(replace(world, tags=left), (Untagged(short_ref(ref)),))


def tagged(world: World, ref: str, image_key: int) -> tuple[World, Tagged]:
    """`ref` is the name of that image now, of whichever it was before."""
    ref = normal_ref(ref)
    before = dict(world.tags).get(ref)
    tags = world.tags if before == image_key else (*(p for p in world.tags if p[0] != ref), (ref, image_key))
    return replace(world, tags=tags), Tagged(short_ref(ref), moved=before not in (None, image_key))


def remove(world: World, action: do.RemoveImage) -> do.Outcome:
    """The image, its names and layers, then the untagged images that a build made on the way to it, as docker prunes
    them (moby daemon/images/image_delete.go): each with what nobody else refers to."""
    image: Image | None = _image(world, action.image_key)
    assert image is not None
    name = place_of(world, image)
    events: list[Event] = [Untagged(short_ref(ref)) for ref in tags_of(world, image)]
    world = replace(world, tags=tuple(pair for pair in world.tags if pair[1] != image.key))
    while image is not None:
        world = replace(world, images=tuple(other for other in world.images if other.key != image.key))
        events.append(ImageDeleted(name, image_id(image)))
        events.extend(_layers_let_go(world, image, name))
        parent = image_by_key(world, image.parent_key)
        image = parent if parent and _is_unused(world, parent) else None
    return do.Outcome(world, tuple(events))


def _layers_let_go(world: World, image: Image, name: str) -> Iterator[LayerDeleted]:
    """Top first, up to the first one that another image or a container stands on."""
    stacks = [other.layers for other in world.images] + [container.image.layers for container in world.containers]
    chain = chain_ids(image.layers)
    for position in range(len(image.layers), 0, -1):
        layer = image.layers[position - 1]
        if any(_stands_on(stack, image.layers, chain, position) for stack in stacks):
            return
        yield LayerDeleted(name, position, layer.key, chain[position - 1])


def _stands_on(stack: tuple[Layer, ...], layers: tuple[Layer, ...], chain: tuple[str, ...], position: int) -> bool:
    if len(stack) < position:
        return False
    return stack[:position] == layers[:position] or chain_ids(stack[:position])[-1] == chain[position - 1]


def _is_unused(world: World, image: Image) -> bool:
    if tags_of(world, image) or (world.building and world.building.image_key == image.key):
        return False
    if any(other.parent_key == image.key for other in world.images):
        return False
    return all(container.image.key != image.key for container in world.containers)


def _shared_layers(world: World, image: Image) -> tuple[tuple[Layer, ...], int]:
    """The layers of an image that is new here, those taken from the store that it has, and the next free key."""
    stored: dict[str, Layer] = {}
    for other in (*world.images, *(container.image for container in world.containers)):
        for chain, layer in zip(chain_ids(other.layers), other.layers, strict=True):
            stored.setdefault(chain, layer)
    serial = world.serial + 1
    layers: list[Layer] = []
    for chain, layer in zip(chain_of([diff_id(layer) for layer in image.layers]), image.layers, strict=True):
        shared = stored.get(chain)
        layers.append(shared or replace(layer, key=serial))
        serial += shared is None
    return tuple(layers), serial


def _image(world: World, key: int) -> Image:
    image = image_by_key(world, key)
    if image is None:
        raise EngineError(key, "the world has no image with this key")
    return image
