"""What is found out of an image after its first frame, beside the window: facts of its layers, its waste, whether its
layers are what their DiffIDs say."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from layerviz.app.beside import RunBeside, raised
from layerviz.app.explore_image import Opened
from layerviz.app.opening import CheckBeside, Checked, ReadBeside
from layerviz.engine.layer_facts import layer_facts
from layerviz.engine.waste import Waste, waste

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

    def _find_out(self, image: Opened) -> None:
        if image is not self._image:
            return
        stack = image.stack
        self._start(RunBeside(lambda: layer_facts(stack)), self.facts.emit)
        self._start(RunBeside(lambda: waste(stack)), lambda found: self._look_closer(image, found))
        if image.brought is None:
            self.checked.emit(Checked(0, 0, ()))
        else:
            check = CheckBeside(image.brought)
            check.went_on.connect(lambda checked: self._tell(image, checked))
            self._start(check, self.checked.emit)

    def _tell(self, image: Opened, checked: object) -> None:
        if image is self._image:
            self.checked.emit(checked)

    def _look_closer(self, image: Opened, found: Waste) -> None:
        """Contents are compared once sizes and times have said their part."""
        self.wasted.emit(found)
        if image.brought is not None:
            self._start(ReadBeside(lambda reader: waste(image.stack, reader)), self.wasted.emit)

    def _start(self, work: RunBeside, then: Callable[[Any], None]) -> None:
        image = self._image
        work.ended.connect(lambda result: then(result) if image is self._image else None)
        work.broke.connect(raised)
        work.start()
        self._working.append(work)
