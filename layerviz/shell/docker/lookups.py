"""Finding the image or container that was named, and the engine's words when there is none."""

from __future__ import annotations

from layerviz.engine import find
from layerviz.engine.errors import AmbiguousId
from layerviz.engine.world import Container, Image, World
from layerviz.shell import references
from layerviz.shell.docker.calls import DaemonError
from layerviz.shell.references import BadReference


def image(world: World, text: str) -> Image:
    """The image called `text`. Raises `DaemonError` "No such image: x:latest" with the images there are."""
    try:
        found = find.image_by_ref(world, text)
    except AmbiguousId as error:
        raise DaemonError(error.what) from error
    if found is not None:
        return found
    try:
        shown = references.parse(text).ref
    except BadReference as error:
        if "must be lowercase" in str(error):
            raise DaemonError(f"{error}".replace("library/", "")) from error
        shown = text
    raise no_such_image(world, shown)


def no_such_image(world: World, shown: str) -> DaemonError:
    tags = " ".join(find.short_ref(ref) for ref, _ in world.tags)
    return DaemonError(f"No such image: {shown}", "local_images" if tags else "no_images", (("images", tags),))


def container(world: World, text: str) -> Container:
    """The container called `text`. Raises `DaemonError` "No such container: x" with the containers there are."""
    try:
        found = find.container_by_name(world, text)
    except AmbiguousId as error:
        raise DaemonError(error.what) from error
    if found is None:
        raise no_such_container(world, text)
    return found


def no_such_container(world: World, text: str) -> DaemonError:
    names = " ".join(one.name for one in world.containers)
    message = f"No such container: {text}"
    return (
        DaemonError(message, "containers", (("containers", names),)) if names else DaemonError(message, "no_containers")
    )
