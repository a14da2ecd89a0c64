"""The images that a lesson makes, for whoever names one: `lesson:ID:NAME`."""

from typing import TYPE_CHECKING

from layerviz.images import made

if TYPE_CHECKING:
    from layerviz.engine.world import World


def lend() -> None:
    """From now on `images.opening` knows the images of lessons, whose floor lies above its own."""
    made.lend(worlds)


def worlds(lesson_id: str) -> "tuple[World, ...]":
    """The worlds of a lesson: after each step, the last one first, then the one that its challenge begins in.

    Raises `LessonError` where there is no such lesson.
    """
    # Every command lends lessons, few play one.
    from layerviz.lessons.loading import lesson
    from layerviz.lessons.playing import play

    played = play(lesson(lesson_id))
    after = tuple(run.after for run in reversed(played.steps))
    return (*after, played.challenge.world) if played.challenge else after
