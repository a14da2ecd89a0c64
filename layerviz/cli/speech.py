"""The language in which the command line speaks: that of the terminal it runs in."""

import os
from collections.abc import Mapping

from layerviz.strings import Lang, tr


def language_of(environment: Mapping[str, str]) -> Lang:
    """LAYERVIZ_LANG if set, else the locale, in the order in which POSIX asks for it."""
    for name in ("LAYERVIZ_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "zh_CN" if value.lower().startswith("zh") else "en"
    return "en"


LANG: Lang = language_of(os.environ)


def say(key: str, /, **values: object) -> str:
    """The string `key` of the area `cli`, in the terminal's language."""
    return tr(LANG, f"cli.{key}", **values)
