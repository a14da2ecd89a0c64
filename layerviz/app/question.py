"""The card of an open question: a number, options or a click on the stage; after a wrong answer the belief behind
it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Surface, Words, column, emptied, row
from layerviz.app.strokes import box, lines, number_tag, painting
from layerviz.app.tokens import BODY, CAPTION, HEAD, NOTE, TITLE, font, mix

NUMBER_PX = 28
FIELD_PX, LEAST_FOOT_PX, FOOT_PX = 48, 44, 64
"""The field of a number; and the card's lower row, in a low window and else: there is always room in it for a feedback,
so that the stage stays as it is when there is one."""
OPTION_PX, MOST_COLUMNS = 40, 3
"""An option of one line, and how many stand beside each other."""


class NumberField(QWidget):
    """A number between a minus and a plus. `entered` is Enter in the field."""

    entered = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setFont(font(NUMBER_PX, 500))
        self.field.setValidator(QIntValidator(0, 99999, self.field))
        self.field.setFixedSize(96, FIELD_PX)
        self.field.setTextMargins(10, 0, 4, 0)
        self.field.returnPressed.connect(self.entered)
        self.minus = Button(look, glyph="minus", tip="question.less")
        self.plus = Button(look, glyph="plus", tip="question.more")
        for button, change in ((self.minus, -1), (self.plus, 1)):
            button.setFixedSize(40, 40)
            button.clicked.connect(lambda _=False, change=change: self._change(change))
        self.setLayout(row(self.minus, self.field, self.plus, spacing=12))

    @property
    def value(self) -> int | None:
        return int(self.field.text()) if self.field.text().isdigit() else None

    def type_digit(self, digit: str) -> None:
        """A digit typed elsewhere; a selected number is replaced."""
        self.field.insert(digit)

    def erase(self) -> bool:
        """Takes the last digit away; False where there is none."""
        had = bool(self.field.text())
        self.field.backspace()
        return had

    def _change(self, change: int) -> None:
        self.field.setText(str(max((self.value or 0) + change, 0)))


class OptionButton(Button):
    """One option: its number, and its text over at most two lines."""

    def __init__(self, look: Look, number: int, text: str) -> None:
        super().__init__(look, kind="option", on=False)
        self._number = number
        self.setText(text)
        self.setAccessibleName(f"{number}: {text}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(OPTION_PX)
        self.mistaken = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(180, OPTION_PX)

    def resizeEvent(self, event: object) -> None:
        two = len(lines(self.text(), font(BODY, 500), self.width() - 72, 2)) > 1
        self.setFixedHeight(56 if two else OPTION_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        with painting(self) as p:
            lit = self.underMouse() or self.isChecked()
            line = t.bad if self.mistaken else t.accent if self.isChecked() else t.line_strong if lit else None
            box(p, t, r, t.raised if lit else t.card, 9, line, 1.6 if self.isChecked() or self.mistaken else 1)
            hue = t.accent if self.isChecked() else mix(t.card, t.ink, 0.75)
            if self.mistaken:
                icon(p, "cross", r.right() - 28, r.center().y() - 6, t.bad_text, 12, 2)
            number_tag(p, t, 14, r.center().y(), str(self._number), hue, 22)
            face = font(BODY, 600 if self.isChecked() else 500)
            broken = lines(self.text(), face, r.width() - 84, 2)
            y = r.center().y() + 5 - 10 * (len(broken) - 1)
            p.setFont(face)
            p.setPen(t.ink)
            for line_text in broken:
                p.drawText(48, round(y), line_text)
                y += 20


Tone = Literal["good", "bad", "accent"]


class Feedback(Surface):
    """The belief behind a wrong answer, the answer that was shown, or a neutral remark: what was answered and what is
    said of it beside each other, and where there is room what is outlined below."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card")
        self.tone: Tone = "bad"
        self._low = False
        self.head = Words("", NOTE, 600, "bad")
        self.text = Words("", HEAD, 600, wrap=True)
        self.where = Words("", NOTE, 400, "dim", wrap=True)
        line = row(spacing=16)
        line.addWidget(self.head)
        line.addWidget(self.text, 1)
        whole = column(spacing=2, margins=(16, 2, 16, 2))
        whole.addStretch()
        whole.addLayout(line)
        whole.addWidget(self.where)
        whole.addStretch()
        self.setLayout(whole)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def low(self, low: bool) -> None:
        """In a low window only what is said; the outlines on the stage are seen there."""
        self._low = low
        self.text.setFont(font(BODY + 1 if low else HEAD, 600))
        self.where.setVisible(bool(self.where.text()) and not low)

    def say(self, head: str, text: str, where: str, tone: Tone) -> None:
        self.tone = tone
        self.head.be(tone)
        self.head.setText(head)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.where.setText(where)
        self.where.setVisible(bool(where) and not self._low)
        self.setAccessibleName(" ".join(part for part in (head, text, where) if part))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        hue = {"good": t.good, "bad": t.bad, "accent": t.accent}[self.tone]
        with painting(self) as p:
            box(p, t, QRectF(self.rect()), t.tinted(hue), 10, t.tinted(hue, 0.45))


