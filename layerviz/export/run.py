"""Exporting: from a request to files, one after another."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from layerviz.export.crop import Box, common_box
from layerviz.export.image import Bring
from layerviz.export.request import ALL, BadRequest, ExportProblem, ExportRequest, Format, chosen
from layerviz.export.stories import Story, stories
from layerviz.images.opening import image_of
from layerviz.picture.layout import View
from layerviz.picture.shapes import Frame
from layerviz.picture.theme import THEMES, Theme
from layerviz.strings import Lang
from layerviz.writing import reason, whole

Progress = Callable[[int, int, Path], bool]
"""(files done, files in all, the one that comes next) -> whether to go on."""


_ENDINGS = tuple(f".{one}" for one in get_args(Format))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file to come: the steps of a story that it shows (several only in a PDF), in a language."""

    story: Story
    numbers: tuple[int, ...]
    lang: Lang
    file: Path
    in_folder: bool = False
    """It stands in a folder of its like, made if missing."""


def run(request: ExportRequest, progress: Progress | None = None, bring: Bring = image_of) -> tuple[Path, ...]:
    """Writes what `request` asks for and returns the files written, each whole or not at all; `bring` opens an image.

    Raises `ExportProblem` (and `LessonError` where there is no such lesson) before the first file is written, or at the
    one that cannot be. `progress` that returns False ends it after the files written so far.
    """
    sheets = plan(request, bring)
    boxes: dict[tuple[str, Lang], Box] = {}
    written: list[Path] = []
    for sheet in sheets:
        if progress and not progress(len(written), len(sheets), sheet.file):
            break
        crop = None
        if request.crop:
            key = sheet.story.name, sheet.lang
            if key not in boxes:
                boxes[key] = crop_of(sheet.story, sheet.lang, request)
            crop = boxes[key]
        _write(sheet, render(sheet, request, crop))
        written.append(sheet.file)
    return tuple(written)


def picture(request: ExportRequest, bring: Bring = image_of) -> bytes:
    """The bytes of the one file that a request comes to. Raises as `run` does, and `BadRequest` where it comes to
    several."""
    sheets = plan(request, bring)
    if len(sheets) > 1:
        raise BadRequest("--output", "one_file")
    (sheet,) = sheets
    return render(sheet, request, crop_of(sheet.story, sheet.lang, request) if request.crop else None)


def plan(request: ExportRequest, bring: Bring = image_of) -> tuple[Sheet, ...]:
    """The files that a request comes to.

    One step is the file `output`; several are a folder `output` of NAME-NN.EXT, `all` lessons a folder with a folder
    for each lesson. In several languages each file's name ends in .LANG before its extension. Several steps as PDF are
    the pages of one document where `output` ends in .pdf. Raises `BadRequest` where several would have to go into one
    file.
    """
    told = stories(request, bring)
    output = Path(request.output)
    sheets: list[Sheet] = []
    for story in told:
        numbers = tuple(chosen(request.steps, story.count, story.name))
        folder = output / story.name if request.target == ALL else output
        document = request.format == "pdf" and output.suffix.lower() == ".pdf" and request.target != ALL
        for lang in request.languages:
            last = f".{lang}" if len(request.languages) > 1 else ""
            if document or (len(numbers) == 1 and request.target != ALL and not output.is_dir()):
                sheets.append(Sheet(story, numbers, lang, output.with_name(f"{output.stem}{last}{output.suffix}")))
                continue
            if output.suffix.lower() in _ENDINGS and not output.is_dir():
                raise BadRequest("--output", "one_file")
            sheets += [
                Sheet(
                    story, (number,), lang, folder / f"{story.name}-{number:02}{last}.{request.format}", in_folder=True
                )
                for number in numbers
            ]
    return tuple(sheets)


def render(sheet: Sheet, request: ExportRequest, crop: Box | None = None) -> bytes:
    """The bytes of one file."""
    theme = theme_of(request)
    frames = [frame_of(sheet.story, number, sheet.lang, request) for number in sheet.numbers]
    title = sheet.story.title(sheet.lang)
    words = [sheet.story.words(number, sheet.lang) for number in sheet.numbers]
    if request.format == "png":
        from layerviz.export.png import png

        return png(frames[0], theme, request.scale, request.transparent, crop)
    if request.format == "pdf":
        from layerviz.export.pdf import pdf

        return pdf(frames, theme, request.scale, request.transparent, crop, title, words)
    from layerviz.export.svg import svg

    return svg(
        _scaled(frames[0], request.scale), theme, request.text, request.transparent, crop, title, words[0]
    ).encode()


def frame_of(story: Story, number: int, lang: Lang, request: ExportRequest) -> Frame:
    """The picture of one step as the request wants it."""
    view = View(mode=request.view, lang=lang, width=request.width, height=request.height)
    return story.frame(number, view, request.at, ask=request.ask, caption=request.caption)


def crop_of(story: Story, lang: Lang, request: ExportRequest) -> Box:
    """The crop that all steps of a story share, those too that are not asked for, so that pasted slides register."""
    return common_box(_all_frames(story, lang, request), theme_of(request))


def theme_of(request: ExportRequest) -> Theme:
    """The theme by its name. Raises `ExportProblem`."""
    theme = THEMES.get(request.theme)
    if theme is None:
        raise ExportProblem(request.theme, "no_theme", {"has": ", ".join(THEMES)})
    return theme


def _all_frames(story: Story, lang: Lang, request: ExportRequest) -> Iterator[Frame]:
    view = View(mode=request.view, lang=lang, width=request.width, height=request.height)
    for number in range(1, story.count + 1):
        yield story.frame(number, view, caption=request.caption)
        if request.ask:
            yield story.frame(number, view, ask=True, caption=request.caption)
        if request.at < 1:
            yield story.frame(number, view, request.at, caption=request.caption)


def _scaled(frame: Frame, scale: float) -> Frame:
    return Frame(frame.width, frame.height, frame.camera, frame.shapes, frame.scale * scale)


def _write(sheet: Sheet, data: bytes) -> None:
    try:
        if sheet.in_folder:
            sheet.file.parent.mkdir(parents=True, exist_ok=True)
        with whole(os.fspath(sheet.file)) as out:
            out.write(data)
    except FileExistsError:
        raise ExportProblem(sheet.file.parent, "not_a_folder") from None
    except OSError as error:
        raise ExportProblem(sheet.file, reason(error), {"reason": error.strerror or str(error)}) from None
