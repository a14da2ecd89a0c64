"""The order of a motion: first what was looked at, then what changed, then what was shown."""

from collections.abc import Iterable
from dataclasses import replace

from layerviz.engine.events import Event
from layerviz.picture.choreograph import changes, copying, looking, pulling, reading, showing
from layerviz.picture.choreograph.score import Score
from layerviz.picture.layout import Picture
from layerviz.picture.timeline import Key, Scene, Timeline, Track, linear, still

CROSS_FADE_MS = 250.0
VIEW_CHANGE_MS = 700.0


def choreograph(before: Picture, events: Iterable[Event], after: Picture) -> Timeline:
    """How the picture `before` becomes `after` by `events`; without events it is a change of view: of directory, size,
    language.

    Nothing that differs, and nothing to show: no time passes. With `reduced_motion` the pictures cross-fade.
    """
    happened = tuple(events)
    if after.view.reduced_motion:
        return cross_fade(before, after) if before.frame != after.frame else still(after)
    score = Score(before, after)
    looking.play(score, happened)
    if before.frame != after.frame:
        if before.mode != after.mode or not happened:
            _change_view(score)
        else:
            pulling.play(score, happened)
            copying.play(score, happened)
            changes.play(score)
            reading.play(score)
    showing.play(score, happened)
    if score.now > 0:
        return score.timeline()
    # A remark that only goes takes no motion of its own, but a picture may not jump.
    return still(after) if before.frame == after.frame else cross_fade(before, after)


def cross_fade(before: Picture, after: Picture, duration_ms: float = CROSS_FADE_MS) -> Timeline:
    """The old picture goes while the new one comes; nothing moves, what is equal in both stays."""
    kept = {shape.id: shape for shape in before.frame.shapes}
    stays = (
        [shape for shape in after.frame.shapes if kept.get(shape.id) == shape] if _same_camera(before, after) else []
    )
    staying = {shape.id for shape in stays}
    half = duration_ms / 2
    tracks: list[Track] = []
    for shape in before.frame.shapes:
        if shape.id not in staying:
            tracks.append(Track((Key(0, shape), Key(half, replace(shape, opacity=0.0), linear)), half))
    for shape in after.frame.shapes:
        if shape.id in staying:
            tracks.append(Track((Key(0, shape),)))
        else:
            tracks.append(Track((Key(half, replace(shape, opacity=0.0)), Key(duration_ms, shape, linear))))
    ground = [track for track in tracks if track.keys[0].shape.id == "ground"]
    rest = [track for track in tracks if track.keys[0].shape.id != "ground"]
    ordered = (*ground, *rest)
    if _same_camera(before, after):
        return Timeline((Scene(before.frame, after.frame, duration_ms, ordered),))
    return Timeline((_Switch(before.frame, after.frame, duration_ms, ordered),))


class _Switch(Scene):
    """A cross-fade between two cameras: it has the first one for the first half, the last one for the second."""

    def _camera(self, ms: float):  # type: ignore[no-untyped-def]  # as in Scene
        return (self.first if ms < self.duration_ms / 2 else self.last).camera


def _same_camera(before: Picture, after: Picture) -> bool:
    return before.frame.camera == after.frame.camera and before.frame.width == after.frame.width


def _change_view(score: Score) -> None:
    """Slabs to flat, another directory, another size: everything moves at once, light goes first and comes last."""
    start, end = score.now, score.now + VIEW_CHANGE_MS
    score.move_camera(start, end)
    latest = end
    for part in list(score.parts.values()):
        if part.done:
            continue
        if part.stays:
            # Half-way a slab shows no writing: there it can change without being seen to.
            score.change(part, (start, end), (start + VIEW_CHANGE_MS * 0.44, start + VIEW_CHANGE_MS * 0.56))
        elif part.leaves:
            score.leave(part, start, start + VIEW_CHANGE_MS * 0.35)
        else:
            score.enter(part, end - 40, end + CROSS_FADE_MS)
            latest = end + CROSS_FADE_MS
    score.now = latest
