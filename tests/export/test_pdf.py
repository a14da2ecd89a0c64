"""PDF: one page a frame, real text, vectors, and light that is light in a reader that is not Qt's."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader
from PySide6.QtGui import QImage

from layerviz.export.pdf import pdf
from layerviz.export.png import png
from layerviz.picture.paint import paint, painting
from layerviz.picture.shapes import Frame
from layerviz.picture.theme import DARK, LIGHT, THEMES, Theme
from tests.export.drawn import frame


def texts(data: bytes) -> list[str]:
    """In the order of the page. (pdfium guesses from where words lie whether they are written downwards.)"""
    return [page.extract_text().replace("\t", " ") for page in PdfReader(BytesIO(data)).pages]


def rendered(data: bytes, page: int = 0) -> Image.Image:
    """The page as another program draws it, at one pixel a px."""
    picture = pypdfium2.PdfDocument(data)[page].render(scale=96 / 72).to_pil().convert("RGB")
    assert isinstance(picture, Image.Image)
    return picture


def painted(shown: Frame, theme: Theme) -> Image.Image:
    """The frame painted without sprites: a faded shape then shows what lies behind each of its parts, as in a PDF."""
    picture = QImage(round(shown.width * shown.scale), round(shown.height * shown.scale), QImage.Format.Format_RGB888)
    with painting(picture) as painter:
        paint(shown, theme, painter)
    rows = bytes(picture.constBits())[: picture.sizeInBytes()]
    return Image.frombytes("RGB", (picture.width(), picture.height()), rows, "raw", "RGB", picture.bytesPerLine())


def test_each_frame_is_a_page_with_its_words_as_text() -> None:
    data = pdf([frame(caption="Seven covers five."), frame(caption="Sieben verdeckt fünf.")], DARK)
    first, second = texts(data)
    assert "Two layers" in first and "Seven covers five." in first and "COPY a/ /" in first
    assert "Sieben verdeckt fünf." in second


def test_chinese_is_text_too() -> None:
    (page,) = texts(pdf([frame(caption="看到两个，存了三个", lang="zh_CN")], DARK))
    assert "看到两个，存了三个" in page


def test_pages_have_the_size_asked_for_in_px_of_an_inch_by_96() -> None:
    data = pdf([frame(width=1920, height=1080), frame(width=800, height=450)], DARK, scale=2)
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(data)]
    assert sizes == [(2880, 1620), (1200, 675)]


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("faded", [1.0, 0.5])
def test_another_program_draws_the_page_as_we_paint_it(theme: Theme, faded: float) -> None:
    shown = frame(width=1280, height=720)
    shown = replace(shown, shapes=(shown.shapes[0], *(replace(one, opacity=faded) for one in shown.shapes[1:])))
    ours = painted(shown, theme)
    theirs = rendered(pdf([shown], theme))
    assert theirs.size == ours.size
    # Edges and letters are smoothed differently; surfaces, light and what shines through are not.
    difference = ImageChops.difference(ours.resize((160, 90)), theirs.resize((160, 90)))
    assert max(ImageStat.Stat(difference).mean) < 1.5
    assert max(high for _, high in difference.getextrema()) < 60  # type: ignore[misc] # one pair for each band


def test_a_crop_shows_that_part_of_the_page() -> None:
    shown = frame(width=1600, height=900)
    box = (200.0, 100.0, 1000.0, 500.0)
    ours = Image.open(BytesIO(png(shown, LIGHT, crop=box))).convert("RGB")
    theirs = rendered(pdf([shown], LIGHT, crop=box))
    assert theirs.size == ours.size == (1000, 500)
    difference = ImageChops.difference(ours.resize((100, 50)), theirs.resize((100, 50)))
    assert max(ImageStat.Stat(difference).mean) < 1.5


def test_a_transparent_page_has_no_ground() -> None:
    corner = rendered(pdf([frame()], DARK, transparent=True)).getpixel((2, 2))
    assert corner == (255, 255, 255)


def test_pages_are_vectors_and_letters_not_pictures() -> None:
    page = PdfReader(BytesIO(pdf([frame()], DARK))).pages[0]
    assert list(page.images) == []
    resources = page["/Resources"].get_object()
    assert len(resources["/Font"]) >= 3  # type: ignore[index] # a dictionary, as every page's


def test_the_same_frames_give_the_same_bytes_with_no_date_in_them() -> None:
    frames = [frame(), frame(caption="another")]
    first = pdf(frames, DARK, title="A lesson", page_titles=["one", "two"])
    assert pdf(frames, DARK, title="A lesson", page_titles=["one", "two"]) == first
    said = PdfReader(BytesIO(first)).metadata
    assert said is not None
    assert said.title == "A lesson"
    assert said.creation_date is None


def test_bookmarks_name_the_pages() -> None:
    data = pdf([frame(), frame()], DARK, page_titles=["one", "二"])
    assert [(mark.get_title(), mark.get_dest().get_index()) for mark in _bookmarks(data)] == [("one", 0), ("二", 1)]


def _bookmarks(data: bytes) -> Iterator[pypdfium2.PdfBookmark]:
    yield from pypdfium2.PdfDocument(data).get_toc()
