"""The palette of Build: base images, instructions, your computer. Everything can be clicked or dragged to the stack."""

from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSizePolicy, QWidget

from layerviz.app.carry import Carried
from layerviz.app.computer_pane import ComputerPane
from layerviz.app.hand_commands import SUGGESTED
from layerviz.app.look import Look
from layerviz.app.parts import Button, Pane, Section, Words, column, row
from layerviz.app.strokes import box, painting, say
from layerviz.app.tokens import BODY, NOTE, font
from layerviz.engine.world import World
from layerviz.shell import catalogue

BASES = ("scratch", "alpine", "ubuntu:16.04", "redis")
KEEPS_LAYER = {
    "COPY": "a_layer",
    "RUN": "a_layer",
    "WORKDIR": "may_be",
    "ENV": "config",
    "CMD": "config",
}
ITEM_PX = 36


@cache
def layers_of_base(name: str) -> int:
    """How many layers a base image of the catalogue has."""
    offer = catalogue.find(name if ":" in name else f"{name}:latest")
    return len(offer.image.layers) if offer is not None else 0


class Item(QAbstractButton):
    """An entry: a head, and at the right what it is. `thing` is what a drag of it carries."""

    def __init__(self, look: Look, thing: str, head: str, what: str, stripe: str = "") -> None:
        super().__init__()
        self._look, self.thing, self._head, self._what, self._stripe = look, thing, head, what, stripe
        self._press: QPointF | None = None
        self._carried: Carried | None = None
        self.setProperty("rings", True)
        self.setFixedHeight(ITEM_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(head)
        look.retranslated.connect(self.update)
        look.restyled.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, ITEM_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        with painting(self) as p:
            lit = self.underMouse() or self.isDown()
            box(p, t, r, t.raised if lit else t.card, 8, t.line_strong if lit else None)
            x = 14.0
            if self._stripe:
                p.setPen(Qt.PenStyle.NoPen)
                p.setBrush(t.hue(1) if self._stripe == "layer" else t.faint)
                p.drawRoundedRect(QRectF(10, 8, 4, r.height() - 16), 2, 2)
                x += 12
            wide = say(p, x, r.center().y() + 5, self._head, t.ink, BODY, 600, mono=True)
            what = self._look.say(self._what) if self._what and not self._what.isdigit() else ""
            if self._what.isdigit():
                what = self._look.say("build.layers", count=int(self._what))
            what = QFontMetricsF(font(NOTE)).elidedText(what, Qt.TextElideMode.ElideRight, r.width() - x - wide - 24)
            say(p, r.right() - 12, r.center().y() + 5, what, t.dim, NOTE, 400, "right")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = event.position()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._carried is not None:
            self._carried.move_to(event.globalPosition())
        elif self._press is not None and _far(event.position() - self._press):
            self._press = None
            self.setDown(False)
            self._carried = Carried(self._look, self, self.thing, self._head, "list")
            self._carried.move_to(event.globalPosition())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._carried is not None:
            carried, self._carried = self._carried, None
            carried.let_go(event.globalPosition())
            return
        if self._press is not None:
            super().mouseReleaseEvent(event)
        self._press = None


def _far(moved: QPointF) -> bool:
    """Whether the mouse has moved so far that it is a drag."""
    return moved.manhattanLength() >= QApplication.startDragDistance()


class LineForm(QWidget):
    """The line of an instruction, to be finished before it is added."""

    added = Signal(str)
    closed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setFont(font(NOTE, 500, True))
        self.field.setTextMargins(8, 0, 4, 0)
        self.add = Button(look, "build.add")
        self.setLayout(row(self.field, self.add, spacing=8))
        self.add.clicked.connect(self._add)
        self.field.returnPressed.connect(self._add)

    def open(self, line: str) -> None:
        self.field.setText(line)
        self.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        start = line.find(" ") + 1
        self.field.setSelection(start, len(line) - start)

    def _add(self) -> None:
        if self.field.text().strip():
            self.added.emit(self.field.text().strip())
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
        else:
            event.ignore()


class Palette(Pane):
    """`taken` carries a thing as a drag would ("image:alpine", "instruction:COPY a/ /", "host:/e", "run:")."""

    taken = Signal(str)
    archive_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "right")
        self.bases: dict[str, Item] = {}
        self.instructions: dict[str, Item] = {}
        self.archive = Button(look, "build.open_archive", kind="quiet", px=NOTE)
        self.archive.setFixedHeight(24)
        self.archive.clicked.connect(self.archive_wanted)
        self.column.addWidget(Section(look, "build.base_images", self.archive))
        bases = column(spacing=4)
        for name in BASES:
            count = layers_of_base(name)
            item = Item(look, f"image:{name}", name, str(count) if count else "build.nothing_in_it")
            item.clicked.connect(lambda _=False, item=item: self.taken.emit(item.thing))
            self.bases[name] = item
            bases.addWidget(item)
        self.column.addLayout(bases)
        self.column.addWidget(Section(look, "build.instructions"))
        lines = column(spacing=4)
        self.forms: dict[str, LineForm] = {}
        for name in KEEPS_LAYER:
            kept = KEEPS_LAYER[name]
            stripe = "layer" if kept != "config" else "config"
            item = Item(look, f"instruction:{SUGGESTED[name]}", name, f"build.{kept}", stripe)
            form = LineForm(look)
            form.hide()
            form.added.connect(lambda line: self.taken.emit(f"instruction:{line}"))
            item.clicked.connect(lambda _=False, form=form, name=name: self._open(form, name))
            self.instructions[name] = item
            self.forms[name] = form
            lines.addWidget(item)
            lines.addWidget(form)
        self.run = Item(look, "run:", "docker run", "build.a_container", "")
        self.run.clicked.connect(lambda: self.taken.emit("run:"))
        lines.addWidget(self.run)
        self.column.addLayout(lines)
        self.column.addSpacing(8)
        drag = Words("", NOTE, 400, "dim")
        self._drag = drag
        self.column.addWidget(Section(look, "player.computer", drag))
        self.computer = ComputerPane(look, draggable=True, chips=False)
        self.computer.taken.connect(self.taken)
        self.column.addWidget(self.computer)
        self.column.addStretch(1)
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def show_world(self, world: World) -> None:
        self.computer.show_world(world)
        self.run.setEnabled(bool(world.images))

    def _open(self, form: LineForm, name: str) -> None:
        if form.isVisible():
            form.hide()
        else:
            form.open(SUGGESTED[name])

    def _retranslate(self) -> None:
        self._drag.setText(self._look.say("build.drag_onto"))
