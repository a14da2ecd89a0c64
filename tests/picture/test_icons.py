"""Icons: SVG path data as straight pieces and cubics."""

import math

import pytest

from layerviz.picture.icons import GRID, icon, names, path_data
from layerviz.picture.primitives import Segment

BLACK = (0, 0, 0, 1.0)


def ends(segments: tuple[Segment, ...]) -> list[tuple[float, float]]:
    return [segment[-1] for segment in segments if segment[0] != "Z"]


@pytest.mark.parametrize("name", names())
def test_an_icon_stays_in_its_square(name: str) -> None:
    parts = icon(name, 100, 50, 28, BLACK)
    assert parts
    for part in parts:
        for segment in part.segments:
            for x, y in segment[1:]:
                assert 99 <= x <= 129 and 49 <= y <= 79


def test_a_filled_icon_has_no_stroke_of_another_colour() -> None:
    (folder,) = icon("dir", 0, 0, GRID, BLACK)
    assert folder.fill == BLACK and folder.stroke is None


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        icon("nothing", 0, 0, 14, BLACK)


def test_relative_and_absolute_commands_draw_the_same() -> None:
    assert path_data("M1 2L4 6H9V3Z") == path_data("m1 2l3 4h5v-3z")


def test_a_command_may_stand_once_for_several() -> None:
    assert path_data("M0 0 1 1 2 0") == path_data("M0 0L1 1L2 0")


def test_an_arc_is_a_circle_within_a_thousandth() -> None:
    arc = path_data("M10 0A10 10 0 1 1 0 -10")
    assert [segment[0] for segment in arc] == ["M", "C", "C", "C"]
    assert ends(arc)[-1] == pytest.approx((0, -10), abs=1e-9)
    for x, y in ends(arc):
        assert math.hypot(x, y) == pytest.approx(10, rel=1e-3)


def test_a_small_arc_goes_the_short_way_round() -> None:
    (_, curve) = path_data("M10 0A10 10 0 0 0 0 -10")
    assert curve[0] == "C"
    assert curve[1][0] > 0 and curve[1][1] < 0


def test_a_quadratic_piece_becomes_the_cubic_that_is_the_same() -> None:
    _, curve = path_data("M0 0Q3 6 6 0")
    assert curve == ("C", (2.0, 4.0), (4.0, 4.0), (6.0, 0.0))


def test_what_is_not_path_data_is_an_error() -> None:
    with pytest.raises(ValueError, match="needs 2 numbers"):
        path_data("M1")
