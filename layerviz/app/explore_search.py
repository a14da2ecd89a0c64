"""Searching the names of an image: the field over the stage, and what was found below it."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem, QWidget

from layerviz.app.beside import RunBeside, raised
from layerviz.app.explore_image import Opened
from layerviz.app.explore_layers import Lines
from layerviz.app.explore_model import Index, RowPainter, RowsModel, is_chosen, is_pointed_at
from layerviz.app.explore_rows import EDGE_PX
from layerviz.app.explore_words import size_words
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Surface, Words, column
from layerviz.app.strokes import number_tag, painting, say
from layerviz.app.tokens import BODY, NOTE, font, tint
from layerviz.engine import paths
from layerviz.engine.entry import Kind
from layerviz.engine.search import Hit, find_paths

MOST_FOUND = 1000
FEW_ROWS = 20_000
"""Among so many entries a search takes no time that is felt; among more it is done beside the window."""
WAIT_MS = 120
"""After the last letter: with many names a search takes as long as a frame or two."""
ROW_PX, MOST_ROWS = 34, 9
WIDE_PX, LIST_PX = 236, 560


class SearchField(QLineEdit):
    """`stepped` goes into the list, `accepted` takes the first, `given_up` closes it."""

    stepped = Signal()
    accepted = Signal()
    given_up = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFont(font(BODY))
        self.setTextMargins(28, 0, 8, 0)
        self.setFixedHeight(36)
        self.setMinimumWidth(132)
        self.setAcceptDrops(False)
        look.retranslated.connect(self._retranslate)
        look.restyled.connect(self.update)
        self._retranslate()

    def _retranslate(self) -> None:
        self.setPlaceholderText(self._look.say("explore.search"))
        self.setAccessibleName(self._look.say("explore.search_name"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with painting(self) as p:
            icon(p, "search", 12, self.height() / 2 - 7, self._look.tokens.dim, 14)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self.stepped.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.accepted.emit()
            case Qt.Key.Key_Escape if self.text():
                self.given_up.emit()
            case _:
                super().keyPressEvent(event)


def hits_model(look: Look) -> RowsModel[Hit]:
    """What was found."""

    def said(hit: Hit) -> str:
        key = "explore.hit_seen" if hit.seen else "explore.hit_gone"
        return look.say(key, path=paths.display(hit.path), n=hit.position)

    return RowsModel(lambda hit: paths.display(hit.path), said)


class FoundDelegate(RowPainter[Hit]):
    """A path that was found, with the layer that has it and its size."""

    def __init__(self, look: Look, model: RowsModel[Hit]) -> None:
        super().__init__(model)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_PX)

    def draw(self, p: QPainter, r: QRectF, row: Hit, option: QStyleOptionViewItem) -> None:
        t = self._look.tokens
        if is_chosen(option) or is_pointed_at(option):
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(tint(t.ink, 30))
            p.drawRoundedRect(r.adjusted(6, 1, 4, -1), 6, 6)
        middle = r.center().y()
        wide = number_tag(p, t, r.left() + 14, middle, str(row.position), t.hue(row.position))
        kind = row.entry.kind
        what = size_words(row.entry.size_bytes, self._look.lang) if kind is Kind.FILE else ""
        if not row.seen:
            icon(p, "hidden", r.right() - 18, middle - 7, t.dim, 14)
        end = r.right() - (26 if not row.seen else EDGE_PX)
        used = say(p, end, middle + 4.5, what, t.dim, NOTE, 400, "right")
        x = r.left() + 14 + max(wide, 28) + 10
        icon(p, {Kind.DIR: "dir", Kind.SYMLINK: "link"}.get(kind, "file"), x, middle - 7, t.dim, 14)
        ink = t.ink if row.seen else t.dim
        say(p, x + 24, middle + 4.5, paths.display(row.path), ink, NOTE, 500, mono=True, room=end - used - x - 36)


class Found(Surface):
    """What was found, over the stage. `chosen` carries a path; `left` gives the keyboard back to the field."""

    # An object, for Qt's strings lose what is no UTF-8 in a path.
    chosen = Signal(object)
    left = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, "raised", radius=10)
        self.setParent(parent)
        self.model = hits_model(look)
        self.list = FoundList()
        self.list.setModel(self.model)
        self._delegate = FoundDelegate(look, self.model)
        self.list.setItemDelegate(self._delegate)
        self.note = Words("", NOTE, 400, "dim")
        self.note.setContentsMargins(14, 4, 14, 4)
        self.setLayout(column(self.list, self.note, spacing=0, margins=(1, 6, 1, 6)))
        self.list.clicked.connect(self._take)
        self.list.activated.connect(self._take)
        self.list.left.connect(self.left)
        self.hide()

    def tell(self, hits: Sequence[Hit], note: str) -> None:
        self.model.show(tuple(hits))
        self.note.setText(note)
        self.note.setVisible(bool(note))
        rows = min(len(hits), MOST_ROWS)
        self.list.setVisible(bool(hits))
        self.setFixedHeight(rows * ROW_PX + 14 + (26 if note else 0))
        self.list.setAccessibleName(note or self._look.say("explore.found", count=len(hits)))
        self.show()
        self.raise_()

    def enter(self) -> None:
        """The keyboard comes into the list."""
        if self.isVisible() and self.model.rows:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.list.setCurrentIndex(self.model.reach(0))

    def take_first(self) -> None:
        if self.isVisible() and self.model.rows:
            self._take(self.model.reach(0))

    def _take(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.rows[index.row()].path)


class FoundList(Lines):
    """`left`: Esc, or Up on the first."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        first_up = event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0
        if event.key() == Qt.Key.Key_Escape or first_up:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model() is not None:
            self.setCurrentIndex(self.model().index(0, 0))


