"""The part of the page that is drawn on."""

from layerviz.export.crop import common_box
from layerviz.picture.shapes import Camera, Frame, Ground, Label, Panel
from layerviz.picture.theme import DARK
from tests.export.drawn import frame

CAMERA = Camera(0, 0, 100, 30, -30, 10, 5)


def page(*shapes: Panel | Label) -> Frame:
    return Frame(1600, 900, CAMERA, (Ground(id="ground"), *shapes))


def panel(x: float, y: float, opacity: float = 1) -> Panel:
    return Panel(id=f"panel.{x}.{y}", x=x, y=y, width=100, height=50, opacity=opacity)


def test_the_box_holds_what_any_frame_draws_with_a_margin() -> None:
    left, top, width, height = common_box([page(panel(300, 200)), page(panel(700, 500))], DARK)
    assert 270 <= left <= 284 and 170 <= top <= 184
    assert 816 <= left + width <= 830 and 566 <= top + height <= 580


def test_what_cannot_be_seen_and_the_page_itself_do_not_count() -> None:
    left, _, width, _ = common_box([page(panel(300, 200), panel(1400, 800, opacity=0))], DARK)
    assert left + width < 450


def test_the_box_never_leaves_the_page_and_an_empty_page_stays_whole() -> None:
    assert common_box([page(panel(-50, -50), panel(1580, 890))], DARK) == (0, 0, 1600, 900)
    assert common_box([page()], DARK) == (0, 0, 1600, 900)


def test_words_count_with_the_room_they_take() -> None:
    narrow = common_box([page(Label(id="a", x=800, y=450, text="i"))], DARK)
    wide = common_box([page(Label(id="a", x=800, y=450, text="a long line of words"))], DARK)
    assert wide[2] > narrow[2] + 80


def test_without_words_a_picture_is_cropped_to_its_stage() -> None:
    left, top, width, height = common_box([frame(title="", caption="")], DARK)
    assert width < 1590 and height < 890
    assert left > 0 and top > 0
