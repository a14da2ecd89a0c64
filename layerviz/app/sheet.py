"""A sheet over the window: a title, what it is about, and a way to close it; Esc closes it too."""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from layerviz.app.export_preview import Shade
from layerviz.app.look import Look
from layerviz.app.parts import Button, Cut, Words, row
from layerviz.app.strokes import box, painting
from layerviz.app.tokens import BODY, TITLE


class Floating(QDialog):
    """What floats over the window, which is shaded below it; it is gone once it is closed."""

    def __init__(self, window: QWidget, look: Look) -> None:
        super().__init__(window, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._look = look
        self._shade = Shade(window)

    def centre(self, window: QWidget, width: int, height: int) -> None:
        """In the middle of `window`, of this size where there is room for it."""
        size = window.size()
        self.resize(min(width, size.width() - 32), min(height, size.height() - 24))
        self.move(window.mapToGlobal(QPoint((size.width() - self.width()) // 2, (size.height() - self.height()) // 2)))

    def paintEvent(self, event: QPaintEvent) -> None:
        t = self._look.tokens
        with painting(self) as p:
            box(p, t, QRectF(self.rect()), t.pane, 14, t.line_strong)

    def hideEvent(self, event: QEvent) -> None:
        self._shade.hide()
        self._shade.deleteLater()


class Sheet(Floating):
    """`body` is the layout to fill, `head` the line of the title."""

    def __init__(self, window: QWidget, look: Look, width: int, height: int, mono: bool = False) -> None:
        super().__init__(window, look)
        self.title = Cut(look, TITLE, 600, mono=mono)
        self.what = Words("", BODY, 400, "dim")
        self.close_button = Button(look, kind="quiet", glyph="cross", tip="common.close")
        self.close_button.clicked.connect(self.reject)
        self.head = row(self.title, self.what, spacing=16)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(28, 16, 28, 20)
        whole.setSpacing(12)
        top = row(spacing=8)
        top.addLayout(self.head, 1)
        top.addWidget(self.close_button)
        whole.addLayout(top)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        whole.addLayout(self.body, 1)
        self.centre(window, width, height)
        # After its parts: what these say by themselves may not be all.
        look.retranslated.connect(self.translate, Qt.ConnectionType.QueuedConnection)
        look.restyled.connect(self.recolour, Qt.ConnectionType.QueuedConnection)

    def translate(self) -> None:
        """Says what it says in the language of now."""

    def recolour(self) -> None:
        """Shows itself in the colours of now."""
        for one in (self, *self.findChildren(QWidget)):
            one.update()

    def name(self, title: str, what: str = "") -> None:
        self.title.say(title)
        self.what.setText(what)
        self.setWindowTitle(title)
