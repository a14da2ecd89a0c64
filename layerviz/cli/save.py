"""`layerviz save`: write an image to an archive or a layout that other tools load."""

import click

from layerviz.cli.speech import LANG, printable, say


@click.command(help=say("save.help"))
@click.argument("image", metavar="IMAGE")
@click.argument("target", metavar="TARGET")
@click.option("--platform", metavar="OS/ARCHITECTURE", default="", help=say("save.platform"))
@click.option("--quiet", "-q", is_flag=True, help=say("save.quiet"))
def save(image: str, target: str, platform: str, quiet: bool) -> None:
    from layerviz.engine.digests import image_id
    from layerviz.images import saving
    from layerviz.images.opening import image_of

    # A target that is mistyped is told before gigabytes are read.
    place = saving.target(target)
    brought = image_of(image, platform=platform)
    for report in brought.reports:
        click.echo(f"layerviz: {printable(report.said(LANG))}", err=True)
    saving.save_image(brought, place)
    if not quiet:
        click.echo(image_id(brought.image))
