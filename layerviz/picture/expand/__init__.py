"""From semantic shapes to primitives: `pieces(frame, theme)` for painters, `primitives(frame, theme)` for writers.

`outline(shape, camera)` is the polygon that a shape takes on the page."""

from layerviz.picture.expand.frame import outline, pieces, pieces_of, placed, primitives

__all__ = ["outline", "pieces", "pieces_of", "placed", "primitives"]
