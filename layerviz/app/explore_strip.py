"""What is shown of an image while it is being read: the card below the stage with bytes, speed and Cancel, and on the
slabs of layers that are not read how far each is."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from layerviz.app.explore_reading import BAR_STEPS, Pace, Reading, ReadingScene, bar_step, passed_words
from layerviz.app.look import Look
from layerviz.app.parts import Button, Cut, Surface, Words, column, row
from layerviz.app.stage import Stage
from layerviz.app.strokes import bar, painting
from layerviz.app.tokens import BODY, HEAD, NOTE
from layerviz.picture.layout import Picture

BAR_PX, INSET_PX, BAR_SHARE, MOST_BAR_PX = 4.0, 14.0, 0.3, 180.0


class ReadingCard(Surface):
    """`cancelled`: nobody wants to wait."""

    cancelled = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card", radius=12)
        self._pace = Pace()
        self._passed = (0, 0)
        self._reading: Reading | None = None
        self._together = False
        self.title = Words("", HEAD, 600)
        # Painted, for a text of a label lays the whole page out anew.
        self.count = Cut(look, BODY, 400, role="dim")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setRange(0, BAR_STEPS)
        self.line = Cut(look, NOTE, 400, role="dim")
        self.cancel = Button(look, "common.cancel")
        self.cancel.clicked.connect(self.cancelled)
        whole = column(spacing=8, margins=(20, 12, 20, 12))
        whole.addLayout(row(self.title, self.count, spacing=12))
        whole.addStretch(1)
        whole.addWidget(self.bar)
        whole.addLayout(row(self.line, self.cancel))
        whole.addStretch(1)
        self.setLayout(whole)
        look.retranslated.connect(self._say)

    def begin(self) -> None:
        """Another image."""
        self._pace, self._passed, self._reading, self._together = Pace(), (0, 0), None, False
        self._say()

    def tell(self, reading: Reading, done: int, count: int) -> None:
        """How far it is, and that so many bytes of all (0: nobody knows) are done."""
        self._reading, self._passed = reading, (done, count)
        self._pace.tell(done)
        self._say()

    def tell_together(self) -> None:
        """All layers are read; what is seen of them is being found out."""
        self._together = True
        self._say()

    def _say(self) -> None:
        look, reading, (done, count) = self._look, self._reading, self._passed
        coming = reading is not None and any(one.step == "coming" for one in reading.arrivals)
        key = "explore.together" if self._together else "explore.bringing" if coming else "explore.reading"
        if self.title.text() != look.say(key):
            self.title.setText(look.say(key))
        layers = len(reading.arrivals) if reading is not None else 0
        read = reading.done if reading is not None else 0
        self.count.say(look.say("explore.layers_read", count=layers, done=read) if layers else "")
        self.bar.setValue(BAR_STEPS if self._together else bar_step(done, count))
        self.bar.setAccessibleName(self.title.text())
        self.line.say(passed_words(done, count, self._pace, look.lang))


class ReadingBars(QWidget):
    """A thin bar on each slab that is not read, over the stage."""

    def __init__(self, look: Look, stage: Stage) -> None:
        super().__init__(stage)
        self._look, self._stage = look, stage
        self._reading: Reading | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def tell(self, reading: Reading | None) -> None:
        """None: nothing is being read."""
        self._reading = reading
        self.setGeometry(self._stage.rect())
        self.setVisible(reading is not None)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        scene, picture, reading = self._stage.scene, self._stage.picture, self._reading
        if reading is None or picture is None or not isinstance(scene, ReadingScene):
            return
        with painting(self) as p:
            for slab, positions in scene.slabs(picture):
                arrivals = [reading.arrivals[position - 1] for position in positions]
                weight = sum(one.stored_bytes or 1 for one in arrivals)
                share = sum(one.share * (one.stored_bytes or 1) for one in arrivals) / weight
                self._bar(p, picture, slab, share, reads=any(one.step == "being_read" for one in arrivals))

    def _bar(self, p: QPainter, picture: Picture, slab: str, share: float, reads: bool) -> None:
        """In the middle of a slab, or at the right end of a band: where tiles will stand."""
        try:
            corners = self._stage.outline_of(slab)
        except KeyError:
            return
        # On the way from one picture to the next it is neither's.
        low, camera = max(corner.y() for corner in corners), (self._stage.frame_now or picture.frame).camera
        xs = [corner.x() for corner in corners if low - corner.y() < 1]
        wide = min((max(xs) - min(xs)) * BAR_SHARE, MOST_BAR_PX)
        x, y = max(xs) - INSET_PX - wide, low + camera.depth_y / 2
        if picture.mode == "slabs":
            x, y = (min(xs) + max(xs) + camera.depth_x - wide) / 2, y - camera.thickness
        track = QRectF(x, y - BAR_PX / 2, wide, BAR_PX)
        t = self._look.tokens
        bar(p, t, track, share, t.accent if reads else t.dim)
