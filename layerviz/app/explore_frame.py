"""The parts of Explore and where they stand: layers, stage with its line and notes, the story, findings."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from layerviz.app.arrange import BAR_PX, HEAD_FROM, LEAST_PX, LEFT_FROM, MOST_PX, RIGHT_FROM, SIDE_PX
from layerviz.app.explore_findings import FindingsPane
from layerviz.app.explore_layers import LayersPane
from layerviz.app.explore_opening import OpeningPage
from layerviz.app.explore_search import Search
from layerviz.app.explore_story import StoryCard
from layerviz.app.explore_strip import ReadingBars, ReadingCard
from layerviz.app.grip import Grip
from layerviz.app.look import Look
from layerviz.app.parts import Button, Cut, row
from layerviz.app.stage_page import TABS_PX, StagePage
from layerviz.app.tokens import NOTE
from layerviz.app.topbar import SettingsMenu, TopBar

PAGES = ("lessons", "build", "explore")
SIDE_PANE_PX = 328
LEFT_WIDE_PX, RIGHT_WIDE_PX, WIDE_FROM = 360, 400, 1680
STORY_PX, LOW_STORY_PX, LEAST_STORY_PX = 188, 172, 136
ACTIONS = ("compare", "to_build", "lesson", "shared", "export")


class ExploreFrame(StagePage):
    """Three columns where there is room; else the findings are a tab beside the layers, and in a narrow window both are
    a drawer. `sized` carries the widths of the panes that were dragged."""

    sized = Signal(int, int)

    def __init__(self, look: Look) -> None:
        super().__init__(look, (("layers", "explore.layers"), ("findings", "explore.findings")), 120)
        self._left_px = self._right_px = 0
        self._has_image = self._is_reading = False
        self._make_bar()
        self._make_centre()
        self._make_panes()
        # On the first page the button has a place of its own.
        self.first_button = Button(look, "explore.open", kind="main")
        self.first_button.setMinimumWidth(180)
        self.first_button.setFixedHeight(40)
        self.opening = OpeningPage(look, self.first_button)
        self.opening.setParent(self)
        look.retranslated.connect(self._arrange)
        self._order_focus()

    def _make_bar(self) -> None:
        look = self._look
        self.bar = TopBar(look, PAGES, "explore")
        self.bar.setParent(self)
        self.drawer_button = Button(look, "explore.layers", kind="quiet", on=False)
        self.drawer_button.clicked.connect(self._toggle_left)
        self.act_buttons = {name: Button(look, f"explore.{name}", kind="quiet") for name in ACTIONS}
        self.more_button = Button(look, "explore.more", kind="quiet")
        self._more_menu = QMenu(self)
        self.more_button.setMenu(self._more_menu)
        self.open_button = Button(look, "explore.open", kind="main")
        self.settings = SettingsMenu(look)
        self.bar.add(self.drawer_button, *self.act_buttons.values(), self.more_button, self.settings, self.open_button)

    def _make_centre(self) -> None:
        look = self._look
        self.search = Search(look, self)
        self.head.insert(self.search)
        self.head.setFixedHeight(36)
        self.note_left = Cut(look, NOTE, role="dim")
        self.note_right = Cut(look, NOTE, role="dim")
        self.note_right.align_right()
        self._notes = QWidget()
        self._notes.setLayout(row(self.note_left, self.note_right, spacing=16))
        self.story = StoryCard(look)
        self.reading = ReadingCard(look)
        # In one place, so that the stage keeps its size from the one to the other.
        self._cards = QStackedWidget()
        self._cards.addWidget(self.story)
        self._cards.addWidget(self.reading)
        self.reading_bars = ReadingBars(look, self.stage)
        self._column.addWidget(self.head)
        self._column.addSpacing(6)
        self._column.addWidget(self.stage, 1)
        self._column.addWidget(self._notes)
        self._column.addSpacing(8)
        self._column.addWidget(self._cards)

    def _make_panes(self) -> None:
        look = self._look
        self.layers = LayersPane(look)
        self.layers.setParent(self)
        self.findings = FindingsPane(look)
        self.findings.setParent(self)
        self._grips = (Grip(self), Grip(self))
        self._grips[0].dragged.connect(lambda x: self._drag(left_px=x))
        self._grips[1].dragged.connect(lambda x: self._drag(right_px=self.width() - x))
        for grip in self._grips:
            grip.released.connect(lambda: self.sized.emit(self._left_px, self._right_px))

    def _order_focus(self) -> None:
        """Search, stage, layers, story, findings, top bar."""
        stops: list[QWidget] = [
            self.search.field, self.search.found.list, self.stage, self.layers.order, self.layers.list,
            self.story.copy_button, *self.story.buttons,
            self.story.area, self.reading.cancel, self.findings.list, *self.bar.tabs, self.drawer_button,
            *self.act_buttons.values(), self.more_button, self.settings, self.open_button,
        ]  # fmt: skip
        for one, other in pairwise(stops):
            QWidget.setTabOrder(one, other)

    def panes(self) -> Sequence[QWidget]:
        return self.search.field, self.stage, self.layers.list, self.story.area, self.findings.list, self.open_button

    def _rest(self) -> Sequence[QWidget]:
        return self.bar, self.head, self._cards

    def _sides(self) -> Sequence[QWidget]:
        return self.layers, self.findings, self._notes, *self._grips

    def set_sizes(self, left_px: int, right_px: int) -> None:
        """Widths of the panes, 0 for the usual."""
        self._left_px, self._right_px = left_px, right_px
        self._arrange()

    def _drag(self, left_px: int = 0, right_px: int = 0) -> None:
        within = min(max(left_px or right_px, LEAST_PX), MOST_PX)
        self.set_sizes(within if left_px else self._left_px, within if right_px else self._right_px)

    def show_opening(self, one: QWidget | None) -> None:
        """One of the ways to an image over everything; None: the image."""
        self._has_image = one is None
        self.opening.setVisible(one is not None)
        if one is not None:
            self.opening.show_only(one)
        self._arrange()

    @property
    def is_reading(self) -> bool:
        """Whether an image is shown that is being read."""
        return self._is_reading

    def show_reading(self, on: bool) -> None:
        """An image that is being read takes the place of the one that is open; it cannot be worked with yet."""
        self._is_reading = on
        for widget in (self.search, self.tabs, *self.act_buttons.values(), self.more_button):
            widget.setEnabled(not on)
        if not on:
            self.reading_bars.tell(None)
        self._arrange()

    def _place(self, width: int, height: int) -> None:
        w, h = width, height
        wide, narrow, low = w >= RIGHT_FROM, w < LEFT_FROM, h < HEAD_FROM
        usual = (LEFT_WIDE_PX, RIGHT_WIDE_PX) if w >= WIDE_FROM else (SIDE_PANE_PX, SIDE_PANE_PX)
        left_px = 0 if narrow else self._left_px or usual[0]
        right_px = (self._right_px or usual[1]) if wide else 0
        drawer = narrow and self._left_open and self._has_image
        body = QRect(0, BAR_PX, w, h - BAR_PX)
        self.bar.setGeometry(0, 0, w, BAR_PX)
        self.opening.setGeometry(body)
        self._centre.setVisible(self._has_image)
        self._centre.setGeometry(left_px, BAR_PX, w - left_px - right_px, body.height())
        self._column.setContentsMargins(SIDE_PX, 8 if low else 10, SIDE_PX, 8 if low else 16)
        self._cards.setCurrentWidget(self.reading if self._is_reading else self.story)
        self._cards.setFixedHeight(LEAST_STORY_PX if low else LOW_STORY_PX if h < 860 else STORY_PX)
        self._notes.setVisible(not low)
        self.note_right.setVisible(w - left_px - right_px >= 700)
        self._place_panes(body, wide, narrow, drawer, left_px, right_px)
        self._place_bar(w, narrow)
        self.search.place_list()
        self.opening.raise_()

    def _place_panes(self, body: QRect, wide: bool, narrow: bool, drawer: bool, left_px: int, right_px: int) -> None:
        side, image = left_px or SIDE_PANE_PX, self._has_image
        tabs_px = 0 if wide else TABS_PX
        has_left = image and (left_px > 0 or drawer)
        shown = self.layers if wide or self._tab == "layers" else self.findings
        # One goes on reading the story below an open drawer.
        below = self._cards.height() + 16 if drawer else 0
        for pane in (self.layers, self.findings):
            pane.setGeometry(0, BAR_PX + tabs_px, side, body.height() - tabs_px - below)
            pane.setVisible(pane is shown and has_left)
            pane.raise_()
        self._place_tabs(side, shown=not wide and has_left)
        self.findings.rule_at("left" if wide else "right")
        if wide and image:
            self.findings.setGeometry(body.width() - right_px, BAR_PX, right_px, body.height())
            self.findings.show()
        for grip, x, px in ((self._grips[0], left_px, left_px), (self._grips[1], body.width() - right_px, right_px)):
            grip.setGeometry(x - 4, BAR_PX, 8, body.height())
            grip.setVisible(image and px > 0)
            grip.raise_()
        self.drawer_button.setVisible(narrow and image)
        self.drawer_button.setChecked(drawer)
        # Its end would look out beside the tabs of the drawer.
        self.head.summary.setVisible(not drawer)

    def _place_bar(self, w: int, narrow: bool) -> None:
        """The buttons of the bar, or a menu of them where they have no room."""
        image = self._has_image
        needs = sum(button.sizeHint().width() + 4 for button in self.act_buttons.values())
        rest = self.bar.needs_px + self.open_button.sizeHint().width() + self.settings.sizeHint().width() + 24
        fits = needs + rest <= w and not narrow
        for button in self.act_buttons.values():
            button.setVisible(image and fits)
        self.more_button.setVisible(image and not fits)
        self.open_button.setVisible(image or not self.opening.welcome.isVisibleTo(self.opening))
