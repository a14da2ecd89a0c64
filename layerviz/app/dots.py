"""The steps as dots: done, here, to come; a ring is a step to come with a question, a diamond the challenge after them.
Each is 24 px to hit."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from layerviz.app.look import Look
from layerviz.app.strokes import painting
from layerviz.app.tokens import tint

if TYPE_CHECKING:
    from layerviz.picture.shapes import Hue

HERE_PX, DOT_PX, GAP_PX = 28, 10, 12


class StepDots(QWidget):
    """`jumped` carries a step, from 0. With the keyboard, arrows move and jump."""

    jumped = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._count, self._here, self._steps = 1, 0, 1
        self._asking: frozenset[int] = frozenset()
        self._names: tuple[str, ...] = ()
        self._hue: Hue = 1
        self._hover = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("rings", True)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.restyled.connect(self.update)

    def tell(self, here: int, names: tuple[str, ...], asking: frozenset[int], hue: "Hue", steps: int = 0) -> None:
        """`names` of all steps, which of them ask something, and which one is here (from 0). Where there are more names
        than `steps`, the last one is the challenge, which is no step."""
        self._here, self._names, self._count, self._asking, self._hue = here, names, len(names), asking, hue
        self._steps = steps or len(names)
        self.setAccessibleName(
            self._look.say("player.step_of", at=here + 1, count=self._steps)
            if here < self._steps
            else self._look.say("player.now_you")
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(HERE_PX + (self._count - 1) * (DOT_PX + GAP_PX) + 16, 24)

    def dot_rect(self, step: int) -> QRectF:
        """Where the dot of `step` stands."""
        x = 8.0 + step * (DOT_PX + GAP_PX) + (HERE_PX - DOT_PX if step > self._here else 0)
        return QRectF(x, 7, HERE_PX if step == self._here else DOT_PX, 10)

    def _step_at(self, pos: QPointF) -> int:
        for step in range(self._count):
            if self.dot_rect(step).adjusted(-7, -7, 7, 7).contains(pos):
                return step
        return -1

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            for step in range(self._count):
                r = self.dot_rect(step)
                if step in self._asking and step > self._here:
                    p.setPen(QPen(t.ink if step == self._hover else t.dim, 1.6))
                    p.setBrush(Qt.BrushStyle.NoBrush)
                    r.adjust(0.8, 0.8, -0.8, -0.8)
                else:
                    p.setPen(Qt.PenStyle.NoPen)
                    shade = tint(t.ink, 255 if step == self._hover else 165 if step < self._here else 70)
                    p.setBrush(t.hue_text(self._hue, 3) if step == self._here else shade)
                if step < self._steps:
                    p.drawRoundedRect(r, 5, 5)
                else:
                    p.drawPolygon(_diamond(r))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        step = self._step_at(event.position())
        if step >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.jumped.emit(step)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._step_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._hover >= 0 else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if move:
            self.jumped.emit(min(max(self._here + move, 0), self._count - 1))
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            step = self._step_at(QPointF(event.pos()))
            if 0 <= step < len(self._names):
                QToolTip.showText(event.globalPos(), self._names[step], self)
                return True
        return super().event(event)


def _diamond(around: QRectF) -> QPolygonF:
    """A square on its corner, a little higher than the dots, in the middle of `around`."""
    x, y, reach = around.center().x(), around.center().y(), 7.0 if around.width() <= DOT_PX else 10.0
    return QPolygonF([QPointF(x, y - reach), QPointF(x + reach, y), QPointF(x, y + reach), QPointF(x - reach, y)])
