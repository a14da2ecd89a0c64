"""The language in which the command line speaks: that of the terminal it runs in."""

import os
from collections.abc import Iterable, Iterator, Mapping
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
    """Help pages whose own few words are in the terminal's language, too."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, say("page.usage"))

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        spoken = {"Options": say("page.options"), "Commands": say("page.commands")}
        with super().section(spoken.get(name, f"{name}:")):
            yield

    def write_heading(self, heading: str) -> None:
        # The colon is the language's own.
        self.write(f"{'':>{self.current_indent}}{heading}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        spoken = {"Show this message and exit.": say("page.help")}
        super().write_dl([(term, spoken.get(text, text)) for term, text in rows], col_max, col_spacing)
