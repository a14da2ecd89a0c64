"""The player: a lesson's steps on the stage, with their commands, questions, inspector and notes around it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QSpacerItem, QVBoxLayout, QWidget

from layerviz.app.arrange import BAR_PX, FOOT_PX, LEFT_PX, RIGHT_PX, SIDE_PX, Panes, panes
from layerviz.app.caption import Caption
from layerviz.app.facts import facts_of
from layerviz.app.finish import EndCard
from layerviz.app.foot import Foot
from layerviz.app.grip import Grip
from layerviz.app.head_line import HeadLine
from layerviz.app.lesson_panes import LeftPane, RightPane
from layerviz.app.look import Look
from layerviz.app.motion_row import MotionRow
from layerviz.app.parts import Button
from layerviz.app.question import QuestionCard
from layerviz.app.scenes import AskScene, BeforeScene, ChallengeScene, StepScene, alone
from layerviz.app.stage import Scene, Stage
from layerviz.app.strokes import ground, painting
from layerviz.app.summary import names_of, summary_of
from layerviz.app.topbar import SettingsMenu, TopBar
from layerviz.app.walk import Walk
from layerviz.engine import paths
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.entry import Kind
from layerviz.engine.merge import seen
from layerviz.engine.world import World
from layerviz.lessons import loading
from layerviz.lessons.asking import answer, judge
from layerviz.lessons.playing import Played, StepRun, caption, filled, play, small
from layerviz.lessons.progress import Progress
from layerviz.lessons.schema import Lesson
from layerviz.picture.layout import Place
from layerviz.picture.shapes import Hue

CAPTION_PX = 20
SMALL_CAPTION_PX = 18


class Player(QWidget):
    """`left` asks for home, `built` for Build at a step (lesson id, step), `challenged` for its challenge, `opened` for
    another lesson, `exported` for the export dialog, `presented` for full screen on or off."""

    left = Signal()
    built = Signal(str, int)
    challenged = Signal(str)
    opened = Signal(str)
    exported = Signal()
    presented = Signal(bool)
    speed_chosen = Signal(float)
    mode_chosen = Signal(str)
    notes_chosen = Signal(bool)
    sized = Signal(int, int)

    def __init__(self, look: Look, progress: Progress, speed: float = 1.0, notes: bool = False) -> None:
        super().__init__()
        self._look, self._progress = look, progress
        self._walk: Walk | None = None
        self._played: Played | None = None
        self._directory = ""
        self._full_screen = False
        self._notes_on = notes
        self._left_px = self._right_px = 0
        self._left_open = self._right_open = False
        self._panes = Panes(LEFT_PX, RIGHT_PX, False)
        self._build_bar()
        self.stage = Stage(look)
        self.stage.set_speed(speed)
        self.head = HeadLine(look)
        self.motion = MotionRow(look, speed)
        self.caption = Caption(look)
        self.question = QuestionCard(look)
        self.end = EndCard(look)
        self.foot = Foot(look, speed)
        self.left_pane = LeftPane(look)
        self.right_pane = RightPane(look)
        self._build_centre()
        for pane in (self.left_pane, self.right_pane):
            pane.setParent(self)
        self._grips = (Grip(self), Grip(self))
        self._blank = QWidget(self)
        self._blank.setAutoFillBackground(True)
        self._blank.hide()
        self._connect()
        self.setTabOrder(self.stage, self.motion.replay)

    # Parts

    def _build_bar(self) -> None:
        look = self._look
        self.bar = TopBar(look)
        self.bar.setParent(self)
        self.flat_button = Button(look, "player.flat", kind="quiet", on=False)
        self.inspect_button = Button(look, "player.inspect", kind="quiet", on=False)
        self.notes_button = Button(look, "player.notes", kind="quiet", glyph="list", on=self._notes_on)
        self.build_button = Button(look, "player.to_build", kind="quiet")
        self.export_button = Button(look, "player.export", kind="quiet")
        self.present_button = Button(look, "player.present", kind="quiet", glyph="play")
        self.bar.add(
            self.flat_button,
            self.inspect_button,
            self.notes_button,
            self.build_button,
            self.export_button,
            self.present_button,
            SettingsMenu(look),
        )

    def _fill_present_menu(self) -> None:
        menu = QMenu(self)
        self.present_button.setMenu(menu)
        here = menu.addAction("")
        here.triggered.connect(lambda: self.presented.emit(True))
        start = menu.addAction("")
        start.triggered.connect(self._present_from_start)

        def retranslate() -> None:
            here.setText(self._look.say("player.from_here") + "\tF5")
            start.setText(self._look.say("player.from_start") + "\tShift+F5")

        self._look.retranslated.connect(retranslate)
        retranslate()

    def _present_from_start(self) -> None:
        self.presented.emit(True)
        if self._walk is not None:
            self._go(self._walk.entered(0))

    def _build_centre(self) -> None:
        self._centre = QWidget(self)
        self._column = QVBoxLayout(self._centre)
        self._column.setSpacing(0)
        for widget, space in (
            (self.head, 8),
            (self.stage, 24),
            (self.motion, 12),
            (self.caption, 0),
            (self.question, 0),
            (self.end, 0),
        ):
            self._column.addWidget(widget, 1 if widget is self.stage else 0)
            if space:
                self._column.addSpacing(space)
        self._column.addSpacing(8)
        self._column.addWidget(self.foot)

    def _connect(self) -> None:
        self.bar.back.connect(self.left)
        self.stage.passed.connect(self._passed)
        self.stage.arrived.connect(self._arrived)
        self.stage.chosen.connect(self._chosen)
        self.stage.entered.connect(self._entered)
        self.stage.pointed.connect(self.left_pane.dockerfile.light)
        self.stage.carried.connect(self._acted)
        self.left_pane.pointed.connect(self.stage.point)
        self.head.went_to.connect(self._go_to)
        self.head.mode.connect(self._set_mode)
        self.flat_button.clicked.connect(lambda on: self._set_mode("flat" if on else "slabs"))
        self.motion.replayed.connect(self.stage.replay)
        self.motion.scrubbed.connect(lambda ms: self.stage.scrub(float(ms)))
        self.motion.speed.chosen.connect(self._set_speed)
        self.foot.speed.chosen.connect(self._set_speed)
        self.foot.replay.clicked.connect(self.stage.replay)
        self.foot.backed.connect(self.back)
        self.foot.nexted.connect(self.next)
        self.foot.dots.jumped.connect(self.jump)
        self.foot.dockerfile.clicked.connect(self._toggle_left)
        self.inspect_button.clicked.connect(self._toggle_right)
        self.notes_button.clicked.connect(self.set_notes)
        self.build_button.clicked.connect(self._to_build)
        self.export_button.clicked.connect(self.exported)
        self._fill_present_menu()
        self.right_pane.inspector.closed.connect(lambda: self._let_go())
        self.question.given.connect(self.give)
        self.question.shown.connect(self._reveal)
        self.question.went_on.connect(self.next)
        self.end.went.connect(self._follow)
        self._grips[0].dragged.connect(self._drag_left)
        self._grips[1].dragged.connect(self._drag_right)
        for grip in self._grips:
            grip.released.connect(lambda: self.sized.emit(self._left_px, self._right_px))
        self._look.retranslated.connect(self._refresh)
        self._look.restyled.connect(self.update)

    # The lesson

    def open(self, lesson: Lesson, step: int = 0, resting: bool = False) -> None:
        """Opens `lesson` at `step` (from 0): at its beginning, or with `resting` at its end."""
        self._played = play(lesson)
        walk = Walk(lesson)
        self._go(walk.rested(step) if resting else walk.entered(step))
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def walk(self) -> Walk | None:
        return self._walk

    @property
    def lesson(self) -> Lesson | None:
        return self._walk.lesson if self._walk is not None else None

    @property
    def run(self) -> StepRun | None:
        """The step that is shown; at the challenge and the end the last one."""
        if self._walk is None or self._played is None:
            return None
        return self._played.steps[min(self._walk.step, len(self._played.steps) - 1)]

    @property
    def world(self) -> World | None:
        """What the stage shows the state of."""
        run = self.run
        if run is None or self._walk is None or self._played is None:
            return None
        if self._walk.phase == "challenge" and self._played.challenge is not None:
            return self._played.challenge.world
        return run.after if self._walk.ran or self._walk.phase == "finish" else run.before

    def next(self) -> None:
        """Next: completes a motion and goes on; on an open question it warns and then skips, in full screen it
        reveals."""
        walk = self._walk
        if walk is None:
            return
        if self._directory:
            self._directory = ""
        if walk.phase == "finish":
            self.end.take_main()
            return
        if walk.phase == "challenge" and not self._full_screen:
            self._to_challenge()
            return
        self._go(walk.forward(self._full_screen))

    def back(self) -> None:
        """Back: the end of the step before, at once."""
        if self._walk is not None:
            self._directory = ""
            self._go(self._walk.backward())

    def jump(self, step: int) -> None:
        """To another step: forward to its beginning, backward to its end."""
        if self._walk is None or step == self._walk.step:
            return
        self._directory = ""
        self._go(self._walk.entered(step) if step > self._walk.step else self._walk.rested(step))

    def give(self, given: int | str) -> None:
        """An answer to the open question."""
        walk, run = self._walk, self.run
        if walk is None or run is None or (asked := walk.asked) is None:
            return
        verdict = judge(run, asked, given, self._look.lang)
        if verdict.right:
            self.stage.mark(())
            self._go(walk.answered())
            return
        shown = self._shown_answer(given)
        self.question.mistaken(shown, verdict.text, self._where(verdict.look))
        self.stage.mark(verdict.look)

    def _shown_answer(self, given: int | str) -> str:
        asked, run = self._walk.asked if self._walk is not None else None, self.run
        if asked is None or run is None:
            return ""
        if asked.kind == "choose":
            return filled(run, asked.options[int(given)].text, self._look.lang)
        if given == "none" and asked.none is not None:
            return asked.none.of(self._look.lang)
        return str(given).split(":/", 1)[0]

    def _where(self, look: tuple[str, ...]) -> str:
        if not look:
            return ""
        found = {address.partition(":/")[2] for address in look}
        if len(found) == 1 and len(look) == 2 and "" not in found:
            return self._look.say("question.both_outlined", path="/" + found.pop())
        return self._look.say("question.outlined", what=", ".join(look))

    def _reveal(self) -> None:
        walk, run = self._walk, self.run
        if walk is None or run is None or walk.asked is None:
            return
        self._walk = replace(walk, revealed=True)
        self.question.settle(answer(run, walk.asked, self._look.lang), "")
        self.stage.mark(())

    def _acted(self) -> None:
        if self._walk is not None and self._walk.phase == "act":
            self._go(self._walk.acted())

    def _arrived(self) -> None:
        walk = self._walk
        if walk is not None and walk.phase == "play":
            self._go(walk.arrived())

    def _go(self, walk: Walk) -> None:
        """Goes to `walk` and shows it."""
        before, self._walk = self._walk, walk
        if before is None or before.lesson is not walk.lesson or before.step != walk.step:
            self._note_progress(walk)
            self._let_go(quiet=True)
        elif walk.phase == "finish":
            self._note_progress(walk)
        if before is not None and walk.warned and not before.warned:
            self.question.warn()
            return
        same_outcome = before is not None and before.step == walk.step and before.phase == "play" and walk.ran
        self._show(play_motion=walk.phase == "play", keep_stage=same_outcome)

    def _note_progress(self, walk: Walk) -> None:
        count = walk.stops
        self._progress.at_step(walk.lesson.id, min(walk.step + 1, count))
        if walk.phase == "finish" or (walk.lesson.challenge is None and walk.step >= count - 1):
            self._progress.finished(walk.lesson.id)

    # Showing

    def _scene(self) -> Scene | None:
        walk, run, played = self._walk, self.run, self._played
        if walk is None or run is None or played is None:
            return None
        if walk.phase == "challenge" and played.challenge is not None:
            return ChallengeScene(played.challenge, played.steps[-1])
        if self._directory:
            run = replace(
                run,
                place_before=replace(run.place_before, directory=self._directory),
                place_after=replace(run.place_after, directory=self._directory, focus=(), trace=()),
            )
        if self._is_untold() and not self._full_screen:
            run = alone(run)
        if walk.phase == "act":
            return BeforeScene(run)
        if walk.asked is not None:
            return AskScene(run, walk.asked, walk.revealed)
        return StepScene(run)

    def _show(self, play_motion: bool = False, keep_stage: bool = False) -> None:
        walk, run = self._walk, self.run
        if walk is None or run is None:
            return
        lang = self._look.lang
        self._tell_bar(walk)
        asked = walk.asked
        ending = walk.phase in ("challenge", "finish")
        self.question.setVisible(asked is not None and not self._full_screen)
        self.caption.setVisible(asked is None and not ending and not self._full_screen)
        self.end.setVisible(ending and not self._full_screen)
        still = asked is not None or ending or walk.phase == "act"
        self.motion.setVisible(not still and not self._full_screen)
        self.head.setVisible(self._shows_head(walk))
        if asked is not None and not walk.warned and not walk.revealed:
            options = [filled(run, option.text, lang) for option in asked.options]
            self.question.ask(
                asked.kind, filled(run, asked.text, lang), options, asked.none.of(lang) if asked.none else ""
            )
        self.caption.say(*self._caption(), self._hue(run))
        if ending:
            self._tell_end(walk)
        self.left_pane.tell(run, walk.ran or ending)
        self.right_pane.tell_notes(run, lang)
        events = [event for moment in run.moments for event in moment.events] if walk.ran else []
        self.right_pane.tell_happened(events)
        self._tell_foot(walk, run)
        self._arrange()
        if not keep_stage or walk.phase != "rest":
            self.stage.mark(())
            scene = self._scene()
            if scene is not None:
                self.stage.show_scene(scene, play=play_motion, glide=walk.phase == "ask" and not self._full_screen)
        act = run.step.act
        self.stage.offer_hand(act.source if walk.phase == "act" and act is not None else "")
        self._tell_head()

    def _tell_bar(self, walk: Walk) -> None:
        lang = self._look.lang
        number = loading.number_of(walk.lesson)
        self.bar.title.setText(walk.lesson.title.of(lang))
        self.bar.sub.setText(self._look.say("player.lesson_n", n=number) if number else "")

    def _caption(self) -> tuple[str, str]:
        walk, run, lang = self._walk, self.run, self._look.lang
        if walk is None or run is None:
            return "", ""
        if walk.phase == "act" and run.step.act is not None:
            return run.step.act.text.of(lang), self._look.say("player.by_keyboard")
        return caption(run, lang), small(run, lang)

    def _tell_foot(self, walk: Walk, run: StepRun) -> None:
        steps = walk.lesson.steps
        names = [
            self._look.say("player.step_name", n=n, text=caption(one, self._look.lang))
            for n, one in enumerate(self._played.steps if self._played else (), 1)
        ]
        asking = {number for number, step in enumerate(steps) if step.ask}
        if walk.lesson.challenge is not None:
            names.append(self._look.say("player.now_you"))
            asking.add(len(steps))
        here = min(walk.step, len(names) - 1)
        for part in (self.foot.dots, self.foot.count):
            part.setVisible(len(names) > 1)
        self.foot.dots.tell(here, tuple(names), frozenset(asking), self._hue(run))
        self.foot.count.setText(self._look.say("player.step_of", at=here + 1, count=len(names)))
        self.foot.back.setEnabled(walk.step > 0)
        self.foot.next.turn("plain" if walk.asked is not None or walk.phase in ("challenge", "finish") else "main")

    def _tell_end(self, walk: Walk) -> None:
        lang, lesson = self._look.lang, walk.lesson
        if walk.phase == "challenge" and lesson.challenge is not None:
            self.end.tell(
                self._look.say("player.now_you"),
                lesson.challenge.text.of(lang),
                self._look.say("player.par", count=lesson.challenge.par),
                [("challenge", self._look.say("player.start_challenge")), ("skip", self._look.say("player.later"))],
            )
            return
        takeaway = lesson.takeaway.of(lang) if lesson.takeaway else ""
        ways = [(door.to, door.text.of(lang)) for door in lesson.doors]
        if not ways:
            following = _following(lesson)
            if following is not None:
                ways.append((following.id, self._look.say("player.next_lesson", title=following.title.of(lang))))
            ways.append(("build", self._look.say("player.build_own")))
            ways.append(("home", self._look.say("player.all_lessons")))
        self.end.tell(self._look.say("player.you_can_say"), takeaway, "", ways)

    def _tell_head(self) -> None:
        walk, run, world = self._walk, self.run, self.world
        if walk is None or run is None or world is None:
            return
        place = self._place()
        text = summary_of(world, place.show, self._look.lang, self._directory or place.directory)
        if walk.asked is not None and walk.phase == "ask" and run.results:
            before = names_of(world, place.show, self._look.lang)
            command = run.results[-1].command.split("\n", 1)[0]
            moving = [one.command for one in run.results if one.command.startswith("docker")]
            text = self._look.say("player.before_command", name=before, command=moving[0] if moving else command)
        self.head.tell(self._directory or place.directory, text)
        self.head.segments.choose("flat" if self._mode_now() == "flat" else "slabs")
        self.flat_button.setChecked(self._mode_now() == "flat")

    def _place(self) -> Place:
        walk, run, played = self._walk, self.run, self._played
        assert walk is not None and run is not None and played is not None
        if walk.phase == "challenge" and played.challenge is not None:
            return played.challenge.place
        return run.place_after if walk.ran or walk.phase == "finish" else run.place_before

    def _mode_now(self) -> str:
        picture = self.stage.picture
        return picture.mode if picture is not None else "slabs"

    def _hue(self, run: StepRun) -> Hue:
        """The hue of the topmost layer on the stage."""
        for address in reversed(run.place_after.show):
            try:
                place = resolve(run.after, parse(address))
            except AddressError:
                continue
            if place.container is not None:
                return "rw"
            if place.stack and place.kind == "image":
                return len(place.stack)
        return 1

    def _refresh(self) -> None:
        walk = self._walk
        if walk is None:
            return
        if walk.asked is not None:
            self._walk = replace(walk, warned=False, revealed=False)
        self._show()
        self._tell_facts()

    def _passed(self, at_ms: int, of_ms: int) -> None:
        self.motion.tell(at_ms, of_ms, self.stage.marks)
        self.foot.replay.setEnabled(of_ms > 0)

    # Choosing and stepping into directories

    def _chosen(self, address: str) -> None:
        walk = self._walk
        if walk is not None and walk.asked is not None and walk.asked.kind == "click":
            if address:
                # The click was an answer: arrows stay Next and Back.
                self.stage.walk(False)
                self.stage.choose("")
                self.give(address)
            return
        self._tell_facts()
        self._right_open = bool(address)
        self._arrange()

    def _tell_facts(self) -> None:
        world, address = self.world, self.stage.chosen_address
        facts = facts_of(world, address, self._look.lang) if world is not None and address else None
        self.right_pane.choose(facts)

    def _let_go(self, quiet: bool = False) -> None:
        self.stage.choose("")
        self.right_pane.choose(None)
        self._right_open = False
        if not quiet:
            self._arrange()

    def _entered(self, address: str) -> None:
        """Steps into the directory at `address`."""
        world = self.world
        if world is None:
            return
        try:
            parsed = parse(address)
            place = resolve(world, parsed)
        except AddressError:
            return
        if parsed.path is None or parsed.path == paths.ROOT:
            return
        found = seen(place.stack, parsed.path)
        if found is not None and found.entry.kind is Kind.DIR:
            self._go_to(parsed.path)

    def _go_to(self, directory: str) -> None:
        run = self.run
        self._directory = "" if run is not None and directory == self._place().directory else directory
        self._let_go(quiet=True)
        scene = self._scene()
        if scene is not None:
            self.stage.show_scene(scene, glide=True)
        self._tell_head()
        self._arrange()

    # Settings of the page

    def _set_mode(self, mode: str) -> None:
        self.stage.prefer(mode)
        self.mode_chosen.emit(mode)
        self._tell_head()

    def _set_speed(self, speed: float) -> None:
        self.stage.set_speed(speed)
        for box in (self.motion.speed, self.foot.speed):
            box.setCurrentIndex(box.findData(speed))
        self.speed_chosen.emit(speed)

    def set_notes(self, on: bool) -> None:
        self._notes_on = on
        self.notes_button.setChecked(on)
        self.notes_chosen.emit(on)
        self._arrange()

    def set_sizes(self, left_px: int, right_px: int) -> None:
        """The widths of the panes that were dragged last time."""
        self._left_px, self._right_px = left_px, right_px
        self._arrange()

    def set_full_screen(self, on: bool) -> None:
        """Only the stage, as a page with title and caption; or the whole player again, at the same place."""
        if on == self._full_screen:
            return
        self._full_screen = on
        self._blank.hide()
        self.stage.set_page(on)
        self._let_go(quiet=True)
        walk = self._walk
        if walk is not None:
            self._walk = replace(walk, warned=False, revealed=False)
            self._show()
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_full_screen(self) -> bool:
        return self._full_screen

    @property
    def is_blank(self) -> bool:
        return self._blank.isVisible()

    # Ways out

    def _to_build(self) -> None:
        if self._walk is not None:
            self.built.emit(self._walk.lesson.id, self._walk.step)

    def _to_challenge(self) -> None:
        if self._walk is not None:
            self.challenged.emit(self._walk.lesson.id)

    def _follow(self, way: str) -> None:
        if way == "challenge":
            self._to_challenge()
        elif way == "skip":
            if self._walk is not None:
                self._go(self._walk.entered(self._walk.stops))
        elif way == "home":
            self.left.emit()
        elif way == "build":
            self._to_build()
        else:
            self.opened.emit(way)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._blank.isVisible():
            self._blank.hide()
            return
        if self.question.isVisible() and self.question.take_key(event):
            return
        if self._full_screen and event.key() == Qt.Key.Key_Escape:
            self.presented.emit(False)
            return
        if event.key() == Qt.Key.Key_Escape and self._escape():
            return
        act = self._acts().get((event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, event.key()))
        if act is None and event.text().lower() in ("b", ".") and self._full_screen:
            act = self._blank_out
        if act is not None:
            act()
        else:
            event.ignore()

    def _acts(self) -> dict[tuple[Qt.KeyboardModifier, int], Callable[[], None]]:
        none = Qt.KeyboardModifier.NoModifier
        key = Qt.Key
        return {
            **dict.fromkeys(
                [(none, k) for k in (key.Key_Right, key.Key_Space, key.Key_PageDown, key.Key_Return, key.Key_Enter)],
                self.next,
            ),
            **dict.fromkeys([(none, k) for k in (key.Key_Left, key.Key_PageUp, key.Key_Backspace)], self.back),
            (none, key.Key_Home): lambda: self.jump(0),
            (none, key.Key_End): self._to_end,
            (none, key.Key_R): self.stage.replay,
            (none, key.Key_N): lambda: self.set_notes(not self._notes_on),
            (none, key.Key_F5): lambda: self.presented.emit(not self._full_screen),
            (Qt.KeyboardModifier.ShiftModifier, key.Key_F5): self._present_from_start,
            (none, key.Key_F11): lambda: self.presented.emit(not self._full_screen),
            (none, key.Key_F6): self._next_pane,
        }

    def _to_end(self) -> None:
        if self._walk is not None:
            self._directory = ""
            self._go(self._walk.rested(self._walk.stops - 1))

    def _escape(self) -> bool:
        """Lets go of what is chosen, or closes a drawer; False where there was nothing to close."""
        if self.stage.chosen_address or self._left_open or self._right_open:
            self._left_open = False
            self._let_go()
            return True
        return False

    def _blank_out(self) -> None:
        palette = self._blank.palette()
        palette.setColor(palette.ColorRole.Window, Qt.GlobalColor.black)
        self._blank.setPalette(palette)
        self._blank.setGeometry(self.rect())
        self._blank.raise_()
        self._blank.show()

    def _next_pane(self) -> None:
        """F6: from the stage to the left pane, the right pane, the bar, and round."""
        stops: list[QWidget] = [self.stage]
        if self.left_pane.isVisible():
            stops.append(self.left_pane.dockerfile if self.left_pane.dockerfile.isVisible() else self.left_pane)
        if self.motion.isVisible():
            stops.append(self.motion.replay)
        stops.append(self.notes_button)
        focus = self.focusWidget()
        at = next((number for number, stop in enumerate(stops) if stop is focus), -1)
        if at == 0 and not self.stage.is_walking:
            self.stage.walk(True)
            return
        self.stage.walk(False)
        stops[(at + 1) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)

    # Arranging

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as p:
            ground(p, self._look.tokens, QRectF(self.rect()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def _toggle_left(self) -> None:
        self._left_open = not self._left_open
        self._arrange()

    def _toggle_right(self) -> None:
        self._right_open = not self._right_open
        self._arrange()

    def _drag_left(self, x: int) -> None:
        self._left_px = x
        self._arrange()

    def _drag_right(self, x: int) -> None:
        self._right_px = self.width() - x
        self._arrange()

    def _arrange(self) -> None:
        """Puts every part where the window's size wants it (`arrange`)."""
        w, h = self.width(), self.height()
        self._blank.setGeometry(self.rect())
        full = self._full_screen
        self.bar.setVisible(not full)
        for part in (self.head, self.foot):
            part.setVisible(not full)
        if full:
            for pane in (self.left_pane, self.right_pane, *self._grips):
                pane.hide()
            self._centre.setGeometry(self.rect())
            self._column.setContentsMargins(0, 0, 0, 0)
            self._spaces(0, 0, 0, 0)
            return
        self._panes = panes(w, h, 1.0, self._left_px, self._right_px)
        asking = self._walk is not None and self._walk.asked is not None
        low, left, right = self._panes.low, self._panes.left_px, self._panes.right_px
        if asking or (self._place_beside() and not self._notes_on):
            right = 0
        if self._is_untold():
            left = right = 0
        self._arrange_panes(w, h, left, right, asking)
        self.bar.setGeometry(0, 0, w, BAR_PX)
        self._centre.setGeometry(left, BAR_PX, w - left - right, h - BAR_PX)
        self._column.setContentsMargins(SIDE_PX, 8 if low else 12, SIDE_PX, 8)
        self.head.setVisible(not low and self._walk is not None and self._shows_head(self._walk))
        self._spaces(0 if low else 8, 2 if low else 24, 0 if low else 12, 4 if low else 12)
        self.motion.low(low)
        self.foot.small(low, self._panes.narrow)
        self.caption.text_px(SMALL_CAPTION_PX if low else CAPTION_PX)
        self.flat_button.setVisible(low)
        self.inspect_button.setVisible(right == 0 and not asking)
        self.inspect_button.setChecked(self.right_pane.isVisible())
        small_bar = w < 1200
        for button, key in ((self.notes_button, "player.notes"), (self.present_button, "player.present")):
            button.rename("" if small_bar else key)
            if small_bar:
                button.setText("")
                button.setToolTip(self._look.say(key))
                button.setAccessibleName(self._look.say(key))
        self.export_button.setVisible(not small_bar)
        for button in (self.notes_button, self.build_button):
            button.setVisible(not self._is_untold())
        self.inspect_button.setVisible(self.inspect_button.isVisibleTo(self) and not self._is_untold())
        self.bar.sub.setVisible(not small_bar)

    def _place_beside(self) -> str:
        """What stands beside the stack in this step: it needs the room of the right pane."""
        return self._place().beside if self._walk is not None else ""

    def _shows_head(self, walk: Walk) -> bool:
        return walk.phase != "act" and not self._full_screen and not self._panes.low

    def _is_untold(self) -> bool:
        """The first ninety seconds: nothing but the stage."""
        return self._walk is not None and not loading.number_of(self._walk.lesson)

    def _spaces(self, under_head: int, under_stage: int, under_motion: int, over_foot: int) -> None:
        spaces: list[QSpacerItem] = []
        for k in range(self._column.count()):
            item = self._column.itemAt(k)
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                spaces.append(spacer)
        motion = self.motion.isVisibleTo(self._centre)
        for space, px in zip(spaces, (under_head, under_stage, under_motion if motion else 0, over_foot), strict=True):
            space.changeSize(0, px)
        self._column.invalidate()

    def _arrange_panes(self, w: int, h: int, left: int, right: int, asking: bool) -> None:
        body = QRect(0, BAR_PX, w, h - BAR_PX)
        self.right_pane.show_notes(self._notes_on)
        drawer_left = left == 0 and self._left_open
        drawer_right = right == 0 and not asking and (self._right_open or self._notes_on)
        self.left_pane.setGeometry(0, BAR_PX, left or LEFT_PX, body.height())
        self.left_pane.setVisible(left > 0 or drawer_left)
        wide = right or RIGHT_PX
        self.right_pane.setGeometry(w - wide, BAR_PX, wide, body.height())
        self.right_pane.setVisible(right > 0 or drawer_right)
        self._centre.lower()
        for pane, drawer in ((self.left_pane, drawer_left), (self.right_pane, drawer_right)):
            if drawer:
                pane.resize(pane.width(), body.height() - FOOT_PX)
                pane.raise_()
        for grip, x, shown in ((self._grips[0], left - 4, left > 0), (self._grips[1], w - right - 4, right > 0)):
            grip.setGeometry(x, BAR_PX, 8, body.height())
            grip.setVisible(shown)
            grip.raise_()


def _following(lesson: Lesson) -> Lesson | None:
    story = loading.lessons()
    at = next((number for number, one in enumerate(story) if one.id == lesson.id), -1)
    return story[at + 1] if 0 <= at < len(story) - 1 else None
