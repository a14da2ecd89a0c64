"""The undo line: a mark for each command that changed something; the ring is where one is, hollow ones can be
redone."""

from bisect import bisect_left
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from layerviz.app.look import Look
from layerviz.app.parts import Button, Words, row
from layerviz.app.session import Done, Session, short_name
from layerviz.app.strokes import painting, say
from layerviz.app.tokens import DENSE, NOTE, font

NODE_PX = 96
MOST_NAME_PX = 240.0


class Marks(QWidget):
    """`jumped` carries a place in the session's list."""

    jumped = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._steps: tuple[int, ...] = ()
        self._name: Callable[[int], str] = str
        self._at = 0
        self._hover = -1
        self.setFixedHeight(48)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("rings", True)
        self.setMouseTracking(True)
        look.restyled.connect(self.update)

    def tell(self, steps: tuple[int, ...], at: int, name: Callable[[int], str]) -> None:
        """`steps` are all places, `at` the one where one is; `name` is asked for those that have room."""
        self._steps, self._at, self._name = steps, at, name
        self.setAccessibleName(self._look.say("build.undo_line"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 48)

    def shown(self) -> tuple[tuple[int, str], ...]:
        """The marks that have room: the newest, with the one where one is among them."""
        room = max(self.width() // NODE_PX, 2)
        here = bisect_left(self._steps, self._at)
        last = max(min(max(here + 2, room), len(self._steps)), min(room, len(self._steps)))
        return tuple((place, self._name(place)) for place in self._steps[max(last - room, 0) : last])

    def _xs(self) -> list[float]:
        count = len(self.shown())
        left, right = NODE_PX / 2, self.width() - NODE_PX / 2
        return [left if count == 1 else left + (right - left) * k / (count - 1) for k in range(count)]

    def paintEvent(self, event: QPaintEvent) -> None:
        t, shown, xs = self._look.tokens, self.shown(), self._xs()
        with painting(self) as p:
            for k in range(len(shown) - 1):
                p.setPen(QPen(t.accent if shown[k + 1][0] <= self._at else t.faint, 3))
                p.drawLine(QPointF(xs[k], 14), QPointF(xs[k + 1], 14))
            for k, (x, (place, name)) in enumerate(zip(xs, shown, strict=True)):
                here, past = place == self._at, place <= self._at
                p.setPen(QPen(t.accent if past else t.faint, 2.4))
                p.setBrush(t.stops[1] if here or not past else t.accent)
                radius = 6.5 if here else 5.5 if k == self._hover else 4.5
                p.drawEllipse(QPointF(x, 14), radius, radius)
                metrics = QFontMetricsF(font(NOTE, 600))
                cut = metrics.elidedText(name, Qt.TextElideMode.ElideRight, self._name_px(xs))
                half = metrics.horizontalAdvance(cut) / 2 + 2
                middle = min(max(x, half), self.width() - half)
                say(p, middle, 40, cut, t.ink if here else t.dim, NOTE, 600 if here else 400, "centre")

    def _name_px(self, xs: list[float]) -> float:
        """How long a name may be: the last one is moved inwards, and must not meet the one before it."""
        apart = xs[1] - xs[0] if len(xs) > 1 else self.width()
        return min((apart + NODE_PX / 2 - 12) / 1.5, MOST_NAME_PX)

    def _index_at(self, pos: QPointF) -> int:
        for k, x in enumerate(self._xs()):
            if abs(pos.x() - x) <= 14 and pos.y() < 30:
                return k
        return -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._index_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._hover >= 0 else Qt.CursorShape.ArrowCursor)
        self.setToolTip(self.shown()[self._hover][1] if self._hover >= 0 else "")
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if index >= 0:
            self.jumped.emit(self.shown()[index][0])

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        places = self._steps
        if move and self._at in places:
            self.jumped.emit(places[min(max(places.index(self._at) + move, 0), len(places) - 1)])
        else:
            event.ignore()


class UndoLine(QWidget):
    """Undo, redo, the marks, and where one is in numbers."""

    undone = Signal()
    redone = Signal()
    jumped = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.undo = Button(look, glyph="undo", tip="build.undo")
        self.redo = Button(look, glyph="redo", tip="build.redo")
        for button in (self.undo, self.redo):
            button.setFixedSize(36, DENSE)
        self.undo.clicked.connect(self.undone)
        self.redo.clicked.connect(self.redone)
        self.marks = Marks(look)
        self.marks.jumped.connect(self.jumped)
        self.count = Words("", NOTE, 400, "dim")
        self._done: tuple[Done, ...] | None = None
        self._steps: tuple[int, ...] = ()
        self.setLayout(row(self.undo, self.redo, self.marks, self.count, spacing=8))
        self.setFixedHeight(48)

    def tell(self, session: Session) -> None:
        if session.done is not self._done:
            # A jump moves among the same ones, of which there may be ten thousand.
            self._done, self._steps = session.done, session.steps
        steps, here = self._steps, session.here
        self.marks.tell(steps, here, lambda step: self._name(session, step))
        self.undo.setEnabled(session.can_undo)
        self.redo.setEnabled(session.can_redo)
        self.count.setText(self._look.say("build.of", at=bisect_left(steps, here), count=len(steps) - 1))

    def _name(self, session: Session, step: int) -> str:
        return short_name(session.done[step - 1].text) if step else self._look.say("build.start")
