"""From semantic shapes to primitives: `pieces(frame, theme)` for painters, `primitives(frame, theme)` for writers.

`outline(shape, camera)` is the polygon that a shape takes on the page."""

from layerviz.picture.expand.frame import outline, pieces, pieces_of, placed, primitives
from layerviz.picture.expand.light import STRIP_PX

__all__ = ["STRIP_PX", "outline", "pieces", "pieces_of", "placed", "primitives"]
