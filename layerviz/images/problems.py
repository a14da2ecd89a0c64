"""What is wrong with an image or its archive: problems that end the reading, reports that do not."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from layerviz.resources import Problem
from layerviz.strings import Lang, tr


class ImageProblem(Problem):
    """An image cannot be read or written: where (file, layer, offset), what, and what to do.

    `key` names the sentence in the catalogue `images`: `str(problem)` is it in English, `said(lang)` in any language.
    """

    def __init__(self, where: object, key: str, values: Mapping[str, object] | None = None) -> None:
        self.key = key
        self.values = dict(values or {})
        super().__init__(where, *_sentence("en", key, self.values))
        # What `pickle` calls the class with again, on the way back from a child process.
        self.args = (str(where), key, self.values)

    def said(self, lang: Lang) -> str:
        """The problem as one line in `lang`."""
        return str(Problem(self.where, *_sentence(lang, self.key, self.values)))


@dataclass(frozen=True, slots=True)
class Report:
    """Something odd that was read all the same: where, and the key of its sentence in the catalogue `images`."""

    where: str
    key: str
    values: tuple[tuple[str, object], ...] = field(default=())

    def said(self, lang: Lang) -> str:
        return f"{self.where}: {tr(lang, f'images.report.{self.key}', **dict(self.values))}"

    def __str__(self) -> str:
        return self.said("en")


def _sentence(lang: Lang, key: str, values: Mapping[str, object]) -> tuple[str, str]:
    return tr(lang, f"images.{key}.what", **values), tr(lang, f"images.{key}.hint", **values)
