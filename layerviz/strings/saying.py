"""A sentence before it is said: its key in the catalogue with its values, for whichever language will be asked for."""

from typing import NamedTuple

from layerviz.strings.catalogue import Lang, tr


class Saying(NamedTuple):
    """The entry `key` with `values`. A value that is a saying itself is said in the same language, those of a tuple
    one after the other."""

    key: str
    values: tuple[tuple[str, object], ...] = ()

    def said(self, lang: Lang) -> str:
        return tr(lang, self.key, **{name: _said(value, lang) for name, value in self.values})

    def __str__(self) -> str:
        return self.said("en")


def _said(value: object, lang: Lang) -> object:
    if isinstance(value, Saying):
        return value.said(lang)
    if isinstance(value, tuple):
        return tr(lang, "common.between").join(str(_said(one, lang)) for one in value)
    return value


def saying(key: str, /, **values: object) -> Saying:
    return Saying(key, tuple(values.items()))
