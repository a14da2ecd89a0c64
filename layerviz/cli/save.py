"""`layerviz save`: write an image to an archive or a layout that other tools load."""

import click

from layerviz.cli.completing import targets
from layerviz.cli.image import image_argument, image_options, opened
from layerviz.cli.progress import reading
from layerviz.cli.speech import say


@click.command(help=say("save.help"))
@image_argument()
@click.argument("target", metavar="TARGET", shell_complete=targets)
@image_options
def save(image: str, target: str, platform: str, quiet: bool) -> None:
    from layerviz.engine.digests import image_id
    from layerviz.images import saving

    # A target that is mistyped is told before gigabytes are read.
    place = saving.target(target)
    brought = opened(image, platform, quiet)
    with reading(quiet) as progress:
        saving.save_image(brought, place, progress)
    click.echo(image_id(brought.image))
