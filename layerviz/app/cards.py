"""The cards of the home page: a lesson, an example, a way into another page, and where one left off."""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from layerviz.app.arrange import Grid
from layerviz.app.examples import Example
from layerviz.app.headlines import Headline
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Surface, Words, column, row
from layerviz.app.strokes import bar, box, lines, painting, say, sign
from layerviz.app.thumbnail import Thumbnail
from layerviz.app.tokens import BODY, NOTE, TITLE, font, tint
from layerviz.app.warming import FOR_PICTURES, load_one
from layerviz.lessons.progress import Progress

if TYPE_CHECKING:
    from layerviz.app.projection import Scene


class Card(QAbstractButton):
    """A card: a small picture above, then whatever `write` puts below it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.thumbnail = Thumbnail(look)
        self.thumbnail.setParent(self)
        self.thumbnail.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setProperty("rings", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._edge_px = 1
        self._grid = Grid(margin_px=0, columns=1)
        look.restyled.connect(self._place_picture)

    def stand(self, grid: Grid) -> None:
        """Takes the measures of the page that it stands on."""
        self._grid = grid
        self.updateGeometry()
        self._place_picture()

    def sizeHint(self) -> QSize:
        return QSize(171, self._high())

    def _high(self) -> int:
        return self._grid.example_px

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_picture()

    def _place_picture(self) -> None:
        """Within the card's line, which is thicker on a projector."""
        edge = max(self._edge_px, edge_px(self._look))
        self.thumbnail.setGeometry(edge, edge, self.width() - 2 * edge, self._grid.picture_px + 1 - edge)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        with painting(self) as p:
            lit = self.underMouse() or self.isDown()
            box(p, t, r, t.raised if lit else t.card, 12, t.line_strong if lit else None)
            self.write(p)

    def write(self, p: QPainter) -> None:
        """The words of the card."""


