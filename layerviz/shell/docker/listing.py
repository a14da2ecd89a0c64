"""docker ps (docker/cli formatter/container.go, moby daemon/container/state.go)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from layerviz.engine import digests, find, sizes
from layerviz.engine.world import Container, Image, World
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import BadCall, Call, DaemonError, DockerCommand, Flag
from layerviz.shell.docker.formats import filters, fits_labels, write_rows
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


def shown_command(container: Container, *, full: bool = False) -> str:
    """What it runs, as the engine puts it together; words that a shell would take apart are quoted."""
    arguments = (f"'{word}'" if " " in word else word for word in container.command[1:])
    command = " ".join((*container.command[:1], *arguments))
    return f'"{command if full else shortened(command, COMMAND_COLUMNS)}"'


def size_cell(container: Container) -> str:
    """`0B (virtual 104MB)`: the writable layer, and the image counted once more."""
    own = sizes.size_of_container(container)
    image = sizes.size_of_image(container.image)
    if container.image.quoted is not None and own == 0:
        return f"0B (virtual {size_text(container.image)})"
    return f"{size(own)} (virtual {'?' if image is None else size(image + own)})"


def ps(call: Call) -> int:
    call.machine.show("ps")
    wanted = filters(call, FILTERS)
    last = _last(call)
    containers = sorted(call.world.containers, key=lambda one: (-one.created, -one.key))
    if "all" not in call and not last and "status" not in wanted:
        containers = [container for container in containers if container.state == "running"]
    chosen = _filtered(call.world, wanted)
    containers = [container for container in containers if chosen(container)][: last or None]
    full = "no-trunc" in call
    if "quiet" in call:
        for container in containers:
            call.print(container.id if full else container.id[:12])
        return 0
    columns = ["ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names"]
    if "size" in call:
        columns.append("Size")
    rows = [_row(call.world, container, full=full) for container in containers]
    return write_rows(call, call.value("format"), rows, HEADERS, columns, "*formatter.ContainerContext")


FILTERS = ("ancestor", "before", "exited", "id", "label", "name", "since", "status")
STATES = ("created", "dead", "exited", "paused", "removing", "restarting", "running")


def _last(call: Call) -> int:
    """How many of the newest are asked for, whatever their state; 0 for no such wish."""
    text = call.value("last", "1" if "latest" in call else "-1")
    if not re.fullmatch(r"-?\d+", text):
        reason = f'strconv.ParseInt: parsing "{text}": invalid syntax'
        raise BadCall(f'invalid argument "{text}" for "-n, --last" flag: {reason}', 125)
    return max(int(text), 0)


def _filtered(world: World, wanted: dict[str, list[str]]) -> Callable[[Container], bool]:
    """Whether a container fits all filters; of several values for one it need fit one (moby daemon/list.go)."""
    for state in wanted.get("status", ()):
        if state not in STATES:
            raise DaemonError(f"invalid filter 'status={state}'", "filters", (("filters", " ".join(STATES)),))
    exited = [int(text) for text in wanted.get("exited", ()) if re.fullmatch(r"-?\d+", text)]
    if len(exited) < len(wanted.get("exited", ())):
        raise DaemonError(f"invalid filter 'exited={wanted['exited'][0]}'")
    found = {name: lookups.container(world, wanted[name][-1]) for name in ("before", "since") if name in wanted}
    ancestors = [find.image_by_ref(world, text) for text in wanted.get("ancestor", ())]
    keys = {image.key for image in ancestors if image is not None}

    def chosen(container: Container) -> bool:
        labels = dict(container.image.config.labels)
        line = {container.image.key, *_parents(world, container.image)}
        return (
            _any(wanted, "name", lambda value: re.search(value, container.name) is not None)
            and _any(wanted, "id", container.id.startswith)
            and _any(wanted, "status", container.state.__eq__)
            and fits_labels(labels, wanted.get("label", ()))
            and ("exited" not in wanted or (container.state == "exited" and container.exit_code in exited))
            and ("before" not in found or container.key < found["before"].key)
            and ("since" not in found or container.key > found["since"].key)
            and ("ancestor" not in wanted or bool(line & keys))
        )

    return chosen


def _any(wanted: dict[str, list[str]], name: str, test: Callable[[str], bool]) -> bool:
    return name not in wanted or any(test(value) for value in wanted[name])


def _parents(world: World, image: Image) -> Iterator[int]:
    above = find.image_by_key(world, image.parent_key)
    while above is not None:
        yield above.key
        above = find.image_by_key(world, above.parent_key)


HEADERS: Mapping[str, object] = {
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
    "Label": lambda name: name,
    "Labels": "LABELS",
    "LocalVolumes": "LOCAL VOLUMES",
    "Mounts": "MOUNTS",
    "Networks": "NETWORKS",
}


def _row(world: World, container: Container, *, full: bool) -> dict[str, object]:
    return {
        "ID": container.id if full else container.id[:12],
        "Image": image_name(world, container),
        "Command": shown_command(container, full=full),
        "RunningFor": ago(world.clock, container.created),
        "CreatedAt": date_and_zone(container.created),
        "State": container.state,
        "Status": status(container, world.clock),
        "Ports": ", ".join(container.image.config.exposed_ports) if container.state == "running" else "",
        "Names": container.name,
        "Size": size_cell(container),
        "Label": lambda name: dict(container.image.config.labels).get(name, ""),
        "Labels": ",".join(f"{name}={value}" for name, value in sorted(container.image.config.labels)),
        "LocalVolumes": "0",
        "Mounts": "",
        "Networks": "bridge",
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
            Flag("last", "Show n last created containers (includes all states) (default -1)", "n", "int"),
            Flag("latest", "Show the latest created container (includes all states)", "l"),
            Flag("no-trunc", "Don't truncate output"),
            Flag("quiet", "Only display container IDs", "q"),
            Flag("size", "Display total file sizes", "s"),
        ),
    ),
)
