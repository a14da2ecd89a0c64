"""The shapes of two pictures matched by what they show, and the tracks that are being written for them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from layerviz.picture.between import looks_alike
from layerviz.picture.layout import Picture
from layerviz.picture.shapes import AnyShape, Badge, Beam, Camera, Head, Label, Pool, Slab, Stage, Tile, shape_id
from layerviz.picture.timeline import CameraKey, Ease, Key, Scene, Timeline, Track, landing, linear, smooth

LAST_IN_FRONT = 1e9
"""The place in the order of what flies: in front of everything."""


@dataclass(slots=True)
class Part:
    """One thing in both pictures, or in one of them; `keys` are written by whoever moves it."""

    before: AnyShape | None
    after: AnyShape | None
    order: float
    tracks: list[tuple[float, Track]] = field(default_factory=list)

    @property
    def shape(self) -> AnyShape:
        shape = self.after or self.before
        assert shape is not None
        return shape

    @property
    def enters(self) -> bool:
        return self.before is None

    @property
    def leaves(self) -> bool:
        return self.after is None

    @property
    def stays(self) -> bool:
        return self.before is not None and self.after is not None

    @property
    def done(self) -> bool:
        return bool(self.tracks)


class Score:
    """Tracks in the making. `now` is where the next motion begins; each motion moves it on."""

    def __init__(self, before: Picture, after: Picture) -> None:
        self.before, self.after = before, after
        self.parts = _matched(before.frame.shapes, after.frame.shapes, _same_slots(before, after))
        self.guests: list[tuple[float, Track]] = []
        self.cameras: list[CameraKey] = [CameraKey(0.0, (before if before.slots else after).frame.camera)]
        self.now = 0.0
        self._guest_number = 0
        self._settle_computer()

    def _settle_computer(self) -> None:
        """Where a picture has no stack its camera is never used: what stands on its page is told for the other one."""
        old, new = self.before.frame.camera, self.after.frame.camera
        for part in self.parts.values():
            if isinstance(part.before, Tile) and not self.before.slots:
                part.before = _reframed(part.before, old, new)
            if isinstance(part.after, Tile) and not self.after.slots and self.before.slots:
                part.after = _reframed(part.after, new, old)

    def moved_u(self, u: float) -> float:
        """Where the middle of a column of the picture before stands in the picture after."""
        for column in self.before.columns:
            if abs((column.u0 + column.u1) / 2 - u) < 0.1:
                same = [other for other in self.after.columns if other.path == column.path]
                same.sort(key=lambda other: (other.stack != column.stack, abs(other.u0 - column.u0)))
                return (same[0].u0 + same[0].u1) / 2 if same else u
        return u

    def kept_in_place(self, tile: Tile) -> Tile:
        """A tile of the picture before that stands on the page, not on a slab: where it stands for the camera after."""
        return _reframed(tile, self.before.frame.camera, self.after.frame.camera)

    def of_kind(self, *kinds: type[AnyShape]) -> list[Part]:
        """Those still without a track, in the order of the picture after."""
        return [part for part in self.parts.values() if isinstance(part.shape, kinds) and not part.done]

    def part(self, twin: str) -> Part | None:
        return self.parts.get(twin)

    def guest_id(self, kind: str) -> str:
        """An id for a shape that is there in between only."""
        self._guest_number += 1
        return shape_id("moving", kind, self._guest_number)

    def guest(self, keys: Iterable[Key], until: float, order: float = LAST_IN_FRONT) -> None:
        """A shape that neither picture has."""
        self.guests.append((order, Track(tuple(keys), until)))

    def move_camera(self, start: float, end: float, ease: Ease = smooth) -> None:
        last = self.cameras[-1].camera
        if self.is_moving_camera():
            self.cameras += [CameraKey(start, last), CameraKey(end, self.after.frame.camera, ease)]

    def levels_above(self, level: float) -> float:
        """How far up, in levels, a row may begin to fall without leaving the page or passing over its title."""
        camera = self.after.frame.camera
        _, back = camera.at(Stage(0, 1.0, level))
        titles = (shape for shape in self.after.frame.shapes if isinstance(shape, Label) and shape.id == "title")
        top = max((title.y + title.size_px * 0.3 for title in titles), default=0.0)
        return max(0.0, (back - camera.lift - 4 - top) / camera.pitch)

    def is_moving_camera(self) -> bool:
        """Whether the camera has yet to move: it need not where nothing stands on the stage any more."""
        return bool(self.after.slots) and self.cameras[-1].camera != self.after.frame.camera

    def track(self, keys: Iterable[Key], until: float | None = None) -> Track:
        """A track of `keys` in order of time."""
        return Track(tuple(_rising(list(keys))), until)

    def enter(
        self,
        part: Part,
        start: float,
        end: float,
        first: AnyShape | None = None,
        ease: Ease = landing,
        by: Iterable[tuple[float, AnyShape]] = (),
    ) -> None:
        """It comes: from `first` (over the shapes `by`), or out of nothing where it stands."""
        assert part.after is not None
        begin = first if first is not None else replace(part.after, opacity=0.0)
        keys = (Key(start, begin), *(Key(ms, shape) for ms, shape in by), Key(end, part.after, ease))
        part.tracks.append((part.order, Track(keys)))

    def leave(self, part: Part, start: float, end: float, last: AnyShape | None = None, ease: Ease = smooth) -> None:
        """It goes: to `last`, or into nothing where it stands."""
        assert part.before is not None
        gone = last if last is not None else replace(part.before, opacity=0.0)
        part.tracks.append(
            (part.order, Track((Key(0, part.before), Key(start, part.before), Key(end, gone, ease)), end))
        )

    def keep(self, part: Part) -> None:
        assert part.after is not None
        part.tracks.append((part.order, Track((Key(0, part.after),))))

    def pulse(self, part: Part, start: float, peak: float, end: float, most: AnyShape) -> None:
        """After what was written for it so far (nothing, if it stays as it is), it is `most` for a moment."""
        assert part.after is not None
        self.extend(part, start, ((start, part.after), (peak, most), (end, part.after)))

    def extend(self, part: Part, start: float, stops: Iterable[tuple[float, AnyShape]]) -> None:
        """After what was written for it so far (nothing, if it stays as it is), it is each of `stops` in its time. What
        still moves at `start` is left alone."""
        assert part.after is not None
        if not part.done:
            if part.before != part.after:
                return
            part.tracks.append((part.order, Track((Key(0, part.after),))))
        for n, (order, track) in enumerate(part.tracks):
            if track.until is None and track.keys[-1].ms <= start:
                more = [Key(ms, shape, landing) for ms, shape in stops]
                part.tracks[n] = (order, self.track((*track.keys, *more)))
                return

    def order_of_row(self, level: float, u: float) -> float:
        """Just in front of what stands in the row at `level` above `u`, and behind the next row."""
        row = [
            part.order
            for part in self.parts.values()
            if _row_of(part.shape) == level or (isinstance(part.shape, Slab) and part.shape.level == level)
            if not isinstance(part.shape, Slab) or part.shape.u0 <= u <= part.shape.u1
        ]
        return max(row, default=LAST_IN_FRONT) + 0.45

    def change(
        self,
        part: Part,
        move: tuple[float, float],
        look: tuple[float, float] | None = None,
        ease: Ease = smooth,
        by: Iterable[tuple[float, AnyShape]] = (),
    ) -> None:
        """It moves during `move` (over the shapes `by`), and where it looks different afterwards, the new one appears
        under the old during `look`."""
        before, after = part.before, part.after
        assert before is not None and after is not None
        stops = [Key(ms, shape, ease) for ms, shape in by]
        if looks_alike(before, after):
            keys = (Key(0, before), Key(move[0], before), *stops, Key(max(move[1], move[0] + 1), after, ease))
            part.tracks.append((part.order, Track(keys)))
            return
        start, end = look or move
        end = max(end, start + 1)
        arrival = max(move[1], move[0] + 1)
        path = (Key(0, before), Key(move[0], before), *stops, Key(arrival, _placed(before, after), ease))

        def along(since: float, until: float) -> Ease:
            """The ease that keeps something on the path between these moments."""
            return (
                ease
                if stops
                else _slice(ease, (since - move[0]) / (arrival - move[0]), (until - move[0]) / (arrival - move[0]))
            )

        then, later = _at(path, start), _at(path, end)
        opening = 0.0 if _is_clear(after) else after.opacity
        new = [
            Key(start, replace(_placed(after, then), opacity=opening)),
            Key(end, _placed(after, later), along(start, end)),
        ]
        if arrival > end:
            new.append(Key(arrival, after, along(end, arrival)))
        else:
            new[-1] = Key(end, after, along(start, end))
        was = f"was.{before.id}"
        going = (
            Key(start, _renamed(then, was)),
            Key(end, replace(_renamed(later, was), opacity=0.0), along(start, end)),
        )
        if start > 0:
            part.tracks.append((part.order, Track(path, start)))
        part.tracks.append((part.order, Track(tuple(new))))
        part.tracks.append((self._over(part), Track(going, end)))

    def _over(self, part: Part) -> float:
        """Where in the order the old look of a thing stands. A tile's comes after its whole row: writing and light of a
        row are drawn in one run, which it must not break."""
        shape = part.after
        if not isinstance(shape, Tile):
            return part.order + 0.5
        row = (other for other in self.parts.values() if _row_of(other.shape) == shape.level)
        return max((other.order for other in row), default=part.order) + 0.5

    def timeline(self) -> Timeline:
        """What was written, as one scene that ends at `now`."""
        for part in self.parts.values():
            if part.done:
                continue
            if part.stays:
                self.change(part, (0, self.now), None)
            elif part.enters:
                self.enter(part, self.now * 0.4, self.now)
            else:
                self.leave(part, 0, self.now * 0.4)
        self.move_camera(0, self.now)
        tracks = [track for part in self.parts.values() for track in part.tracks] + self.guests
        tracks.sort(key=lambda item: item[0])
        return Timeline(
            (
                Scene(
                    self.before.frame,
                    self.after.frame,
                    self.now,
                    tuple(track for _, track in tracks),
                    tuple(self.cameras),
                ),
            )
        )


def _same_slots(before: Picture, after: Picture) -> dict[int, str]:
    """What the numbers of the slots of the picture before are in the one after: a stack that stands in both is the
    same; of the others, the first becomes the first (image `two` becomes `three`)."""
    same: dict[int, str] = {}
    left = list(after.slots)
    for slot in before.slots:
        twin = next((other for other in left if other.name == slot.name), None)
        if twin is not None:
            same[slot.number] = str(twin.number)
            left.remove(twin)
    taken = set(same.values())
    rest = [other for other in left if str(other.number) not in taken]
    for slot in before.slots:
        if slot.number not in same:
            same[slot.number] = str(rest.pop(0).number) if rest else f"gone{slot.number}"
    return same


_OF_SLOT = re.compile(r"(seen|head|question|nothing|stop|way|listed|diff)( trunk)? (\d+)( .*)?")


def _twin_after(shape: AnyShape, same: dict[int, str]) -> str:
    """The twin of a shape of the picture before, as the picture after would say it."""
    found = _OF_SLOT.fullmatch(_twin(shape))
    if found is None or int(found[3]) not in same or found[2]:
        return _twin(shape)
    return f"{found[1]} {same[int(found[3])]}{found[4] or ''}"


def _matched(before: tuple[AnyShape, ...], after: tuple[AnyShape, ...], same: dict[int, str]) -> dict[str, Part]:
    """By twin, in one order: that of the picture after, in which what leaves stands behind what it stood behind."""
    parts = {_twin(shape): Part(None, shape, float(n)) for n, shape in enumerate(after)}
    new_ids = {shape.id for shape in after}
    last = -1.0
    for shape in before:
        twin = _twin_after(shape, same)
        part = parts.get(twin)
        if part is not None and type(part.shape) is type(shape):
            part.before = shape
            last = part.order
            continue
        if part is not None:
            twin = f"{twin} before"
        if shape.id in new_ids:
            shape = _renamed(shape, f"was.{shape.id}")
        parts[twin] = Part(shape, None, last + 0.25)
    return parts


def _twin(shape: AnyShape) -> str:
    return shape.twin or shape.id


def _is_clear(shape: AnyShape) -> bool:
    """Whether one can see through it, so that the old must not show through the new while they change."""
    if isinstance(shape, Tile):
        return shape.look in ("hole", "slot", "expected", "whiteout")
    return not isinstance(shape, Slab) or shape.style != "layer"


_GEOMETRY = {
    Slab: ("u0", "u1", "level", "head_px"),
    Tile: ("u0", "u1", "level", "v0", "v1", "raised"),
    Beam: ("u", "low", "high"),
    Pool: ("u", "level"),
    Head: ("u", "level"),
    Label: ("x", "y", "on"),
    Badge: ("x", "y", "on"),
}


def _placed(shape: AnyShape, at: AnyShape) -> AnyShape:
    """`shape`, as it looks, where `at` stands. A numeral has the size of those beside it all the way."""
    names = _GEOMETRY.get(type(shape), ())
    if isinstance(shape, Tile) and isinstance(at, Tile) and len(shape.label) == len(at.label):
        names = (*names, "label_px")
    return replace(shape, **{name: getattr(at, name) for name in names}) if type(shape) is type(at) else shape


def _reframed(tile: Tile, old: Camera, new: Camera) -> Tile:
    """The same tile at the same place of the page, as another camera sees it."""
    x, y = old.at(Stage(tile.u0, tile.v0, tile.level))
    share = (tile.v1 - tile.v0) * (old.depth_y / new.depth_y if new.depth_y else 1.0)
    u, level = x - new.x - tile.v0 * new.depth_x, (new.y + tile.v0 * new.depth_y - y) / new.pitch
    return replace(tile, u0=u, u1=u + tile.u1 - tile.u0, level=level, v1=tile.v0 + share)


def _slice(ease: Ease, first: float, last: float) -> Ease:
    """The part of `ease` between two shares of its time, as an ease of its own."""
    first, last = min(max(first, 0.0), 1.0), min(max(last, 0.0), 1.0)
    low, high = ease(first), ease(last)
    if high - low < 1e-9:
        return linear
    return lambda k: (ease(first + k * (last - first)) - low) / (high - low)


def _renamed(shape: AnyShape, name: str) -> AnyShape:
    """The same thing under another id: its old look, which goes while the new one is there already."""
    return replace(shape, id=name)


def _at(keys: tuple[Key, ...], ms: float) -> AnyShape:
    shape = Track(keys).at(ms)
    assert shape is not None
    return shape


def _row_of(shape: AnyShape) -> float | None:
    if isinstance(shape, Beam):
        return shape.low
    return shape.level if isinstance(shape, Tile | Pool) else None


def _rising(keys: list[Key]) -> list[Key]:
    """The keys in order of time, one for each time."""
    kept: list[Key] = []
    for key in keys:
        if kept and key.ms <= kept[-1].ms:
            kept[-1] = key
        else:
            kept.append(key)
    return kept
