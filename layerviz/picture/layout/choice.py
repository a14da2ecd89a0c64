"""The frame round the column of a chosen path, in the flat view."""

from collections.abc import Iterator

from layerviz.picture.layout.fit import Fit
from layerviz.picture.layout.trace import lane_of
from layerviz.picture.shapes import Panel, Stage, shape_id

BESIDE_PX, ABOVE_PX = 5.0, 3.0


def shapes(fit: Fit, path: str) -> Iterator[Panel]:
    """A frame in every section that has a column of `path`."""
    for bay in fit.bays if path and fit.mode == "flat" else ():
        lane, level = lane_of(bay, path), bay.section.view_level
        if lane is None or level is None:
            continue
        left, top = fit.camera.at(Stage(lane.u0 - BESIDE_PX, 1.0, level))
        right, bottom = fit.camera.at(Stage(lane.u1 + BESIDE_PX, 0.0, bay.section.level))
        yield Panel(
            id=shape_id("choice", bay.section.name),
            twin=f"choice {bay.section.number}",
            x=left,
            y=top - ABOVE_PX,
            width=right - left,
            height=bottom - top + 2 * ABOVE_PX,
            style="choice",
            hue="ink",
        )
