"""Who refers to whom, as a networkx graph: names → images → layers, containers → images."""

from collections.abc import Iterable

import networkx as nx

from layerviz.engine.digests import chain_ids
from layerviz.engine.storing import freed_layers
from layerviz.engine.world import Image, Layer, World

Node = tuple[str, str | int]


def graph(world: World) -> "nx.DiGraph[Node]":
    """Nodes ("tag", ref), ("image", key), ("layer", ChainID), ("container", key); an edge to what a node needs.

    An image's edge leads to its top layer, a layer's to the one below it: as the layer store counts its references.
    Nodes carry the thing itself as `value` (not tags), an edge of a container's own layer does not exist.
    """
    drawn: nx.DiGraph[Node] = nx.DiGraph()
    for image in world.images:
        _add_image(drawn, image)
    for ref, key in world.tags:
        drawn.add_edge(("tag", ref), ("image", key))
    for container in world.containers:
        node = ("container", container.key)
        drawn.add_node(node, value=container)
        if ("image", container.image.key) not in drawn:
            _add_image(drawn, container.image)
        drawn.add_edge(node, ("image", container.image.key))
    return drawn


def users_of(world: World, layer: Layer) -> tuple[Node, ...]:
    """All names, images and containers that need `layer`, directly or through others."""
    drawn = graph(world)
    nodes: Iterable[Node] = (node for node, data in drawn.nodes.items() if data.get("value") is layer)
    node = next(iter(nodes), None)
    return tuple(sorted(user for user in nx.ancestors(drawn, node) if user[0] != "layer")) if node else ()


def shared_layers(world: World) -> tuple[Layer, ...]:
    """Layers that more than one image of the store stands on, bottom first as they came; parents of a build do not
    count as another image."""
    parents = {image.parent_key for image in world.images}
    seen: dict[str, tuple[Layer, int]] = {}
    for image in world.images:
        if image.key in parents and all(key != image.key for _, key in world.tags):
            continue
        for chain, layer in zip(chain_ids(image.layers), image.layers, strict=True):
            first, count = seen.get(chain, (layer, 0))
            seen[chain] = first, count + 1
    return tuple(layer for layer, count in seen.values() if count > 1)


def freed_by(world: World, image: Image) -> tuple[Layer, ...]:
    """The layers that removing `image` would delete, top first."""
    return freed_layers(world, image)


def _add_image(drawn: "nx.DiGraph[Node]", image: Image) -> None:
    above: Node = ("image", image.key)
    drawn.add_node(above, value=image)
    for chain, layer in reversed(tuple(zip(chain_ids(image.layers), image.layers, strict=True))):
        node: Node = ("layer", chain)
        known = node in drawn
        if not known:
            drawn.add_node(node, value=layer)
        drawn.add_edge(above, node)
        if known:
            return
        above = node
