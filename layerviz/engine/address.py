"""One grammar for "that thing": `three`, `three[3]`, `three[3]:/file5`, `c1:/file5`, `c1[rw]`, `host:/a`.

A name, optionally a layer (from 1 at the bottom, or `rw` for a container's own), optionally a path, which begins at the
first ":/".
"""

import re
from dataclasses import dataclass
from typing import Literal

from layerviz.engine import paths
from layerviz.engine.errors import EngineError
from layerviz.engine.find import container_by_name, image_by_key, image_by_ref, normal_ref
from layerviz.engine.world import Container, Image, Layer, World

HOST = "host"
_GRAMMAR = re.compile(r"(?P<name>[^\[\]]+?)(?:\[(?P<layer>[1-9][0-9]*|rw)\])?(?P<path>:/.*)?", re.DOTALL)


class AddressError(EngineError):
    """Text that is no address, or an address of nothing."""


@dataclass(frozen=True, slots=True)
class Address:
    """`layer` is a position, "rw" or None (the whole stack); `path` None means the thing itself."""

    name: str
    layer: int | Literal["rw"] | None = None
    path: str | None = None

    def __str__(self) -> str:
        layer = "" if self.layer is None else f"[{self.layer}]"
        return f"{self.name}{layer}" + ("" if self.path is None else f":{self.path}")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """What an address stands for: a stack, and where asked for one layer of it (`position`) and a path.

    `image` is also given for a container (its own) and None while a build from scratch has reached none.
    """

    kind: Literal["image", "container", "host"]
    name: str
    stack: tuple[Layer, ...]
    image: Image | None = None
    container: Container | None = None
    position: int | None = None
    path: str | None = None

    @property
    def layer(self) -> Layer | None:
        return None if self.position is None else self.stack[self.position - 1]


def parse(text: str) -> Address:
    """Raises `AddressError` where `text` is no address."""
    head, mark, path = text.partition(":/")
    match = _GRAMMAR.fullmatch(head)
    if not match:
        raise AddressError(text, "this is no address", 'write "name", "name[2]", "name:/path" or "name[2]:/path"')
    layer = match["layer"]
    return Address(
        match["name"],
        "rw" if layer == "rw" else int(layer) if layer else None,
        paths.normal(path) if mark else None,
    )


def resolve(world: World, address: Address | str) -> Place:
    """The thing at `address` in `world`: containers before images, a build under way before the image of that name.

    A path is not looked for. Raises `AddressError` where there is no such thing, or it has no such layer.
    """
    if isinstance(address, str):
        address = parse(address)
    place = _named(world, address.name)
    if place is None:
        raise AddressError(address, f"there is no image or container called {address.name}")
    position = address.layer
    if position == "rw":
        if place.container is None:
            raise AddressError(address, "only a container has a layer of its own")
        position = len(place.stack)
    elif position is not None and position > len(place.stack):
        raise AddressError(address, f"{address.name} has {len(place.stack)} layers")
    return Place(place.kind, place.name, place.stack, place.image, place.container, position, address.path)


def _named(world: World, name: str) -> Place | None:
    if name == HOST:
        return Place("host", name, (world.host,))
    container = container_by_name(world, name)
    if container:
        return Place("container", name, container.stack, container.image, container)
    if world.building and world.building.ref and normal_ref(world.building.ref) == normal_ref(name):
        reached = image_by_key(world, world.building.image_key) if world.building.image_key else None
        return Place("image", name, reached.layers if reached else (), reached)
    image = image_by_ref(world, name)
    return Place("image", name, image.layers, image) if image else None
