"""The one line that follows a mistake, or says what the lab does otherwise than docker. On stderr, in the reader's language."""

from __future__ import annotations

from layerviz.shell.machine import Machine
from layerviz.strings.catalogue import tr


def hint(machine: Machine, key: str, **values: object) -> str:
    """`hint: …` and a newline."""
    lang = machine.ports.lang
    return f"{tr(lang, 'shell.hint')}{tr(lang, f'shell.hints.{key}', **values)}\n"


def note(machine: Machine, key: str, **values: object) -> str:
    """Like `hint`, but said only once in a run."""
    if key in machine.notes:
        return ""
    machine.notes.add(key)
    return hint(machine, key, **values)
