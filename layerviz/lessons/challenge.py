"""*Now you*: is the goal reached, what still differs, and what is said to an attempt.

The world is judged, not the text that was typed: whatever leads to the goal is right, and extras do no harm.
"""

from dataclasses import dataclass

from layerviz.engine.events import Event
from layerviz.engine.world import World
from layerviz.lessons import placeholders
from layerviz.lessons.expressions import checked, evaluate_node, holds
from layerviz.lessons.playing import ChallengeRun
from layerviz.lessons.schema import Challenge, Check, Lesson, Text
from layerviz.lessons.syntax import ExpressionError, Operation
from layerviz.lessons.values import Missing, Scene
from layerviz.strings import Lang, tr
from layerviz.strings.saying import Saying, saying


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of the goal, whether it is fulfilled, and what is there instead ("" if nothing can be said)."""

    check: Check
    ok: bool
    now: str = ""


def judge(lesson: Lesson, world: World) -> tuple[tuple[Check, bool], ...]:
    """The lines of the goal with whether each is fulfilled in `world`."""
    return tuple((check, holds(check.right_if, Scene(world))) for check in _challenge(lesson).checks)


def still_differs(lesson: Lesson, world: World, lang: Lang) -> tuple[Judged, ...]:
    """The lines of the goal, with what is there now where one is not fulfilled."""
    found = [(check, ok, None if ok else there_now(check, world)) for check, ok in judge(lesson, world)]
    return tuple(Judged(check, ok, now.said(lang) if now else "") for check, ok, now in found)


def there_now(check: Check, world: World) -> Saying | None:
    """What the left side of the line's comparison is now: "5 is there now"; None where it compares nothing."""
    node, _ = checked(check.right_if)
    if not isinstance(node, Operation) or node.operator not in ("==", "!=", "<", "<=", ">", ">="):
        return None
    try:
        value = evaluate_node(check.right_if, node.operands[0], Scene(world))
    except Missing as missing:
        return saying("lessons.not_there", name=str(missing))
    except ExpressionError:
        return None
    if isinstance(value, frozenset):
        shown: object = tuple(sorted(value))
    elif isinstance(value, tuple):
        shown = tuple(map(str, value))
    else:
        shown = str(value).rstrip("\n")
    return saying("lessons.now", now=shown) if shown else saying("lessons.now_nothing")


def is_reached(lesson: Lesson, world: World) -> bool:
    return all(ok for _, ok in judge(lesson, world))


def reaction(lesson: Lesson, world: World, lang: Lang, events: tuple[Event, ...] = ()) -> str:
    """What the lesson says to an attempt of this kind; "" if it says nothing, or the goal is reached."""
    if is_reached(lesson, world):
        return ""
    scene = Scene(world, events=events)
    for react in _challenge(lesson).react:
        if holds(react.when, scene):
            return placeholders.fill(react.text.of(lang), scene, lang)
    return ""


def success(start: ChallengeRun, world: World, lang: Lang) -> str:
    """What is said when the goal is reached: numbers of it compare `world` with where the challenge began."""
    text: Text | None = _challenge(start.lesson).success or start.lesson.takeaway
    return placeholders.fill(text.of(lang), Scene(world, start.world), lang) if text else tr(lang, "lessons.reached")


def _challenge(lesson: Lesson) -> Challenge:
    assert lesson.challenge is not None, f"{lesson.id} has no challenge"
    return lesson.challenge
