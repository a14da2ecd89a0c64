"""Your computer: the files of the folder where the prompt stands, with what is in them; draggable where one builds."""

from dataclasses import dataclass
from itertools import islice
from operator import is_

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from layerviz.app.carry import Carried
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.strokes import box, painting, say
from layerviz.app.tokens import NOTE, font
from layerviz.engine import paths
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.world import Layer, World
from layerviz.picture.layout.sight import Name, Version, is_toy, label_of

ROW_PX = 30
MOST_ROWS = 24
MOST_CHIPS = 12
MOST_READ = 200
"""So many names of a folder are looked into: what is shown follows every command, however many files there are."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A file of a folder: what is in it, and its name."""

    label: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class HostRow:
    """A folder with the files in it (the first ones, and how many more there are), or a single file with a remark."""

    path: str
    name: str
    is_folder: bool
    chips: tuple[Chip, ...] = ()
    remark: str = ""
    more: int = 0


def host_rows(world: World) -> tuple[HostRow, ...]:
    """What lies in the folder where the prompt stands: folders first."""
    here = _names(world.host, world.cwd, MOST_READ)
    toy = is_toy([name for name in here if not name.is_directory])
    rows: list[HostRow] = []
    for name in here:
        version = name.on_view
        if version is None:
            continue
        if name.is_directory:
            if sum(row.is_folder for row in rows) == MOST_ROWS:
                continue
            chips = _chips(world.host, name.path)
            more = name.below - len(chips) if len(chips) == MOST_CHIPS else 0
            rows.append(HostRow(name.path, name.name + "/", True, chips, more=more))
        else:
            content = version.entry.content
            if name.name == "Dockerfile":
                remark = f"lines {content.read(65536).count(bytes([10]))}"
            else:
                remark = label_of(version, toy=toy)
            rows.append(HostRow(name.path, name.name, False, (), remark))
    return tuple(sorted(rows, key=lambda row: (not row.is_folder, paths.key(row.path))))


_KNOWN: dict[str, tuple[tuple[Entry, ...], tuple[Chip, ...]]] = {}
"""The chips of the folders that were shown last, and what they were made of: few folders change from one world to the
next."""


def _chips(host: Layer, folder: str) -> tuple[Chip, ...]:
    """The first files of a folder."""
    entries = tuple(islice(host.entries.entries_in(folder), MOST_CHIPS))
    made_of, chips = _KNOWN.get(folder, ((), ()))
    if len(made_of) == len(entries) and all(map(is_, made_of, entries)) and not any(map(_is_folder, entries)):
        return chips
    names = _names(host, folder, MOST_CHIPS)
    toy = is_toy(names)
    chips = tuple(
        Chip(label_of(version, toy=toy), name.name, name.path)
        for name in names
        if (version := name.on_view) is not None
    )
    if len(_KNOWN) >= MOST_READ:
        _KNOWN.clear()
    _KNOWN[folder] = entries, chips
    return chips


def _is_folder(entry: Entry) -> bool:
    # Its chip counts what lies below it, and it is the same entry when that changes.
    return entry.kind is Kind.DIR


def _names(host: Layer, directory: str, most: int) -> tuple[Name, ...]:
    """The first names of a folder. Your computer is one layer, so nothing is hidden and nothing merged."""
    names = []
    for entry in islice(host.entries.entries_in(directory), most):
        below = len(host.entries.below(entry.path)) if entry.kind is Kind.DIR else 0
        names.append(Name(entry.path, (Version(entry.path, 1, entry, False, below),), 1, below))
    return tuple(names)


