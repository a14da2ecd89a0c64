"""docker save and docker load: real files, through the ports; in a lesson there are none."""

from __future__ import annotations

from layerviz.engine import digests
from layerviz.engine.actions import BringImage
from layerviz.engine.world import Image, World
from layerviz.shell import references
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import Call, DockerCommand, Flag
from layerviz.shell.machine import PortError
from layerviz.shell.names import short
from layerviz.shell.references import BadReference
from layerviz.shell.table import progress_bar


def save(call: Call) -> int:
    output = call.value("output")
    if not output:
        # No archive goes through the simulated pipes and files: however it is redirected, this is a terminal.
        call.complain("cowardly refusing to save to a terminal. Use the -o flag or redirect")
        _say_where_files_are(call, "docker save -o FILE", call.machine.ports.save is not None)
        return 1
    refs: list[str] = []
    for name in call.arguments:
        image = lookups.image(call.world, name)
        if image.quoted is not None:
            call.complain(f"{name}: only quoted, it cannot be saved")
            call.hint("quoted_save", image=name)
            return 1
        named = dict(call.world.tags)
        try:
            ref = references.parse(name).ref
        except BadReference:
            ref = ""
        refs.append(ref if named.get(ref) == image.key else digests.image_id(image))
    if call.machine.ports.save is None:
        call.complain(f"open {output}: no such file or directory")
        call.hint("no_files")
        return 1
    try:
        call.machine.ports.save(call.world, tuple(refs), output)
    except PortError as error:
        call.complain(str(error))
        return 1
    return 0


def load(call: Call) -> int:
    file = call.value("input")
    if not file:
        call.complain("requested load from stdin, but stdin is empty")
        _say_where_files_are(call, "docker load -i FILE", call.machine.ports.load is not None)
        return 1
    if call.machine.ports.load is None:
        call.complain(f"open {file}: no such file or directory")
        call.hint("no_files")
        return 1
    try:
        images = call.machine.ports.load(file)
    except PortError as error:
        call.complain(str(error))
        return 1
    for brought in images:
        if call.machine.ports.terminal and "quiet" not in call:
            call.write(_loading(call.world, brought.image))
        call.machine.do(BringImage(brought.image, brought.refs))
        for ref in brought.refs:
            call.print(f"Loaded image: {ref}")
        if not brought.refs:
            call.print(f"Loaded image ID: {digests.image_id(brought.image)}")
    return 0


def _say_where_files_are(call: Call, command: str, has_files: bool) -> None:
    if has_files:
        call.hint("real_file", command=command)
    else:
        call.hint("no_files")


def _loading(world: World, image: Image) -> str:
    """A line for each layer that is not stored yet, as a terminal shows it in the end (tarexport/load.go)."""
    stored = {chain for layer_stack in world.images for chain in digests.chain_ids(layer_stack.layers)}
    lines: list[str] = []
    for layer, chain in zip(image.layers, digests.chain_ids(image.layers), strict=True):
        size = layer.brought_tar.size_bytes if layer.brought_tar is not None else layer.size_bytes or 0
        if chain not in stored:
            lines.append(f"{short(digests.diff_id(layer))}: Loading layer {progress_bar(size, size)}\n")
    return "".join(lines)


COMMANDS = (
    DockerCommand(
        ("save", "image save"),
        "save [OPTIONS] IMAGE [IMAGE...]",
        "Save one or more images to a tar archive (streamed to STDOUT by default)",
        save,
        (Flag("output", "Write to a file, instead of STDOUT", "o", "string"),),
        least=1,
        most=None,
    ),
    DockerCommand(
        ("load", "image load"),
        "load [OPTIONS]",
        "Load an image from a tar archive or STDIN",
        load,
        (
            Flag("input", "Read from tar archive file, instead of STDIN", "i", "string"),
            Flag("quiet", "Suppress the load output", "q"),
        ),
    ),
)
