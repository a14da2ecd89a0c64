"""`layerviz inspect`: an image's JSON, as `docker image inspect` prints it."""

import click

from layerviz.cli.image import image_argument, image_options, opened, verify_option, world_of
from layerviz.cli.speech import say


@click.command(help=say("inspect.help"))
@image_argument()
@verify_option
@image_options
def inspect(image: str, verify: bool, platform: str, quiet: bool) -> None:
    from layerviz.shell.docker.inspection import image_document, indented

    world = world_of(opened(image, platform, quiet, verify))
    document = image_document(world, world.images[-1])
    # Paths of a storage driver's folders would be made up: the image lies in none.
    del document["GraphDriver"]
    click.echo(indented([document]), nl=False)
