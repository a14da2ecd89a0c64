"""The home page: where one left off, Build, the story as cards, examples to build. It scrolls."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from layerviz.app.examples import Example, examples
from layerviz.app.headlines import Headline, headlines
from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Surface, Words, column, row
from layerviz.app.strokes import bar, box, ground, lines, painting, say, sign
from layerviz.app.thumbnail import Thumbnail
from layerviz.app.tokens import BODY, CAPTION, NOTE, font, tint
from layerviz.app.topbar import LanguageMenu, ThemeMenu, TopBar
from layerviz.lessons.progress import Progress

if TYPE_CHECKING:
    from layerviz.app.stage import Scene

PAGES = ("lessons", "build")
CONTENT_PX = 1312
STORY_ROW_PX = 232
THUMB_PX = 123


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
        look.restyled.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(205, STORY_ROW_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.thumbnail.setGeometry(1, 1, self.width() - 2, THUMB_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        with painting(self) as p:
            lit = self.underMouse() or self.isDown()
            box(p, t, r, t.raised if lit else t.card, 12, t.line_strong if lit else None)
            self.write(p)

    def write(self, p: QPainter) -> None:
        """The words of the card."""


class LessonCard(Card):
    """A lesson with its progress."""

    def __init__(self, look: Look, lesson: Headline, progress: Progress, is_current: bool) -> None:
        super().__init__(look)
        self._lesson, self._progress, self._is_current = lesson, progress, is_current
        known = progress.of(lesson.id)
        self.thumbnail.set_scene(
            lambda: _scenes().lesson_scene(lesson.id, known), f"lesson {lesson.id} {known.step} {known.finished}"
        )
        self._say_name()
        look.retranslated.connect(self._say_name)

    def _say_name(self) -> None:
        self.setAccessibleName(f"{self._numbered()}, {self._state()[0]}")
        self.update()

    def _numbered(self) -> str:
        number = self._lesson.number
        title = self._lesson.titled(self._look.lang)
        return f"{number}  {title}" if number else title

    def _state(self) -> tuple[str, float]:
        known, count = self._progress.of(self._lesson.id), self._lesson.steps
        if known.finished:
            return self._look.say("home.done"), 1.0
        if known.furthest:
            return self._look.say("home.at_step", at=known.step, count=count), known.furthest / count
        return self._look.say("home.steps", count=count), 0.0

    def write(self, p: QPainter) -> None:
        t, r = self._look.tokens, QRectF(self.rect())
        state, share = self._state()
        done = self._progress.of(self._lesson.id).finished
        if self._is_current:
            p.setPen(QPen(t.accent, 2))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(r.adjusted(1, 1, -1, -1), 12, 12)
        y = 150.0
        for line in lines(self._numbered(), font(15, 600), r.width() - 32, 2):
            say(p, 16, y, line, t.ink, 15, 600)
            y += 20
        bar(p, t, QRectF(16, r.bottom() - 44, r.width() - 32, 4), share, t.good if done else t.accent)
        base = r.bottom() - 16
        say(p, 16, base, self._look.say("home.minutes", count=self._lesson.minutes), t.dim, NOTE)
        ink = t.good_text if done else t.ink if share else t.dim
        wide = say(p, r.width() - 16, base, state, ink, NOTE, 500 if share else 400, "right")
        if done:
            icon(p, "check", r.width() - 16 - wide - 20, base - 11, t.good_text, 12, 2)


class ExampleCard(Card):
    """An example to start building from."""

    def __init__(self, look: Look, example: Example) -> None:
        super().__init__(look)
        self._example = example
        self.thumbnail.set_scene(lambda: _scenes().example_scene(example), f"example {example.id}")
        self._say_name()
        look.retranslated.connect(self._say_name)

    def _say_name(self) -> None:
        self.setAccessibleName(self._look.say(f"example.{self._example.id}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(205, 204)

    def write(self, p: QPainter) -> None:
        t = self._look.tokens
        y = 150.0
        for line in lines(self._look.say(f"example.{self._example.id}"), font(BODY, 600), self.width() - 32, 1):
            say(p, 16, y, line, t.ink, BODY, 600)
            y += 20
        what = self._look.say(f"example.{self._example.id}_what")
        for line in lines(what, font(NOTE), self.width() - 32, 2):
            say(p, 16, y + 2, line, t.dim, NOTE)
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
        self.setMinimumHeight(96)
        look.retranslated.connect(self._say_name)
        look.restyled.connect(self.update)
        self._say_name()

    def _say_name(self) -> None:
        self.setAccessibleName(self._look.say(f"home.{self._name}"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(432, 112)

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
        self.title = Words("", 26, 700, wrap=True)
        self.line = Words("", BODY, 400, "dim", wrap=True)
        self.go = Button(look, "home.continue", kind="main")
        self.go.setMinimumWidth(128)
        self.again = Button(look, "home.start_over", kind="quiet")
        self.again.setFixedHeight(40)
        self.go.clicked.connect(lambda: self.continued.emit(self._lesson, self._step))
        self.again.clicked.connect(lambda: self.restarted.emit(self._lesson))
        self.thumbnail = Thumbnail(look, 13, square_foot=False)
        words = column(self.where, 4, self.title, self.line, None, spacing=6, margins=(32, 26, 8, 22))
        words.addLayout(row(self.go, self.again, None, spacing=12))
        whole = row(spacing=8, margins=(0, 1, 1, 1))
        whole.addLayout(words, 1)
        whole.addWidget(self.thumbnail, 1)
        self.setLayout(whole)
        self.setFixedHeight(232)

    def tell(self, lesson: Headline, step: int, first_time: bool, scene: "Callable[[], Scene | None]") -> None:
        """`step` from 0."""
        look, self._lesson, self._step = self._look, lesson.id, step
        number, count = lesson.number, lesson.steps
        self.title.setText(lesson.titled(look.lang))
        self.where.setText(
            look.say("home.first")
            if first_time
            else look.say("home.lesson_at", n=number or 0, at=step + 1, count=count)
        )
        line = lesson.line(step, look.lang)
        self.line.setText(line if line or step < len(lesson.lines) else look.say("player.now_you"))
        self.is_raw = not line and step < len(lesson.lines)
        self.go.rename("first.start" if first_time else "home.continue")
        self.again.setVisible(not first_time)
        self.thumbnail.set_scene(scene, f"step {lesson.id} {step}")

    def fill_line(self) -> None:
        """The line with its numbers: they come from the lesson as it is played, and the first paint does not wait."""
        self.is_raw = False
        self.line.setText(_scenes().step_line(self._lesson, self._step, self._look.lang))


class Home(QWidget):
    """`opened` carries a lesson and a step, `restarted` a lesson to begin anew, `page` another page, `example` the id
    of an example to build, `image_wanted` asks for an archive to open."""

    opened = Signal(str, int)
    restarted = Signal(str)
    page = Signal(str)
    example = Signal(str)
    image_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self, look: Look, progress: Progress) -> None:
        super().__init__()
        self._look, self._progress = look, progress
        self.build_waits = False
        self.bar = TopBar(look, PAGES, "lessons")
        keys = Button(look, "common.keys", kind="quiet")
        keys.clicked.connect(self.keys_wanted)
        self.bar.add(LanguageMenu(look), ThemeMenu(look), keys)
        self.bar.page.connect(self.page)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setSpacing(0)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        self.notice = Surface(look, "raised", radius=0)
        self.notice_text = Words("", BODY, 500)
        self.notice_open = Button(look, "common.open_folder", kind="quiet")
        self.notice.setLayout(row(self.notice_text, None, self.notice_open, margins=(24, 4, 16, 4)))
        self.notice.hide()
        self._notice_folder = Path()
        self.notice_open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._notice_folder))))
        self.setLayout(column(self.bar, self.notice, self._scroll, spacing=0))
        self.continue_card = ContinueCard(look)
        self.continue_card.continued.connect(self.opened)
        self.continue_card.restarted.connect(self.restarted)
        self.build_card = EntryCard(look, "build", "")
        self.build_card.clicked.connect(lambda: self.page.emit("build"))
        self.image_card = EntryCard(look, "image", "search")
        self.image_card.clicked.connect(self.image_wanted)
        self.story_note = Words("", BODY, 400, "dim")
        self._story_head = Words("", CAPTION, 600)
        self._examples_head = Words("", CAPTION, 600)
        self._examples_note = Words("", BODY, 400, "dim")
        self.start_link = Button(look, "home.lesson_zero", kind="quiet")
        self.start_link.clicked.connect(lambda: self.opened.emit(headlines()[0].id, 0))
        self._entries = QWidget()
        self._entries_box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._entries)
        self._entries_box.setContentsMargins(0, 0, 0, 0)
        self._entries_box.setSpacing(8)
        self._entries_box.addWidget(self.build_card)
        self._entries_box.addWidget(self.image_card)
        self._top = QGridLayout()
        self._top.setSpacing(24)
        self._story = QGridLayout()
        self._story.setSpacing(16)
        self._examples = QGridLayout()
        self._examples.setSpacing(16)
        self.cards: dict[str, LessonCard] = {}
        self.example_cards: dict[str, ExampleCard] = {}
        self._column.addLayout(self._top)
        self._column.addSpacing(20)
        self._column.addLayout(row(self._story_head, 8, self.start_link, None, self.story_note))
        self._column.addSpacing(10)
        self._column.addLayout(self._story)
        self._column.addSpacing(20)
        self._column.addLayout(row(self._examples_head, None, self._examples_note))
        self._column.addSpacing(12)
        self._column.addLayout(self._examples)
        self._column.addStretch(1)
        for example in examples():
            card = ExampleCard(look, example)
            card.clicked.connect(lambda _=False, example=example: self.example.emit(example.id))
            self.example_cards[example.id] = card
        look.retranslated.connect(self.refresh)
        look.restyled.connect(self.update)
        self._columns = 0
        self.refresh()

    def tell(self, text: str, folder: Path) -> None:
        """A line under the bar that something had to be put aside, with a way to it."""
        self.notice_text.setText(text)
        self._notice_folder = folder
        self.notice.show()

    def refresh(self) -> None:
        """Shows the progress of now."""
        look, story = self._look, _story()
        self._story_head.setText(look.say("home.story"))
        done = [lesson for lesson in story if self._progress.of(lesson.id).finished]
        left = sum(lesson.minutes for lesson in story if lesson not in done)
        self.story_note.setText(look.say("home.story_note", done=len(done), count=len(story), minutes=left))
        self._examples_head.setText(look.say("home.examples"))
        self._examples_note.setText(look.say("home.examples_note"))
        self.build_card.more = look.say("home.build_waits") if self.build_waits else ""
        self.build_card.update()
        lesson, step, first = self._where()
        self.continue_card.tell(lesson, step, first, lambda: _scenes().step_scene(lesson.id, step))
        for card in self.cards.values():
            card.setParent(None)
            card.deleteLater()
        self.cards = {}
        for one in story:
            fresh = LessonCard(look, one, self._progress, one.id == lesson.id and not first)
            fresh.clicked.connect(lambda _=False, one=one: self._open(one))
            self.cards[one.id] = fresh
        self._columns = 0
        self._arrange()

    def _where(self) -> tuple[Headline, int, bool]:
        """The lesson and step (from 0) to go on with, and whether nothing was done yet."""
        story = headlines()
        known = {lesson.id: lesson for lesson in story}
        last = known.get(self._progress.last)
        if last is None:
            return story[0], 0, True
        progress = self._progress.of(last.id)
        if progress.finished:
            at = story.index(last)
            following = next((one for one in story[at + 1 :] if not self._progress.of(one.id).finished), None)
            if following is not None:
                return following, max(self._progress.of(following.id).step - 1, 0), False
        return last, max(progress.step - 1, 0), False

    def _open(self, lesson: Headline) -> None:
        known = self._progress.of(lesson.id)
        self.opened.emit(lesson.id, 0 if known.finished else max(known.step - 1, 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            ground(p, self._look.tokens, QRectF(self.rect()))
        if self.continue_card.is_raw and self.continue_card.isVisible():
            QTimer.singleShot(0, self.continue_card, self.continue_card.fill_line)

    def _arrange(self) -> None:
        w = self.width()
        margin = 24 if w < 1280 else 32 if w < 1440 else max(64, (w - CONTENT_PX) // 2)
        columns = 3 if w < 1280 else 4 if w < 1440 else 6
        self._column.setContentsMargins(margin, 24, margin, 16)
        stacked = w < 1280
        if columns == self._columns:
            return
        self._columns = columns
        while self._top.takeAt(0) is not None:
            pass
        self._top.addWidget(self.continue_card, 0, 0)
        if stacked:
            self._entries_box.setDirection(QBoxLayout.Direction.LeftToRight)
            self._top.addWidget(self._entries, 1, 0)
            self._top.setColumnStretch(0, 1)
            self._top.setColumnStretch(1, 0)
        else:
            self._entries_box.setDirection(QBoxLayout.Direction.TopToBottom)
            self._top.addWidget(self._entries, 0, 1)
            self._top.setColumnStretch(0, 856)
            self._top.setColumnStretch(1, 432)
        for layout, cards in ((self._story, self.cards), (self._examples, self.example_cards)):
            while layout.takeAt(0) is not None:
                pass
            for number, card in enumerate(cards.values()):
                layout.addWidget(card, number // columns, number % columns)
            for number in range(6):
                layout.setColumnStretch(number, 1 if number < columns else 0)


def _scenes() -> ModuleType:
    """What the small pictures show, loaded when the first of them is made."""
    from layerviz.app import home_scenes

    return home_scenes


def _story() -> tuple[Headline, ...]:
    """The lessons that have a number."""
    return tuple(lesson for lesson in headlines() if lesson.number)
