"""What stands in Explore while no image does: the ways in, an archive that is being read, several images to choose
from, or why it cannot be opened."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QProgressBar, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from layerviz.app.explore_reading import BAR_STEPS, Pace, bar_step, passed_words
from layerviz.app.explore_words import layers_words, size_words
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Cut, Pane, Section, Surface, Words, column, emptied, row
from layerviz.app.strokes import box, ground, painting, say, sign
from layerviz.app.style import RING_PX
from layerviz.app.tokens import BODY, HEAD, NOTE, tint
from layerviz.images.assembling import BroughtImage
from layerviz.resources import Problem
from layerviz.strings.problem import SpokenProblem

RINGS = (RING_PX, RING_PX, RING_PX, RING_PX)
"""What focus rings need round what has the keyboard."""
WIDE_PX = 640 + 2 * RING_PX


class Choice(QAbstractButton):
    """A line to open: a name, and what it is."""

    def __init__(self, look: Look, glyph: str, name: str, what: str) -> None:
        super().__init__()
        self._look, self._glyph, self._name, self._what = look, glyph, name, what
        self.setProperty("rings", True)
        self.setFixedHeight(44)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{name}, {what}" if what else name)
        self.setToolTip(name)
        look.restyled.connect(self.update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        with painting(self) as p:
            lit = self.underMouse() or self.isDown()
            box(p, t, r, t.raised if lit else t.card, 9, t.line_strong if lit else None)
            icon(p, self._glyph, 14, r.center().y() - 7, t.dim, 14)
            wide = say(p, r.right() - 14, r.center().y() + 5, self._what, t.dim, NOTE, 400, "right")
            room = r.width() - 40 - wide - 28
            say(p, 40, r.center().y() + 5, self._name, t.ink, BODY, 500, mono=True, room=room)


class DropPlace(Surface):
    """Where a file may be let go, with the main button; the dashes light up while one is over the window."""

    def __init__(self, look: Look, button: Button) -> None:
        super().__init__(look, "none")
        self._text = Words("", BODY, 400, "dim")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        whole = column(52, button, self._text, None, spacing=10, margins=(24, 20, 24, 16))
        whole.setAlignment(button, Qt.AlignmentFlag.AlignHCenter)
        self.setLayout(whole)
        self.setFixedHeight(184)
        self.lit = False
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def light(self, on: bool) -> None:
        self.lit = on
        self.update()

    def _retranslate(self) -> None:
        self._text.setText(self._look.say("explore.or_drop"))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            pen = QPen(t.accent if self.lit else t.line_strong, 2 if self.lit else 1.5)
            pen.setDashPattern([5, 4])
            p.setPen(pen)
            p.setBrush(tint(t.accent, 36) if self.lit else tint(t.card, 140))
            p.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 14, 14)
            sign(p, t, self.width() / 2 - 26, 28, 42)


class Welcome(QWidget):
    """The two ways in, and the images that were opened last. `opened` carries one, `lesson_wanted` asks for the image
    that a lesson builds."""

    opened = Signal(str)
    lesson_wanted = Signal()

    def __init__(self, look: Look, button: Button) -> None:
        super().__init__()
        self._look = look
        self._recent: tuple[str, ...] = ()
        self.title = Words("", 26, 700)
        self.text = Words("", HEAD, 400, "dim", wrap=True)
        self.place = DropPlace(look, button)
        self.lesson = Button(look, "explore.lesson_image", kind="quiet", glyph="into")
        self.lesson.clicked.connect(self.lesson_wanted)
        self._section = Section(look, "explore.recent")
        self.rows = QVBoxLayout()
        self.rows.setSpacing(6)
        whole = column(self.title, self.text, 6, self.place, self._section, spacing=10, margins=RINGS)
        whole.addLayout(self.rows)
        whole.addLayout(row(self.lesson, None))
        self.setLayout(whole)
        look.retranslated.connect(self._retranslate)
        self._retranslate()

    def tell(self, recent: Sequence[str]) -> None:
        self._recent = tuple(recent)
        emptied(self.rows)
        self._section.setVisible(bool(recent))
        for text in self._recent[:4]:
            one = Choice(self._look, "wait", text, "")
            one.clicked.connect(lambda _=False, text=text: self.opened.emit(text))
            self.rows.addWidget(one)

    def _retranslate(self) -> None:
        self.title.setText(self._look.say("explore.welcome"))
        self.text.setText(self._look.say("explore.welcome_text"))


class Busy(QWidget):
    """An image that is being read: bytes, speed, Cancel."""

    cancelled = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._pace = Pace()
        self._passed = (0, 0)
        self.title = Words("", 22, 600)
        self.name = Cut(look, NOTE, 500, mono=True, role="dim")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(12)
        self.line = Cut(look, NOTE, 400, role="dim")
        self.cancel = Button(look, "common.cancel")
        self.cancel.clicked.connect(self.cancelled)
        whole = column(self.title, self.name, 8, self.bar, spacing=8, margins=RINGS)
        whole.addLayout(row(self.line, self.cancel))
        self.setLayout(whole)
        look.retranslated.connect(self._retranslate)

    @property
    def passed(self) -> tuple[int, int]:
        """Bytes done, and in all."""
        return self._passed

    def begin(self, text: str) -> None:
        self._pace = Pace()
        self.name.say(text)
        self.bar.setAccessibleName(text)
        self.go_on(0, 0)
        self._retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.go_on(*self._passed)

    def go_on(self, done: int, count: int) -> None:
        """So many bytes of all (0: nobody knows) are read."""
        self._passed = done, count
        self._pace.tell(done)
        if not self.isVisible():
            return
        self.bar.setRange(0, BAR_STEPS)
        self.bar.setValue(bar_step(done, count))
        self.line.say(passed_words(done, count, self._pace, self._look.lang))

    def _retranslate(self) -> None:
        self.title.setText(self._look.say("explore.reading"))
        self.go_on(*self._passed)


class Failed(QWidget):
    """Why it cannot be opened, in one sentence, and what to do."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._problem: Problem | None = None
        self.title = Words("", 22, 600)
        self.where = Words("", NOTE, 500, "dim", mono=True, wrap=True)
        self.what = Words("", HEAD, 500, "bad", wrap=True)
        self.hint = Words("", BODY, 400, "dim", wrap=True)
        self.another = Button(look, "explore.open_another", kind="main")
        self.back = Button(look, "explore.back", kind="plain")
        for words in (self.where, self.what, self.hint):
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        whole = column(self.title, self.where, 4, self.what, self.hint, 10, spacing=8, margins=RINGS)
        whole.addLayout(row(self.another, self.back, None, spacing=12))
        self.setLayout(whole)
        look.retranslated.connect(lambda: self.tell(self._problem))

    def tell(self, problem: Problem | None) -> None:
        self._problem = problem
        self.title.setText(self._look.say("explore.failed"))
        if problem is None:
            return
        lang = self._look.lang
        what, hint = problem.what, problem.hint
        if isinstance(problem, SpokenProblem):
            what, hint = problem.sentence.said(lang), problem.advice.said(lang) if problem.advice else ""
        self.where.setText(str(problem.where))
        self.what.setText(self._sentence(what))
        self.hint.setText(self._sentence(hint))
        self.hint.setVisible(bool(hint))

    def _sentence(self, text: str) -> str:
        """With a capital and a full stop."""
        end = "" if not text or text.endswith((".", "。", "?", "？")) else self._look.say("explore.full_stop")
        return text[:1].upper() + text[1:] + end


