"""The sheet that holds two images against each other: both on the layers they share, and the paths that differ."""

from collections import Counter

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from layerviz.app.beside import raised
from layerviz.app.explore_image import Opened, is_directory
from layerviz.app.explore_layers import Lines
from layerviz.app.explore_model import Index, RowsModel
from layerviz.app.explore_rows import EDGE_PX, ring
from layerviz.app.explore_words import layers_words, size_words
from layerviz.app.head_line import HeadLine
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.opening import ReadBeside
from layerviz.app.parts import Segments, Surface, Words, column, row
from layerviz.app.scenes import WorldScene
from layerviz.app.sheet import Sheet
from layerviz.app.stage import Stage
from layerviz.app.strokes import say, width_of
from layerviz.app.tokens import BODY, NOTE, font, tint
from layerviz.engine import paths
from layerviz.engine.actions import BringImage
from layerviz.engine.address import AddressError, parse
from layerviz.engine.apply import apply
from layerviz.engine.compare import Comparison, Difference, compare
from layerviz.engine.digests import image_id
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.find import normal_ref, place_of
from layerviz.engine.world import World
from layerviz.picture.layout import Place
from layerviz.strings import Lang

ROW_PX = 30
KINDS = {"A": "added", "C": "changed", "D": "removed"}


def both(one: Opened, other: Opened) -> tuple[World, tuple[str, str]]:
    """A world with both images on the layers that they share, and what addresses call them. One that has the other's
    name goes by its id."""
    world = apply(one.world, BringImage(other.brought.image if other.brought else other.image, other.refs)).world
    ids = image_id(one.image), image_id(other.image)
    first, second = (next(image for image in world.images if image_id(image) == wanted) for wanted in ids)
    return world, (place_of(world, first), place_of(world, second))


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


class ChangesDelegate(QStyledItemDelegate):
    def __init__(self, look: Look, model: RowsModel[Difference]) -> None:
        super().__init__()
        self._look, self._model = look, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, ROW_PX)

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, r, change = self._look.tokens, QRectF(option.rect), self._model.rows[index.row()]
        p.save()
        try:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
                p.setPen(Qt.PenStyle.NoPen)
                p.setBrush(tint(t.ink, 30 if option.state & QStyle.StateFlag.State_Selected else 16))
                p.drawRoundedRect(r.adjusted(4, 1, -4, -1), 6, 6)
            ring(p, self._look, option, r.adjusted(4, 1, 0, -1), 6)
            middle, base = r.center().y(), r.center().y() + 4.5
            glyph, ink = {"A": ("plus", t.good_text), "C": ("replay", t.accent_text), "D": ("minus", t.bad_text)}[
                change.kind
            ]
            icon(p, glyph, r.left() + 14, middle - 6, ink, 12, 1.8)
            entry = change.after or change.before
            kind = entry.kind if entry is not None else Kind.FILE
            icon(p, {Kind.DIR: "dir", Kind.SYMLINK: "link"}.get(kind, "file"), r.left() + 38, middle - 7, t.dim, 14)
            what = what_changed(change, self._look.lang)
            say(p, r.right() - EDGE_PX, base, what, t.dim, NOTE, 400, "right")
            room = r.width() - 62 - width_of(what, font(NOTE)) - 40
            say(p, r.left() + 62, base, paths.display(change.path), t.ink, NOTE, 500, mono=True, room=room)
        finally:
            p.restore()