class Search(QWidget):
    """The field and the list belong together; this is what the page speaks with. `chosen` carries a path."""

    chosen = Signal(object)

    def __init__(self, look: Look, over: QWidget) -> None:
        super().__init__()
        self._look = look
        self._image: Opened | None = None
        self.field = SearchField(look)
        self.found = Found(look, over)
        self.setLayout(column(self.field, spacing=0))
        self.setFixedWidth(WIDE_PX)
        self._beside: RunBeside | None = None
        self._takes_first = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self.search)
        self.field.textEdited.connect(lambda: self._timer.start())
        self.field.stepped.connect(self._into_list)
        self.field.accepted.connect(self._accept)
        self.field.given_up.connect(self.close_list)
        self.found.left.connect(lambda: self.field.setFocus(Qt.FocusReason.OtherFocusReason))
        self.found.chosen.connect(self._took)
        look.retranslated.connect(lambda: self.search() if self.found.isVisible() else None)

    def show_image(self, image: Opened) -> None:
        self._image = image
        self.close_list()

    def look_for(self, pattern: str) -> None:
        """Searches as if `pattern` had been typed."""
        self.field.setText(pattern)
        self.search()

    def search(self) -> None:
        """Shows what fits what is typed."""
        self._timer.stop()
        pattern, image = self.field.text().strip(), self._image
        if not pattern or image is None:
            self.found.hide()
            return
        stack = image.stack
        if sum(len(layer.entries) for layer in stack) <= FEW_ROWS:
            self._tell(image, pattern, find_paths(stack, pattern, MOST_FOUND))
            return
        beside = self._beside = RunBeside(lambda: find_paths(stack, pattern, MOST_FOUND))
        beside.ended.connect(lambda hits: self._tell(image, pattern, hits) if beside is self._beside else None)
        beside.broke.connect(raised)
        beside.start()

    def _tell(self, image: Opened, pattern: str, hits: Sequence[Hit]) -> None:
        self._beside = None
        note = ""
        if not hits:
            note = self._look.say("explore.no_match", pattern=pattern, count=len(image.stack))
        elif len(hits) == MOST_FOUND:
            note = self._look.say("explore.first_only", count=MOST_FOUND)
        self.place_list()
        self.found.tell(hits, note)
        if self._takes_first:
            self._takes_first = False
            self.found.take_first()

    def place_list(self) -> None:
        """The list hangs below the field, its right edge at the field's."""
        over = self.found.parentWidget()
        assert over is not None
        corner = self.field.mapTo(over, self.field.rect().bottomRight())
        wide = min(max(LIST_PX, self.field.width()), over.width() - 48)
        self.found.setGeometry(max(corner.x() - wide + 1, 24), corner.y() + 6, wide, self.found.height())

    def close_list(self) -> None:
        self.field.clear()
        self.hide_list()

    def hide_list(self) -> None:
        self._timer.stop()
        self._beside = None
        self._takes_first = False
        self.found.hide()

    def _into_list(self) -> None:
        self.search()
        self.found.enter()

    def _accept(self) -> None:
        if self._timer.isActive() or not self.found.isVisible():
            self.search()
        self._takes_first = self._beside is not None
        if not self._takes_first:
            self.found.take_first()

    def _took(self, path: str) -> None:
        self.found.hide()
        self.chosen.emit(path)
