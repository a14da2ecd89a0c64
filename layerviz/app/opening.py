"""Opening an image beside the window, with its progress; and holding its layers against their DiffIDs afterwards."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import Signal

from layerviz.app.beside import RunBeside
from layerviz.engine.content import Range, Reader
from layerviz.engine.world import Layer
from layerviz.images import contents
from layerviz.images.aside import Asked, Question
from layerviz.images.assembling import BroughtImage
from layerviz.images.layers import Progress
from layerviz.images.onlooker import Onlooker
from layerviz.images.opening import images_of
from layerviz.lessons.made import lend
from layerviz.resources import Problem
from layerviz.strings.problem import SpokenProblem
from layerviz.strings.saying import saying

lend()
TELLS_EVERY_S = 0.05


class GivenUp(Exception):
    """Nobody waits for it any more."""


class Checked(NamedTuple):
    """How many layers were held against their DiffIDs, of how many that can be; which are not what theirs say; the
    `problem` for which no more can be."""

    done: int
    of: int
    wrong: tuple[int, ...]
    problem: SpokenProblem | None = None


class ProgressBeside(RunBeside):
    """`ended` carries what the work made, or the `Problem` that there was; `went_on` bytes done and in all. What it is
    given to tell its progress with ends the work once it is given up."""

    went_on = Signal(object, object)

    def __init__(self, work: Callable[[Progress], object]) -> None:
        super().__init__(lambda: self._done(work))
        self._told_at = 0.0

    def _done(self, work: Callable[[Progress], object]) -> object:
        try:
            return work(self._progress)
        except Problem as problem:
            return problem
        except MemoryError:
            return SpokenProblem("", saying("cli.no_memory"))

    def _progress(self, done: int, count: int) -> None:
        if self.is_given_up:
            raise GivenUp
        now = time.monotonic()
        if now - self._told_at >= TELLS_EVERY_S:
            self._told_at = now
            self.tell(self.went_on, done, count)


class OpenBeside(ProgressBeside):
    """`ended` carries the images at the place `text`, or the `Problem` that there is; `onlooker` sees them before."""

    def __init__(self, text: str, onlooker: Onlooker) -> None:
        super().__init__(lambda progress: images_of(text, progress, onlooker=onlooker))


class AskBeside(RunBeside):
    """Has questions about the layers of an image answered, of a large one by another process; `answered` carries each
    with its answer. `ended` carries the `Problem` for which the rest is not answered."""

    answered = Signal(object, object)

    def __init__(self, stack: Sequence[Layer], brought: BroughtImage | None, questions: Sequence[Question]) -> None:
        super().__init__(self._ask)
        self._asked = Asked(stack, brought, questions, self._go_on)

    def give_up(self) -> None:
        super().give_up()
        self._asked.end()

    def _ask(self) -> object:
        try:
            for question, answer in self._asked.answers():
                self.tell(self.answered, question, answer)
        except Problem as problem:
            return problem
        return None

    def _go_on(self) -> None:
        if self.is_given_up:
            raise GivenUp


class ReadBeside(RunBeside):
    """What the work is given to read contents with ends it once it is given up."""

    def __init__(self, work: Callable[[Reader], object]) -> None:
        super().__init__(lambda: work(self._read))

    def _read(self, extent: Range, start: int, size: int) -> bytes:
        if self.is_given_up:
            raise GivenUp
        return contents.read(extent, start, size)


class CheckBeside(AskBeside):
    """Holds every layer of an image whose bytes are at hand against its DiffID; `went_on` carries `Checked` after each,
    `ended` the last."""

    went_on = Signal(object)

    def __init__(self, brought: BroughtImage) -> None:
        layers = brought.image.layers
        self._positions = [n for n, layer in enumerate(layers, 1) if layer.brought_tar is not None]
        super().__init__(layers, brought, self._positions)

    def _ask(self) -> Checked:
        last, wrong = Checked(0, len(self._positions), ()), []
        for done, (position, is_right) in enumerate(self._asked.answers(), 1):
            if isinstance(is_right, SpokenProblem):
                return last._replace(problem=is_right)
            if not is_right:
                wrong.append(int(position))
            last = Checked(done, len(self._positions), tuple(wrong))
            self.tell(self.went_on, last)
        return last
