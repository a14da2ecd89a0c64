"""What the cards of the home page show of their lessons."""

from layerviz.app.home_scenes import lesson_scene
from layerviz.app.scenes import StepScene
from layerviz.lessons.loading import lessons
from layerviz.lessons.progress import LessonProgress


def test_a_card_shows_its_own_lesson_and_not_the_one_that_a_question_recalls() -> None:
    for lesson in lessons():
        scene = lesson_scene(lesson.id, LessonProgress())
        assert isinstance(scene, StepScene)
        assert not scene.run.step.world, lesson.id
    scene = lesson_scene("two-layers-six-files", LessonProgress())
    assert isinstance(scene, StepScene)
    assert scene.run.place_after.show == ("three",), "the 7 over the 5 is what the lesson is about"
