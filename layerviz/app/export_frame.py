"""The parts of the export dialog and where they stand, without what is exported."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from layerviz.app.copying import CopyButton
from layerviz.app.export_preview import Preview
from layerviz.app.look import Look
from layerviz.app.parts import Button, Pane, Rule, Section, Segments, Words, column, row
from layerviz.app.sheet import Floating
from layerviz.app.tokens import BODY, NOTE, TITLE, font

SIZES = ((1280, 720), (1600, 900), (1920, 1080), (3840, 2160), (1600, 1200), (1080, 1080))
USUAL_SIZE = 2
SCALES = (1, 2, 3, 4)
MOST_NUMBERS = 16
"""Steps that have a button of their own below the preview."""
SEGMENT_PX, LABEL_PX = 90, 104
LOW_PX, SCROLLS_PX = 700, 620
"""In a window less high than this, the dialog is denser."""


class ExportFrame(Floating):
    """A preview with the steps below it; at its right how they will look, and the buttons."""

    def __init__(self, window: QWidget, look: Look, count: int, here: int, *, one_picture: bool, asks: bool) -> None:
        """`count` steps, of which `here` is shown; `one_picture`: there are no steps to choose from; `asks`: steps may
        have questions."""
        super().__init__(window, look)
        self._one_picture = one_picture
        self._is_low, self._scrolls = window.height() < LOW_PX, window.height() < SCROLLS_PX
        self.setWindowTitle(look.say("export.title"))
        self._make_preview(count)
        self._make_choices(count, here)
        self.ask.setVisible(asks)
        self._make_foot()
        self._place_parts()

    @property
    def command(self) -> str:
        """The command that does the same: none, as long as nothing is exported."""
        return ""

    def _make_preview(self, count: int) -> None:
        look = self._look
        self.preview = Preview(look)
        self.under_left, self.under_right = Words("", NOTE, 400, "dim"), Words("", NOTE, 400, "dim")
        self.numbers: list[Button] = []
        for number in range(1, count + 1) if count <= MOST_NUMBERS and not self._one_picture else ():
            button = Button(look, on=False)
            button.setText(str(number))
            button.setMinimumWidth(24)
            button.setFixedHeight(36 if self._is_low else 44)
            self.numbers.append(button)
        self.typed = QVBoxLayout()

    def _make_choices(self, count: int, here: int) -> None:
        look = self._look
        self.steps = Segments(
            look, (("this", "export.this"), ("range", "export.range"), ("all", "export.all")), "this", SEGMENT_PX
        )
        self.first, self.last = _number_field(here, count), _number_field(here, count)
        self.format = Segments(
            look, (("png", "export.png"), ("svg", "export.svg"), ("pdf", "export.pdf")), "png", SEGMENT_PX
        )
        themes = (("dark", "theme.dark"), ("light", "theme.light"), ("projector", "theme.projector"))
        self.theme = Segments(look, themes, look.theme_name, SEGMENT_PX)
        languages = (("en", "lang.en"), ("zh_CN", "lang.zh_CN"), ("both", "export.both"))
        self.language = Segments(look, languages, look.lang, SEGMENT_PX)
        self.size_box, self.scale_box = QComboBox(), QComboBox()
        for width, height in SIZES:
            self.size_box.addItem(f"{width} × {height}", (width, height))
        self.size_box.setCurrentIndex(USUAL_SIZE)
        for scale in SCALES:
            self.scale_box.addItem(f"{scale}×", scale)
        for box, wide in ((self.size_box, 164), (self.scale_box, 80)):
            box.setFixedWidth(wide)
            box.setFont(font(BODY, 500))
        self.caption = self._check("export.caption", True)
        self.crop = self._check("export.crop", False)
        self.transparent = self._check("export.transparent", False)
        self.ask = self._check("export.ask", False)

    def _check(self, key: str, on: bool) -> QCheckBox:
        check = QCheckBox(self._look.say(key))
        check.setChecked(on)
        check.setFixedHeight(28)
        check.setAttribute(Qt.WidgetAttribute.WA_Hover)
        return check

    def _make_foot(self) -> None:
        look = self._look
        self.writes = Words("", NOTE, 400, "dim", wrap=True)
        self.names = Words("", NOTE, 500, mono=True, wrap=True)
        self.copy = Button(look, "export.copy", glyph="copy")
        self.save = Button(look, "export.save", kind="main")
        self.cancel = Button(look, "common.cancel")
        self.bar = QProgressBar()
        self.copy.setFixedHeight(40)
        self.cancel.setFixedHeight(40)
        self.bar.hide()
        self.cancel.hide()

    def _place_parts(self) -> None:
        look = self._look
        close = Button(look, kind="quiet", glyph="cross", tip="common.close")
        close.clicked.connect(self.reject)
        head = row(Words(look.say("export.title"), TITLE, 600), None, close)
        body = QHBoxLayout()
        body.setSpacing(40)
        body.addLayout(self._left(), 56)
        body.addLayout(self._right(), 38)
        whole = column(spacing=8 if self._is_low else 14, margins=(32, 12 if self._is_low else 20, 32, 20))
        whole.addLayout(head)
        if self._scrolls:
            # Where the choices do not fit, what saves them still stands in sight.
            pane = Pane(look)
            pane.column.setContentsMargins(0, 0, 12, 0)
            pane.column.addLayout(body)
            whole.addWidget(pane, 1)
            whole.addWidget(self.bar)
            whole.addLayout(self._buttons())
        else:
            whole.addLayout(body, 1)
        self.setLayout(whole)

    def _buttons(self) -> QHBoxLayout:
        return row(None, self.cancel, self.copy, self.save, spacing=12)

    def _left(self) -> QVBoxLayout:
        strip = QHBoxLayout()
        strip.setSpacing(8)
        for button in self.numbers:
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            strip.addWidget(button)
        left = column(self.preview, spacing=10)
        left.addLayout(row(self.under_left, None, self.under_right))
        left.addLayout(strip)
        left.addSpacing(4)
        left.addWidget(Section(self._look, "build.could_have_typed", CopyButton(self._look, lambda: self.command)))
        left.addLayout(self.typed)
        return left

    def _right(self) -> QVBoxLayout:
        right = QVBoxLayout()
        right.setSpacing(7 if self._is_low else 12)
        if not self._one_picture:
            to = Words(self._look.say("export.to"), BODY, 400, "dim")
            right.addLayout(self._line("export.steps", self.steps))
            right.addLayout(self._line("export.from_to", row(self.first, to, self.last, None, spacing=12)))
        for key, choice in (
            ("export.format", self.format),
            ("export.theme", self.theme),
            ("export.language", self.language),
        ):
            right.addLayout(self._line(key, choice))
        right.addLayout(self._line("export.size", row(self.size_box, self.scale_box, None, spacing=12)))
        right.addSpacing(4)
        for check in (self.caption, self.crop, self.transparent, self.ask):
            right.addWidget(check)
        right.addWidget(Rule(self._look))
        right.addWidget(self.writes)
        right.addWidget(self.names)
        right.addStretch(1)
        if not self._scrolls:
            right.addWidget(self.bar)
            right.addLayout(self._buttons())
        return right

    def _line(self, key: str, item: QWidget | QLayout) -> QHBoxLayout:
        """A choice with its name."""
        label = Words(self._look.say(key), BODY, 400, "dim")
        label.setFixedWidth(LABEL_PX)
        line = row(label, spacing=0)
        if isinstance(item, QWidget):
            line.addWidget(item)
        else:
            line.addLayout(item)
        line.addStretch(1)
        return line


def _number_field(value: int, most: int) -> QLineEdit:
    field = QLineEdit(str(value))
    field.setValidator(QIntValidator(1, most, field))
    field.setFixedWidth(80)
    field.setTextMargins(10, 0, 4, 0)
    return field
