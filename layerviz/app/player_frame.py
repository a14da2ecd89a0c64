"""The player's parts and where they stand, without the lesson: bar, panes or drawers, stage, clock, captions, foot."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSpacerItem, QVBoxLayout, QWidget

from layerviz.app.arrange import BAR_PX, FOOT_PX, LEFT_PX, RIGHT_PX, SIDE_PX, Panes, panes
from layerviz.app.caption import Caption
from layerviz.app.finish import EndCard
from layerviz.app.foot import RING_PX, Foot
from layerviz.app.grip import Grip
from layerviz.app.head_line import HeadLine
from layerviz.app.lesson_panes import LeftPane, RightPane
from layerviz.app.look import Look
from layerviz.app.motion_row import MotionRow
from layerviz.app.parts import Button
from layerviz.app.question import QuestionCard
from layerviz.app.stage import Stage
from layerviz.app.strokes import ground, painting
from layerviz.app.topbar import SettingsMenu, TopBar

LEAST_STAGE_PX = 600
"""A drawer that leaves the stage so much stands beside it; else it lies over it."""
SNUG_BELOW = 800
"""In a window so low the stage needs room more than what stands around it."""
CAPTION_PX = 20
SMALL_CAPTION_PX = 18


@dataclass(frozen=True, slots=True)
class Wants:
    """What a step wants of the page: a question is open; something stands beside the stack and needs the right pane's
    room; nothing but the stage; the line over it; the lesson's objective, with which it begins."""

    asking: bool = False
    beside: bool = False
    stage_only: bool = False
    head: bool = True
    objective: bool = False


@dataclass(frozen=True, slots=True)
class Sides:
    """How much stands left and right of the stage, panes and drawers, and which drawers are open: one for which there
    is no room beside the stage lies over it."""

    left_px: int
    right_px: int
    left_drawer: bool
    right_drawer: bool


