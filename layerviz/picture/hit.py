"""What lies under a point of a frame."""

from layerviz.picture.expand import outline
from layerviz.picture.primitives import Point
from layerviz.picture.shapes import AnyShape, Frame


def hit(frame: Frame, x: float, y: float) -> AnyShape | None:
    """The topmost shape with an address at (x, y) px of the page (not scaled); None for the ground."""
    for shape in reversed(frame.shapes):
        if shape.address and shape.opacity > 0.05 and is_inside((x, y), outline(shape, frame.camera)):
            return shape
    return None


def is_inside(point: Point, polygon: tuple[Point, ...]) -> bool:
    """By the even-odd rule; a point on the edge may be either."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], *polygon[:1]), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside
