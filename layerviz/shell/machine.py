"""The world a command runs in: every action it takes is applied here and kept as a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layerviz.engine.actions import Action, Outcome, Tell
from layerviz.engine.apply import apply
from layerviz.engine.content import Reader, lent_reader
from layerviz.engine.events import Event, Shown
from layerviz.engine.world import Image, World
from layerviz.strings.catalogue import Lang

if TYPE_CHECKING:
    from layerviz.shell.process import Program


@dataclass(frozen=True, slots=True)
class Moment:
    """One atomic action: the world before it, what happened, the world after it."""

    before: World
    action: Action
    events: tuple[Event, ...]
    after: World


@dataclass(frozen=True, slots=True)
class Result:
    """What one command of the top level did: its text and line, its moments, the world after it, what it printed."""

    command: str
    line: int
    moments: tuple[Moment, ...]
    world: World
    stdout: str
    stderr: str
    status: int
    hints: tuple[str, ...] = ()
    """The lines of the lab's own that stderr ends with ("hint: …"), for whoever shows them in another colour."""

    @property
    def errors(self) -> str:
        """stderr without the hints: what docker, the shell and the programs wrote."""
        return self.stderr[: len(self.stderr) - sum(len(line) + 1 for line in self.hints)]


@dataclass(frozen=True, slots=True)
class Brought:
    """An image read from an archive: the image and the names it is to get."""

    image: Image
    refs: tuple[str, ...]


class PortError(Exception):
    """What a port could not do, in words for the person who typed the command."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What reaches outside the world. In lessons there is nothing outside: `load` and `save` are None.

    `load(file)` reads an archive, `save(world, refs, file)` writes one; both name real files and raise `PortError`.
    `read` gives the bytes of a range of an archive. `terminal`: print as on a terminal, where the lines of a pull
    end in their last status; otherwise every status is a line of its own.
    """

    load: Callable[[str], tuple[Brought, ...]] | None = None
    save: Callable[[World, tuple[str, ...], str], None] | None = None
    read: Reader = lent_reader
    terminal: bool = True
    lang: Lang = "en"
    """The language of hints; what docker and the shell print is English."""


NO_PORTS = Ports()


@dataclass(slots=True)
class Machine:
    """The world of one run as it changes, and the moments of what changed it."""

    world: World
    ports: Ports = NO_PORTS
    programs: Mapping[str, Program] = field(default_factory=dict)
    moments: list[Moment] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """Hints of the lab, which come after the output of the command."""
    said: frozenset[str] = frozenset()
    """Remarks of earlier commands of the same script that need not be made again."""

    def do(self, action: Action) -> Outcome:
        """Applies `action`. One that failed changes nothing, but what it looked up is kept as well."""
        before = self.world
        outcome = apply(before, action)
        if outcome.events or outcome.world is not before:
            self.moments.append(Moment(before, action, outcome.events, outcome.world))
            self.world = outcome.world
        return outcome

    def show(self, what: str, target: str = "") -> None:
        self.do(Tell((Shown(what, target),)))

    def do_unseen(self, action: Action) -> None:
        """What nobody watches, like the clock, is no moment."""
        self.world = apply(self.world, action).world
