"""A lesson as it happens: the commands of every step run in its world, and what stands on the stage before and after.

Nothing here knows how a picture is drawn; `stage` draws what `play` found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from layerviz.engine.apply import empty_world
from layerviz.engine.events import Event, Listed, LookedUp
from layerviz.engine.world import World
from layerviz.lessons import placeholders
from layerviz.lessons.schema import Beside, Lesson, Step, Text
from layerviz.lessons.values import Scene
from layerviz.picture.layout import Card, Place, Vacated
from layerviz.picture.layout.plan import meant
from layerviz.picture.story import traces
from layerviz.shell import Moment, Result, run_script
from layerviz.strings import Lang


@dataclass(frozen=True, slots=True, eq=False)
class StepRun:
    """A step, played. `silent` are the results of the commands that made its own world, `results` those of its
    commands.

    `events` are all that happened in its world up to its end; `number` counts the steps from 1.
    """

    lesson: Lesson
    number: int
    step: Step
    before: World
    results: tuple[Result, ...]
    after: World
    place_before: Place
    place_after: Place
    events: tuple[Event, ...] = ()
    silent: tuple[Result, ...] = ()

    @property
    def moments(self) -> tuple[Moment, ...]:
        return tuple(moment for result in self.results for moment in result.moments)

    @property
    def scene(self) -> Scene:
        """What the step's expressions speak of."""
        return Scene(self.after, self.before, self.events)


@dataclass(frozen=True, slots=True, eq=False)
class ChallengeRun:
    """Where a challenge begins."""

    lesson: Lesson
    world: World
    place: Place
    silent: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """A lesson, played. `silent` are the results of its setup."""

    lesson: Lesson
    steps: tuple[StepRun, ...]
    challenge: ChallengeRun | None
    silent: tuple[Result, ...] = ()


@lru_cache(maxsize=64)
def play(lesson: Lesson) -> Played:
    """The lesson with every command run. A command that fails ends its step's commands; `checking` says so."""
    parts = _UNDER_WAY.pop(lesson, None) or _parts(lesson)
    return next(part for part in parts if part is not None)


def play_on(lesson: Lesson) -> bool:
    """Plays one more step, for who cannot wait for all at once; False when `play` has its answer at hand."""
    part = next(_UNDER_WAY.setdefault(lesson, _parts(lesson)))
    if part is None:
        return True
    _UNDER_WAY[lesson] = iter([part])
    play(lesson)
    _UNDER_WAY.pop(lesson, None)  # `play` had its answer already
    return False


_UNDER_WAY: dict[Lesson, Iterator[Played | None]] = {}


def _parts(lesson: Lesson) -> Iterator[Played | None]:
    """None after the setup and after every step, then the whole."""
    silent = run_script(empty_world(), lesson.setup)
    world = silent[-1].world if silent else empty_world()
    yield None
    runs: list[StepRun] = []
    events: tuple[Event, ...] = ()
    earlier: Place | None = None
    for number, step in enumerate(lesson.steps, 1):
        if step.world:
            run = _own_world(lesson, number, step)
            earlier = None
        else:
            run = _step(lesson, number, step, world, earlier, events)
            world, events, earlier = run.after, run.events, run.place_after
        runs.append(run)
        yield None
    yield Played(lesson, tuple(runs), _challenge(lesson, world, earlier), silent)


def title(run: StepRun, lang: Lang) -> str:
    """The heading of the step's page; "" where it has none of its own."""
    return filled(run, run.step.title, lang)


def caption(run: StepRun, lang: Lang) -> str:
    return filled(run, run.step.caption, lang)


def small(run: StepRun, lang: Lang) -> str:
    """The second, smaller line under the caption; "" where there is none."""
    return filled(run, run.step.small, lang)


def notes(run: StepRun, lang: Lang) -> str:
    """What the teacher reads; "" where there is nothing."""
    return filled(run, run.step.notes, lang)


def filled(run: StepRun, text: Text | None, lang: Lang) -> str:
    """`text` of the step with its placeholders filled."""
    return placeholders.fill(text.of(lang), run.scene, lang) if text else ""


def example(start: ChallengeRun) -> tuple[Result, ...]:
    """The commands of `show me`, run where the challenge begins."""
    assert start.lesson.challenge is not None
    return run_script(start.world, start.lesson.challenge.show_me)


