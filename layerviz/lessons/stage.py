"""A step as pictures: what player, thumbnails, presenter and export all draw.

`View` says how large and in which language; `captioned` puts the lesson's own words on it, for pages that stand alone.
"""

from dataclasses import replace
from functools import lru_cache

from layerviz.engine.world import Layer, World
from layerviz.lessons import asking, playing
from layerviz.lessons.loading import number_of
from layerviz.lessons.playing import ChallengeRun, StepRun
from layerviz.lessons.schema import Lesson, Question, Step
from layerviz.picture.choreograph import choreograph
from layerviz.picture.layout import Picture, View, layout
from layerviz.picture.layout.place import Beside
from layerviz.picture.layout.plan import meant
from layerviz.picture.story import tell
from layerviz.picture.timeline import Timeline
from layerviz.strings import tr

_KEPT = 256
"""Pictures and timelines kept: a lesson's in both languages, and the sizes of window, thumbnail and page."""


@lru_cache(maxsize=_KEPT)
def picture(run: StepRun, view: View) -> Picture:
    """The step's outcome: the last frame of its motion."""
    return layout(run.after, playing.in_language(run.place_after, run.step, view.lang), view)


@lru_cache(maxsize=_KEPT)
def first(run: StepRun, view: View) -> Picture:
    """The stage before the step's commands."""
    return layout(run.before, playing.in_language(run.place_before, _step_before(run), view.lang), view)


def asked(run: StepRun, question: Question, view: View) -> Picture:
    """The stage while `question` is asked: nothing on it gives the answer away.

    Before the commands that is the stage as it is, or with the layer to come, dashed; after them, their outcome, of
    which nothing is said.
    """
    if question.when == "after":
        place = replace(run.place_after, focus=(), trace=())
        return layout(run.after, playing.in_language(place, run.step, view.lang), view)
    world, step, place = run.before, _step_before(run), run.place_before
    if question.coming:
        world, step, place = run.after, run.step, replace(run.place_after, expected=coming(run))
    place = playing.in_language(replace(place, focus=(), trace=()), step, view.lang)
    layers = [layer for address in place.show for layer in _stack(world, address)]
    if layers and all(layer.is_quoted for layer in layers):
        # Of quoted layers no file is known, so there is no view to hide; what stands beside them was seen already.
        return layout(world, place, view)
    # What a command printed belongs to its own step; your computer's files are there all the time.
    beside: Beside = place.beside if place.beside in ("computer", "cards") else ""
    return layout(world, replace(place, beside=beside), replace(view, asking=True))


def coming(run: StepRun) -> tuple[str, ...]:
    """The addresses of the layers on the stage that the step's commands will make."""
    known = set(_layer_keys(run.before))
    return tuple(
        f"{address}[{position}]"
        for address in run.place_after.show
        for position, layer in enumerate(_stack(run.after, address), 1)
        if layer.key not in known
    )


@lru_cache(maxsize=_KEPT)
def timeline(run: StepRun, view: View) -> Timeline:
    """The step's motion: `at(0)` is `first`, `at(duration_ms)` is `picture`."""
    before = playing.in_language(run.place_before, _step_before(run), view.lang)
    after = playing.in_language(run.place_after, run.step, view.lang)
    if not run.moments:
        return choreograph(first(run, view), (), picture(run, view))
    return tell(run.moments, before, after, view)


def captioned(run: StepRun, view: View) -> View:
    """`view` with the step's title (or the lesson's), caption and number on the page."""
    return _headed(run, view, playing.title(run, view.lang))


def _headed(run: StepRun, view: View, heading: str) -> View:
    lesson = run.lesson.title.of(view.lang)
    return replace(
        view,
        kicker=kicker(run.lesson, view, lesson if heading else ""),
        title=heading or lesson,
        caption=playing.caption(run, view.lang),
        small=playing.small(run, view.lang),
        step=(run.number, len(run.lesson.steps)),
        challenge=run.lesson.challenge is not None,
    )


def asking_captioned(run: StepRun, question: Question, view: View, told: bool = False) -> View:
    """The same, with the question in the caption's place and what there is to choose from under it; before the commands
    the title would tell their outcome. `told`: with its answer."""
    heading = playing.title(run, view.lang)
    if question.when == "before" and run.step.title is not None:
        heading = tr(view.lang, f"lessons.{_what_is_asked(run, question)}")
    options = tuple(playing.filled(run, option.text, view.lang) for option in question.options)
    right = None
    if told and question.kind == "choose":
        right = asking.right_option(run, question)
    elif told and question.kind != "poll":
        options, right = (asking.answer_said(run, question, view.lang),), 0
    text = playing.filled(run, question.text, view.lang)
    return replace(_headed(run, view, heading), caption=text, small="", options=options, right=right)


def _what_is_asked(run: StepRun, question: Question) -> str:
    """An opinion, what the commands will do, or, where there are none, something to think about."""
    return "opinion" if question.kind == "poll" else "predict" if run.results else "think"


def challenge_captioned(last: StepRun, view: View) -> View:
    """`view` of the lesson's challenge, whose `last` step stands behind it, as a page: what is to be done, and that it
    is one's own turn. It comes after the steps and is none of them."""
    count, asked = len(last.lesson.steps), last.lesson.challenge
    text = asked.text.of(view.lang) if asked is not None else ""
    return replace(captioned(last, view), caption=text, small="", step=(count + 1, count))


def challenge(start: ChallengeRun, world: World, view: View) -> Picture:
    """What the challenge's stage shows of `world`: what is there of it, or nothing yet."""
    return layout(world, start.place, view)


def kicker(lesson: Lesson, view: View, title: str = "") -> str:
    """ "LESSON 3 · " and the lesson's title, where the heading is another; nothing for a lesson that has no number."""
    number = number_of(lesson)
    words = [tr(view.lang, "lessons.kicker", n=number)] if number else []
    text = "  ·  ".join([*words, *([title] if title else [])])
    return text.upper() if view.lang == "en" else text


def _step_before(run: StepRun) -> Step:
    return run.lesson.steps[max(run.number - 2, 0)]


def _stack(world: World, address: str) -> tuple[Layer, ...]:
    place = meant(world, address)
    return place.stack if place else ()


def _layer_keys(world: World) -> tuple[int, ...]:
    images = tuple(layer.key for image in world.images for layer in image.layers)
    return (*images, *(container.layer.key for container in world.containers))
