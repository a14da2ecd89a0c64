"""The terminal of Build: what was printed above, one line to type in below, what fits at the cursor in a strip of its
own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from layerviz.app.look import Look
from layerviz.app.parts import Surface, Words, column, row
from layerviz.app.strokes import box, key_cap, painting, rule, say
from layerviz.app.tokens import NOTE, Tokens, font

MOST_BLOCKS = 10_000
NEW_LINE = "⏎"
"""Stands for the end of a line where a command of several lines is brought back into the one to type in."""
STRIP_PX = 44


@dataclass(frozen=True, slots=True)
class Fitting:
    """Something that fits at the cursor: what the line becomes, its name, and what it is."""

    line: str
    name: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A piece of the transcript: kind "prompt", "more" (a continued line), "out", "err", "hint" or "note"."""

    kind: str
    text: str


class Strip(QWidget):
    """What fits at the cursor; the first is what Tab takes. `taken` carries its number."""

    taken = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._fitting: tuple[Fitting, ...] = ()
        self._at = 0
        self._rects: list[QRectF] = []
        self.setFixedHeight(STRIP_PX)
        self.setMouseTracking(True)

    def tell(self, fitting: Sequence[Fitting], at: int = 0) -> None:
        self._fitting, self._at = tuple(fitting), at
        self.setVisible(bool(self._fitting))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        self._rects = []
        with painting(self) as p:
            rule(p, t, 0, 0, self.width() - 1, 0)
            takes = self._look.say("build.takes_it")
            end = self.width() - 14.0
            end -= say(p, end, 27, takes, t.dim, NOTE, 400, "right") + 48
            key_cap(p, t, end, 27, "Tab")
            x = 8.0
            for number, one in enumerate(self._fitting):
                name = QFontMetricsF(font(NOTE, 600, True)).horizontalAdvance(one.name)
                what = QFontMetricsF(font(NOTE)).horizontalAdvance(one.what)
                wide = name + 24 + (what + 12 if one.what else 0)
                if x + wide > end - 12:
                    break
                r = QRectF(x, 6, wide, 32)
                if number == self._at:
                    box(p, t, r, t.raised, 7, t.raised)
                say(p, x + 12, 27, one.name, t.ink, NOTE, 600, mono=True)
                if one.what:
                    say(p, x + 24 + name, 27, one.what, t.dim, NOTE)
                self._rects.append(r)
                x += wide + 8

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for number, r in enumerate(self._rects):
            if r.contains(event.position()):
                self.taken.emit(number)