class ComputerPane(QWidget):
    """Rows of folders and files. `taken` carries the address of a row that was clicked or given Enter.

    With `draggable`, a row can be carried onto the stage."""

    taken = Signal(str)

    def __init__(self, look: Look, draggable: bool = False, chips: bool = True) -> None:
        super().__init__()
        self._look, self._draggable, self._chips = look, draggable, chips
        self._rows: tuple[HostRow, ...] = ()
        self._lit: frozenset[str] = frozenset()
        self._hue = 1
        self._hover = -1
        self._press: QPointF | None = None
        self._carried: Carried | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if draggable else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.restyled.connect(self.update)
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def show_world(self, world: World, lit: frozenset[str] = frozenset(), hue: int = 1) -> None:
        """Shows the files of `world`; those folders whose path is in `lit` carry the hue."""
        self._rows, self._lit, self._hue = host_rows(world)[:MOST_ROWS], lit, hue
        self.updateGeometry()
        self.update()

    @property
    def rows(self) -> tuple[HostRow, ...]:
        return self._rows

    def sizeHint(self) -> QSize:
        return QSize(240, max(ROW_PX * len(self._rows), ROW_PX))

    def row_rect(self, index: int) -> QRectF:
        return QRectF(0, ROW_PX * index, self.width(), ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            if not self._rows:
                say(p, 0, 20, self._look.say("player.nothing_here"), t.dim, NOTE)
            for index, row in enumerate(self._rows):
                r, lit = self.row_rect(index), row.path in self._lit
                base = r.top() + 20
                if index == self._hover and self._draggable:
                    p.setPen(Qt.PenStyle.NoPen)
                    p.setBrush(t.raised)
                    p.drawRoundedRect(r.adjusted(-6, 1, 6, -1), 7, 7)
                ink = t.ink if lit or index == self._hover else t.dim
                icon(p, "dir" if row.is_folder else "file", 0, base - 11, ink, 14)
                weight = 600 if lit or self._draggable else 500
                wide = 22 + say(p, 22, base, row.name, t.ink, NOTE, weight, mono=True, room=self.width() * 0.6)
                if not row.is_folder:
                    say(p, self.width(), base, self._remark(row), t.dim, NOTE, 400, "right")
                elif self._chips:
                    self._paint_chips(p, row, base, wide, lit)
                else:
                    names = "  ".join(chip.name for chip in row.chips)
                    say(p, self.width(), base, names, ink, NOTE, 400, "right", mono=True, room=self.width() - wide - 12)

    def _paint_chips(self, p: QPainter, row: HostRow, base: float, left: float, lit: bool) -> None:
        t = self._look.tokens
        at = float(self.width())
        hidden = row.more
        for chip in reversed(row.chips):
            number = QFontMetricsF(font(NOTE, 700)).horizontalAdvance(chip.label)
            name = QFontMetricsF(font(NOTE, 500, True)).horizontalAdvance(chip.name)
            wide = number + name + (21 if chip.label else 15)
            if at - wide < left + 12:
                hidden += 1
                continue
            at -= wide
            hue = t.hue_text(self._hue) if lit else None
            box(p, t, QRectF(at, base - 15.5, wide, 22), t.well, 5, t.hue(self._hue) if lit else None)
            x = at + 8
            if chip.label:
                x += say(p, x, base, chip.label, hue or t.ink, NOTE, 700) + 5
            say(p, x, base, chip.name, t.ink if lit else t.dim, NOTE, 500, mono=True)
            at -= 4
        if hidden:
            say(p, at - 2, base, f"+{hidden}", t.dim, NOTE, 500, "right")

    def _remark(self, row: HostRow) -> str:
        if row.remark.startswith("lines "):
            return self._look.say("player.lines", count=int(row.remark.removeprefix("lines ")))
        return row.remark

    def _index_at(self, pos: QPointF) -> int:
        index = int(pos.y() // ROW_PX)
        return index if 0 <= index < len(self._rows) else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._carried is not None:
            self._carried.move_to(event.globalPosition())
            return
        if self._press is not None and self._draggable and self._hover >= 0:
            far = (event.position() - self._press).manhattanLength()
            if far >= QApplication.startDragDistance():
                row = self._rows[self._hover]
                self._press = None
                glyph = "dir" if row.is_folder else "file"
                self._carried = Carried(self._look, self, f"host:{row.path}", row.name, glyph)
                self._carried.move_to(event.globalPosition())
            return
        self._hover = self._index_at(event.position())
        self.setCursor(
            Qt.CursorShape.OpenHandCursor if self._draggable and self._hover >= 0 else Qt.CursorShape.ArrowCursor
        )
        if self._hover >= 0:
            row = self._rows[self._hover]
            self.setToolTip("  ".join(chip.name for chip in row.chips) or paths.display(row.path))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._hover = self._index_at(event.position())
            self._press = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._carried is not None:
            carried, self._carried = self._carried, None
            carried.let_go(event.globalPosition())
            return
        if self._press is not None and self._hover >= 0:
            self.taken.emit(f"host:{self._rows[self._hover].path}")
        self._press = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if move and self._rows:
            self._hover = min(max(self._hover + move, 0), len(self._rows) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hover >= 0:
            self.taken.emit(f"host:{self._rows[self._hover].path}")
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.update()

    def _retranslate(self) -> None:
        self.setAccessibleName(self._look.say("player.computer"))
        self.update()
