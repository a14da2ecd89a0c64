"""`layerviz export`: pictures of lessons, of files of commands and of images, without a display."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from layerviz.cli.completing import lessons_and_files
from layerviz.cli.image import opened, platform_option
from layerviz.cli.speech import LANG, say
from layerviz.strings import LANGUAGES, Lang

if TYPE_CHECKING:
    from layerviz.export.image import Bring
    from layerviz.export.request import ExportRequest
    from layerviz.images.assembling import BroughtImage

_FORMATS = ("png", "svg", "pdf")
_OF_OTHERS = (".avif", ".bmp", ".eps", ".gif", ".jpeg", ".jpg", ".pptx", ".ps", ".tif", ".tiff", ".webp")
_STANDARD_OUTPUT = "-"
_THEMES = ("dark", "light", "projector")


def _option(*names: str, **settings: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option whose explanation stands in the catalogue under its long name."""
    key = names[-1].removeprefix("--").replace("-", "_")
    return click.option(*names, help=say(f"export.{key}"), **settings)


@click.command(help=say("export.help"))
@click.argument("target", metavar="LESSON|SCRIPT|IMAGE|all", shell_complete=lessons_and_files)
@click.argument("path", metavar="[DIRECTORY]", default="")
@_option("--step", metavar="N|A-B|all", default="all", show_default=True)
@_option("--format", type=click.Choice(_FORMATS))
@_option("-o", "--output", metavar="PATH", default=".", type=click.Path(path_type=Path))
@_option("--theme", type=click.Choice(_THEMES), default="dark", show_default=True)
@_option("--lang", type=click.Choice((*LANGUAGES, "both")), default=LANG, show_default=True)
@_option("--size", metavar="WxH", default="1920x1080", show_default=True)
@_option("--scale", metavar="1..4", type=float, default=1, show_default=True)
@_option("--view", type=click.Choice(("slabs", "flat")))
@_option("--at", metavar="T", type=float, default=1)
@_option("--no-caption", is_flag=True)
@_option("--crop", is_flag=True)
@_option("--transparent", is_flag=True)
@_option("--ask", is_flag=True)
@platform_option
@click.option("-q", "--quiet", is_flag=True, help=say("image.quiet"))
@_option("--text", type=click.Choice(("outlines", "embed")), default="outlines", show_default=True)
def export(target: str, path: str, platform: str, quiet: bool, **options: Any) -> None:
    from layerviz.export.request import BadRequest

    def bring(image: str) -> "BroughtImage":
        return opened(image, platform, quiet, verify=True)

    try:
        _write(_request(target, path=path, **options), bring, quiet)
    except BadRequest as problem:
        raise click.UsageError(problem.said(LANG)) from problem


def _request(
    target: str, *, step: str, output: Path, size: str, lang: str, view: str | None, no_caption: bool, **rest: Any
) -> "ExportRequest":
    from layerviz.export.request import ExportRequest
    from layerviz.export.request import size as numbers

    width, height = numbers(size)
    languages: tuple[Lang, ...] = LANGUAGES if lang == "both" else tuple(one for one in LANGUAGES if one == lang)
    rest["format"] = rest["format"] or _format_of(output)
    return ExportRequest(
        target,
        str(output),
        steps=step,
        languages=languages,
        width=width,
        height=height,
        view="slabs" if view == "slabs" else "flat" if view == "flat" else "auto",
        caption=not no_caption,
        **rest,
    )


def _format_of(output: Path) -> str:
    """The format that a file's name asks for; PNG where it asks for none. Raises `BadRequest` for one that we lack."""
    from layerviz.export.request import BadRequest

    if output.suffix.lower() in _OF_OTHERS:
        raise BadRequest("--output", "other_format", {"got": output.suffix})
    ending = output.suffix.lower().removeprefix(".")
    return ending if ending in _FORMATS else "png"


def _write(request: "ExportRequest", bring: "Bring", quiet: bool) -> None:
    from layerviz.export.run import picture, run

    if request.output == _STANDARD_OUTPUT:
        click.echo(picture(request, bring), nl=False)
        return
    if quiet or not sys.stderr.isatty():
        written = run(request, bring=bring)
    else:
        with click.progressbar(length=1, file=sys.stderr, item_show_func=lambda file: file and file.name) as bar:

            def show(done: int, total: int, file: Path) -> bool:
                bar.length = total
                bar.update(done - bar.pos, file)
                return True

            written = run(request, show, bring)
    for file in written:
        click.echo(file)
