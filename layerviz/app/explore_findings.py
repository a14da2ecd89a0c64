"""The right pane of Explore: efficiency as dive counts it, and what is stored in vain as cards with the advice that
mends it."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QStyleOptionViewItem, QWidget

from layerviz.app.explore_image import Opened
from layerviz.app.explore_layers import Lines
from layerviz.app.explore_model import Index, RowPainter, RowsModel, is_chosen, is_pointed_at
from layerviz.app.explore_rows import EDGE_PX, ring
from layerviz.app.explore_words import efficiency_words, size_words
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Section, Surface, Words, column
from layerviz.app.strokes import bar, box, lines, number_tag, painting, say
from layerviz.app.tokens import BODY, NOTE, PAD, font
from layerviz.engine import paths
from layerviz.engine.waste import Finding, Waste
from layerviz.strings.advice import is_base, told
from layerviz.strings.numbers import percent

INSIDE_PX, GAP_PX, LINE_PX = 14.0, 8.0, 19.0
MOST_CHIPS = 5
FEW_CARDS = 24
"""A card takes as long as a hundred names of a list."""
MOST_LINES = 3


class Card(NamedTuple):
    """A finding in words."""

    title: str
    path: str
    files: str
    size: str
    positions: tuple[int, ...]
    why: str
    advice: str


def findings_model(look: Look, card: Callable[[Finding], Card]) -> RowsModel[Finding]:
    """The findings; `card` puts one into words."""

    def said(finding: Finding) -> str:
        one = card(finding)
        layers = look.say("explore.in_layers", layers=", ".join(map(str, one.positions)))
        path = f"{one.path}, {one.files}" if one.files else one.path
        return ". ".join((f"{one.title}, {one.size}", path, layers, one.why, one.advice))

    def tip(finding: Finding) -> str:
        one = card(finding)
        return f"{one.path}\n{one.advice}"

    return RowsModel(lambda finding: card(finding).path, said, tip, at_once=FEW_CARDS)


class CardsDelegate(RowPainter[Finding]):
    """Paints a finding as a card, as high as its words."""

    def __init__(self, look: Look, model: RowsModel[Finding], card: Callable[[Finding], Card], view: QListView) -> None:
        super().__init__(model)
        self._look, self._card_of, self._view = look, card, view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        card = self._card_of(self.row(index))
        count = sum(len(part) for part in self._words(card, self._view.viewport().width()))
        return QSize(200, round(104 + count * LINE_PX + GAP_PX))

    def _words(self, card: Card, width: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
        room = width - PAD - EDGE_PX - 2 * INSIDE_PX
        return _wrapped(card.why, room), _wrapped(card.advice, room - 20)

    def draw(self, p: QPainter, r: QRectF, row: Finding, option: QStyleOptionViewItem) -> None:
        self._card(p, r.adjusted(PAD, 0, -EDGE_PX, -GAP_PX), self._card_of(row), option)

    def _card(self, p: QPainter, r: QRectF, card: Card, option: QStyleOptionViewItem) -> None:
        t = self._look.tokens
        chosen, pointed = is_chosen(option), is_pointed_at(option)
        line = t.accent_text if chosen else t.line_strong if pointed else None
        box(p, t, r, t.raised if pointed and not chosen else t.card, 10, line, 1.6 if chosen else 1)
        x, to, y = r.left() + INSIDE_PX, r.right() - INSIDE_PX, r.top()
        wide = say(p, to, y + 28, card.size, t.bad_text, BODY, 600, "right")
        say(p, x, y + 28, card.title, t.ink, BODY, 600, room=to - x - wide - 10)
        counted = say(p, to, y + 51, card.files, t.dim, NOTE, 400, "right") if card.files else 0
        say(p, x, y + 51, card.path, t.ink, NOTE, 500, mono=True, room=to - x - counted - (10 if counted else 0))
        self._chips(p, x, y + 72, card.positions)
        ring(p, self._look, option, r.adjusted(3, 3, -3, -3), 8)
        why, advice = self._words(card, self._view.viewport().width())
        at = y + 102
        for text in why:
            say(p, x, at, text, t.dim, NOTE)
            at += LINE_PX
        at += 3
        if advice:
            icon(p, "check", x, at - 10.5, t.good_text, 12, 2)
        for text in advice:
            say(p, x + 20, at, text, t.good_text, NOTE)
            at += LINE_PX

    def _chips(self, p: QPainter, x: float, y: float, positions: tuple[int, ...]) -> None:
        """The layers from the first to the last, in the middle cut."""
        t = self._look.tokens
        shown: tuple[int, ...] = positions
        if len(positions) > MOST_CHIPS:
            shown = (*positions[: MOST_CHIPS - 2], 0, positions[-1])
        for number, position in enumerate(shown):
            if number:
                icon(p, "right", x + 6, y - 6.5, t.dim, 13)
                x += 25
            if position:
                x += number_tag(p, t, x, y, str(position), t.hue(position))
            else:
                x += say(p, x, y + 4, "…", t.dim, NOTE)


@lru_cache(maxsize=512)
def _wrapped(text: str, room: float) -> tuple[str, ...]:
    """The lines of a text; many findings say the same."""
    return lines(text, font(NOTE), room, MOST_LINES)


class Score(QWidget):
    """The efficiency as a number and a bar."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.score: float | None = None
        self.setFixedHeight(44)
        look.restyled.connect(self.update)

    def tell(self, score: float | None) -> None:
        self.score = score
        self.setAccessibleName(self.text)
        self.update()

    @property
    def text(self) -> str:
        return "…" if self.score is None else percent(self.score)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            wide = say(p, -1, 36, self.text, t.ink, 36, 700)
            if self.score is not None:
                colour = t.good if self.score >= 0.9 else t.bad
                bar(p, t, QRectF(wide + 18, 18, self.width() - wide - 18, 8), self.score, colour)


