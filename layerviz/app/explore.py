"""Explore: a real image on the stage, a directory at a time; its layers, the stories of its paths, what is stored in
vain."""

import shlex
from typing import NamedTuple

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QMenu

from layerviz.app import explore_image as images
from layerviz.app import explore_menus as menus
from layerviz.app.explore_doors import Doors
from layerviz.app.explore_image import ImageScene, Opened
from layerviz.app.explore_knowing import Knowing
from layerviz.app.explore_places import ExplorePlaces
from layerviz.app.explore_reading import Reading, ReadingScene
from layerviz.app.explore_sheets import Sheets
from layerviz.app.look import Look
from layerviz.app.opening import Checked
from layerviz.app.projection import FRAME_MS
from layerviz.engine import paths
from layerviz.engine.layer_facts import LayerFacts
from layerviz.engine.waste import Waste
from layerviz.export.image import ImageStory

LESSON, LESSON_IMAGE = "two-layers-six-files", "three"


class Left(NamedTuple):
    """Where one was before another image was to be opened."""

    image: Opened
    directory: str
    path: str


class Explore(ExplorePlaces):
    """`page` names another page; `built` carries the image to go on with in Build, `lessoned` the one to make a lesson
    of."""

    page = Signal(str)
    built = Signal(object)
    lessoned = Signal(object)
    exported = Signal()
    presented = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._waste: Waste | None = None
        self._left: Left | None = None
        self._knowing = Knowing(self)
        self._context_menu = QMenu(self)
        self.checked: Checked | None = None
        self.doors = Doors(look, self)
        self.sheets = Sheets(look, self.doors)
        self._connect()
        self._welcome()

    def _connect(self) -> None:
        self.bar.page.connect(self.page)
        self.doors.reads.connect(self._show_reading)
        self.doors.together.connect(self.reading.tell_together)
        self.doors.came.connect(self.show_image)
        self.doors.returned.connect(self._back)
        self.text_wanted.connect(lambda path, at: self.sheets.view_text(path, compares=False, position=at))
        view, compare, changes = self.story.view_button, self.story.compare_button, self.story.changes_button
        for button, compares in ((view, False), (compare, True)):
            button.clicked.connect(
                lambda _=False, compares=compares: self.sheets.view_text(self._path, compares, self._version)
            )
        changes.clicked.connect(lambda: self.sheets.show_changes(self._layer))
        self.layers.entered.connect(self.sheets.show_changes)
        self.sheets.shown.connect(self.show_path)
        self.opening.welcome.lesson_wanted.connect(self.open_lesson_image)
        self.act_buttons["to_build"].clicked.connect(lambda: self.built.emit(self._image))
        self.act_buttons["lesson"].clicked.connect(lambda: self.lessoned.emit(self._image))
        self.act_buttons["shared"].clicked.connect(self.sheets.show_shared)
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill_export(menu))
        menu.addAction("")
        self.act_buttons["export"].setMenu(menu)
        self._more_menu.aboutToShow.connect(self._fill_more)
        self._knowing.facts.connect(self._know_facts)
        self._knowing.wasted.connect(self._know_waste)
        self._knowing.checked.connect(self._know_checked)

    # Opening

    @property
    def is_finding_out(self) -> bool:
        """Whether there is more to be known about the image than is shown."""
        return self._knowing.is_busy

    def open(self, text: str) -> None:
        """Opens what `text` names."""
        self.doors.open(text)

    def open_lesson_image(self) -> None:
        """The image that a lesson builds: small enough to be understood at a glance."""
        from layerviz.lessons import loading
        from layerviz.lessons.playing import play

        world = play(loading.lesson(LESSON)).steps[-1].after
        self.show_image(images.of_world(f"lesson:{LESSON}:{LESSON_IMAGE}", world, LESSON_IMAGE))

    def stop(self) -> None:
        """Nothing that is being read or found out is wanted any more."""
        self._knowing.stop()
        self.doors.give_up(quietly=True)

    def _welcome(self) -> None:
        self.opening.welcome.tell(self.doors.recent)
        self.show_opening(self.opening.welcome)

    def _back(self) -> None:
        """To what was there before."""
        self.show_reading(False)
        left, self._left = self._left, None
        if left is not None:
            self.show_image(left.image)
            self.go_to(left.directory)
            if left.path:
                self.choose_path(left.path, play=False)
        elif self._image is None:
            self._welcome()
        else:
            self.show_opening(None)

    def _show_reading(self, reading: Reading, done: int, count: int) -> None:
        """What is there of an image that is being read; what stood here before is put away."""
        begins = not self.is_reading
        if begins:
            self._begin_reading()
        image = reading.image()
        self.layers.show_arriving(image, reading.arrivals)
        self.head.tell(paths.ROOT, "")
        self.reading.tell(reading, done, count)
        if begins:
            # All at once it would take longer than a frame.
            QTimer.singleShot(FRAME_MS, self, lambda: self._begin_stage(image, reading))
        else:
            self._stage_reading(image, reading)

    def _begin_stage(self, image: Opened, reading: Reading) -> None:
        """Unless it was given up, or shows more by now."""
        if self.is_reading and self.stage.scene is None:
            self._stage_reading(image, reading)

    def _stage_reading(self, image: Opened, reading: Reading) -> None:
        self.reading_bars.tell(reading)
        before = self.stage.scene
        if not isinstance(before, ReadingScene) or before.unread != reading.unread:
            self.stage.show_scene(ReadingScene(image, reading.unread), glide=isinstance(before, ReadingScene))

    def _begin_reading(self) -> None:
        if self._image is not None:
            self._left = Left(self._image, self._directory, self._path)
        self._knowing.stop()
        self._let_go()
        self._image = self._told = None
        self.search.close_list()
        self.findings.tell(None, None)
        for note in (self.note_left, self.note_right):
            note.say("")
        self.stage.clear()
        self.reading.begin()
        self.show_reading(True)
        self.show_opening(None)
        self.reading.cancel.setFocus()

    def show_image(self, image: Opened) -> None:
        """Puts an image on the stage; what takes long is found out after its first frame."""
        self._image, self._facts, self._waste, self.checked = image, (), None, None
        self._path, self._version, self._layer, self._left = "", 0, 0, None
        self.show_reading(False)
        self.doors.tell_image(image)
        self.layers.show_image(image)
        self.findings.tell(image, None)
        self.search.show_image(image)
        self.show_opening(None)
        self.go_to(paths.ROOT)
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stage.walk(True)
        self._knowing.begin(image)

    def _know_facts(self, facts: tuple[LayerFacts, ...]) -> None:
        self._facts = facts
        self.layers.tell_facts(facts)
        if self._layer:
            self._tell_story()

    def _know_waste(self, found: Waste) -> None:
        self._waste = found
        self.findings.tell(self._image, found)

    def _know_checked(self, checked: Checked) -> None:
        self.checked = checked
        self.layers.tell_checked(checked)

    def as_story(self) -> ImageStory | None:
        """What stands on the stage, to be exported."""
        scene = self.stage.scene
        return ImageStory(scene.image.world, scene.place) if isinstance(scene, ImageScene) else None

    def export_target(self) -> str:
        """What the command line is told to draw the same."""
        where = self._path or self._directory
        return shlex.join([self._image.text, *([] if where == paths.ROOT else [where])]) if self._image else ""

    # Menus

    def _fill_more(self) -> None:
        inner = {"compare": lambda menu: self.doors.fill(menu, self.doors.compare_with), "export": self._fill_export}
        menus.fill_more(self._more_menu, self.act_buttons, inner)

    def _fill_export(self, menu: QMenu) -> None:
        menus.fill_export(menu, self._look, self.exported.emit, self.sheets.ask_save)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with what is under the pointer, which is chosen; by key, with what is chosen."""
        if self._image is None or self.is_reading or self.opening.isVisible() or self._full_screen:
            return
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            self._choose_under(event.globalPos())
        menus.fill_story(self._context_menu, self._look, self.story)
        if self._context_menu.actions():
            self._context_menu.popup(event.globalPos())

    def _choose_under(self, pos: QPoint) -> None:
        lines = self.layers.list
        if self.stage.rect().contains(at := self.stage.mapFromGlobal(pos)):
            shape = self.stage.shape_at(QPointF(at))
            if shape is not None and shape.address and not shape.id.endswith(".more"):
                self.stage.stand_at(shape.address)
                if shape.address != self.stage.chosen_address:
                    self.stage.choose(shape.address)
                    self._chosen(shape.address)
        elif lines.isVisible() and lines.rect().contains(at := lines.viewport().mapFromGlobal(pos)):
            index = lines.indexAt(at)
            if index.isValid() and self.layers.model.rows[index.row()].position:
                self.choose_layer(self.layers.model.rows[index.row()].position)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, control = event.key(), event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if self._full_screen and key in (Qt.Key.Key_Escape, Qt.Key.Key_F5, Qt.Key.Key_F11):
            self.presented.emit(False)
        elif key in (Qt.Key.Key_F5, Qt.Key.Key_F11) and self._image is not None:
            self.presented.emit(True)
        elif self.doors.is_busy or self._image is None or self.opening.isVisible():
            if key == Qt.Key.Key_Escape and self.doors.is_busy:
                self.doors.give_up()
            elif key == Qt.Key.Key_Escape and not self.opening.welcome.isVisible():
                self.doors.returned.emit()
            else:
                event.ignore()
        elif key == Qt.Key.Key_F and control:
            self.search.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif key == Qt.Key.Key_C and control:
            self.story.copy_button.click()
        elif key == Qt.Key.Key_F6:
            self._next_pane(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key == Qt.Key.Key_Backspace or (
            key == Qt.Key.Key_Up and event.modifiers() == Qt.KeyboardModifier.AltModifier
        ):
            self.up()
        elif key == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.stage.replay()
        elif key == Qt.Key.Key_Escape and self._escape():
            return
        else:
            event.ignore()

    def _escape(self) -> bool:
        if self.search.found.isVisible():
            self.search.close_list()
            return True
        if self._path or self._layer:
            self._chosen("")
            return True
        if self._left_open:
            self._toggle_left()
            return True
        return False
