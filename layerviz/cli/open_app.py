"""`layerviz` and `layerviz LESSON`: open the app, if there is a display to open it on."""

import click

from layerviz.cli.opening import open_window
from layerviz.cli.speech import say


@click.command(name="open", hidden=True)
@click.argument("lesson", required=False)
@click.pass_context
def open_app(ctx: click.Context, lesson: str | None) -> None:
    if lesson is not None:
        _require_lesson(lesson)
    ctx.exit(open_window(lesson))


def _require_lesson(word: str) -> None:
    from layerviz.lessons import loading

    # A file that is broken is told as such; what follows is about the word alone.
    loading.lessons()
    try:
        loading.lesson(word)
    except loading.LessonError:
        raise click.UsageError(say("open.unknown", word=word)) from None
