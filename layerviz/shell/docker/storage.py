"""GraphDriver.Data of inspect: where the storage driver keeps the layers (moby daemon/graphdriver/*/, GetMetadata)."""

from __future__ import annotations

from collections.abc import Sequence

from layerviz.engine import drivers
from layerviz.engine.world import Container, Image, Layer, World

ROOT = "/var/lib/docker"


def image_driver_data(world: World, image: Image) -> dict[str, str] | None:
    """Of an image overlay2 names its top layer as UpperDir; LowerDir lists the others, top first."""
    return _data(world.driver, image.layers, [])


def container_driver_data(world: World, container: Container) -> dict[str, str] | None:
    """A container's own layer is UpperDir; one with hostname, hosts and the like stands between it and the image."""
    return _data(world.driver, container.stack, ["-init"])


def _data(driver: str, stack: Sequence[Layer], between: list[str]) -> dict[str, str] | None:
    if not stack:
        return None
    places = [f"{ROOT}/{place.directory}" for place in drivers.on_disk(driver, stack)]
    top = places[-1]
    if driver == "overlay2":
        base = top.removesuffix("/diff")
        lower = [f"{base}{suffix}/diff" for suffix in between] + places[-2::-1]
        data = {"MergedDir": f"{base}/merged", "UpperDir": top, "WorkDir": f"{base}/work"}
        return {"LowerDir": ":".join(lower), **data} if lower else data
    if driver == "vfs":
        return {"SourceDir": top}
    if driver == "zfs":
        identifier = top.rsplit("/", 1)[-1]
        return {"Dataset": f"zpool/docker/{identifier}", "Mountpoint": top}
    if driver == "devicemapper":
        return {
            "DeviceId": str(len(stack)),
            "DeviceName": f"docker-8:1-1-{top.split('/')[-2]}",
            "DeviceSize": "10737418240",
        }
    return None
