"""The stage between motions: what comes next is made ready while nothing moves, and nothing holds a motion up."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from layerviz.app.look import Look
from layerviz.app.scenes import StepScene
from layerviz.app.stage import Stage
from layerviz.lessons import loading
from layerviz.lessons.playing import play
from layerviz.picture.layout import Picture, View
from layerviz.picture.timeline import Timeline
from tests.app.hands import moves


class Asked:
    """A step's scene that notes what it was asked for."""

    def __init__(self, number: int) -> None:
        self.asked: list[str] = []
        self._scene = StepScene(play(loading.lesson("3")).steps[number - 1])

    def still(self, view: View) -> Picture:
        self.asked.append("still")
        return self._scene.still(view)

    def motion(self, view: View) -> Timeline | None:
        self.asked.append("motion")
        return self._scene.motion(view)


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    stage = Stage(Look("dark", "en"))
    qtbot.addWidget(stage)
    stage.resize(800, 560)
    stage.show()
    QTest.qWaitForWindowExposed(stage)
    yield stage
    stage.hide()


def test_what_is_expected_is_made_ready_while_nothing_moves(stage: Stage, qtbot: QtBot) -> None:
    coming = Asked(3)
    stage.show_scene(Asked(2))
    stage.expect(coming)
    qtbot.waitUntil(lambda: coming.asked == ["motion", "still"], timeout=5000)


def test_nothing_is_made_ready_during_a_motion(stage: Stage) -> None:
    coming = Asked(4)
    stage.show_scene(Asked(3), play=True)
    stage.expect(coming)
    QTest.qWait(600)
    assert moves(stage)
    assert coming.asked == []


def test_no_collection_of_garbage_falls_into_a_motion(stage: Stage) -> None:
    stage.show_scene(Asked(3), play=True)
    assert moves(stage)
    assert not gc.isenabled()
    stage.complete()
    assert gc.isenabled()


def test_a_stage_that_is_hidden_during_a_motion_lets_garbage_be_collected(stage: Stage) -> None:
    stage.show_scene(Asked(3), play=True)
    stage.hide()
    assert gc.isenabled()
