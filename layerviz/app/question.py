"""The card of an open question: a number, options or a click on the stage; after a wrong answer the belief behind
it."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Surface, Words, column, emptied, row
from layerviz.app.strokes import box, lines, number_tag, painting
from layerviz.app.tokens import BODY, HEAD, NOTE, TITLE, font, mix

NUMBER_PX = 30
HEAD_PX, ANSWER_PX = 32, 84
"""What stands beside the question; and the row of a number, in which a feedback of one sentence has room: so the stage
stays as it is when there is one."""
MOST_COLUMNS = 3
"""Options beside each other."""


class NumberField(QWidget):
    """A number between a minus and a plus. `entered` is Enter in the field."""

    entered = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.field = QLineEdit()
        self.field.setFont(font(NUMBER_PX, 500))
        self.field.setValidator(QIntValidator(0, 99999, self.field))
        self.field.setFixedSize(96, 64)
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
        self.setMinimumHeight(44)
        self.mistaken = False
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(180, 44)

    def resizeEvent(self, event: object) -> None:
        two = len(lines(self.text(), font(BODY, 500), self.width() - 72, 2)) > 1
        self.setFixedHeight(60 if two else 44)

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
    """The belief behind a wrong answer, the answer that was shown, or a neutral remark."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card")
        self.tone: Tone = "bad"
        self.head = Words("", NOTE, 600, "bad")
        self.text = Words("", HEAD + 1, 600, wrap=True)
        self.where = Words("", BODY, 400, "dim", wrap=True)
        self.setLayout(column(self.head, self.text, self.where, None, spacing=4, margins=(20, 10, 20, 10)))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, head: str, text: str, where: str, tone: Tone) -> None:
        self.tone = tone
        self.head.be(tone)
        self.head.setText(head)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.where.setText(where)
        self.where.setVisible(bool(where))
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
        self.hint.setFixedHeight(HEAD_PX)
        self.number = NumberField(look)
        self.number.entered.connect(self.check_answer)
        self.check = Button(look, "question.check", kind="main")
        self.check.setFixedHeight(40)
        self.check.setMinimumWidth(120)
        self.check.clicked.connect(self.check_answer)
        self.none = Button(look)
        self.none.setFixedHeight(40)
        self.none.clicked.connect(lambda: self.given.emit("none"))
        self.show_answer = Button(look, "question.show", kind="quiet", px=BODY)
        self.show_answer.setFixedHeight(HEAD_PX)
        self.show_answer.clicked.connect(self.shown)
        self.feedback = Feedback(look)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._left = QWidget()
        self._left.setLayout(row(self.number, 4, self.check, self.none, spacing=12))
        self._left.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._side = QVBoxLayout()
        self._side.setSpacing(8)
        self._side.addLayout(self._grid)
        self._side.addWidget(self.feedback)
        top = row(spacing=16)
        top.addWidget(self.title, 1)
        for part in (self.hint, self.show_answer):
            top.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        body = row(spacing=32)
        body.addWidget(self._left)
        body.addLayout(self._side, 1)
        whole = column(spacing=12, margins=(24, 18, 16, 18))
        whole.addLayout(top)
        whole.addLayout(body)
        self.setLayout(whole)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        look.retranslated.connect(self._retranslate)

    def ask(self, kind: str, text: str, options: Sequence[str] = (), none: str = "") -> None:
        """Opens a question of `kind` "number", "choose", "click" or "poll"."""
        self._kind, self._settled = kind, False
        self.title.setText(text)
        self.number.field.clear()
        self.number.setVisible(kind == "number")
        self.check.setVisible(kind in ("number", "choose"))
        self.check.rename("question.check")
        self.none.setText(none)
        self.none.setVisible(bool(none))
        self._left.setMinimumHeight(ANSWER_PX if kind == "number" else 0)
        self._left.setVisible(kind == "number" or (kind == "click" and bool(none)))
        self.feedback.hide()
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
        self.check.setVisible(kind == "number")
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
        self.feedback.say(self._look.say("question.you_answered", answer=answer), text, where, "bad")
        self.feedback.show()
        self.check.rename("question.check_again")
        self.number.field.selectAll()
        for button in self._options:
            button.mistaken = button.isChecked()
            button.update()

    def settle(self, answer: str, text: str) -> None:
        """Shows the answer; the main button now goes on."""
        self._settled = True
        self.feedback.say(self._look.say("question.answer"), answer, text, "good")
        self.feedback.show()
        self.show_answer.hide()
        self.check.rename("question.go_on")
        self.check.show()
        self._left.show()

    def warn(self) -> None:
        """Next was pressed on the open question."""
        self.feedback.say(self._look.say("question.unanswered"), self._look.say("question.again_skips"), "", "accent")
        self.feedback.show()

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
