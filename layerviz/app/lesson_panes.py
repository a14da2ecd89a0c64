"""What stands left and right of a lesson's stage: Dockerfile, your computer, commands; the inspector and the notes."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from layerviz.app.commands_pane import CommandsPane, Typed
from layerviz.app.computer_pane import ComputerPane
from layerviz.app.dockerfile_lines import Line, dockerfile_text, lines_of
from layerviz.app.dockerfile_pane import DockerfilePane
from layerviz.app.facts import Facts
from layerviz.app.happened import Told, told
from layerviz.app.inspector import Inspector
from layerviz.app.look import Look
from layerviz.app.notes import Notes
from layerviz.app.parts import Pane, Section, Words
from layerviz.app.tokens import BODY, NOTE
from layerviz.engine import paths
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.events import Event
from layerviz.engine.world import World
from layerviz.lessons.asking import NONE
from layerviz.lessons.playing import StepRun, filled, notes
from layerviz.lessons.schema import Question
from layerviz.shell import Result
from layerviz.strings import Lang


class LeftPane(Pane):
    """What the lesson is for, where it begins; below it the Dockerfile, your computer and the step's commands.
    `pointed` carries the address of the slab of the Dockerfile's line under the pointer."""

    pointed = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "right")
        self.objective = Words("", BODY, 500, wrap=True)
        self.objective.setContentsMargins(0, 0, 0, 8)
        self.image = Words("", NOTE, 400, "dim")
        self._dockerfile_head = Section(look, "player.dockerfile", self.image)
        self.dockerfile = DockerfilePane(look)
        self._computer_head = Section(look, "player.computer")
        self.computer = ComputerPane(look)
        self._commands_head = Section(look, "player.commands")
        self.commands = CommandsPane(look)
        for widget in (
            self.objective,
            self._dockerfile_head,
            self.dockerfile,
            self._computer_head,
            self.computer,
            self._commands_head,
            self.commands,
        ):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self.dockerfile.pointed.connect(self.pointed)

    def tell(self, run: StepRun, ran: bool, earlier: Sequence[Result] = ()) -> None:
        """Shows the step: before its commands have run they wait, and the lines they will build are "next". A step
        without commands shows the `earlier` ones of its lesson, closed."""
        world = run.after if ran else run.before
        shown = run.place_after.show if ran else run.place_before.show
        lines = lines_of(dockerfile_text(run.after), world, shown)
        lit = _lit(lines, run, ran)
        coming = any(question.coming for question in run.step.ask)
        self.dockerfile.show_lines(lines, lit, coming)
        self._dockerfile_head.setVisible(bool(lines))
        self.dockerfile.setVisible(bool(lines))
        self.image.setText(next((line.address for line in lines if line.address), ""))
        self.computer.show_world(world, _copied(lines, lit, world), _hue(lines, lit))
        self._computer_head.setVisible(len(world.host.entries) > 0)
        self.computer.setVisible(len(world.host.entries) > 0)
        typed = tuple(typed_of(result) for result in run.results or earlier)
        self.commands.show_commands(typed, bool(run.results) and not ran, _opened(run.results))
        self._commands_head.name("player.commands" if run.results else "player.earlier_commands")
        self._commands_head.setVisible(bool(typed))
        self.commands.setVisible(bool(typed))


