"""`layerviz run`: play a file of docker and shell commands, and print what they print."""

import os
import sys
from typing import TextIO

import click

from layerviz.cli.completing import files
from layerviz.cli.speech import LANG, printable, say
from layerviz.resources import Problem

_MOST_LETTERS = 80


class ScriptError(Problem):
    """A file of commands cannot be read."""


@click.command(help=say("run.help"))
@click.argument("file", metavar="FILE|-", shell_complete=files)
@click.option("--keep-going", is_flag=True, help=say("run.keep_going"))
@click.pass_context
def run(ctx: click.Context, file: str, keep_going: bool) -> None:
    script = read_script(file)
    from layerviz.engine.apply import empty_world
    from layerviz.images.ports import ports
    from layerviz.shell import run_each

    reach = ports(os.getcwd(), lang=LANG, terminal=sys.stdout.isatty())
    failed = False
    for result in run_each(empty_world(), script, ports=reach, keep_going=keep_going):
        _print(result.stdout, sys.stdout)
        _print(result.stderr, sys.stderr)
        if result.status != 0:
            failed = True
            told = say("run.failed", file=file, line=result.line, status=result.status, command=_short(result.command))
            click.echo(printable(told), err=True)
    ctx.exit(1 if failed else 0)


def read_script(file: str) -> str:
    """The text of a file of commands; of the standard input for "-"."""
    from layerviz.images.made import script_text

    try:
        if file == "-":
            return script_text(sys.stdin.buffer, file)
        with open(file, "rb") as opened:
            return script_text(opened, file)
    except OSError as error:
        raise ScriptError(file, error.strerror or say("run.unreadable"), say("run.name_a_file")) from None


def _short(command: str) -> str:
    """A command as one line that still fits beside what is said of it."""
    line = " ".join(command.split())
    return line if len(line) <= _MOST_LETTERS else f"{line[: _MOST_LETTERS - 1]}…"


def _print(text: str, stream: TextIO) -> None:
    stream.flush()
    stream.buffer.write(text.encode("utf-8", errors="surrogateescape"))
    stream.buffer.flush()
