"""A picture on the screen, with its clock: shows scenes, plays the motion towards them, finds what lies where.

It holds no truth: a `Scene` makes pictures and timelines for whatever size the widget has, and the widget asks
`timeline.at(ms)`. One timer is the clock; it only says how much time has passed.
"""

import gc
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, Protocol

from PySide6.QtCore import QElapsedTimer, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from layerviz.app.look import Look
from layerviz.app.strokes import painting
from layerviz.picture.choreograph import choreograph
from layerviz.picture.expand import outline
from layerviz.picture.hit import hit
from layerviz.picture.layout import Picture, View
from layerviz.picture.paint import Sprites, paint
from layerviz.picture.shapes import AnyShape, Frame
from layerviz.picture.timeline import Timeline

FRAME_MS = 16
IDLE_MS = 120
READY_AFTER_MS = 400
"""How long nothing moves before what is expected next is made ready."""
SAMPLED = (0.0, 0.3, 0.6, 0.9)
"""The moments of each part of a motion that are painted beforehand: most of what it shows is on them."""


class Scene(Protocol):
    """Something that can be drawn at any size."""

    def still(self, view: View) -> Picture:
        """The picture that stands."""

    def motion(self, view: View) -> Timeline | None:
        """The motion that ends in it, if there is one."""