class Chooser(QWidget):
    """Several images in one place. `chosen` carries the number of one, from 0; `back` leaves it at that."""

    chosen = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._images: tuple[BroughtImage, ...] = ()
        self.title = Words("", 22, 600)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(6)
        self.choices: list[Choice] = []
        self.back = Button(look, "explore.back", kind="plain")
        whole = column(self.title, 4, spacing=8, margins=RINGS)
        whole.addLayout(self.rows)
        whole.addSpacing(8)
        whole.addLayout(row(self.back, None))
        self.setLayout(whole)
        look.retranslated.connect(lambda: self.tell(self._images))

    def tell(self, images: Sequence[BroughtImage]) -> None:
        self._images = tuple(images)
        look = self._look
        self.title.setText(look.say("explore.several", count=len(images)))
        emptied(self.rows)
        self.choices = []
        for number, one in enumerate(self._images):
            size = sum(layer.size_bytes or 0 for layer in one.image.layers)
            parts = layers_words(len(one.image.layers), look.lang), size_words(size, look.lang)
            what = look.say("explore.comma").join(parts)
            name = ", ".join(one.refs) or look.say("explore.nameless", n=number + 1)
            choice = Choice(look, "dir", name, what)
            choice.clicked.connect(lambda _=False, number=number: self.chosen.emit(number))
            self.rows.addWidget(choice)
            self.choices.append(choice)


class OpeningPage(QWidget):
    """One of the four, in the middle of the page."""

    def __init__(self, look: Look, button: Button) -> None:
        super().__init__()
        self._look = look
        self.welcome = Welcome(look, button)
        self.busy = Busy(look)
        self.failed = Failed(look)
        self.chooser = Chooser(look)
        self._area = Pane(look)
        self._area.setAutoFillBackground(False)
        self._area.column.setContentsMargins(24, 24, 24, 24)
        self._area.column.addStretch(2)
        for one in (self.welcome, self.busy, self.failed, self.chooser):
            one.setMaximumWidth(WIDE_PX)
            holder = row(None, one, None, spacing=0)
            holder.setStretch(1, 100)
            self._area.column.addLayout(holder)
            one.hide()
        self._area.column.addStretch(3)
        self.setLayout(column(self._area))
        look.restyled.connect(self.update)

    def show_only(self, one: QWidget) -> None:
        for other in (self.welcome, self.busy, self.failed, self.chooser):
            other.setVisible(other is one)

    @property
    def area(self) -> QScrollArea:
        return self._area

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            ground(p, self._look.tokens, QRectF(self.rect()))
