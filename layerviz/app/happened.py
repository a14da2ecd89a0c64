"""What just happened, in words: the commands, and what each event did."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from layerviz.app.commands_pane import Printed, Typed
from layerviz.app.copying import CopyButton
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Section, Words, emptied, row
from layerviz.app.session import Done
from layerviz.app.strokes import painting
from layerviz.app.tokens import BODY, NOTE, tint
from layerviz.engine.events import Event
from layerviz.strings.narrate import narrate

MOST_SENTENCES = 8


class Dot(QWidget):
    """A mark before a sentence: done, nothing, wrong, or what helps."""

    def __init__(self, look: Look, kind: str) -> None:
        super().__init__()
        self._look, self.kind = look, kind
        self.setFixedSize(26, 26)

    def sizeHint(self) -> QSize:
        return QSize(26, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        colour, glyph = {
            "good": (t.good, "check"),
            "bad": (t.bad, "cross"),
            "more": (t.accent, "link"),
            "hint": (t.dim, "into"),
            "none": (t.dim, "minus"),
        }[self.kind]
        with painting(self) as p:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(tint(colour, 40))
            p.drawEllipse(QPointF(13, 13), 13, 13)
            ink = {"good": t.good_text, "bad": t.bad_text, "more": t.accent_text}.get(self.kind, t.dim)
            icon(p, glyph, 7, 7, ink, 12, 2)


class Told(QWidget):
    """Sentences, each with a mark before it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)

    def tell(self, sentences: Sequence[tuple[str, str]]) -> None:
        """`sentences` as (kind of the mark, text)."""
        emptied(self._column)
        for kind, sentence in sentences:
            line = row(spacing=10)
            line.addWidget(Dot(self._look, kind), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Words(sentence, BODY, 400, wrap=True), 1)
            self._column.addLayout(line)


def told(events: Sequence[Event], look: Look, most: int = MOST_SENTENCES) -> list[tuple[str, str]]:
    """What `events` did, in at most so many sentences."""
    sentences = list(narrate(events, look.lang)) if events else []
    said = [("good" if number == 0 else "more", text) for number, text in enumerate(sentences[:most])]
    if len(sentences) > most:
        said.append(("none", look.say("build.and_more", count=len(sentences) - most)))
    return said


class Happened(QWidget):
    """The last command in words."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._done: Done | None = None
        self._commands: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        look.retranslated.connect(lambda: self.tell(self._done, self._commands))

    def tell(self, done: Done | None, commands: Sequence[str] = ()) -> None:
        """`commands` are those of the last act, `done` the last of them; by hand if nobody typed them."""
        self._done, self._commands = done, tuple(commands)
        emptied(self._column)
        if done is None:
            self._column.addWidget(Section(self._look, "build.happened"))
            self._column.addWidget(Words(self._look.say("build.nothing_yet"), NOTE, 400, "dim", wrap=True))
            return
        text = "\n".join(self._commands)
        key = "build.could_have_typed" if done.by_hand else "build.happened"
        self._column.addWidget(Section(self._look, key, CopyButton(self._look, lambda: text)))
        self._column.addWidget(Printed(self._look, Typed(text), several=done.by_hand))
        words = Told(self._look)
        words.tell(self._sentences(done))
        self._column.addWidget(words)

    def _sentences(self, done: Done) -> list[tuple[str, str]]:
        if done.failed:
            errors = [line for result in done.results for line in result.errors.split("\n") if line.strip()]
            hints = [("hint", line) for result in done.results for line in result.hints]
            said = [("bad", line) for line in errors[:3]] + hints[:2]
            return said if done.changed else [*said, ("none", self._look.say("build.nothing_changed"))]
        silent = "build.done" if done.changed else "build.nothing_changed"
        return told(done.events, self._look) or [("none", self._look.say(silent))]
