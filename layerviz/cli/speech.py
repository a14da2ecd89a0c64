"""The language in which the command line speaks: that of the terminal it runs in."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

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


def printable(text: str) -> str:
    """`text` for a terminal: it comes from files that others made, and no line break or escape of theirs reaches it."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


class Help(click.HelpFormatter):
    """Help pages punctuated as the terminal's language is."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, say("page.usage"))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(say("page.heading", name=name)):
            yield

    def write_heading(self, heading: str) -> None:
        # The colon is the language's own.
        self.write(f"{'':>{self.current_indent}}{heading}\n")
