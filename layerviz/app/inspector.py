"""The inspector: what was chosen on the stage, which layer, by whom written, how a read finds it, the same by
command."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from layerviz.app.commands_pane import Printed, Typed
from layerviz.app.copying import CopyButton
from layerviz.app.facts import Asked, Fact, Facts
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Cut, Rule, Section, Surface, Words, emptied, row
from layerviz.app.strokes import number_tag, painting, rounded, say
from layerviz.app.tokens import CAPTION, NOTE, Tokens, mix, tint

KEY_PX = 88


class Emblem(QWidget):
    """A small tile, slab or view in the thing's own hue."""

    def __init__(self, look: Look, facts: Facts) -> None:
        super().__init__()
        self._look, self._facts = look, facts
        self.setFixedSize(84, 48)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, facts = self._look.tokens, self._facts
        with painting(self) as p:
            hue = t.hue(facts.hue)
            if facts.kind == "tile":
                _tile(p, t, hue, facts.label)
            elif facts.kind == "slab":
                _slab(p, t, hue, facts.label)
            else:
                p.setPen(QPen(t.dim, 1.5))
                p.setBrush(tint(t.ink, 24))
                p.drawPath(rounded(_corners(0, 36, 52, 30), 6))


def _corners(x: float, y: float, width: float, depth: float) -> list[QPointF]:
    lean = depth * 0.98
    return [
        QPointF(x + 1, y),
        QPointF(x + 1 + width, y),
        QPointF(x + width + lean, y - depth),
        QPointF(x + 1 + lean, y - depth),
    ]


def _tile(p: QPainter, t: Tokens, hue: QColor, label: str) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(mix(hue, t.on_tile, 0.42))
    p.drawPath(rounded(_corners(0, 42, 50, 32), 6))
    p.setBrush(hue)
    p.drawPath(rounded(_corners(0, 37, 50, 32), 6))
    if label:
        px = 20 if len(label) <= 2 else NOTE
        say(p, 41, 21 + px * 0.36, label, t.on_tile, px, 700, "centre", room=56)


def _slab(p: QPainter, t: Tokens, hue: QColor, label: str) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(mix(hue, t.page, 0.55))
    p.drawPath(rounded(_corners(0, 30, 52, 26), 1))
    p.setBrush(mix(hue, t.page, 0.3))
    p.drawRect(QRectF(1, 30, 52, 12))
    if label:
        number_tag(p, t, 5, 36, label, hue, 16)


class FactRow(QWidget):
    """A name and its value; a digest can be copied whole."""

    def __init__(self, look: Look, fact: Fact) -> None:
        super().__init__()
        name = Words(fact.name, NOTE, 400, "dim")
        name.setFixedWidth(KEY_PX)
        value = Cut(look, NOTE, 500, fact.mono)
        value.say(fact.value)
        line = row(name, value, spacing=0)
        if fact.digest:
            line.addWidget(CopyButton(look, value.text))
        self.setLayout(line)
        self.setFixedHeight(26)


class Way(Surface):
    """The layers that a look-up asks, top first."""

    ROW_PX = 36

    def __init__(self, look: Look, asked: tuple[Asked, ...]) -> None:
        super().__init__(look, "card")
        self._asked = asked
        self.setFixedHeight(12 + self.ROW_PX * len(asked))
        self.setAccessibleName("; ".join(f"{one.layer}: {one.text}" for one in asked))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            self.paint_ground(p)
            for k, one in enumerate(self._asked):
                at = 6 + self.ROW_PX * k + 23.0
                found = one.state == "found"
                colour = t.good_text if found else t.bad_text if one.state == "stop" else t.dim
                number_tag(p, t, 12, at - 5, str(one.position), t.hue(one.hue))
                wide = say(p, 46, at, one.layer, t.ink if found else t.dim, NOTE, 600 if found else 400)
                room = self.width() - 46 - wide - 8 - (36 if found else 12)
                say(p, 46 + wide + 8, at, one.text, colour, NOTE, 500 if found else 400, room=room)
                if found:
                    icon(p, "check", self.width() - 28, at - 12, t.good_text, 13, 2)


class Inspector(QWidget):
    """`closed` lets go of what was chosen."""

    closed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._facts: Facts | None = None
        close = Button(look, kind="quiet", glyph="cross", tip="player.let_go")
        close.setFixedSize(24, 24)
        close.clicked.connect(self.closed)
        self._close = close
        self._section = Section(look, "player.selected", close)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._section)
        self._body = QVBoxLayout()
        self._body.setSpacing(0)
        self._column.addLayout(self._body)
        look.retranslated.connect(lambda: self.tell(self._facts))
        self.tell(None)

    @property
    def facts(self) -> Facts | None:
        return self._facts

    def tell(self, facts: Facts | None) -> None:
        """Shows `facts`, or how to choose something."""
        self._facts = facts
        emptied(self._body)
        self._close.setVisible(facts is not None)
        if facts is None:
            self._body.addWidget(Words(self._look.say("player.click_something"), NOTE, 400, "dim", wrap=True))
            return
        title = Cut(self._look, CAPTION, 600, mono=facts.kind != "slab")
        title.say(facts.title)
        what = Words(facts.what, NOTE, 400, "dim", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(what)
        head = row(spacing=14, margins=(0, 6, 0, 8))
        head.addWidget(Emblem(self._look, facts))
        head.addLayout(words, 1)
        self._body.addLayout(head)
        self._body.addWidget(Rule(self._look))
        self._body.addSpacing(6)
        for fact in facts.rows:
            self._body.addWidget(FactRow(self._look, fact))
        if facts.asked:
            self._body.addSpacing(12)
            self._body.addWidget(Section(self._look, "player.how_found"))
            self._body.addSpacing(4)
            self._body.addWidget(Way(self._look, facts.asked))
        if facts.commands:
            self._body.addSpacing(12)
            text = "\n".join(facts.commands)
            self._body.addWidget(Section(self._look, "player.by_command", CopyButton(self._look, lambda: text)))
            self._body.addSpacing(4)
            self._body.addWidget(Printed(self._look, Typed(text), several=True))