class CompareSheet(Sheet):
    """`one` against `other`: what stands in `other` and not in `one` is added."""

    def __init__(self, window: QWidget, look: Look, one: Opened, other: Opened) -> None:
        super().__init__(window, look, 1180, 780)
        self._one, self._other = one, other
        self._world, self._names = both(one, other)
        self._comparison: Comparison | None = None
        self._directory = paths.ROOT
        self.head_line = HeadLine(look)
        self.stage = Stage(look)
        self.stage.start_in("flat")
        self.summary = Words("", BODY, 500)
        self.filter = Segments(
            look, tuple((name, f"explore.kind_{name}") for name in ("all", *KINDS.values())), "all", 92
        )
        self.model = changes_model(look)
        self.list = Lines()
        self.list.setUniformItemSizes(True)
        self.list.setModel(self.model)
        self._delegate = ChangesDelegate(look, self.model)
        self.list.setItemDelegate(self._delegate)
        self.nothing = Words("", NOTE, 400, "dim")
        self.nothing.hide()
        well = Surface(look, "card")
        well.setLayout(column(self.nothing, self.list, margins=(2, 6, 2, 6)))
        well.setMinimumHeight(150)
        self.body.addWidget(self.head_line)
        self.body.addWidget(self.stage, 5)
        self.body.addLayout(row(self.summary, None, self.filter))
        self.body.addWidget(well, 4)
        self.head_line.went_to.connect(self.go_to)
        self.head_line.mode.connect(self._set_mode)
        self.stage.entered.connect(self._enter)
        self.stage.chosen.connect(self._chosen)
        self.filter.chosen.connect(lambda _: self._list())
        self.list.clicked.connect(self._go_to_change)
        self.list.activated.connect(self._go_to_change)
        self.translate()
        self.go_to(paths.ROOT)
        self._beside = ReadBeside(lambda reader: compare(one.stack, other.stack, reader))
        self._beside.ended.connect(self._know)
        self._beside.broke.connect(raised)
        self._beside.start()
        self.list.setFocus()

    @property
    def comparison(self) -> Comparison | None:
        return self._comparison

    def go_to(self, directory: str, path: str = "") -> None:
        """Steps to a directory of both, where the column of `path` is framed."""
        self._directory = directory
        place = Place(tuple(dict.fromkeys(self._names)), directory, sparse=True, column=path)
        self.stage.show_scene(WorldScene(self._world, place))
        self.head_line.tell(directory, "")
        picture = self.stage.picture
        self.head_line.segments.choose(picture.mode if picture is not None else "flat")

    def translate(self) -> None:
        look = self._look
        self.name(look.say("explore.compare_title", one=_called(self._one), other=_called(self._other)))
        self.list.setAccessibleName(look.say("explore.compare"))
        if self._comparison is None:
            self.summary.setText(look.say("explore.comparing"))
        else:
            self._tell(self._comparison)
        self.nothing.setText(look.say("explore.no_difference"))

    def _know(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._tell(comparison)
        self._list()

    def _tell(self, comparison: Comparison) -> None:
        """What there is in numbers."""
        look = self._look
        shared, a, b = comparison.shared, len(self._one.stack), len(self._other.stack)
        size = sum(layer.size_bytes or 0 for layer in self._one.stack[:shared])
        if shared:
            said = look.say(
                "explore.shared_layers",
                count=shared,
                size=size_words(size, look.lang),
                one=layers_words(a - shared, look.lang),
                other=layers_words(b - shared, look.lang),
            )
        else:
            said = look.say("explore.nothing_shared", one=layers_words(a, look.lang), other=layers_words(b, look.lang))
        self.summary.setText(said)
        counts = Counter(KINDS[change.kind] for change in comparison.changes)
        for name in KINDS.values():
            button = self.filter.button(name)
            button.setText(f"{look.say(f'explore.kind_{name}')} {counts[name]:,}")
            button.setAccessibleName(button.text())

    def _list(self) -> None:
        if self._comparison is None:
            return
        wanted = self.filter.current
        changes = tuple(one for one in self._comparison.changes if wanted in ("all", KINDS[one.kind]))
        self.model.show(changes)
        self.nothing.setVisible(not changes)
        self.list.setVisible(bool(changes))

    def _go_to_change(self, index: QModelIndex) -> None:
        path = self.model.rows[index.row()].path
        self.go_to(paths.parent(path), path)

    def _chosen(self, address: str) -> None:
        path = _path_of(address)
        if path and path != self._directory:
            self.go_to(self._directory, path)
            self.stage.choose(address)

    def _enter(self, address: str) -> None:
        path = _path_of(address)
        if path and any(is_directory(image, path) for image in (self._one, self._other)):
            self.go_to(path)

    def _set_mode(self, mode: str) -> None:
        self.stage.prefer(mode)
        self.head_line.segments.choose(mode)

    def done(self, result: int) -> None:
        self._beside.give_up()
        super().done(result)


def _called(image: Opened) -> str:
    return normal_ref(image.refs[0]) if image.refs else image.name


def _path_of(address: str) -> str:
    try:
        return parse(address).path or "" if address else ""
    except AddressError:
        return ""
