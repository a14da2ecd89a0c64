"""`layerviz completion bash|zsh|fish`: the script that completes layerviz's commands and options in a shell."""

import click
from click.shell_completion import get_completion_class

from layerviz.cli.speech import say


@click.command(help=say("completion.help"))
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    kind = get_completion_class(shell)
    assert kind is not None, "click completes each of the shells that the argument allows"
    click.echo(kind(ctx.find_root().command, {}, "layerviz", "_LAYERVIZ_COMPLETE").source())
