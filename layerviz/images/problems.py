"""What is wrong with an image or its archive: problems that end the reading, reports that do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from layerviz.strings import Lang, tr
from layerviz.strings.problem import SaidProblem

_LONGEST_PLACE = 6000
"""A path of the longest length, and what lies in that file."""
_LONGEST_VALUE = 1200
_MOST_NAMES = 10
"""So many are named in one sentence."""


class ImageProblem(SaidProblem):
    """An image cannot be read or written: where (file, layer, offset), what, and what to do. What an archive says is
    quoted in part where it is long."""

    area = "images"

    def __init__(self, where: object, key: str, values: Mapping[str, object] | None = None) -> None:
        short = {
            name: _cut(value, _LONGEST_VALUE) if isinstance(value, str) else value
            for name, value in (values or {}).items()
        }
        super().__init__(_cut(str(where), _LONGEST_PLACE), key, short)


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


def few(names: Sequence[str]) -> str:
    """The first of these names, for a sentence; "-" where there are none."""
    return ", ".join(names[:_MOST_NAMES]) + (", …" if len(names) > _MOST_NAMES else "") or "-"


def _cut(text: str, most: int) -> str:
    half = most // 2 - 1
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"
