"""A problem whose sentence stands in the catalogue, so that it can be said in every language."""

from collections.abc import Mapping
from typing import ClassVar

from layerviz.resources import Problem
from layerviz.strings.catalogue import Lang, tr


class SaidProblem(Problem):
    """Where, and `key` with `values`: the entries `key.what` and `key.hint` of the catalogue `area`.

    `str(problem)` is the sentence in English, `said(lang)` in any language.
    """

    area: ClassVar[str]

    def __init__(self, where: object, key: str, values: Mapping[str, object] | None = None) -> None:
        self.key = key
        self.values = dict(values or {})
        super().__init__(where, *self._sentence("en"))
        # What `pickle` calls the class with again, on the way back from a child process.
        self.args = (str(where), key, self.values)

    def said(self, lang: Lang) -> str:
        """The problem as one line in `lang`."""
        return str(Problem(self.where, *self._sentence(lang)))

    def _sentence(self, lang: Lang) -> tuple[str, str]:
        return tr(lang, f"{self.area}.{self.key}.what", **self.values), tr(
            lang, f"{self.area}.{self.key}.hint", **self.values
        )
