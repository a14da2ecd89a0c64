"""What was built as something that can be exported: every command that changed something is a step. No Qt."""

from dataclasses import dataclass, replace

from layerviz.app.examples import example
from layerviz.app.session import Done, Session
from layerviz.engine.apply import empty_world
from layerviz.lessons import loading
from layerviz.lessons.loading import LessonError
from layerviz.picture.layout import Place, View, layout
from layerviz.picture.shapes import Frame
from layerviz.picture.story import tell
from layerviz.shell import run_script
from layerviz.strings import Lang


@dataclass(frozen=True, slots=True, eq=False)
class BuildStory:
    """The steps of a session up to where one stands; without any, its beginning."""

    session: Session

    @property
    def name(self) -> str:
        return "build"

    @property
    def count(self) -> int:
        return max(len(self._steps), 1)

    @property
    def _steps(self) -> tuple[tuple[Place, Done], ...]:
        places = [self.session.start_place]
        found: list[tuple[Place, Done]] = []
        for one in self.session.done[: self.session.at]:
            if one.changed:
                found.append((places[-1], one))
            places.append(one.place)
        return tuple(found)

    def script_number(self, number: int) -> int:
        """Which command of `script_of` step `number` is, counted from 1 as the command line counts them."""
        prefix = len(run_script(empty_world(), _before(self.session), keep_going=True))
        steps = self._steps
        if not steps:
            return max(prefix, 1)
        last = steps[number - 1][1]
        counted = prefix
        for one in self.session.done[: self.session.at]:
            counted += len(one.results)
            if one is last:
                break
        return counted

    def title(self, lang: Lang) -> str:
        return self.name

    def words(self, number: int, lang: Lang) -> str:
        steps = self._steps
        return " ".join(steps[number - 1][1].text.split()) if steps else ""

    def frame(self, number: int, view: View, at: float = 1.0, *, ask: bool = False, caption: bool = True) -> Frame:
        """Step `number` at a moment of its motion; nothing is asked in a build."""
        steps = self._steps
        if not steps:
            return layout(self.session.start, self.session.start_place, view).frame
        before, done = steps[number - 1]
        if caption:
            view = replace(view, caption=done.text.strip().split("\n")[-1], step=(number, len(steps)))
        if at >= 1 or not done.moments:
            return layout(done.world, done.place, view).frame
        timeline = tell(done.moments, before, done.place, view)
        return timeline.at(at * timeline.duration_ms)


def script_of(session: Session) -> str:
    """The commands that make what was built from nothing, as `layerviz run` takes them."""
    return _before(session) + "".join(one.text.rstrip("\n") + "\n" for one in session.done[: session.at])


def _before(session: Session) -> str:
    """The commands that lead to where the session began."""
    origin = session.origin
    if origin.kind == "example" and (one := example(origin.id)) is not None:
        return one.script
    if origin.kind in ("step", "challenge"):
        return _lesson_script(origin.id, origin.step if origin.kind == "step" else None)
    return ""


def _lesson_script(lesson_id: str, last: int | None) -> str:
    try:
        lesson = loading.lesson(lesson_id)
    except LessonError:
        return ""
    steps = lesson.steps if last is None else lesson.steps[: last + 1]
    if last is not None and steps[-1].world:
        return steps[-1].world + steps[-1].run
    told = lesson.setup + "".join(_rounds(step.run, step.repeat) for step in steps if not step.world)
    return told + (lesson.challenge.start if last is None and lesson.challenge is not None else "")


def _rounds(run: str, repeat: int) -> str:
    return run if repeat == 1 else "".join(run.replace("{i}", str(turn)) for turn in range(1, repeat + 1))
