"""`layerviz` and `layerviz LESSON`: open the app, if there is a display to open it on."""

import sys

import click

from layerviz.cli.display import require_display


@click.command(name="open", hidden=True)
@click.argument("lesson", required=False)
@click.pass_context
def open_app(ctx: click.Context, lesson: str | None) -> None:
    require_display()
    from layerviz import app

    ctx.exit(app.main([sys.argv[0], *([lesson] if lesson else [])]))
