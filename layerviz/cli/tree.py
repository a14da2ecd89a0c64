"""`layerviz tree`: what an image shows, merged, one line an entry."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from layerviz.cli.image import image_argument, image_options, opened, verify_option
from layerviz.cli.speech import say
from layerviz.resources import Problem

if TYPE_CHECKING:
    from layerviz.engine.world import Layer


class PathProblem(Problem):
    """The image shows nothing at a path."""


@click.command(help=say("tree.help"))
@image_argument()
@click.argument("path", required=False, default="/")
@click.option("--layer", metavar="N", type=click.IntRange(min=1), help=say("tree.layer"))
@click.option("--json", "as_json", is_flag=True, help=say("tree.json"))
@click.option("--digest", is_flag=True, help=say("tree.digest"))
@verify_option
@image_options
def tree(
    image: str, path: str, layer: int | None, as_json: bool, digest: bool, verify: bool, platform: str, quiet: bool
) -> None:
    from layerviz.images.tree import lines

    stack = opened(image, platform, quiet, verify or digest).image.layers
    if layer is not None:
        if layer > len(stack):
            raise click.UsageError(say("tree.no_such_layer", layer=layer, count=len(stack)))
        stack = stack[:layer]
    for block in lines(stack, _resolved(stack, path), as_json=as_json, digest=digest):
        sys.stdout.write(block)


def _resolved(stack: "Sequence[Layer]", path: str) -> str:
    from layerviz.engine import merge, paths
    from layerviz.engine.errors import PathError

    # A symlink that leads nowhere is still there to be seen.
    for follows in (True, False):
        with suppress(PathError):
            wanted = merge.resolve(stack, paths.normal(path), follow_last=follows)
            if wanted == paths.ROOT or merge.seen(stack, wanted) is not None:
                return wanted
    raise PathProblem(paths.display(path), say("tree.no_such_path"))
