"""Actions on containers, and the actions on files of a place."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

from layerviz.engine import actions as do
from layerviz.engine.address import HOST
from layerviz.engine.errors import EngineError, PathError
from layerviz.engine.events import ContainerChanged, LookedUp
from layerviz.engine.files import Files
from layerviz.engine.find import container_by_key, image_by_key
from layerviz.engine.names import container_name
from layerviz.engine.upper import Upper
from layerviz.engine.world import Container, Layer, World

NANOSECONDS = 10**9


def create(world: World, action: do.CreateContainer) -> do.Outcome:
    """A container with an empty layer of its own. EEXIST where the name is taken; "" takes a name of our own."""
    image = image_by_key(world, action.image_key)
    if image is None:
        raise EngineError(action.image_key, "the world has no image with this key")
    key = world.serial
    taken = {container.name for container in world.containers}
    name = action.name or container_name(key, taken)
    if name in taken:
        return do.Outcome(world, (), "EEXIST")
    container = Container(
        key=key,
        id=_id(key),
        name=name,
        image=image,
        image_ref=action.image_ref,
        layer=Layer(key + 1, Upper()),
        command=action.command,
        env=action.env,
        working_dir=action.working_dir,
        stdin_open=action.stdin_open,
        created=world.clock,
    )
    after = replace(world, containers=(*world.containers, container), serial=key + 2)
    return do.Outcome(after, (ContainerChanged(name, "created"),))


def start(world: World, action: do.StartContainer) -> do.Outcome:
    container = existing(world, action.key)
    if container.state == "running":
        return do.Outcome(world)
    running = replace(container, state="running", started=world.clock, exit_code=0)
    return do.Outcome(with_container(world, running), (ContainerChanged(container.name, "started"),))


def stop(world: World, action: do.StopContainer) -> do.Outcome:
    container = existing(world, action.key)
    if container.state != "running":
        return do.Outcome(world)
    exited = replace(container, state="exited", finished=world.clock, exit_code=action.exit_code)
    event = ContainerChanged(container.name, "stopped", action.exit_code)
    return do.Outcome(with_container(world, exited), (event,))


def keep_log(world: World, action: do.KeepLog) -> do.Outcome:
    container = existing(world, action.key)
    return do.Outcome(with_container(world, replace(container, logged=container.logged + action.written)))


def rename(world: World, action: do.RenameContainer) -> do.Outcome:
    """EEXIST where the name is taken."""
    container = existing(world, action.key)
    if any(other.name == action.name for other in world.containers):
        return do.Outcome(world, (), "EEXIST")
    renamed = replace(container, name=action.name)
    return do.Outcome(with_container(world, renamed), (ContainerChanged(action.name, "renamed"),))


def remove(world: World, action: do.RemoveContainer) -> do.Outcome:
    """The container and its layer, whatever its state; the image stays."""
    container = existing(world, action.key)
    left = tuple(other for other in world.containers if other.key != action.key)
    return do.Outcome(replace(world, containers=left), (ContainerChanged(container.name, "removed"),))


def change_files(world: World, target: do.Target, change: Callable[[Files], None]) -> do.Outcome:
    """The world after `change` of the files of `target`; the same one, with the errno's name, where it was refused."""
    if target == HOST:
        files = _files(world, HOST, (), world.host)
    else:
        container = existing(world, target)
        files = _files(world, container.name, container.image.layers, container.layer)
    try:
        change(files)
    except PathError as error:
        looked = tuple(event for event in files.events if isinstance(event, LookedUp))
        return do.Outcome(world, looked, error.code)
    if files.upper is files.layer.entries:
        return do.Outcome(world, tuple(files.events))
    layer = replace(files.layer, entries=files.upper)
    if target == HOST:
        return do.Outcome(replace(world, host=layer, serial=files.next_inode), tuple(files.events))
    changed = replace(container, layer=layer)
    others = tuple(changed if other.key == changed.key else other for other in world.containers)
    return do.Outcome(replace(world, containers=others, serial=files.next_inode), tuple(files.events))


def with_container(world: World, changed: Container) -> World:
    return replace(
        world, containers=tuple(changed if other.key == changed.key else other for other in world.containers)
    )


def existing(world: World, key: object) -> Container:
    container = container_by_key(world, key) if isinstance(key, int) else None
    if container is None:
        raise EngineError(key, "the world has no container with this key")
    return container


def _files(world: World, place: str, lower: tuple[Layer, ...], layer: Layer) -> Files:
    upper = layer.entries
    assert isinstance(upper, Upper), "the layer of a container is a persistent map"
    on_host = place == HOST and not lower
    return Files(place, lower, layer, upper, world.clock * NANOSECONDS, world.policy, world.serial, on_host)


def _id(key: int) -> str:
    """64 hex digits that come from the counter; as docker's, the first twelve are never all decimal."""
    attempt = 0
    while True:
        digits = sha256(f"container {key} {attempt}".encode()).hexdigest()
        if not digits[:12].isdecimal():
            return digits
        attempt += 1
