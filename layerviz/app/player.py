"""The player: a lesson's steps on the stage, with their commands, questions, inspector and notes around it."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from layerviz.app.facts import facts_of
from layerviz.app.lesson_scenes import scene_at
from layerviz.app.lesson_words import answer_shown, where_outlined
from layerviz.app.look import Look
from layerviz.app.player_keys import act_of
from layerviz.app.player_showing import PlayerShowing
from layerviz.app.walk import Walk
from layerviz.engine import paths
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.entry import Kind
from layerviz.engine.merge import seen
from layerviz.lessons.asking import answer_said, judge
from layerviz.lessons.playing import play
from layerviz.lessons.progress import Progress
from layerviz.lessons.schema import Lesson


class Player(PlayerShowing):
    """`left` asks for home, `built` for Build at a step (lesson id, step), `challenged` for its challenge, `opened` for
    another lesson, `exported` for the export dialog, `presented` for full screen on or off."""

    left = Signal()
    built = Signal(str, int)
    challenged = Signal(str)
    opened = Signal(str)
    exported = Signal()
    speed_chosen = Signal(float)
    mode_chosen = Signal(str)

    def __init__(self, look: Look, progress: Progress, speed: float = 1.0, notes: bool = False) -> None:
        super().__init__(look, speed, notes)
        self._progress = progress
        self._connect()

    def present_from_start(self) -> None:
        """Full screen, from the first step."""
        self.presented.emit(True)
        if self._walk is not None:
            self._go(self._walk.entered(0))

    def _connect(self) -> None:
        self.bar.back.connect(self.left)
        self.stage.passed.connect(self._passed)
        self.stage.arrived.connect(self._arrived)
        self.stage.resized.connect(self._tell_mode)
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
        self.build_button.clicked.connect(self._to_build)
        self.export_button.clicked.connect(self.exported)
        self.presented_from_start.connect(self.present_from_start)
        self.right_pane.inspector.closed.connect(lambda: self._let_go())
        self.question.given.connect(self.give)
        self.question.shown.connect(self._reveal)
        self.question.went_on.connect(self.next)
        self.end.went.connect(self._follow)
        self._look.retranslated.connect(self._refresh)

    # The lesson

    def open(self, lesson: Lesson, step: int = 0, resting: bool = False) -> None:
        """Opens `lesson` at `step` (from 0): at its beginning, or with `resting` at its end."""
        self._played = play(lesson)
        walk = Walk(lesson)
        self._go(walk.rested(step) if resting else walk.entered(step))
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

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
        shown = answer_shown(run, asked, given, self._look.lang)
        # Of what contradicts the answer, what has not come yet cannot be outlined.
        picture = self.stage.picture
        standing = {shape.address for shape in picture.frame.shapes} if picture is not None else set()
        there = tuple(address for address in verdict.look if address in standing)
        self.question.mistaken(shown, verdict.text, where_outlined(there, self._look))
        self.stage.mark(there)

    def _reveal(self) -> None:
        walk, run = self._walk, self.run
        if walk is None or run is None or walk.asked is None:
            return
        self._walk = replace(walk, revealed=True)
        self.question.settle(answer_said(run, walk.asked, self._look.lang), "")
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
            # Arrows are Next and Back again.
            self.stage.walk(False)
        elif walk.phase in ("act", "ask") and before.phase != walk.phase:
            # The same step from its beginning: nothing of it stands any more.
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
        self._right_open = bool(address) or self._right_asked
        self._arrange()

    def _tell_facts(self) -> None:
        world, address = self.world, self.stage.chosen_address
        facts = facts_of(world, address, self._look.lang) if world is not None and address else None
        self.right_pane.choose(facts)

    def _let_go(self, quiet: bool = False) -> None:
        self.stage.choose("")
        self.right_pane.choose(None)
        self._right_open = self._right_asked
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
        if self._walk is not None and self._played is not None:
            self.stage.show_scene(scene_at(self._walk, self._played, self._directory, self._full_screen), glide=True)
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

    def set_full_screen(self, on: bool) -> None:
        """Only the stage, as a page with title and caption; or the whole player again, at the same place."""
        if on == self._full_screen:
            return
        self._full_screen = on
        self._blank.hide()
        self.stage.set_page(on)
        self.stage.walk(False)
        self._let_go(quiet=True)
        walk = self._walk
        if walk is not None:
            self._walk = replace(walk, warned=False, revealed=False)
            self._show()
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)

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
        act = act_of(self, event)
        if act is not None:
            act()
        else:
            event.ignore()

    def to_start(self) -> None:
        """To the first step, and there to its beginning."""
        if self._walk is not None and self._walk.step == 0:
            self._directory = ""
            self._go(self._walk.entered(0))
        else:
            self.jump(0)

    def to_end(self) -> None:
        """To the end of the last step, or its challenge."""
        if self._walk is not None:
            self._directory = ""
            self._go(self._walk.rested(self._walk.stops - 1))

    def _escape(self) -> bool:
        """Lets go of what is chosen, or closes a drawer; False where there was nothing to close."""
        if self.stage.chosen_address or self._left_open or self._right_open:
            self._left_open = self._right_asked = False
            self._let_go()
            return True
        return False
