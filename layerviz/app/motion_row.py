"""The clock of a step: replay, scrub, time, speed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QSlider, QWidget

from layerviz.app.look import Look
from layerviz.app.parts import Button, Words, row
from layerviz.app.tokens import BODY, DENSE, NOTE, font

SPEEDS = (0.5, 1.0, 2.0)


class Scrub(QSlider):
    """A motion from its beginning to its end, in ms; page keys go from mark to mark."""

    def __init__(self, look: Look) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look = look
        self._marks: tuple[float, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSingleStep(100)
        self.setMouseTracking(True)
        look.retranslated.connect(self._retranslate)
        look.restyled.connect(self.update)
        self._retranslate()

    def tell(self, at_ms: int, of_ms: int, marks: tuple[float, ...]) -> None:
        self._marks = marks
        self.setProperty("marks", [0.0, *marks[:-1]] if marks else [])
        self.setEnabled(of_ms > 0)
        self.blockSignals(True)
        self.setRange(0, max(of_ms, 1))
        self.setValue(at_ms if of_ms else 1)
        self.blockSignals(False)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here, span = self.value(), self.maximum()
        points = [0, *(round(mark * span) for mark in self._marks)]
        if event.key() == Qt.Key.Key_PageUp:
            self.setValue(min((point for point in points if point > here + 1), default=span))
        elif event.key() == Qt.Key.Key_PageDown:
            self.setValue(max((point for point in points if point < here - 1), default=0))
        else:
            super().keyPressEvent(event)

    def _retranslate(self) -> None:
        self.setAccessibleName(self._look.say("player.scrub"))


class Speed(QComboBox):
    """½×, 1× or 2×. `chosen` carries the factor."""

    chosen = Signal(float)

    def __init__(self, look: Look, speed: float) -> None:
        super().__init__()
        self._look = look
        self.setFont(font(BODY, 500))
        self.setFixedWidth(72)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for factor in SPEEDS:
            self.addItem(f"{factor:g}×".replace("0.5", "½"), factor)
        self.setCurrentIndex(SPEEDS.index(speed) if speed in SPEEDS else 1)
        self.activated.connect(lambda index: self.chosen.emit(SPEEDS[index]))
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def _retranslate(self) -> None:
        self.setAccessibleName(self._look.say("player.speed"))
        self.setToolTip(self._look.say("player.speed"))


class MotionRow(QWidget):
    """`replayed` and `scrubbed` (ms) ask the stage; `speed` is the choice of speed."""

    replayed = Signal()
    scrubbed = Signal(int)

    def __init__(self, look: Look, speed: float) -> None:
        super().__init__()
        self._look = look
        self.replay = Button(look, glyph="replay", tip="player.replay")
        self.replay.setFixedSize(36, DENSE)
        self.scrub = Scrub(look)
        self.time = Words("", NOTE, 400, "dim")
        self.time.setFixedWidth(88)
        self.speed = Speed(look, speed)
        self.speed.setFixedHeight(DENSE)
        self.setLayout(row(self.replay, 8, self.scrub, 8, self.time, self.speed, spacing=4))
        self.low(False)
        self.replay.clicked.connect(self.replayed)
        self.scrub.valueChanged.connect(self.scrubbed)

    def low(self, low: bool) -> None:
        """In a low window only the scrub is left, lying on the caption."""
        for part in (self.replay, self.time, self.speed):
            part.setVisible(not low)
        self.setFixedHeight(24 if low else DENSE)

    def tell(self, at_ms: int, of_ms: int, marks: tuple[float, ...]) -> None:
        self.scrub.tell(at_ms, of_ms, marks)
        self.replay.setEnabled(of_ms > 0)
        text = self._look.say("player.time", at=f"{at_ms / 1000:.1f}", of=f"{of_ms / 1000:.1f}") if of_ms else ""
        self.time.setText(text)
