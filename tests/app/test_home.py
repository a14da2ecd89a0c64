"""The home page in windows of several sizes: its rows, how it fills the window, what each lesson is for."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from layerviz.app.arrange import home_grid
from layerviz.app.home import Home
from layerviz.app.window import Window
from layerviz.lessons import loading


def home_of(window: Window, width: int, height: int) -> Home:
    window.resize(width, height)
    window.show_page("lessons")
    QTest.qWait(20)
    return window.home


def place(home: Home, widget: QWidget) -> QPoint:
    return widget.mapTo(home, QPoint(0, 0))


@pytest.mark.parametrize(("size", "rows"), [((1024, 640), 2), ((1280, 720), 1), ((1440, 900), 1), ((1920, 1080), 1)])
def test_the_story_stands_in_full_rows(window: Window, size: tuple[int, int], rows: int) -> None:
    home = home_of(window, *size)
    tops = [place(home, card).y() for card in home.cards.values()]
    assert len(tops) == 6 and {tops.count(top) for top in tops} == {6 // rows}


def test_both_rows_of_cards_stand_whole_in_a_low_window(window: Window) -> None:
    home = home_of(window, 1280, 720)
    assert all(place(home, card).y() + card.height() <= 720 for card in home.example_cards.values())


@pytest.mark.parametrize("size", [(1440, 900), (1600, 1000), (1920, 1080)])
def test_a_high_window_is_filled_and_needs_no_scrolling(window: Window, size: tuple[int, int]) -> None:
    home = home_of(window, *size)
    card = list(home.example_cards.values())[-1]
    foot = place(home, card).y() + card.height()
    assert size[1] * 0.93 < foot <= size[1]


@pytest.mark.parametrize("width", range(1024, 2561, 64))
def test_cards_stay_within_the_window_and_wide_enough_for_their_titles(width: int) -> None:
    for height in (640, 900, 1000, 1440):
        grid = home_grid(width, height)
        content = width - 2 * grid.margin_px
        card = (content - grid.gap_px * (grid.columns - 1)) / grid.columns
        assert grid.margin_px >= 24 and card - 2 * grid.pad_px >= 171


def test_what_a_lesson_is_for_is_said_while_the_mouse_or_the_keyboard_is_on_it(window: Window) -> None:
    home = home_of(window, 1280, 720)
    QTest.mouseMove(home.build_card)
    home.build_card.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.qWait(20)
    for other in home.cards.values():  # the window may have opened under the mouse of an earlier test
        QApplication.sendEvent(other, QEvent(QEvent.Type.Leave))
    before = home.story_note.text()
    assert "of 6 done" in before
    lesson = loading.lesson("3")
    assert lesson.objective is not None
    card = home.cards[lesson.id]
    assert card.accessibleDescription() == lesson.objective.en
    card.setFocus(Qt.FocusReason.TabFocusReason)
    assert home.story_note.text() == f"Goal: {lesson.objective.en}"
    home.build_card.setFocus(Qt.FocusReason.TabFocusReason)
    assert home.story_note.text() == before
    QTest.mouseMove(card)
    QTest.qWait(20)
    assert home.story_note.text() == f"Goal: {lesson.objective.en}"
    QTest.mouseMove(home.build_card)
    QTest.qWait(20)
    assert home.story_note.text() == before


def test_a_card_with_room_for_it_carries_it_itself(window: Window) -> None:
    home = home_of(window, 1920, 1080)
    before = home.story_note.text()
    card = home.cards[loading.lesson("3").id]
    card.setFocus(Qt.FocusReason.TabFocusReason)
    assert home.story_note.text() == before
    written = card.grab().toImage()
    card.setAccessibleDescription("")
    assert card.grab().toImage() != written


def test_a_lesson_left_at_its_challenge_says_that_it_is_ones_turn(window: Window) -> None:
    lesson = loading.lesson("3")
    window.open_lesson(lesson.id)
    window.player.jump(len(lesson.steps) - 1)
    home = home_of(window, 1440, 900)
    assert home.continue_card.where.text() == "Lesson 3, step 7 of 7"
    window.open_at(lesson.id, len(lesson.steps))
    home = home_of(window, 1440, 900)
    assert home.continue_card.where.text() == "Lesson 3: now you"
    assert home.cards[lesson.id].accessibleName().endswith("Now you")
