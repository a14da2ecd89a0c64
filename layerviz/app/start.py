"""Starting: the application, style, fonts and language, what was remembered, the hook for what nobody foresaw."""

import sys
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication, QWidget

from layerviz.app.look import Look
from layerviz.app.settings import folder, load
from layerviz.app.style import LayerStyle
from layerviz.app.tokens import BODY, FIRST_FACES, font, load_faces
from layerviz.app.window import Window


def run(argv: list[str]) -> int:
    """Opens the window, at the lesson that `argv` names if it names one; answers with the status when it is closed."""
    application = QApplication.instance() or QApplication(["layerviz"])
    assert isinstance(application, QApplication)
    window = make_window(application)
    catch_what_nobody_foresaw(window, window.look, window.save_work)
    if argv:
        window.open_lesson(argv[0])
    window.show()
    return application.exec()


def catch_what_nobody_foresaw(window: QWidget, look: Look, save_work: Callable[[], None]) -> None:
    """From now on an exception that nobody catches saves the work and is shown, one dialog at a time."""
    open_now: list[object] = []

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        if open_now:
            return
        from layerviz.app.fault import FaultDialog, report_of

        save_work()
        dialog = FaultDialog(window, look, report_of(kind, error, trace))
        open_now.append(dialog)
        dialog.finished.connect(lambda _=0: open_now.clear())
        dialog.open()

    sys.excepthook = hook


def make_window(application: QApplication) -> Window:
    """The window with everything that belongs to it, not shown yet."""
    application.setApplicationName("layerviz")
    application.setApplicationDisplayName("layerviz")
    application.setDesktopFileName("layerviz")
    read = load(folder() / "settings.json")
    look = Look(read.settings.theme, read.settings.lang, read.settings.reduced_motion)
    load_faces(FIRST_FACES if look.lang == "en" else "*")
    look.retranslated.connect(lambda: load_faces())
    style = LayerStyle(look)
    application.setStyle(style)
    application.setFont(font(BODY))
    application.setPalette(style.palette())
    look.restyled.connect(lambda: application.setPalette(style.palette()))
    _translate_standard_dialogs(application, look)
    return Window(look, read)


def _translate_standard_dialogs(application: QApplication, look: Look) -> None:
    """Qt's own words in its file dialogs and message boxes follow the language."""
    translator = QTranslator(look)
    place = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)

    def follow() -> None:
        application.removeTranslator(translator)
        if look.lang != "en" and translator.load(f"qtbase_{look.lang}", place):
            application.installTranslator(translator)

    look.retranslated.connect(follow)
    follow()
