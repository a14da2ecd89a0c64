"""SVG: every shape with its id, words that can be read, the same bytes, and the same picture as the painter's."""

import base64
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from layerviz.export.svg import svg
from layerviz.export.svg_text import _subset, number
from layerviz.picture.paint import image, painting
from layerviz.picture.shapes import Frame, Ground, Label
from layerviz.picture.theme import DARK, THEMES, Theme
from tests.picture.stages import BETWEEN, FLAT, SLABS, key_picture, menagerie

SVG = "{http://www.w3.org/2000/svg}"
EVERY_THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text.encode("utf-8"))


def ids(text: str) -> list[str]:
    return [group.get("id", "") for group in parsed(text).iter(f"{SVG}g") if group.get("id")]


@pytest.mark.parametrize("camera", [SLABS, BETWEEN, FLAT], ids=["slabs", "between", "flat"])
@EVERY_THEME
def test_svg_has_every_shape_of_the_frame_once(theme: Theme, camera: object) -> None:
    for frame in (key_picture(camera), menagerie(camera)):  # type: ignore[arg-type]  # a camera
        found = ids(svg(frame, theme))
        assert sorted(found) == sorted(shape.id for shape in frame.shapes)


def test_ids_of_definitions_cannot_be_those_of_shapes() -> None:
    definitions = parsed(svg(key_picture(), DARK)).find(f"{SVG}defs")
    assert definitions is not None
    assert all("-" in child.get("id", "-") for child in definitions)


def test_what_a_shape_is_stands_in_title_and_description() -> None:
    groups = {group.get("id"): group for group in parsed(svg(key_picture(), DARK)).iter(f"{SVG}g")}
    layer, page = groups["slab.three.1"], groups["title"]
    assert layer.findtext(f"{SVG}title") == "Layer 1, read-only."
    assert layer.findtext(f"{SVG}desc") == "Layer 1, read-only. COPY a/ /"
    assert page.findtext(f"{SVG}title") == "Seven files stored, six files seen"


def test_outlines_need_no_font() -> None:
    text = svg(key_picture(), DARK)
    assert "<text" not in text and "font-family" not in text
    assert len(text) > 100_000  # letters are outlines


def test_embedded_text_carries_the_letters_that_it_uses() -> None:
    frame = Frame(400, 100, SLABS, (Label(id="l", x=10, y=50, text="存 Wo", size_px=20, weight=700),))
    text = svg(frame, DARK, "embed")
    spans = [span.text for span in parsed(text).iter(f"{SVG}tspan")]
    assert "".join(part or "" for part in spans) == "存 Wo"
    fonts = [
        TTFont(io.BytesIO(base64.b64decode(data)))
        for data in re.findall(r"data:font/woff;base64,([A-Za-z0-9+/=]+)", text)
    ]
    letters = set().union(*(font.getBestCmap() for font in fonts))
    assert letters == {ord(c) for c in "存 Wo"}


@pytest.mark.parametrize("text", ["outlines", "embed"])
def test_the_same_frame_gives_the_same_bytes(text: str) -> None:
    first = svg(key_picture(), DARK, text)  # type: ignore[arg-type]  # one of the two
    _subset.cache_clear()
    assert svg(key_picture(), DARK, text) == first  # type: ignore[arg-type]  # one of the two


@EVERY_THEME
def test_svg_looks_like_the_painters_picture(theme: Theme, qtbot: QtBot) -> None:
    frame = key_picture()
    picture = QImage(1600, 900, QImage.Format.Format_RGB32)
    with painting(picture) as painter:
        QSvgRenderer(QByteArray(svg(frame, theme).encode())).render(painter)
    by_svg, by_painter = (
        np.frombuffer(p.constBits(), np.uint8).reshape(900, 1600, 4)[:, :, :3].astype(int)
        for p in (picture, image(frame, theme))
    )
    difference = np.abs(by_svg - by_painter)
    assert difference.mean() < 2
    assert (difference.max(axis=2) > 60).mean() < 0.02


def test_a_transparent_picture_has_no_ground_but_keeps_its_id() -> None:
    frame = Frame(400, 100, SLABS, (Ground(id="ground"),))
    assert "<path" in svg(frame, DARK)
    empty = svg(frame, DARK, transparent=True)
    assert "<path" not in empty and ids(empty) == ["ground"]


def test_a_crop_shows_a_part_of_the_page_in_its_size() -> None:
    root = parsed(svg(replace(key_picture(), scale=2.0), DARK, crop=(100, 50, 640, 360)))
    assert root.get("viewBox") == "100 50 640 360"
    assert (root.get("width"), root.get("height")) == ("1280", "720")


def test_letters_that_xml_cannot_carry_are_replaced() -> None:
    label = Label(id="l", x=0, y=0, text="a\x07<b>&\udc80", alt='bell \x07 & "quote"')
    for mode in ("outlines", "embed"):
        root = parsed(svg(Frame(100, 100, SLABS, (label,)), DARK, mode, title="<t>"))
        assert root.findtext(f"{SVG}title") == "<t>"
        assert root.find(f".//{SVG}g/{SVG}title") is not None


def test_numbers_are_short_and_have_no_negative_zero() -> None:
    assert [number(value) for value in (1.0, 0.125, -0.001, 1234.5, -2.5)] == ["1", "0.12", "0", "1234.5", "-2.5"]
