"""Explore: a real image on the stage, a directory at a time; its layers, the stories of its paths, what is stored in
vain."""

import shlex
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu

from layerviz.app import explore_image as images
from layerviz.app import explore_words as words
from layerviz.app.explore_doors import Doors
from layerviz.app.explore_frame import ACTIONS, ExploreFrame
from layerviz.app.explore_image import ImageScene, Opened
from layerviz.app.explore_knowing import Knowing
from layerviz.app.explore_reading import Reading, ReadingScene
from layerviz.app.explore_saving import KEYS
from layerviz.app.explore_sheets import Sheets
from layerviz.app.look import Look
from layerviz.app.opening import Checked
from layerviz.app.projection import FRAME_MS
from layerviz.engine import merge, paths
from layerviz.engine.address import AddressError, parse
from layerviz.engine.layer_facts import LayerFacts
from layerviz.engine.pathstory import path_story, stored_versions
from layerviz.engine.waste import Finding, Waste
from layerviz.export.image import ImageStory

LESSON, LESSON_IMAGE = "two-layers-six-files", "three"


class Left(NamedTuple):
    """Where one was before another image was to be opened."""

    image: Opened
    directory: str
    path: str


class Explore(ExploreFrame):
    """`page` names another page; `built` carries the image to go on with in Build, `lessoned` the one to make a lesson
    of."""

    page = Signal(str)
    built = Signal(object)
    lessoned = Signal(object)
    exported = Signal()
    presented = Signal(bool)
    mode_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._image: Opened | None = None
        self._directory = paths.ROOT
        self._path = ""
        self._layer = 0
        self._facts: tuple[LayerFacts, ...] = ()
        self._waste: Waste | None = None
        self._left: Left | None = None
        self._told: tuple[Opened, str, str] | None = None
        """The place that is described over and below the stage, and in which language."""
        self._knowing = Knowing(self)
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
        self.story.view_button.clicked.connect(lambda: self.sheets.view_text(self._path, compares=False))
        self.story.compare_button.clicked.connect(lambda: self.sheets.view_text(self._path, compares=True))
        self.opening.welcome.lesson_wanted.connect(self.open_lesson_image)
        self.stage.chosen.connect(self._chosen)
        self.stage.entered.connect(self._entered)
        self.head.went_to.connect(self.go_to)
        self.head.mode.connect(self._set_mode)
        self.layers.chosen.connect(self.choose_layer)
        self.findings.chosen.connect(self.choose_finding)
        self.search.chosen.connect(self.show_path)
        self.story.enter_button.clicked.connect(self._step_in)
        self.act_buttons["to_build"].clicked.connect(lambda: self.built.emit(self._image))
        self.act_buttons["lesson"].clicked.connect(lambda: self.lessoned.emit(self._image))
        self.act_buttons["shared"].clicked.connect(self.sheets.show_shared)
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill_export(menu))
        menu.addAction("")
        self.act_buttons["export"].setMenu(menu)
        self._knowing.facts.connect(self._know_facts)
        self._knowing.wasted.connect(self._know_waste)
        self._knowing.checked.connect(self._know_checked)
        self._more_menu.aboutToShow.connect(self._fill_more)
        self._look.retranslated.connect(self._refresh)

    # Opening

    @property
    def image(self) -> Opened | None:
        return self._image

    @property
    def is_finding_out(self) -> bool:
        """Whether there is more to be known about the image than is shown."""
        return self._knowing.is_busy

    @property
    def directory(self) -> str:
        return self._directory

    @property
    def path(self) -> str:
        """The chosen path, "" for none."""
        return self._path

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
        self._path, self._layer, self._left = "", 0, None
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

    # Where one is

    def go_to(self, directory: str) -> None:
        """Steps to a directory."""
        if self._image is None:
            return
        self._directory = images.existing(self._image, directory)
        self._let_go()
        self._show()

    def up(self) -> None:
        """Steps back to the directory above, where the one that one leaves is chosen."""
        left = self._directory
        if left != paths.ROOT:
            self.go_to(paths.parent(left))
            self.choose_path(left, play=False)

    def show_path(self, path: str) -> None:
        """Steps to where `path` is and chooses it."""
        if self._image is None:
            return
        if path == paths.ROOT:
            self.go_to(path)
            return
        if paths.parent(path) != self._directory:
            self.go_to(paths.parent(path))
        self.choose_path(path)
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stage.walk(True)

    def choose_path(self, path: str, position: int = 0, play: bool = True) -> None:
        """Chooses a path of the directory: as it is seen, which plays how it is found, or its version in a layer."""
        image = self._image
        if image is None:
            return
        address = f"{image.name}[{position}]:{path}" if position else images.address_of(image, path)
        found = merge.seen(image.stack, path)
        self._path, self._layer = path, 0
        self._show(looked=path if play and not position and found is not None else "", chosen=address)
        at = position or (found.position if found is not None else parse(address).layer if address else 0)
        self.layers.choose(at if isinstance(at, int) else 0)
        self.findings.choose(path)
        self._tell_story()

    def choose_layer(self, position: int) -> None:
        """Chooses a layer; one with nothing in this directory is shown where it has something."""
        self.search.hide_list()
        image = self._image
        if image is None:
            return
        if position in images.left_out(image, self._directory):
            self._directory = images.home_of(image, position)
        self._path, self._layer = "", position
        self._show()
        picture = self.stage.picture
        self.stage.choose(f"{image.name}[{images.row_of(picture, position) if picture is not None else position}]")
        self.layers.choose(position)
        self._tell_story()

    def choose_finding(self, finding: Finding) -> None:
        """Steps to where a finding is, and chooses its (first) path."""
        self.search.hide_list()
        if self._image is None:
            return
        first = finding.paths[0] if finding.paths else finding.path
        inside = finding.count > 1 and paths.parent(first) == finding.path
        held = self.findings.list.currentIndex()
        self.show_path(first if inside or finding.count == 1 or finding.kind == "repeated" else finding.path)
        self.findings.list.setCurrentIndex(held)

    def _let_go(self) -> None:
        self._path, self._layer = "", 0
        self.stage.choose("")
        self.layers.choose(0)
        self.findings.let_go()
        self._tell_story()

    def _show(self, looked: str = "", chosen: str = "") -> None:
        image = self._image
        if image is None:
            return
        place = images.place_at(image, self._directory, self._path)
        scene = ImageScene(image, place, looked)
        before = self.stage.scene
        steps = isinstance(before, ReadingScene) and before.image.name == image.name
        if isinstance(before, ImageScene) and before.image is image:
            steps = before.place.directory != place.directory
        if chosen and not looked:
            # Before, so that one picture is laid out, not two.
            self.stage.choose(chosen)
        self.stage.show_scene(scene, play=bool(looked), glide=steps)
        if looked:
            self.stage.choose(chosen)
        self._tell_place()

    def _tell_place(self) -> None:
        image, look = self._image, self._look
        if image is None:
            return
        picture = self.stage.picture
        self.head.segments.choose(picture.mode if picture is not None else "flat")
        place = image, self._directory, look.lang
        if place == self._told:
            return
        # All names of the directory are looked at.
        self._told = place
        self.head.tell(self._directory, words.counts_words(images.counts_in(image, self._directory), look.lang))
        left = images.left_out(image, self._directory)
        names = images.names_in(image, self._directory)
        nothing = "" if names else look.say("explore.nothing_here")
        self.note_left.say(nothing or words.left_out_words(left, self._directory, look.lang))
        has_directory = any(name.is_directory for name in names)
        self.note_right.say(look.say("explore.directories_show") if has_directory else "")

    def _tell_story(self) -> None:
        image, lang = self._image, self._look.lang
        if image is None or not (self._path or self._layer):
            self.story.tell(None)
        elif self._layer:
            facts = next((one for one in self._facts if one.position == self._layer), None)
            self.story.tell(words.layer_story(image, self._layer, facts, lang))
        else:
            texts = len(stored_versions(path_story(image.stack, self._path)))
            enters = images.is_directory(image, self._path)
            self.story.tell(words.path_words(image, self._path, lang), texts, enters)

    def _refresh(self) -> None:
        self._tell_place()
        self._tell_story()

    # What the stage says

    def _chosen(self, address: str) -> None:
        self.search.hide_list()
        image = self._image
        try:
            parsed = parse(address) if address and image is not None else None
        except AddressError:
            parsed = None
        if parsed is None or image is None:
            self._path, self._layer = "", 0
            self._let_go()
            self._show()
            return
        position = parsed.layer if isinstance(parsed.layer, int) else 0
        if self.stage.here.endswith(".more"):
            self.search.look_for(f"{self._directory.rstrip('/')}/*")
            self.search.found.enter()
        elif parsed.path is None:
            self.findings.let_go()
            self.choose_layer(position)
        elif parsed.path == self._directory:
            self._let_go()
            self._show()
        else:
            self.choose_path(parsed.path, position)

    def _entered(self, address: str) -> None:
        try:
            path = parse(address).path
        except AddressError:
            return
        if not path or self._image is None:
            return
        if images.is_directory(self._image, path):
            self.go_to(path)
        else:
            self.sheets.view_text(path, compares=False)

    def _step_in(self) -> None:
        self.go_to(self._path)
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_mode(self, mode: str) -> None:
        self.stage.prefer(mode)
        self._tell_place()
        self.mode_chosen.emit(mode)

    def _fill_more(self) -> None:
        self._more_menu.clear()
        for name in ACTIONS:
            if name in ("compare", "export"):
                inner = self._more_menu.addMenu(self.act_buttons[name].text())
                self._fill_export(inner) if name == "export" else self.doors.fill(inner, self.doors.compare_with)
                continue
            action = self._more_menu.addAction(self.act_buttons[name].text())
            action.setEnabled(self.act_buttons[name].isEnabled())
            action.triggered.connect(lambda _=False, name=name: self.act_buttons[name].click())

    def _fill_export(self, menu: QMenu) -> None:
        menu.clear()
        menu.addAction(self._look.say("explore.as_picture")).triggered.connect(self.exported)
        menu.addSeparator()
        for form, key in KEYS:
            action = menu.addAction(self._look.say(f"explore.{key}"))
            action.triggered.connect(lambda _=False, form=form: self.sheets.ask_save(form))

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
            else:
                event.ignore()
        elif key == Qt.Key.Key_F and control:
            self.search.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
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
