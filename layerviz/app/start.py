"""Starting: the application object, its style, fonts and language, what was remembered, and the one hook for what
nobody foresaw."""

from PySide6.QtWidgets import QApplication

from layerviz.app.look import Look
from layerviz.app.settings import folder, load
from layerviz.app.style import LayerStyle
from layerviz.app.tokens import BODY, font
from layerviz.app.window import Window
from layerviz.picture.paint import load_fonts


def run(argv: list[str]) -> int:
    """Opens the window and answers with the status when it is closed."""
    application = QApplication.instance() or QApplication(["layerviz", *argv])
    assert isinstance(application, QApplication)
    window = make_window(application)
    window.show()
    if argv:
        window.open_lesson(argv[0])
    return application.exec()


def make_window(application: QApplication) -> Window:
    """The window with everything that belongs to it, not shown yet."""
    application.setApplicationName("layerviz")
    application.setApplicationDisplayName("layerviz")
    load_fonts()
    read = load(folder() / "settings.json")
    look = Look(read.settings.theme, read.settings.lang, read.settings.reduced_motion)
    style = LayerStyle(look)
    application.setStyle(style)
    application.setFont(font(BODY))
    application.setPalette(style.palette())
    look.restyled.connect(lambda: application.setPalette(style.palette()))
    return Window(look, read)
