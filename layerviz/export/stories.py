"""What can be exported, seen alike: a lesson step by step, a file of commands command by command, an image."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from layerviz.export.image import Bring, image_story, is_image
from layerviz.export.request import ALL, BadRequest, ExportProblem, ExportRequest
from layerviz.images.opening import image_of
from layerviz.lessons import Played, lesson, lessons, load, play
from layerviz.lessons import stage as lesson_stage
from layerviz.lessons.loading import LessonError, meant
from layerviz.lessons.playing import StepRun
from layerviz.lessons.schema import Lesson, Question
from layerviz.picture.layout import Place, View, layout
from layerviz.picture.shapes import Frame
from layerviz.picture.story import tell
from layerviz.shell import Result
from layerviz.strings import Lang


class Story(Protocol):
    """A row of steps, each of which is a picture that moved there."""

    @property
    def name(self) -> str:
        """What files are named after."""

    @property
    def count(self) -> int: ...

    def title(self, lang: Lang) -> str: ...

    def words(self, number: int, lang: Lang) -> str:
        """What the step says, for bookmarks and descriptions."""

    def frame(self, number: int, view: View, at: float = 1.0, *, ask: bool = False, caption: bool = True) -> Frame:
        """Step `number` (from 1) at a moment of its motion (0 to 1), or as it asks its question, if it has one."""


def stories(request: ExportRequest, bring: Bring = image_of) -> tuple[Story, ...]:
    """The stories that the request names; `bring` opens an image. Raises `ExportProblem`; `LessonError` for a broken
    lesson, `ImageProblem` for a broken image."""
    if is_image(request.target):
        return (image_story(request.target, request.path or "/", bring),)
    if request.path:
        raise BadRequest(request.target, "path_of_no_image", {"path": request.path})
    if request.target == ALL:
        return tuple(LessonStory(found) for found in lessons())
    file = Path(request.target)
    if file.suffix in {".yaml", ".yml"} and file.is_file():
        return (LessonStory(load(file)),)
    if file.is_file():
        return (script_story(file),)
    try:
        return (LessonStory(lesson(request.target)),)
    except LessonError:
        near = meant(request.target, (ALL,))
        values = {"near": near, "has": ", ".join(one.id for one in lessons())}
        raise ExportProblem(request.target, "did_you_mean" if near else "no_story", values) from None


@dataclass(frozen=True)
class LessonStory:
    """A lesson's steps; the challenge is no picture of its own."""

    lesson: Lesson

    @property
    def name(self) -> str:
        return self.lesson.id

    @property
    def count(self) -> int:
        return len(self.lesson.steps)

    @cached_property
    def _played(self) -> Played:
        return play(self.lesson)

    def title(self, lang: Lang) -> str:
        return self.lesson.title.of(lang)

    def words(self, number: int, lang: Lang) -> str:
        run = self._played.steps[number - 1]
        return lesson_stage.captioned(run, View(lang=lang)).caption

    def frame(self, number: int, view: View, at: float = 1.0, *, ask: bool = False, caption: bool = True) -> Frame:
        run = self._played.steps[number - 1]
        question = _question(run) if ask else None
        if question is not None:
            view = _asking(run, question, view) if caption else view
            return lesson_stage.asked(run, question, view).frame
        view = lesson_stage.captioned(run, view) if caption else view
        if at >= 1:
            return lesson_stage.picture(run, view).frame
        timeline = lesson_stage.timeline(run, view)
        return timeline.at(at * timeline.duration_ms)


def _question(run: StepRun) -> Question | None:
    """The step's first question that is asked before its commands, else its first."""
    asked = run.step.ask
    return next((question for question in asked if question.when == "before"), asked[0] if asked else None)


def _asking(run: StepRun, question: Question, view: View) -> View:
    return lesson_stage.asking_captioned(run, question, view)


@dataclass(frozen=True)
class ScriptStory:
    """A file of commands, one step a command; `places[n]` is the stage after n commands."""

    name: str
    results: tuple[Result, ...]
    places: tuple[Place, ...]

    @property
    def count(self) -> int:
        return len(self.results)

    def title(self, lang: Lang) -> str:
        return self.name

    def words(self, number: int, lang: Lang) -> str:
        return " ".join(self.results[number - 1].command.split())

    def frame(self, number: int, view: View, at: float = 1.0, *, ask: bool = False, caption: bool = True) -> Frame:
        result = self.results[number - 1]
        if caption:
            view = replace(view, title=self.name, caption=self.words(number, view.lang), step=(number, self.count))
        before, after = self.places[number - 1], self.places[number]
        if at >= 1 or not result.moments:
            return layout(result.world, after, view).frame
        timeline = tell(result.moments, before, after, view)
        return timeline.at(at * timeline.duration_ms)


def script_story(file: Path) -> ScriptStory:
    """The commands in `file`, played. Raises `ExportProblem` naming the line of the first that fails."""
    from layerviz.export.script import played

    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ExportProblem(file, "no_text") from None
    except OSError as error:
        raise ExportProblem(file, "cannot_read", {"reason": error.strerror or str(error)}) from None
    results, places = played(text, str(file))
    return ScriptStory(file.stem, results, places)
