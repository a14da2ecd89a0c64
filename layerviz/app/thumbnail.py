"""A step as a small picture, drawn by the painter of the stage: front edges stay blank, numerals stay."""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from layerviz.app import small_pictures
from layerviz.app.look import Look
from layerviz.app.strokes import ground, painting
from layerviz.app.warming import FOR_PICTURES, load_one

if TYPE_CHECKING:
    from layerviz.app.projection import Scene
    from layerviz.picture.shapes import Frame

PAGE_PX = 460.0
"""The height that a thumbnail is laid out at, before it is made small."""


def bare(frame: "Frame") -> "Frame":
    """`frame` without what would be too small to read."""
    from dataclasses import replace

    from layerviz.picture.shapes import AnyShape, Badge, Head, Label, Line, Panel, Slab, Tile

    kept: list[AnyShape] = []
    for shape in frame.shapes:
        if isinstance(shape, Head | Label | Line | Panel | Badge):
            continue
        if isinstance(shape, Slab):
            shape = replace(shape, title="", detail="", right="", lock="")
        elif isinstance(shape, Tile):
            shape = replace(shape, tag="", chosen=False, pointed=False)
        kept.append(shape)
    return replace(frame, shapes=tuple(kept))


def draw_small(
    p: QPainter, look: Look, scene: "Scene", r: QRectF, radius: float, ratio: float, square_foot: bool
) -> None:
    """Draws `scene` into `r`, with rounded corners."""
    # The page that holds the small pictures is painted before the picture's floor is loaded.
    from dataclasses import replace

    from layerviz.picture.layout import View
    from layerviz.picture.paint import Sprites, paint

    p.save()
    clip = QPainterPath()
    clip.setFillRule(Qt.FillRule.WindingFill)
    clip.addRoundedRect(r, radius, radius)
    if square_foot:
        clip.addRect(r.adjusted(0, radius, 0, 0))
    p.setClipPath(clip)
    ground(p, look.tokens, r)
    scale = r.height() / PAGE_PX
    side, top = r.width() * 0.06, 22 * scale
    width, height = r.width() * 0.88 / scale, PAGE_PX - 44
    # No words are left on it (`bare`), so it is of no language.
    view = View(mode="slabs", lang="en", width=width, height=height, fixed=True)
    frame = replace(bare(scene.still(view).frame), scale=scale)
    p.translate(r.left() + side, r.top() + top)
    paint(frame, look.tokens.theme, p, Sprites(), ratio, ground=False)
    p.restore()


class Thumbnail(QWidget):
    """Draws its scene when its turn has come. The picture is kept, on the disk too: what it shows seldom changes."""

    def __init__(self, look: Look, radius: float = 11, square_foot: bool = True) -> None:
        super().__init__()
        self._look, self._radius, self._square_foot = look, radius, square_foot
        self._scene: Callable[[], Scene | None] | None = None
        self._pixmap: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.restyled.connect(self.forget)

    def set_scene(self, scene: "Callable[[], Scene | None]", what: str, lesson: str = "") -> None:
        """`scene` is asked when the picture is made; `what` names it for the pictures that are kept. It is of a
        step of `lesson`, or of none."""
        self._scene, self._what, self._lesson = scene, what, lesson
        self.forget()

    def play_on(self) -> bool:
        """Plays one more step of the lesson that the picture is of; False where there is none left to play."""
        from layerviz.app import home_scenes

        return bool(self._lesson) and home_scenes.play_on(self._lesson)

    def forget(self) -> None:
        """The picture is made anew, when its turn has come again."""
        self._pixmap = None
        self.update()
        if self.isVisible():
            turn(self)

    @property
    def is_drawn(self) -> bool:
        return self._pixmap is not None

    def draw_kept(self) -> bool:
        """Takes the picture that was kept, where there is one."""
        ratio = self.devicePixelRatioF()
        pixmap = small_pictures.read(self._name(ratio))
        if pixmap is None:
            return False
        self._show(pixmap, ratio)
        return True

    def draw_now(self) -> None:
        """Makes the picture, to be kept when there is nothing else to do."""
        scene = self._scene() if self._scene is not None else None
        if scene is None or self.width() < 8 or self.height() < 8:
            return
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with painting(pixmap) as p:
            draw_small(p, self._look, scene, QRectF(self.rect()), self._radius, ratio, self._square_foot)
        _unkept.append((self._name(ratio), pixmap))
        self._show(pixmap, ratio)

    def _show(self, pixmap: QPixmap, ratio: float) -> None:
        pixmap.setDevicePixelRatio(ratio)
        self._pixmap = pixmap
        self.update()

    def _name(self, ratio: float) -> str:
        """The name of this very picture, made of all that it depends on."""
        look, size = self._look, (self.width(), self.height(), ratio, self._radius, self._square_foot)
        return small_pictures.name_of((self._what, look.theme_name, *size))

    def resizeEvent(self, event: object) -> None:
        self.forget()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            if self._pixmap is not None:
                p.drawPixmap(0, 0, self._pixmap)
            else:
                turn(self)


_waiting: list[Thumbnail] = []
_unkept: list[tuple[str, QPixmap]] = []


def turn(thumbnail: Thumbnail) -> None:
    """Has `thumbnail` drawn when the window has nothing else to do, one after another."""
    if thumbnail not in _waiting:
        _waiting.append(thumbnail)
        if len(_waiting) == 1:
            QTimer.singleShot(0, _draw_next)


def busy() -> bool:
    """Whether any picture waits to be drawn or to be kept."""
    return bool(_waiting or _unkept)


def _draw_next() -> None:
    """One thing in each turn of the event loop, so that none is felt."""
    if _waiting:
        thumbnail = _waiting.pop(0)
        with contextlib.suppress(RuntimeError):  # the widget was taken down while it waited
            if thumbnail.isVisible() and not thumbnail.draw_kept():
                if load_one(FOR_PICTURES) or thumbnail.play_on():
                    _waiting.insert(0, thumbnail)
                else:
                    thumbnail.draw_now()
    elif _unkept:
        small_pictures.keep(*_unkept.pop(0))
    if busy():
        QTimer.singleShot(0, _draw_next)
