"""The left pane of Explore: the image's name, how it came, whether its layers are what their DiffIDs say, the list of
its layers."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QFrame, QListView, QWidget

from layerviz.app.explore_image import ORDERS, Arrival, Opened, Order, lines_of
from layerviz.app.explore_rows import LinesDelegate, lines_model
from layerviz.app.explore_words import image_words, listed
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.opening import Checked
from layerviz.app.parts import Cut, Surface, column, row
from layerviz.app.strokes import painting, say
from layerviz.app.tokens import BODY, DENSE, HEAD, NOTE, PAD, font
from layerviz.engine.find import normal_ref
from layerviz.engine.layer_facts import LayerFacts


class Lines(QListView):
    """A list whose rows are painted, on the ground of its pane; arrows walk it. The room of its scroll bar is kept
    free at the right, so rows are as wide with it as without."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setUniformItemSizes(False)
        self.viewport().setAutoFillBackground(False)
        colours = self.palette()
        colours.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(colours)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """One comes to a row, which by keyboard carries the ring, for the list reaches to the edges of its pane; that
        is no choice yet."""
        if not self.currentIndex().isValid() and self.model() is not None:
            selection = self.selectionModel()
            selection.blockSignals(True)
            selection.setCurrentIndex(self.model().index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            selection.blockSignals(False)
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is copied is not the text of a row: the page knows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()
        else:
            super().keyPressEvent(event)


class CheckLine(QWidget):
    """Whether the layers are what their DiffIDs say: not known yet, a check, or which is not."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._checked: Checked | None = None
        self._layers = 0
        self.setFixedHeight(22)
        look.restyled.connect(self.update)
        look.retranslated.connect(lambda: self.tell(self._checked, self._layers))

    def tell(self, checked: Checked | None, layers: int = 0) -> None:
        """`layers`: how many the image has, also those whose bytes are not at hand."""
        self._checked, self._layers = checked, layers
        self.setAccessibleName(self.text)
        self.setToolTip(self.text)
        self.update()

    @property
    def text(self) -> str:
        look, checked = self._look, self._checked
        if checked is None:
            return ""
        if checked.wrong:
            layers = listed([str(n) for n in checked.wrong], look.lang)
            return look.say("explore.wrong", count=len(checked.wrong), layers=layers)
        if checked.problem:
            return look.say("explore.not_checked", why=checked.problem.sentence.said(look.lang))
        if checked.done < checked.of:
            return look.say("explore.checking", done=checked.done, count=checked.of)
        if not checked.of:
            return look.say("explore.no_bytes")
        if checked.of < self._layers:
            return look.say("explore.match_known", done=checked.of, count=self._layers, rest=self._layers - checked.of)
        return look.say("explore.match", count=checked.of)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, checked = self._look.tokens, self._checked
        if checked is None:
            return
        sure = bool(checked.of) and checked.done == checked.of and not checked.wrong
        broken, waits = bool(checked.wrong or checked.problem), bool(checked.of)
        glyph = "cross" if broken else "check" if sure else "wait" if waits else "minus"
        ink = t.bad_text if broken else t.good_text if sure else t.dim
        with painting(self) as p:
            icon(p, glyph, 0, 5, ink, 12, 2 if glyph in ("check", "cross") else 1.4)
            say(p, 20, 16, self.text, ink, NOTE, 400, room=self.width() - 20)


class Legend(QWidget):
    """What the rose part of a bar means."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(36)
        look.restyled.connect(self.update)
        look.retranslated.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(t.bad)
            p.drawRoundedRect(QRectF(PAD, 16, 16, 4), 2, 2)
            room = self.width() - PAD - 40
            say(p, PAD + 24, 23, self._look.say("explore.legend"), t.dim, NOTE, 400, room=room)


class LayersPane(Surface):
    """`chosen` carries the position of a layer, `entered` too: Enter on one that is chosen, or a double click."""

    chosen = Signal(int)
    entered = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "pane", edge="right")
        self._image: Opened | None = None
        self._arrivals: tuple[Arrival, ...] = ()
        self._facts: tuple[LayerFacts, ...] = ()
        self._order: Order = "order"
        self.name = Cut(look, HEAD, 600)
        self.order = QComboBox()
        self.order.setFont(font(BODY, 500))
        self.order.setFixedHeight(DENSE)
        self.order.setMinimumWidth(112)
        self.line = Cut(look, NOTE, 400, role="dim")
        self.check = CheckLine(look)
        self.odd = Cut(look, NOTE, 400, role="dim")
        self.wrong: tuple[int, ...] = ()
        """The layers that are not what their DiffIDs say."""
        self.model = lines_model(look, lambda: self.wrong)
        self.list = Lines()
        self.list.setModel(self.model)
        self._delegate = LinesDelegate(look, self.model, lambda: self.wrong)
        self.list.setItemDelegate(self._delegate)
        self.legend = Legend(look)
        head = column(spacing=0, margins=(PAD, 10, PAD, 4))
        head.addLayout(row(self.name, self.order, spacing=8))
        head.addSpacing(2)
        head.addWidget(self.line)
        head.addWidget(self.check)
        head.addWidget(self.odd)
        whole = column(spacing=0, margins=(0, 0, 1, 0))
        whole.addLayout(head)
        whole.addWidget(self.list, 1)
        whole.addWidget(self.legend)
        self.setLayout(whole)
        self.order.activated.connect(lambda index: self.sort(ORDERS[index]))
        self.list.clicked.connect(self._clicked)
        self.list.activated.connect(self._activated)
        selection = self.list.selectionModel()
        selection.currentChanged.connect(self._moved)
        look.retranslated.connect(self._retranslate)
        look.restyled.connect(self.list.viewport().update)
        self._retranslate()

    def show_image(self, image: Opened) -> None:
        """Another image: nothing is known of its layers yet but what its config says."""
        self._image, self._facts, self._arrivals = image, (), ()
        self.wrong = ()
        self.check.tell(None)
        self.order.setEnabled(True)
        self._refresh()

    def show_arriving(self, image: Opened, arrivals: Sequence[Arrival]) -> None:
        """An image that is being read: how far each layer is, in their order."""
        if self.order.isEnabled():
            self.order.setEnabled(False)
            self.wrong = ()
            self.check.tell(None)
        self._image, self._facts, self._arrivals = image, (), tuple(arrivals)
        self._refresh()

    def tell_facts(self, facts: Sequence[LayerFacts]) -> None:
        self._facts = tuple(facts)
        self._refresh()

    def tell_checked(self, checked: Checked) -> None:
        self.check.tell(checked, len(self._image.stack) if self._image is not None else 0)
        if checked.wrong != self.wrong:
            self.wrong = checked.wrong
            self.list.viewport().update()

    def sort(self, order: Order) -> None:
        self._order = order
        self.order.setCurrentIndex(ORDERS.index(order))
        self._refresh()

    @property
    def positions(self) -> tuple[int, ...]:
        """The layers in the order in which they stand, 0 for lines that are none."""
        return tuple(line.position for line in self.model.rows)

    def choose(self, position: int) -> None:
        """Shows a layer as the one that is spoken of; 0 for none."""
        selection = self.list.selectionModel()
        selection.blockSignals(True)
        if position in self.positions and position:
            index = self.model.index(self.positions.index(position))
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)
        else:
            selection.clear()
        selection.blockSignals(False)
        self.list.viewport().update()

    def _clicked(self, index: QModelIndex) -> None:
        position = self.model.rows[index.row()].position
        if position:
            self.chosen.emit(position)

    def _activated(self, index: QModelIndex) -> None:
        position = self.model.rows[index.row()].position
        if position and self.list.selectionModel().isSelected(index):
            self.entered.emit(position)
        else:
            self._clicked(index)

    def _moved(self, index: QModelIndex, before: QModelIndex) -> None:
        """Arrows choose what they come to."""
        if index.isValid() and self.list.hasFocus():
            self._clicked(index)

    def _refresh(self) -> None:
        image = self._image
        if image is None:
            return
        held = self.list.currentIndex().row()
        chosen = self.model.rows[held].position if 0 <= held < len(self.model.rows) else 0
        self.name.say(normal_ref(image.refs[0]) if image.refs else image.name)
        self.line.say(image_words(image, self._look.lang, sum(one.stored_bytes or 0 for one in self._arrivals)))
        self._tell_odd(image)
        order: Order = "order" if self._arrivals else self._order
        lines = lines_of(image.image, self._facts, order, self._arrivals)
        if [(line.position, line.text) for line in lines] == [(line.position, line.text) for line in self.model.rows]:
            self.model.renew(lines)
            return
        self.model.show(lines)
        self.choose(chosen)

    def _tell_odd(self, image: Opened) -> None:
        """What was odd about the archive, the first of it in the line and all of it in its tip."""
        said = [report.said(self._look.lang) for report in (image.brought.reports if image.brought else ())]
        self.odd.setVisible(bool(said))
        if said:
            more = self._look.say("explore.and_odd", count=len(said) - 1) if len(said) > 1 else ""
            # The archive's own name takes the room of what is said.
            self.odd.say(said[0].removeprefix(f"{image.image.origin}, ").removeprefix(f"{image.image.origin}: ") + more)
            self.odd.setToolTip("\n".join(said))

    def _retranslate(self) -> None:
        look = self._look
        self.order.clear()
        for order in ORDERS:
            self.order.addItem(look.say(f"explore.by_{order}"))
        self.order.setCurrentIndex(ORDERS.index(self._order))
        self.order.setAccessibleName(look.say("explore.sort"))
        self.list.setAccessibleName(look.say("explore.layers"))
        self._refresh()
