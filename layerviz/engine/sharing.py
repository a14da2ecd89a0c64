"""Who needs which layer: the edges of the world's graph, and what follows from them without drawing it.

Pictures ask this on the window's thread; `graph` loads networkx, which takes longer than a window may wait.
"""

from collections.abc import Iterator, Mapping

from layerviz.engine import actions as do
from layerviz.engine.storing import remove
from layerviz.engine.world import Image, Layer, World

Node = tuple[str, str | int]
"""("tag", ref), ("image", key), ("layer", key) or ("container", key)."""


def needs(world: World) -> dict[Node, Node | None]:
    """What each tag, image, layer and container needs at once: a name its image, a container its image, an image its
    top layer, a layer the one below it, as the layer store counts its references. A container's own layer needs
    nothing and is needed by nobody else, so it is no node."""
    edges: dict[Node, Node | None] = {}
    for image in images(world):
        chain: list[Node] = [("image", image.key), *(("layer", layer.key) for layer in reversed(image.layers))]
        edges |= zip(chain, [*chain[1:], None], strict=True)
    edges |= {("tag", ref): ("image", key) for ref, key in world.tags}
    edges |= {("container", one.key): ("image", one.image.key) for one in world.containers}
    return edges


def images(world: World) -> tuple[Image, ...]:
    """The images of the store, and those that only containers still stand on; each once."""
    found = {image.key: image for image in world.images}
    for container in world.containers:
        found.setdefault(container.image.key, container.image)
    return tuple(found.values())


def sharers(world: World) -> Mapping[int, frozenset[Node]]:
    """The images and containers that stand on each layer, by the layer's key."""
    edges = needs(world)
    found: dict[int, set[Node]] = {}
    for node in edges:
        if node[0] in ("image", "container"):
            for kind, key in _below(edges, node):
                if kind == "layer":
                    found.setdefault(int(key), set()).add(node)
    return {key: frozenset(nodes) for key, nodes in found.items()}


def users_of(world: World, layer: Layer) -> tuple[Node, ...]:
    """All names, images and containers that need `layer`, directly or through others."""
    edges, node = needs(world), ("layer", layer.key)
    return tuple(sorted(user for user in edges if user[0] != "layer" and node in _below(edges, user)))


def freed_by(world: World, image: Image) -> tuple[Layer, ...]:
    """The layers that nobody needs once `image` is removed, top first; untagged parents of its build go with it."""
    needed = sharers(remove(world, do.RemoveImage(image.key)).world)
    return tuple(layer for layer in reversed(image.layers) if layer.key not in needed)


def _below(edges: Mapping[Node, Node | None], node: Node) -> Iterator[Node]:
    below = edges[node]
    while below is not None:
        yield below
        below = edges[below]
