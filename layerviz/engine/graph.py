"""Who refers to whom, as a networkx graph: names → images → layers, containers → images."""

import networkx as nx

from layerviz.engine.sharing import Node, images, needs
from layerviz.engine.world import World

Graph = nx.DiGraph
"""Of `Node`, the names of its nodes."""


def graph(world: World) -> "nx.DiGraph[Node]":
    """An edge leads from each node to what it needs: see `sharing.needs`. A node carries the thing itself as `value`,
    a tag its ref."""
    drawn: nx.DiGraph[Node] = nx.DiGraph()
    for node, needed in needs(world).items():
        drawn.add_node(node, value=node[1])
        if needed is not None:
            drawn.add_edge(node, needed)
    for image in images(world):
        drawn.nodes["image", image.key]["value"] = image
        for layer in image.layers:
            drawn.nodes["layer", layer.key]["value"] = layer
    for container in world.containers:
        drawn.nodes["container", container.key]["value"] = container
    return drawn
