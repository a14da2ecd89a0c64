"""Where one is in a lesson, as a value: which step, and within it asking, playing, asking after, or at its end.

A step with questions before its commands begins with the first of them; then the commands' motion plays; then come the
questions after it. Behind the last step stands the challenge, if the lesson has one, and then the end of the lesson.
"""

from dataclasses import dataclass, replace
from typing import Literal

from layerviz.lessons.schema import Lesson, Question

Phase = Literal["act", "ask", "play", "look", "rest", "challenge", "finish"]
"""act: the hand has to do something first; ask, look: a question before, after the motion; play: the motion; rest:
seen."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A place in `lesson`. `step` counts from 0; `len(lesson.steps)` is the challenge. `question` counts within its
    phase.

    `warned`: Next was pressed once on the open question. `revealed`: the answer of the open question is shown.
    """

    lesson: Lesson
    step: int = 0
    phase: Phase = "rest"
    question: int = 0
    warned: bool = False
    revealed: bool = False

    @property
    def stops(self) -> int:
        """How many dots: the steps, and the challenge."""
        return len(self.lesson.steps) + (self.lesson.challenge is not None)

    @property
    def asked(self) -> Question | None:
        """The question that is open, if one is."""
        if self.phase not in ("ask", "look"):
            return None
        return _questions(self.lesson, self.step, "before" if self.phase == "ask" else "after")[self.question]

    @property
    def ran(self) -> bool:
        """Whether the step's commands have run."""
        return self.phase in ("play", "look", "rest")

    def entered(self, step: int) -> "Walk":
        """The beginning of `step`, as one comes to it going forward."""
        fresh = Walk(self.lesson, step)
        if step >= self.stops:
            return replace(fresh, step=self.stops, phase="finish")
        if step >= len(self.lesson.steps):
            return replace(fresh, phase="challenge")
        if self.lesson.steps[step].act is not None:
            return replace(fresh, phase="act")
        return fresh._after_act()

    def acted(self) -> "Walk":
        """The hand did what was asked of it."""
        return self._after_act()

    def _after_act(self) -> "Walk":
        asks = _questions(self.lesson, self.step, "before")
        return replace(self, phase="ask" if asks else "play", question=0)

    def rested(self, step: int) -> "Walk":
        """The end of `step`, all its questions passed: where Back and a jump lead."""
        if step >= len(self.lesson.steps):
            return self.entered(step)
        return Walk(self.lesson, max(step, 0), "rest")

    def answered(self) -> "Walk":
        """The open question is settled; what comes next within the step."""
        if self.phase == "ask":
            more = self.question + 1 < len(_questions(self.lesson, self.step, "before"))
            return replace(
                self, phase="ask" if more else "play", question=self.question + more, warned=False, revealed=False
            )
        more = self.question + 1 < len(_questions(self.lesson, self.step, "after"))
        return replace(
            self, phase="look" if more else "rest", question=self.question + more, warned=False, revealed=False
        )

    def arrived(self) -> "Walk":
        """The motion came to its end."""
        if self.phase != "play":
            return self
        return replace(self, phase="look" if _questions(self.lesson, self.step, "after") else "rest", question=0)

    def forward(self, full_screen: bool) -> "Walk":
        """Next. On an open question it warns first and then skips; in full screen it reveals, and then goes on."""
        match self.phase:
            case "act":
                return self.acted()
            case "ask" | "look":
                asked = self.asked
                if asked is None or self.revealed or asked.kind == "poll":
                    return self.answered()
                if full_screen:
                    return replace(self, revealed=True)
                return self.answered() if self.warned else replace(self, warned=True)
            case "play":
                here = self.arrived()
                return here if here.phase == "look" else here.forward(full_screen)
            case "rest" | "challenge":
                return self.entered(self.step + 1)
            case _:
                return self

    def backward(self) -> "Walk":
        """Back: the end of the step before; at the first one, its beginning."""
        return self.rested(self.step - 1) if self.step > 0 else self.entered(0)


def _questions(lesson: Lesson, step: int, when: Literal["before", "after"]) -> tuple[Question, ...]:
    return tuple(question for question in lesson.steps[step].ask if question.when == when)
