"""What click itself says of a wrong call, in the terminal's language."""

from functools import cache

import click

from layerviz.cli.terminal import width
from layerviz.cli.wrapping import wrapped
from layerviz.strings import Lang
from layerviz.strings.catalogue import area

_SPEAKING = (click.core, click.decorators, click.exceptions, click.parser, click.types)


def speak(lang: Lang) -> None:
    """From now on click finds its words in the catalogue `usage` of `lang`.

    click asks `gettext` for every one of them. That reads only compiled catalogues, and the locale alone, not
    LAYERVIZ_LANG, would choose among those: here it is asked in its place. Nothing is read before click speaks.
    """
    if lang == "en":
        return

    def spoken(message: str) -> str:
        return _words(lang).get(message, message)

    def counted(one: str, several: str, count: int) -> str:
        return spoken(one if count == 1 else several)

    # Its help is laid out for letters that take one column each.
    for name, ours in (("wrap_text", wrapped), ("term_len", width)):
        setattr(click.formatting, name, ours)
    for module in _SPEAKING:
        for name, asked in (("_", spoken), ("ngettext", counted)):
            if hasattr(module, name):
                setattr(module, name, asked)


@cache
def _words(lang: Lang) -> dict[str, str]:
    """click's own English words with those of `lang`."""
    return {str(english): str(area(lang, "usage")[key]) for key, english in area("en", "usage").items()}
