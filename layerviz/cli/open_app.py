"""`layerviz`, `layerviz LESSON` and `layerviz IMAGE`: open the app, if there is a display to open it on."""

import os
from typing import Any

import click

from layerviz.cli.opening import open_window
from layerviz.cli.speech import say


class OpensTheApp(click.Command):
    """Speaks as `layerviz` itself: that a lesson or an image is opened by a command is nothing that anyone types."""

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
@click.argument("word", required=False)
@click.pass_context
def open_app(ctx: click.Context, word: str | None) -> None:
    if word is None:
        ctx.exit(open_window())
    if _names_an_image(word):
        ctx.exit(open_window(image=word))
    _require_lesson(ctx, word)
    ctx.exit(open_window(word))


def _names_an_image(word: str) -> bool:
    """Whether it is written as an image is, or there is a file or folder of that name that no lesson has."""
    from layerviz.images.reference import TRANSPORTS

    if word.startswith(TRANSPORTS):
        return True
    if not os.path.exists(word):
        return False
    from layerviz.lessons import loading

    return word not in {lesson.id for lesson in loading.lessons()}


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
