"""What a person's hands do to the window: keys wherever the keyboard is, clicks and drags at places on the screen."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPolygonF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from layerviz.app.player import Player
from layerviz.app.stage import Stage
from layerviz.app.window import Window
from layerviz.picture.layout import Picture

LESSON = "two-layers-six-files"
LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


def press(
    window: QWidget, *keys: Qt.Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Keys one after another, each to whatever has the keyboard then."""
    for key in keys:
        target = window.focusWidget() or window
        if isinstance(key, str):
            QTest.keyClicks(target, key, modifiers)
        else:
            QTest.keyClick(target, key, modifiers)


def click(widget: QWidget, place: QPoint | None = None) -> None:
    """A click on the middle of `widget`, or on a place in it."""
    QTest.mouseClick(widget, LEFT, pos=place if place is not None else widget.rect().center())


def centre_of(stage: Stage, shape_id: str) -> QPoint:
    """The middle of a shape on the stage."""
    return QPolygonF(stage.outline_of(shape_id)).boundingRect().center().toPoint()


def click_shape(stage: Stage, shape_id: str) -> None:
    click(stage, centre_of(stage, shape_id))


def moves(stage: Stage) -> bool:
    """Whether the stage shows something on its way."""
    return stage.frame_now != picture_of(stage).frame


def drag(start: QWidget, start_at: QPoint, end: QWidget, end_at: QPoint) -> None:
    """A drag from a place in one widget to a place in another, in steps as a hand makes them.

    The mouse belongs to the widget that was pressed until it is let go, so every step is sent there.
    """
    goal = start.mapFromGlobal(end.mapToGlobal(end_at))
    QTest.mousePress(start, LEFT, pos=start_at)
    for step in range(1, 9):
        QTest.mouseMove(start, start_at + (goal - start_at) * step / 8)
        QApplication.processEvents()
    QTest.mouseRelease(start, LEFT, pos=goal)
    QApplication.processEvents()


def settle(stage: Stage) -> None:
    """Lets a motion come to its end at once."""
    stage.complete()
    QApplication.processEvents()


def seven_over_five(window: Window) -> Player:
    """Step 6 of lesson 3 with both its questions answered."""
    window.open_lesson(LESSON)
    player = window.player
    player.jump(5)
    player.give(6)
    settle(player.stage)
    player.give("three[2]")
    return player


def picture_of(stage: Stage) -> Picture:
    picture = stage.picture
    assert picture is not None
    return picture


def addresses(stage: Stage) -> set[str]:
    """The addresses of everything that stands on the stage."""
    frame = stage.frame_now
    assert frame is not None
    return {shape.address for shape in frame.shapes if shape.address}


def phase_of(window: Window) -> str:
    """Where within its step the player stands: "ask", "play", "rest" and the like."""
    walk = window.player.walk
    assert walk is not None
    return walk.phase


def step_of(window: Window) -> int:
    """The step of the player, from 0."""
    walk = window.player.walk
    assert walk is not None
    return walk.step
