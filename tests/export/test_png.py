"""PNG: the painter's own pixels, the same bytes each time, cut where it is asked."""

from io import BytesIO

import pytest
from PIL import Image

from layerviz.export.png import png
from layerviz.picture.paint import image
from layerviz.picture.theme import DARK, LIGHT, THEMES, Theme
from tests.export.drawn import frame


def pixels(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
@pytest.mark.parametrize("scale", [1, 1.5])
def test_a_png_holds_the_pixels_that_the_painter_paints(theme: Theme, scale: float) -> None:
    shown = frame(width=800, height=450)
    painted = image(shown, theme, scale)
    size = round(800 * scale), round(450 * scale)
    got = pixels(png(shown, theme, scale)).convert("RGB")
    assert (got.size, (painted.width(), painted.height())) == (size, size)
    points = [(x, y) for x in range(0, got.width, 7) for y in range(0, got.height, 7)]
    expected = [painted.pixelColor(*point).getRgb()[:3] for point in points]  # type: ignore[index] # four numbers
    assert [got.getpixel(point) for point in points] == expected


def test_the_same_frame_gives_the_same_bytes() -> None:
    shown = frame(width=800, height=450)
    assert png(shown, DARK) == png(shown, DARK)
    assert png(shown, DARK) != png(shown, LIGHT)


def test_a_transparent_png_leaves_the_page_out_and_keeps_the_drawing() -> None:
    got = pixels(png(frame(width=800, height=450), DARK, transparent=True))
    assert got.mode == "RGBA"
    corner = got.getpixel((0, 0))
    assert isinstance(corner, tuple) and corner[3] == 0
    box = got.getchannel("A").getbbox()
    assert box is not None and box[2] - box[0] > 400


def test_a_crop_is_the_same_pixels_of_a_part() -> None:
    shown = frame(width=800, height=450)
    whole = pixels(png(shown, DARK, 2)).convert("RGB")
    part = pixels(png(shown, DARK, 2, crop=(100, 50, 600, 400))).convert("RGB")
    # 800 px of a page that is 1600 wide, twice as large: a px of the frame is a pixel.
    assert part.size == (600, 400)
    assert part.tobytes() == whole.crop((100, 50, 700, 450)).tobytes()


def test_a_png_says_96_dots_an_inch_whatever_the_screen_has() -> None:
    dots = pixels(png(frame(width=160, height=90), DARK)).info["dpi"]
    assert round(dots[0]) == round(dots[1]) == 96
