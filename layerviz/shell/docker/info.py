"""docker info and version (docker/cli system/info.go, system/version.go)."""

from __future__ import annotations

from layerviz.engine import digests
from layerviz.engine.world import World
from layerviz.shell.docker.calls import Call, DockerCommand, Flag
from layerviz.shell.docker.template_functions import as_json
from layerviz.shell.docker.template_syntax import TemplateError
from layerviz.shell.docker.templates import render

DRIVER_STATUS = {
    "overlay2": (
        ("Backing Filesystem", "extfs"),
        ("Supports d_type", "true"),
        ("Using metacopy", "false"),
        ("Native Overlay Diff", "true"),
        ("userxattr", "false"),
    ),
}


def info(call: Call) -> int:
    """What the world knows of an engine; lines about the machine it would run on are left out."""
    world = call.world
    call.machine.show("info")
    if call.value("format"):
        return _by_template(call, _info_document(world), "system.dockerInfo")
    states = [container.state for container in world.containers]
    lines = [
        "Client:",
        f" Version:    {VERSION}",
        " Context:    default",
        " Debug Mode: false",
        "",
        "Server:",
        f" Containers: {len(states)}",
        f"  Running: {states.count('running')}",
        "  Paused: 0",
        f"  Stopped: {len(states) - states.count('running')}",
        f" Images: {len(world.images)}",
        f" Server Version: {VERSION}",
        f" Storage Driver: {world.driver}",
        *(f"  {name}: {value}" for name, value in DRIVER_STATUS.get(world.driver, ())),
        f" OSType: {digests.OS}",
        " Architecture: x86_64",
        " Docker Root Dir: /var/lib/docker",
        " Debug Mode: false",
        "",
    ]
    for line in lines:
        call.print(line)
    return 0


VERSION = "28.5.2"


def _info_document(world: World) -> dict[str, object]:
    """What templates may ask of `docker info`: the part of the engine's answer that the world knows."""
    states = [container.state for container in world.containers]
    return {
        "Architecture": "x86_64",
        "Containers": len(states),
        "ContainersPaused": 0,
        "ContainersRunning": states.count("running"),
        "ContainersStopped": len(states) - states.count("running"),
        "DockerRootDir": "/var/lib/docker",
        "Driver": world.driver,
        "DriverStatus": [[name, value] for name, value in DRIVER_STATUS.get(world.driver, ())],
        "Images": len(world.images),
        "OSType": digests.OS,
        "ServerVersion": VERSION,
    }


def version(call: Call) -> int:
    if call.value("format"):
        client = {"Version": VERSION, "ApiVersion": "1.51", "Os": digests.OS, "Arch": digests.ARCHITECTURE}
        return _by_template(call, {"Client": client, "Server": client}, "system.versionInfo")
    call.write(
        f"Client: Docker Engine - simulated by layerviz\n Version:           {VERSION}\n API version:       1.51\n\n"
    )
    call.write(f"Server: Docker Engine - simulated by layerviz\n Engine:\n  Version:          {VERSION}\n")
    return 0


def _by_template(call: Call, document: dict[str, object], kind: str) -> int:
    form = call.value("format")
    try:
        call.print(as_json(document) if form == "json" else render(form, document, kind))
    except TemplateError as error:
        executing = "executing" in str(error)
        call.complain(f"{error}" if executing else f"template parsing error: {error}")
        call.hint("template_fields", fields=" ".join(f".{name}" for name in document))
        return 1 if executing else 64
    return 0


FORMAT = Flag("format", "Format output using a custom template", "f", "string")
COMMANDS = (
    DockerCommand(("info", "system info"), "info [OPTIONS]", "Display system-wide information", info, (FORMAT,)),
    DockerCommand(("version",), "version [OPTIONS]", "Show the Docker version information", version, (FORMAT,)),
)
