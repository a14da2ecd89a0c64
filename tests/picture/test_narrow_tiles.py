"""Tiles of narrow columns still carry sizes and counts: smaller, below their glyph, or without it."""

import pytest

from layerviz.engine import paths
from layerviz.engine.actions import BringImage
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.content import Content
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from layerviz.engine.world import Image, Layer, World
from layerviz.picture.expand.tile import _standing
from layerviz.picture.layout import Place, View, layout
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import Tile
from layerviz.picture.widths import width


def world(columns: int) -> World:
    """An image with so many directories of 123 files each."""
    rows = [Entry(f"/d{n}/f{k}", Kind.FILE, 0o644, content=Content(())) for n in range(columns) for k in range(123)]
    layers = (Layer(0, Table.of(rows)), Layer(0, Table.of(rows[:1])))
    return apply(empty_world(), BringImage(Image(0, layers), ("x:latest",))).world


@pytest.mark.parametrize("columns", [4, 10, 14])
def test_every_directory_says_how_much_it_holds_within_its_tile(columns: int) -> None:
    picture = layout(
        world(columns), Place(("x",), paths.ROOT, sparse=True), View("flat", width=730, height=560, fixed=True)
    )
    tiles = [one for one in picture.frame.shapes if isinstance(one, Tile) and one.kind == "dir"]
    assert len(tiles) >= columns
    for one in tiles:
        assert one.label and one.label_px >= 12
        assert width(one.label, Font(one.label_px, 600)) <= one.u1 - one.u0


@pytest.mark.parametrize(
    ("width_px", "height_px", "expected"), [(80, 20, "beside"), (40, 50, "below"), (40, 20, "alone")]
)
def test_a_label_stands_beside_its_glyph_below_it_or_alone(width_px: float, height_px: float, expected: str) -> None:
    assert _standing("394", "dir", 14.0, width_px, height_px) == expected
