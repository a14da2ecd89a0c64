"""`layerviz` and `layerviz LESSON`: open the app, if there is a display to open it on."""

from typing import Any

import click

from layerviz.cli.opening import open_window
from layerviz.cli.speech import say


class OpensTheApp(click.Command):
    """Speaks as `layerviz` itself: that a lesson is opened by a command is nothing that anyone types."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as wrong:
            wrong.ctx = parent
            raise

    def get_help(self, ctx: click.Context) -> str:
        return ctx.find_root().get_help()


@click.command(cls=OpensTheApp, name="open", hidden=True)
@click.argument("lesson", required=False)
@click.pass_context
def open_app(ctx: click.Context, lesson: str | None) -> None:
    if lesson is not None:
        _require_lesson(ctx, lesson)
    ctx.exit(open_window(lesson))


def _require_lesson(ctx: click.Context, word: str) -> None:
    from layerviz.cli.root import COMMANDS
    from layerviz.lessons import loading

    # A file that is broken is told as such; what follows is about the word alone.
    loading.lessons()
    try:
        loading.lesson(word)
    except loading.LessonError:
        meant = loading.meant(word, COMMANDS)
        said = say("open.meant", word=word, meant=meant) if meant else say("open.unknown", word=word)
        raise click.UsageError(said, ctx.parent) from None
