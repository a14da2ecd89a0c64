"""Actions that make images: the steps of a build, and a commit."""

from dataclasses import replace

from layerviz.engine import actions as do
from layerviz.engine.changes import as_stored, upper_entries
from layerviz.engine.containers import existing, with_container
from layerviz.engine.digests import diff_id
from layerviz.engine.drivers import MAX_LAYERS
from layerviz.engine.errors import EngineError
from layerviz.engine.events import BuildStep, Committed, ConfigChanged, Event, LayerAdded
from layerviz.engine.find import image_by_key, place_of, short_ref
from layerviz.engine.storing import tagged
from layerviz.engine.table import Table
from layerviz.engine.world import Building, Config, HistoryLine, Image, Layer, World


def start_build(world: World, action: do.StartBuild) -> do.Outcome:
    if action.image_key is not None:
        _image(world, action.image_key)
    return do.Outcome(replace(world, building=Building(action.ref, action.image_key)))


def use_cache(world: World, action: do.UseCache) -> do.Outcome:
    image = _image(world, action.image_key)
    building = _building(world)
    after = replace(world, building=replace(building, image_key=image.key))
    step = BuildStep(_name(after, image), action.line, action.instruction, cached=True)
    return do.Outcome(after, (step,))


def add_image(world: World, action: do.AddImage) -> do.Outcome:
    """The image of the build so far, or of `parent_key` where none is under way, with one more line of history."""
    parent_key = world.building.image_key if world.building else action.parent_key
    key = world.serial
    layer = None
    if action.entries is not None:
        parent = image_by_key(world, parent_key) if parent_key else None
        if parent and len(parent.layers) >= MAX_LAYERS:
            return do.Outcome(world, (), "max depth exceeded")
        made = Layer(key + 1, Table.of(as_stored(action.entries)), created_by=action.instruction)
        layer = _stored_already(world, parent.layers if parent else (), made) or made
    after, image = _with_image(world, parent_key, key, layer, action.config, action.history)
    name = _name(after, image)
    events: list[Event] = []
    if action.instruction:
        events.append(BuildStep(name, action.line, action.instruction, cached=False))
    if layer:
        events.append(LayerAdded(name, len(image.layers), layer.key, action.instruction))
    else:
        events.append(ConfigChanged(name, action.instruction))
    return do.Outcome(after, tuple(events))


def commit(world: World, action: do.Commit) -> do.Outcome:
    """The container's layer becomes an image's, key included; the container goes on with a layer of a new key."""
    container = existing(world, action.key)
    entries = upper_entries(container)
    image_key, layer = world.serial, None
    if entries and len(container.image.layers) >= MAX_LAYERS:
        return do.Outcome(world, (), "max depth exceeded")
    if entries:
        layer = Layer(container.layer.key, Table.of(entries), created_by=action.instruction)
        world = with_container(world, replace(container, layer=replace(container.layer, key=image_key + 1)))
    after, image = _with_image(
        world, container.image.key, image_key, layer, action.config, action.history, container.image
    )
    events: list[Event] = []
    if action.ref:
        after, tagging = tagged(after, action.ref, image.key)
    name = short_ref(action.ref) or _name(after, image)
    if action.instruction:
        events.append(BuildStep(name, action.line, action.instruction, cached=False))
    events.append(Committed(container.name, name, layer.key if layer else 0))
    if action.ref:
        events.append(tagging)
    return do.Outcome(after, tuple(events))


def finish_build(world: World, action: do.FinishBuild) -> do.Outcome:
    building = _building(world)
    after = replace(world, building=None)
    if not building.ref or building.image_key is None:
        return do.Outcome(after)
    after, event = tagged(after, building.ref, building.image_key)
    return do.Outcome(after, (event,))


def stop_build(world: World, action: do.StopBuild) -> do.Outcome:
    return do.Outcome(replace(world, building=None))


def _with_image(
    world: World,
    parent_key: int | None,
    key: int,
    layer: Layer | None,
    config: Config,
    history: HistoryLine,
    parent: Image | None = None,
) -> tuple[World, Image]:
    """The world with a new image on the one of `parent_key`; or on `parent`, since a container's image may be gone from
    the store by now."""
    if parent is None and parent_key:
        parent = _image(world, parent_key)
    line = replace(history, empty_layer=layer is None, image_key=key)
    image = Image(
        key=key,
        layers=(*(parent.layers if parent else ()), *((layer,) if layer else ())),
        config=replace(config, raw=b""),
        history=(*(parent.history if parent else ()), line),
        created=history.created,
        parent_key=parent.key if parent else 0,
    )
    building = world.building
    return (
        replace(
            world,
            images=(*world.images, image),
            serial=key + 2,
            building=replace(building, image_key=key) if building else None,
        ),
        image,
    )


def _stored_already(world: World, below: tuple[Layer, ...], made: Layer) -> Layer | None:
    """The layer of another image with the same bytes on the same layers: one ChainID is stored once, cache or not."""
    for image in world.images:
        if len(image.layers) == len(below) + 1 and image.layers[:-1] == below:
            top = image.layers[-1]
            same = (len(top.entries), top.size_bytes) == (len(made.entries), made.size_bytes)
            if same and not top.is_quoted and diff_id(top) == diff_id(made):
                return top
    return None


def _building(world: World) -> Building:
    if world.building is None:
        raise EngineError("build", "none is under way")
    return world.building


def _image(world: World, key: int) -> Image:
    image = image_by_key(world, key)
    if image is None:
        raise EngineError(key, "the world has no image with this key")
    return image


def _name(world: World, image: Image) -> str:
    if world.building and world.building.ref:
        return short_ref(world.building.ref)
    return place_of(world, image)
