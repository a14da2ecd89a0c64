"""Numbers and words that no world can compute, each with its source: `lessons/sources/quotations.yaml`."""

from functools import cache

import msgspec

from layerviz.lessons.nodes import read
from layerviz.lessons.syntax import ExpressionError
from layerviz.resources import lessons_folder
from layerviz.strings.problem import SpokenProblem
from layerviz.strings.saying import saying


class QuotationsError(SpokenProblem):
    """The file of quotations cannot be read."""


class Quotation(msgspec.Struct, frozen=True, kw_only=True):
    """What a source says: `value` (digits are a number), and where it stands."""

    name: str
    value: str
    source: str


class Quotations(msgspec.Struct, frozen=True, kw_only=True):
    quotations: tuple[Quotation, ...]


def quoted(name: str) -> int | str:
    """The quotation of that name. Raises `ExpressionError` where there is none."""
    found = quotations().get(name)
    if found is None:
        there_are = saying("check.mend.there_are", names=tuple(quotations()))
        raise ExpressionError(f"quote:{name}", saying("check.no_quotation", name=name), there_are)
    return int(found.value) if found.value.isdigit() else found.value


@cache
def quotations() -> dict[str, Quotation]:
    """All quotations by name."""
    file = lessons_folder() / "sources" / "quotations.yaml"
    value, reading = read(file.read_text(encoding="utf-8"), Quotations)
    if value is None:
        wrong = reading.wrong[0]
        raise QuotationsError(f"{file}:{wrong.mark.line}:{wrong.mark.column}", wrong.what, wrong.hint)
    return {quotation.name: quotation for quotation in value.quotations}
