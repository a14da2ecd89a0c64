"""The painter: the picture is what the shapes say, sprites are the same picture, and no painter stays open."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from pytestqt.qtbot import QtBot

from layerviz.picture.paint import Sprites, image, paint, painting
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import Camera, Frame, Ground, Label, Slab, Stage, Tile
from layerviz.picture.theme import DARK, LAYER_HUES, PROJECTOR, THEMES, Theme
from layerviz.picture.widths import width
from tests.picture.stages import BETWEEN, FLAT, SLABS, VIEW, key_picture, menagerie, middle, tile

EVERY_THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
Pixels = npt.NDArray[np.uint8]


@pytest.fixture(autouse=True)
def application(qtbot: QtBot) -> None:
    """Fonts and pixmaps need one."""


def pixels(picture: QImage) -> Pixels:
    picture = picture.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.width(), 4).copy()


def directly(frame: Frame, theme: Theme) -> QImage:
    picture = QImage(round(frame.width), round(frame.height), QImage.Format.Format_RGB32)
    with painting(picture) as painter:
        paint(frame, theme, painter)
    return picture


def at(picture: Pixels, camera: Camera, place: Stage, dy: float = 0) -> tuple[int, ...]:
    x, y = camera.at(place)
    return tuple(int(v) for v in picture[round(y + dy), round(x), :3])


def near(colour: tuple[int, ...], other: tuple[float, ...], by: int = 40) -> bool:
    return all(abs(a - b) <= by for a, b in zip(colour, other[:3], strict=True))


@EVERY_THEME
def test_a_tile_has_the_colour_of_the_layer_that_wrote_it_in_the_view_too(theme: Theme) -> None:
    picture = pixels(image(key_picture(), theme))
    for c, hue in ((0, 0), (3, 1), (4, 2)):
        place = Stage(middle(c) - 40, 0.5, VIEW)
        assert near(at(picture, SLABS, place, -SLABS.lift), LAYER_HUES[hue]), c


def test_a_covered_tile_is_dark_beside_its_neighbours() -> None:
    picture = pixels(image(key_picture(), DARK))
    seen, covered = (at(picture, SLABS, Stage(middle(c) + 45, 0.7, 1), -6) for c in (3, 4))
    assert sum(seen) > 2 * sum(covered)


def test_light_brightens_the_glass_it_passes() -> None:
    picture = pixels(image(key_picture(), DARK))
    lit = at(picture, SLABS, Stage(middle(0), 0.5, 3), 30)
    beside = at(picture, SLABS, Stage(middle(0) + 60, 0.5, 3), 30)
    assert sum(lit) > sum(beside) + 60


@pytest.mark.parametrize("camera", [SLABS, FLAT], ids=["slabs", "flat"])
@EVERY_THEME
def test_sprites_and_direct_drawing_are_the_same_picture(theme: Theme, camera: Camera) -> None:
    frame = key_picture(camera)
    difference = np.abs(pixels(image(frame, theme)).astype(int) - pixels(directly(frame, theme)))
    assert difference.mean() < 1.0
    assert (difference.max(axis=2) > 60).mean() < 0.01


def test_a_frame_seen_before_needs_no_new_sprite() -> None:
    sprites = Sprites()
    first = image(key_picture(), DARK, sprites=sprites)
    count = len(sprites)
    assert count > 20
    assert image(key_picture(), DARK, sprites=sprites) == first
    assert len(sprites) == count


def test_tiles_that_move_need_no_new_sprites() -> None:
    sprites = Sprites()
    frame = key_picture()

    def moved(by: float) -> Frame:
        shapes = tuple(
            replace(s, raised=by, u0=s.u0 + by, u1=s.u1 + by) if isinstance(s, Tile) else s for s in frame.shapes
        )
        return replace(frame, shapes=shapes)

    image(moved(3.3), DARK, sprites=sprites)
    count = len(sprites)
    for by in (4.1, 17.77, 60):
        image(moved(by), DARK, sprites=sprites)
    assert len(sprites) == count


def test_a_slab_is_kept_when_its_form_stays_and_not_while_it_changes() -> None:
    sprites = Sprites()
    frame = key_picture()

    def wide(by: float) -> Frame:
        shapes = tuple(replace(s, u1=s.u1 + by) if isinstance(s, Slab) else s for s in frame.shapes)
        return replace(frame, shapes=shapes)

    image(wide(0), DARK, sprites=sprites)
    count = len(sprites)
    for by in (8, 16, 24):
        image(wide(by), DARK, sprites=sprites)
    assert len(sprites) == count
    image(wide(24), DARK, sprites=sprites)
    slabs = sum(isinstance(shape, Slab) for shape in frame.shapes)
    assert len(sprites) == count + slabs


def deep(by: float) -> Frame:
    return key_picture(replace(SLABS, depth_x=SLABS.depth_x - by, depth_y=SLABS.depth_y + by))


def test_what_was_seen_in_passing_is_forgotten_and_what_stays_is_kept() -> None:
    sprites = Sprites()
    image(deep(0), DARK, sprites=sprites)
    first, used = len(sprites), sprites.used_bytes
    for by in range(1, 40):
        image(deep(by), DARK, sprites=sprites)
    assert sprites.used_bytes < 2 * used
    for _ in range(12):
        stands = image(deep(40), DARK, sprites=sprites)
    assert len(sprites) <= first
    count = len(sprites)
    assert image(deep(40), DARK, sprites=sprites) == stands == image(deep(40), DARK)
    assert len(sprites) == count


def test_what_is_made_ready_is_kept_until_it_is_asked_for() -> None:
    sprites = Sprites()
    with sprites.made_ready():
        image(deep(10), DARK, sprites=sprites)
    ready = len(sprites)
    for _ in range(20):
        image(deep(0), DARK, sprites=sprites)
    both = len(sprites)
    assert both > ready
    image(deep(10), DARK, sprites=sprites)
    assert len(sprites) == both


def test_themes_and_scales_have_sprites_of_their_own() -> None:
    sprites = Sprites()
    dark = image(key_picture(), DARK, sprites=sprites)
    image(key_picture(), PROJECTOR, sprites=sprites)
    image(key_picture(), DARK, 2.0, sprites=sprites)
    assert image(key_picture(), DARK, sprites=sprites) == dark


def test_sprites_stay_within_their_room() -> None:
    sprites = Sprites(room_bytes=8 * 2**20)
    for k in range(30):
        camera = replace(SLABS, pitch=120 - k / 2, depth_y=-88 + k / 2, x=318 - k)
        image(key_picture(camera), DARK, sprites=sprites)
        image(key_picture(camera), DARK, sprites=sprites)
    assert sprites.used_bytes < 16 * 2**20
    sprites.clear()
    assert len(sprites) == sprites.used_bytes == 0


@pytest.mark.parametrize("scale", [1.0, 1.2, 2.0, 4.0])
def test_an_image_is_as_large_as_asked(scale: float) -> None:
    picture = image(replace(key_picture(), scale=1.5), DARK, scale)
    assert (picture.width(), picture.height()) == (round(2400 * scale), round(1350 * scale))


def test_twice_the_scale_is_the_same_picture_with_finer_edges() -> None:
    small = pixels(image(key_picture(), DARK)).astype(int)
    large = pixels(image(key_picture(), DARK, 2.0)).astype(int)
    averaged = large.reshape(900, 2, 1600, 2, 4).mean(axis=(1, 3))
    assert np.abs(averaged - small).mean() < 2


def test_a_transparent_image_has_no_page() -> None:
    picture = pixels(image(key_picture(), DARK, transparent=True))
    assert picture[5, 5, 3] == 0
    x, y = SLABS.at(Stage(middle(0), 0.5, VIEW))
    assert picture[round(y) - 20, round(x) - 40, 3] == 255


def test_a_painter_ends_when_drawing_fails() -> None:
    picture = QImage(10, 10, QImage.Format.Format_RGB32)
    with pytest.raises(ZeroDivisionError), painting(picture) as painter:
        1 / 0  # noqa: B018 -- the failure is the test
    assert not painter.isActive()
    with painting(picture):
        pass


def test_a_painter_comes_back_as_it_was_also_from_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = QImage(50, 50, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    try:
        painter.translate(3, 4)
        paint(key_picture(), DARK, painter, Sprites())
        assert painter.transform() == QTransform.fromTranslate(3, 4) and painter.opacity() == 1

        def fails(*_: object) -> None:
            raise RuntimeError

        monkeypatch.setattr("layerviz.picture.paint.frames.pieces", fails)
        with pytest.raises(RuntimeError):
            paint(key_picture(), DARK, painter, Sprites())
        assert painter.transform() == QTransform.fromTranslate(3, 4)
    finally:
        painter.end()


def ink(picture: Pixels) -> tuple[int, int]:
    """First and last column with something else than ground in it."""
    columns = np.flatnonzero((picture[:, :, :3].astype(int).max(axis=2) > 60).any(axis=0))
    return int(columns[0]), int(columns[-1])


@pytest.mark.parametrize("text", ["HIl stored WWW_l", "存了七个文件l", "7 遮住 5 Il"])
@pytest.mark.parametrize("spacing", [0.0, 2.0])
@pytest.mark.parametrize("mono", [False, True])
def test_text_is_drawn_as_wide_as_it_was_measured(text: str, spacing: float, mono: bool) -> None:
    label = Label(id="l", x=20, y=60, text=text, size_px=33, weight=600, mono=mono, spacing=spacing)
    frame = Frame(800, 100, SLABS, (Ground(id="g"), label))
    left, right = ink(pixels(image(frame, PROJECTOR)))
    measured = width(text, Font(33, 600, "mono" if mono else "sans"), spacing) - spacing
    assert left >= 19
    assert right <= 20 + measured + 2
    assert right - left == pytest.approx(measured, abs=14)


def test_right_aligned_text_ends_where_its_anchor_is() -> None:
    label = Label(id="l", x=400, y=60, text="HHHH", size_px=40, align="right")
    _, right = ink(pixels(image(Frame(800, 100, SLABS, (Ground(id="g"), label)), PROJECTOR)))
    assert right == pytest.approx(396, abs=4)


@pytest.mark.parametrize("make", [lambda: key_picture(BETWEEN), menagerie, lambda: menagerie(FLAT)])
@EVERY_THEME
def test_every_shape_in_every_view_can_be_painted(theme: Theme, make: Callable[[], Frame]) -> None:
    picture = pixels(image(make(), theme, 0.5))
    assert picture[:, :, :3].std() > 8


def test_a_label_keeps_to_its_tile_while_both_move() -> None:
    one = Frame(600, 300, replace(SLABS, x=100, y=200), (Ground(id="g"), tile(0, 0, "8")))
    base = pixels(image(one, DARK))[:, :, :3]
    for by in (0.3, 0.5, 0.8):
        camera = replace(one.camera, x=100 + by, y=200 + by)
        shifted = pixels(image(replace(one, camera=camera), DARK))[:, :, :3]
        centre = (slice(140, 200), slice(170, 260))
        differences = [
            np.abs(shifted[centre].astype(int) - np.roll(base, (down, right), axis=(0, 1))[centre]).max()
            for down in (0, 1)
            for right in (0, 1)
        ]
        assert min(differences) <= 2, by  # the whole picture moved by whole pixels, or not at all


def test_the_page_is_the_theme_s_ground() -> None:
    picture = image(Frame(100, 100, SLABS, (Ground(id="g"),)), DARK)
    for y, colour in ((0, DARK.ground[0]), (38, DARK.ground[1]), (99, DARK.ground[2])):
        pixel = QColor(picture.pixel(50, y))
        assert near((pixel.red(), pixel.green(), pixel.blue()), colour, by=2)
