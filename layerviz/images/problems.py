"""What is wrong with an image or its archive: problems that end the reading, reports that do not."""

from dataclasses import dataclass, field

from layerviz.strings import Lang, tr
from layerviz.strings.problem import SaidProblem


class ImageProblem(SaidProblem):
    """An image cannot be read or written: where (file, layer, offset), what, and what to do."""

    area = "images"


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
