"""What is to be exported, and how: a value that the command line and the export dialog both make."""

import re
from dataclasses import dataclass
from typing import Literal

from layerviz.strings import Lang
from layerviz.strings.problem import SaidProblem

Format = Literal["png", "svg", "pdf"]
ALL = "all"
LARGEST_SIDE_PX = 16_384
"""Of a picture in all; a PNG of that size takes a gigabyte to paint."""
_STEPS = re.compile(r"(\d+)(?:-(\d+))?")


class ExportProblem(SaidProblem):
    """A picture cannot be made or written: where, what, and what to do."""

    area = "export"


class BadRequest(ExportProblem):
    """What was asked for makes no sense: exit status 2."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """`target` is a lesson (id, number, or file), a file of commands, an image, or "all" lessons; `output` a file or
    folder. `path` is the directory of an image that is drawn.

    `steps` is "3", "2-4" or "all". `languages` may be several: then each file's name ends in its language. A picture
    has `width` × `height` px, times `scale`; `view` "auto" lets each picture choose. `at` is the moment of a step's
    motion, 0 its beginning and 1 its end. `caption` puts title, caption and step dots on the page. `crop` cuts to what
    is drawn, alike for all steps of a lesson. `ask` draws a step with a question as it is asked. `text` matters to SVG.
    """

    target: str
    output: str
    path: str = ""
    steps: str = ALL
    format: Format = "png"
    theme: str = "dark"
    languages: tuple[Lang, ...] = ("en",)
    width: int = 1920
    height: int = 1080
    scale: float = 1.0
    view: Literal["auto", "slabs", "flat"] = "auto"
    at: float = 1.0
    caption: bool = True
    crop: bool = False
    transparent: bool = False
    ask: bool = False
    text: Literal["outlines", "embed"] = "outlines"

    def __post_init__(self) -> None:
        """Raises `BadRequest` for what no lesson can make right."""
        if not 0 <= self.at <= 1:
            raise BadRequest("--at", "moment", {"got": self.at})
        if not 1 <= self.scale <= 4:
            raise BadRequest("--scale", "scale", {"got": f"{self.scale:g}"})
        if min(self.width, self.height) < 1 or max(self.width, self.height) * self.scale > LARGEST_SIDE_PX:
            size = f"{self.width}x{self.height}"
            raise BadRequest("--size", "size", {"got": size, "scale": f"{self.scale:g}", "limit": LARGEST_SIDE_PX})
        if self.steps != ALL and not _STEPS.fullmatch(self.steps):
            raise BadRequest("--step", "steps", {"got": self.steps})


def chosen(steps: str, count: int, name: str) -> range:
    """The numbers, from 1, that `steps` names of a lesson or script of `count`. Raises `BadRequest`."""
    if steps == ALL:
        return range(1, count + 1)
    match = _STEPS.fullmatch(steps)
    assert match is not None, "the request has been checked"
    first = int(match[1])
    last = int(match[2] or first)
    if not 1 <= first <= last <= count:
        raise BadRequest("--step", "no_such_step", {"got": steps, "name": name, "count": count})
    return range(first, last + 1)


def size(text: str) -> tuple[int, int]:
    """`1920x1080` as two numbers. Raises `BadRequest`."""
    match = re.fullmatch(r"(\d{1,6})[xX×](\d{1,6})", text)
    if match is None:
        raise BadRequest("--size", "size_form", {"got": text})
    return int(match[1]), int(match[2])
