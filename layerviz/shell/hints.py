"""The one line that follows a mistake, or says where the lab is not docker: on stderr, in the reader's language.

Remarks are gathered and stand behind all that the command itself printed.
"""

from __future__ import annotations

from layerviz.shell.machine import Machine
from layerviz.strings.catalogue import tr


def hint(machine: Machine, key: str, **values: object) -> None:
    """Adds `hint: …`; the same sentence only once in a run."""
    lang = machine.ports.lang
    line = f"{tr(lang, 'shell.hint')}{tr(lang, f'shell.hints.{key}', **values)}"
    if line not in machine.remarks:
        machine.remarks.append(line)
