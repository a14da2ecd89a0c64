"""docker ps (docker/cli formatter/container.go, moby daemon/container/state.go)."""

from __future__ import annotations

from layerviz.engine import digests, find, sizes
from layerviz.engine.world import Container, World
from layerviz.shell.docker.calls import Call, DockerCommand, Flag
from layerviz.shell.docker.formats import write_rows
from layerviz.shell.docker.images import size_text
from layerviz.shell.names import short
from layerviz.shell.table import shortened
from layerviz.shell.units import ago, date_and_zone, duration, size

COMMAND_COLUMNS = 20


def status(container: Container, now: int) -> str:
    if container.state == "running":
        return f"Up {duration(now - container.started)}"
    if container.state == "exited":
        return f"Exited ({container.exit_code}) {ago(now, container.finished)}"
    return "Created"


def image_name(world: World, container: Container) -> str:
    """The image as it was typed, or its short id once that name points elsewhere."""
    named = find.image_by_ref(world, container.image_ref)
    if named is not None and named.key == container.image.key:
        return container.image_ref
    return short(digests.image_id(container.image))


def size_cell(container: Container) -> str:
    """`0B (virtual 104MB)`: the writable layer, and the image counted once more."""
    own = sizes.size_of_container(container)
    image = sizes.size_of_image(container.image)
    if container.image.quoted is not None and own == 0:
        return f"0B (virtual {size_text(container.image)})"
    return f"{size(own)} (virtual {'?' if image is None else size(image + own)})"


def ps(call: Call) -> int:
    call.machine.show("ps")
    containers = sorted(call.world.containers, key=lambda one: (-one.created, -one.key))
    if "all" not in call and "latest" not in call:
        containers = [container for container in containers if container.state == "running"]
    for text in call.values.get("filter", ()):
        name, _, value = text.partition("=")
        if name == "name":
            containers = [container for container in containers if value in container.name]
        if name == "status":
            containers = [container for container in containers if container.state == value]
    if "latest" in call:
        containers = containers[:1]
    full = "no-trunc" in call
    if "quiet" in call:
        for container in containers:
            call.print(container.id if full else container.id[:12])
        return 0
    columns = ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"]
    if "size" in call:
        columns.append("Size")
    rows = [_row(call.world, container, full=full) for container in containers]
    return write_rows(call, call.value("format"), rows, HEADERS, columns)


HEADERS = {
    "ID": "CONTAINER ID",
    "Image": "IMAGE",
    "Command": "COMMAND",
    "RunningFor": "CREATED",
    "CreatedAt": "CREATED AT",
    "State": "STATE",
    "Status": "STATUS",
    "Ports": "PORTS",
    "Names": "NAMES",
    "Size": "SIZE",
}


def _row(world: World, container: Container, *, full: bool) -> dict[str, str]:
    command = " ".join(container.command)
    if not full:
        command = shortened(command, COMMAND_COLUMNS)
    return {
        "ID": container.id if full else container.id[:12],
        "Image": image_name(world, container),
        "Command": f'"{command}"',
        "RunningFor": ago(world.clock, container.created),
        "CreatedAt": date_and_zone(container.created),
        "State": container.state,
        "Status": status(container, world.clock),
        "Ports": ", ".join(container.image.config.exposed_ports) if container.state == "running" else "",
        "Names": container.name,
        "Size": size_cell(container),
    }


COMMANDS = (
    DockerCommand(
        ("ps", "container ls", "container list", "container ps"),
        "ps [OPTIONS]",
        "List containers",
        ps,
        (
            Flag("all", "Show all containers (default shows just running)", "a"),
            Flag("filter", "Filter output based on conditions provided", "f", "filter"),
            Flag("format", "Format output using a custom template", value="string"),
            Flag("latest", "Show the latest created container (includes all states)", "l"),
            Flag("no-trunc", "Don't truncate output"),
            Flag("quiet", "Only display container IDs", "q"),
            Flag("size", "Display total file sizes", "s"),
        ),
    ),
)
