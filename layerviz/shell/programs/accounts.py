"""Names of users and groups: as the container's /etc/passwd and /etc/group say."""

from __future__ import annotations

from layerviz.shell.process import Process
from layerviz.shell.streams import text_of


def names_of(process: Process, file: str) -> dict[int, str]:
    """Number → name, from /etc/passwd or /etc/group; root is known without them."""
    found = {0: "root"}
    entry = process.files.find(file)
    if entry is not None:
        for line in text_of(entry.content, process.machine.ports.read).splitlines():
            parts = line.split(":")
            if len(parts) > 2 and parts[2].isdigit():
                found.setdefault(int(parts[2]), parts[0])
    return found


def number_of(process: Process, file: str, name: str) -> int | None:
    """The number of a user or group given by name or number, None if there is no such name."""
    if name.isdigit():
        return int(name)
    for number, known in names_of(process, file).items():
        if known == name:
            return number
    return None
