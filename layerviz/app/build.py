"""Build: the stage with a palette, a terminal, what just happened, and an undo line without limit."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from layerviz.app import hand_commands
from layerviz.app.beside import RunBeside
from layerviz.app.build_frame import BuildFrame
from layerviz.app.examples import examples
from layerviz.app.facts import facts_of
from layerviz.app.hand_commands import Refused
from layerviz.app.look import Look
from layerviz.app.preview import PreviewScene
from layerviz.app.prompting import fitting, run
from layerviz.app.scenes import WorldScene, is_there
from layerviz.app.session import Origin, Session, empty
from layerviz.app.summary import summary_of
from layerviz.app.terminal import Fitting, Printed
from layerviz.app.unfinished import restarted
from layerviz.engine import paths
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.entry import Kind
from layerviz.engine.find import place_of
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
        self._beside: RunBeside | None = None
        self._preview_of: tuple[str, str] | None = None
        self._fill_menu()
        self._connect()
        self.challenge.set_lesson(None)
        self.start(empty())

    def _connect(self) -> None:
        self._show_menu.aboutToShow.connect(self._fill_show_menu)
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
        self.stage.hovered_with.connect(self._hover_with)
        self.stage.dropped.connect(self._dropped)
        self.stage.drag_left.connect(self._drag_left)
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
        self.terminal.print([piece for one in held[-MOST_SHOWN:] for piece in _printed(one.results)])
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
        made = hand_commands.offer(self.world, thing, onto, self._session.place.show, self._directory())
        if isinstance(made, Refused):
            self._tip_for(self._look.say(made.key, **dict(made.values)), bad=True)
            return
        self._tip.tell("")
        self.terminal.print([Printed("note", self._look.say("build.typed_for_you"))])
        self._run(made, by_hand=True)

    def _run(self, commands: Sequence[str], by_hand: bool) -> None:
        text = "\n".join(commands)
        self._ran(text, commands, run(self.world, text, self._look.lang), by_hand)

    def _run_beside(self, command: str, save_into: str = "") -> None:
        """Runs a command that reads or writes an archive without holding up the window; Esc gives up."""
        if self._beside is not None:
            return
        world, lang = self.world, self._look.lang
        beside = self._beside = RunBeside(lambda: run(world, command, lang, save_into))
        beside.ended.connect(lambda results: self._ended_beside(command, results))
        beside.broke.connect(self._broke_beside)
        self.terminal.setEnabled(False)
        self.tools.setEnabled(False)
        self._tip_for(self._look.say("build.working", command=command), bad=False)
        beside.start()

    def _ended_beside(self, command: str, results: tuple[Result, ...]) -> None:
        self._beside_over()
        self._ran(command, (command,), results, by_hand=True)

    def _broke_beside(self, error: BaseException) -> None:
        self._beside_over()
        raise error

    def _beside_over(self) -> None:
        self._beside = None
        self.terminal.setEnabled(True)
        self.tools.setEnabled(True)
        self._tip.tell("")
        # A pane that cannot be used lost the keyboard.
        if not self._full_screen:
            self.terminal.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_busy(self) -> bool:
        """Whether an archive is being read or written."""
        return self._beside is not None

    def _ran(self, text: str, commands: Sequence[str], results: tuple[Result, ...], by_hand: bool) -> None:
        before = self._session.place
        self._session = self._session.ran(text, results, by_hand)
        if by_hand:
            self.terminal.print(_printed(results))
        else:
            self.terminal.print(_output(results))
        self.terminal.show_history([one.text.rstrip("\n") for one in self._session.done])
        self._acts_shown = tuple(commands)
        self.happened.tell(self._session.last, self._acts_shown)
        self._chosen("", show_again=False)
        self._show(play=True, before=before)
        self.kept.emit(self._session)
        self._judge()

    def load_archive(self, file: str) -> None:
        """Loads an archive of this machine, as the command would, and shows its newest image."""
        self._run_beside(f"docker load -i {shlex.quote(file)}")

    def take_images(self, text: str, images: tuple[Brought, ...], name: str) -> None:
        """Loads images that were read already from the place `text`, as the command would, and shows `name`."""
        command = f"docker load -i {shlex.quote(text)}"
        self._ran(command, (command,), run(self.world, command, self._look.lang, at_hand=images), by_hand=True)
        if is_there(self.world, name):
            self.show_only((name,))

    def save_archive(self, name: str, file: str) -> None:
        """Saves an image into the folder that was chosen, as the command would."""
        self._run_beside(f"docker save -o {shlex.quote(file)} {name}", save_into=str(Path(file).parent))

    def image_shown(self) -> str:
        """The name of the image on the stage, or of the one that its container runs; "" for none."""
        for address in self._session.place.show:
            try:
                place = resolve(self.world, parse(address))
            except AddressError:
                continue
            if place.container is not None:
                return place.container.image_ref
            if place.kind == "image":
                return place.name
        return ""

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
        self._empty.setVisible(nothing)
        if nothing:
            self.stage.clear()
        else:
            self.stage.show_scene(self._scene(before), play=play and before is not None and bool(before.show))
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
        self._fill_menu()
        self._show(play=False)
        self._chosen(self.stage.chosen_address)

    def _directory(self) -> str:
        return self._session.place.directory if self._session.place.show else paths.ROOT

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
            self._set_tab("happened")
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

    def _fill_show_menu(self) -> None:
        self._show_menu.clear()
        shown = self._session.place.show
        names = [container.name for container in self.world.containers]
        tagged = {key for _, key in self.world.tags}
        names += [place_of(self.world, image) for image in self.world.images if image.key in tagged]
        for name in names:
            action = self._show_menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(name in shown)
            action.triggered.connect(lambda _=False, name=name: self.show_only((name,)))
        if shown and len(names) > 1:
            self._show_menu.addSeparator()
            for name in names:
                if name not in shown:
                    action = self._show_menu.addAction(self._look.say("build.beside", name=name))
                    action.triggered.connect(lambda _=False, name=name: self.show_only((*shown[-2:], name)))

    def _fill_menu(self) -> None:
        self._menu.clear()
        nothing = self._menu.addAction(self._look.say("build.from_nothing"))
        nothing.triggered.connect(lambda: self.begin(Origin()))
        self._menu.addSeparator()
        for one in examples():
            action = self._menu.addAction(self._look.say(f"example.{one.id}"))
            action.triggered.connect(lambda _=False, one=one: self.begin(Origin("example", one.id)))

    # Dragging

    def _hover_with(self, thing: str, onto: str) -> None:
        key = (thing, onto.split(":/")[0])
        if key == self._preview_of:
            return
        self._preview_of = key
        made = hand_commands.offer(self.world, thing, onto, self._session.place.show, self._directory())
        if isinstance(made, Refused):
            self._tip_for(self._look.say(made.key, **dict(made.values)), bad=True)
            self._show_still()
            return
        self._tip.tell("")
        results = run(self.world, "\n".join(made), self._look.lang)
        if any(result.status for result in results):
            return
        coming = self._session.ran("", results)
        scene = PreviewScene(self.world, coming.world, coming.place, self._look.say("build.release_short"))
        if not scene.shows_something:
            self._tip_for(self._look.say("build.release", command=made[-1]), bad=False)
        if coming.place.show:
            self._empty.hide()
            self.stage.show_scene(scene, glide=True)

    def _show_still(self) -> None:
        if any(is_there(self.world, address) for address in self._session.place.show):
            self.stage.show_scene(self._scene(), glide=True)
        else:
            self.stage.clear()
            self._empty.show()

    def _drag_left(self) -> None:
        self._preview_of = None
        self._tip.tell("")
        self._show_still()

    def _dropped(self, thing: str, onto: str) -> None:
        self._preview_of = None
        self._tip.tell("")
        self._show_still()
        self.take(thing, onto)

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
            self._next_pane()
        elif event.key() == Qt.Key.Key_R and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.stage.replay()
        elif event.key() == Qt.Key.Key_Escape and self._escape():
            return
        else:
            event.ignore()

    def _escape(self) -> bool:
        if self._beside is not None:
            self._beside.give_up()
            self._beside_over()
            return True
        if self.terminal.give_up():
            return True
        if self.stage.chosen_address:
            self._chosen("")
            return True
        if self._left_open:
            self._toggle_left()
            return True
        return False


def _printed(results: Sequence[Result]) -> list[Printed]:
    """The transcript of commands that were run, each with its output."""
    pieces: list[Printed] = []
    for result in results:
        for number, line in enumerate(result.command.rstrip("\n").split("\n")):
            pieces.append(Printed("more" if number else "prompt", line))
        pieces += _output([result])
    return pieces


def _output(results: Sequence[Result]) -> list[Printed]:
    pieces: list[Printed] = []
    for result in results:
        for kind, text in (("out", result.stdout), ("err", result.errors), ("hint", "\n".join(result.hints))):
            if text:
                pieces.append(Printed(kind, text.rstrip("\n")))
    return pieces
