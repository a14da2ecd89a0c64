"""Problems whose sentences stand in the catalogue, so that they can be said in every language."""

from collections.abc import Mapping
from typing import ClassVar

from layerviz.resources import Problem
from layerviz.strings.catalogue import Lang, tr
from layerviz.strings.saying import Saying, saying


class SpokenProblem(Problem):
    """Where, `sentence` and `advice` (None: nothing to advise).

    `str(problem)` is the sentence in English, `said(lang)` in any language.
    """

    def __init__(self, where: object, sentence: Saying, advice: Saying | None = None) -> None:
        super().__init__(where, str(sentence), str(advice) if advice else "")
        # What `pickle` calls the class with again, on the way back from a child process.
        self.args = (str(where), sentence, advice)
        self.sentence = sentence
        self.advice = advice

    def said(self, lang: Lang) -> str:
        """The problem as one line in `lang`."""
        what = self.sentence.said(lang)
        if self.advice:
            what = tr(lang, "common.with_hint", what=what, hint=self.advice.said(lang))
        return str(Problem(self.where, what))


class SaidProblem(SpokenProblem):
    """Where, and `key` with `values`: the entries `key.what` and `key.hint` of the catalogue `area`."""

    area: ClassVar[str]

    def __init__(self, where: object, key: str, values: Mapping[str, object] | None = None) -> None:
        self.key = key
        self.values = dict(values or {})
        what, hint = (saying(f"{self.area}.{key}.{part}", **self.values) for part in ("what", "hint"))
        super().__init__(where, what, hint)
        self.args = (str(where), key, self.values)