class RightPane(Pane):
    """The inspector, or what the step did where nothing is chosen; below it the notes, where they are on."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "left")
        self.inspector = Inspector(look)
        self._notes_head = Section(look, "player.notes")
        self.notes = Notes(look)
        self._happened_head = Section(look, "build.happened")
        self._told = Told(look)
        self._has_told = False
        self.column.addWidget(self.inspector)
        self.column.addSpacing(12)
        self.column.addWidget(self._happened_head)
        self.column.addWidget(self._told)
        self.column.addSpacing(12)
        self.column.addWidget(self._notes_head)
        self.column.addWidget(self.notes)
        self.column.addStretch(1)

    def show_notes(self, on: bool) -> None:
        self._notes_head.setVisible(on)
        self.notes.setVisible(on)

    def tell_happened(self, events: Sequence[Event]) -> None:
        """What the step did; nothing where it has not run."""
        sentences = told(events, self._look)
        self._told.tell(sentences)
        self._has_told = bool(sentences)
        self.choose(self.inspector.facts)

    def choose(self, facts: Facts | None) -> None:
        """Shows `facts` of what is chosen; while nothing is, what happened."""
        self.inspector.tell(facts)
        parts: tuple[QWidget, ...] = (self._happened_head, self._told)
        for part in parts:
            part.setVisible(facts is None and self._has_told)

    def tell_notes(self, run: StepRun, lang: Lang) -> None:
        beliefs = [belief for question in run.step.ask for belief in _beliefs(run, question, lang)]
        self.notes.tell(notes(run, lang), beliefs)


def typed_of(result: Result) -> Typed:
    """A command as the pane shows it."""
    hints = "\n".join(result.hints)
    return Typed(result.command, result.stdout, result.errors, hints, result.status != 0)


def _opened(results: tuple[Result, ...]) -> int:
    """The command that is shown open: the last one that moved the picture and printed something, else the last that
    printed."""
    printing = [number for number, result in enumerate(results) if result.stdout or result.stderr]
    moving = [
        number for number in printing if any(moment.before is not moment.after for moment in results[number].moments)
    ]
    return (moving or printing or [-1])[-1]


def _lit(lines: tuple[Line, ...], run: StepRun, ran: bool) -> int:
    """The line of now: the last one that made a new layer, or changed only the config, in this step; or the one to
    come."""
    if not ran:
        return next((line.number for line in lines if line.fate == "next"), 0)
    known = {layer.key for image in run.before.images for layer in image.layers}
    for line in reversed(lines):
        if line.fate == "layer" and line.number > 1 and _keys(run.after, line) - known:
            return line.number
        if line.fate == "config_only" and not any(
            image.config == _config(run.after, line) for image in run.before.images
        ):
            return line.number
    return 0


def _keys(world: World, line: Line) -> set[int]:
    try:
        stack = resolve(world, parse(line.address)).stack
    except AddressError:
        return set()
    return {stack[position - 1].key for position in line.positions if position <= len(stack)}


def _config(world: World, line: Line) -> object:
    try:
        image = resolve(world, parse(line.address)).image
    except AddressError:
        return None
    return image.config if image is not None else None


def _copied(lines: tuple[Line, ...], lit: int, world: World) -> frozenset[str]:
    """The folders of your computer that the lit line copies."""
    line = next((line for line in lines if line.number == lit), None)
    words = line.text.split() if line is not None else []
    if not words or words[0].upper() not in ("COPY", "ADD"):
        return frozenset()
    return frozenset(paths.normal(paths.join(world.cwd, word)) for word in words[1:-1] if not word.startswith("--"))


def _hue(lines: tuple[Line, ...], lit: int) -> int:
    line = next((line for line in lines if line.number == lit), None)
    if line is not None and line.positions:
        return line.positions[-1]
    before = [position for line in lines if line.number < lit for position in line.positions]
    return max(before, default=0) + 1


def _beliefs(run: StepRun, question: Question, lang: Lang) -> list[tuple[str, str]]:
    if question.kind == "choose":
        return [
            (str(number), filled(run, option.feedback, lang))
            for number, option in enumerate(question.options, 1)
            if option.feedback is not None
        ]
    return [(_given(one.is_), filled(run, one.text, lang)) for one in question.feedback]


def _given(answer: str) -> str:
    """An answer in as few letters as can be: a number, a layer's number, a dash for "none"."""
    if answer == NONE:
        return "–"
    layer = answer.partition("[")[2].partition("]")[0]
    return layer or answer
