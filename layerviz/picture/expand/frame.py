"""A frame's shapes in the order in which they are drawn."""

from collections.abc import Callable, Iterator

from layerviz.picture.expand.geometry import moved, pose_of
from layerviz.picture.expand.light import beam, beam_outline, beam_whole, pool, pool_outline
from layerviz.picture.expand.panel import ground, line, line_outline, panel, panel_outline
from layerviz.picture.expand.slab import slab, slab_outline
from layerviz.picture.expand.tile import tile_body, tile_outline, tile_writing
from layerviz.picture.expand.writing import badge, badge_outline, head, head_outline, label, label_outline
from layerviz.picture.primitives import Gradient, Path, Piece, Point, Primitive, Text
from layerviz.picture.shapes import (
    AnyShape,
    Badge,
    Beam,
    Camera,
    Frame,
    Ground,
    Head,
    Label,
    Line,
    Panel,
    Pool,
    Slab,
    Tile,
)
from layerviz.picture.theme import Theme


def pieces(frame: Frame, theme: Theme) -> Iterator[Piece]:
    """Everything that is drawn, back to front."""
    for _, part in pieces_of(frame, theme):
        yield part


def pieces_of(frame: Frame, theme: Theme, strips: bool = True) -> Iterator[tuple[AnyShape, Piece]]:
    """The same, each with its shape; without `strips` no piece is one (`Piece.strip_px`).

    Within a run of tiles, windows and beams what is written on the tiles comes last, so that no label lies under light:
    a tile then appears twice. A tile that lies left of the one before it begins a run of its own, for it may cover it.
    """
    camera = frame.camera
    pose = pose_of(camera)
    written: list[tuple[AnyShape, Piece]] = []
    right = float("-inf")
    for shape in frame.shapes:
        if isinstance(shape, Tile):
            if written and shape.u0 < right - 1:
                yield from written
                written.clear()
            right = shape.u1
            if shape.opacity > 0:
                for part in tile_body(shape, camera, pose, theme):
                    yield shape, part
                written.extend((shape, part) for part in tile_writing(shape, camera, pose, theme))
            continue
        if written and not isinstance(shape, Beam | Pool):
            yield from written
            written.clear()
            right = float("-inf")
        if isinstance(shape, Ground):
            yield shape, ground(frame.width, frame.height, theme)
        elif shape.opacity > 0:
            expand = beam_whole if isinstance(shape, Beam) and not strips else _EXPAND[type(shape)]
            for part in expand(shape, camera, pose, theme):
                yield shape, part
    yield from written


def primitives(frame: Frame, theme: Theme) -> Iterator[tuple[AnyShape, float, tuple[Primitive, ...]]]:
    """(shape, opacity, primitives on the page) back to front.

    A shape has several entries where its parts differ in opacity or other shapes come between them.
    """
    for shape, part in pieces_of(frame, theme, strips=False):
        yield shape, part.opacity, tuple(_on_page(primitive, part.x, part.y) for primitive in part.primitives)


def outline(shape: AnyShape, camera: Camera) -> tuple[Point, ...]:
    """The polygon that a shape takes on the page, for hits, overlaps and focus rings; nothing for the ground."""
    if isinstance(shape, Ground):
        return ()
    return _OUTLINE[type(shape)](shape, camera)


_EXPAND: dict[type[AnyShape], Callable[..., Iterator[Piece]]] = {
    Slab: slab,
    Beam: beam,
    Pool: pool,
    Head: head,
    Label: label,
    Badge: badge,
    Line: line,
    Panel: panel,
}
_OUTLINE: dict[type[AnyShape], Callable[..., tuple[Point, ...]]] = {
    Slab: slab_outline,
    Tile: tile_outline,
    Beam: beam_outline,
    Pool: pool_outline,
    Head: head_outline,
    Label: label_outline,
    Badge: badge_outline,
    Line: line_outline,
    Panel: panel_outline,
}


def _on_page(primitive: Primitive, dx: float, dy: float) -> Primitive:
    if isinstance(primitive, Text):
        return Text(
            primitive.x + dx,
            primitive.y + dy,
            primitive.text,
            primitive.font,
            primitive.colour,
            primitive.angle,
            primitive.spacing,
        )
    fill = primitive.fill
    if isinstance(fill, Gradient):
        fill = Gradient((fill.start[0] + dx, fill.start[1] + dy), (fill.end[0] + dx, fill.end[1] + dy), fill.stops)
    return Path(moved(primitive.segments, dx, dy), fill, primitive.stroke)
