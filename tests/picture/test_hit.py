"""What a click meets."""

from dataclasses import replace

from layerviz.picture.expand import outline
from layerviz.picture.hit import hit
from layerviz.picture.layout import Place, View, layout
from layerviz.picture.shapes import Slab, Stage, Tile
from tests.picture.worlds import ARTICLE

FRAME = layout(ARTICLE, Place(("three",)), View(fixed=True, width=760, height=564)).frame


def test_the_middle_of_every_tile_is_that_tile() -> None:
    for shape in FRAME.shapes:
        if isinstance(shape, Tile):
            x, y = FRAME.camera.at(Stage((shape.u0 + shape.u1) / 2, 0.5, shape.level))
            found = hit(FRAME, x, y - FRAME.camera.lift)
            assert found is not None and found.id == shape.id


def test_a_front_edge_is_its_slab() -> None:
    slab = FRAME.shape("slab.three.2")
    assert isinstance(slab, Slab)
    x, y = FRAME.camera.at(Stage(slab.u1 - 200, 0, slab.level))
    assert hit(FRAME, x, y + FRAME.camera.thickness / 2) == slab


def test_the_ground_is_nothing() -> None:
    assert hit(FRAME, 1, 1) is None


def test_the_topmost_of_two_is_met() -> None:
    tile = FRAME.shape("tile.three.3._2ffile5")
    x, y = FRAME.camera.at(Stage(700, 0.5, 2.0))
    copy = replace(tile, id="copy", address="elsewhere")
    both = replace(FRAME, shapes=(*FRAME.shapes, copy))
    corners = outline(copy, FRAME.camera)
    x, y = (min(c[0] for c in corners) + max(c[0] for c in corners)) / 2, sum(c[1] for c in corners) / len(corners)
    found = hit(both, x, y)
    assert found is not None and found.id == "copy"
