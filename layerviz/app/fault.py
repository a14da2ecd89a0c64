"""What nobody foresaw: the work is saved, and one dialog says what to report. The window goes on."""

import platform
import traceback
from types import TracebackType

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QDialog, QFrame, QPlainTextEdit, QWidget

from layerviz import __version__
from layerviz.app.look import Look
from layerviz.app.parts import Button, Surface, Words, column, row
from layerviz.app.strokes import painting
from layerviz.app.tokens import BODY, NOTE, TITLE, font


class FaultDialog(QDialog):
    """What happened, to be copied."""

    def __init__(self, window: QWidget, look: Look, report: str) -> None:
        super().__init__(window)
        self._look, self.report = look, report
        self.setWindowTitle(look.say("error.title"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setFrameShape(QFrame.Shape.NoFrame)
        text.setFont(font(NOTE, 400, True))
        text.viewport().setAutoFillBackground(False)
        well = Surface(look, "well")
        well.setLayout(column(text, margins=(12, 8, 8, 8)))
        copy = Button(look, "error.copy", glyph="copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(report))
        go_on = Button(look, "error.go_on", kind="main")
        go_on.clicked.connect(self.accept)
        whole = column(
            Words(look.say("error.title"), TITLE, 600),
            Words(look.say("error.text"), BODY, 400, "dim", wrap=True),
            well,
            spacing=14,
            margins=(28, 22, 28, 22),
        )
        whole.addLayout(row(None, copy, go_on, spacing=12))
        self.setLayout(whole)
        self.resize(680, 420)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            p.fillRect(self.rect(), self._look.tokens.pane)


def report_of(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """What a maintainer needs: versions, and where it happened."""
    head = f"layerviz {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}\n\n"
    return head + "".join(traceback.format_exception(kind, error, trace))
