"""A frame's shapes in the order in which they are drawn."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from layerviz.picture.expand.geometry import moved, pose_of, tile_pose
from layerviz.picture.expand.light import beam, beam_outline, beam_whole, pool, pool_outline
from layerviz.picture.expand.panel import ground, line, line_outline, panel, panel_outline
from layerviz.picture.expand.slab import slab, slab_outline
from layerviz.picture.expand.tile import tile, tile_outline
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

Parts = tuple[Sequence[Piece], Sequence[Piece]]
_KEPT_SHAPES = 8192


def pieces(frame: Frame, theme: Theme) -> Iterator[Piece]:
    """Everything that is drawn, back to front."""
    return (part for _, part in pieces_of(frame, theme))


def pieces_of(frame: Frame, theme: Theme, strips: bool = True) -> Iterator[tuple[AnyShape, Piece]]:
    """The same, each with its shape; without `strips` no piece is one (`Piece.strip_px`).

    Within a run of tiles, windows and beams what is written on the tiles comes last, so that no label lies under light:
    a tile then appears twice. A tile that lies left of the one before it begins a run of its own, for it may cover it.
    """
    expanded = _expanded(frame.camera, (frame.width, frame.height), theme, strips)
    written: list[tuple[AnyShape, Piece]] = []
    right = float("-inf")
    for shape in frame.shapes:
        if isinstance(shape, Tile):
            if written and shape.u0 < right - 1:
                yield from written
                written.clear()
            right = shape.u1
        elif written and not isinstance(shape, Beam | Pool):
            yield from written
            written.clear()
            right = float("-inf")
        first, last = expanded.parts(shape)
        for part in first:
            yield shape, part
        for part in last:
            written.append((shape, part))
    yield from written


def primitives(frame: Frame, theme: Theme) -> Iterator[tuple[AnyShape, float, tuple[Primitive, ...]]]:
    """(shape, opacity, primitives on the page) back to front.

    A shape has several entries where its parts differ in opacity or other shapes come between them.
    """
    for shape, part in pieces_of(frame, theme, strips=False):
        yield shape, part.opacity, tuple(_on_page(primitive, *placed(part)) for primitive in part.primitives)


def placed(piece: Piece) -> Point:
    """Where the origin of a piece lies on the page."""
    return piece.x + piece.aside[0], piece.y + piece.aside[1]


def outline(shape: AnyShape, camera: Camera) -> tuple[Point, ...]:
    """The polygon that a shape takes on the page, for hits, overlaps and focus rings; nothing for the ground."""
    if isinstance(shape, Ground):
        return ()
    return _OUTLINE[type(shape)](shape, camera)


class _Expanded:
    """Shapes already expanded, by identity: in motion most shapes of a frame are those of the frame before."""

    __slots__ = ("_camera", "_known", "_pose", "_size", "_strips", "_theme", "_tile_pose")

    def __init__(self, camera: Camera, size: tuple[float, float], theme: Theme, strips: bool) -> None:
        self._camera, self._size, self._theme, self._strips = camera, size, theme, strips
        self._pose, self._tile_pose = pose_of(camera), tile_pose(camera)
        self._known: dict[int, tuple[AnyShape, Parts]] = {}

    def parts(self, shape: AnyShape) -> Parts:
        """What is drawn of a shape in its place, and what comes after the light of its row."""
        known = self._known.get(id(shape))
        if known is not None:  # it holds the shape, so that no other can have its identity
            return known[1]
        if len(self._known) >= _KEPT_SHAPES:
            self._known.clear()
        parts = self._expand(shape)
        self._known[id(shape)] = shape, parts
        return parts

    def _expand(self, shape: AnyShape) -> Parts:
        if isinstance(shape, Ground):
            return (ground(*self._size, self._theme),), ()
        if shape.opacity <= 0:
            return (), ()
        if isinstance(shape, Tile):
            return tile(shape, self._camera, self._tile_pose, self._theme)
        if isinstance(shape, Beam) and not self._strips:
            return tuple(beam_whole(shape, self._camera, self._pose, self._theme)), ()
        return tuple(_EXPAND[type(shape)](shape, self._camera, self._pose, self._theme)), ()


_expanded = lru_cache(maxsize=6)(_Expanded)
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
    return Path(moved(primitive.segments, dx, dy), fill, primitive.stroke, primitive.smooth)