class Projection(QWidget):
    """`passed` tells where the motion is (ms, of ms), `arrived` that it ended, `resized` that the page changed."""

    passed = Signal(int, int)
    arrived = Signal()
    resized = Signal()

    def __init__(self, look: Look, whole_page: bool) -> None:
        super().__init__()
        self._look, self._whole_page = look, whole_page
        self._scene: Scene | None = None
        self._mode: Literal["slabs", "flat", "auto"] = "auto"
        self._picture: Picture | None = None
        self._timeline: Timeline | None = None
        self._gliding = False
        self._at_ms = 0.0
        self._speed = 1.0
        self._chosen_address = ""
        self._pointed_address = ""
        self._sprites = Sprites()
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._learn_motion)
        self._expected: Scene | None = None
        self._readying: Iterator[None] = iter(())
        self._gap = QTimer(self)
        self._gap.timeout.connect(self._make_ready)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 160)
        look.restyled.connect(self.update)
        look.retranslated.connect(self.relayout)
        look.remoted.connect(self.relayout)

    # What is shown

    def show_scene(self, scene: Scene, play: bool = False, glide: bool = False) -> None:
        """Shows `scene`: plays its motion, or stands at its end at once, or with `glide` goes there from what stood."""
        before = self.picture if glide and self._scene is not None and self.isVisible() else None
        self._scene = scene
        self._chosen_address = self._chosen_address if self._chosen_address and not play else ""
        self._timeline = scene.motion(self._view()) if play else None
        self._picture = None
        self._gliding = before is not None
        if before is not None:
            self._timeline = self._way(before)
        self._scene_changed()
        self._at_ms = 0.0
        if self._timeline is not None and self._timeline.duration_ms > 0:
            self._run()
        else:
            self._rest()
            self._idle.start()
        self._tell()
        self.update()

    def _way(self, before: Picture) -> Timeline | None:
        """The way from a picture to the one that stands; None where there is no way to go."""
        after = self.picture
        before = self._as_left(before)
        if after is None or after.frame == before.frame or before.frame.width != after.frame.width:
            return None
        return choreograph(before, (), after)

    def clear(self) -> None:
        """Shows nothing."""
        self._halt()
        self._scene = self._picture = self._timeline = None
        self._tell()
        self.update()

    def _learn_motion(self) -> None:
        """Finds the motion that led here, so that it can be scrubbed; it stands at its end."""
        if self._scene is None or self._timeline is not None or not self.isVisible():
            return
        self._timeline = self._scene.motion(self._view())
        self._at_ms = self._timeline.duration_ms if self._timeline is not None else 0.0
        self._tell()

    @property
    def scene(self) -> Scene | None:
        return self._scene

    @property
    def picture(self) -> Picture | None:
        """The picture that stands, or that the motion ends in."""
        if self._picture is None and self._scene is not None:
            self._picture = self._scene.still(self._view())
        return self._picture

    @property
    def frame_now(self) -> Frame | None:
        """What is painted just now."""
        if self._timeline is not None and self._moving:
            return self._timeline.at(self._at_ms)
        picture = self.picture
        return picture.frame if picture is not None else None

    @property
    def mode(self) -> Literal["slabs", "flat", "auto"]:
        return self._mode

    def set_mode(self, mode: Literal["slabs", "flat", "auto"]) -> None:
        before = self.picture if self.isVisible() else None
        self._mode = mode
        self._picture = None
        self._timeline = self._way(before) if before is not None else None
        self._gliding = self._timeline is not None
        if self._timeline is not None:
            self._at_ms = 0.0
            self._run()
        self.update()

    def prefer(self, mode: str) -> None:
        """Flat, or slabs: these wherever they fit, and even where they do not if flat is what would come otherwise."""
        if mode == "flat":
            self.set_mode("flat")
            return
        before = self._mode
        self._mode, self._picture = "auto", None
        fits = self.picture is None or self.picture.mode == "slabs"
        self._mode, self._picture = before, None
        self.set_mode("auto" if fits else "slabs")

    def start_in(self, mode: str) -> None:
        """The view that was chosen the last time."""
        self._mode = "flat" if mode == "flat" else "auto"

    def relayout(self) -> None:
        """Makes the pictures anew, for another size or language; a motion goes on where it was."""
        if self._scene is None:
            return
        self._picture = None
        if self._gliding:
            self._timeline, self._gliding = None, False
            self._halt()
        if self._timeline is not None:
            share = self._at_ms / max(self._timeline.duration_ms, 1)
            self._timeline = self._scene.motion(self._view())
            self._at_ms = share * (self._timeline.duration_ms if self._timeline is not None else 0)
        self.update()

    def _view(self) -> View:
        return View(
            mode=self._mode,
            lang=self._look.lang,
            width=max(self.width(), 64),
            height=max(self.height(), 64),
            fixed=not self._whole_page,
            chosen=self._chosen_address,
            pointed=self._pointed_address,
            reduced_motion=self._look.reduced_motion,
        )

    # The clock

    @property
    def _moving(self) -> bool:
        return self._timeline is not None and self._at_ms < self._timeline.duration_ms

    @property
    def duration_ms(self) -> int:
        return round(self._timeline.duration_ms) if self._timeline is not None else 0

    @property
    def marks(self) -> tuple[float, ...]:
        """Where the parts of the motion end, 0 to 1."""
        if self._timeline is None or not self._timeline.duration_ms:
            return ()
        return tuple(mark / self._timeline.duration_ms for mark in self._timeline.marks)

    def set_speed(self, speed: float) -> None:
        self._speed = speed

    def _run(self) -> None:
        self._clock.start()
        self._timer.start()
        self._gap.stop()
        # A collection takes as long as several frames; what frames leave behind has no cycles.
        gc.disable()

    def _halt(self) -> None:
        self._timer.stop()
        gc.enable()
        self._gap.start(READY_AFTER_MS)

    # What comes next

    def expect(self, scene: Scene | None) -> None:
        """`scene` is likely to come next: while nothing moves, what its motion is made of is made ready."""
        self._expected = scene
        self._readying = iter(())
        if not self._timer.isActive():
            self._gap.start(READY_AFTER_MS)

    def _make_ready(self) -> None:
        """The next small part of it."""
        if self._expected is not None and self.isVisible():
            self._readying, self._expected = self._parts_of(self._expected), None
        try:
            next(self._readying)
            self._gap.setInterval(0)
        except StopIteration:
            self._gap.stop()

    def _parts_of(self, scene: Scene) -> Iterator[None]:
        view = replace(self._view(), chosen="")
        timeline = scene.motion(view)
        yield
        picture = scene.still(view)
        yield
        ends = timeline.marks if timeline is not None else ()
        starts = (0.0, *ends[:-1])
        moments = [start + (end - start) * share for start, end in zip(starts, ends, strict=False) for share in SAMPLED]
        frames = (timeline.at(moment) for moment in moments) if timeline is not None else iter(())
        ratio = self.devicePixelRatioF()
        canvas = QPixmap(self.size() * ratio)
        canvas.setDevicePixelRatio(ratio)
        for frame in (*frames, picture.frame):
            with painting(canvas) as p, self._sprites.made_ready():
                paint(frame, self._look.tokens.theme, p, self._sprites, ratio, ground=False)
            yield

    def replay(self) -> None:
        """The motion from its beginning."""
        if self._scene is None:
            return
        if self._timeline is None:
            self._timeline = self._scene.motion(self._view())
        if self._timeline is None or not self._timeline.duration_ms:
            return
        self._at_ms = 0.0
        self._run()
        self._tell()
        self.update()

    def scrub(self, ms: float) -> None:
        """Holds the motion at this moment."""
        if self._timeline is None and self._scene is not None:
            self._timeline = self._scene.motion(self._view())
        self._halt()
        end = self._timeline.duration_ms if self._timeline is not None else 0.0
        # The slider counts whole milliseconds.
        self._at_ms = end if ms >= int(end) else max(ms, 0.0)
        self._tell()
        self.update()

    def complete(self) -> None:
        """Jumps to the end of the motion."""
        if self._timeline is not None and (self._moving or self._timer.isActive()):
            self._at_ms = self._timeline.duration_ms
            self._rest()
            self._tell()
            self.update()

    def _tick(self) -> None:
        self._at_ms += min(self._clock.restart(), 100) * self._speed
        if not self._moving:
            self._at_ms = self._timeline.duration_ms if self._timeline is not None else 0.0
            self._rest()
        self._tell()
        self.update()

    def _rest(self) -> None:
        self._halt()
        if self._gliding:
            self._timeline, self._gliding = None, False
            self._idle.start()
        self.arrived.emit()

    def _tell(self) -> None:
        if self._gliding:
            return
        self.passed.emit(round(self._at_ms), self.duration_ms)

    def set_page(self, on: bool) -> None:
        """A page that stands alone, with title and caption; or a part of the window."""
        self._whole_page = on
        self.relayout()

    # What may be different in a stage

    def _as_left(self, before: Picture) -> Picture:
        """`before` as it was left, for the way from it."""
        return before

    def _scene_changed(self) -> None:
        """Another scene is shown."""

    # What lies where

    @property
    def chosen_address(self) -> str:
        return self._chosen_address

    @property
    def pointed_address(self) -> str:
        return self._pointed_address

    def shape_at(self, pos: QPointF) -> AnyShape | None:
        frame = self.frame_now
        return hit(frame, pos.x() / frame.scale, pos.y() / frame.scale) if frame is not None else None

    def outline_of(self, shape_id: str) -> tuple[QPointF, ...]:
        """The outline of a shape, in px of this widget. Raises KeyError."""
        frame = self.frame_now
        if frame is None:
            raise KeyError(shape_id)
        corners = outline(frame.shape(shape_id), frame.camera)
        return tuple(QPointF(x * frame.scale, y * frame.scale) for x, y in corners)

    # Qt's events

    def sizeHint(self) -> QSize:
        return QSize(760, 564)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.relayout()
        self.resized.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        self._halt()
