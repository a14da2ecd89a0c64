"""Commands on a world: one line of a prompt, or a script, as the shell of your computer runs them."""

from __future__ import annotations

from layerviz.engine.actions import Tick
from layerviz.engine.content import EMPTY, Content
from layerviz.engine.world import World
from layerviz.shell.dialect import PROMPT
from layerviz.shell.docker import command
from layerviz.shell.grammar import Parser
from layerviz.shell.hints import hint
from layerviz.shell.interpreter import Exit, LoopControl, Shell
from layerviz.shell.launch import PATH, launch
from layerviz.shell.machine import NO_PORTS, Machine, PortError, Ports, Result
from layerviz.shell.process import StillRunning
from layerviz.shell.programs import table
from layerviz.shell.redirection import Descriptors
from layerviz.shell.streams import SHOWN_BYTES, Stream, text_of
from layerviz.shell.syntax import ShellSyntaxError
from layerviz.shell.units import size

INTERRUPTED = 130
"""128 and the number of SIGINT: the status of what somebody stopped with Ctrl+C."""
PROGRAMS = {**table.PROGRAMS, **command.PROGRAMS}


def run_command(world: World, text: str, ports: Ports = NO_PORTS) -> Result:
    """Runs what was typed at the prompt, be it several commands; what it did and printed is one result."""
    results = _run(world, text, ports, keep_going=True)
    if not results:
        return Result(text, 1, (), world, "", "", 0)
    return Result(
        command=text,
        line=1,
        moments=tuple(moment for result in results for moment in result.moments),
        world=results[-1].world,
        stdout="".join(result.stdout for result in results),
        stderr="".join(result.stderr for result in results),
        status=results[-1].status,
    )


def run_script(world: World, text: str, ports: Ports = NO_PORTS, keep_going: bool = False) -> tuple[Result, ...]:
    """Runs a script: a result for each command of the top level, up to the first that fails (`keep_going`: all).

    A text that no shell accepts gives a result with status 2 at the line of the fault, after those before it.
    """
    return _run(world, text, ports, keep_going=keep_going)


def _run(world: World, text: str, ports: Ports, *, keep_going: bool) -> tuple[Result, ...]:
    shell = _prompt(Machine(world, ports, PROGRAMS))
    parser = Parser(text)
    results: list[Result] = []
    said: frozenset[str] = frozenset()
    while True:
        start = parser.position
        try:
            item = parser.read_next()
        except ShellSyntaxError as error:
            results.append(_syntax_result(shell, text, start, error))
            return tuple(results)
        if item is None:
            return tuple(results)
        line = parser.line_at(item.span.start)
        end = parser.here_documents.get(parser.position, parser.position)
        typed = text[item.span.start : max(item.span.end, end)].rstrip().removesuffix(";").rstrip()
        shell.machine = Machine(shell.machine.world, ports, PROGRAMS, said=said)
        out, err = Stream(), Stream()
        ended = False
        try:
            status = shell.run_and_or(item, Descriptors(EMPTY, out, err))
        except Exit as end:
            status, ended = end.status, True
        except LoopControl:
            status = 0
        except StillRunning:
            hint(shell.machine, "endless")
            status = INTERRUPTED
        except PortError as error:
            err.write(f"{error}\n")
            status = 1
        machine = shell.machine
        stdout = _shown(machine, out.take())
        remarks = [remark for remark in machine.remarks if remark not in said]
        said |= set(machine.remarks)
        stderr = _shown(machine, err.take()) + "".join(f"{remark}\n" for remark in remarks)
        results.append(Result(typed, line, tuple(machine.moments), machine.world, stdout, stderr, status))
        if ended or (status and not keep_going):
            return tuple(results)


def _prompt(machine: Machine) -> Shell:
    cwd = machine.world.cwd
    variables = {"HOME": "/", "IFS": " \t\n", "PATH": PATH, "PWD": cwd, "USER": "you"}

    def pass_a_second(shell: Shell) -> None:
        shell.machine.pass_time(Tick())

    return Shell(
        machine=machine,
        target="host",
        dialect=PROMPT,
        variables=variables,
        exported={"HOME", "PATH", "PWD", "USER"},
        cwd=cwd,
        launch=launch,
        name="bash",
        after_pipeline=pass_a_second,
    )


def _syntax_result(shell: Shell, text: str, start: int, error: ShellSyntaxError) -> Result:
    message = PROMPT.syntax_error(error, text) + "\n"
    end = text.find("\n", max(start, error.offset))
    typed = text[start : end if end >= 0 else len(text)].strip()
    return Result(typed, error.line, (), shell.machine.world, "", message, 2)


def _shown(machine: Machine, content: Content) -> str:
    """What was written, as text; of very much the beginning only."""
    if content.size_bytes > SHOWN_BYTES:
        hint(machine, "cut", size=size(content.size_bytes))
    return text_of(content, machine.ports.read)
