"""`layerviz tree`: what an image shows, merged, one line an entry."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from layerviz.cli.image import image_argument, image_options, opened
from layerviz.cli.speech import say
from layerviz.resources import Problem

if TYPE_CHECKING:
    from layerviz.engine.merge import Found
    from layerviz.engine.world import Layer


class PathProblem(Problem):
    """The image shows nothing at a path."""


@click.command(help=say("tree.help"))
@image_argument()
@click.argument("path", required=False, default="/")
@click.option("--layer", metavar="N", type=click.IntRange(min=1), help=say("tree.layer"))
@click.option("--json", "as_json", is_flag=True, help=say("tree.json"))
@click.option("--digest", is_flag=True, help=say("tree.digest"))
@image_options
def tree(image: str, path: str, layer: int | None, as_json: bool, digest: bool, platform: str, quiet: bool) -> None:
    from layerviz.images.tree import line_of

    stack = opened(image, platform, quiet).image.layers
    if layer is not None:
        if layer > len(stack):
            raise click.UsageError(say("tree.no_such_layer", layer=layer, count=len(stack)))
        stack = stack[:layer]
    for found in _shown(stack, path):
        entry = line_of(found, digest=digest)
        # Names that are no UTF-8 stay lossless as \udcXX escapes; JSON lines are ASCII for that.
        click.echo(json.dumps(entry, separators=(",", ":")) if as_json else _line(entry))


def _shown(stack: "Sequence[Layer]", path: str) -> "Iterator[Found]":
    """What the merged view has below `path`, sorted by path; what is no directory is itself all there is."""
    from layerviz.engine import merge, paths
    from layerviz.engine.entry import Kind
    from layerviz.engine.errors import PathError

    wanted = paths.normal(path)
    try:
        wanted = merge.resolve(stack, wanted)
    except PathError:
        raise PathProblem(paths.display(path), say("tree.no_such_path")) from None
    found = merge.seen(stack, wanted)
    if found is None and wanted != paths.ROOT:
        raise PathProblem(paths.display(path), say("tree.no_such_path"))
    if found is not None and found.entry.kind is not Kind.DIR:
        yield found
        return
    yield from sorted(merge.walk(stack, wanted), key=lambda hit: hit.entry.path)


def _line(entry: Mapping[str, object]) -> str:
    from layerviz.engine.paths import display

    path = display(str(entry["path"]))
    arrow = f" -> {display(str(entry['linkname']))}" if "linkname" in entry else ""
    owner = f"{entry['uid']}:{entry['gid']}"
    size = str(entry.get("size", ""))
    return f"[{entry['layer']}] {entry['type']:<8} {int(str(entry['mode'])):04o} {owner:>9} {size:>11} {path}{arrow}"