class Prompt(QLineEdit):
    """The line to type in. `stepped` asks for an earlier (-1) or later command, `completed` for what fits."""

    stepped = Signal(int)
    completed = Signal(int)
    undone = Signal()
    redone = Signal()

    def __init__(self, look: Look, colours: Callable[[str], Sequence[tuple[int, int, str]]]) -> None:
        super().__init__()
        self._look, self._colours = look, colours
        self.setProperty("kind", "bare")
        self.setFrame(False)
        self.setFont(font(NOTE, 500, True))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(24)
        # A file that is dropped is the window's: an archive to load.
        self.setAcceptDrops(False)
        self.textChanged.connect(self._colour)
        look.restyled.connect(lambda: self._colour(self.text()))

    @property
    def typed(self) -> str:
        """What was typed, lines that were brought back as lines again."""
        return self.text().replace(NEW_LINE, "\n")

    def bring(self, text: str) -> None:
        """Shows `text`, whose lines are told apart by a sign."""
        self.setText(text.replace("\n", NEW_LINE))

    def _colour(self, text: str) -> None:
        """Colours the words by what they are, through the attributes that an input method would use."""
        from PySide6.QtGui import QInputMethodEvent

        t = self._look.tokens
        attributes = []
        for start, length, kind in self._colours(text.replace(NEW_LINE, "\n")):
            shape = QTextCharFormat()
            shape.setForeground(_colour_of(t, kind))
            place = start - self.cursorPosition()
            attributes.append(
                QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.TextFormat, place, length, shape)
            )
        self.blockSignals(True)
        self.event(QInputMethodEvent("", attributes))
        self.blockSignals(False)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Tab:
                self.completed.emit(1)
                return True
            if event.key() == Qt.Key.Key_Backtab:
                return QWidget.event(self, event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Up:
            self.stepped.emit(-1)
        elif event.key() == Qt.Key.Key_Down:
            self.stepped.emit(1)
        elif control and (event.key() == Qt.Key.Key_E or (event.key() == Qt.Key.Key_C and not self.hasSelectedText())):
            # The window exports with one and copies the picture with the other.
            event.ignore()
        elif control and event.key() == Qt.Key.Key_Z and not self.text():
            (self.redone if shift else self.undone).emit()
        else:
            super().keyPressEvent(event)


def _colour_of(t: Tokens, kind: str) -> QColor:
    match kind:
        case "command" | "keyword":
            return t.accent_text
        case "quoted" | "heredoc":
            return t.good_text
        case "comment" | "operator" | "option":
            return t.dim
        case "error":
            return t.bad_text
        case _:
            return t.ink


class Terminal(Surface):
    """`entered` carries a whole command, here-documents and continued lines included."""

    entered = Signal(str)

    def __init__(
        self,
        look: Look,
        needs_more: Callable[[str], bool],
        fitting: Callable[[str, int], Sequence[Fitting]],
        colours: Callable[[str], Sequence[tuple[int, int, str]]],
    ) -> None:
        super().__init__(look, "well")
        self._needs_more, self._fitting_of = needs_more, fitting
        self._pending = ""
        self._history: list[str] = []
        self._at = 0
        self._draft = ""
        self._fits: tuple[Fitting, ...] = ()
        self._fit = -1
        self._printed: list[Printed] = []
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setMaximumBlockCount(MOST_BLOCKS)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFont(font(NOTE, 400, True))
        self.view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.view.document().setDocumentMargin(0)
        self.view.viewport().setAutoFillBackground(False)
        self.prompt = Prompt(look, colours)
        self.mark = Words("$", NOTE, 500, "good", mono=True)
        self.strip = Strip(look)
        self.strip.hide()
        inside = column(spacing=0, margins=(14, 12, 8, 8))
        inside.addWidget(self.view, 1)
        inside.addLayout(row(self.mark, self.prompt, spacing=8))
        inside.addStretch()
        whole = column(spacing=0, margins=(0, 0, 0, 0))
        whole.addLayout(inside, 1)
        whole.addWidget(self.strip)
        self.setLayout(whole)
        self.view.setMinimumHeight(0)
        self.view.document().documentLayout().documentSizeChanged.connect(self._fit_view)
        bar = self.view.verticalScrollBar()
        bar.rangeChanged.connect(lambda _least, most: bar.setValue(most))
        self._fit_view()
        self.prompt.returnPressed.connect(self._enter)
        self.prompt.stepped.connect(self._step)
        self.prompt.completed.connect(self._complete)
        self.prompt.textEdited.connect(self._edited)
        self.strip.taken.connect(self._take)
        look.restyled.connect(self._rewrite)
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def show_history(self, commands: Sequence[str]) -> None:
        """What Up brings back."""
        self._history = list(commands)
        self._at = len(self._history)

    def print(self, pieces: Sequence[Printed]) -> None:
        """Appends to the transcript."""
        self._printed += pieces
        self._append(pieces)

    def clear(self) -> None:
        self._printed = []
        self.view.clear()

    def _fit_view(self) -> None:
        """The prompt follows what was printed, as in any terminal, until it stands at the foot."""
        document = self.view.document()
        lines = 0 if document.isEmpty() else round(document.documentLayout().documentSize().height())
        # Qt gives every line whole pixels.
        spacing = ceil(QFontMetricsF(self.view.font()).lineSpacing())
        self.view.setMaximumHeight(lines * spacing + 2 if lines else 0)

    def _append(self, pieces: Sequence[Printed]) -> None:
        t = self._look.tokens
        cursor = QTextCursor(self.view.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for piece in pieces:
            if not self.view.document().isEmpty():
                cursor.insertBlock()
            shape = QTextCharFormat()
            if piece.kind in ("prompt", "more"):
                shape.setForeground(t.good_text)
                shape.setFontWeight(500)
                cursor.insertText("$ " if piece.kind == "prompt" else "> ", shape)
                shape.setForeground(t.ink)
            else:
                shape.setForeground({"out": t.dim, "err": t.bad_text}.get(piece.kind, t.dim))
                shape.setFontItalic(piece.kind == "note")
            cursor.insertText(piece.text, shape)
        cursor.endEditBlock()
        self.view.verticalScrollBar().setValue(self.view.verticalScrollBar().maximum())

    def _rewrite(self) -> None:
        self.view.clear()
        self._append(self._printed)

    def _enter(self) -> None:
        line = self.prompt.typed
        self.prompt.clear()
        self.strip.tell(())
        text = f"{self._pending}{line}\n" if self._pending else line
        if not text.strip():
            return
        if self._needs_more(text):
            self._print_typed(line)
            self._pending = text if text.endswith("\n") else text + "\n"
            self.mark.setText(">")
            return
        self._print_typed(line)
        self._pending = ""
        self.mark.setText("$")
        command = text.rstrip("\n") + ("\n" if "<<" in text else "")
        self._history.append(command.rstrip("\n"))
        self._at = len(self._history)
        self.entered.emit(command)

    def _print_typed(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            self.print([Printed("more" if self._pending or number else "prompt", line)])

    def give_up(self) -> bool:
        """Leaves a half-typed command; False where there was none."""
        had = bool(self._pending or self.prompt.text())
        self._pending = ""
        self.mark.setText("$")
        self.prompt.clear()
        self.strip.tell(())
        return had

    def _step(self, change: int) -> None:
        if self._at == len(self._history):
            self._draft = self.prompt.typed
        self._at = min(max(self._at + change, 0), len(self._history))
        text = self._draft if self._at == len(self._history) else self._history[self._at]
        self.prompt.bring(text)

    def _edited(self, text: str) -> None:
        self._fit = -1
        self._fits = tuple(self._fitting_of(self.prompt.typed, self.prompt.cursorPosition())) if text.strip() else ()
        self.strip.tell(self._fits)

    def _complete(self, change: int) -> None:
        if self._fit < 0:
            self._fits = tuple(self._fitting_of(self.prompt.typed, self.prompt.cursorPosition()))
        if not self._fits:
            return
        self._take((self._fit + change) % len(self._fits))

    def _take(self, number: int) -> None:
        if 0 <= number < len(self._fits):
            self._fit = number
            self.prompt.bring(self._fits[number].line)
            self.strip.tell(self._fits, number)
            if len(self._fits) == 1:
                self._fit = -1
            self.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.prompt.setFocus(Qt.FocusReason.MouseFocusReason)

    def _retranslate(self) -> None:
        self.prompt.setAccessibleName(self._look.say("build.prompt"))
        self.view.setAccessibleName(self._look.say("build.terminal"))
