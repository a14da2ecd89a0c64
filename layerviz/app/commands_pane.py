"""The commands of a step with what docker printed: each a row that opens and closes; before the answer they wait."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Surface, Words, emptied
from layerviz.app.strokes import box, painting, say
from layerviz.app.tokens import NOTE, font

MOST_LINES = 12
TABLE = re.compile(r"[A-Z]+( [A-Z]+)* {2,}[A-Z]")
"""How what docker prints as a table begins."""
WHOLE_LETTERS = 30
"""Commands with more are cut on their row, so they can be opened."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A command, and what it printed once it has run: `errors` are docker's and the shell's own words, `hints` ours."""

    command: str
    output: str = ""
    errors: str = ""
    hints: str = ""
    failed: bool = False

    @property
    def printed(self) -> str:
        parts = (text.rstrip("\n") for text in (self.output, self.errors, self.hints))
        return "\n".join(part for part in parts if part)


class Printed(Surface):
    """A well with a command and its output, as a terminal shows them: selectable, at most twelve lines high.

    `several`: each line is a command of its own, not a command of several lines. `right_px` stays free of text at the
    right edge."""

    LEFT_PX, RIGHT_PX, BUTTON_PX = 14, 14, 34

    def __init__(self, look: Look, typed: Typed, several: bool = False, right_px: int = RIGHT_PX) -> None:
        super().__init__(look, "well")
        self._typed, self._several, self._right_px = typed, several, right_px
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFont(font(NOTE, 400, True))
        # The columns of a table stay columns.
        self._table = bool(TABLE.match(typed.output))
        mode = QPlainTextEdit.LineWrapMode
        self.view.setLineWrapMode(mode.NoWrap if self._table else mode.WidgetWidth)
        self.view.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.view.viewport().setAutoFillBackground(False)
        self.view.document().setDocumentMargin(0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.view.setParent(self)
        look.restyled.connect(self._write)
        self._write()

    def _write(self) -> None:
        t, view = self._look.tokens, self.view
        view.clear()
        cursor = view.textCursor()
        for number, line in enumerate(self._typed.command.rstrip("\n").split("\n")):
            _insert(cursor, "$ " if number == 0 or self._several else "> ", t.good_text, 500)
            _insert(cursor, line + "\n", t.ink, 500)
        typed = self._typed
        for text, colour in ((typed.output, t.dim), (typed.errors, t.bad_text), (typed.hints, t.dim)):
            if text:
                _insert(cursor, text.rstrip("\n") + "\n", colour, 400)
        cursor.deletePreviousChar()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        self.view.setGeometry(self.rect().adjusted(self.LEFT_PX, 8, -self._right_px, -8))

    def _fit(self) -> None:
        """As high as its lines, up to the most; with more it shows the last ones."""
        room = self.width() - self.LEFT_PX - self._right_px - 1
        texts, metrics = self.view.toPlainText().split("\n"), QFontMetricsF(self.view.font())
        lines = len(texts) if self._table else sum(_lines(text, self.view.font(), room) for text in texts)
        shown = min(lines, MOST_LINES)
        wider = self._table and max(metrics.horizontalAdvance(text) for text in texts) > room
        bar_px = self.view.horizontalScrollBar().sizeHint().height() if wider else 0
        policies = Qt.ScrollBarPolicy
        self.view.setHorizontalScrollBarPolicy(policies.ScrollBarAlwaysOn if wider else policies.ScrollBarAlwaysOff)
        self.setFixedHeight(ceil(metrics.lineSpacing()) * shown + 18 + bar_px)
        fits = lines <= MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.view.setVerticalScrollBarPolicy(policy)
        QTimer.singleShot(0, self, lambda: self._scroll(to_end=not fits))

    def _scroll(self, to_end: bool) -> None:
        bar = self.view.verticalScrollBar()
        bar.setValue(bar.maximum() if to_end else 0)


def _lines(text: str, face: QFont, room: float) -> int:
    """How many lines `text` takes in so much room, counted before the view has its width."""
    wrap = QTextOption()
    wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text, face)
    layout.setTextOption(wrap)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(room, 1))
    layout.endLayout()
    return max(layout.lineCount(), 1)


