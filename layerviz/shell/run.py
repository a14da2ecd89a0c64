"""Commands on a world: one line of a prompt, or a script, as the shell of your computer runs them."""

from __future__ import annotations

from collections.abc import Iterator

from layerviz.engine.actions import KeepPrompt, Tick
from layerviz.engine.content import EMPTY, Content
from layerviz.engine.world import Prompt, World
from layerviz.shell.dialect import PROMPT, TOO_DEEP
from layerviz.shell.docker import command
from layerviz.shell.grammar import Parser
from layerviz.shell.hints import hint
from layerviz.shell.interpreter import Exit, LoopControl, Shell
from layerviz.shell.launch import PATH, launch
from layerviz.shell.machine import NO_PORTS, Machine, PortError, Ports, Result
from layerviz.shell.process import StillRunning
from layerviz.shell.programs import table
from layerviz.shell.redirection import Descriptors
from layerviz.shell.streams import SHOWN_BYTES, Input, Stream, text_of
from layerviz.shell.syntax import ShellSyntaxError
from layerviz.shell.units import size

INTERRUPTED = 130
"""128 and the number of SIGINT: the status of what somebody stopped with Ctrl+C."""
_MISUSED = 2
_VARIABLES = (("HOME", "/"), ("IFS", " \t\n"), ("PATH", PATH), ("USER", "you"))
PROGRAMS = {**table.PROGRAMS, **command.PROGRAMS}


def run_script(world: World, text: str, ports: Ports = NO_PORTS, keep_going: bool = False) -> tuple[Result, ...]:
    """Runs a script, or what was typed at the prompt: a result for each command of the top level, up to the first that
    fails (`keep_going`: all).

    A text that no shell accepts gives a result with status 2 at the line of the fault, after those before it.
    """
    return tuple(run_each(world, text, ports, keep_going))


def run_each(world: World, text: str, ports: Ports = NO_PORTS, keep_going: bool = False) -> Iterator[Result]:
    """As `run_script`, each command run when its result is asked for."""
    shell = _prompt(Machine(world, ports, PROGRAMS))
    parser = Parser(text)
    said: frozenset[str] = frozenset()
    while True:
        start = parser.position
        try:
            item = parser.read_next()
        except ShellSyntaxError as error:
            shell.status = _MISUSED
            shell.machine.do_unseen(KeepPrompt(_kept(shell)))
            yield _syntax_result(shell, text, start, error)
            return
        if item is None:
            return
        line = parser.line_at(item.span.start)
        end = parser.here_documents.get(parser.position, parser.position)
        typed = text[item.span.start : max(item.span.end, end)].rstrip().removesuffix(";").rstrip()
        machine = shell.machine = Machine(shell.machine.world, ports, PROGRAMS, said=said)
        out, err = Stream(), Stream()
        ended = False
        try:
            status = shell.run_and_or(item, Descriptors(Input(EMPTY), out, err))
        except Exit as leaving:
            status, ended = leaving.status, True
        except LoopControl:
            status = 0
        except StillRunning:
            hint(machine, "endless")
            status = INTERRUPTED
        except PortError as error:
            err.write(f"{error}\n")
            status = 1
        except RecursionError:
            # A script that runs itself, a tree of directories without end.
            err.write(f"{PROMPT.name}: {TOO_DEEP}\n")
            status = 1
        shell.status = status
        machine.do_unseen(KeepPrompt(_kept(shell)))
        stdout, errors = _shown(machine, out.take()), _shown(machine, err.take())
        hints = tuple(remark for remark in machine.remarks if remark not in said)
        said |= set(hints)
        stderr = errors + "".join(f"{hinted}\n" for hinted in hints)
        yield Result(typed, line, tuple(machine.moments), machine.world, stdout, stderr, status, hints)
        if ended or (status and not keep_going):
            return


def _prompt(machine: Machine) -> Shell:
    """The shell of your computer, as the last line left it."""
    cwd = machine.world.cwd
    kept = machine.world.prompt or Prompt(_VARIABLES, frozenset(("HOME", "PATH", "PWD", "USER")))

    def pass_a_second(shell: Shell) -> None:
        shell.machine.do_unseen(Tick())

    return Shell(
        machine=machine,
        target="host",
        dialect=PROMPT,
        variables={**dict(kept.variables), "PWD": cwd},
        exported=set(kept.exported),
        cwd=cwd,
        launch=launch,
        name="bash",
        options=set(kept.options),
        status=kept.status,
        after_pipeline=pass_a_second,
    )


def _kept(shell: Shell) -> Prompt:
    return Prompt(tuple(shell.variables.items()), frozenset(shell.exported), frozenset(shell.options), shell.status)


def _syntax_result(shell: Shell, text: str, start: int, error: ShellSyntaxError) -> Result:
    message = PROMPT.syntax_error(error, text) + "\n"
    end = text.find("\n", max(start, error.offset))
    typed = text[start : end if end >= 0 else len(text)].strip()
    return Result(typed, error.line, (), shell.machine.world, "", message, _MISUSED)


def _shown(machine: Machine, content: Content) -> str:
    """What was written, as text; of very much the beginning only."""
    if content.size_bytes > SHOWN_BYTES:
        hint(machine, "cut", size=size(content.size_bytes))
    return text_of(content, machine.ports.read)
