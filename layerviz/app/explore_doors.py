"""How images come into Explore: from a menu, a dialog, a reference that is typed, those opened last; beside the
window, with progress and Cancel."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from layerviz.app import recent
from layerviz.app.beside import RunBeside
from layerviz.app.explore_frame import ExploreFrame
from layerviz.app.explore_image import Opened, opened, ready
from layerviz.app.explore_reading import Arriving
from layerviz.app.explore_reference import ReferenceSheet
from layerviz.app.look import Look
from layerviz.app.opening import AskBeside, OpenBeside
from layerviz.app.settings import folder
from layerviz.app.tokens import NOTE, load_faces
from layerviz.images.assembling import BroughtImage
from layerviz.images.engines import sockets
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import Engine
from layerviz.picture import widths
from layerviz.picture.primitives import Font
from layerviz.resources import Problem
from layerviz.strings import tr

Purpose = Literal["show", "compare", "add"]
ENGINES: dict[Engine, str] = {"docker-daemon": "docker", "podman": "podman"}
SHOWN_AFTER_MS = 150
"""What is read faster than that shows nothing on its way."""
LOADS_EVERY_MS = 40
TOLD_EVERY_S = 0.1
"""How often layers that are being read are shown anew."""
KINDS = "*.tar *.tar.gz *.tgz *.tar.zst *.oci"


class Doors(QObject):
    """`reads` carries what is known of an image while it is being read (`Reading`), with the bytes done and in all, and
    `together` tells that all of it is read; `came` carries the image (`Opened`), `compared` one that is to be held
    against it, `added` all images of a place, beside those of my images; `returned` tells that one gave up, so what was
    there before is shown."""

    reads = Signal(object, object, object)
    together = Signal()
    came = Signal(object)
    compared = Signal(object)
    added = Signal(object)
    returned = Signal()

    def __init__(self, look: Look, frame: ExploreFrame) -> None:
        super().__init__(frame)
        self._look, self._frame = look, frame
        self._recent_file: Path = folder() / "images.json"
        self._beside: RunBeside | None = None
        self._arriving: Arriving | None = None
        self._told_at = 0.0
        self._loads: tuple[Callable[[], object], ...] = (
            load_faces,
            lambda: widths.width("layer", Font(NOTE)),
            lambda: tr(look.lang, "stage.merged_view"),
        )
        self._text = ""
        self._purpose: Purpose = "show"
        self._images: tuple[BroughtImage, ...] = ()
        self._image: Opened | None = None
        page = frame.opening
        for button in (frame.open_button, frame.first_button):
            self.offer(button, self.open)
        self.offer(page.failed.another, self._open_again)
        self.offer(frame.act_buttons["compare"], self.compare_with)
        page.welcome.opened.connect(self.open)
        for cancelled in (page.busy.cancelled, frame.reading.cancelled):
            cancelled.connect(self.give_up)
        for back in (page.failed.back, page.chooser.back):
            back.clicked.connect(self.returned)
        page.chooser.chosen.connect(lambda number: self._come(self._images[number]))

    @property
    def image(self) -> Opened | None:
        """The image that is open."""
        return self._image

    @property
    def window(self) -> QWidget:
        """What sheets lie over."""
        return self._frame.window()

    def offer(self, button: QPushButton, then: Callable[[str], None]) -> None:
        """Gives `button` a menu of the ways in; `then` opens what is chosen."""
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self.fill(menu, then))
        # A menu that is empty does not open.
        menu.addAction("")
        button.setMenu(menu)

    def fill(self, menu: QMenu, then: Callable[[str], None]) -> None:
        """The ways in; to compare with, the other images of the same place come first."""
        menu.clear()
        look, image = self._look, self._image
        if then == self.compare_with and image is not None:
            for other in image.all:
                if other is not image.brought:
                    name = ", ".join(other.refs) or look.say("explore.nameless", n=image.all.index(other) + 1)
                    menu.addAction(name).triggered.connect(partial(self._compare_here, other))
            menu.addSeparator()
        for key, ask in (("file", self.ask_file), ("folder", self.ask_folder), ("reference", self.ask_reference)):
            menu.addAction(look.say(f"explore.open_{key}")).triggered.connect(partial(_without_state, ask, then))
        menu.addSeparator()
        here = [engine for engine in ENGINES if is_here(engine)]
        for engine in here:
            text = look.say(f"explore.open_{ENGINES[engine]}")
            menu.addAction(text).triggered.connect(partial(_with_text, then, f"{engine}:"))
        if not here:
            menu.addAction(look.say("explore.open_no_engine")).setEnabled(False)
        here_now = image.text if then == self.compare_with and image is not None else ""
        known = [text for text in self.recent if text != here_now]
        if known:
            menu.addSeparator()
        for text in known:
            menu.addAction(_short(text)).triggered.connect(partial(_with_text, then, text))

    def _open_again(self, text: str) -> None:
        """Another one instead of what could not be opened, for the same purpose."""
        self._read(text, self._purpose)

    def _compare_here(self, other: BroughtImage, _checked: bool = False) -> None:
        assert self._image is not None
        self.compared.emit(opened(self._image.text, other, self._image.all))

    @property
    def recent(self) -> tuple[str, ...]:
        return recent.load(self._recent_file)

    def ask_file(self, then: Callable[[str], None] | None = None) -> None:
        title = self._look.say("explore.open_file")
        kinds = f"{self._look.say('explore.archives')} ({KINDS});;{self._look.say('explore.all_files')} (*)"
        file, _ = QFileDialog.getOpenFileName(self._frame, title, "", kinds)
        if file:
            (then or self.open)(file)

    def ask_folder(self, then: Callable[[str], None] | None = None) -> None:
        file = QFileDialog.getExistingDirectory(self._frame, self._look.say("explore.open_folder"))
        if file:
            (then or self.open)(file)

    def ask_reference(self, then: Callable[[str], None] | None = None) -> None:
        sheet = ReferenceSheet(self._frame.window(), self._look)
        sheet.given.connect(then or self.open)
        sheet.open()

    # Reading

    @property
    def is_busy(self) -> bool:
        return self._beside is not None

    def open(self, text: str) -> None:
        """Reads what `text` names, beside the window."""
        self._read(text, "show")

    def compare_with(self, text: str) -> None:
        """Reads what `text` names, to hold it against the image that is open."""
        self._read(text, "compare")

    def add(self, text: str) -> None:
        """Reads the images of a place, to see what they share with those that are here."""
        self._read(text, "add")

    def tell_image(self, image: Opened) -> None:
        """The image that is open."""
        self._image = image

    def _read(self, text: str, purpose: Purpose) -> None:
        self.give_up(quietly=True)
        self._text, self._purpose = text, purpose
        self._frame.opening.busy.begin(_short(text))
        arriving = self._arriving = Arriving(text)
        beside = self._beside = OpenBeside(text, arriving)
        beside.went_on.connect(lambda done, count: self._went_on(beside, done, count))
        beside.ended.connect(lambda result: self._ended(beside, result))
        beside.broke.connect(self._broke)
        beside.start()
        # What the first picture needs is loaded meanwhile, one after another.
        for number, load in enumerate(self._loads):
            QTimer.singleShot(LOADS_EVERY_MS * number, beside, load)
        QTimer.singleShot(SHOWN_AFTER_MS, beside, lambda: self._wait(beside))

    def give_up(self, quietly: bool = False) -> None:
        """Nobody waits for what is being read any more."""
        if self._beside is None:
            return
        self._beside.give_up()
        self._beside = self._arriving = None
        if not quietly:
            self.returned.emit()

    def _wait(self, beside: RunBeside) -> None:
        """It takes so long that it is worth to show something: first of all that it takes long."""
        busy = self._frame.opening.busy
        if beside is self._beside and not self._frame.is_reading and not self._tell_reading():
            self._frame.show_opening(busy)
            busy.cancel.setFocus()

    def _went_on(self, beside: RunBeside, done: int, count: int) -> None:
        if beside is not self._beside:
            return
        busy = self._frame.opening.busy
        busy.go_on(done, count)
        if self._frame.is_reading and time.monotonic() - self._told_at < TOLD_EVERY_S:
            return
        if busy.isVisible() or self._frame.is_reading:
            self._tell_reading()

    def _tell_reading(self) -> bool:
        """Shows how far the layers are, where that is known and the image is to be shown."""
        self._told_at = time.monotonic()
        reading = self._arriving.now() if self._arriving is not None and self._purpose == "show" else None
        if reading is not None:
            self.reads.emit(reading, *self._frame.opening.busy.passed)
        return reading is not None

    def _ended(self, beside: RunBeside, result: tuple[BroughtImage, ...] | Problem) -> None:
        if beside is not self._beside:
            return
        if self._frame.is_reading:
            self._tell_reading()
        self._beside = self._arriving = None
        page = self._frame.opening
        if isinstance(result, Problem):
            page.failed.tell(result)
            self._frame.show_opening(page.failed)
            page.failed.another.setFocus()
            return
        self._images = result
        if self._purpose == "add":
            recent.remember(self._recent_file, self._text)
            self.returned.emit()
            self.added.emit(result)
        elif len(result) == 1:
            self._come(result[0])
        else:
            page.chooser.tell(result)
            self._frame.show_opening(page.chooser)
            page.chooser.choices[0].setFocus()

    def _broke(self, error: BaseException) -> None:
        self._beside = self._arriving = None
        self.returned.emit()
        raise error

    def _come(self, one: BroughtImage) -> None:
        """What its first picture needs is found out beside the window: the whole tree is counted."""
        recent.remember(self._recent_file, self._text)
        if one.image.quoted is not None and one.parts is None:
            # An engine told what it has; now the image itself is wanted.
            self._read(one.image.origin, self._purpose)
            return
        text, images = self._text, self._images
        if self._frame.is_reading and one is images[0]:
            self.together.emit()
        else:
            self._frame.show_opening(self._frame.opening.busy)
        image = opened(text, one, images)
        beside = self._beside = AskBeside(image.stack, one, ("view",))
        beside.ended.connect(lambda _: self._make_ready(beside, image))
        beside.broke.connect(self._broke)
        beside.start()

    def _make_ready(self, before: RunBeside, image: Opened) -> None:
        """With the merged view at hand what the first picture needs is quickly found."""
        if before is not self._beside:
            return
        beside = self._beside = RunBeside(lambda: ready(image))
        beside.ended.connect(lambda image: self._stand(beside, image))
        beside.broke.connect(self._broke)
        beside.start()

    def _stand(self, beside: RunBeside, image: Opened) -> None:
        if beside is not self._beside:
            return
        self._beside = None
        if self._purpose == "compare":
            self.returned.emit()
            self.compared.emit(image)
        else:
            self.came.emit(image)


def is_here(engine: Engine) -> bool:
    """Whether the socket of an engine lies where it is looked for."""
    try:
        return any(place.is_socket() for place in sockets(engine))
    except (ImageProblem, OSError):
        return False


def _without_state(
    ask: Callable[[Callable[[str], None]], None], then: Callable[[str], None], _on: bool = False
) -> None:
    ask(then)


def _with_text(then: Callable[[str], None], text: str, _on: bool = False) -> None:
    then(text)


def _short(text: str) -> str:
    """A path below the home folder, shorter."""
    home = str(Path.home())
    return "~" + text[len(home) :] if home != "/" and text.startswith(home + "/") else text
