"""The parts of Build and where they stand, without what is built: palette, stage, undo line, terminal, right pane."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import QMenu, QWidget

from layerviz.app.arrange import BAR_PX, HEAD_FROM, LEFT_FROM, RIGHT_FROM, SIDE_PX, WIDE_FROM, terminal_px
from layerviz.app.challenge_card import ChallengeCard
from layerviz.app.empty_stage import EmptyStage, Tip
from layerviz.app.happened import Happened
from layerviz.app.inspector import Inspector
from layerviz.app.look import Look
from layerviz.app.palette import Palette
from layerviz.app.parts import Button, Pane
from layerviz.app.prompting import colours
from layerviz.app.stage_page import TABS_PX, StagePage
from layerviz.app.terminal import Fitting, Terminal
from layerviz.app.topbar import SettingsMenu, TopBar
from layerviz.app.undo_line import UndoLine
from layerviz.shell import needs_more

PAGES = ("lessons", "build", "explore")
PALETTE_PX = 264
RIGHT_PX, WIDE_RIGHT_PX = 304, 360


class BuildFrame(StagePage):
    """Three columns where there is room; else the right pane is a tab beside the palette, and in a narrow window both
    are a drawer, to which stage and terminal give way."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, (("palette", "build.palette"), ("happened", "build.happened_tab")), 108)
        self._make_bar()
        self._make_stage()
        self.undo_line = UndoLine(look)
        self.terminal = Terminal(look, needs_more, self.fitting, colours)
        self._make_panes()
        self._make_centre()
        self.drawer_button.clicked.connect(self._toggle_left)

    def _make_bar(self) -> None:
        look = self._look
        self.bar = TopBar(look, PAGES, "build")
        self.bar.setParent(self)
        self.return_button = Button(look, "build.back_to_lesson", kind="plain", glyph="back")
        self.drawer_button = Button(look, "build.palette", kind="quiet", on=False)
        self.examples_button = Button(look, "build.examples", kind="quiet")
        self.save_button = Button(look, "build.save_image", kind="quiet")
        self.export_button = Button(look, "player.export", kind="quiet")
        self.present_button = Button(look, "player.present", kind="quiet", glyph="play")
        self._menu = QMenu(self)
        self.examples_button.setMenu(self._menu)
        self.bar.add(
            self.return_button,
            self.drawer_button,
            self.examples_button,
            self.save_button,
            self.export_button,
            self.present_button,
            SettingsMenu(look),
        )

    def _make_stage(self) -> None:
        look = self._look
        self.stage.takes_things = True
        self.show_button = Button(look, "build.show", kind="quiet")
        self._show_menu = QMenu(self)
        self.show_button.setMenu(self._show_menu)
        self.head.insert(self.show_button)
        self.nothing_yet = EmptyStage(look, self.stage)
        self.tip = Tip(look, self.stage)

    def _make_panes(self) -> None:
        look = self._look
        self.tools = Palette(look)
        self.tools.setParent(self)
        self.right = Pane(look, "left")
        self.right.setParent(self)
        self.happened = Happened(look)
        self.inspector = Inspector(look)
        self.challenge = ChallengeCard(look)
        for widget in (self.challenge, self.happened, self.inspector):
            self.right.column.addWidget(widget)
            self.right.column.addSpacing(8)
        self.right.column.addStretch(1)

    def _make_centre(self) -> None:
        self._column.setContentsMargins(SIDE_PX, 12, SIDE_PX, 16)
        self._column.addWidget(self.head)
        self._column.addSpacing(8)
        self._column.addWidget(self.stage, 1)
        self._column.addSpacing(8)
        self._column.addWidget(self.undo_line)
        self._column.addSpacing(4)
        self._column.addWidget(self.terminal)

    def fitting(self, text: str, cursor: int) -> Sequence[Fitting]:
        """What fits at the cursor of the terminal: nothing, as long as nothing is built."""
        return ()

    def panes(self) -> Sequence[QWidget]:
        first = next(iter(self.tools.bases.values()))
        return self.terminal.prompt, self.stage, self.undo_line.marks, first, self.examples_button

    def showEvent(self, event: QEvent) -> None:
        self.terminal.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rest(self) -> Sequence[QWidget]:
        return self.bar, self.head, self.undo_line, self.terminal

    def _sides(self) -> Sequence[QWidget]:
        return self.tools, self.right

    def _home(self) -> QWidget:
        return self.terminal.prompt

    def tip_for(self, text: str, bad: bool) -> None:
        """Says something at the foot of the stage."""
        self.tip.setGeometry(0, self.stage.height() - 36, self.stage.width(), 32)
        self.tip.tell(text, bad)

    def _bring(self, tab: str) -> None:
        """Shows a tab, also where it lies in a drawer."""
        self._left_open = True
        self.set_tab(tab)
        self.right.verticalScrollBar().setValue(0)

    def _place(self, width: int, height: int) -> None:
        w, h = width, height
        wide, narrow, low = w >= RIGHT_FROM, w < LEFT_FROM, h < HEAD_FROM
        right_px = (WIDE_RIGHT_PX if w >= WIDE_FROM else RIGHT_PX) if wide else 0
        left_px = PALETTE_PX if self._left_open or not narrow else 0
        body = QRect(0, BAR_PX, w, h - BAR_PX)
        self.bar.setGeometry(0, 0, w, BAR_PX)
        self._centre.setGeometry(left_px, BAR_PX, w - left_px - right_px, body.height())
        self._column.setContentsMargins(SIDE_PX, 8 if low else 12, SIDE_PX, 8 if low else 16)
        self.terminal.setFixedHeight(terminal_px(w, h))
        self._place_panes(body, wide, left_px, right_px)
        self._place_bar(wide, narrow)

    def _place_panes(self, body: QRect, wide: bool, left_px: int, right_px: int) -> None:
        tabs_px = 0 if wide else TABS_PX
        shown = self.tools if wide or self._tab == "palette" else self.right
        for pane in (self.tools, self.right):
            pane.setGeometry(0, BAR_PX + tabs_px, PALETTE_PX, body.height() - tabs_px)
            pane.setVisible(pane is shown and left_px > 0)
            pane.raise_()
        self.right.stand("left" if wide else "right")
        if wide:
            self.right.setGeometry(body.width() - right_px, BAR_PX, right_px, body.height())
            self.right.show()
        self._place_tabs(PALETTE_PX, shown=not wide and left_px > 0)

    def _place_bar(self, wide: bool, narrow: bool) -> None:
        """As in the player: what has a key of its own gives the bar's other buttons their room."""
        self.export_button.setVisible(not narrow)
        self.present_button.rename("" if narrow else "player.present")
        if narrow:
            self.present_button.setText("")
            self.present_button.setToolTip(self._look.say("player.present"))
            self.present_button.setAccessibleName(self._look.say("player.present"))
        self.drawer_button.setVisible(narrow)
        self.drawer_button.setChecked(narrow and self._left_open)
        self.bar.sub.setVisible(wide)
