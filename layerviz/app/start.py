"""Starting: the application, style, fonts and language, what was remembered, the hook for what nobody foresaw."""

import os
import sys
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from layerviz.app.look import Look
from layerviz.app.settings import folder, load
from layerviz.app.tokens import BODY, FIRST_FACES, font, load_faces, palette_of
from layerviz.app.window import Window
from layerviz.resources import Problem
from layerviz.strings.problem import SpokenProblem

if TYPE_CHECKING:
    from PySide6.QtCore import QTranslator


def run(lesson: str = "", image: str = "") -> int:
    """Opens the window, at a lesson or an image if one is named; answers with the status when it is closed."""
    # As the painter does (`picture.paint.drawing`), which is loaded when Qt has made up its mind.
    os.environ.setdefault("QT_NO_GUI_THREADPOOL", "1")
    application = QApplication.instance() or QApplication(["layerviz"])
    assert isinstance(application, QApplication)
    # A lesson or an image that is asked for is a page that the style paints.
    window = make_window(application, dressed=bool(lesson or image))
    catch_what_nobody_foresaw(window, window.look, window.save_work)
    if lesson:
        window.open_lesson(lesson)
    elif image:
        window.open_image(image)
    window.show()
    return application.exec()


def catch_what_nobody_foresaw(window: QWidget, look: Look, save_work: Callable[[], None]) -> None:
    """From now on an exception that nobody catches saves the work and is shown, one dialog at a time. A problem is no
    fault of the program (a file is gone while it is looked at): it is said at the foot of the window."""
    open_now: list[object] = []

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Problem) and isinstance(window, Window):
            window.remark(error.said(look.lang) if isinstance(error, SpokenProblem) else str(error))
            return
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


def make_window(application: QApplication, *, dressed: bool = True) -> Window:
    """The window with everything that belongs to it, not shown yet. Where it is not `dressed` it will be once it was
    painted."""
    application.setApplicationName("layerviz")
    application.setApplicationDisplayName("layerviz")
    application.setDesktopFileName("layerviz")
    read = load(folder() / "settings.json")
    look = Look(read.settings.theme, read.settings.lang, read.settings.reduced_motion)
    load_faces(FIRST_FACES if look.lang == "en" else "*")
    look.retranslated.connect(lambda: load_faces())
    application.setFont(font(BODY))
    application.setPalette(palette_of(look.tokens))
    look.restyled.connect(lambda: application.setPalette(palette_of(look.tokens)))
    _translate_standard_dialogs(application, look)
    window = Window(look, read)
    if dressed:
        dress(application, window)
    else:
        window.painted.connect(lambda: dress(application, window), Qt.ConnectionType.QueuedConnection)
    return window


def dress(application: QApplication, window: Window) -> None:
    """Puts on the style and the focus ring: nothing that home and the first start paint needs them, and loading a style
    is felt."""
    from layerviz.app.focus import FocusRing
    from layerviz.app.style import LayerStyle

    application.setStyle(LayerStyle(window.look))
    FocusRing(window)


def _translate_standard_dialogs(application: QApplication, look: Look) -> None:
    """Qt's own words in its file dialogs and message boxes follow the language."""
    # English is what they speak by themselves.
    translators: list[QTranslator] = []

    def follow() -> None:
        from PySide6.QtCore import QLibraryInfo, QTranslator

        while translators:
            application.removeTranslator(translators.pop())
        translator = QTranslator(look)
        if translator.load(f"qtbase_{look.lang}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(translator)
            translators.append(translator)

    look.retranslated.connect(follow)
    if look.lang != "en":
        follow()