class PlayerFrame(QWidget):
    """`presented` asks for full screen on or off, `presented_from_start` for it from the first step, `sized` tells
    that the panes were dragged."""

    presented = Signal(bool)
    presented_from_start = Signal()
    notes_chosen = Signal(bool)
    sized = Signal(int, int)

    def __init__(self, look: Look, speed: float, notes: bool) -> None:
        super().__init__()
        self._look = look
        self._full_screen = False
        self._wants = Wants()
        self._notes_on = notes
        self._left_px = self._right_px = 0
        self._left_open = self._right_open = self._right_asked = False
        self._panes = Panes(LEFT_PX, RIGHT_PX, False)
        self._build_bar()
        self.stage = Stage(look)
        self.stage.set_speed(speed)
        self.head = HeadLine(look)
        self.motion = MotionRow(look, speed)
        self.caption = Caption(look)
        self.question = QuestionCard(look)
        self.end = EndCard(look)
        self.foot = Foot(look, speed)
        self.left_pane = LeftPane(look)
        self.right_pane = RightPane(look)
        self._build_centre()
        for pane in (self.left_pane, self.right_pane):
            pane.setParent(self)
        self._grips = (Grip(self), Grip(self))
        self._blank = QWidget(self)
        self._blank.setAutoFillBackground(True)
        self._blank.hide()
        self.foot.dockerfile.clicked.connect(self._toggle_left)
        self.inspect_button.clicked.connect(self._toggle_right)
        self.notes_button.clicked.connect(self.set_notes)
        self._fill_present_menu()
        self._grips[0].dragged.connect(self._drag_left)
        self._grips[1].dragged.connect(self._drag_right)
        for grip in self._grips:
            grip.released.connect(lambda: self.sized.emit(self._left_px, self._right_px))
        look.restyled.connect(self.update)
        self.setTabOrder(self.stage, self.motion.replay)

    def _build_bar(self) -> None:
        look = self._look
        self.bar = TopBar(look)
        self.bar.setParent(self)
        self.flat_button = Button(look, "player.flat", kind="quiet", on=False)
        self.inspect_button = Button(look, "player.inspect", kind="quiet", on=False)
        self.notes_button = Button(look, "player.notes", kind="quiet", glyph="list", on=self._notes_on)
        self.build_button = Button(look, "player.to_build", kind="quiet")
        self.export_button = Button(look, "player.export", kind="quiet")
        self.present_button = Button(look, "player.present", kind="quiet", glyph="play")
        self.bar.add(
            self.flat_button,
            self.inspect_button,
            self.notes_button,
            self.build_button,
            self.export_button,
            self.present_button,
            SettingsMenu(look),
        )

    def _fill_present_menu(self) -> None:
        menu = QMenu(self)
        self.present_button.setMenu(menu)
        here = menu.addAction("")
        here.triggered.connect(lambda: self.presented.emit(True))
        start = menu.addAction("")
        start.triggered.connect(self.presented_from_start)

        def retranslate() -> None:
            here.setText(self._look.say("player.from_here") + "\tF5")
            start.setText(self._look.say("player.from_start") + "\tShift+F5")

        self._look.retranslated.connect(retranslate)
        retranslate()

    def _build_centre(self) -> None:
        self._centre = QWidget(self)
        self._column = QVBoxLayout(self._centre)
        self._column.setSpacing(0)
        for widget, space in (
            (self.head, 8),
            (self.stage, 24),
            (self.motion, 12),
            (self.caption, 0),
            (self.question, 0),
            (self.end, 0),
        ):
            self._column.addWidget(widget, 1 if widget is self.stage else 0)
            if space:
                self._column.addSpacing(space)
        self._column.addSpacing(8)
        self.foot.setParent(self)

    def set_notes(self, on: bool) -> None:
        self._notes_on = on
        self.notes_button.setChecked(on)
        self.notes_chosen.emit(on)
        self._arrange()

    def set_sizes(self, left_px: int, right_px: int) -> None:
        """The widths of the panes that were dragged last time."""
        self._left_px, self._right_px = left_px, right_px
        self._arrange()

    @property
    def is_full_screen(self) -> bool:
        return self._full_screen

    @property
    def has_notes(self) -> bool:
        """Whether the teacher's notes are asked for."""
        return self._notes_on

    def blank_out(self) -> None:
        """A black screen, until the next key."""
        palette = self._blank.palette()
        palette.setColor(palette.ColorRole.Window, Qt.GlobalColor.black)
        self._blank.setPalette(palette)
        self._blank.setGeometry(self.rect())
        self._blank.raise_()
        self._blank.show()

    def next_pane(self) -> None:
        """F6: from the stage to the left pane, the right pane, the bar, and round."""
        stops: list[QWidget] = [self.stage]
        if self.left_pane.isVisible():
            stops.append(self.left_pane.dockerfile if self.left_pane.dockerfile.isVisible() else self.left_pane)
        if self.motion.isVisible():
            stops.append(self.motion.replay)
        stops.append(self.notes_button)
        focus = self.focusWidget()
        at = next((number for number, stop in enumerate(stops) if stop is focus), -1)
        if at == 0 and not self.stage.is_walking:
            self.stage.walk(True)
            return
        self.stage.walk(False)
        stops[(at + 1) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            ground(p, self._look.tokens, QRectF(self.rect()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def _toggle_left(self) -> None:
        self._left_open = not self._left_open
        self._arrange()

    def _toggle_right(self) -> None:
        self._right_open = self._right_asked = not self.right_pane.isVisible()
        self._arrange()

    def _drag_left(self, x: int) -> None:
        self._left_px = x
        self._arrange()

    def _drag_right(self, x: int) -> None:
        self._right_px = self.width() - x
        self._arrange()

    def _arrange(self) -> None:
        """Puts every part where the window's size wants it (`arrange`)."""
        w, h = self.width(), self.height()
        self._blank.setGeometry(self.rect())
        full = self._full_screen
        self.bar.setVisible(not full)
        for part in (self.head, self.foot):
            part.setVisible(not full)
        if full:
            for pane in (self.left_pane, self.right_pane, *self._grips):
                pane.hide()
            self._centre.setGeometry(self.rect())
            self._column.setContentsMargins(0, 0, 0, 0)
            self._spaces(0, 0, 0, 0)
            return
        self._panes = panes(w, h, 1.0, self._left_px, self._right_px)
        wants, asking = self._wants, self._wants.asking
        low, left, right = self._panes.low, self._panes.left_px, self._panes.right_px
        snug = h < SNUG_BELOW
        if (asking or wants.beside) and not self._notes_on:
            right = 0
        if wants.stage_only:
            left = right = 0
        sides = self._sides(w, left, right, asking)
        self.bar.setGeometry(0, 0, w, BAR_PX)
        self._centre.setGeometry(sides.left_px, BAR_PX, w - sides.left_px - sides.right_px, h - BAR_PX)
        foot = self.foot.height()
        inset = SIDE_PX - RING_PX
        self.foot.setGeometry(left + inset, h - foot - 8, w - left - right - 2 * inset, foot)
        self._column.setContentsMargins(SIDE_PX, 8 if low else 12, SIDE_PX, foot + 8)
        self.head.setVisible(not low and wants.head)
        self._spaces(0 if low else 8, 2 if low else 8 if snug else 24, 0 if snug else 12, 4 if snug else 12)
        self.motion.low(snug)
        self.foot.small(snug, self._panes.narrow)
        self.caption.stand(SMALL_CAPTION_PX if low else CAPTION_PX, 68 if snug else 80)
        self.question.low(snug)
        self.flat_button.setVisible(low)
        self.inspect_button.setVisible(right == 0 and not asking)
        self.inspect_button.setChecked(right > 0 or sides.right_drawer)
        small_bar = w < 1200
        for button, key in ((self.notes_button, "player.notes"), (self.present_button, "player.present")):
            button.rename("" if small_bar else key)
            if small_bar:
                button.setText("")
                button.setToolTip(self._look.say(key))
                button.setAccessibleName(self._look.say(key))
        self.export_button.setVisible(not small_bar)
        for button in (self.notes_button, self.build_button):
            button.setVisible(not wants.stage_only)
        self.inspect_button.setVisible(self.inspect_button.isVisibleTo(self) and not wants.stage_only)
        self._arrange_panes(left, right, sides)
        self.bar.sub.setVisible(not small_bar)
        self.left_pane.objective.setVisible(wants.objective)

    def _spaces(self, under_head: int, under_stage: int, under_motion: int, over_foot: int) -> None:
        spaces: list[QSpacerItem] = []
        for k in range(self._column.count()):
            item = self._column.itemAt(k)
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                spaces.append(spacer)
        motion = self.motion.isVisibleTo(self._centre)
        for space, px in zip(spaces, (under_head, under_stage, under_motion if motion else 0, over_foot), strict=True):
            space.changeSize(0, px)
        self._column.invalidate()

    def _sides(self, w: int, left: int, right: int, asking: bool) -> Sides:
        """What stands beside the stage: the panes, and the drawers that leave it room enough."""
        left_drawer = left == 0 and self._left_open
        right_drawer = right == 0 and (self._notes_on or (self._right_open and not asking))
        # What only a click opened lies over the stage: one of another width would move away from under the pointer.
        right_beside = right_drawer and (self._right_asked or self._notes_on)
        most = w - 2 * SIDE_PX - LEAST_STAGE_PX
        if left_drawer and LEFT_PX + right <= most:
            left = LEFT_PX
        if right_beside and left + RIGHT_PX <= most:
            right = RIGHT_PX
        return Sides(left, right, left_drawer, right_drawer)

    def _arrange_panes(self, left: int, right: int, sides: Sides) -> None:
        """The panes as high as the page; drawers end above the foot, those over the stage at its lower edge."""
        w, height = self.width(), self.height() - BAR_PX
        self.right_pane.show_notes(self._notes_on)
        self._column.activate()
        over = self._centre.y() + self.stage.geometry().bottom() + 1 - BAR_PX
        left_high = height if left else height - FOOT_PX if sides.left_px else over
        right_high = height if right else height - FOOT_PX if sides.right_px else over
        wide = right or RIGHT_PX
        # Nothing that is chosen is covered by what is said of it.
        aside = sides.right_drawer and not sides.right_px and not sides.left_drawer and self._chosen_right() > w - wide
        self.left_pane.setGeometry(0, BAR_PX, left or LEFT_PX, left_high)
        self.left_pane.setVisible(left > 0 or sides.left_drawer)
        self.right_pane.setGeometry(sides.left_px if aside else w - wide, BAR_PX, wide, right_high)
        self.right_pane.setVisible(right > 0 or sides.right_drawer)
        self._centre.lower()
        for pane, drawer in ((self.left_pane, sides.left_drawer), (self.right_pane, sides.right_drawer)):
            if drawer:
                pane.raise_()
        for grip, x, shown in ((self._grips[0], left - 4, left > 0), (self._grips[1], w - right - 4, right > 0)):
            grip.setGeometry(x, BAR_PX, 8, height)
            grip.setVisible(shown)
            grip.raise_()

    def _chosen_right(self) -> float:
        """How far right the chosen tile reaches; 0 where none is chosen."""
        chosen = [spot for spot in self.stage.spots() if spot.is_tile and spot.address == self.stage.chosen_address]
        xs = [corner.x() for spot in chosen for corner in self.stage.outline_of(spot.shape_id)]
        return self._centre.x() + self.stage.x() + max(xs, default=0.0)
