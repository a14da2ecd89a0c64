"""The parts of Build and where they stand, without what is built: palette, stage, undo line, terminal, right pane."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from layerviz.app.arrange import BAR_PX, HEAD_FROM, LEFT_FROM, RIGHT_FROM, SIDE_PX, WIDE_FROM, terminal_px
from layerviz.app.challenge_card import ChallengeCard
from layerviz.app.empty_stage import EmptyStage, Tip
from layerviz.app.happened import Happened
from layerviz.app.head_line import HeadLine
from layerviz.app.inspector import Inspector
from layerviz.app.look import Look
from layerviz.app.palette import Palette
from layerviz.app.parts import Button, Pane, Segments
from layerviz.app.prompting import colours
from layerviz.app.stage import Stage
from layerviz.app.strokes import ground, painting, rule
from layerviz.app.terminal import Fitting, Terminal
from layerviz.app.tokens import PAD
from layerviz.app.topbar import SettingsMenu, TopBar
from layerviz.app.undo_line import UndoLine
from layerviz.shell import needs_more

PAGES = ("lessons", "build", "explore")
PALETTE_PX = 264
RIGHT_PX, WIDE_RIGHT_PX = 304, 360
TABS_PX = 44


class BuildFrame(QWidget):
    """Three columns where there is room; else the right pane is a tab beside the palette, and in a narrow window both
    are a drawer, to which stage and terminal give way."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._full_screen = False
        self._tab = "palette"
        self._left_open = False
        self._make_bar()
        self._make_stage()
        self.undo_line = UndoLine(look)
        self.terminal = Terminal(look, needs_more, self.fitting, colours)
        self._make_panes()
        self._make_centre()
        self.drawer_button.clicked.connect(self._toggle_left)
        self.tabs.chosen.connect(self._set_tab)
        look.restyled.connect(self.update)

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
        self.stage = Stage(look)
        self.stage.takes_things = True
        self.head = HeadLine(look)
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
        self.tabs = Segments(look, (("palette", "build.palette"), ("happened", "build.happened_tab")), "palette", 108)
        self.tabs.setParent(self)

    def _make_centre(self) -> None:
        self._centre = QWidget(self)
        self._column = QVBoxLayout(self._centre)
        self._column.setSpacing(0)
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

    def _next_pane(self) -> None:
        stops: list[QWidget] = [self.terminal.prompt, self.stage, self.undo_line.marks]
        if self.tools.isVisible():
            stops.append(next(iter(self.tools.bases.values())))
        stops.append(self.examples_button)
        focus = self.focusWidget()
        at = next((number for number, stop in enumerate(stops) if stop is focus), -1)
        target = stops[(at + 1) % len(stops)]
        self.stage.walk(target is self.stage)
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def showEvent(self, event: QEvent) -> None:
        self.terminal.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_full_screen(self, on: bool) -> None:
        """Only the stage, as a page; or all of Build again."""
        self._full_screen = on
        self.stage.set_page(on)
        for widget in (self.bar, self.head, self.undo_line, self.terminal):
            widget.setVisible(not on)
        self._arrange()
        (self.stage if on else self.terminal.prompt).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_full_screen(self) -> bool:
        return self._full_screen

    def tip_for(self, text: str, bad: bool) -> None:
        """Says something at the foot of the stage."""
        self.tip.setGeometry(0, self.stage.height() - 36, self.stage.width(), 32)
        self.tip.tell(text, bad)

    def _toggle_left(self) -> None:
        self._left_open = not self._left_open
        self._arrange()

    def _bring(self, tab: str) -> None:
        """Shows a tab, also where it lies in a drawer."""
        self._left_open = True
        self._set_tab(tab)
        self.right.verticalScrollBar().setValue(0)

    def _set_tab(self, tab: str) -> None:
        self._tab = tab
        self.tabs.choose(tab)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            ground(p, self._look.tokens, QRectF(self.rect()))
            if self.tabs.isVisible():
                # The tabs belong to the pane under them.
                side, tokens = self.tools.width(), self._look.tokens
                p.fillRect(0, BAR_PX, side, TABS_PX, tokens.pane)
                rule(p, tokens, side - 1, BAR_PX, side - 1, BAR_PX + TABS_PX)

    def _arrange(self) -> None:
        w, h = self.width(), self.height()
        if self._full_screen:
            for widget in (self.tools, self.right, self.tabs):
                widget.hide()
            self._column.setContentsMargins(0, 0, 0, 0)
            self._centre.setGeometry(self.rect())
            return
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
        self.tabs.setVisible(not wide and left_px > 0)
        self.tabs.setGeometry(PAD, BAR_PX + 6, PALETTE_PX - 2 * PAD, 32)
        self.tabs.raise_()

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
