"""What the merged view is called where no rail says so: beside its plane, in the corner that its slant leaves."""

from collections.abc import Iterator, Sequence

from layerviz.picture import widths
from layerviz.picture.layout.fit import Bay, Box, Fit
from layerviz.picture.layout.rows import Stage as Setting
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import Label, Stage, shape_id

SIZES_PX = (19.0, 18.0, 17.0, 16.0, 15.0, 14.0)
"""As large as a rail's head, where there is room."""
LINE, CAPITAL, TAIL = 1.16, 0.73, 0.23
"""Of a size: from line to line, what letters take above their line and below it."""
CLEAR_PX = 10.0
"""How far it stays away from everything."""
PLANE_MARGIN = 14.0
"""The plane's left edge lies so far right of its row's."""
MOST_RISE = 2.4
"""Of its size, how far the name may begin above the plane's back edge."""


def shapes(setting: Setting, room: Box) -> Iterator[Label]:
    """The name, left-aligned at the stage's margin, from the height of the plane's back edge on; one for all planes
    that stand side by side. Nothing where there is no room for it."""
    fit = setting.fit
    seen = [bay for bay in fit.bays if bay.section.view_level is not None and not bay.section.above]
    first = min(seen, key=lambda bay: bay.u0, default=None)
    if first is None or _is_beside_another(fit, first):
        return
    level, camera = first.section.view_level, fit.camera
    aside = max(camera.x - room.x, 0.0) if first.u0 == 0 else 0.0
    assert level is not None
    lines = setting.writing.say("views_named" if len(seen) > 1 else "view_named").split("\n")
    back = camera.at(Stage(first.u0, 1.0, level))[1]
    free_above = _free_above(fit, first, several=len(fit.bays) > 1)
    for px in SIZES_PX:
        rise = _rise(fit, [widths.width(line, Font(px, 700)) - aside for line in lines], px, free_above)
        if rise is None or back - rise < room.y:
            continue
        for n, line in enumerate(lines):
            yield Label(
                id=shape_id("viewname", n),
                twin=f"viewname {n}",
                x=-camera.depth_x - aside,
                y=CAPITAL * px + n * LINE * px - rise,
                on=Stage(first.u0, 1.0, level),
                text=line,
                size_px=px,
                weight=700,
            )
        return


def _is_beside_another(fit: Fit, bay: Bay) -> bool:
    """Whether something else stands left of its plane."""
    level = bay.section.view_level
    return any(other.u1 <= bay.u0 + 1 and any(row.level == level for row in other.section.rows) for other in fit.bays)


def _free_above(fit: Fit, bay: Bay, *, several: bool) -> float:
    """How far to the right the corner above the plane is free: up to the first column's name, or the stack's own."""
    depth = fit.camera.depth_x
    name = bay.lanes[0].middle - bay.u0 + depth * 0.84 - 14 if bay.lanes else depth + bay.u1 - bay.u0
    return min(name, depth + 4 if several else name) - CLEAR_PX


def _rise(fit: Fit, wides: Sequence[float], px: float, free_above: float) -> float | None:
    """How far above the plane's back edge lines must begin that reach so far into its corner, to stay clear of its left
    edge; None for too far."""
    depth_x, depth_y = fit.camera.depth_x, fit.depth_px
    rise = 0.0
    for n, wide in enumerate(wides):
        if wide > free_above:
            return None
        below = (CAPITAL + n * LINE + TAIL) * px
        allowed = depth_y * (1 - (wide + CLEAR_PX - PLANE_MARGIN) / depth_x) if wide < depth_x else -CLEAR_PX / 2
        rise = max(rise, below - min(allowed, depth_y))
    return rise if rise <= MOST_RISE * px else None
