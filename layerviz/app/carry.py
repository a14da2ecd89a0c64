"""Carrying a thing from the palette onto the stage: it follows the pointer, the stage says what letting go would do.

It all happens in one window, so the mouse is simply followed: the same on every platform.
"""

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QWidget

from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.stage import Stage
from layerviz.app.strokes import box, painting, say
from layerviz.app.tokens import NOTE, font, tint

HIGH_PX = 34


class Carried(QWidget):
    """The thing under the pointer, from when it was taken until it is let go or given up with Esc.

    Whoever was pressed goes on hearing the mouse and passes it on: `move_to` and `let_go` take places on the screen.
    """

    def __init__(self, look: Look, source: QWidget, thing: str, name: str, glyph: str) -> None:
        super().__init__(source.window())
        self._look, self._thing, self._name, self._glyph = look, thing, name, glyph
        self._stage: Stage | None = None
        self._given_up = False
        wide = QFontMetricsF(font(NOTE, 600, True)).horizontalAdvance(name) + 46
        self.resize(round(wide) + 6, HIGH_PX + 6)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.raise_()
        self.show()
        # Esc has to be heard here, whoever had the keyboard.
        self._before = self.window().focusWidget()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def move_to(self, where: QPointF) -> None:
        """Follows the pointer, and tells the stage under it."""
        if self._given_up:
            return
        place = self.window().mapFromGlobal(where.toPoint())
        self.move(place - QPoint(self.width() // 2, self.height() // 2))
        stage = self._stage_at(place)
        if stage is not self._stage and self._stage is not None:
            self._stage.leave_with()
        self._stage = stage
        if stage is not None:
            stage.hover_with(self._thing, stage.mapFromGlobal(where))
        self.update()

    def let_go(self, where: QPointF) -> None:
        """Lets go over whatever is under the pointer."""
        if self._given_up:
            return
        self.move_to(where)
        stage = self._stage
        self._end()
        if stage is not None:
            stage.drop(self._thing, stage.mapFromGlobal(where))

    def give_up(self) -> None:
        """Nothing is let go anywhere."""
        if self._stage is not None:
            self._stage.leave_with()
        self._end()

    def _end(self) -> None:
        self._given_up = True
        self._stage = None
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.deleteLater()

    def _stage_at(self, place: QPoint) -> Stage | None:
        found: QWidget | None = self.window().childAt(place)
        while found is not None and not isinstance(found, Stage):
            found = found.parentWidget()
        return found if isinstance(found, Stage) and found.takes_things else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        r = QRectF(0.5, 0.5, self.width() - 7, HIGH_PX)
        with painting(self) as p:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(tint(t.on_tile, 90))
            p.drawRoundedRect(r.translated(4, 4), 9, 9)
            box(p, t, r, t.raised, 9, t.accent if self._stage is not None else t.line_strong, 1.6)
            icon(p, self._glyph, 12, 10, t.ink, 14)
            say(p, 34, 22, self._name, t.ink, NOTE, 600, mono=True)
