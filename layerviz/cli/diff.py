"""`layerviz diff`: two images held against each other."""

import json
from typing import TYPE_CHECKING

import click

from layerviz.cli.image import image_argument, image_options, opened
from layerviz.cli.progress import comparing
from layerviz.cli.speech import printable, say

if TYPE_CHECKING:
    from layerviz.engine.compare import Comparison
    from layerviz.engine.entry import Entry
    from layerviz.engine.world import Layer


@click.command(help=say("diff.help"))
@image_argument("one")
@image_argument("other")
@click.option("--json", "as_json", is_flag=True, help=say("diff.json"))
@image_options
def diff(one: str, other: str, as_json: bool, platform: str, quiet: bool) -> None:
    from layerviz.engine.compare import compare

    before, after = (opened(image, platform, quiet, verify=True).image.layers for image in (one, other))
    with comparing(quiet) as read:
        found = compare(before, after, read)
    if as_json:
        click.echo(json.dumps(_document(found, before, after), indent=2))
        return
    from layerviz.engine.paths import display

    for layer in before[: found.shared]:
        click.echo(click.style(f"= {_layer(layer)}", dim=True))
    colours = {"A": "green", "C": "yellow", "D": "red"}
    for change in found.changes:
        click.echo(f"{click.style(change.kind, fg=colours[change.kind])} {display(change.path)}")


def _layer(layer: "Layer") -> str:
    from layerviz.engine.digests import diff_id
    from layerviz.shell.units import size

    size_bytes = layer.size_bytes
    shown = "?" if size_bytes is None else size(size_bytes)
    return f"{diff_id(layer).removeprefix('sha256:')[:12]} {shown:>8}  {printable(layer.created_by)}".rstrip()


def _document(found: "Comparison", before: "tuple[Layer, ...]", after: "tuple[Layer, ...]") -> dict[str, object]:
    from layerviz.engine.digests import diff_id

    return {
        "shared_layers": [diff_id(layer) for layer in before[: found.shared]],
        "shared_bytes": sum(layer.size_bytes or 0 for layer in before[: found.shared]),
        "layers": [len(before), len(after)],
        "changes": [
            {
                "kind": change.kind,
                "path": change.path,
                "before": _entry(change.before),
                "after": _entry(change.after),
            }
            for change in found.changes
        ],
    }


def _entry(entry: "Entry | None") -> dict[str, object] | None:
    """An entry as `layerviz tree --json` names its parts."""
    from layerviz.engine.entry import Kind

    if entry is None:
        return None
    known: dict[str, object] = {"type": str(entry.kind), "mode": entry.mode, "uid": entry.uid, "gid": entry.gid}
    if entry.kind is Kind.FILE:
        known["size"] = entry.size_bytes
    elif entry.linkname:
        known["linkname"] = entry.linkname
    return known
