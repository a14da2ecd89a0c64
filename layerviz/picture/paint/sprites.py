"""Pictures of looks, so that what moves is copied and not drawn again."""

import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath, QPixmap

from layerviz.picture.paint.drawing import draw, draw_path, painting, path_of
from layerviz.picture.primitives import Path, Piece, Text
from layerviz.picture.shapes import Camera
from layerviz.picture.theme import Theme
from layerviz.picture.widths import width

_MARGIN = 2
"""Device pixels round a sprite for soft edges."""
_STRIP_TALL = 256
"""A strip's picture is so many device pixels tall, so that most beams are one copy."""
_FORMAT, _AS_IT_IS = QImage.Format.Format_ARGB32_Premultiplied, Qt.ImageConversionFlag.NoFormatConversion
_YOUNG, _RECENT = 8, 4
"""So many frames after a look was painted for the first time it shows whether it stays: it was asked for in recent
ones."""

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""


class Sprite:
    """A pixmap and where its corner lies from the piece's anchor, in device pixels."""

    __slots__ = ("height", "left", "made", "pixmap", "seen", "size_bytes", "top", "width")

    def __init__(self, piece: Piece, scale: float, frame: int = 0) -> None:
        paths, box = _measured(piece)
        self.left, self.top = math.floor(box[0] * scale) - _MARGIN, math.floor(box[1] * scale) - _MARGIN
        self.width = max(1, math.ceil(box[2] * scale) + _MARGIN - self.left)
        self.height = max(1, math.ceil(box[3] * scale) + _MARGIN - self.top)
        if piece.strip_px is not None:
            self.top, self.height = 0, _STRIP_TALL
            picture = _repeated(self._painted(piece, paths, scale, self.width, 1), self.height)
        else:
            picture = self._painted(piece, paths, scale, self.width, self.height)
        self.pixmap = QPixmap.fromImage(picture, _AS_IT_IS)
        self.size_bytes = 4 * self.width * self.height
        self.made = self.seen = frame

    def _painted(
        self, piece: Piece, paths: list[QPainterPath | None], scale: float, width_px: int, height_px: int
    ) -> QImage:
        """The upper left part of it."""
        picture = QImage(width_px, height_px, _FORMAT)
        picture.fill(0)
        with painting(picture) as painter:
            painter.translate(-self.left, -self.top)
            painter.scale(scale, scale)
            for primitive, outline in zip(piece.primitives, paths, strict=True):
                if outline is None or isinstance(primitive, Text):
                    draw(painter, primitive, scale)
                else:
                    draw_path(painter, primitive, outline)
        return picture


Shelf = dict[object, Sprite]


class Sprites:
    """What is kept while there is room for it; one of these per widget or export.

    A look that comes and goes within a few frames, as those of tiles do while the camera moves, is forgotten at once:
    new memory costs more than painting into it.
    """

    def __init__(self, room_bytes: int = 192 * 2**20) -> None:
        self._shelves: dict[tuple[Theme, float], Shelf] = {}
        self._room = room_bytes
        self._used = 0
        self._frame = 0
        self._camera: Camera | None = None
        self._asked: set[object] = set()
        self._asked_before: set[object] = set()
        self._young: deque[tuple[Shelf, object, Sprite]] = deque()
        self._keeps_all = False

    def __len__(self) -> int:
        return sum(len(shelf) for shelf in self._shelves.values())

    @property
    def used_bytes(self) -> int:
        return self._used

    def clear(self) -> None:
        """Forgets all of them."""
        self._shelves.clear()
        self._young.clear()
        self._used = 0

    @contextmanager
    def made_ready(self) -> Iterator[None]:
        """Within, what is painted is for frames to come, and all of it is kept."""
        self._keeps_all = True
        try:
            yield
        finally:
            self._keeps_all = False

    def begin(self, camera: Camera, theme: Theme, scale: float) -> tuple[Shelf, int, bool]:
        """For the next frame: what is kept for its theme at `scale` device pixels per px, the number to mark as `seen`
        what it uses, and whether the camera has moved since the last one."""
        moving = self._camera is not None and camera != self._camera
        self._camera = camera
        self._frame += 1
        self._asked_before, self._asked = self._asked, set()
        self._forget_passing()
        if self.used_bytes > self._room:
            self._make_room()
        return self._shelves.setdefault((theme, scale), {}), self._frame, moving

    def is_passing(self, look: object) -> bool:
        """Whether a vast look that is not kept was not there in the frame before: then it may be another one in the
        next. Of a first frame nothing is passing."""
        self._asked.add(look)
        return self._frame > 1 and look not in self._asked_before

    def made(self, piece: Piece, scale: float, shelf: Shelf) -> Sprite:
        """Paints a look that is not on its shelf yet."""
        sprite = shelf[piece.look] = Sprite(piece, scale, self._frame)
        self._used += sprite.size_bytes
        if not self._keeps_all:
            self._young.append((shelf, piece.look, sprite))
        return sprite

    def _forget_passing(self) -> None:
        """Drops what was made a while ago and is not in use any more."""
        while self._young and self._young[0][2].made <= self._frame - _YOUNG:
            shelf, look, sprite = self._young.popleft()
            if sprite.seen <= self._frame - _RECENT and shelf.get(look) is sprite:
                del shelf[look]
                self._used -= sprite.size_bytes

    def _make_room(self) -> None:
        """Drops what was not used for the longest time, until half of the room is free."""
        everything = [(sprite.seen, look, shelf) for shelf in self._shelves.values() for look, sprite in shelf.items()]
        everything.sort(key=lambda entry: entry[0])
        for _, look, shelf in everything:
            if self._used <= self._room / 2:
                break
            self._used -= shelf.pop(look).size_bytes


def _repeated(row: QImage, height_px: int) -> QImage:
    """One row of pixels, so many times."""
    picture = QImage(row.width(), height_px, row.format())
    with painting(picture) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.fillRect(0, 0, row.width(), height_px, QBrush(row))
    return picture


def _measured(piece: Piece) -> tuple[list[QPainterPath | None], Box]:
    """The primitives' outlines as Qt takes them (none for text), and the box that holds all of them."""
    paths: list[QPainterPath | None] = []
    boxes: list[Box] = []
    for primitive in piece.primitives:
        if isinstance(primitive, Path):
            outline = path_of(primitive.segments)
            spread = primitive.stroke.width / 2 + 0.5 if primitive.stroke else 0.0
            box = outline.controlPointRect()
            if spread or not box.isNull():
                boxes.append((box.left() - spread, box.top() - spread, box.right() + spread, box.bottom() + spread))
            paths.append(outline)
        else:
            boxes.append(_text_box(primitive))
            paths.append(None)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True) if boxes else ((0.0,), (0.0,), (0.0,), (0.0,))
    return paths, (min(lefts), min(tops), max(rights), max(bottoms))


def _text_box(text: Text) -> Box:
    size = text.font.size_px
    wide = width(text.text, text.font, text.spacing)
    left, right, top, bottom = -0.15 * size, wide + 0.15 * size, -1.2 * size, 0.4 * size
    if not text.angle:
        return text.x + left, text.y + top, text.x + right, text.y + bottom
    cos, sin = math.cos(math.radians(text.angle)), math.sin(math.radians(text.angle))
    xs = [text.x + x * cos - y * sin for x in (left, right) for y in (top, bottom)]
    ys = [text.y + x * sin + y * cos for x in (left, right) for y in (top, bottom)]
    return min(xs), min(ys), max(xs), max(ys)
