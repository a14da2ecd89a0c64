"""Who is meant: images by name, tag, id or the beginning of an id; containers by name or id."""

import re

from layerviz.engine.digests import image_id
from layerviz.engine.errors import AmbiguousId
from layerviz.engine.world import Container, Image, World

_DEFAULT_PARTS = re.compile(r"^(?:(?:index\.)?docker\.io/)?(?:library/)?(?=[^/]+$)|^(?:index\.)?docker\.io/")
_HEX = re.compile(r"[0-9a-f]{1,64}")


def normal_ref(text: str) -> str:
    """The reference as in `World.tags`: "redis" is "redis:latest", "docker.io/library/redis:6" is "redis:6"."""
    name = _DEFAULT_PARTS.sub("", text)
    return name if "@" in name or ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"


def short_ref(ref: str) -> str:
    """The reference as pictures and addresses show it: without ":latest"."""
    return ref.removesuffix(":latest")


def image_by_key(world: World, key: int) -> Image | None:
    return next((image for image in world.images if image.key == key), None)


def image_by_ref(world: World, text: str) -> Image | None:
    """The image that docker would take for `text`: a name with or without tag or digest, an id, or a prefix of one.

    Raises `AmbiguousId` where several ids begin so.
    """
    ref = normal_ref(text)
    for known, key in world.tags:
        if known == ref:
            return image_by_key(world, key)
    if "@" in text:
        return next((image for image in world.images if ref in image.repo_digests), None)
    digits = text.removeprefix("sha256:")
    if not _HEX.fullmatch(digits):
        return None
    hits = [image for image in world.images if image_id(image).removeprefix("sha256:").startswith(digits)]
    if len(hits) > 1:
        raise AmbiguousId(text, f"multiple IDs found with provided prefix: {text}")
    return hits[0] if hits else None


def container_by_key(world: World, key: int) -> Container | None:
    return next((container for container in world.containers if container.key == key), None)


def container_by_name(world: World, text: str) -> Container | None:
    """The container called `text`, or whose id is or begins so. Raises `AmbiguousId` where several ids begin so."""
    name = text.removeprefix("/")
    for container in world.containers:
        if name in (container.name, container.id):
            return container
    hits = [container for container in world.containers if text and container.id.startswith(text)]
    if len(hits) > 1:
        raise AmbiguousId(text, f"multiple IDs found with provided prefix: {text}")
    return hits[0] if hits else None


def tags_of(world: World, image: Image) -> tuple[str, ...]:
    """All references of `image`, in the order they were given."""
    return tuple(ref for ref, key in world.tags if key == image.key)


def place_of(world: World, image: Image) -> str:
    """The name that events and addresses call `image` by: its first tag, or the first twelve digits of its id."""
    tags = tags_of(world, image)
    return short_ref(tags[0]) if tags else image_id(image).removeprefix("sha256:")[:12]