class LessonCard(Card):
    """A lesson with its progress. `pointed` carries what one can do after it, while the mouse or the keyboard is on it,
    and "" when it goes."""

    pointed = Signal(str)

    def __init__(self, look: Look, lesson: Headline, progress: Progress, is_current: bool) -> None:
        super().__init__(look)
        self._lesson, self._progress, self._is_current = lesson, progress, is_current
        self._edge_px = 2 if is_current else 1
        known = progress.of(lesson.id)
        self.thumbnail.set_scene(
            lambda: scenes().lesson_scene(lesson.id, known),
            f"lesson {lesson.id} {known.step} {known.finished}",
            lesson.id,
        )
        self._say_name()
        look.retranslated.connect(self._say_name)

    def _say_name(self) -> None:
        self.setAccessibleName(f"{self._numbered()}, {self._state()[0]}")
        self.setAccessibleDescription(self._lesson.aimed(self._look.lang))
        self.update()

    def _high(self) -> int:
        return self._grid.lesson_px

    def enterEvent(self, event: QEnterEvent) -> None:
        self.pointed.emit(self.accessibleDescription())

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit("")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.pointed.emit(self.accessibleDescription())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.pointed.emit("")

    def _numbered(self) -> str:
        number = self._lesson.number
        title = self._lesson.titled(self._look.lang)
        return f"{number}  {title}" if number else title

    def _state(self) -> tuple[str, float]:
        known, count = self._progress.of(self._lesson.id), self._lesson.steps
        if known.finished:
            return self._look.say("home.done"), 1.0
        if known.step > count:
            return self._look.say("player.now_you"), 1.0
        if known.furthest:
            return self._look.say("home.at_step", at=known.step, count=count), min(known.furthest / count, 1.0)
        return self._look.say("home.steps", count=count), 0.0

    def write(self, p: QPainter) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        state, share = self._state()
        done = self._progress.of(self._lesson.id).finished
        if self._is_current:
            p.setPen(QPen(t.accent, 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(r.adjusted(1, 1, -1, -1), 12, 12)
        pad = self._grid.pad_px
        room, y = r.width() - 2 * pad, self._grid.picture_px + 27.0
        for line in lines(self._numbered(), font(15, 600), room, 2):
            say(p, pad, y, line, t.ink, 15, 600)
            y += 20
        for line in lines(self.accessibleDescription(), font(NOTE), room, 3) if self._grid.tells else ():
            say(p, pad, y + 4, line, t.dim, NOTE)
            y += 18
        bar(p, t, QRectF(pad, r.bottom() - 44, room, 4), share, t.good if done else t.accent)
        base = r.bottom() - 16
        say(p, pad, base, self._look.say("home.minutes", count=self._lesson.minutes), t.dim, NOTE)
        ink = t.good_text if done else t.ink if share else t.dim
        wide = say(p, pad + room, base, state, ink, NOTE, 500 if share else 400, "right")
        if done:
            icon(p, "check", pad + room - wide - 20, base - 11, t.good_text, 12, 2)


class ExampleCard(Card):
    """An example to start building from."""

    def __init__(self, look: Look, example: Example) -> None:
        super().__init__(look)
        self._example = example
        self.thumbnail.set_scene(lambda: scenes().example_scene(example), f"example {example.id}")
        self._say_name()
        look.retranslated.connect(self._say_name)

    def _say_name(self) -> None:
        self.setAccessibleName(self._look.say(f"example.{self._example.id}"))
        self.update()

    def write(self, p: QPainter) -> None:
        t, pad = self._look.tokens, self._grid.pad_px
        room, y = self.width() - 2 * pad, self._grid.picture_px + 27.0
        for line in lines(self._look.say(f"example.{self._example.id}"), font(BODY, 600), room, 1):
            say(p, pad, y, line, t.ink, BODY, 600)
            y += 20
        what = self._look.say(f"example.{self._example.id}_what")
        for line in lines(what, font(NOTE), room, 2):
            say(p, pad, y + 2, line, t.dim, NOTE)
            y += 18


class EntryCard(QAbstractButton):
    """A way into another page: a sign, a head and two lines."""

    def __init__(self, look: Look, name: str, glyph: str) -> None:
        super().__init__()
        self._look, self._name, self._glyph = look, name, glyph
        self.more = ""
        self.setProperty("rings", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(84)
        look.retranslated.connect(self._say_name)
        look.restyled.connect(self.update)
        self._say_name()

    def _say_name(self) -> None:
        self.setAccessibleName(self._look.say(f"home.{self._name}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(432, 84)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        with painting(self) as p:
            lit = self.underMouse() or self.isDown()
            box(p, t, r, t.raised if lit else t.card, 12, t.line_strong if lit else None)
            middle = r.center().y()
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(tint(t.accent, 44))
            p.drawRoundedRect(QRectF(20, middle - 32, 64, 64), 12, 12)
            if self._glyph:
                icon(p, self._glyph, 38, middle - 14, t.accent_text, 28, 1.4)
            else:
                sign(p, t, 34, middle - 14, 28)
            room = r.width() - 120
            say(p, 104, middle - 14, self._look.say(f"home.{self._name}"), t.ink, 18, 600, room=room)
            say(p, 104, middle + 10, self._look.say(f"home.{self._name}_what"), t.dim, BODY, 400, room=room)
            more = self.more or self._look.say(f"home.{self._name}_more")
            say(p, 104, middle + 32, more, t.dim, NOTE, 400, room=room)


class ContinueCard(Surface):
    """Where the last visit ended, with the picture of that very step."""

    continued = Signal(str, int)
    restarted = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "card", radius=14)
        self._lesson, self._step = "", 0
        self.is_raw = False
        self.where = Words("", BODY, 600, "accent")
        self.title = Words("", TITLE + 4, 700, wrap=True)
        self.line = Words("", BODY, 400, "dim", wrap=True)
        self.go = Button(look, "home.continue", kind="main")
        self.go.setMinimumWidth(128)
        self.again = Button(look, "home.start_over", kind="quiet")
        self.again.setFixedHeight(40)
        self.go.clicked.connect(lambda: self.continued.emit(self._lesson, self._step))
        self.again.clicked.connect(lambda: self.restarted.emit(self._lesson))
        self.thumbnail = Thumbnail(look, 13, square_foot=False)
        self._words = column(self.where, 4, self.title, self.line, None, spacing=6)
        self._words.addLayout(row(self.go, self.again, None, spacing=12))
        self._whole = row(spacing=8)
        self._whole.addLayout(self._words, 1)
        self._whole.addWidget(self.thumbnail, 1)
        self.setLayout(self._whole)
        look.restyled.connect(self._place_picture)
        self._place_picture()

    def _place_picture(self) -> None:
        edge = edge_px(self._look)
        self._whole.setContentsMargins(0, edge, edge, edge)

    def stand(self, high: int, snug: bool) -> None:
        """How high it is; with `snug` its words stand closer, and have more of its width."""
        self.setFixedHeight(high)
        self.title.setFont(font(TITLE if snug else TITLE + 4, 700))
        self._words.setContentsMargins(*((24, 16, 8, 16) if snug else (32, 26, 8, 22)))
        self._whole.setStretch(0, 4 if snug else 1)
        self._whole.setStretch(1, 3 if snug else 1)

    def tell(self, lesson: Headline, step: int, first_time: bool, scene: "Callable[[], Scene | None]") -> None:
        """`step` from 0."""
        look, self._lesson, self._step = self._look, lesson.id, step
        number, count = lesson.number, lesson.steps
        self.title.setText(lesson.titled(look.lang))
        where = "home.first" if first_time else "home.lesson_at" if step < count else "home.lesson_now"
        self.where.setText(look.say(where, n=number, at=step + 1, count=count))
        line = lesson.line(step, look.lang)
        self.line.setText(line if line or step < len(lesson.lines) else look.say("player.now_you"))
        self.is_raw = not line and step < len(lesson.lines)
        self.go.rename("first.start" if first_time else "home.continue")
        self.again.setVisible(not first_time)
        self.thumbnail.set_scene(scene, f"step {lesson.id} {step}", lesson.id)

    def fill_line(self) -> None:
        """The line with its numbers: they come from the lesson as it is played, and the first paint does not wait."""
        self.is_raw = False
        if load_one(FOR_PICTURES) or scenes().play_on(self._lesson):
            QTimer.singleShot(0, self, self.fill_line)
            return
        self.line.setText(scenes().step_line(self._lesson, self._step, self._look.lang))


def edge_px(look: Look) -> int:
    """How much room a card's own line takes."""
    return 2 if look.tokens.is_flat else 1


def scenes() -> ModuleType:
    """What the small pictures show, loaded when the first of them is made."""
    from layerviz.app import home_scenes

    return home_scenes