def other_ways(start: ChallengeRun) -> tuple[tuple[Result, ...], ...]:
    """The commands of each other way to the goal, run where the challenge begins."""
    assert start.lesson.challenge is not None
    return tuple(run_script(start.world, script) for script in start.lesson.challenge.also)


def _own_world(lesson: Lesson, number: int, step: Step) -> StepRun:
    silent = run_script(empty_world(), step.world)
    world = silent[-1].world if silent else empty_world()
    return replace(_step(lesson, number, step, world, None, _events(silent)), silent=silent)


def _step(
    lesson: Lesson, number: int, step: Step, before: World, earlier: Place | None, events: tuple[Event, ...]
) -> StepRun:
    results = _run(before, step)
    after = results[-1].world if results else before
    happened = _events(results)
    show = step.show or (earlier.show if earlier else ())
    shown_before = earlier.show if earlier and step.show_before is None else step.show_before or ()
    directory = step.directory or (earlier.directory if earlier else "/")
    place_after = Place(
        show,
        directory,
        step.beside,
        step.look,
        _cards(step, "en"),
        trace=tuple(_traces(results, show)),
        vacated=tuple(Vacated(n, a) for n, a in enumerate(shown_before) if _is_removed(a, before, after)),
    )
    if earlier is not None and step.show_before is None:
        place_before = earlier
    else:
        there = tuple(address for address in show if _answers(before, address))
        # Your computer is there all the time; what a command prints is not.
        beside: Beside = "computer" if step.beside == "computer" else ""
        place_before = Place(there if step.show_before is None else step.show_before, directory, beside)
    return StepRun(lesson, number, step, before, results, after, place_before, place_after, events + happened)


def in_language(place: Place, step: Step, lang: Lang) -> Place:
    """`place` with its cards in that language."""
    return replace(place, cards=_cards(step, lang)) if place.cards else place


def _run(world: World, step: Step) -> tuple[Result, ...]:
    results: list[Result] = []
    for turn in range(1, step.repeat + 1):
        script = step.run.replace("{i}", str(turn)) if step.repeat > 1 else step.run
        results += run_script(world, script, keep_going=step.expect_errors)
        world = results[-1].world if results else world
    return tuple(results)


def _challenge(lesson: Lesson, world: World, earlier: Place | None) -> ChallengeRun | None:
    challenge = lesson.challenge
    if challenge is None:
        return None
    silent = run_script(world, challenge.start)
    place = Place(challenge.show, challenge.directory or (earlier.directory if earlier else "/"))
    return ChallengeRun(lesson, silent[-1].world if silent else world, place, silent)


def _traces(results: tuple[Result, ...], show: tuple[str, ...]) -> Iterator[Event]:
    """What stays visible of the commands. What a container off the stage looked up or listed is told of its image, if
    that stands there, as the image alone would answer it."""
    for result in results:
        for moment in result.moments:
            for event in traces(moment.events):
                yield _of_image(event, moment, show) if isinstance(event, LookedUp | Listed) else event


def _of_image(event: LookedUp | Listed, moment: Moment, show: tuple[str, ...]) -> Event:
    container = next((c for c in moment.after.containers if c.name == event.place), None)
    if event.place in show or container is None or container.image_ref not in show:
        return event
    if isinstance(event, Listed):
        return replace(event, place=container.image_ref)
    own = len(container.image.layers) + 1
    return replace(event, place=container.image_ref, asked=tuple(step for step in event.asked if step[0] != own))


def _events(results: tuple[Result, ...]) -> tuple[Event, ...]:
    return tuple(event for result in results for moment in result.moments for event in moment.events)


def _is_removed(address: str, before: World, after: World) -> bool:
    """Whether it is a container that is gone."""
    place = meant(before, address)
    return place is not None and place.container is not None and not _answers(after, address)


def _answers(world: World, address: str) -> bool:
    return meant(world, address) is not None


def _cards(step: Step, lang: Lang) -> tuple[Card, ...]:
    return tuple(
        Card(
            card.title.of(lang),
            card.text.of(lang),
            card.small.of(lang) if card.small else "",
            card.way,
            faded=card.state == "faded",
            fresh=card.state == "new",
        )
        for card in step.cards
    )
