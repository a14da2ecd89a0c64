"""The Dockerfile beside the stage: each line with the layer it made; pointing at a line lights its slab."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from layerviz.app.dockerfile_lines import Line
from layerviz.app.look import Look
from layerviz.app.strokes import box, number_tag, painting, say
from layerviz.app.tokens import BODY, NOTE, font

LINE_PX = 32
WORDS = {"no_layer": "no_layer", "config_only": "config_only", "next": "next_line"}


class DockerfilePane(QWidget):
    """`pointed` carries the address of the slab of the line under the pointer or the keyboard, "" for none;
    `config_lit` that the line changed the config only."""

    pointed = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._lines: tuple[Line, ...] = ()
        self._lit = 0
        self._hover = 0
        self._coming = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.restyled.connect(self.update)
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def show_lines(self, lines: tuple[Line, ...], lit: int, coming: bool = False) -> None:
        """Shows `lines`; the one with the number `lit` is that of now (0: none). `coming`: the stage shows already
        which layer the next line makes, so its hue gives nothing away."""
        self._lines, self._lit, self._hover, self._coming = lines, lit, 0, coming
        self.updateGeometry()
        self.update()

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    @property
    def lit(self) -> int:
        """The number of the line that is lit: the one pointed at, or that of now."""
        return self._hover or self._lit

    def light(self, address: str) -> None:
        """Lights the line that made the layer at `address`, the other way round."""
        layer = address.split(":/", 1)[0]
        for line in self._lines:
            if line.fate == "layer" and any(f"{line.address}[{position}]" == layer for position in line.positions):
                self._hover = line.number
                self.update()
                return
        if self._hover and not self.underMouse():
            self._hover = 0
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 16 + LINE_PX * max(len(self._lines), 1))

    def line_rect(self, number: int) -> QRectF:
        return QRectF(1, 8 + LINE_PX * (number - 1), self.width() - 2, LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            box(p, t, QRectF(self.rect()), t.well)
            for line in self._lines:
                r = self.line_rect(line.number)
                lit = line.number == self.lit
                hue = line.positions[-1] if line.positions else self._coming_hue(line)
                if lit:
                    p.fillRect(r, t.lit(hue) if hue else t.raised)
                    p.fillRect(QRectF(1, r.top(), 4, LINE_PX), t.hue(hue) if hue else t.faint)
                base = r.top() + 21
                say(p, 30, base, str(line.number), t.ink if lit else t.dim, NOTE, 400, "right", mono=True)
                end = self.width() - 14.0
                if line.fate == "layer":
                    for position in reversed(line.positions[-3:]):
                        wide = max(20.0, QFontMetricsF(font(NOTE, 700)).horizontalAdvance(str(position)) + 10)
                        number_tag(p, t, end - wide, r.center().y(), str(position), t.hue(position))
                        end -= wide + 4
                    if len(line.positions) > 3:
                        end -= say(p, end, base, "…", t.dim, NOTE, 400, "right") + 4
                elif line.fate in WORDS:
                    word = self._look.say(f"player.{WORDS[line.fate]}")
                    end -= say(p, end, base, word, t.ink if lit else t.dim, NOTE, 500 if lit else 400, "right") + 8
                say(p, 42, base, line.text, t.ink, BODY, 500, mono=True, room=end - 46)

    def _coming_hue(self, line: Line) -> int:
        """The hue of the layer that a line will make, if it is the next one."""
        if line.fate != "next" or not self._coming:
            return 0
        before = [position for other in self._lines if other.number < line.number for position in other.positions]
        pending = [other.number for other in self._lines if other.fate == "next" and other.number <= line.number]
        return max(before, default=0) + len(pending)

    def _point(self, number: int) -> None:
        if number == self._hover:
            return
        self._hover = number
        line = next((line for line in self._lines if line.number == number), None)
        address = f"{line.address}[{line.positions[-1]}]" if line and line.positions else ""
        self.setToolTip(line.text if line else "")
        self.pointed.emit(address)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        number = int((event.position().y() - 8) // LINE_PX) + 1
        self._point(number if 1 <= number <= len(self._lines) else 0)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if move and self._lines:
            self._point(min(max((self._hover or self._lit or 1) + move, 1), len(self._lines)))
        else:
            event.ignore()

    def _retranslate(self) -> None:
        self.setAccessibleName(self._look.say("player.dockerfile"))
        self.update()
