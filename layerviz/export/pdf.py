"""Frames as PDF: vectors and real text, one page a frame, drawn by the one painter.

Three things are unlike painting on a screen, for Qt's PDF engine (6.11) mistakes the opacity of gradients: it ignores
the painter's own opacity, so that goes into the colours; it forgets the painter's transformation, so frames are drawn
in their own px, and pages scaled and cut afterwards; and it asks for the wrong side of the mask (`_mend_masks`).
"""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from layerviz import __version__
from layerviz.export.crop import Box
from layerviz.export.surface import ready
from layerviz.picture.expand import primitives
from layerviz.picture.primitives import Fill, Gradient, Primitive, Rgba, Text
from layerviz.picture.shapes import Frame, Ground
from layerviz.picture.theme import Theme

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf.generic import DictionaryObject, PdfObject

_POINTS_PER_PX = 0.75
"""A px is 1/96 inch, a point 1/72."""
_DOTS_PER_INCH = 96
_IDENTITY = b"layerviz".ljust(16, b"\0")


def pdf(
    frames: Sequence[Frame],
    theme: Theme,
    scale: float = 1.0,
    transparent: bool = False,
    crop: Box | None = None,
    title: str = "",
    page_titles: Sequence[str] = (),
) -> bytes:
    """A document with one page for each frame, in `scale` × `frame.scale` px of 1/96 inch; same frames, same bytes.

    `crop` is the part of the page that is kept; `page_titles` become bookmarks.
    """
    ready()
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject

    # Written anew, without what changes from run to run: dates, identifiers, metadata.
    out = PdfWriter()
    for page, frame in zip(PdfReader(BytesIO(_painted(frames, theme, transparent))).pages, frames, strict=True):
        added = out.add_page(page)
        _mend_masks(added)
        _cut(added, crop or (0.0, 0.0, frame.width, frame.height), frame, frame.scale * scale)
    for number, words in enumerate(page_titles):
        out.add_outline_item(title=words, page_number=number)
    out.compress_identical_objects()
    out.metadata = {"/Producer": f"layerviz {__version__}"} | ({"/Title": title} if title else {})
    out._ID = ArrayObject((ByteStringObject(_IDENTITY), ByteStringObject(_IDENTITY)))
    written = BytesIO()
    out.write(written)
    return written.getvalue()


def _painted(frames: Sequence[Frame], theme: Theme, transparent: bool) -> bytes:
    """One page for each frame, a dot of the device for each px of the frame."""
    from layerviz.picture.paint import draw, load_fonts

    load_fonts()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setPageMargins(QMarginsF())
    _size_page(writer, frames[0])
    painter = QPainter(writer)
    try:
        for number, frame in enumerate(frames):
            if number:
                _size_page(writer, frame)
                writer.newPage()
            for shape, opacity, drawn in primitives(frame, theme):
                if transparent and isinstance(shape, Ground):
                    continue
                for primitive in drawn:
                    draw(painter, _faded(primitive, opacity))
    finally:
        painter.end()
    return bytes(data.data())


def _size_page(writer: QPdfWriter, frame: Frame) -> None:
    size = QSizeF(frame.width * _POINTS_PER_PX, frame.height * _POINTS_PER_PX)
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))


def _faded(primitive: Primitive, opacity: float) -> Primitive:
    if opacity >= 1:
        return primitive
    if isinstance(primitive, Text):
        return replace(primitive, colour=_thinner(primitive.colour, opacity))
    stroke = primitive.stroke
    return replace(
        primitive,
        fill=_thinner_fill(primitive.fill, opacity) if primitive.fill else None,
        stroke=replace(stroke, colour=_thinner(stroke.colour, opacity)) if stroke else None,
    )


def _thinner_fill(fill: Fill, opacity: float) -> Fill:
    if isinstance(fill, Gradient):
        return replace(fill, stops=tuple((at, _thinner(colour, opacity)) for at, colour in fill.stops))
    return _thinner(fill, opacity)


def _thinner(colour: Rgba, opacity: float) -> Rgba:
    return (*colour[:3], colour[3] * max(0.0, opacity))


def _mend_masks(page: "PageObject") -> None:
    """Makes each graphics state say all of opacity: a mask by its luminosity, in which Qt draws it (its alpha is 1
    everywhere, and all light would be opaque; ISO 32000-1, 11.5.3), or none; and a constant, which with a mask is 1."""
    from pypdf.generic import FloatObject, NameObject

    for state in _resources(page, "/ExtGState"):
        mask = state.get("/SMask")
        if mask is None:
            state[NameObject("/SMask")] = NameObject("/None")
        elif mask != "/None":
            mask = _dictionary(mask)
            mask[NameObject("/S")] = NameObject("/Luminosity")
            _dictionary(_dictionary(mask["/G"])["/Group"])[NameObject("/CS")] = NameObject("/DeviceGray")
            state[NameObject("/ca")] = state[NameObject("/CA")] = FloatObject(1)


def _cut(page: "PageObject", box: Box, frame: Frame, scale: float) -> None:
    """The page becomes `box` of the frame, `scale` times as large."""
    from pypdf import Transformation
    from pypdf.generic import ArrayObject, FloatObject, NameObject, RectangleObject, StreamObject

    left, top, width, height = (value * _POINTS_PER_PX for value in box)
    bottom = frame.height * _POINTS_PER_PX - top - height
    change = Transformation().translate(-left, -bottom).scale(scale, scale)
    content = page["/Contents"].get_object()
    assert isinstance(content, StreamObject)
    matrix = " ".join(f"{value:.6f}" for value in change.ctm)
    content.set_data(f"q {matrix} cm\n".encode() + content.get_data() + b"\nQ\n")
    # Patterns lie on the page, not under the transformation of its content (ISO 32000-1, 8.7.3.1).
    for pattern in _resources(page, "/Pattern"):
        own = pattern["/Matrix"]
        assert isinstance(own, ArrayObject)
        a, b, c, d, e, f = (float(value) for value in own)
        moved = Transformation((a, b, c, d, e, f)).transform(change)
        pattern[NameObject("/Matrix")] = ArrayObject(FloatObject(value) for value in moved.ctm)
    whole = RectangleObject((0, 0, width * scale, height * scale))
    page.mediabox = page.cropbox = page.trimbox = page.bleedbox = page.artbox = whole


def _resources(page: "PageObject", kind: str) -> "list[DictionaryObject]":
    found = _dictionary(page["/Resources"]).get(kind)
    return [_dictionary(entry) for entry in _dictionary(found).values()] if found is not None else []


def _dictionary(entry: "PdfObject") -> "DictionaryObject":
    from pypdf.generic import DictionaryObject

    resolved = entry.get_object()
    assert isinstance(resolved, DictionaryObject)
    return resolved
