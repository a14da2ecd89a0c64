"""What the stage shows at a place of a lesson, and what is likely to come next. Values in, values out; no Qt."""

from dataclasses import replace

from layerviz.app.projection import Scene
from layerviz.app.scenes import AskScene, BeforeScene, ChallengeScene, StepScene, alone
from layerviz.app.walk import Walk
from layerviz.engine.world import World
from layerviz.lessons import loading
from layerviz.lessons.playing import Played, StepRun
from layerviz.picture.layout import Place


def run_at(walk: Walk, played: Played) -> StepRun:
    """The step that is shown; at the challenge and the end the last one."""
    return played.steps[min(walk.step, len(played.steps) - 1)]


def world_at(walk: Walk, played: Played) -> World:
    """What the stage shows the state of."""
    run = run_at(walk, played)
    if walk.phase == "challenge" and played.challenge is not None:
        return played.challenge.world
    return run.after if walk.ran or walk.phase == "finish" else run.before


def place_at(walk: Walk, played: Played) -> Place:
    """What of it stands there."""
    run = run_at(walk, played)
    if walk.phase == "challenge" and played.challenge is not None:
        return played.challenge.place
    return run.place_after if walk.ran or walk.phase == "finish" else run.place_before


def scene_at(walk: Walk, played: Played, directory: str, full_screen: bool) -> Scene:
    """`directory` is the one that was stepped into, "" for the step's own."""
    run = run_at(walk, played)
    if walk.phase == "challenge" and played.challenge is not None:
        return ChallengeScene(played.challenge, played.steps[-1])
    if directory:
        run = replace(
            run,
            place_before=replace(run.place_before, directory=directory),
            place_after=replace(run.place_after, directory=directory, focus=(), trace=()),
        )
    if is_untold(walk) and not full_screen:
        run = alone(run)
    if walk.phase == "act":
        return BeforeScene(run)
    if walk.asked is not None:
        return AskScene(run, walk.asked, walk.revealed)
    return StepScene(run)


def scene_to_come(walk: Walk, played: Played) -> Scene | None:
    """The motion that an answer lets go, or the step that Next leads to; None where there is none."""
    if walk.phase in ("act", "ask"):
        return StepScene(run_at(walk, played))
    if walk.step + 1 >= len(played.steps):
        return None
    after = played.steps[walk.step + 1]
    asked = walk.entered(walk.step + 1).asked
    return AskScene(after, asked) if asked is not None else StepScene(after)


def is_untold(walk: Walk) -> bool:
    """The first ninety seconds: nothing but the stage."""
    return not loading.number_of(walk.lesson)
