"""The command `layerviz`: which commands it has, what opens the app, and where problems become one sentence."""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import IO, Any

import click
from click.shell_completion import CompletionItem

from layerviz import __version__
from layerviz.cli.completing import lesson_ids
from layerviz.cli.speech import LANG, Help, printable, say
from layerviz.cli.usage import speak
from layerviz.lessons import made
from layerviz.resources import Problem
from layerviz.strings.problem import SpokenProblem

COMMANDS = {
    "lessons": "layerviz.cli.lessons:lessons",
    "run": "layerviz.cli.run:run",
    "export": "layerviz.cli.export:export",
    "tree": "layerviz.cli.tree:tree",
    "inspect": "layerviz.cli.inspect:inspect",
    "history": "layerviz.cli.history:history",
    "report": "layerviz.cli.report:report",
    "diff": "layerviz.cli.diff:diff",
    "images": "layerviz.cli.images:images",
    "save": "layerviz.cli.save:save",
    "doctor": "layerviz.cli.doctor:doctor",
    "completion": "layerviz.cli.completion:completion",
}
_INTERRUPTED = 130
"""What a shell reports of a program that Ctrl+C ended."""
OPENS_THE_APP = "layerviz.cli.open_app:open_app"

click.Context.formatter_class = Help
speak(LANG)


class OneSentence(click.ClickException):
    """A problem as the command line shows it: on stderr, one sentence, exit status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"layerviz: {printable(self.format_message())}", file=file or sys.stderr)


class Commands(click.Group):
    """Imports a command when it is asked for. A first word that is no command is a lesson to open."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = _imported(COMMANDS[cmd_name])
        # The list of commands has whole sentences: one that is cut says nothing.
        found.short_help = found.short_help or " ".join((found.help or "").split("\n\n", 1)[0].split())
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        return "open", _imported(OPENS_THE_APP), args

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [*super().shell_complete(ctx, incomplete), *lesson_ids(incomplete)]

    def main(self, *arguments: Any, **settings: Any) -> Any:
        status: str | int | None
        try:
            status = super().main(*arguments, **settings)
        except SystemExit as ended:
            status = ended.code
        except OSError as refused:
            # Help and version are written before there is a command to run.
            status = _refused(refused)
        try:
            sys.stdout.flush()
        except OSError as refused:
            _drop_stdout()
            status = status or _refused(refused)
        sys.exit(status)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except KeyboardInterrupt:
            # Beside the ^C that the terminal shows.
            click.echo(err=True)
            ctx.exit(_INTERRUPTED)
        except (Problem, OSError) as problem:
            raise told(problem) from problem
        except MemoryError:
            raise OneSentence(say("no_memory")) from None


def _refused(error: OSError) -> int:
    """Tells it, but whoever reads no further knows that; the exit status."""
    if not isinstance(error, BrokenPipeError):
        told(error).show()
    return 1


def _drop_stdout() -> None:
    """What is still to be written goes nowhere: Python writes it once more when it ends, and would complain anew."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def told(problem: Problem | OSError) -> OneSentence:
    """The one sentence of what went wrong."""
    if isinstance(problem, OSError):
        # Whatever the system refuses (no such file, no permission, no space) it names file and reason itself.
        return OneSentence(": ".join(str(part) for part in _of(problem)))
    return OneSentence(problem.said(LANG) if isinstance(problem, SpokenProblem) else str(problem))


def _of(error: OSError) -> Sequence[object]:
    reason = error.strerror or str(error)
    return (error.filename, reason) if error.filename is not None else (reason,)


def _imported(place: str) -> click.Command:
    module, name = place.split(":")
    command = getattr(importlib.import_module(module), name)
    assert isinstance(command, click.Command)
    return command


@click.group(
    cls=Commands,
    invoke_without_command=True,
    help=say("help"),
    epilog=say("epilog"),
    subcommand_metavar="[LESSON | COMMAND …]",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="layerviz", message="%(prog)s %(version)s", help=say("version"))
@click.pass_context
def layerviz(ctx: click.Context) -> None:
    made.lend()
    if ctx.invoked_subcommand is None:
        ctx.invoke(_imported(OPENS_THE_APP))
