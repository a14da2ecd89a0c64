"""Where one is in a lesson: from question to motion to question, forward and back."""

from layerviz.app.walk import Walk
from layerviz.lessons.loading import lesson

LESSON = lesson("two-layers-six-files")
COVER = 5
"""The step with a question before its commands, and one after."""


def test_a_step_asks_then_plays_then_asks_again_then_rests() -> None:
    walk = Walk(LESSON).entered(COVER)
    phases = [walk.phase]
    for go in (Walk.answered, Walk.arrived, Walk.answered):
        walk = go(walk)
        phases.append(walk.phase)
    assert phases == ["ask", "play", "look", "rest"]


def test_next_during_a_motion_completes_it_and_goes_on() -> None:
    playing = Walk(LESSON).entered(1)
    assert playing.phase == "play"
    assert playing.forward(full_screen=False) == Walk(LESSON).entered(2)


def test_next_during_a_motion_stops_at_the_question_after_it() -> None:
    playing = Walk(LESSON).entered(COVER).answered()
    assert playing.forward(full_screen=False).phase == "look"


def test_in_full_screen_next_reveals_and_then_goes_on() -> None:
    asked = Walk(LESSON).entered(COVER)
    shown = asked.forward(full_screen=True)
    assert shown.phase == "ask" and shown.revealed
    assert shown.forward(full_screen=True).phase == "play"


def test_back_leads_to_the_end_of_the_step_before_and_stops_at_the_first() -> None:
    assert Walk(LESSON).entered(COVER).backward() == Walk(LESSON, COVER - 1, "rest")
    assert Walk(LESSON).entered(0).backward() == Walk(LESSON).entered(0)


def test_behind_the_last_step_stand_the_challenge_and_the_end() -> None:
    walk = Walk(LESSON, len(LESSON.steps) - 1, "rest")
    challenge = walk.forward(full_screen=False)
    assert (challenge.phase, challenge.step) == ("challenge", len(LESSON.steps))
    assert challenge.forward(full_screen=False).phase == "finish"


def test_a_lesson_that_begins_with_the_hand_waits_for_it() -> None:
    walk = Walk(lesson("start")).entered(0)
    assert walk.phase == "act"
    assert walk.acted().phase == "ask"
