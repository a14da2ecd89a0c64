"""docker system df, in short and with -v (docker/cli formatter/disk_usage.go, moby daemon/disk_usage.go)."""

from __future__ import annotations

from collections.abc import Sequence

from layerviz.engine import digests, find, sizes
from layerviz.engine.world import Image, World
from layerviz.shell.docker.calls import Call, DockerCommand, Flag
from layerviz.shell.docker.formats import write_rows
from layerviz.shell.docker.images import listed, size_text
from layerviz.shell.docker.listing import image_name, shown_command, status
from layerviz.shell.names import short
from layerviz.shell.table import table
from layerviz.shell.units import ago, size


def disk_usage(call: Call) -> int:
    if "verbose" in call and call.value("format"):
        call.complain("the lab prints the long form of docker system df without a template only")
        return 1
    return _long(call) if "verbose" in call else _short(call)


def _short(call: Call) -> int:
    """Each layer counted once. Reclaimable up to 28: the total without what images with containers have alone."""
    world = call.world
    shown = listed(world)
    used = {container.image.key for container in world.containers}
    total = sum(sizes.size_of_layer(layer) or 0 for layer in sizes.layers_on_disk(world))
    kept = sum(_unique_bytes(image, shown) for image in shown if image.key in used)
    containers = [sizes.size_of_container(container) for container in world.containers]
    stopped = sum(sizes.size_of_container(container) for container in world.containers if container.state != "running")
    running = sum(container.state == "running" for container in world.containers)
    rows = [
        _row("Images", len(shown), len(used), total, total - kept),
        _row("Containers", len(containers), running, sum(containers), stopped),
        _row("Local Volumes", 0, 0, 0, 0),
        _row("Build Cache", 0, 0, 0, 0),
    ]
    columns = ["Type", "TotalCount", "Active", "Size", "Reclaimable"]
    return write_rows(call, call.value("format"), rows, HEADERS, columns, "*formatter.diskUsageImagesContext")


HEADERS = {
    "Type": "TYPE",
    "TotalCount": "TOTAL",
    "Active": "ACTIVE",
    "Size": "SIZE",
    "Reclaimable": "RECLAIMABLE",
}


def _row(kind: str, count: int, active: int, total: int, free: int) -> dict[str, object]:
    reclaimable = f"{size(free, 4)} ({free * 100 // total}%)" if total else size(free, 4)
    return {
        "Type": kind,
        "TotalCount": str(count),
        "Active": str(active),
        "Size": size(total, 4),
        "Reclaimable": reclaimable,
    }


def _unique_bytes(image: Image, images: Sequence[Image]) -> int:
    """Bytes of the layers that of these images only this one has."""
    others = {chain for one in images if one.key != image.key for chain in digests.chain_ids(one.layers)}
    pairs = zip(digests.chain_ids(image.layers), image.layers, strict=True)
    return sum(sizes.size_of_layer(layer) or 0 for chain, layer in pairs if chain not in others)


def _long(call: Call) -> int:
    world = call.world
    call.write("Images space usage:\n\n" + _images(world) + "\nContainers space usage:\n\n" + _containers(world))
    call.write("\nLocal Volumes space usage:\n\n" + table(("VOLUME NAME", "LINKS", "SIZE"), []))
    heads = ("CACHE ID", "CACHE TYPE", "SIZE", "CREATED", "LAST USED", "USAGE", "SHARED")
    call.write("\nBuild cache usage: 0B\n\n" + table(heads, []) + "\n")
    return 0


def _images(world: World) -> str:
    heads = ("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE", "SHARED SIZE", "UNIQUE SIZE", "CONTAINERS")
    shown = listed(world)
    rows: list[list[str]] = []
    for image in shown:
        repository, _, tag = (find.tags_of(world, image) or ("<none>:<none>",))[0].rpartition(":")
        unique = _unique_bytes(image, shown)
        shared = (sizes.size_of_stack(image.layers) or unique) - unique
        users = sum(container.image.key == image.key for container in world.containers)
        told = [size_text(image), size(shared, 4), size(unique, 4), str(users)]
        identifier = short(digests.image_id(image))
        rows.append([repository, tag, identifier, ago(world.clock, image.created), *told])
    return table(heads, rows)


def _containers(world: World) -> str:
    heads = ("CONTAINER ID", "IMAGE", "COMMAND", "LOCAL VOLUMES", "SIZE", "CREATED", "STATUS", "NAMES")
    rows: list[list[str]] = []
    for container in sorted(world.containers, key=lambda one: (-one.created, -one.key)):
        command = shown_command(container)
        own, since = size(sizes.size_of_container(container)), ago(world.clock, container.created)
        state = status(container, world.clock)
        rows.append([container.id[:12], image_name(world, container), command, "0", own, since, state, container.name])
    return table(heads, rows)


COMMANDS = (
    DockerCommand(
        ("system df",),
        "system df [OPTIONS]",
        "Show docker disk usage",
        disk_usage,
        (
            Flag("format", "Format output using a custom template", value="string"),
            Flag("verbose", "Show detailed information on space usage", "v"),
        ),
    ),
)
