"""The stage: a projection that can be pointed at, walked over and chosen from, and takes what is carried onto it."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)

from layerviz.app.look import Look
from layerviz.app.projection import Projection
from layerviz.app.reach import Direction, Spot, next_spot, spots
from layerviz.app.strokes import ground, grown, painting, pill, rounded
from layerviz.picture.expand import outline
from layerviz.picture.layout import Picture
from layerviz.picture.layout.choice import lit
from layerviz.picture.paint import paint
from layerviz.picture.shapes import AnyShape, Frame, Slab, Tile

DIRECTIONS: dict[int, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}


@dataclass(frozen=True, slots=True)
class Hand:
    """A tile that the hand may take: its address, and where it has been carried to (px from where it lay)."""

    address: str
    dx: float = 0.0
    dy: float = 0.0
    held: bool = False


def _carried(shape: AnyShape, hand: Hand, pitch: float) -> AnyShape:
    """A shape where the hand has carried it."""
    if shape.address != hand.address:
        return shape
    if isinstance(shape, Tile):
        u0, u1 = shape.u0 + hand.dx, shape.u1 + hand.dx
        return replace(shape, u0=u0, u1=u1, level=shape.level - hand.dy / pitch)
    return replace(shape, opacity=0.0)


class Stage(Projection):
    """`chosen` and `entered` carry addresses: a click or Enter, and a double click or Enter on a chosen directory.

    `carried` tells that the tile of `hand` was let go over the stack. `dropped` carries what was dragged here and the
    address it was let go over.
    """

    # Objects, for Qt's strings lose what is no UTF-8 in a path.
    chosen = Signal(object)
    entered = Signal(object)
    pointed = Signal(object)
    carried = Signal()
    hovered_with = Signal(str, object)
    dropped = Signal(str, object)
    drag_left = Signal()

    def __init__(self, look: Look, whole_page: bool = False) -> None:
        super().__init__(look, whole_page)
        self._marked: tuple[str, ...] = ()
        self._cursor = ""
        self._walking = False
        self._hand: Hand | None = None
        self._press: QPointF | None = None
        self.takes_things = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def _as_left(self, before: Picture) -> Picture:
        hand = self._hand
        if hand is None or not (hand.dx or hand.dy):
            return before
        shapes = tuple(_carried(shape, hand, before.frame.camera.pitch) for shape in before.frame.shapes)
        return replace(before, frame=replace(before.frame, shapes=shapes))

    def _scene_changed(self) -> None:
        self._hand = None

    # Choosing

    def choose(self, address: str) -> None:
        """Outlines the thing at `address`; "" lets go."""
        if address != self._chosen_address:
            self._chosen_address = address
            self._light()
            self.update()

    def point(self, address: str) -> None:
        """Lights the thing at `address` as if the pointer were on it."""
        if address != self._pointed_address:
            self._pointed_address = address
            self._light()
            self.pointed.emit(address)
            self.update()

    def _light(self) -> None:
        if self._picture is not None:
            self._picture = lit(self._picture, self._chosen_address, self._pointed_address)

    def mark(self, addresses: tuple[str, ...]) -> None:
        """Outlines what contradicts an answer; () takes the outlines away."""
        if addresses != self._marked:
            self._marked = addresses
            self.update()

    @property
    def marked(self) -> tuple[str, ...]:
        return self._marked

    @property
    def is_walking(self) -> bool:
        """Whether arrows walk from tile to tile."""
        return self._walking

    @property
    def here(self) -> str:
        """The id of the shape that was clicked last, or that the keyboard stands on; "" for none."""
        return self._cursor

    def walk(self, on: bool) -> None:
        """Gives the arrows to the tiles, or back to whoever else wants them."""
        self._walking = on
        if not on:
            self._cursor = ""
            self.point("")

    def step(self, direction: Direction) -> None:
        """Moves the keyboard's place to the next tile in a direction."""
        frame = self.frame_now
        spot = next_spot(frame, self._cursor, direction) if frame is not None else None
        if spot is not None:
            self._stand_on(spot)

    def _stand_on(self, spot: Spot) -> None:
        self._cursor = spot.shape_id
        self.point(spot.address)

    def stand_at(self, address: str) -> None:
        """Moves the keyboard's place to the thing at `address`; "" is nowhere, so that arrows begin anew."""
        picture = self.picture if address else None
        shapes = picture.frame.shapes if picture is not None else ()
        shape = next((one for one in shapes if one.address == address and isinstance(one, Tile | Slab)), None)
        self._cursor = shape.id if shape is not None else ""
        self.point(address if shape is not None else "")

    def _choose_here(self) -> None:
        if self._pointed_address:
            self._click(self._pointed_address)

    def _click(self, address: str) -> None:
        if address and address == self._chosen_address:
            self.entered.emit(address)
        else:
            self.choose(address)
            self.chosen.emit(address)

    # The hand: a tile that is carried onto the stack

    def offer_hand(self, address: str) -> None:
        """The tile at `address` may be taken and let go over the stack."""
        self._hand = Hand(address) if address else None
        self.update()

    @property
    def hand(self) -> Hand | None:
        return self._hand

    def _take(self, pos: QPointF) -> bool:
        shape = self.shape_at(pos)
        if self._hand is None or shape is None or shape.address != self._hand.address:
            return False
        self._hand = replace(self._hand, held=True)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        return True

    def _over_stack(self, pos: QPointF) -> bool:
        """Whether `pos` is over the stack: within the bounds of its slabs, and a little above them."""
        frame = self.frame_now
        if frame is None:
            return False
        boxes = [outline(shape, frame.camera) for shape in frame.shapes if isinstance(shape, Slab)]
        corners = [corner for corners in boxes for corner in corners]
        if not corners:
            return False
        xs, ys = [x * frame.scale for x, _ in corners], [y * frame.scale for _, y in corners]
        return min(xs) <= pos.x() <= max(xs) and min(ys) - 48 <= pos.y() <= max(ys)

    # Things carried here from the palette

    def hover_with(self, thing: str, pos: QPointF) -> None:
        """`thing` is being carried over `pos`."""
        shape = self.shape_at(pos)
        self.hovered_with.emit(thing, shape.address if shape is not None else "")

    def leave_with(self) -> None:
        """What was carried has left the stage."""
        self.drag_left.emit()

    def drop(self, thing: str, pos: QPointF) -> None:
        """`thing` was let go over `pos`."""
        shape = self.shape_at(pos)
        self.dropped.emit(thing, shape.address if shape is not None else "")

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        frame = self.frame_now
        with painting(self) as p:
            if self._whole_page:
                ground(p, self._look.tokens, QRectF(self.rect()))
            if frame is None:
                return
            theme, ratio = self._look.tokens.theme, self.devicePixelRatioF()
            hand = self._hand if self._hand is not None and self._hand.held else None
            if hand is not None:
                carried = tuple(shape for shape in frame.shapes if shape.address == hand.address)
                frame = replace(frame, shapes=tuple(s for s in frame.shapes if s.address != hand.address))
            paint(frame, theme, p, self._sprites, ratio, ground=False)
            self._paint_marks(p, frame)
            if hand is not None:
                p.translate(hand.dx, hand.dy)
                paint(replace(frame, shapes=carried), theme, p, self._sprites, ratio, ground=False)

    def _paint_marks(self, p: QPainter, frame: Frame) -> None:
        """Rose outlines of what contradicts the answer, each with its path."""
        t, marked = self._look.tokens, set(self._marked)
        for shape in frame.shapes if marked else ():
            if shape.address not in marked or not isinstance(shape, Tile | Slab):
                continue
            corners = [QPointF(x * frame.scale, y * frame.scale) for x, y in outline(shape, frame.camera)]
            p.setPen(QPen(t.bad, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawPath(rounded(grown(corners, 6), 12))
            path = shape.address.partition(":/")[2]
            if path:
                xs, ys = [c.x() for c in corners], [c.y() for c in corners]
                pill(p, t, (min(xs) * 2 + max(xs)) / 3, max(ys) + 4, "/" + path, t.bad_text, t.bad)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position()
            if not self._take(event.position()):
                shape = self.shape_at(event.position())
                self._walking = shape is not None and bool(shape.address)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._hand is not None and self._hand.held and self._press is not None:
            moved = event.position() - self._press
            self._hand = replace(self._hand, dx=moved.x(), dy=moved.y())
            self.update()
            return
        shape = self.shape_at(event.position())
        address = shape.address if shape is not None else ""
        takes = self._hand is not None and address == self._hand.address
        self.setCursor(
            Qt.CursorShape.OpenHandCursor
            if takes
            else Qt.CursorShape.PointingHandCursor
            if address
            else Qt.CursorShape.ArrowCursor
        )
        self.setToolTip(shape.alt if shape is not None and address else "")
        if not self._moving:
            self.point(address)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._press is None:
            return
        self._press = None
        if self._hand is not None and self._hand.held:
            self.unsetCursor()
            if self._over_stack(event.position()):
                self.carried.emit()
            else:
                self._hand = Hand(self._hand.address)
                self.update()
            return
        shape = self.shape_at(event.position())
        self._cursor = shape.id if shape is not None and shape.address else ""
        self._click(shape.address if shape is not None else "")

    def leaveEvent(self, event: QEvent) -> None:
        self.point("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._hand is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.carried.emit()
        elif self._walking and key in DIRECTIONS:
            self.step(DIRECTIONS[key])
        elif self._walking and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_here()
        elif self._walking and key == Qt.Key.Key_Escape and not self._whole_page:
            self.walk(False)
            self.choose("")
            self.chosen.emit("")
        else:
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel walks along the row, and with Shift or a level wheel from row to row."""
        delta = event.angleDelta()
        if not delta.x() and not delta.y():
            return
        level = abs(delta.x()) > abs(delta.y())
        forward = (delta.x() if level else delta.y()) < 0
        if level or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.step("right" if forward else "left")
        else:
            self.step("down" if forward else "up")

    def said(self) -> str:
        """The stage in one sentence, for a screen reader: what stands there and how much."""
        count = sum(spot.is_tile for spot in self.spots())
        return self._look.say("player.stage_says", count=count)

    def spots(self) -> tuple[Spot, ...]:
        """What can be reached on the stage: what a screen reader lists as its children."""
        frame = self.frame_now
        return spots(frame) if frame is not None else ()
