"""Outlines in px: rounded parallelograms, ellipses, hatching cut to a shape, and paths as polygons."""

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from layerviz.picture.primitives import Point, Segment
from layerviz.picture.shapes import Camera

Segments = tuple[Segment, ...]
_KAPPA = 0.5522847498
"""Handles of a cubic that is a quarter of a circle."""


class Pose(NamedTuple):
    """What a camera says about the form of things, wherever they stand; part of the key of each kept picture."""

    depth_x: float
    depth_y: float
    pitch: float
    """Of the rows of the flat view, which are as high; that of slabs says nothing about their form."""
    thickness: float
    lift: float
    phase: float

    @property
    def depth_px(self) -> float:
        """The depth of the stage in px of its own plane; the slabs' depth axis is foreshortened to nine tenths."""
        return math.hypot(self.depth_x, self.depth_y) / (0.9 + 0.1 * self.phase) or 1.0


def pose_of(camera: Camera) -> Pose:
    """Rounded to what cannot be seen, so that equal forms have equal keys."""
    return Pose(
        round(camera.depth_x, 2),
        round(camera.depth_y, 2),
        round(camera.pitch, 2) if camera.phase else 0.0,
        round(camera.thickness, 2),
        round(camera.lift, 2),
        round(camera.phase, 3),
    )


def tile_pose(camera: Camera) -> Pose:
    """The same for tiles, to which pitch and thickness say nothing."""
    form = camera.tiles or camera
    return Pose(round(form.depth_x, 2), round(form.depth_y, 2), 0.0, 0.0, round(form.lift, 2), round(form.phase, 3))


def polygon(*points: Point) -> Segments:
    """A closed outline through `points`."""
    return (("M", points[0]), *(("L", point) for point in points[1:]), ("Z",))


def polyline(*points: Point) -> Segments:
    return (("M", points[0]), *(("L", point) for point in points[1:]))


def rounded(origin: Point, a: Point, b: Point, share_a: float, share_b: float) -> Segments:
    """The parallelogram origin + s·a + t·b with corners rounded over these shares of its sides."""

    def at(s: float, t: float) -> Point:
        return origin[0] + s * a[0] + t * b[0], origin[1] + s * a[1] + t * b[1]

    ra, rb = min(share_a, 0.5), min(share_b, 0.5)
    ka, kb = ra * (1 - _KAPPA), rb * (1 - _KAPPA)
    return (
        ("M", at(ra, 0)),
        ("L", at(1 - ra, 0)),
        ("C", at(1 - ka, 0), at(1, kb), at(1, rb)),
        ("L", at(1, 1 - rb)),
        ("C", at(1, 1 - kb), at(1 - ka, 1), at(1 - ra, 1)),
        ("L", at(ra, 1)),
        ("C", at(ka, 1), at(0, 1 - kb), at(0, 1 - rb)),
        ("L", at(0, rb)),
        ("C", at(0, kb), at(ka, 0), at(ra, 0)),
        ("Z",),
    )


def rounded_rectangle(x: float, y: float, width: float, height: float, radius: float) -> Segments:
    if width <= 0 or height <= 0:
        return ()
    return rounded((x, y), (width, 0), (0, height), radius / width, radius / height)


def rectangle(x: float, y: float, width: float, height: float) -> Segments:
    return polygon((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def on_plane(pose: Pose, u0: float, u1: float, v0: float, v1: float, radius: float) -> Segments:
    """A rounded rectangle that lies on a slab's top, from the point (0, 0) of the plane; `radius` in its own px."""
    width, depth = u1 - u0, v1 - v0
    origin = (u0 + v0 * pose.depth_x, v0 * pose.depth_y)
    return rounded(
        origin,
        (width, 0),
        (depth * pose.depth_x, depth * pose.depth_y),
        radius / max(width, 1e-6),
        radius / max(depth * pose.depth_px, 1e-6),
    )


def ellipse(x: float, y: float, rx: float, ry: float) -> Segments:
    kx, ky = rx * _KAPPA, ry * _KAPPA
    return (
        ("M", (x + rx, y)),
        ("C", (x + rx, y + ky), (x + kx, y + ry), (x, y + ry)),
        ("C", (x - kx, y + ry), (x - rx, y + ky), (x - rx, y)),
        ("C", (x - rx, y - ky), (x - kx, y - ry), (x, y - ry)),
        ("C", (x + kx, y - ry), (x + rx, y - ky), (x + rx, y)),
        ("Z",),
    )


def moved(segments: Segments, dx: float, dy: float) -> Segments:
    return tuple([(segment[0], *[(x + dx, y + dy) for x, y in segment[1:]]) for segment in segments])  # type: ignore[misc]  # same kind, same number of points


def flattened(segments: Segments, steps: int = 6) -> tuple[Point, ...]:
    """The corners of a path of one closed part, each cubic cut into `steps` straight pieces."""
    points: list[Point] = []
    shares = _shares(steps)
    for segment in segments:
        if segment[0] == "C":
            (x0, y0), (_, (x1, y1), (x2, y2), (x3, y3)) = points[-1], segment
            points += [(a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3) for a, b, c, d in shares]
        elif segment[0] != "Z":
            points.append(segment[1])
    return tuple(points)


@lru_cache(maxsize=8)
def _shares(steps: int) -> tuple[tuple[float, float, float, float], ...]:
    """What the four points of a cubic have of each of its points but the first."""
    ways = [(1 - k / steps, k / steps) for k in range(1, steps + 1)]
    return tuple((s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t) for s, t in ways)


def swept_up(foot: Segments, height: float) -> Segments:
    """What the convex outline `foot` passes over when it is lifted by `height` px, as one outline."""
    points = flattened(foot, 8)
    start, end = points.index(min(points)), points.index(max(points))
    one = points[start : end + 1] if start <= end else (*points[start:], *points[: end + 1])
    two = points[end : start + 1] if end <= start else (*points[end:], *points[: start + 1])
    lower, upper = (one, two) if _mean_y(one) >= _mean_y(two) else (two, one)
    return polygon(*lower, *((x, y - height) for x, y in upper))


def hatching(outline: Sequence[Point], gap: float) -> Segments:
    """Lines that rise to the right, `gap` px apart on the level, cut to the convex polygon `outline`."""
    lines: list[Segment] = []
    sums = [x + y for x, y in outline]
    level = min(sums) + gap / 2
    while level < max(sums):
        ends = _crossings(outline, level)
        if len(ends) == 2 and abs(ends[0][0] - ends[1][0]) > 0.5:
            lines += [("M", ends[0]), ("L", ends[1])]
        level += gap
    return tuple(lines)


def box(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _crossings(outline: Sequence[Point], level: float) -> list[Point]:
    """Where x + y = `level` meets the outline, left one first."""
    found: list[Point] = []
    for (x0, y0), (x1, y1) in zip(outline, (*outline[1:], outline[0]), strict=True):
        a, b = x0 + y0 - level, x1 + y1 - level
        if (a < 0) != (b < 0):
            share = a / (a - b)
            found.append((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
    return sorted(found)


def _mean_y(points: Sequence[Point]) -> float:
    return sum(y for _, y in points) / len(points)
