"""Build: the stage with a palette, a terminal, what just happened, and an undo line without limit."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from layerviz.app import hand_commands
from layerviz.app.build_archives import Archives
from layerviz.app.build_dragging import Dragging
from layerviz.app.build_frame import BuildFrame
from layerviz.app.build_menus import fill_beginnings, fill_show
from layerviz.app.facts import facts_of
from layerviz.app.hand_commands import Refused
from layerviz.app.look import Look
from layerviz.app.prompting import fitting, output, printed, run
from layerviz.app.scenes import WorldScene, is_there
from layerviz.app.session import Origin, Session, empty
from layerviz.app.summary import summary_of
from layerviz.app.terminal import Fitting, Printed
from layerviz.app.unfinished import restarted
from layerviz.engine import paths
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.entry import Kind
from layerviz.engine.merge import seen
from layerviz.engine.world import World
from layerviz.lessons import loading
from layerviz.lessons.schema import Lesson
from layerviz.picture.layout import Place
from layerviz.shell import Result
from layerviz.shell.machine import Brought

MOST_SHOWN = 500
"""Commands whose output is printed again when a build comes back; all of them can be brought back with Up."""


class Build(BuildFrame):
    """`page` names another page, `returned` goes back to the step one came from, `solved` tells that a challenge
    was reached (lesson id, within par), `finished` goes to the end of its lesson, `kept` that the build changed."""

    page = Signal(str)
    returned = Signal(str, int)
    solved = Signal(str, bool)
    finished = Signal(str)
    kept = Signal(object)
    exported = Signal()
    presented = Signal(bool)
    archive_wanted = Signal()
    save_wanted = Signal()
    mode_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        self._session = empty()
        super().__init__(look)
        self._acts_shown: tuple[str, ...] = ()
        self._archives = Archives(look, self)
        self._dragging = Dragging(look, self, lambda: self._session, self._still)
        self._fill_beginnings()
        self._connect()
        self.challenge.set_lesson(None)
        self.start(empty())

    def _connect(self) -> None:
        self._show_menu.aboutToShow.connect(self._fill_show)
        self.bar.page.connect(self.page)
        self.return_button.clicked.connect(self._return)
        self.save_button.clicked.connect(self.save_wanted)
        self.export_button.clicked.connect(self.exported)
        self.present_button.clicked.connect(lambda: self.presented.emit(True))
        self.terminal.entered.connect(self.type)
        self.terminal.prompt.undone.connect(self.undo)
        self.terminal.prompt.redone.connect(self.redo)
        self.tools.taken.connect(lambda thing: self.take(thing, ""))
        self.tools.archive.clicked.connect(self.archive_wanted)
        self._dragging.dropped.connect(self.take)
        self._archives.ran.connect(lambda command, results: self._ran(command, (command,), results, by_hand=True))
        self.stage.resized.connect(self._tell_mode)
        self.stage.chosen.connect(self._chosen)
        self.stage.entered.connect(self._entered)
        self.inspector.closed.connect(lambda: self._chosen(""))
        self.head.went_to.connect(self._go_to)
        self.head.mode.connect(self._set_mode)
        self.undo_line.undone.connect(self.undo)
        self.undo_line.redone.connect(self.redo)
        self.undo_line.jumped.connect(self.jump)
        self.challenge.showed.connect(self.show_example)
        self.challenge.went_on.connect(self._finish)
        self._look.retranslated.connect(self._refresh)

    # The session

    @property
    def session(self) -> Session:
        return self._session

    @property
    def world(self) -> World:
        return self._session.world

    def start(self, session: Session) -> None:
        """Goes on with `session`."""
        self._session = session
        self._acts_shown = ()
        self.terminal.give_up()
        self.terminal.clear()
        held = session.done[: session.at]
        self.terminal.print([piece for one in held[-MOST_SHOWN:] for piece in printed(one.results)])
        self.terminal.show_history([one.text.rstrip("\n") for one in session.done])
        self.challenge.set_lesson(self._challenged())
        self.happened.tell(session.last, (session.last.text,) if session.last else ())
        self._chosen("")
        self._show(play=False)

    def begin(self, origin: Origin) -> None:
        """Begins anew from `origin`."""
        self.start(restarted(origin))
        if self.challenge.lesson is not None:
            self._bring("happened")
        self.terminal.prompt.setFocus(Qt.FocusReason.OtherFocusReason)
        self.kept.emit(self._session)

    def type(self, text: str) -> None:
        """Runs a command that was typed in the terminal."""
        self._run((text,), by_hand=False)

    def take(self, thing: str, onto: str) -> None:
        """Does what letting `thing` go over `onto` means: makes the commands, shows and runs them."""
        made = hand_commands.offer(self.world, thing, onto, self._session.place.show, self._session.place.directory)
        if isinstance(made, Refused):
            self.tip_for(self._look.say(made.key, **dict(made.values)), bad=True)
            return
        self.tip.tell("")
        self.terminal.print([Printed("note", self._look.say("build.typed_for_you"))])
        self._run(made, by_hand=True)

    def _run(self, commands: Sequence[str], by_hand: bool) -> None:
        text = "\n".join(commands)
        self._ran(text, commands, run(self.world, text, self._look.lang), by_hand)

    def _ran(self, text: str, commands: Sequence[str], results: tuple[Result, ...], by_hand: bool) -> None:
        before = self._session.place
        self._session = self._session.ran(text, results, by_hand)
        if by_hand:
            self.terminal.print(printed(results))
        else:
            self.terminal.print(output(results))
        self.terminal.show_history([one.text.rstrip("\n") for one in self._session.done])
        self._acts_shown = tuple(commands)
        self.happened.tell(self._session.last, self._acts_shown)
        self._chosen("", show_again=False)
        self._show(play=True, before=before)
        self.kept.emit(self._session)
        self._judge()

    def load_archive(self, file: str) -> None:
        """Loads an archive of this machine, as the command would, and shows its newest image."""
        self._archives.run(self.world, f"docker load -i {shlex.quote(file)}")

    def take_images(self, text: str, images: tuple[Brought, ...], name: str) -> None:
        """Loads images that were read already from the place `text`, as the command would, and shows `name`."""
        command = f"docker load -i {shlex.quote(text)}"
        self._ran(command, (command,), run(self.world, command, self._look.lang, at_hand=images), by_hand=True)
        if is_there(self.world, name):
            self.show_only((name,))

    def save_archive(self, name: str, file: str) -> None:
        """Saves an image into the folder that was chosen, as the command would."""
        command = f"docker save -o {shlex.quote(file)} {name}"
        self._archives.run(self.world, command, save_into=str(Path(file).parent))

    def image_shown(self) -> str:
        """The name of the image on the stage, or of the one that its container runs; "" for none."""
        return hand_commands.image_on_stage(self.world, self._session.place.show)

    def undo(self) -> None:
        self._travel(self._session.undone(), "build.undone")

    def redo(self) -> None:
        self._travel(self._session.redone(), "build.redone")

    def jump(self, at: int) -> None:
        """To any place of the undo line."""
        self._travel(self._session.jumped(at), "build.jumped")

    def _travel(self, session: Session, key: str) -> None:
        if session.at == self._session.at:
            return
        self._session = session
        self.terminal.print([Printed("note", self._look.say(key))])
        last = session.last
        self.happened.tell(last, (last.text,) if last else ())
        self._chosen("", show_again=False)
        self._show(play=False)
        self.kept.emit(session)
        self._judge()

    def show_example(self) -> None:
        """Plays the commands of the challenge's example from where it begins."""
        lesson = self.challenge.lesson
        if lesson is None or lesson.challenge is None:
            return
        self.start(restarted(self._session.origin))
        self.terminal.print([Printed("note", self._look.say("build.typed_for_you"))])
        self._run((lesson.challenge.show_me.strip(),), by_hand=True)

    def _judge(self) -> None:
        lesson = self.challenge.lesson
        if lesson is None or lesson.challenge is None:
            return
        last = self._session.last
        commands = sum(len(one.results) for one in self._session.done[: self._session.at])
        was_reached = self.challenge.is_reached
        self.challenge.tell(self.world, last.events if last else (), commands)
        if self.challenge.is_reached:
            if not was_reached:
                self._bring("happened")
            self.solved.emit(lesson.id, commands <= lesson.challenge.par)

    def _challenged(self) -> Lesson | None:
        origin = self._session.origin
        if origin.kind != "challenge":
            return None
        return next((lesson for lesson in loading.lessons() if lesson.id == origin.id), None)

    # Showing

    def _still(self) -> WorldScene | None:
        """What stands on the stage; None where nothing is there yet."""
        there = any(is_there(self.world, address) for address in self._session.place.show)
        return self._scene() if there else None

    def _scene(self, before: Place | None = None) -> WorldScene:
        last = self._session.last
        moments = last.moments if last is not None and before is not None and last.changed else ()
        return WorldScene(
            self.world,
            self._session.place,
            moments,
            before,
            title=self._look.say("page.build"),
            caption=last.text.strip().split("\n")[-1] if last is not None else "",
        )

    def _show(self, play: bool, before: Place | None = None) -> None:
        place = self._session.place
        nothing = not any(is_there(self.world, address) for address in place.show)
        self.nothing_yet.setVisible(nothing)
        if nothing:
            self.stage.clear()
        else:
            self.stage.show_scene(self._scene(before), play=play and before is not None)
        directory = "" if nothing else place.directory
        self.head.tell(directory, summary_of(self.world, place.show, self._look.lang, place.directory))
        self.head.segments.setVisible(not nothing)
        self._tell_mode()
        self.show_button.setVisible(bool(self.world.images or self.world.containers))
        self.tools.show_world(self.world)
        self.undo_line.tell(self._session)
        self.return_button.setVisible(self._session.origin.kind in ("step", "challenge") and not self._full_screen)
        self.save_button.setEnabled(bool(self.world.images))
        self._judge()

    def _refresh(self) -> None:
        self._fill_beginnings()
        self._show(play=False)
        self._chosen(self.stage.chosen_address)

    def _set_mode(self, mode: str) -> None:
        self.stage.prefer(mode)
        self._tell_mode()
        self.mode_chosen.emit(mode)

    def _tell_mode(self) -> None:
        picture = self.stage.picture
        self.head.segments.choose(picture.mode if picture is not None else "slabs")

    def _chosen(self, address: str, show_again: bool = True) -> None:
        facts = facts_of(self.world, address, self._look.lang) if address else None
        self.inspector.tell(facts)
        self.inspector.setVisible(facts is not None)
        self.happened.setVisible(facts is None)
        if not address:
            self.stage.choose("")
        if address and not self.right.isVisible():
            self.set_tab("happened")
        if show_again:
            self._arrange()

    def _entered(self, address: str) -> None:
        try:
            parsed = parse(address)
            place = resolve(self.world, parsed)
        except AddressError:
            return
        if parsed.path is None:
            return
        found = seen(place.stack, parsed.path)
        if found is not None and found.entry.kind is Kind.DIR:
            self._go_to(parsed.path)

    def _go_to(self, directory: str) -> None:
        self._session = self._session.showing(replace(self._session.place, directory=directory, trace=(), focus=()))
        self._chosen("")
        self._show(play=False)

    def show_only(self, show: tuple[str, ...]) -> None:
        """Puts other stacks on the stage."""
        place = self._session.place
        directory = place.directory
        stack = resolve(self.world, parse(show[0])).stack
        while directory != paths.ROOT and seen(stack, directory) is None:
            directory = paths.parent(directory)
        self._session = self._session.showing(Place(show, directory))
        self._chosen("")
        self._show(play=False)
        self.kept.emit(self._session)

    def _fill_show(self) -> None:
        fill_show(self._show_menu, self._look, self.world, self._session.place.show, self.show_only)

    def _fill_beginnings(self) -> None:
        fill_beginnings(self._menu, self._look, self.begin)

    # The terminal

    def fitting(self, text: str, cursor: int) -> Sequence[Fitting]:
        return fitting(self.world, text, cursor, self._look.lang)

    # Ways out

    def _return(self) -> None:
        origin = self._session.origin
        if origin.kind == "step":
            self.returned.emit(origin.id, origin.step)
        elif origin.kind == "challenge":
            lesson = self._challenged()
            self.returned.emit(origin.id, len(lesson.steps) if lesson is not None else 0)

    def _finish(self) -> None:
        if self.challenge.lesson is not None:
            self.finished.emit(self.challenge.lesson.id)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._full_screen and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F5, Qt.Key.Key_F11):
            self.presented.emit(False)
        elif event.key() in (Qt.Key.Key_F5, Qt.Key.Key_F11):
            self.presented.emit(True)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif event.matches(QKeySequence.StandardKey.Redo) or (
            event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        ):
            self.redo()
        elif event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.terminal.prompt.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif event.key() == Qt.Key.Key_F6:
            self._next_pane(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.stage.replay()
        elif event.key() == Qt.Key.Key_Escape and self._escape():
            return
        else:
            event.ignore()

    def _escape(self) -> bool:
        if self._archives.give_up() or self.terminal.give_up():
            return True
        if self.stage.chosen_address:
            self._chosen("")
            return True
        if self._left_open:
            self._toggle_left()
            return True
        return False