class FindingsPane(Surface):
    """`chosen` carries a finding."""

    chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "pane", edge="left")
        self._image: Opened | None = None
        self._waste: Waste | None = None
        self._shown: tuple[Finding, ...] = ()
        self._cards: dict[int, Card] = {}
        """By the identity of their findings, which the model holds."""
        self.score = Score(look)
        self._as_dive = Words("", NOTE, 400, "dim")
        self.sentence = Words("", NOTE, 400, "dim", wrap=True)
        self._by = Words("", NOTE, 400, "dim")
        self.nothing = Words("", NOTE, 400, "dim", wrap=True)
        self.model = findings_model(look, self.card)
        self.list = Lines()
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setModel(self.model)
        self._delegate = CardsDelegate(look, self.model, self.card, self.list)
        self.list.setItemDelegate(self._delegate)
        head = column(spacing=2, margins=(PAD, 10, PAD, 0))
        head.addWidget(Section(look, "explore.efficiency", self._as_dive))
        head.addWidget(self.score)
        head.addWidget(self.sentence)
        head.addSpacing(10)
        head.addWidget(Section(look, "explore.findings", self._by))
        head.addWidget(self.nothing)
        whole = column(spacing=0, margins=(1, 0, 0, 8))
        whole.addLayout(head)
        whole.addSpacing(4)
        whole.addWidget(self.list, 1)
        self.setLayout(whole)
        self.list.clicked.connect(self._clicked)
        self.list.activated.connect(self._clicked)
        look.retranslated.connect(self._refresh)
        look.restyled.connect(self.list.viewport().update)
        self._refresh()

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self._waste.findings if self._waste is not None else ()

    def tell(self, image: Opened | None, waste: Waste | None) -> None:
        """`waste` None: it is being counted."""
        self._image, self._waste = image, waste
        self._refresh()

    def let_go(self) -> None:
        self.list.selectionModel().clear()

    def choose(self, path: str) -> None:
        """Shows the finding that is about `path` as the one that is spoken of, if there is one."""
        about = [n for n, one in enumerate(self.findings) if path == one.path or path in one.paths]
        if about:
            self.list.setCurrentIndex(self.model.reach(about[0]))
        else:
            self.let_go()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.list.scheduleDelayedItemsLayout()

    def _clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.findings[index.row()])

    def _refresh(self) -> None:
        look, waste, image = self._look, self._waste, self._image
        self._cards.clear()
        row = self.list.currentIndex().row()
        held = self._shown[row] if 0 <= row < len(self._shown) else None
        self._shown = self.findings
        self._as_dive.setText(look.say("explore.as_dive"))
        self._by.setText(look.say("explore.by_bytes"))
        self.list.setAccessibleName(look.say("explore.findings"))
        self.score.tell(waste.score if waste is not None else None)
        known = waste is not None and image is not None
        self.nothing.setText(look.say("explore.no_findings" if known else "explore.counting"))
        self.nothing.setVisible(not self.findings)
        if waste is None or image is None:
            self.sentence.setText("")
            self.model.show(())
            return
        self.sentence.setText(efficiency_words(waste, _base_bytes(image), look.lang))
        self.model.show(waste.findings)
        again = [n for n, one in enumerate(self._shown) if held and (one.kind, one.path) == (held.kind, held.path)]
        if again:
            self.list.setCurrentIndex(self.model.reach(again[0]))

    def card(self, finding: Finding) -> Card:
        """A finding in words, found when it is looked at."""
        key = id(finding)
        if key not in self._cards:
            self._cards[key] = self._card(finding)
        return self._cards[key]

    def _card(self, finding: Finding) -> Card:
        image = self._image
        assert image is not None
        words = told(finding, image.stack, self._look.lang)
        path = paths.display(finding.path)
        if finding.count > 1 and finding.kind != "repeated":
            path = f"{path.rstrip('/')}/…"
        size = size_words(finding.wasted_bytes, self._look.lang)
        counted = self._look.say("explore.files_count", count=finding.count, n=f"{finding.count:,}")
        return Card(
            words.title, path, counted if finding.count > 1 else "", size, finding.positions, words.why, words.advice
        )


def _base_bytes(image: Opened) -> int:
    """The bytes of the layer that a base image brought; 0 where none says so."""
    first = image.stack[0] if image.stack else None
    return (first.size_bytes or 0) if first is not None and is_base(1, first.created_by) else 0
