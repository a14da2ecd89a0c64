"""What is found out about an image by a process of its own, so that a window beside keeps its frame times: Python lets
only one thread of a program go on at a time, and sorting a million names is one step to it.

The child maps the indexes that were written when the layers were read. Small images, and what no child can be asked
about, are looked at here.
"""

import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

from layerviz.engine import whole
from layerviz.engine.content import Range
from layerviz.engine.layer_facts import layer_facts
from layerviz.engine.table import Table
from layerviz.engine.waste import waste
from layerviz.engine.world import Image, Layer
from layerviz.images import children, contents, index_view
from layerviz.images.assembling import BroughtImage, Parts
from layerviz.images.children import Child
from layerviz.images.layers import WORTH_A_CHILD_BYTES, known_layers
from layerviz.images.problems import ImageProblem
from layerviz.images.verifying import check_diff_ids

Question = Literal["view", "facts", "waste", "closer"] | int
"""The merged view, put beside the indexes; the facts of each layer; the waste; the waste with contents compared. A
number: whether the layer at that position is what its digests say, or the `ImageProblem` for which nobody can tell."""
_WRONG = "wrong_diff_id", "wrong_digest"
_NICE = 10


@dataclass(frozen=True, slots=True)
class _Job:
    """`layers` are without entries: those are mapped from the index of the blob beside."""

    layers: tuple[Layer, ...]
    parts: Parts
    origin: str
    questions: tuple[Question, ...]


class Asked:
    """Questions about a stack of layers, and whoever answers them. `go_on` is called again and again where that is
    this process; what it raises ends it."""

    def __init__(
        self,
        stack: Sequence[Layer],
        brought: BroughtImage | None,
        questions: Sequence[Question],
        go_on: Callable[[], None],
    ) -> None:
        self._stack, self._brought, self._questions = tuple(stack), brought, tuple(questions)
        self._go_on = go_on
        self._child: Child | None = None
        self._is_over = False

    def end(self) -> None:
        """Nobody wants to know any more: what is asked for is not answered."""
        self._is_over = True
        if self._child is not None:
            self._child.kill()

    def answers(self) -> Iterator[tuple[Question, Any]]:
        """Each question with its answer, in their order, as soon as it is there."""
        answered = 0
        for answer in self._from_child():
            if self._is_over:
                return
            yield self._questions[answered], answer
            answered += 1
        for question in self._questions[answered:]:
            if not self._is_over:
                yield question, _answer(question, self._stack, self._brought, self._go_on)

    def _from_child(self) -> Iterator[object]:
        parts = self._brought.parts if self._brought else None
        stored = sum(blob.end - blob.start for blob in parts.blobs if blob) if parts else 0
        if parts is None or stored < WORTH_A_CHILD_BYTES or not children.can_start() or not self._questions:
            return
        layers = tuple(replace(layer, entries=_NOTHING, brought_tar=None) for layer in self._stack)
        assert self._brought is not None
        job = pickle.dumps(_Job(layers, parts, self._brought.image.origin, self._questions))
        try:
            child = children.started("layerviz.images.aside", _NICE)
        except OSError:
            return
        self._child = child
        try:
            if self._is_over:
                return
            assert child.stdin and child.stdout
            # It may have ended before it read anything.
            with suppress(OSError):
                child.stdin.write(job)
                child.stdin.close()
            for _ in self._questions:
                try:
                    answer = pickle.load(child.stdout)
                except (EOFError, OSError, pickle.UnpicklingError):
                    return
                yield answer
        finally:
            self._child = None
            children.end(child)


_NOTHING = Table()


def _answer(
    question: Question, stack: Sequence[Layer], brought: BroughtImage | None, go_on: Callable[[], None]
) -> object:
    def reader(extent: Range, start: int, size: int) -> bytes:
        go_on()
        return contents.read(extent, start, size)

    match question:
        case "view":
            whole.merged(stack)
            return None
        case "facts":
            return layer_facts(stack)
        case "waste":
            return waste(stack)
        case "closer":
            return waste(stack, reader)
        case position:
            assert brought is not None
            return _is_right(brought, position, go_on)


def _is_right(brought: BroughtImage, position: int, go_on: Callable[[], None]) -> bool | ImageProblem:
    parts = brought.parts and replace(brought.parts, blobs=brought.parts.blobs[position - 1 : position])
    alone = replace(brought, image=replace(brought.image, layers=(brought.image.layers[position - 1],)), parts=parts)
    try:
        check_diff_ids((alone,), lambda done, count: go_on())
    except ImageProblem as problem:
        return False if problem.key in _WRONG else problem
    return True


def main() -> None:
    """The child: answers the job on its standard input, one pickle after another; ends early where an index is
    missing."""
    import gc

    gc.disable()
    job: _Job = pickle.load(sys.stdin.buffer)
    blobs = job.parts.blobs
    read = known_layers(blob for blob in blobs if blob)
    if read is None:
        return
    stack = tuple(
        replace(layer, entries=read[blob].table, brought_tar=read[blob].tar) if blob else layer
        for layer, blob in zip(job.layers, blobs, strict=True)
    )
    index_view.keep_of(stack, blobs)
    brought = BroughtImage(Image(0, stack, origin=job.origin), (), parts=job.parts)
    for question in job.questions:
        data = pickle.dumps(_answer(question, stack, brought, lambda: None))
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
