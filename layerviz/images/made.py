"""Images that commands make: those of a script, which runs here, and those of a lesson, whose floor lies above."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from layerviz.images.problems import ImageProblem, few

if TYPE_CHECKING:
    from layerviz.engine.world import Image, World
    from layerviz.images.assembling import BroughtImage
    from layerviz.images.reference import Made

Worlds = Callable[[str], "Sequence[World]"]
"""From a lesson's id to its worlds, those that come last first. Raises the problems of its own floor."""

_LARGEST_SCRIPT_BYTES = 16 << 20
_lessons: list[Worlds] = []


def lend(worlds_of_lesson: Worlds) -> None:
    """From now on images of lessons are found by `worlds_of_lesson`."""
    _lessons[:] = [worlds_of_lesson]


def found(reference: "Made", text: str) -> "tuple[BroughtImage, ...]":
    """The images that a script or a lesson makes and that have a name; or the one called so.

    Raises `ImageProblem`, and what the floor of lessons has to say about a lesson.
    """
    from layerviz.engine.find import image_by_ref

    if reference.by == "script":
        worlds: Sequence[World] = [_played(reference.place)]
    elif _lessons:
        worlds = _lessons[-1](reference.place)
    else:
        raise ImageProblem(text, "transport")
    if not reference.name:
        return _all(worlds, text)
    for world in worlds:
        image = image_by_ref(world, reference.name)
        if image is not None:
            return (_brought(world, image, text),)
    has = few([ref for one in _all(worlds, text) for ref in one.refs])
    raise ImageProblem(text.removesuffix(f":{reference.name}"), "no_such_image", {"ref": reference.name, "has": has})


def _all(worlds: "Sequence[World]", text: str) -> "tuple[BroughtImage, ...]":
    """The images of the world that comes last and has any."""
    for world in worlds:
        keys = dict.fromkeys(key for _, key in world.tags)
        images = [image for key in keys for image in world.images if image.key == key]
        if images:
            return tuple(_brought(world, image, text) for image in images)
    raise ImageProblem(text, "makes_no_image")


def _brought(world: "World", image: "Image", text: str) -> "BroughtImage":
    from layerviz.engine.find import tags_of
    from layerviz.images.assembling import BroughtImage

    return BroughtImage(image, tags_of(world, image))


def script_text(stream: BinaryIO, name: str) -> str:
    """What a file of commands says. Raises `ImageProblem` where it does not end."""
    data = stream.read(_LARGEST_SCRIPT_BYTES + 1)
    if len(data) > _LARGEST_SCRIPT_BYTES:
        raise ImageProblem(name, "script_too_large", {"limit": _LARGEST_SCRIPT_BYTES})
    if data.count(b"\r\n") == data.count(b"\n"):
        # An editor on Windows ended every line so; nobody meant a carriage return in every command.
        data = data.replace(b"\r\n", b"\n")
    # Whatever else stands in a script comes out of `cat` again, byte by byte.
    return data.decode("utf-8", errors="surrogateescape")


def _played(file: str) -> "World":
    """The world after all commands of a script. Archives that it loads are found from the folder one is in; it saves
    none, for looking at an image changes nothing."""
    from layerviz.engine.apply import empty_world
    from layerviz.images.ports import ports
    from layerviz.shell import run_script

    try:
        with open(file, "rb") as opened:
            script = script_text(opened, file)
    except OSError as error:
        raise ImageProblem(file, "cannot_open", {"reason": error.strerror or str(error)}) from None
    outside = replace(ports(os.getcwd()), save=lambda world, refs, target: None)
    results = run_script(empty_world(), script, outside)
    failed = next((result for result in results if result.status), None)
    if failed is not None:
        said = failed.stderr.strip().splitlines() or [str(failed.status)]
        raise ImageProblem(f"{file}:{failed.line}", "command_failed", {"said": said[0]})
    return results[-1].world if results else empty_world()
