"""What the stage can be asked to draw: a step of a lesson, its challenge, a world of Build. Values; no Qt."""

from dataclasses import dataclass, replace

from layerviz.engine.world import World
from layerviz.lessons import stage as lesson_stage
from layerviz.lessons.asking import answer
from layerviz.lessons.playing import ChallengeRun, StepRun, filled
from layerviz.lessons.schema import Question
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.story import tell
from layerviz.picture.timeline import Timeline
from layerviz.shell import Moment
from layerviz.strings import tr


@dataclass(frozen=True, slots=True, eq=False)
class StepScene:
    """The outcome of a step, with its motion."""

    run: StepRun

    def still(self, view: View) -> Picture:
        return lesson_stage.picture(self.run, _page(self.run, view))

    def motion(self, view: View) -> Timeline | None:
        return lesson_stage.timeline(self.run, _page(self.run, view))


@dataclass(frozen=True, slots=True, eq=False)
class BeforeScene:
    """The stage before a step's commands: what the hand finds."""

    run: StepRun

    def still(self, view: View) -> Picture:
        return lesson_stage.first(self.run, _page(self.run, view))

    def motion(self, view: View) -> Timeline | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class AskScene:
    """The stage while a question is asked; on a page of its own the question stands in the caption's place, and once it is
    `revealed` the answer."""

    run: StepRun
    question: Question
    revealed: bool = False

    def still(self, view: View) -> Picture:
        if not view.fixed:
            view = self._captioned(view)
        return lesson_stage.asked(self.run, self.question, view)

    def motion(self, view: View) -> Timeline | None:
        return None

    def _captioned(self, view: View) -> View:
        captioned = lesson_stage.asking_captioned(self.run, self.question, view)
        options = (filled(self.run, option.text, view.lang) for option in self.question.options)
        small = "   ".join(f"{number}  {text}" for number, text in enumerate(options, 1))
        if self.revealed:
            small = tr(view.lang, "app.question.answer_is", answer=answer(self.run, self.question, view.lang))
        return replace(captioned, small=small)


@dataclass(frozen=True, slots=True, eq=False)
class ChallengeScene:
    """Where a challenge begins."""

    start: ChallengeRun
    last: StepRun

    def still(self, view: View) -> Picture:
        if not view.fixed and self.start.lesson.challenge is not None:
            text = self.start.lesson.challenge.text.of(view.lang)
            count = lesson_stage.steps_shown(self.start.lesson)
            view = replace(lesson_stage.captioned(self.last, view), caption=text, small="", step=(count, count))
        return lesson_stage.challenge(self.start, self.start.world, view)

    def motion(self, view: View) -> Timeline | None:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class WorldScene:
    """A place of a world, and the moments that led to it from `before`."""

    world: World
    place: Place
    moments: tuple[Moment, ...] = ()
    before: Place | None = None
    title: str = ""
    caption: str = ""

    def still(self, view: View) -> Picture:
        if not view.fixed:
            view = replace(view, title=self.title, caption=self.caption)
        return layout(self.world, self.place, view)

    def motion(self, view: View) -> Timeline | None:
        if not self.moments or self.before is None:
            return None
        if not view.fixed:
            view = replace(view, title=self.title, caption=self.caption)
        return tell(self.moments, self.before, self.place, view)


def _page(run: StepRun, view: View) -> View:
    """On a page of its own a step carries its title and caption; in a window, widgets show them."""
    return view if view.fixed else lesson_stage.captioned(run, view)
