"""What lies over the stage of Build: how to begin where nothing was built, and what letting go of a thing would do."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from layerviz.app.look import Look
from layerviz.app.strokes import painting, pill, rounded, say
from layerviz.app.tokens import HEAD


class EmptyStage(QWidget):
    """What stands where nothing was built yet: a dashed slab and one sentence, over all of `parent`."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGeometry(parent.rect())
        parent.installEventFilter(self)
        look.restyled.connect(self.update)
        look.retranslated.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        t, w, h = self._look.tokens, float(self.width()), float(self.height())
        wide, depth, lean, thick = min(w * 0.72, 720.0), 88.0, 104.0, 28.0
        x, y = (w - wide - lean) / 2, (h + depth - thick) / 2
        with painting(self) as p:
            pen = QPen(t.faint, 2)
            pen.setDashPattern([5, 4])
            p.setPen(pen)
            p.setBrush(Qt.BrushStyle.NoBrush)
            top = [
                QPointF(x, y),
                QPointF(x + wide, y),
                QPointF(x + wide + lean, y - depth),
                QPointF(x + lean, y - depth),
            ]
            p.drawPath(rounded(top, 2))
            right = x + wide
            front_and_side = [
                QPointF(x, y),
                QPointF(x, y + thick),
                QPointF(right, y + thick),
                QPointF(right + lean, y + thick - depth),
                QPointF(right + lean, y - depth),
            ]
            p.drawPolyline(front_and_side)
            p.drawLine(QPointF(right, y), QPointF(right, y + thick))
            say(p, w / 2, y - depth / 2 + 6, self._look.say("build.empty"), t.dim, HEAD, 500, "centre", room=wide - 24)


class Tip(QWidget):
    """A small sentence at the foot of the stage: what letting go would do, or why it does nothing."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look, self._text, self._bad = look, "", False
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, text: str, bad: bool = False) -> None:
        self._text, self._bad = text, bad
        self.setVisible(bool(text))
        self.raise_()
        self.update()

    @property
    def text(self) -> str:
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            ink = t.bad_text if self._bad else t.ink
            pill(p, t, self.width() / 2, self.height() / 2, self._text, ink, t.bad if self._bad else t.accent)
