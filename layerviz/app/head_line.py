"""The line over the stage: the directory as breadcrumbs, what stands there in numbers, slabs or flat."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from layerviz.app.look import Look
from layerviz.app.marks import icon
from layerviz.app.parts import Button, Cut, Segments, Words, emptied, row
from layerviz.app.strokes import painting
from layerviz.app.tokens import BODY, DENSE, HEAD, font
from layerviz.engine import paths

CRUMB_PX = 28


class Chevron(QWidget):
    """Between a directory and the one inside it."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(25, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            icon(p, "into", 6, 1.5, self._look.tokens.dim, 13)


class HeadLine(QWidget):
    """`went_to` carries a directory; `mode` "slabs" or "flat"."""

    # An object, for Qt's strings lose what is no UTF-8 in a path.
    went_to = Signal(object)
    mode = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._directory = ""
        self._buttons: dict[str, Button] = {}
        self._crumbs = QHBoxLayout()
        self._crumbs.setSpacing(0)
        self.summary = Cut(look, BODY, 400, role="dim")
        policy = self.summary.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.summary.setSizePolicy(policy)
        self.segments = Segments(look, (("slabs", "player.slabs"), ("flat", "player.flat")), "slabs")
        self.segments.chosen.connect(self.mode)
        line = row(spacing=10)
        line.addLayout(self._crumbs)
        line.addWidget(self.summary, 1)
        line.addWidget(self.segments)
        self.setLayout(line)
        self.setFixedHeight(DENSE)

    def crumb(self, directory: str) -> Button:
        """The button of a directory above the one that is shown. Raises KeyError."""
        return self._buttons[directory]

    def insert(self, button: QWidget) -> None:
        """Puts `button` before the choice of the view."""
        line = self.layout()
        assert isinstance(line, QHBoxLayout)
        line.insertWidget(line.count() - 1, button)

    def tell(self, directory: str, summary: str) -> None:
        """Shows `directory`, as a button each above it; "" is none."""
        self.summary.say(summary)
        if directory == self._directory:
            return
        self._directory = directory
        emptied(self._crumbs)
        self._buttons = {}
        if not directory:
            return
        parts = [paths.ROOT, *paths.ancestors(directory)[1:], directory] if directory != paths.ROOT else [paths.ROOT]
        for path in parts:
            name = paths.display(paths.base(path)) or "/"
            if path == directory:
                self._crumbs.addWidget(Words(name, HEAD, 600, mono=True))
            else:
                crumb = Button(self._look, px=HEAD)
                crumb.setText(name)
                crumb.setProperty("mono", True)
                wide = QFontMetrics(font(HEAD, 600, True)).horizontalAdvance(name)
                crumb.setFixedSize(max(wide + 16, CRUMB_PX), CRUMB_PX)
                crumb.clicked.connect(lambda _=False, path=path: self.went_to.emit(path))
                self._crumbs.addWidget(crumb)
                self._buttons[path] = crumb
                self._crumbs.addWidget(Chevron(self._look))
