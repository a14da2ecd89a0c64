"""The card of a challenge: the goal as a list with ticks, hints, show me, and what is said when it is reached."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Rule, Surface, Words, emptied, row
from layerviz.app.strokes import painting
from layerviz.app.tokens import BODY, NOTE, tint
from layerviz.engine.events import Event
from layerviz.engine.world import World
from layerviz.lessons import loading
from layerviz.lessons.challenge import is_reached, reaction, still_differs, success
from layerviz.lessons.playing import play
from layerviz.lessons.schema import Lesson


class Tick(QWidget):
    """A circle, ticked when the line of the goal holds."""

    def __init__(self, look: Look, done: bool) -> None:
        super().__init__()
        self._look, self._done = look, done
        self.setFixedSize(20, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            p.setPen(QPen(t.good_text if self._done else t.dim, 1.6))
            p.setBrush(tint(t.good, 40) if self._done else Qt.BrushStyle.NoBrush)
            p.drawEllipse(QPointF(10, 10), 9, 9)
            if self._done:
                icon(p, "check", 4.5, 4.5, t.good_text, 11, 2.2)


class ChallengeCard(Surface):
    """`showed` asks for the example to be played, `went_on` goes to the end of the lesson."""

    showed = Signal()
    went_on = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card", radius=12)
        self._lesson: Lesson | None = None
        self._world: World | None = None
        self._events: tuple[Event, ...] = ()
        self._hints = 0
        self._commands = 0
        self.head = Words("", NOTE, 600, "accent")
        self.par = Words("", NOTE, 400, "dim")
        self.text = Words("", 15, 600, wrap=True)
        self._goals = QVBoxLayout()
        self._goals.setSpacing(8)
        self.said = Words("", NOTE, 400, "dim", wrap=True)
        self.hint = Button(look, "challenge.hint", px=NOTE)
        self.show_me = Button(look, "challenge.show_me", kind="quiet", px=NOTE)
        self.go_on = Button(look, "challenge.go_on", kind="main")
        self.hint.clicked.connect(self._more)
        self.show_me.clicked.connect(self.showed)
        self.go_on.clicked.connect(self.went_on)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 16, 16, 14)
        whole.setSpacing(10)
        whole.addLayout(row(self.head, None, self.par))
        whole.addWidget(self.text)
        whole.addLayout(self._goals)
        whole.addWidget(Rule(look))
        whole.addWidget(self.said)
        whole.addLayout(row(self.hint, self.show_me, None, spacing=4))
        whole.addLayout(row(self.go_on, None))
        look.retranslated.connect(self._refresh)

    def set_lesson(self, lesson: Lesson | None) -> None:
        """The lesson whose challenge it is; None hides the card."""
        self._lesson, self._hints = lesson, 0
        self.setVisible(lesson is not None)

    @property
    def lesson(self) -> Lesson | None:
        return self._lesson

    @property
    def is_reached(self) -> bool:
        return self._lesson is not None and self._world is not None and is_reached(self._lesson, self._world)

    def tell(self, world: World, events: tuple[Event, ...], commands: int) -> None:
        """The world that was reached, with `commands` so far."""
        self._world, self._events, self._commands = world, events, commands
        self._refresh()

    def _more(self) -> None:
        self._hints += 1
        self._refresh()

    def _refresh(self) -> None:
        lesson, world, look = self._lesson, self._world, self._look
        if lesson is None or lesson.challenge is None or world is None:
            return
        challenge, reached, start = lesson.challenge, is_reached(lesson, world), play(lesson).challenge
        assert start is not None
        number = loading.number_of(lesson)
        self.head.setText(look.say("challenge.of_lesson", n=number or 0))
        self.par.setText(look.say("challenge.par", count=challenge.par))
        # A line may end before a path, not behind its first sign.
        self.text.setText(challenge.text.of(look.lang).replace(" /", " /\N{WORD JOINER}"))
        emptied(self._goals)
        for line in still_differs(lesson, world, look.lang):
            text = line.check.text.of(look.lang)
            said = look.say("challenge.now", text=text, now=line.now) if line.now and self._commands else text
            words = Words(said, BODY, 400, "dim" if line.ok else "ink", wrap=True)
            words.setAccessibleName(f"{'✓' if line.ok else '○'} {said}")
            goal = row(spacing=8)
            goal.addWidget(Tick(look, line.ok), 0, Qt.AlignmentFlag.AlignTop)
            goal.addWidget(words, 1)
            self._goals.addLayout(goal)
        hints = [hint.of(look.lang) for hint in challenge.hints]
        reacted = reaction(lesson, world, look.lang, self._events) if self._commands else ""
        if reached:
            self.said.be("good")
            self.said.setText(success(start, world, look.lang))
        else:
            self.said.be("dim")
            shown = min(self._hints, len(hints))
            hint = look.say("challenge.hint_n", n=shown, count=len(hints), text=hints[shown - 1]) if shown else ""
            self.said.setText("\n".join(part for part in (reacted, hint) if part) or look.say("challenge.try"))
        self.hint.setVisible(not reached and self._hints < len(hints))
        self.show_me.setVisible(not reached)
        self.go_on.setVisible(reached)
