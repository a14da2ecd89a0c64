"""The sheet in which an image's reference is typed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from layerviz.app.look import Look
from layerviz.app.parts import Button, Words, row
from layerviz.app.sheet import Sheet
from layerviz.app.tokens import BODY, NOTE, font

FORMS = (
    ("docker://alpine:3.20", "registry"),
    ("docker-daemon:NAME", "daemon"),
    ("podman:NAME", "podman"),
    ("docker-archive:FILE[:TAG]", "archive"),
    ("oci:DIR[:TAG]", "oci"),
    ("oci-archive:FILE[:TAG]", "oci_archive"),
)


class ReferenceSheet(Sheet):
    """`given` carries what was typed."""

    given = Signal(str)

    def __init__(self, window: QWidget, look: Look) -> None:
        super().__init__(window, look, 600, 420)
        self.field = QLineEdit()
        self.field.setFont(font(BODY, 500, True))
        self.field.setTextMargins(10, 0, 10, 0)
        self.field.setPlaceholderText("docker://alpine:3.20")
        self.go = Button(look, "explore.open_it", kind="main")
        self.go.setMinimumWidth(96)
        self.go.setEnabled(False)
        self.field.textChanged.connect(lambda text: self.go.setEnabled(bool(text.strip())))
        self.field.returnPressed.connect(self._give)
        self.go.clicked.connect(self._give)
        self.body.addLayout(row(self.field, self.go, spacing=10))
        self._forms: dict[str, Words] = {}
        table = QGridLayout()
        table.setVerticalSpacing(8)
        table.setHorizontalSpacing(24)
        for number, (form, key) in enumerate(FORMS):
            table.addWidget(Words(form, NOTE, 500, mono=True), number, 0)
            self._forms[key] = Words("", NOTE, 400, "dim")
            table.addWidget(self._forms[key], number, 1)
        table.setColumnStretch(1, 1)
        self.body.addSpacing(6)
        self.body.addLayout(table)
        self.body.addStretch(1)
        self.translate()
        self.adjustSize()
        self.resize(600, self.sizeHint().height())
        self.field.setFocus()

    def translate(self) -> None:
        title = self._look.say("explore.reference_title")
        self.name(title)
        self.field.setAccessibleName(title)
        for key, words in self._forms.items():
            words.setText(self._look.say(f"explore.form_{key}"))

    def _give(self) -> None:
        text = self.field.text().strip()
        if text:
            self.accept()
            self.given.emit(text)
