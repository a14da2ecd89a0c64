"""What the home page says of each lesson: kept from one start to the next, for reading every lesson whole takes longer
than the first paint may. No Qt."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from layerviz.kept import kept
from layerviz.resources import lessons_folder
from layerviz.strings import LANGUAGES, Lang


class Headline(NamedTuple):
    """`number` in the story (0: none), `steps` without the challenge behind them; `objective` is what one can do after
    it ("": not said); `lines` are what each step asks or says, as it is written ("" where it cannot be read without its
    numbers). All in every language."""

    id: str
    number: int
    title: dict[str, str]
    minutes: int
    steps: int
    objective: dict[str, str]
    lines: tuple[dict[str, str], ...]

    def titled(self, lang: Lang) -> str:
        return self.title[lang]

    def aimed(self, lang: Lang) -> str:
        """What one can do after it, "" where that is not said."""
        return self.objective[lang]

    def line(self, step: int, lang: Lang) -> str:
        """What step `step` (from 0) asks or says, "" at the challenge and where nothing can be said yet."""
        return self.lines[step][lang] if step < len(self.lines) else ""


@cache
def headlines() -> tuple[Headline, ...]:
    """All lessons in the order of the story."""
    files = sorted(lessons_folder().glob("*.yaml"))
    told = kept("headlines", [*files, Path(__file__)], lambda: [one._asdict() for one in _made()])
    return tuple(Headline(**{**one, "lines": tuple(one["lines"])}) for one in told)


def _made() -> tuple[Headline, ...]:
    from layerviz.lessons import loading
    from layerviz.lessons.schema import Lesson, Text

    def line(text: Text) -> dict[str, str]:
        return {lang: "" if "{" in text.of(lang) else text.of(lang) for lang in LANGUAGES}

    def lines(lesson: Lesson) -> tuple[dict[str, str], ...]:
        found = []
        for step in lesson.steps:
            asks = [question for question in step.ask if question.when == "before"]
            found.append(line(asks[0].text if asks else step.caption))
        return tuple(found)

    return tuple(
        Headline(
            lesson.id,
            loading.number_of(lesson) or 0,
            {lang: lesson.title.of(lang) for lang in LANGUAGES},
            lesson.minutes,
            len(lesson.steps),
            {lang: lesson.objective.of(lang) if lesson.objective else "" for lang in LANGUAGES},
            lines(lesson),
        )
        for lesson in loading.lessons()
    )
