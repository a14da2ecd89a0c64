"""A page round a stage, with panes at its sides: what Build and Explore have in common."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from layerviz.app.arrange import BAR_PX
from layerviz.app.head_line import HeadLine
from layerviz.app.look import Look
from layerviz.app.parts import Segments
from layerviz.app.stage import Stage
from layerviz.app.strokes import ground, painting, rule
from layerviz.app.tokens import PAD

TABS_PX = 44
"""How high the place of the tabs is, over the pane that they choose."""


class StagePage(QWidget):
    """Where there is no room for both panes, they are `tabs` of one place; in a narrow window this is a drawer. In full
    screen only the stage is there, as a page."""

    def __init__(self, look: Look, tabs: Sequence[tuple[str, str]], tab_px: int) -> None:
        """`tabs` are names and keys of texts, the one that is shown at first before the other."""
        super().__init__()
        self._look = look
        self._full_screen = False
        self._left_open = False
        self._tab = tabs[0][0]
        self.stage = Stage(look)
        self.head = HeadLine(look)
        self.tabs = Segments(look, tabs, self._tab, tab_px)
        self.tabs.setParent(self)
        self.tabs.chosen.connect(self.set_tab)
        self._centre = QWidget(self)
        self._column = QVBoxLayout(self._centre)
        self._column.setSpacing(0)
        look.restyled.connect(self.update)

    # What is another on each page

    def _rest(self) -> Sequence[QWidget]:
        """What is left out in full screen and comes back as it was."""
        raise NotImplementedError

    def _sides(self) -> Sequence[QWidget]:
        """What is left out in full screen and is arranged anew afterwards."""
        raise NotImplementedError

    def _place(self, width: int, height: int) -> None:
        """Puts everything where it has its place in a window of this size."""
        raise NotImplementedError

    def _home(self) -> QWidget:
        """What has the keyboard when full screen ends."""
        return self.stage

    def panes(self) -> Sequence[QWidget]:
        """What F6 goes through, as far as it is shown."""
        raise NotImplementedError

    def _next_pane(self, step: int = 1) -> None:
        stops, focus = [pane for pane in self.panes() if pane.isVisible()], self.focusWidget()
        at = next((number for number, stop in enumerate(stops) if stop is focus), -1 if step > 0 else 0)
        target = stops[(at + step) % len(stops)]
        self.stage.walk(target is self.stage)
        # For this reason Qt has what has the keyboard show it, as after Tab.
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if target is self.stage:
            self.stage.stand_at(self.stage.chosen_address)
            if not self.stage.here:
                self.stage.step("right")

    # Full screen, tabs, drawer

    @property
    def is_full_screen(self) -> bool:
        return self._full_screen

    def set_full_screen(self, on: bool) -> None:
        """Only the stage, as a page; or all of it again."""
        self._full_screen = on
        self.stage.set_page(on)
        for widget in self._rest():
            widget.setVisible(not on)
        self._arrange()
        (self.stage if on else self._home()).setFocus(Qt.FocusReason.OtherFocusReason)

    def set_tab(self, tab: str) -> None:
        """Shows one of the panes that share a place."""
        self._tab = tab
        self.tabs.choose(tab)
        self._arrange()

    def _toggle_left(self) -> None:
        self._left_open = not self._left_open
        self._arrange()

    def _arrange(self) -> None:
        if not self._full_screen:
            self._place(self.width(), self.height())
            return
        for widget in (*self._sides(), self.tabs):
            widget.hide()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._centre.setGeometry(self.rect())

    def _place_tabs(self, side_px: int, shown: bool) -> None:
        """Over a pane at the left that is so wide."""
        self.tabs.setVisible(shown)
        self.tabs.setGeometry(PAD, BAR_PX + 6, side_px - 2 * PAD, 32)
        self.tabs.raise_()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            ground(p, t, QRectF(self.rect()))
            if self.tabs.isVisible():
                # They belong to the pane under them.
                over = QRect(0, BAR_PX, self.tabs.width() + 2 * PAD, TABS_PX)
                p.fillRect(over, t.pane)
                rule(p, t, over.right(), over.top(), over.right(), over.bottom() + 1)
