"""What is found out of an image after its first frame, beside the window: facts of its layers, its waste, whether its
layers are what their DiffIDs say."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from layerviz.app.beside import RunBeside, raised
from layerviz.app.explore_image import Opened
from layerviz.app.opening import AskBeside, CheckBeside, Checked
from layerviz.images.aside import Question

AFTER_FRAME_MS = 60
"""When it begins: the first frame stands by then."""


class Knowing(QObject):
    """`facts` carries those of all layers, `wasted` the waste, twice where contents are looked at too; `checked` how
    far the layers are held against their DiffIDs. Of an image that is shown no more nothing is told."""

    facts = Signal(object)
    wasted = Signal(object)
    checked = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._image: Opened | None = None
        self._working: list[RunBeside] = []

    def begin(self, image: Opened) -> None:
        """Finds out about `image`, and about nothing else any more."""
        self.stop()
        self._image = image
        QTimer.singleShot(AFTER_FRAME_MS, self, lambda: self._find_out(image))

    def stop(self) -> None:
        for work in self._working:
            work.give_up()
        self._working = []
        self._image = None

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be found out."""
        return self._image is not None and (not self._working or any(work.is_at_work for work in self._working))

    def _find_out(self, image: Opened) -> None:
        if image is not self._image:
            return
        # Contents are compared once sizes and times have said their part.
        questions: tuple[Question, ...] = ("facts", "waste", "closer") if image.brought else ("facts", "waste")
        ask = AskBeside(image.stack, image.brought, questions)
        ask.answered.connect(lambda question, answer: self._answer(image, question, answer))
        self._start(ask)
        if image.brought is None:
            self.checked.emit(Checked(0, 0, ()))
        else:
            check = CheckBeside(image.brought)
            check.went_on.connect(lambda checked: self._tell(image, checked))
            self._start(check, self.checked.emit)

    def _tell(self, image: Opened, checked: object) -> None:
        if image is self._image:
            self.checked.emit(checked)

    def _answer(self, image: Opened, question: Question, answer: object) -> None:
        if image is self._image:
            (self.facts if question == "facts" else self.wasted).emit(answer)

    def _start(self, work: RunBeside, then: Callable[[Any], None] = lambda _: None) -> None:
        image = self._image
        work.ended.connect(lambda result: then(result) if image is self._image else None)
        work.broke.connect(raised)
        work.start()
        self._working.append(work)
