"""Time: a frame for each millisecond, as a pure function. Nothing here runs; who plays it asks."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from layerviz.picture.between import Way, camera_between, mixed
from layerviz.picture.shapes import AnyShape, Camera, Frame

Ease = Callable[[float], float]


def linear(k: float) -> float:
    return k


def smooth(k: float) -> float:
    """Accelerates out, decelerates in."""
    return k * k * k * (k * (6 * k - 15) + 10)


def falling(k: float) -> float:
    """Faster and faster, as things fall, with a soft landing in the last tenth."""
    return k * k * (2.2 - 1.2 * k) if k < 1 else 1.0


def landing(k: float) -> float:
    """Fast first, then slower and slower."""
    return 1 - (1 - k) ** 3


@dataclass(frozen=True, slots=True)
class Key:
    """What a shape is at `ms`; `ease` is how it comes there from the key before."""

    ms: float
    shape: AnyShape
    ease: Ease = smooth


@dataclass(frozen=True, slots=True)
class Track:
    """One shape over time: there from its first key on (or always, if that is at 0), until `until` (None: it stays)."""

    keys: tuple[Key, ...]
    until: float | None = None
    _ways: dict[int, Way] = field(default_factory=dict, init=False, repr=False, compare=False)

    def at(self, ms: float) -> AnyShape | None:
        keys = self.keys
        if ms < keys[0].ms or (self.until is not None and ms >= self.until):
            return None
        if len(keys) == 1 or ms >= keys[-1].ms:
            return keys[-1].shape
        n = 1
        while keys[n].ms <= ms:
            n += 1
        a, b = keys[n - 1], keys[n]
        if a.shape is b.shape:
            return a.shape
        way = self._ways.get(n)
        if way is None:
            way = self._ways[n] = Way(a.shape, b.shape)
        return way.at(b.ease((ms - a.ms) / (b.ms - a.ms)))


@dataclass(frozen=True, slots=True)
class CameraKey:
    ms: float
    camera: Camera
    ease: Ease = smooth


@dataclass(frozen=True)
class Scene:
    """From one frame to another: `tracks` back to front, and where the camera stands."""

    first: Frame
    last: Frame
    duration_ms: float
    tracks: tuple[Track, ...] = field(default=(), repr=False)
    cameras: tuple[CameraKey, ...] = field(default=(), repr=False)

    def at(self, ms: float) -> Frame:
        if ms <= 0 and self.duration_ms > 0:
            return self.first
        if ms >= self.duration_ms:
            return self.last
        shapes = tuple(shape for track in self.tracks if (shape := track.at(ms)) is not None)
        k = smooth(ms / self.duration_ms)
        first, last = self.first, self.last
        return Frame(
            mixed(first.width, last.width, k),
            mixed(first.height, last.height, k),
            self._camera(ms),
            shapes,
            mixed(first.scale, last.scale, k),
        )

    def _camera(self, ms: float) -> Camera:
        keys = self.cameras
        if not keys or ms >= keys[-1].ms:
            return keys[-1].camera if keys else self.last.camera
        n = 0
        while keys[n].ms <= ms:
            n += 1
        if n == 0:
            return keys[0].camera
        a, b = keys[n - 1], keys[n]
        return camera_between(a.camera, b.camera, b.ease((ms - a.ms) / (b.ms - a.ms)))


@dataclass(frozen=True)
class Timeline:
    """Scenes one after another. `at(0)` is the first frame, `at(duration_ms)` the last; before and after them, the
    same."""

    scenes: tuple[Scene, ...]

    @cached_property
    def _ends(self) -> tuple[float, ...]:
        return tuple(accumulate(scene.duration_ms for scene in self.scenes))

    @property
    def duration_ms(self) -> float:
        return self._ends[-1]

    @property
    def marks(self) -> tuple[float, ...]:
        """Where each scene ends, but those that take no time."""
        return tuple(end for scene, end in zip(self.scenes, self._ends, strict=True) if scene.duration_ms)

    def at(self, ms: float) -> Frame:
        if ms >= self.duration_ms:
            return self.scenes[-1].last
        if ms <= 0:
            return self.scenes[0].first
        n = bisect_right(self._ends, ms)
        return self.scenes[n].at(ms - (self._ends[n - 1] if n else 0.0))


def still(picture: "Framed") -> Timeline:
    """A picture that takes no time."""
    return Timeline((Scene(picture.frame, picture.frame, 0.0),))


def joined(timelines: Iterable[Timeline]) -> Timeline:
    """One after another. At least one; each should begin where the one before it ends."""
    scenes = tuple(scene for timeline in timelines for scene in timeline.scenes)
    moving = tuple(scene for scene in scenes if scene.duration_ms)
    return Timeline(moving or scenes[-1:])


class Framed(Protocol):
    @property
    def frame(self) -> Frame: ...
