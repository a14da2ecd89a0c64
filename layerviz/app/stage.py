"""The stage: one widget that shows a picture, plays the motion towards it, and tells what was pointed at and chosen.

It holds no truth: a `Scene` makes pictures and timelines for whatever size the widget has, and the widget asks
`timeline.at(ms)`. One timer is the clock; it only says how much time has passed.
"""

from dataclasses import dataclass, replace
from typing import Literal, Protocol

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from layerviz.app.look import Look
from layerviz.app.reach import Direction, Spot, next_spot, spots
from layerviz.app.strokes import ground, grown, painting, pill, rounded
from layerviz.picture.choreograph import choreograph
from layerviz.picture.expand import outline
from layerviz.picture.hit import hit
from layerviz.picture.layout import Picture, View
from layerviz.picture.paint import Sprites, paint
from layerviz.picture.shapes import AnyShape, Frame, Slab, Tile
from layerviz.picture.timeline import Timeline

FRAME_MS = 16
DIRECTIONS: dict[int, Direction] = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}


class Scene(Protocol):
    """Something that can be drawn at any size."""

    def still(self, view: View) -> Picture:
        """The picture that stands."""

    def motion(self, view: View) -> Timeline | None:
        """The motion that ends in it, if there is one."""


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


class Stage(QWidget):
    """`chosen` and `entered` carry addresses: a click or Enter, and a double click or Enter on a chosen directory.

    `passed` tells where the motion is (ms, of ms), `arrived` that it ended. `carried` tells that the tile of `hand` was
    let go over the stack. `dropped` carries what was dragged here and the address it was let go over.
    """

    chosen = Signal(str)
    entered = Signal(str)
    pointed = Signal(str)
    passed = Signal(int, int)
    arrived = Signal()
    carried = Signal()
    hovered_with = Signal(str, str)
    dropped = Signal(str, str)
    drag_left = Signal()

    def __init__(self, look: Look, whole_page: bool = False) -> None:
        super().__init__()
        self._look, self._whole_page = look, whole_page
        self._scene: Scene | None = None
        self._mode: Literal["slabs", "flat", "auto"] = "auto"
        self._picture: Picture | None = None
        self._timeline: Timeline | None = None
        self._gliding = False
        self._at_ms = 0.0
        self._speed = 1.0
        self._chosen_address = ""
        self._pointed_address = ""
        self._marked: tuple[str, ...] = ()
        self._cursor = ""
        self._walking = False
        self._hand: Hand | None = None
        self._press: QPointF | None = None
        self._sprites = Sprites()
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(120)
        self._idle.timeout.connect(self._learn_motion)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.takes_things = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        look.restyled.connect(self.update)
        look.retranslated.connect(self.relayout)
        look.remoted.connect(self.relayout)

    # What is shown

    def show_scene(self, scene: Scene, play: bool = False, glide: bool = False) -> None:
        """Shows `scene`: plays its motion, or stands at its end at once, or with `glide` goes there from what stood."""
        before = self.picture if glide and self._scene is not None and self.isVisible() else None
        self._scene = scene
        self._chosen_address = self._chosen_address if self._chosen_address and not play else ""
        self._timeline = scene.motion(self._view()) if play else None
        self._picture = None
        self._gliding = before is not None
        if before is not None:
            self._timeline = self._way(before)
        self._hand = None
        self._at_ms = 0.0
        if self._timeline is not None and self._timeline.duration_ms > 0:
            self._clock.start()
            self._timer.start()
        else:
            self._rest()
            self._idle.start()
        self._tell()
        self.update()

    def _way(self, before: Picture) -> Timeline | None:
        """The way from a picture to the one that stands; None where there is no way to go."""
        after = self.picture
        hand = self._hand
        if hand is not None and (hand.dx or hand.dy):
            shapes = tuple(_carried(s, hand, before.frame.camera.pitch) for s in before.frame.shapes)
            before = replace(before, frame=replace(before.frame, shapes=shapes))
        if after is None or after.frame == before.frame or before.frame.width != after.frame.width:
            return None
        return choreograph(before, (), after)

    def clear(self) -> None:
        """Shows nothing."""
        self._timer.stop()
        self._scene = self._picture = self._timeline = None
        self._tell()
        self.update()

    def _learn_motion(self) -> None:
        """Finds the motion that led here, so that it can be scrubbed; it stands at its end."""
        if self._scene is None or self._timeline is not None or not self.isVisible():
            return
        self._timeline = self._scene.motion(self._view())
        self._at_ms = self._timeline.duration_ms if self._timeline is not None else 0.0
        self._tell()

    @property
    def scene(self) -> Scene | None:
        return self._scene

    @property
    def picture(self) -> Picture | None:
        """The picture that stands, or that the motion ends in."""
        if self._picture is None and self._scene is not None:
            self._picture = self._scene.still(self._view())
        return self._picture

    @property
    def frame_now(self) -> Frame | None:
        """What is painted just now."""
        if self._timeline is not None and self._moving:
            return self._timeline.at(self._at_ms)
        picture = self.picture
        return picture.frame if picture is not None else None

    @property
    def mode(self) -> Literal["slabs", "flat", "auto"]:
        return self._mode

    def set_mode(self, mode: Literal["slabs", "flat", "auto"]) -> None:
        before = self.picture if self.isVisible() else None
        self._mode = mode
        self._picture = None
        self._timeline = self._way(before) if before is not None else None
        self._gliding = self._timeline is not None
        if self._timeline is not None:
            self._at_ms = 0.0
            self._clock.start()
            self._timer.start()
        self.update()

    def prefer(self, mode: str) -> None:
        """Flat, or slabs: these wherever they fit, and even where they do not if flat is what would come otherwise."""
        if mode == "flat":
            self.set_mode("flat")
            return
        before = self._mode
        self._mode, self._picture = "auto", None
        fits = self.picture is None or self.picture.mode == "slabs"
        self._mode, self._picture = before, None
        self.set_mode("auto" if fits else "slabs")

    def start_in(self, mode: str) -> None:
        """The view that was chosen the last time."""
        self._mode = "flat" if mode == "flat" else "auto"

    def relayout(self) -> None:
        """Makes the pictures anew, for another size or language; a motion goes on where it was."""
        if self._scene is None:
            return
        self._picture = None
        if self._gliding:
            self._timeline, self._gliding = None, False
            self._timer.stop()
        if self._timeline is not None:
            share = self._at_ms / max(self._timeline.duration_ms, 1)
            self._timeline = self._scene.motion(self._view())
            self._at_ms = share * (self._timeline.duration_ms if self._timeline is not None else 0)
        self.update()

    def _view(self) -> View:
        return View(
            mode=self._mode,
            lang=self._look.lang,
            width=max(self.width(), 64),
            height=max(self.height(), 64),
            fixed=not self._whole_page,
            chosen=self._chosen_address,
            pointed=self._pointed_address,
            reduced_motion=self._look.reduced_motion,
        )

    # The clock

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    @property
    def _moving(self) -> bool:
        return self._timeline is not None and self._at_ms < self._timeline.duration_ms

    @property
    def duration_ms(self) -> int:
        return round(self._timeline.duration_ms) if self._timeline is not None else 0

    @property
    def marks(self) -> tuple[float, ...]:
        """Where the parts of the motion end, 0 to 1."""
        if self._timeline is None or not self._timeline.duration_ms:
            return ()
        return tuple(mark / self._timeline.duration_ms for mark in self._timeline.marks)

    def set_speed(self, speed: float) -> None:
        self._speed = speed

    def replay(self) -> None:
        """The motion from its beginning."""
        if self._scene is None:
            return
        if self._timeline is None:
            self._timeline = self._scene.motion(self._view())
        if self._timeline is None or not self._timeline.duration_ms:
            return
        self._at_ms = 0.0
        self._clock.start()
        self._timer.start()
        self._tell()
        self.update()

    def scrub(self, ms: float) -> None:
        """Holds the motion at this moment."""
        if self._timeline is None and self._scene is not None:
            self._timeline = self._scene.motion(self._view())
        self._timer.stop()
        end = self._timeline.duration_ms if self._timeline is not None else 0.0
        # The slider counts whole milliseconds.
        self._at_ms = end if ms >= int(end) else max(ms, 0.0)
        self._tell()
        self.update()

    def complete(self) -> None:
        """Jumps to the end of the motion."""
        if self._timeline is not None and (self._moving or self._timer.isActive()):
            self._at_ms = self._timeline.duration_ms
            self._rest()
            self._tell()
            self.update()

    def _tick(self) -> None:
        self._at_ms += min(self._clock.restart(), 100) * self._speed
        if not self._moving:
            self._at_ms = self._timeline.duration_ms if self._timeline is not None else 0.0
            self._rest()
        self._tell()
        self.update()

    def _rest(self) -> None:
        self._timer.stop()
        if self._gliding:
            self._timeline, self._gliding = None, False
            self._idle.start()
        self.arrived.emit()

    def _tell(self) -> None:
        if self._gliding:
            return
        self.passed.emit(round(self._at_ms), self.duration_ms)

    # Choosing

    @property
    def chosen_address(self) -> str:
        return self._chosen_address

    def choose(self, address: str) -> None:
        """Outlines the thing at `address`; "" lets go."""
        if address != self._chosen_address:
            self._chosen_address = address
            self._picture = None
            self.update()

    def point(self, address: str) -> None:
        """Lights the thing at `address` as if the pointer were on it."""
        if address != self._pointed_address:
            self._pointed_address = address
            self._picture = None
            self.pointed.emit(address)
            self.update()

    def shape_at(self, pos: QPointF) -> AnyShape | None:
        frame = self.frame_now
        return hit(frame, pos.x() / frame.scale, pos.y() / frame.scale) if frame is not None else None

    def outline_of(self, shape_id: str) -> tuple[QPointF, ...]:
        """The outline of a shape, in px of this widget. Raises KeyError."""
        frame = self.frame_now
        if frame is None:
            raise KeyError(shape_id)
        corners = outline(frame.shape(shape_id), frame.camera)
        return tuple(QPointF(x * frame.scale, y * frame.scale) for x, y in corners)

    def centre_of(self, shape_id: str) -> QPoint:
        """The middle of a shape, in px of this widget. Raises KeyError."""
        corners = self.outline_of(shape_id)
        xs, ys = [c.x() for c in corners], [c.y() for c in corners]
        return QPointF((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2).toPoint()

    def mark(self, addresses: tuple[str, ...]) -> None:
        """Outlines what contradicts an answer; () takes the outlines away."""
        if addresses != self._marked:
            self._marked = addresses
            self.update()

    @property
    def marked(self) -> tuple[str, ...]:
        return self._marked

    def set_page(self, on: bool) -> None:
        """A page that stands alone, with title and caption; or a part of the window."""
        self._whole_page = on
        self.relayout()

    @property
    def is_walking(self) -> bool:
        """Whether arrows walk from tile to tile."""
        return self._walking

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

    def sizeHint(self) -> QSize:
        return QSize(760, 564)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.relayout()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

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
                self._walking = True

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
        elif self._walking and key == Qt.Key.Key_Escape:
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

    @property
    def pointed_address(self) -> str:
        return self._pointed_address

    def said(self) -> str:
        """The stage in one sentence, for a screen reader: what stands there and how much."""
        count = sum(spot.is_tile for spot in self.spots())
        return self._look.say("player.stage_says", count=count)

    def spots(self) -> tuple[Spot, ...]:
        """What can be reached on the stage: what a screen reader lists as its children."""
        frame = self.frame_now
        return spots(frame) if frame is not None else ()
