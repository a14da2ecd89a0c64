"""docker info, version and system df (docker/cli system/info.go, formatter/disk_usage.go)."""

from __future__ import annotations

from layerviz.engine import digests, find, sizes
from layerviz.engine.world import World
from layerviz.shell.docker.calls import Call, DockerCommand
from layerviz.shell.table import table
from layerviz.shell.units import size

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
    states = [container.state for container in world.containers]
    lines = [
        "Client:",
        " Version:    28.5.2",
        " Context:    default",
        " Debug Mode: false",
        "",
        "Server:",
        f" Containers: {len(states)}",
        f"  Running: {states.count('running')}",
        "  Paused: 0",
        f"  Stopped: {len(states) - states.count('running')}",
        f" Images: {len(world.images)}",
        " Server Version: 28.5.2",
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


def version(call: Call) -> int:
    call.write(
        "Client: Docker Engine - simulated by layerviz\n Version:           28.5.2\n API version:       1.51\n\n"
    )
    call.write("Server: Docker Engine - simulated by layerviz\n Engine:\n  Version:          28.5.2\n")
    return 0


def disk_usage(call: Call) -> int:
    """Each layer counted once. Reclaimable up to 28: the total without what images with containers have alone."""
    world = call.world
    used = {container.image.key for container in world.containers}
    layers = sizes.layers_on_disk(world)
    total = sum(sizes.size_of_layer(layer) or 0 for layer in layers)
    kept = sum(_unique_bytes(world, key) for key in used)
    parents = {image.parent_key for image in world.images}
    shown = [image for image in world.images if find.tags_of(world, image) or image.key not in parents]
    containers = [sizes.size_of_container(container) for container in world.containers]
    running = [container for container in world.containers if container.state == "running"]
    stopped = sum(sizes.size_of_container(container) for container in world.containers if container.state != "running")
    rows = [
        ("Images", str(len(shown)), str(len(used)), size(total, 4), _reclaimable(total - kept, total)),
        (
            "Containers",
            str(len(containers)),
            str(len(running)),
            size(sum(containers), 4),
            _reclaimable(stopped, sum(containers)),
        ),
        ("Local Volumes", "0", "0", "0B", "0B"),
        ("Build Cache", "0", "0", "0B", "0B"),
    ]
    call.write(table(("TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"), rows))
    return 0


def _unique_bytes(world: World, key: int) -> int:
    """Bytes of the layers that only this image has."""
    image = next((one for one in world.images if one.key == key), None)
    if image is None:
        return 0
    others = {chain for one in world.images if one.key != key for chain in digests.chain_ids(one.layers)}
    pairs = zip(digests.chain_ids(image.layers), image.layers, strict=True)
    return sum(sizes.size_of_layer(layer) or 0 for chain, layer in pairs if chain not in others)


def _reclaimable(amount: int, total: int) -> str:
    return f"{size(amount, 4)} ({amount * 100 // total}%)" if total else size(amount, 4)


COMMANDS = (
    DockerCommand(("info", "system info"), "info [OPTIONS]", "Display system-wide information", info),
    DockerCommand(("version",), "version [OPTIONS]", "Show the Docker version information", version),
    DockerCommand(("system df",), "system df [OPTIONS]", "Show docker disk usage", disk_usage),
)
