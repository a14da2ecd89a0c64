"""What a lesson file may say: one struct for each mapping in it, one field for each key.

`loading` makes these values from a file and finds all that is wrong with it. Sequences are tuples, and a lesson is a
value that can be kept as a key.
"""

from typing import Literal

import msgspec

from layerviz.strings import Lang

Beside = Literal[
    "", "log", "inspect", "names", "history", "disk", "memory", "cards", "computer", "config", "driver", "diff"
]
"""The layout's own list, said again: reading a lesson file need not load what draws it."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all parts of a lesson."""


class Text(Part, frozen=True, kw_only=True):
    """What a person reads, in every language; `{expression}` and `{expression:form}` are filled from the world."""

    en: str
    zh_CN: str

    def of(self, lang: Lang) -> str:
        return self.en if lang == "en" else self.zh_CN


class Option(Part, frozen=True, kw_only=True):
    """One answer of a `choose` question. `right_if` is true of the world after the step for exactly one of them."""

    text: Text
    right_if: str = ""
    feedback: Text | None = None
    look: tuple[str, ...] = ()


class Feedback(Part, frozen=True, kw_only=True):
    """What is said to the answer `is`: a number, or for a click the address of a layer, or `none`.

    `look` names what on the stage contradicts the answer.
    """

    is_: str = msgspec.field(name="is")
    text: Text
    look: tuple[str, ...] = ()


class Question(Part, frozen=True, kw_only=True):
    """A prediction (`when: before`, before the step's commands) or a look back (`after`).

    `answer` of a `number` or `click` question is an expression, computed from the world after the commands. A `poll`
    has no answer. `coming`: while it is asked, the layer that will come is drawn already, dashed. `none` is the text
    of the button for "in no layer" of a `click`."""

    kind: Literal["number", "choose", "click", "poll"]
    when: Literal["before", "after"] = "before"
    text: Text
    answer: str = ""
    options: tuple[Option, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    none: Text | None = None
    coming: bool = False


class Card(Part, frozen=True, kw_only=True):
    """A storage driver on a card beside the stage: how it keeps layers (`way` chooses the little drawing), and
    whether it is `faded` (gone today) or `new`. `small` is a second, quieter line."""

    title: Text
    text: Text
    small: Text | None = None
    way: Literal["union", "snapshot", "block", "copy"] = "union"
    state: Literal["now", "faded", "new"] = "now"


class Act(Part, frozen=True, kw_only=True):
    """What the hand does to make the step's commands run: `drag` the thing at `source` onto the stack of `onto`."""

    kind: Literal["drag"]
    source: str
    onto: str
    text: Text


class Step(Part, frozen=True, kw_only=True):
    """One idea.

    `world`: commands, run silently, that make a world of its own for this step; the lesson's own world waits meanwhile.
    `show`: addresses on the stage, left to right; left out, as in the step before (`directory` too); `show_before`:
    those on it before the commands, where they are not the step before's. `run`: the commands, `repeat` times, with
    `{i}` for the round; unless `expect_errors`, each must end with status 0. `look`: what to look at. `title`: the
    heading of its page; left out, the lesson's."""

    id: str
    title: Text | None = None
    minutes: int = 1
    world: str = ""
    show: tuple[str, ...] = ()
    show_before: tuple[str, ...] | None = None
    directory: str = ""
    beside: Beside = ""
    cards: tuple[Card, ...] = ()
    act: Act | None = None
    ask: tuple[Question, ...] = ()
    run: str = ""
    repeat: int = 1
    expect_errors: bool = False
    look: tuple[str, ...] = ()
    caption: Text
    small: Text | None = None
    notes: Text | None = None


class Check(Part, frozen=True, kw_only=True):
    """One line of a challenge's goal; `right_if` is an expression on the world reached."""

    right_if: str
    text: Text


class Reaction(Part, frozen=True, kw_only=True):
    """What is said to an attempt of which `when` is true."""

    when: str
    text: Text


class Challenge(Part, frozen=True, kw_only=True):
    """*Now you.* It begins in the world of the last step, after the commands of `start`.

    `par` counts the commands of `show_me`, the example; `also` are other ways that must lead to the goal too, however
    long. `success` is said at the end; left out, the lesson's takeaway is.
    """

    minutes: int = 2
    text: Text
    start: str = ""
    show: tuple[str, ...] = ()
    directory: str = ""
    checks: tuple[Check, ...]
    par: int
    show_me: str
    also: tuple[str, ...] = ()
    hints: tuple[Text, ...] = ()
    react: tuple[Reaction, ...] = ()
    success: Text | None = None


class Door(Part, frozen=True, kw_only=True):
    """A way on from the end of a lesson: to a lesson by its id, or to `build`."""

    to: str
    text: Text


class Lesson(Part, frozen=True, kw_only=True):
    """A lesson: a story of steps in one world that `setup` makes silently, and a challenge at its end."""

    id: str
    title: Text
    minutes: int
    needs: tuple[str, ...] = ()
    objective: Text | None = None
    takeaway: Text | None = None
    setup: str = ""
    steps: tuple[Step, ...]
    challenge: Challenge | None = None
    doors: tuple[Door, ...] = ()
