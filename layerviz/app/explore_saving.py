"""The sheet that writes an image to an archive or a layout: bytes, Cancel, and what other tools load it with."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from layerviz.app.beside import raised
from layerviz.app.commands_pane import Printed, Typed
from layerviz.app.copying import CopyButton
from layerviz.app.explore_image import Opened, as_brought
from layerviz.app.explore_reading import BAR_STEPS, bar_step
from layerviz.app.look import Look
from layerviz.app.opening import ProgressBeside
from layerviz.app.parts import Button, Section, Words, row
from layerviz.app.sheet import Sheet
from layerviz.app.tokens import BODY
from layerviz.engine.find import short_ref
from layerviz.images.reference import Form, InFile, require_tag
from layerviz.images.saving import save_image
from layerviz.picture.layout.sight import size_text
from layerviz.resources import Problem
from layerviz.strings.problem import SpokenProblem

KEYS: tuple[tuple[Form, str], ...] = (
    ("docker-archive", "save_archive"),
    ("oci", "save_oci"),
    ("oci-archive", "save_oci_archive"),
)
"""The forms, with the key of each one's entry in the menu."""


class SavingSheet(Sheet):
    """`saved` tells that it is written."""

    saved = Signal()

    def __init__(self, window: QWidget, look: Look, image: Opened, form: Form, file: Path) -> None:
        super().__init__(window, look, 640, 272)
        self._image = image
        self._place = InFile(form, str(file), tag_of(image) if form != "docker-archive" else "")
        self._file_name = file.name
        self._said: Callable[[], str] = lambda: look.say("explore.begins")
        self.bar = QProgressBar()
        self.bar.setRange(0, BAR_STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(12)
        self.bar.setAccessibleName(file.name)
        self.line = Words("", BODY, 400, "dim", wrap=True)
        self.cancel = Button(look, "common.cancel")
        self.cancel.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.cancel.clicked.connect(self.reject)
        self.command = self._typed()
        self.body.addWidget(self.bar)
        self.body.addLayout(row(self.line, self.cancel, spacing=12))
        self.body.addSpacing(8)
        self.body.addWidget(Section(look, "build.could_have_typed", CopyButton(look, lambda: self.command)))
        self.body.addWidget(Printed(look, Typed(self.command)))
        self.body.addStretch(1)
        self.translate()
        self._beside = ProgressBeside(lambda progress: save_image(as_brought(image), self._place, progress))
        self._beside.went_on.connect(self._go_on)
        self._beside.ended.connect(self._ended)
        self._beside.broke.connect(raised)
        self._beside.start()

    def translate(self) -> None:
        self.name(self._look.say("explore.saving", name=self._file_name))
        self.line.setText(self._said())

    def _say(self, said: Callable[[], str]) -> None:
        self._said = said
        self.line.setText(said())

    def _typed(self) -> str:
        """The command that writes the same."""
        place = self._place
        target = f"{place.form}:{place.file}" + (f":{place.name}" if place.name else "")
        return shlex.join(["layerviz", "save", self._image.text, target])

    def _go_on(self, done: int, count: int) -> None:
        self.bar.setValue(bar_step(done, count))
        passed = {"done": size_text(done), "count": size_text(count)}
        self._say(lambda: self._look.say("explore.read_of", **passed))

    def _ended(self, problem: Problem | None) -> None:
        look = self._look
        self.cancel.rename("common.close")
        if problem is None:
            self.bar.setValue(BAR_STEPS)
            self.line.be("good")
            self._say(lambda: look.say("explore.is_saved", file=self._place.file))
            self.saved.emit()
            return
        self.bar.setValue(0)
        self.line.be("bad")
        self._say(lambda: problem.said(look.lang) if isinstance(problem, SpokenProblem) else str(problem))

    def done(self, result: int) -> None:
        self._beside.give_up()
        super().done(result)


def tag_of(image: Opened) -> str:
    """What a layout calls the image: the tag of its first name."""
    ref = image.refs[0] if image.refs else ""
    tag = ref.rpartition(":")[2] if ":" in ref.rpartition("/")[2] else ""
    try:
        require_tag(InFile("oci", "", tag), tag)
    except Problem:
        return "latest"
    return tag or "latest"


def file_name(image: Opened, form: Form) -> str:
    """The name that is offered for its file or folder."""
    name = re.sub(r"[^\w.-]+", "-", short_ref(image.name)).strip("-")
    return name + {"docker-archive": ".tar", "oci": "-layout", "oci-archive": ".oci.tar"}[form]
