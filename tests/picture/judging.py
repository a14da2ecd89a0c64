"""Judges a frame by its shapes: `problems(frame)` says in words what no picture of the stage may have.

Nothing is cut by the page, no writing lies over other writing, no tile over its neighbour, text fits what it stands in,
ids are unique and legal in SVG. In the middle of a motion (`moving`) things that come and go may pass each other: only
what has its full opacity is held against the rest.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from layerviz.picture import widths
from layerviz.picture.expand import outline
from layerviz.picture.primitives import Font, Point
from layerviz.picture.shapes import AnyShape, Badge, Camera, Frame, Head, Label, Line, Panel, Slab, Tile

LEGAL = re.compile(r"[A-Za-z_][A-Za-z0-9._\-]*")
SMALLEST_PX = 14.0
TOUCH = 1.5
"""Px by which two texts may share their boxes: boxes are a little larger than ink."""


def problems(frame: Frame, *, moving: bool = False) -> list[str]:
    """Everything that is wrong with the frame; empty for a good one."""
    found = [*_ids(frame), *_page(frame, moving), *_text_over_text(frame, moving), *_tiles(frame, moving)]
    return [*found, *_fits(frame, moving), *_mud(frame), *([] if moving else _leaders(frame))]


def _leaders(frame: Frame) -> Iterator[str]:
    """Level, so that they cannot cross."""
    for shape in frame.shapes:
        if isinstance(shape, Line) and "leader" in shape.id:
            (_, y0), (_, y1) = ends(shape, frame.camera)
            if abs(y0 - y1) > 0.5:
                yield f"{shape.id} is not level: from {y0:.0f} to {y1:.0f}"


def ends(line: Line, camera: Camera) -> tuple[Point, Point]:
    """Where a line begins and ends on the page."""
    x0, y0 = camera.at(line.on0) if line.on0 else (0.0, 0.0)
    x1, y1 = camera.at(line.on1) if line.on1 else (0.0, 0.0)
    return (x0 + line.x0, y0 + line.y0), (x1 + line.x1, y1 + line.y1)


def _ids(frame: Frame) -> Iterator[str]:
    seen: set[str] = set()
    for shape in frame.shapes:
        if shape.id in seen:
            yield f"two shapes are called {shape.id}"
        seen.add(shape.id)
        if not LEGAL.fullmatch(shape.id):
            yield f"{shape.id!r} is no legal id"


def _page(frame: Frame, moving: bool) -> Iterator[str]:
    """Shadows and light may fade out beyond the edge; bodies and words may not."""
    margin = 3.0
    for shape in frame.shapes:
        if not isinstance(shape, Label | Badge | Head | Tile | Slab | Panel) or shape.opacity < 0.2:
            continue
        if isinstance(shape, Label) and not shape.text:
            continue
        points = outline(shape, frame.camera)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        slack = margin + (14.0 if moving else 0.0)
        if min(xs) < -slack or max(xs) > frame.width + slack or min(ys) < -slack or max(ys) > frame.height + slack:
            box = f"{min(xs):.0f}..{max(xs):.0f}, {min(ys):.0f}..{max(ys):.0f}"
            yield f"{shape.id} leaves the page of {frame.width:.0f} × {frame.height:.0f}: {box}"


def _text_over_text(frame: Frame, moving: bool) -> Iterator[str]:
    least = 0.95 if moving else 0.2
    texts = [
        (shape, outline(shape, frame.camera))
        for shape in frame.shapes
        if isinstance(shape, Label | Badge | Head)
        and shape.opacity >= least
        and (isinstance(shape, Badge) or shape.text)
        if not (moving and shape.id.startswith(("moving.", "was.")))
    ]
    for (one, a), (other, b) in combinations(texts, 2):
        if overlap(a, b, TOUCH):
            yield f"{one.id} and {other.id} lie over each other"


def _tiles(frame: Frame, moving: bool) -> Iterator[str]:
    rows: dict[float, list[Tile]] = {}
    for shape in frame.shapes:
        resting = isinstance(shape, Tile) and not shape.id.startswith(("moving.", "was."))
        if resting and isinstance(shape, Tile) and not (moving and (shape.raised or shape.opacity < 1)):
            rows.setdefault(round(shape.level, 3), []).append(shape)
    for tiles in rows.values():
        tiles.sort(key=lambda tile: tile.u0)
        for left, right in pairwise(tiles):
            if left.u1 > right.u0 + 0.5:
                yield f"{left.id} and {right.id} lie over each other"


def _fits(frame: Frame, moving: bool) -> Iterator[str]:
    panels = [shape for shape in frame.shapes if isinstance(shape, Panel) and shape.id.startswith("panel.")]
    for shape in frame.shapes:
        if isinstance(shape, Label | Badge | Head) and shape.opacity > 0.2:
            size = shape.text_px if isinstance(shape, Head) else shape.size_px
            tiny = isinstance(shape, Badge) and shape.style == "dot"
            if size < SMALLEST_PX and not tiny:
                yield f"{shape.id} is written in {size} px"
        if isinstance(shape, Tile) and shape.label:
            font = Font(shape.label_px, 700 if shape.label_px >= 24 else 600)
            wide = widths.width(shape.label, font) + (
                shape.label_px + 7 if shape.kind in ("dir", "link", "device") else 0
            )
            if wide > shape.u1 - shape.u0 and not (moving and shape.opacity < 1):
                yield f"the label of {shape.id} is {wide:.0f} px wide on a tile of {shape.u1 - shape.u0:.0f}"
        if isinstance(shape, Slab) and shape.style != "view" and frame.camera.phase == 0 and not moving:
            yield from _edge_fits(shape)
        if isinstance(shape, Label) and shape.id.startswith("line."):
            name = shape.id.split(".")[1]
            for panel in panels:
                if panel.id == f"panel.{name}":
                    yield from _inside(shape, panel, frame)


def _edge_fits(slab: Slab) -> Iterator[str]:
    used = 12.0 + (29 if slab.number else 0) + 14
    used += widths.width(slab.title, Font(slab.text_px, 600)) if slab.title else 0
    if slab.detail:
        used += 14 + widths.width(slab.detail, Font(slab.text_px - 1, 400, "mono" if slab.detail_mono else "sans"))
    used += widths.width(slab.right, Font(slab.text_px - 1, 500)) + 6 if slab.right else 0
    used += 30 if slab.lock else 0
    if used > slab.u1 - slab.u0 + 1 and slab.title:
        yield f"the writing on {slab.id} takes {used:.0f} px of {slab.u1 - slab.u0:.0f}"


def _inside(label: Label, panel: Panel, frame: Frame) -> Iterator[str]:
    points = outline(label, frame.camera)
    if (
        min(x for x, _ in points) < panel.x
        or max(x for x, _ in points) > panel.x + panel.width + 1
        or min(y for _, y in points) < panel.y
        or max(y for _, y in points) > panel.y + panel.height + 2
    ):
        yield f"{label.id} stands outside its panel"


def _mud(frame: Frame) -> Iterator[str]:
    """No slab lies over another one's top."""
    camera = frame.camera
    deep = camera.phase == 0 and camera.pitch + 0.01 < -camera.depth_y + camera.thickness
    if deep and any(isinstance(shape, Slab) for shape in frame.shapes):
        yield f"a pitch of {camera.pitch:.1f} is less than depth and thickness"


def overlap(a: Sequence[Point], b: Sequence[Point], slack: float = 0.0) -> bool:
    """Whether two convex polygons share more than `slack` px in every direction."""
    for polygon in (a, b):
        for (x0, y0), (x1, y1) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
            nx, ny = y1 - y0, x0 - x1
            length = (nx * nx + ny * ny) ** 0.5
            if length < 1e-9:
                continue
            first = [(x * nx + y * ny) / length for x, y in a]
            second = [(x * nx + y * ny) / length for x, y in b]
            if max(first) <= min(second) + slack or max(second) <= min(first) + slack:
                return False
    return True


def texts(shapes: Sequence[AnyShape]) -> list[str]:
    """All that can be read, in order."""
    return [shape.text for shape in shapes if isinstance(shape, Label | Badge | Head) and shape.text]


def lines(frame: Frame) -> list[Line]:
    return [shape for shape in frame.shapes if isinstance(shape, Line)]
