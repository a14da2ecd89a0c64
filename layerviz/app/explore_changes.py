"""A list of paths that are added, changed or removed, and a choice of which of them."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from layerviz.app.explore_layers import Lines
from layerviz.app.explore_model import Index, RowPainter, RowsModel, is_chosen, is_pointed_at
from layerviz.app.explore_rows import EDGE_PX, ring
from layerviz.app.explore_words import size_words
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Segments, Surface, Words, column
from layerviz.app.strokes import say, width_of
from layerviz.app.tokens import NOTE, font, tint
from layerviz.engine import paths
from layerviz.engine.compare import Difference
from layerviz.engine.entry import Entry, Kind
from layerviz.strings import Lang

ROW_PX = 30
KINDS = {"A": "added", "C": "changed", "D": "removed"}


def changes_model(look: Look) -> RowsModel[Difference]:
    """What differs."""

    def said(change: Difference) -> str:
        kind = look.say(f"explore.kind_{KINDS[change.kind]}")
        return f"{kind}, {paths.display(change.path)}, {what_changed(change, look.lang)}"

    return RowsModel(lambda change: paths.display(change.path), said)


def what_changed(change: Difference, lang: Lang) -> str:
    """The sizes of a path before and after, or what else is another."""
    before, after = _size(change.before, lang), _size(change.after, lang)
    one, other = change.before, change.after
    if one is None or other is None:
        return before or after
    if before != after:
        return f"{before or one.kind} → {after or other.kind}"
    if one.mode != other.mode:
        return f"{one.mode:o} → {other.mode:o}"
    return after


def _size(entry: Entry | None, lang: Lang) -> str:
    return size_words(entry.size_bytes, lang) if entry is not None and entry.kind is Kind.FILE else ""


class ChangesDelegate(RowPainter[Difference]):
    def __init__(self, look: Look, model: RowsModel[Difference]) -> None:
        super().__init__(model)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_PX)

    def draw(self, p: QPainter, r: QRectF, row: Difference, option: QStyleOptionViewItem) -> None:
        t = self._look.tokens
        if is_chosen(option) or is_pointed_at(option):
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(tint(t.ink, 30 if is_chosen(option) else 16))
            p.drawRoundedRect(r.adjusted(4, 1, 4, -1), 6, 6)
        ring(p, self._look, option, r.adjusted(4, 1, 4, -1), 6)
        middle, base = r.center().y(), r.center().y() + 4.5
        glyph, ink = {"A": ("plus", t.good_text), "C": ("replay", t.accent_text), "D": ("minus", t.bad_text)}[row.kind]
        icon(p, glyph, r.left() + 14, middle - 6, ink, 12, 1.8)
        entry = row.after or row.before
        kind = entry.kind if entry is not None else Kind.FILE
        icon(p, {Kind.DIR: "dir", Kind.SYMLINK: "link"}.get(kind, "file"), r.left() + 38, middle - 7, t.dim, 14)
        what = what_changed(row, self._look.lang)
        say(p, r.right() - EDGE_PX, base, what, t.dim, NOTE, 400, "right")
        room = r.width() - 62 - width_of(what, font(NOTE)) - 40
        say(p, r.left() + 62, base, paths.display(row.path), t.ink, NOTE, 500, mono=True, room=room)


class Changes(Surface):
    """`chosen` carries a `Difference`; `filter` stands where who shows the list wants it."""

    chosen = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card")
        self._changes: tuple[Difference, ...] | None = None
        """None: they are being found out."""
        kinds = tuple((name, f"explore.kind_{name}") for name in ("all", *KINDS.values()))
        self.filter = Segments(look, kinds, "all", 92)
        self.model = changes_model(look)
        self.list = Lines()
        self.list.setUniformItemSizes(True)
        self.list.setModel(self.model)
        self._delegate = ChangesDelegate(look, self.model)
        self.list.setItemDelegate(self._delegate)
        self.nothing = Words("", NOTE, 400, "dim", wrap=True)
        self.nothing.setContentsMargins(12, 4, 12, 4)
        self.list.hide()
        self.setLayout(column(self.nothing, self.list, margins=(2, 6, 2, 6)))
        self.filter.chosen.connect(lambda _: self._show())
        self.list.clicked.connect(self._take)
        self.list.activated.connect(self._take)
        look.retranslated.connect(self._count)

    def name(self, name: str, nothing: str) -> None:
        """What the list is called, and what is said where nothing is in it."""
        self.list.setAccessibleName(name)
        self.nothing.setText(nothing)

    def tell(self, changes: Sequence[Difference]) -> None:
        self._changes = tuple(changes)
        self._count()
        self._show()

    def _count(self) -> None:
        """The choices with how many there are of each."""
        if self._changes is None:
            return
        counts = Counter(KINDS[change.kind] for change in self._changes)
        for name in KINDS.values():
            button = self.filter.button(name)
            button.setText(f"{self._look.say(f'explore.kind_{name}')} {counts[name]:,}")
            button.setAccessibleName(button.text())

    def _show(self) -> None:
        if self._changes is None:
            return
        wanted = self.filter.current
        changes = tuple(one for one in self._changes if wanted in ("all", KINDS[one.kind]))
        self.model.show(changes)
        self.nothing.setVisible(not changes)
        self.list.setVisible(bool(changes))

    def _take(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.rows[index.row()])
