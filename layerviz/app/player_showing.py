"""The player as it shows a place of a lesson: every part is told what it says there."""

from layerviz.app.lesson_scenes import is_untold, place_at, run_at, scene_at, scene_to_come, world_at
from layerviz.app.lesson_words import before_command, caption_shown, earlier_results, end_shown, step_names, top_hue
from layerviz.app.look import Look
from layerviz.app.player_frame import PlayerFrame, Wants
from layerviz.app.summary import names_of, summary_of
from layerviz.app.walk import Walk
from layerviz.engine.world import World
from layerviz.lessons import loading
from layerviz.lessons.playing import Played, StepRun, filled
from layerviz.lessons.schema import Lesson
from layerviz.picture.layout import Place


class PlayerShowing(PlayerFrame):
    """A place of a lesson (`walk`), and the directory that was stepped into ("": the step's own)."""

    def __init__(self, look: Look, speed: float, notes: bool) -> None:
        super().__init__(look, speed, notes)
        self._walk: Walk | None = None
        self._played: Played | None = None
        self._directory = ""

    @property
    def walk(self) -> Walk | None:
        return self._walk

    @property
    def lesson(self) -> Lesson | None:
        return self._walk.lesson if self._walk is not None else None

    @property
    def run(self) -> StepRun | None:
        """The step that is shown; at the challenge and the end the last one."""
        return run_at(self._walk, self._played) if self._walk is not None and self._played is not None else None

    @property
    def world(self) -> World | None:
        """What the stage shows the state of."""
        return world_at(self._walk, self._played) if self._walk is not None and self._played is not None else None

    def _show(self, play_motion: bool = False, keep_stage: bool = False) -> None:
        walk, played = self._walk, self._played
        if walk is None or played is None:
            return
        run, lang = run_at(walk, played), self._look.lang
        self._tell_bar(walk)
        asked = walk.asked
        ending = walk.phase in ("challenge", "finish")
        self.question.setVisible(asked is not None and not self._full_screen)
        self.caption.setVisible(asked is None and not ending and not self._full_screen)
        self.end.setVisible(ending and not self._full_screen)
        still = asked is not None or ending or walk.phase == "act"
        self.motion.setVisible(not still and not self._full_screen)
        if asked is not None and not walk.warned and not walk.revealed:
            options = [filled(run, option.text, lang) for option in asked.options]
            self.question.ask(
                asked.kind, filled(run, asked.text, lang), options, asked.none.of(lang) if asked.none else ""
            )
        self.caption.say(*caption_shown(walk, run, self._look), top_hue(run))
        if ending:
            self.end.tell(*end_shown(walk, self._look))
        self.left_pane.tell(run, walk.ran or ending, earlier_results(run, played))
        self.right_pane.tell_notes(run, lang)
        events = [event for moment in run.moments for event in moment.events] if walk.ran else []
        self.right_pane.tell_happened(events)
        self._tell_foot(walk, played)
        self._want(walk)
        self._arrange()
        if not keep_stage or walk.phase != "rest":
            self.stage.mark(())
            scene = scene_at(walk, played, self._directory, self._full_screen)
            self.stage.show_scene(scene, play=play_motion, glide=walk.phase == "ask" and not self._full_screen)
        self.stage.expect(scene_to_come(walk, played))
        act = run.step.act
        self.stage.offer_hand(act.source if walk.phase == "act" and act is not None else "")
        self._tell_head()

    def _want(self, walk: Walk) -> None:
        self._wants = Wants(
            asking=walk.asked is not None,
            beside=bool(self._place().beside),
            stage_only=is_untold(walk),
            head=walk.phase != "act",
            objective=walk.step == 0 and walk.lesson.objective is not None,
        )

    def _tell_bar(self, walk: Walk) -> None:
        lang = self._look.lang
        number = loading.number_of(walk.lesson)
        objective = walk.lesson.objective
        said = self._look.say("player.objective", objective=objective.of(lang)) if objective else ""
        self.left_pane.objective.setText(said)
        self.bar.title.setText(walk.lesson.title.of(lang))
        self.bar.title.setToolTip(said)
        self.bar.title.setAccessibleDescription(said)
        self.bar.sub.setText(self._look.say("player.lesson_n", n=number) if number else "")

    def _tell_foot(self, walk: Walk, played: Played) -> None:
        steps, run = walk.lesson.steps, run_at(walk, played)
        names = step_names(played, self._look)
        asking = {number for number, step in enumerate(steps) if step.ask} | set(range(len(steps), len(names)))
        here = min(walk.step, len(names) - 1)
        for part in (self.foot.dots, self.foot.count):
            part.setVisible(len(names) > 1)
        self.foot.dots.tell(here, tuple(names), frozenset(asking), top_hue(run), len(steps))
        self.foot.count.setText(self.foot.dots.accessibleName())
        self.foot.back.setEnabled(walk.step > 0)
        self.foot.next.turn("plain" if walk.asked is not None else "main")
        # There the ways on are those of the card.
        self.foot.next.setVisible(walk.phase not in ("challenge", "finish"))

    def _tell_head(self) -> None:
        walk, run, world = self._walk, self.run, self.world
        if walk is None or run is None or world is None:
            return
        place = self._place()
        text = summary_of(world, place.show, self._look.lang, self._directory or place.directory)
        if walk.asked is not None and walk.phase == "ask" and run.results:
            text = before_command(run, names_of(world, place.show, self._look.lang), self._look)
        self.head.tell(self._directory or place.directory, text)
        self._tell_mode()

    def _tell_mode(self) -> None:
        self.head.segments.choose("flat" if self._mode_now() == "flat" else "slabs")
        self.flat_button.setChecked(self._mode_now() == "flat")

    def _place(self) -> Place:
        assert self._walk is not None and self._played is not None
        return place_at(self._walk, self._played)

    def _mode_now(self) -> str:
        picture = self.stage.picture
        return picture.mode if picture is not None else "slabs"
