"""The command language: docker commands, the shell, Dockerfiles, and what they print.

`run_script` and `run_each` play commands on a world; `needs_more`, `spans` and `complete` serve a prompt."""

from layerviz.shell.complete import Completion, complete
from layerviz.shell.machine import NO_PORTS, Brought, Moment, PortError, Ports, Result
from layerviz.shell.prompt import needs_more, spans
from layerviz.shell.run import run_each, run_script

__all__ = [
    "NO_PORTS",
    "Brought",
    "Completion",
    "Moment",
    "PortError",
    "Ports",
    "Result",
    "complete",
    "needs_more",
    "run_each",
    "run_script",
    "spans",
]
