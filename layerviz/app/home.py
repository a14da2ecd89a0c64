"""The home page: where one left off, Build, the story as cards, examples to build. It scrolls."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from layerviz.app.cards import ContinueCard, EntryCard, ExampleCard, LessonCard, scenes
from layerviz.app.examples import examples
from layerviz.app.headlines import Headline, headlines
from layerviz.app.look import Look
from layerviz.app.parts import Button, Surface, Words, column, row
from layerviz.app.scroll_bar import EXTENT, ScrollBar
from layerviz.app.strokes import ground, painting
from layerviz.app.tokens import BAR, BODY, CAPTION
from layerviz.app.topbar import LanguageMenu, ThemeMenu, TopBar
from layerviz.lessons.progress import Progress

PAGES = ("lessons", "build", "explore")
CONTENT_PX = 1312


class Home(QWidget):
    """`opened` carries a lesson and a step, `restarted` a lesson to begin anew, `page` another page, `example` the id
    of an example to build, `image_wanted` asks for an archive to open."""

    opened = Signal(str, int)
    restarted = Signal(str)
    page = Signal(str)
    example = Signal(str)
    image_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self, look: Look, progress: Progress, build_waits: bool = False) -> None:
        super().__init__()
        self._look, self._progress = look, progress
        self.build_waits = build_waits
        self.bar = TopBar(look, PAGES, "lessons")
        keys = Button(look, "common.keys", kind="quiet")
        keys.clicked.connect(self.keys_wanted)
        self.bar.add(LanguageMenu(look), ThemeMenu(look), keys)
        self.bar.page.connect(self.page)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setSpacing(0)
        # The area's own viewport would be a stranger to Python, which loads every kind of widget to find out its kind.
        viewport = QWidget()
        viewport.setAutoFillBackground(False)
        self._scroll = QScrollArea()
        self._scroll.setViewport(viewport)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._inside)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside.setAutoFillBackground(False)
        self.notice = Surface(look, "raised", radius=0)
        self.notice_text = Words("", BODY, 500)
        self.notice_open = Button(look, "common.open_folder", kind="quiet")
        self.notice.setLayout(row(self.notice_text, None, self.notice_open, margins=(24, 4, 16, 4)))
        self.notice.hide()
        self._notice_folder = Path()
        self.notice_open.clicked.connect(self._open_folder)
        self.setLayout(column(self.bar, self.notice, self._scroll, spacing=0))
        self._scroll_bar = ScrollBar(look, self, self._scroll.verticalScrollBar())
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

    def _open_folder(self) -> None:
        from PySide6.QtCore import QUrl
        from PySide6.QtGui import QDesktopServices

        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._notice_folder)))

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
        self.continue_card.tell(lesson, step, first, lambda: scenes().step_scene(lesson.id, step))
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
        self._scroll_bar.setGeometry(self.width() - EXTENT, BAR, EXTENT, self.height() - BAR)

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


def _story() -> tuple[Headline, ...]:
    """The lessons that have a number."""
    return tuple(lesson for lesson in headlines() if lesson.number)
