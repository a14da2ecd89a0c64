"""`lesson:ID:NAME` means what the lesson shows."""

import pytest

from layerviz.engine.digests import image_id
from layerviz.images.opening import image_of, images_of
from layerviz.lessons import lesson, lessons, made, play
from layerviz.lessons.loading import LessonError


def test_an_image_of_every_lesson_that_has_one_is_found_by_its_name() -> None:
    made.lend()
    found = 0
    for one in lessons():
        for ref, key in play(one).steps[-1].after.tags:
            image = next(image for image in play(one).steps[-1].after.images if image.key == key)
            assert image_id(image_of(f"lesson:{one.id}:{ref}").image) == image_id(image)
            found += 1
    assert found > 10


def test_the_images_of_a_lesson_are_those_of_its_last_world() -> None:
    made.lend()
    one = next(one for one in lessons() if play(one).steps[-1].after.tags)
    world = play(lesson(one.id)).steps[-1].after
    assert {ref for image in images_of(f"lesson:{one.id}") for ref in image.refs} == {ref for ref, _ in world.tags}


def test_a_lesson_that_is_not_there_is_told_as_everywhere() -> None:
    made.lend()
    with pytest.raises(LessonError, match="none"):
        image_of("lesson:none:x")
