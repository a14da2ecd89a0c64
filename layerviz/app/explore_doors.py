"""How images come into Explore: from a menu, a dialog, a reference that is typed, those opened last; beside the
window, with progress and Cancel."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton

from layerviz.app import recent
from layerviz.app.explore_frame import ExploreFrame
from layerviz.app.explore_image import Opened, opened
from layerviz.app.explore_reference import ReferenceSheet
from layerviz.app.look import Look
from layerviz.app.opening import OpenBeside
from layerviz.app.settings import folder
from layerviz.images.assembling import BroughtImage
from layerviz.resources import Problem

KINDS = "*.tar *.tar.gz *.tgz *.tar.zst *.oci"


class Doors(QObject):
    """`came` carries an image (`Opened`); `returned` tells that one gave up, so what was there before is shown."""

    came = Signal(object)
    returned = Signal()

    def __init__(self, look: Look, frame: ExploreFrame) -> None:
        super().__init__(frame)
        self._look, self._frame = look, frame
        self._recent_file: Path = folder() / "images.json"
        self._beside: OpenBeside | None = None
        self._text = ""
        self._images: tuple[BroughtImage, ...] = ()
        page = frame.opening
        for button in (frame.open_button, frame.first_button):
            self._offer(button)
        self._offer(page.failed.another)
        page.welcome.opened.connect(self.open)
        page.busy.cancelled.connect(self.give_up)
        page.failed.back.clicked.connect(self.returned)
        page.chooser.chosen.connect(lambda number: self._come(self._images[number]))

    def _offer(self, button: QPushButton) -> None:
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        # A menu that is empty does not open.
        menu.addAction("")
        button.setMenu(menu)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        look = self._look
        for key, act in (("file", self.ask_file), ("folder", self.ask_folder), ("reference", self.ask_reference)):
            menu.addAction(look.say(f"explore.open_{key}")).triggered.connect(lambda _=False, act=act: act())
        known = self.recent
        if known:
            menu.addSeparator()
        for text in known:
            menu.addAction(_short(text)).triggered.connect(partial(self._open_again, text))

    def _open_again(self, text: str, _checked: bool = False) -> None:
        self.open(text)

    @property
    def recent(self) -> tuple[str, ...]:
        return recent.load(self._recent_file)

    def ask_file(self) -> None:
        title = self._look.say("explore.open_file")
        kinds = f"{self._look.say('explore.archives')} ({KINDS});;{self._look.say('explore.all_files')} (*)"
        file, _ = QFileDialog.getOpenFileName(self._frame, title, "", kinds)
        if file:
            self.open(file)

    def ask_folder(self) -> None:
        file = QFileDialog.getExistingDirectory(self._frame, self._look.say("explore.open_folder"))
        if file:
            self.open(file)

    def ask_reference(self) -> None:
        sheet = ReferenceSheet(self._frame.window(), self._look)
        sheet.given.connect(self.open)
        sheet.open()

    # Reading

    @property
    def is_busy(self) -> bool:
        return self._beside is not None

    def open(self, text: str) -> None:
        """Reads what `text` names, beside the window."""
        self.give_up(quietly=True)
        self._text = text
        page = self._frame.opening
        page.busy.begin(_short(text))
        self._frame.show_opening(page.busy)
        beside = self._beside = OpenBeside(text)
        beside.went_on.connect(lambda done, count: self._went_on(beside, done, count))
        beside.ended.connect(lambda result: self._ended(beside, result))
        beside.broke.connect(self._broke)
        beside.start()
        page.busy.cancel.setFocus()

    def give_up(self, quietly: bool = False) -> None:
        """Nobody waits for what is being read any more."""
        if self._beside is None:
            return
        self._beside.give_up()
        self._beside = None
        if not quietly:
            self.returned.emit()

    def _went_on(self, beside: OpenBeside, done: int, count: int) -> None:
        if beside is self._beside:
            self._frame.opening.busy.go_on(done, count)

    def _ended(self, beside: OpenBeside, result: tuple[BroughtImage, ...] | Problem) -> None:
        if beside is not self._beside:
            return
        self._beside = None
        page = self._frame.opening
        if isinstance(result, Problem):
            page.failed.tell(result)
            self._frame.show_opening(page.failed)
            page.failed.another.setFocus()
            return
        self._images = result
        if len(result) == 1:
            self._come(result[0])
            return
        page.chooser.tell(result)
        self._frame.show_opening(page.chooser)
        page.chooser.choices[0].setFocus()

    def _broke(self, error: BaseException) -> None:
        self._beside = None
        self.returned.emit()
        raise error

    def _come(self, one: BroughtImage) -> None:
        recent.remember(self._recent_file, self._text)
        self.came.emit(opened(self._text, one, self._images))

    def choose_again(self, image: Opened) -> None:
        """The other images of the place that `image` came from."""
        page = self._frame.opening
        page.chooser.tell(image.all)
        self._frame.show_opening(page.chooser)


def _short(text: str) -> str:
    """A path below the home folder, shorter."""
    home = str(Path.home())
    return "~" + text[len(home) :] if home != "/" and text.startswith(home + "/") else text
