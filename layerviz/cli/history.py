"""`layerviz history`: the steps that made an image, as `docker history` prints them."""

import click

from layerviz.cli.image import image_argument, image_options, opened, verify_option, world_of
from layerviz.cli.speech import printable, say


@click.command(help=say("history.help"))
@image_argument()
@click.option("--no-trunc", is_flag=True, help=say("history.no_trunc"))
@click.option("--json", "as_json", is_flag=True, help=say("history.json"))
@verify_option
@image_options
def history(image: str, no_trunc: bool, as_json: bool, verify: bool, platform: str, quiet: bool) -> None:
    from layerviz.engine.digests import image_id
    from layerviz.shell import run_script

    world = world_of(opened(image, platform, quiet, verify))
    options = ["--no-trunc"] * no_trunc + ["--format json"] * as_json
    (result,) = run_script(world, " ".join(["docker history", *options, image_id(world.images[-1])]))
    for line in result.stdout.removesuffix("\n").split("\n"):
        click.echo(printable(line))
