"""The window: one page at a time, what is remembered, and the keys that hold everywhere."""

from PySide6.QtWidgets import QMainWindow, QStackedWidget

from layerviz.app.focus import FocusRing
from layerviz.app.look import Look
from layerviz.app.player import Player
from layerviz.app.settings import Read
from layerviz.lessons import loading
from layerviz.lessons.progress import Progress


class Window(QMainWindow):
    """Home, player, Build."""

    def __init__(self, look: Look, read: Read) -> None:
        super().__init__()
        self.look = look
        self._settings = read.settings
        self.progress = Progress.open()
        self.pages = QStackedWidget()
        self.setCentralWidget(self.pages)
        self.setMinimumSize(1024, 640)
        self.player = Player(look, self.progress, read.settings.speed, read.settings.notes)
        self.pages.addWidget(self.player)
        self.resize(1440, 900)
        self.ring = FocusRing(self)

    def open_lesson(self, lesson_id: str) -> None:
        self.player.open(loading.lesson(lesson_id))
        self.pages.setCurrentWidget(self.player)
