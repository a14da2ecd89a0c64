"""Where the parts of the window stand at the four sizes, and that nothing that is read is cut, in either language."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from layerviz.app.arrange import panes, terminal_px
from layerviz.app.first_start import FirstStart
from layerviz.app.parts import Button
from layerviz.app.player import Player
from layerviz.app.session import Origin
from layerviz.app.start import make_window
from layerviz.app.window import Window, first_size, least_size
from layerviz.strings import LANGUAGES
from tests.app.hands import LESSON, Key, click, press, settle, seven_over_five

SIZES = ((1024, 640), (1280, 720), (1440, 900), (1920, 1080))


@pytest.mark.parametrize(
    ("size", "left", "right", "low"),
    [
        ((1024, 640), 0, 0, True),
        ((1280, 720), 312, 0, False),
        ((1440, 900), 312, 320, False),
        ((1920, 1080), 312, 320, False),
    ],
)
def test_panes_become_drawers_as_the_window_gets_smaller(
    size: tuple[int, int], left: int, right: int, low: bool
) -> None:
    found = panes(*size)
    assert (found.left_px, found.right_px, found.low) == (left, right, low)


def test_with_text_twice_as_large_panes_close_as_in_half_the_width() -> None:
    assert panes(1920, 1080, text_scale=2).narrow


def test_the_terminal_of_build_leaves_the_stage_at_least_twice_its_height() -> None:
    for width, height in SIZES:
        assert 112 <= terminal_px(width, height) <= (height - 180) / 3


def test_a_dragged_pane_stays_between_its_bounds() -> None:
    assert panes(1440, 900, left_px=100).left_px == 240
    assert panes(1440, 900, right_px=900).right_px == 420


@pytest.mark.parametrize(
    ("size", "stage"),
    [
        ((1024, 640), QRect(24, 60, 976, 416)),
        ((1280, 720), QRect(336, 104, 920, 448)),
        ((1440, 900), QRect(336, 104, 760, 564)),
        ((1920, 1080), QRect(336, 104, 1240, 744)),
    ],
)
def test_the_stage_takes_what_is_left(window: Window, size: tuple[int, int], stage: QRect) -> None:
    window.resize(*size)
    window.open_lesson(LESSON)
    player = window.player
    player.set_notes(size[0] >= 1360)
    player.jump(3)
    settle(player.stage)
    QTest.qWait(1)
    found = QRect(player.stage.mapTo(window, player.stage.rect().topLeft()), player.stage.size())
    assert abs(found.left() - stage.left()) <= 1 and abs(found.right() - stage.right()) <= 1
    assert abs(found.top() - stage.top()) <= 8 and abs(found.bottom() - stage.bottom()) <= 16


def cut(page: QWidget) -> list[str]:
    """What stands on `page` and does not fit where it stands."""
    found: list[str] = []
    for label in page.findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        if label.wordWrap():
            if label.heightForWidth(label.width()) > label.height() + 1:
                found.append(label.text())
        elif label.sizeHint().width() > label.width() + 1:
            found.append(label.text())
    for button in page.findChildren(QPushButton):
        if isinstance(button, Button) and button.isVisible() and button.property("kind") not in ("row", "option"):
            wide = QFontMetricsF(button.font()).horizontalAdvance(button.text())
            if wide > button.width() - 8:
                found.append(button.text())
    return found


Scene = Callable[[Window], QWidget]


def home(window: Window) -> QWidget:
    window.show_page("lessons")
    return window.home


def resting(window: Window) -> QWidget:
    return seven_over_five(window)


def asking(window: Window) -> QWidget:
    window.open_lesson(LESSON)
    window.player.jump(5)
    window.player.give(7)
    return window.player


def choosing(window: Window) -> QWidget:
    window.open_lesson("one-unified-view")
    window.player.jump(7)
    settle(window.player.stage)
    return window.player


def challenged(window: Window) -> QWidget:
    window.build.begin(Origin("challenge", LESSON))
    window.show_page("build")
    window.build.show_example()
    settle(window.build.stage)
    return window.build


def first(window: Window) -> QWidget:
    page = window.pages.currentWidget()
    assert page is not None
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scene", [first, home, resting, asking, choosing, challenged])
def test_nothing_that_is_read_is_cut(window: Window, size: tuple[int, int], scene: Scene) -> None:
    window.resize(*size)
    for lang in LANGUAGES:
        window.look.choose_lang(lang)
        page = scene(window)
        for _ in range(50):
            QTest.qWait(20)
            if not cut(page):  # words that wrap find their height one round of events later
                break
        assert cut(page) == [], lang


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_start_s_picture_keeps_away_from_its_head_and_from_the_switch(
    window: Window, size: tuple[int, int], lang: str
) -> None:
    window.resize(*size)
    window.look.choose_lang(lang)
    page = window.pages.currentWidget()
    assert isinstance(page, FirstStart)
    QTest.qWait(20)
    picture, at = page.stage.grab().toImage(), page.stage.pos()
    drawn = [
        (x + at.x(), y + at.y())
        for y in range(picture.height())
        for x in range(0, picture.width(), 2)
        if picture.pixel(x, y) != picture.pixel(0, y)
    ]
    switch = page.language.geometry()
    assert min(y for x, y in drawn if x >= switch.left()) - switch.bottom() >= 24
    assert min(x for x, _ in drawn) - page.head.right() >= 24


@pytest.mark.parametrize(
    ("screen", "first"),
    [((1920, 1080), (1600, 900)), ((1366, 768), (1366, 768)), ((2560, 1440), (1600, 1000)), ((1024, 640), (1024, 640))],
)
def test_the_first_window_takes_most_of_the_screen_and_no_more_than_is_read_at_once(
    screen: tuple[int, int], first: tuple[int, int]
) -> None:
    assert first_size(*screen) == first


def test_a_window_is_never_larger_than_its_screen_has_room_for() -> None:
    assert least_size(1920, 1080) == (1024, 640)
    assert least_size(960, 520) == (960, 520)


def test_a_lesson_opened_before_its_window_is_shown_says_how_it_is_seen_then(qapp: QApplication, memory: Path) -> None:
    window = make_window(qapp)
    window.open_lesson(LESSON)
    window.resize(1600, 900)
    window.show()
    QTest.qWaitForWindowExposed(window)
    picture = window.player.stage.picture
    assert picture is not None and window.player.head.segments.current == picture.mode == "slabs"
    window.close()


def _on_page(player: Player, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(player, widget.rect().topLeft()), widget.size())


@pytest.mark.parametrize("size", [(1024, 640), (1280, 720)])
def test_what_is_said_of_a_tile_covers_neither_the_tile_nor_the_caption(window: Window, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.open_lesson(LESSON)
    player = window.player
    player.jump(4)
    player.jump(2)
    settle(player.stage)
    for spot in [spot for spot in player.stage.spots() if spot.is_tile]:
        player.stage.choose(spot.address)
        player.stage.chosen.emit(spot.address)
        pane = _on_page(player, player.right_pane)
        assert player.right_pane.isVisible()
        assert not pane.intersects(_on_page(player, player.caption))
        shown = [one for one in player.stage.spots() if one.is_tile and one.address == spot.address]
        for corner in player.stage.outline_of(shown[0].shape_id):
            assert not pane.contains(player.stage.mapTo(player, corner.toPoint()))


@pytest.mark.parametrize("drawer", ["left", "right"])
def test_a_drawer_that_is_asked_for_stands_beside_stage_and_caption(window: Window, drawer: str) -> None:
    window.resize(1024, 640)
    window.open_lesson(LESSON)
    player = window.player
    player.jump(4)
    player.jump(2)
    settle(player.stage)
    click(player.foot.dockerfile if drawer == "left" else player.inspect_button)
    QTest.qWait(1)
    pane = player.left_pane if drawer == "left" else player.right_pane
    assert pane.isVisible()
    for part in (player.stage, player.caption, player.foot):
        assert not _on_page(player, pane).intersects(_on_page(player, part))
    assert cut(player) == []


@pytest.mark.parametrize("size", [(1024, 640), (1280, 720), (1440, 900)])
def test_an_answer_that_is_not_right_leaves_the_stage_as_it_is(window: Window, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.open_lesson(LESSON)
    player = window.player
    player.jump(5)
    QTest.qWait(20)
    before = player.stage.height()
    card = player.question
    player.next()
    QTest.qWait(20)
    assert card.check.geometry().right() == card.number.geometry().right()
    assert card.feedback.isVisible() and player.stage.height() == before


def test_on_the_last_pages_only_the_card_leads_on(window: Window) -> None:
    window.open_lesson(LESSON)
    player = window.player
    place = player.foot.dots.x()
    assert player.foot.next.isVisible()
    press(window, Key.Key_End)
    assert player.end.isVisible() and not player.foot.next.isVisible()
    player.jump(99)
    assert player.end.isVisible() and not player.foot.next.isVisible() and player.foot.back.isVisible()
    player.jump(2)
    QTest.qWait(20)
    assert player.foot.next.isVisible() and abs(player.foot.dots.x() - place) < 40
