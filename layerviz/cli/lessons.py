"""`layerviz lessons`: the lessons there are; `layerviz lessons check`: everything that is wrong with lesson files."""

import json
from pathlib import Path

import click

from layerviz.cli.image import image_argument, image_options, opened
from layerviz.cli.speech import LANG, say
from layerviz.resources import Problem


class LessonProblem(Problem):
    """No lesson can be made of an image."""


@click.group(invoke_without_command=True, help=say("lessons.help"))
@click.option("--json", "as_json", is_flag=True, help=say("lessons.json"))
@click.pass_context
def lessons(ctx: click.Context, as_json: bool) -> None:
    if ctx.invoked_subcommand is not None:
        return
    from layerviz.lessons import loading

    found = loading.lessons()
    if as_json:
        listed = [
            {
                "id": lesson.id,
                "title": {"en": lesson.title.en, "zh_CN": lesson.title.zh_CN},
                "steps": len(lesson.steps),
            }
            for lesson in found
        ]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    longest = max(len(lesson.id) for lesson in found)
    for lesson in found:
        steps = say("lessons.steps", count=len(lesson.steps))
        click.echo(f"{loading.number_of(lesson)}  {lesson.id:{longest}}  {lesson.title.of(LANG)}{steps}")


@lessons.command(help=say("lessons.check"))
@click.argument("files", nargs=-1, metavar="[FILE]…", type=click.Path(path_type=Path, readable=False))
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...]) -> None:
    from layerviz.lessons import loading
    from layerviz.lessons.checking import check as check_lesson

    chosen = files or loading.lesson_files()
    findings = [finding for file in chosen for finding in check_lesson(file)]
    for finding in findings:
        place = f"{finding.file}:{finding.line}:{finding.column}"
        click.echo(f"{place}: {finding.said(LANG)}", err=True)
    if findings:
        click.echo(say("lessons.wrong", count=len(findings)), err=True)
        ctx.exit(1)
    click.echo(say("lessons.sound", count=len(chosen)))


@lessons.command(help=say("lessons.make"))
@image_argument()
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help=say("lessons.output"))
@image_options
def make(image: str, output: Path | None, platform: str, quiet: bool) -> None:
    from layerviz.lessons.from_image import lesson_of
    from layerviz.writing import reason, whole

    brought = opened(image, platform, quiet)
    if not brought.image.layers:
        raise LessonProblem(image, say("lessons.no_layers"))
    text = lesson_of(brought.image, brought.refs[0] if brought.refs else Path(image).stem)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with whole(str(output)) as file:
            file.write(text.encode())
    except OSError as error:
        raise LessonProblem(output, say(f"lessons.{reason(error)}", reason=error.strerror or str(error))) from None
    click.echo(output)
