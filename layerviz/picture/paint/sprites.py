"""Pictures of looks, so that what moves is copied and not drawn again."""

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainterPath, QPixmap

from layerviz.picture.expand import STRIP_PX
from layerviz.picture.paint.drawing import draw, draw_path, painting, path_of
from layerviz.picture.primitives import Path, Piece, Text
from layerviz.picture.shapes import Camera
from layerviz.picture.theme import Theme
from layerviz.picture.widths import width

_MARGIN = 2
"""Device pixels round a sprite for soft edges."""
_STRIP_TALL = 8
"""A strip's picture is this many times 64 device pixels tall, so that most beams are one copy."""


class Sprite:
    """A pixmap and where its corner lies from the piece's anchor, in device pixels."""

    __slots__ = ("height", "left", "pixmap", "seen", "size_bytes", "top", "width")

    def __init__(self, piece: Piece, scale: float) -> None:
        paths, box = _measured(piece)
        margin = 0 if piece.opaque else _MARGIN
        self.left, self.top = math.floor(box.left() * scale) - margin, math.floor(box.top() * scale) - margin
        self.width = max(1, math.ceil(box.right() * scale) + margin - self.left)
        self.height = max(1, math.ceil(box.bottom() * scale) + margin - self.top)
        stretch = 1.0
        if piece.strip_px is not None:
            self.top, self.height, stretch = 0, int(STRIP_PX) * _STRIP_TALL, _STRIP_TALL / scale
        form = QImage.Format.Format_RGB32 if piece.opaque else QImage.Format.Format_ARGB32_Premultiplied
        picture = QImage(self.width, self.height, form)
        picture.fill(Qt.GlobalColor.black if piece.opaque else Qt.GlobalColor.transparent)
        with painting(picture) as painter:
            painter.translate(-self.left, -self.top)
            painter.scale(scale, scale * stretch)
            for primitive, outline in zip(piece.primitives, paths, strict=True):
                if outline is None or isinstance(primitive, Text):
                    draw(painter, primitive, scale)
                else:
                    draw_path(painter, primitive, outline)
        self.pixmap = QPixmap.fromImage(picture, Qt.ImageConversionFlag.NoFormatConversion)
        self.size_bytes = 4 * self.width * self.height
        self.seen = 0


Shelf = dict[object, Sprite]


class Sprites:
    """What is kept while there is room for it; one of these per widget or export."""

    def __init__(self, room_bytes: int = 192 * 2**20) -> None:
        self._shelves: dict[tuple[Theme, float], Shelf] = {}
        self._room = room_bytes
        self._used = 0
        self._frame = 0
        self._camera: Camera | None = None
        self._asked: set[object] = set()
        self._asked_before: set[object] = set()

    def __len__(self) -> int:
        return sum(len(shelf) for shelf in self._shelves.values())

    @property
    def used_bytes(self) -> int:
        return self._used

    def clear(self) -> None:
        """Forgets all of them."""
        self._shelves.clear()
        self._used = 0

    def begin(self, camera: Camera, theme: Theme, scale: float) -> tuple[Shelf, int, bool]:
        """For the next frame: what is kept for its theme at `scale` device pixels per px, the number to mark as `seen`
        what it uses, and whether the camera has moved since the last one."""
        moving = self._camera is not None and camera != self._camera
        self._camera = camera
        self._frame += 1
        self._asked_before, self._asked = self._asked, set()
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
        sprite = shelf[piece.look] = Sprite(piece, scale)
        self._used += sprite.size_bytes
        return sprite

    def _make_room(self) -> None:
        """Drops what was not used for the longest time, until half of the room is free."""
        everything = [(sprite.seen, look, shelf) for shelf in self._shelves.values() for look, sprite in shelf.items()]
        everything.sort(key=lambda entry: entry[0])
        for _, look, shelf in everything:
            if self._used <= self._room / 2:
                break
            self._used -= shelf.pop(look).size_bytes


def _measured(piece: Piece) -> tuple[list[QPainterPath | None], QRectF]:
    """The primitives' outlines as Qt takes them (none for text), and the box that holds all of them."""
    paths: list[QPainterPath | None] = []
    whole = QRectF()
    for primitive in piece.primitives:
        if isinstance(primitive, Path):
            outline = path_of(primitive.segments)
            spread = primitive.stroke.width / 2 + 0.5 if primitive.stroke else 0.0
            whole = whole.united(outline.controlPointRect().adjusted(-spread, -spread, spread, spread))
            paths.append(outline)
        else:
            whole = whole.united(_text_box(primitive))
            paths.append(None)
    return paths, whole


def _text_box(text: Text) -> QRectF:
    size = text.font.size_px
    wide = width(text.text, text.font, text.spacing)
    cos, sin = math.cos(math.radians(text.angle)), math.sin(math.radians(text.angle))
    corners = [
        (text.x + x * cos - y * sin, text.y + x * sin + y * cos)
        for x in (-0.15 * size, wide + 0.15 * size)
        for y in (-1.2 * size, 0.4 * size)
    ]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    return QRectF(left, top, max(x for x, _ in corners) - left, max(y for _, y in corners) - top)