class QuestionCard(Surface):
    """`given` carries an answer (a number, or the index of an option), "none" for "in none". `shown` asks for the
    answer,
    `went_on` goes on after it was shown."""

    given = Signal(object)
    shown = Signal()
    went_on = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card", radius=12)
        self._kind = ""
        self._options: list[OptionButton] = []
        self._settled = False
        self.title = Words("", TITLE, 600, wrap=True)
        self.hint = Words("", NOTE, 400, "dim")
        self.number = NumberField(look)
        self.number.entered.connect(self.check_answer)
        self.check = Button(look, "question.check", kind="main")
        self.check.setFixedHeight(40)
        self.check.setMinimumWidth(132)
        self.check.clicked.connect(self.check_answer)
        self.none = Button(look)
        self.none.setFixedHeight(40)
        self.none.clicked.connect(lambda: self.given.emit("none"))
        self.show_answer = Button(look, "question.show", kind="quiet", px=BODY)
        self.show_answer.setFixedHeight(40)
        self.show_answer.clicked.connect(self.shown)
        self.feedback = Feedback(look)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._foot = row(self.feedback, self.hint, self.show_answer, self.check, spacing=12)
        for part in (self.feedback, self.hint):
            self._foot.setStretchFactor(part, 1)
        top = row(spacing=24)
        top.addWidget(self.title, 1)
        top.addWidget(self.none)
        top.addWidget(self.number)
        whole = column(spacing=8, margins=(24, 12, 24, 10))
        whole.addLayout(top)
        whole.addLayout(self._grid)
        whole.addLayout(self._foot)
        self.setLayout(whole)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.low(False)
        look.retranslated.connect(self._retranslate)

    def low(self, low: bool) -> None:
        """In a low window the stage needs the room more."""
        self.title.setFont(font(CAPTION if low else TITLE, 600))
        self.feedback.low(low)
        high = LEAST_FOOT_PX if low else FOOT_PX
        for part in (self.feedback, self.hint):
            part.setMinimumHeight(high)

    def ask(self, kind: str, text: str, options: Sequence[str] = (), none: str = "") -> None:
        """Opens a question of `kind` "number", "choose", "click" or "poll"."""
        self._kind, self._settled = kind, False
        self.title.setText(text)
        self.number.field.clear()
        self.number.setVisible(kind == "number")
        self.check.setVisible(kind == "number")
        self.check.rename("question.check")
        self.none.setText(none)
        self.none.setVisible(bool(none))
        self._say_nothing()
        self.show_answer.setVisible(kind != "poll")
        emptied(self._grid)
        self._options = []
        longest = max((len(option) for option in options), default=0)
        columns = 1 if longest > 60 else 3 if len(options) == 3 and longest <= 30 else 2
        for k in range(MOST_COLUMNS):
            self._grid.setColumnStretch(k, int(k < columns))
        for k, option in enumerate(options):
            button = OptionButton(self._look, k + 1, option)
            button.clicked.connect(lambda _=False, k=k: self.choose(k))
            self._options.append(button)
            self._grid.addWidget(button, k // columns, k % columns)
        ring: list[QWidget] = [self.number.plus, *self._options, self.none, self.show_answer, self.check]
        for one, other in pairwise(ring):
            QWidget.setTabOrder(one, other)
        self._retranslate()
        self.updateGeometry()

    @property
    def kind(self) -> str:
        return self._kind

    @property
    def options(self) -> tuple[OptionButton, ...]:
        return tuple(self._options)

    def choose(self, index: int) -> None:
        """Gives the option as the answer."""
        if 0 <= index < len(self._options) and not self._settled:
            for k, button in enumerate(self._options):
                button.setChecked(k == index)
            self.given.emit(index)

    def check_answer(self) -> None:
        """Gives the number that stands in the field."""
        if self._settled:
            self.went_on.emit()
        elif self._kind == "number" and self.number.value is not None:
            self.given.emit(self.number.value)

    def mistaken(self, answer: str, text: str, where: str) -> None:
        """Names the belief behind a wrong answer; the number stays, selected, so that the next digit replaces it."""
        self._say(self._look.say("question.you_answered", answer=answer), text, where, "bad")
        self.check.rename("question.check_again")
        self.number.field.selectAll()
        for button in self._options:
            button.mistaken = button.isChecked()
            button.update()

    def settle(self, answer: str, text: str) -> None:
        """Shows the answer; the main button now goes on."""
        self._settled = True
        self._say(self._look.say("question.answer"), answer, text, "good")
        self.show_answer.hide()
        self.check.rename("question.go_on")
        self.check.show()

    def warn(self) -> None:
        """Next was pressed on the open question."""
        self._say(self._look.say("question.unanswered"), self._look.say("question.again_skips"), "", "accent")

    def _say(self, head: str, text: str, where: str, tone: Tone) -> None:
        """In the hint's place."""
        self.feedback.say(head, text, where, tone)
        self.hint.hide()
        self.feedback.show()
        # At once, so that the stage does not give way to what was there before.
        for inside in (self.feedback.layout(), self.layout()):
            assert inside is not None
            inside.invalidate()
            inside.activate()

    def _say_nothing(self) -> None:
        self.feedback.hide()
        self.hint.show()

    def take_key(self, event: QKeyEvent) -> bool:
        """A key typed on the stage while the question is open: True if it was one for the answer."""
        text, key = event.text(), event.key()
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if self._kind == "number":
            if plain and text.isdigit():
                self.number.type_digit(text)
                return True
            if key == Qt.Key.Key_Backspace:
                return self.number.erase()
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.number.value is not None:
                self.check_answer()
                return True
        elif plain and text.isdigit() and 1 <= int(text) <= len(self._options):
            self.choose(int(text) - 1)
            return True
        if self._settled and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.went_on.emit()
            return True
        return False

    def _retranslate(self) -> None:
        if self._kind:
            self.hint.setText(self._look.say(f"question.hint_{self._kind}"))