def _insert(cursor: QTextCursor, text: str, colour: QColor, weight: int) -> None:
    look = QTextCharFormat()
    look.setForeground(colour)
    look.setFontWeight(weight)
    cursor.insertText(text, look)


class CommandRow(Button):
    """One command on one line. It opens if it printed something; a check says that it ran, a clock that it waits."""

    def __init__(self, look: Look, typed: Typed, waiting: bool) -> None:
        super().__init__(look, kind="row")
        self._typed, self._waiting = typed, waiting
        self.setText(typed.command.split("\n", 1)[0])
        self.setToolTip(typed.command)
        self.setAccessibleName(typed.command)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(32)
        self.opens = (bool(typed.printed) or len(typed.command) > WHOLE_LETTERS) and not waiting
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.opens else Qt.CursorShape.ArrowCursor)
        if not self.opens:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(120, 32)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        lit = self.opens and (self.underMouse() or self.hasFocus())
        with painting(self) as p:
            box(p, t, r, t.raised if lit else t.pane, 8, t.line_strong if lit else None)
            glyph = "wait" if self._waiting else "cross" if self._typed.failed else "into" if self.opens else "check"
            colour = (
                t.dim if self._waiting else t.bad_text if self._typed.failed else t.ink if self.opens else t.good_text
            )
            icon(p, glyph, 10, 9.5, colour, 13, 2 if glyph == "check" else 1.6)
            end = r.width() - 10.0
            if self._typed.printed and not self._waiting:
                count = self._typed.printed.count("\n") + 1
                end -= say(p, end, 20.5, self._look.say("player.lines", count=count), t.dim, NOTE, 400, "right") + 8
            ink = t.dim if self._waiting else t.ink
            text = self._typed.command.replace("\n", " ⏎ ")
            say(p, 32, 20.5, text, ink, NOTE, 500 if lit else 400, mono=True, room=end - 32)


class CommandsPane(QWidget):
    """The commands in order; the one that moves the picture is open, the others are closed until they are clicked."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._typed: tuple[Typed, ...] = ()
        self._waiting = False

    def show_commands(self, typed: Sequence[Typed], waiting: bool, open_at: int = -1) -> None:
        """Shows `typed`; with `waiting` they have not run yet. The one at `open_at` is open."""
        self._typed, self._waiting = tuple(typed), waiting
        emptied(self._column)
        for number, one in enumerate(self._typed):
            self._add(one, number == open_at and not waiting)
        if waiting and self._typed:
            self._column.addWidget(Words(self._look.say("player.they_wait"), NOTE, 400, "dim", wrap=True))

    @property
    def commands(self) -> tuple[str, ...]:
        return tuple(one.command for one in self._typed)

    def _add(self, one: Typed, opened: bool) -> None:
        holder = QWidget()
        stack = QVBoxLayout(holder)
        stack.setContentsMargins(0, 0, 0, 0)
        head = CommandRow(self._look, one, self._waiting)
        stack.addWidget(head)
        printed: list[Printed] = []

        def toggle() -> None:
            if not head.opens:
                return
            if not printed:
                well = Printed(self._look, one, right_px=Printed.BUTTON_PX)
                well.setCursor(Qt.CursorShape.ArrowCursor)
                close = Button(self._look, kind="quiet", glyph="less", tip="player.close_output")
                close.setParent(well)
                close.setFixedSize(24, 24)
                close.clicked.connect(toggle)
                well.installEventFilter(_Corner(well, close))
                printed.append(well)
                stack.addWidget(well)
                head.hide()
            else:
                well = printed.pop()
                well.hide()
                well.deleteLater()
                head.show()

        head.clicked.connect(toggle)
        self._column.addWidget(holder)
        if opened:
            toggle()


class _Corner(QWidget):
    """Keeps a button in the upper right corner of a well."""

    def __init__(self, well: QWidget, button: QWidget) -> None:
        super().__init__(well)
        self.hide()
        self._button = button

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show) and isinstance(watched, QWidget):
            self._button.move(watched.width() - 30, 6)
            self._button.raise_()
        return False
