"""The window: one page at a time, what is remembered, and the keys that hold everywhere."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QByteArray, QRect, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from layerviz.app import pages
from layerviz.app.drops import Drops
from layerviz.app.home import Home
from layerviz.app.keys_overlay import KeysOverlay
from layerviz.app.look import Look
from layerviz.app.settings import Read, SettingsError, folder, save
from layerviz.app.warming import Warming
from layerviz.lessons.progress import Progress, ProgressError

if TYPE_CHECKING:
    from layerviz.app.build import Build
    from layerviz.app.explore import Explore
    from layerviz.app.passing import Passing
    from layerviz.app.player import Player
    from layerviz.app.session import Session
    from layerviz.app.stage import Stage
    from layerviz.lessons.schema import Lesson

Page = TypeVar("Page", bound=QWidget)
COPY_SCALE = 2
PICTURE, LEAST = (1600, 900), (1024, 640)


class Window(QMainWindow):
    """Home, player, Build, Explore; the very first time a page with one button. `painted` is sent once, after the first
    paint has begun."""

    painted = Signal()

    def __init__(self, look: Look, read: Read) -> None:
        super().__init__()
        self.look = look
        self.settings = read.settings
        self._settings_file = folder() / "settings.json"
        self.build_file = folder() / "build.json"
        self.progress = Progress.open()
        self.pages = QStackedWidget()
        self.setCentralWidget(self.pages)
        room = self.screen().availableGeometry()
        self.setMinimumSize(*least_size(room.width(), room.height()))
        self.setWindowTitle("layerviz")
        self.setAcceptDrops(True)
        self._home: Home | None = None
        self._player: Player | None = None
        self._build: Build | None = None
        self._explore: Explore | None = None
        self._passing: Passing | None = None
        self._was_painted = False
        self._before_full_screen = Qt.WindowState.WindowNoState
        self.keys = KeysOverlay(look, self)
        self.drops = Drops(look, self)
        self.drops.dropped.connect(self._take_file)
        self._restore_geometry()
        self._show_first_page(read)
        look.restyled.connect(lambda: self.remember(theme=look.chosen_theme))
        look.retranslated.connect(lambda: self.remember(lang=look.chosen_lang))
        look.remoted.connect(lambda: self.remember(reduced_motion=look.reduced_motion))

    # Pages, made when they are first needed

    @property
    def home(self) -> Home:
        if self._home is None:
            self._home = self._added(pages.home(self))
        return self._home

    @property
    def player(self) -> "Player":
        if self._player is None:
            self._player = self._added(pages.player(self))
        return self._player

    @property
    def build(self) -> "Build":
        if self._build is None:
            self._build = self._added(pages.build(self))
        return self._build

    @property
    def explore(self) -> "Explore":
        if self._explore is None:
            self._explore = self._added(pages.explore(self))
        return self._explore

    def _added(self, page: Page) -> Page:
        self.pages.addWidget(page)
        return page

    @property
    def build_waits(self) -> bool:
        """Whether there is an unfinished build."""
        return self.build_file.exists()

    def open_image(self, text: str) -> None:
        """Opens the image that `text` names in Explore."""
        self._go(self.explore)
        self.explore.open(text)

    def show_page(self, name: str) -> None:
        """ "lessons", "build" or "explore"."""
        if name == "build":
            self._go(self.build)
        elif name == "explore":
            self._go(self.explore)
        else:
            self.home.build_waits = self.build_waits
            self.home.refresh()
            self._go(self.home)

    def open_lesson(self, lesson_id: str) -> None:
        """Opens a lesson at its beginning. Raises `LessonError` where there is none of that name."""
        self.open_at(lesson_id, 0)

    def open_lesson_file(self, file: Path) -> None:
        """Opens a lesson that lies in a file. Raises `LessonError` where it is broken."""
        from layerviz.lessons import loading

        self.player.open(loading.load(file))
        self._go(self.player)

    def _go(self, page: QWidget) -> None:
        if not self.settings.started:
            self.remember(started=True)
        self.pages.setCurrentWidget(page)

    def _show_first_page(self, read: Read) -> None:
        damaged = read.damaged is not None or self.progress.damaged is not None
        if read.settings.started or self.progress.last or damaged:
            self.pages.setCurrentWidget(self.home)
            self._tell_damage(read)
            return
        self.pages.setCurrentWidget(self._added(pages.first_start(self)))

    def _tell_damage(self, read: Read) -> None:
        for file, key in ((read.damaged, "error.settings_damaged"), (self.progress.damaged, "error.progress_damaged")):
            if file is not None:
                self.home.tell(self.look.say(key, name=file.name), file.parent)

    def open_at(self, lesson_id: str, step: int, resting: bool = False) -> None:
        """Opens a lesson at a step (from 0): at its beginning, or with `resting` at its end."""
        self.player.open(_lesson(lesson_id), step, resting)
        self._go(self.player)
        self.player.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    # From lessons to Build and back

    def begin(self, kind: str, name: str, step: int = 0) -> None:
        """Begins anew in Build, from a lesson's step, a challenge or an example."""
        from layerviz.app.session import Origin

        self.build.begin(Origin(kind, name, step))
        self._go(self.build)

    def finish_lesson(self, lesson_id: str) -> None:
        """To the page behind a lesson's challenge."""
        lesson = _lesson(lesson_id)
        self.player.open(lesson, len(lesson.steps) + 1)
        self._go(self.player)

    def solve(self, lesson_id: str, within_par: bool) -> None:
        """Remembers that a challenge was solved."""
        self._safely(lambda: self.progress.solved(lesson_id, within_par))

    def keep(self, session: "Session") -> None:
        """Keeps the build for the next start."""
        from layerviz.app import unfinished

        self._safely(lambda: unfinished.save(self.build_file, session))

    # Files that are let go over the window

    def load_archive(self, file: Path) -> None:
        """Loads the archive as the command would."""
        self.build.load_archive(str(file))
        self._go(self.build)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.drops.enter(event, self._letting_go()):
            self._light(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.drops.hide()
        self._light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._light(False)
        self.drops.let_go(event)

    def _builds(self) -> bool:
        """Whether Build is the page that is shown."""
        return self._build is not None and self.pages.currentWidget() is self._build

    def _letting_go(self) -> str:
        """What letting a file go does here; "" where a place on the page says it."""
        explore = self._explore
        if explore is not None and explore.opening.welcome.place.isVisible():
            return ""
        return self.look.say("drop.load" if self._builds() else "drop.open")

    def _light(self, on: bool) -> None:
        """Shows where a file may be let go, on the page that has such a place."""
        if self._explore is not None:
            self._explore.opening.welcome.place.light(on)

    def _take_file(self, file: Path) -> None:
        if self._builds():
            self.load_archive(file)
        else:
            self.open_image(str(file))

    # Full screen, export, copy

    def present(self, on: bool) -> None:
        """Full screen from where one is, or back to the window at the same place."""
        page = self._shown()
        if page is None:
            return
        if on:
            self._before_full_screen = self.windowState()
            self.showFullScreen()
        else:
            self.setWindowState(self._before_full_screen & ~Qt.WindowState.WindowFullScreen)
        page.set_full_screen(on)

    def export(self) -> None:
        """The export dialog for what is on the stage."""
        from layerviz.app.export_dialog import open_export

        page = self._shown()
        dialog = open_export(self, self.look, page) if page is not None else None
        if dialog is not None:
            dialog.saved.connect(self._remark_saved)

    def _remark_saved(self, files: list[Path]) -> None:
        place = files[0] if len(files) == 1 else files[0].parent
        self.remark(self.look.say("export.saved", count=len(files), place=place))

    def remark(self, text: str) -> None:
        """Says something at the foot of the window for a moment."""
        from layerviz.app.passing import Passing

        if self._passing is None:
            self._passing = Passing(self.look, self)
        self._passing.remark(text)

    def copy_picture(self) -> None:
        """Puts the picture on the stage on the clipboard, as a page at twice its size."""
        from layerviz.picture.layout import View
        from layerviz.picture.paint import image

        stage = self._stage()
        if stage is None or stage.scene is None:
            return
        view = View(mode=stage.mode, lang=self.look.lang, width=PICTURE[0], height=PICTURE[1], fixed=False)
        frame = stage.scene.still(view).frame
        QGuiApplication.clipboard().setImage(image(frame, self.look.tokens.theme, COPY_SCALE))
        self.remark(self.look.say("export.copied"))

    def _stage(self) -> "Stage | None":
        page = self._shown()
        return page.stage if page is not None else None

    def _shown(self) -> "Player | Build | Explore | None":
        """The page with a stage that is shown, if it is one."""
        page, known = self.pages.currentWidget(), (self._player, self._build, self._explore)
        return next((one for one in known if one is not None and one is page), None)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        from PySide6.QtGui import QKeySequence

        if event.key() == Qt.Key.Key_F1 or event.text() == "?":
            self.keys.open()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_picture()
        elif event.key() == Qt.Key.Key_E and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.export()
        elif event.matches(QKeySequence.StandardKey.Open):
            self.show_page("explore")
            self.explore.doors.ask_file()
        elif event.matches(QKeySequence.StandardKey.Quit):
            self.close()
        else:
            super().keyPressEvent(event)

    # What is remembered

    def remember(self, **changed: Any) -> None:
        """Changes settings, for this start and the next."""
        self.settings = self.settings._replace(**changed)
        self._safely(lambda: save(self._settings_file, self.settings))

    def _safely(self, write: Callable[[], None]) -> None:
        """Writes; where that is refused, says so once in the window and goes on."""
        try:
            write()
        except (SettingsError, ProgressError) as problem:
            self.home.tell(str(problem), self._settings_file.parent)

    def save_work(self) -> None:
        """Everything unfinished onto the disk: before the window closes, and when something goes wrong."""
        if self._build is not None and self._build.session.done:
            self.keep(self._build.session)
        if not self.isFullScreen():
            self.remember(geometry=bytes(self.saveGeometry().data()).hex())

    def _restore_geometry(self) -> None:
        kept = self.settings.geometry
        if not (kept and self.restoreGeometry(QByteArray.fromHex(kept.encode()))):
            screen = self.screen().availableGeometry() if self.screen() is not None else QRect(0, 0, 1440, 900)
            self.resize(*first_size(screen.width(), screen.height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()
            Warming(self).start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keys.setGeometry(self.rect())

    def closeEvent(self, event: QCloseEvent) -> None:
        self.save_work()
        if self._explore is not None:
            self._explore.stop()
        event.accept()


def first_size(width: int, height: int) -> tuple[int, int]:
    """Of the first window on a screen that has this room: five sixths of it, within what is read at once."""
    return min(max(min(width * 5 // 6, 1600), 1440), width), min(max(min(height * 5 // 6, 1000), 900), height)


def least_size(width: int, height: int) -> tuple[int, int]:
    """Of the window on a screen that has this room: never more than there is. With everything twice as large a common
    screen has less than the usual least."""
    return min(LEAST[0], width), min(LEAST[1], height)


def _lesson(lesson_id: str) -> "Lesson":
    """A lesson, read when it is opened. Raises `LessonError` where there is none of that name."""
    from layerviz.lessons import loading

    return loading.lesson(lesson_id)
