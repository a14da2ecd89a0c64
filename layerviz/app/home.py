"""The home page: where one left off, Build, the story as cards, examples to build. It scrolls."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QScrollArea,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from layerviz.app.arrange import STORY, Grid, home_grid
from layerviz.app.cards import Card, ContinueCard, EntryCard, ExampleCard, LessonCard, scenes
from layerviz.app.examples import examples
from layerviz.app.headlines import Headline, headlines
from layerviz.app.look import Look
from layerviz.app.parts import Button, Cut, Surface, Words, column, row
from layerviz.app.scroll_bar import EXTENT, ScrollBar
from layerviz.app.strokes import ground, painting
from layerviz.app.tokens import BAR, BODY, CAPTION
from layerviz.app.topbar import LanguageMenu, ThemeMenu, TopBar
from layerviz.lessons.progress import Progress

PAGES = ("lessons", "build", "explore")


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
        self._grid = home_grid(0, 0)
        self._arranged: Grid | None = None
        self.cards: dict[str, LessonCard] = {}
        self._make_bar()
        self._make_notice()
        self._make_scroll()
        self._make_top()
        self._make_story()
        self._make_examples()
        self._fill_column()
        look.retranslated.connect(self.refresh)
        look.restyled.connect(self.update)
        self.refresh()

    def _make_bar(self) -> None:
        look = self._look
        self.bar = TopBar(look, PAGES, "lessons")
        keys = Button(look, "common.keys", kind="quiet")
        keys.clicked.connect(self.keys_wanted)
        self.bar.add(LanguageMenu(look), ThemeMenu(look), keys)
        self.bar.page.connect(self.page)

    def _make_notice(self) -> None:
        look = self._look
        self.notice = Surface(look, "raised", radius=0)
        self.notice_text = Words("", BODY, 500)
        self.notice_open = Button(look, "common.open_folder", kind="quiet")
        self.notice.setLayout(row(self.notice_text, None, self.notice_open, margins=(24, 4, 16, 4)))
        self.notice.hide()
        self._notice_folder = Path()
        self.notice_open.clicked.connect(self._open_folder)

    def _make_scroll(self) -> None:
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
        self.setLayout(column(self.bar, self.notice, self._scroll, spacing=0))
        self._scroll_bar = ScrollBar(self._look, self, self._scroll.verticalScrollBar())

    def _make_top(self) -> None:
        look = self._look
        self.continue_card = ContinueCard(look)
        self.continue_card.continued.connect(self.opened)
        self.continue_card.restarted.connect(self.restarted)
        self.build_card = EntryCard(look, "build", "")
        self.build_card.clicked.connect(lambda: self.page.emit("build"))
        self.image_card = EntryCard(look, "image", "search")
        self.image_card.clicked.connect(self.image_wanted)
        self._entries = QWidget()
        self._entries_box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._entries)
        self._entries_box.setContentsMargins(0, 0, 0, 0)
        self._entries_box.setSpacing(8)
        self._entries_box.addWidget(self.build_card)
        self._entries_box.addWidget(self.image_card)
        self._top = QGridLayout()
        self._top.setSpacing(24)

    def _make_story(self) -> None:
        self._story_head = Words("", CAPTION, 600)
        self.story_note = Cut(self._look, BODY, role="dim")
        self.story_note.align_right()
        self._story_says = ""
        self.start_link = Button(self._look, "home.lesson_zero", kind="quiet")
        self.start_link.clicked.connect(lambda: self.opened.emit(headlines()[0].id, 0))
        self._story = QGridLayout()

    def _make_examples(self) -> None:
        self._examples_head = Words("", CAPTION, 600)
        self._examples_note = Words("", BODY, 400, "dim")
        self._examples = QGridLayout()
        self.example_cards: dict[str, ExampleCard] = {}
        for example in examples():
            card = ExampleCard(self._look, example)
            card.clicked.connect(lambda _=False, example=example: self.example.emit(example.id))
            self.example_cards[example.id] = card

    def _fill_column(self) -> None:
        self._spaces = (QSpacerItem(0, 20), QSpacerItem(0, 20))
        """Over each of the two headings."""
        self._column.addLayout(self._top)
        self._column.addItem(self._spaces[0])
        self._column.addLayout(row(self._story_head, 8, self.start_link, 24, self.story_note))
        self._column.addSpacing(8)
        self._column.addLayout(self._story)
        self._column.addItem(self._spaces[1])
        self._column.addLayout(row(self._examples_head, None, self._examples_note))
        self._column.addSpacing(8)
        self._column.addLayout(self._examples)
        self._column.addStretch(1)

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
        self._story_says = look.say("home.story_note", done=len(done), count=len(story), minutes=left)
        self.story_note.say(self._story_says)
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
            fresh.pointed.connect(self._tell_objective)
            self.cards[one.id] = fresh
        self._arranged = None
        self._arrange()

    def _tell_objective(self, objective: str) -> None:
        """In the story's line, what the lesson is for that the mouse or the keyboard is on: where its card has no room
        for it."""
        told = objective and not self._grid.tells
        self.story_note.say(self._look.say("player.objective", objective=objective) if told else self._story_says)

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
        grid = self._grid = home_grid(self.width(), self.height())
        if grid == self._arranged:
            return
        self._arranged = grid
        self._column.setContentsMargins(grid.margin_px, 16 if grid.snug else 24, grid.margin_px, 8 if grid.snug else 16)
        for space in self._spaces:
            space.changeSize(0, 10 if grid.snug else 20)
        self._column.invalidate()
        self.continue_card.stand(grid.top_px, snug=grid.snug)
        while self._top.takeAt(0) is not None:
            pass
        self._top.addWidget(self.continue_card, 0, 0)
        self._entries.setMinimumHeight(112 if grid.columns < STORY else 0)
        if grid.columns < STORY:
            self._entries_box.setDirection(QBoxLayout.Direction.LeftToRight)
            self._top.addWidget(self._entries, 1, 0)
            self._top.setColumnStretch(0, 1)
            self._top.setColumnStretch(1, 0)
        else:
            self._entries_box.setDirection(QBoxLayout.Direction.TopToBottom)
            self._top.addWidget(self._entries, 0, 1)
            self._top.setColumnStretch(0, 856)
            self._top.setColumnStretch(1, 432)
        cards: tuple[tuple[QGridLayout, Sequence[Card]], ...] = (
            (self._story, tuple(self.cards.values())),
            (self._examples, tuple(self.example_cards.values())),
        )
        for layout, those in cards:
            self._set_out(layout, those, grid)

    def _set_out(self, layout: QGridLayout, cards: Sequence[Card], grid: Grid) -> None:
        """Cards in rows."""
        layout.setSpacing(grid.gap_px)
        while layout.takeAt(0) is not None:
            pass
        for number, card in enumerate(cards):
            card.stand(grid)
            layout.addWidget(card, number // grid.columns, number % grid.columns)
        for number in range(STORY):
            layout.setColumnStretch(number, 1 if number < grid.columns else 0)


def _story() -> tuple[Headline, ...]:
    """The lessons that have a number."""
    return tuple(lesson for lesson in headlines() if lesson.number)
