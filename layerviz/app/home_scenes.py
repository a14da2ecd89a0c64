"""What the small pictures of the home page show; the page itself is painted before any of this is loaded. No Qt."""

from functools import cache

from layerviz.app.examples import Example
from layerviz.app.projection import Scene
from layerviz.app.scenes import AskScene, ChallengeScene, StepScene, WorldScene, alone
from layerviz.engine.address import resolve
from layerviz.engine.apply import empty_world
from layerviz.engine.merge import names
from layerviz.lessons import playing
from layerviz.lessons.loading import lesson
from layerviz.lessons.playing import StepRun, caption, filled, play
from layerviz.lessons.progress import LessonProgress
from layerviz.picture.layout import Place
from layerviz.shell import run_script
from layerviz.strings import Lang

_PLAYED: set[str] = set()


def play_on(lesson_id: str) -> bool:
    """Plays one more step of that lesson; False where all are played. A whole lesson at once would be felt."""
    if lesson_id in _PLAYED:
        return False
    if playing.play_on(lesson(lesson_id)):
        return True
    _PLAYED.add(lesson_id)
    return False


def lesson_scene(lesson_id: str, known: LessonProgress) -> Scene | None:
    """What a lesson's card shows: the step reached, or the one with most to see."""
    if known.step and not known.finished:
        return step_scene(lesson_id, known.step - 1)
    return StepScene(alone(max(play(lesson(lesson_id)).steps, key=_names_shown)))


def step_scene(lesson_id: str, step: int) -> Scene | None:
    """A step as one comes to it: with its question, if it begins with one."""
    played = play(lesson(lesson_id))
    if step >= len(played.steps):
        if played.challenge is not None:
            return ChallengeScene(played.challenge, played.steps[-1])
        return StepScene(alone(played.steps[-1]))
    run = alone(played.steps[step])
    asks = [question for question in run.step.ask if question.when == "before"]
    # An opinion gives nothing away, and while it is asked there is nothing to see.
    return AskScene(run, asks[0]) if asks and asks[0].kind != "poll" else StepScene(run)


def step_line(lesson_id: str, step: int, lang: Lang) -> str:
    """What a step asks, or else says; "" at the challenge."""
    runs = play(lesson(lesson_id)).steps
    if step >= len(runs):
        return ""
    asks = [question for question in runs[step].step.ask if question.when == "before"]
    return filled(runs[step], asks[0].text, lang) if asks else caption(runs[step], lang)


@cache
def example_scene(one: Example) -> WorldScene:
    """The example's end, as a scene."""
    results = run_script(empty_world(), one.script)
    return WorldScene(results[-1].world, Place(one.show, one.directory))


def _names_shown(run: StepRun) -> int:
    """How much there is to see in a step's picture, where it is of one stack and of the lesson's own world: a question
    that recalls an earlier lesson shows that one's."""
    place = run.place_after
    if len(place.show) != 1 or run.step.world:
        return -1
    stack = resolve(run.after, place.show[0]).stack
    return len(names(stack, place.directory)) * 10 + len(stack)
