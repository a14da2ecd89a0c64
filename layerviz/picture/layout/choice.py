"""What is chosen and what is pointed at: in a picture that stands, and the frame round the column of a chosen path."""

from collections.abc import Iterator
from dataclasses import replace

from layerviz.picture.layout.fit import Fit
from layerviz.picture.layout.place import Picture
from layerviz.picture.layout.trace import lane_of
from layerviz.picture.shapes import AnyShape, Panel, Slab, Stage, Tile, shape_id

BESIDE_PX, ABOVE_PX = 5.0, 3.0


def lit(picture: Picture, chosen: str, pointed: str) -> Picture:
    """The same picture with the thing at the address `chosen` chosen, and the tile at `pointed` pointed at: nothing
    else of it changes, so it need not be laid out anew."""
    shapes = tuple(_lit(shape, chosen, pointed) for shape in picture.frame.shapes)
    view = replace(picture.view, chosen=chosen, pointed=pointed)
    return replace(picture, frame=replace(picture.frame, shapes=shapes), view=view)


def _lit(shape: AnyShape, chosen: str, pointed: str) -> AnyShape:
    if isinstance(shape, Tile):
        wanted = shape.address == chosen, shape.address == pointed
        return shape if wanted == (shape.chosen, shape.pointed) else replace(shape, chosen=wanted[0], pointed=wanted[1])
    if isinstance(shape, Slab):
        glow = 1.0 if chosen and shape.address == chosen else 0.0
        return shape if shape.glow == glow else replace(shape, glow=glow)
    return shape


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
