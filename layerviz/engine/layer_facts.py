"""What can be said of each layer of an image in a line: its instruction, its size, what it did."""

from collections.abc import Sequence
from dataclasses import dataclass

from layerviz.engine.covering import Coverings, coverings, sizes_of
from layerviz.engine.world import Layer


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """`added`, `changed` and `removed` count files, that is all but directories. `hidden_bytes` of the layer are stored
    and never seen. `size_bytes` is None where only the layer's ids are known."""

    position: int
    created_by: str
    size_bytes: int | None
    added: int
    changed: int
    removed: int
    hidden_bytes: int


def layer_facts(stack: Sequence[Layer]) -> tuple[LayerFacts, ...]:
    """The facts of each layer, bottom first."""
    played = coverings(stack)
    hidden = hidden_bytes(stack, played)
    return tuple(
        LayerFacts(
            position,
            layer.created_by,
            layer.size_bytes,
            count.added,
            count.changed,
            count.removed,
            hidden[position - 1],
        )
        for position, (layer, count) in enumerate(zip(stack, played.counts, strict=True), 1)
    )


def hidden_bytes(stack: Sequence[Layer], played: Coverings) -> tuple[int, ...]:
    """Of each layer, bottom first, the bytes of its files that are stored and never seen."""
    hidden = [0] * len(stack)
    sizes = [sizes_of(layer.entries) for layer in stack]
    for row in (covered.row for covered in played.covered):
        if row not in played.kept:
            hidden[row.position - 1] += sizes[row.position - 1][row.row]
    return tuple(hidden)
