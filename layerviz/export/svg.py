"""A frame as SVG 1.1: every shape a group with its id and its text alternative, in the order of drawing.

Qt's own generator drops ids, clips and fonts. The same frame gives the same bytes."""

from collections.abc import Iterator
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from layerviz.export.svg_text import Lettering, embedded, number, outlined, printable
from layerviz.picture.expand import pieces_of, placed
from layerviz.picture.primitives import Fill, Gradient, Path, Piece, Primitive, Segment, Stroke, Text
from layerviz.picture.shapes import AnyShape, Frame, Ground, Head, Label
from layerviz.picture.theme import Theme, code_of

Box = tuple[float, float, float, float]
"""Left, top, width, height in px of the frame."""


def svg(
    frame: Frame,
    theme: Theme,
    text: Literal["outlines", "embed"] = "outlines",
    transparent: bool = False,
    crop: Box | None = None,
    title: str = "",
    description: str = "",
) -> str:
    """The document.

    `text="outlines"` looks the same everywhere (the words stay in `<title>`), `"embed"` keeps real text and carries the
    letters it uses as fonts. `crop` shows a part of the page; `transparent` leaves the ground out.
    """
    writer = _Writer(outlined() if text == "outlines" else embedded())
    groups = "\n".join(writer.groups(frame, theme, transparent))
    left, top, width, height = crop or (0.0, 0.0, frame.width, frame.height)
    size = f'width="{number(width * frame.scale)}" height="{number(height * frame.scale)}"'
    box = " ".join(number(value) for value in (left, top, width, height))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" {size} viewBox="{box}" role="img">'
    about = _element("title", title) + _element("desc", description)
    style = writer.lettering.style()
    definitions = "".join((*writer.definitions(), style))
    defs = f"<defs>{definitions}</defs>\n" if definitions else ""
    about = about + "\n" if about else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}\n{about}{defs}{groups}\n</svg>\n'


class _Writer:
    def __init__(self, lettering: Lettering) -> None:
        self.lettering = lettering
        self._gradients: dict[Gradient, str] = {}

    def groups(self, frame: Frame, theme: Theme, transparent: bool) -> Iterator[str]:
        """One group for each shape; what is written on a tile stands in a second one, after the light of its row."""
        named: set[str] = set()
        shape: AnyShape | None = None
        content: list[str] = []
        for owner, part in pieces_of(frame, theme, strips=False):
            if owner is not shape:
                if shape is not None:
                    yield self._group(shape, content, named)
                shape, content = owner, []
            if not (transparent and isinstance(owner, Ground)):
                content.append(self._piece(part))
        if shape is not None:
            yield self._group(shape, content, named)
        for unseen in frame.shapes:
            if unseen.id not in named:
                yield self._group(unseen, [], named)

    def definitions(self) -> Iterator[str]:
        for gradient, name in self._gradients.items():
            (x1, y1), (x2, y2) = gradient.start, gradient.end
            place = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
            stops = "".join(
                f'<stop offset="{number(at)}" stop-color="{code_of(colour)}"{_opacity("stop-opacity", colour[3])}/>'
                for at, colour in gradient.stops
            )
            yield f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" {place}>{stops}</linearGradient>'

    def _group(self, shape: AnyShape, content: list[str], named: set[str]) -> str:
        if shape.id in named:
            return f"<g>{''.join(content)}</g>"
        named.add(shape.id)
        return f"<g id={quoteattr(shape.id)}>{_about(shape)}{''.join(content)}</g>"

    def _piece(self, part: Piece) -> str:
        x, y = placed(part)
        place = f' transform="translate({number(x)} {number(y)})"' if x or y else ""
        drawn = "".join(self._primitive(primitive) for primitive in part.primitives)
        return f"<g{place}{_opacity('opacity', part.opacity)}>{drawn}</g>"

    def _primitive(self, primitive: Primitive) -> str:
        if isinstance(primitive, Text):
            return self.lettering.line(primitive)
        crisp = "" if primitive.smooth else ' shape-rendering="crispEdges"'
        return f'<path d="{path_data(primitive.segments)}"{self._fill(primitive.fill)}{_stroke(primitive)}{crisp}/>'

    def _fill(self, fill: Fill | None) -> str:
        if fill is None:
            return ' fill="none"'
        if isinstance(fill, Gradient):
            name = self._gradients.setdefault(fill, f"fill-{len(self._gradients) + 1}")
            return f' fill="url(#{name})"'
        return f' fill="{code_of(fill)}"{_opacity("fill-opacity", fill[3])}'


def path_data(segments: tuple[Segment, ...]) -> str:
    return "".join(segment[0] + " ".join(f"{number(x)} {number(y)}" for x, y in segment[1:]) for segment in segments)


def _stroke(path: Path) -> str:
    stroke: Stroke | None = path.stroke
    if stroke is None:
        return ""
    parts = [f' stroke="{code_of(stroke.colour)}" stroke-width="{number(stroke.width)}" stroke-linejoin="round"']
    parts.append(_opacity("stroke-opacity", stroke.colour[3]))
    if stroke.cap == "round":
        parts.append(' stroke-linecap="round"')
    if stroke.dash:
        parts.append(f' stroke-dasharray="{" ".join(number(length) for length in stroke.dash)}"')
    return "".join(parts)


def _opacity(name: str, value: float) -> str:
    return "" if value >= 1 else f' {name}="{number(max(0.0, value))}"'


def _about(shape: AnyShape) -> str:
    """The first sentence as title; the whole of it as description, if there is more."""
    words = shape.alt or (shape.text if isinstance(shape, Label | Head) else "")
    first, separator, rest = words.partition(". ")
    if not (separator and rest):
        return _element("title", words)
    return _element("title", first + ".") + _element("desc", words)


def _element(name: str, words: str) -> str:
    return f"<{name}>{escape(printable(words))}</{name}>" if words else ""
