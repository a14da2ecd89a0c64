"""docker logs: what a container's first program has written (docker/cli container/logs.go)."""

from __future__ import annotations

import re

from layerviz.engine.content import Content, of
from layerviz.engine.world import Container
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import Call, DockerCommand, Flag
from layerviz.shell.launch import is_unknown


def logs(call: Call) -> int:
    container = lookups.container(call.world, call.arguments[0])
    if is_unknown(call.machine, container.key):
        call.hint("unknown_files", image=container.image_ref)
    for descriptor, content in _last(call, container):
        (call.process.stdout if descriptor == 1 else call.process.stderr).write_content(content)
    if "follow" in call and container.state == "running":
        call.hint("foreground")
    return 0


def _last(call: Call, container: Container) -> tuple[tuple[int, Content], ...]:
    """All of it, or as many of its last lines as `--tail` says; what is no number means all (daemon/logs.go)."""
    tail = call.value("tail", "all")
    if not re.fullmatch(r"\d+", tail):
        return container.logged
    reader = call.machine.ports.read
    lines = [
        (descriptor, of(line))
        for descriptor, content in container.logged
        for line in content.read(reader=reader).splitlines(keepends=True)
    ]
    return tuple(lines[len(lines) - min(int(tail), len(lines)) :])


COMMANDS = (
    DockerCommand(
        ("logs", "container logs"),
        "logs [OPTIONS] CONTAINER",
        "Fetch the logs of a container",
        logs,
        (
            Flag("follow", "Follow log output", "f"),
            Flag("tail", 'Number of lines to show from the end of the logs (default "all")', "n", "string"),
        ),
        least=1,
        most=1,
    ),
)
