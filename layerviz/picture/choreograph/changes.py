"""What differs between two pictures, in the order in which it makes sense: room, slabs, tiles, light, words.

Stacking falls from above; what goes dissolves where it is; light goes out before new light rises, from the bottom up.
"""

from collections.abc import Sequence
from dataclasses import replace

from layerviz.engine.paths import base
from layerviz.picture.choreograph.score import Part, Score
from layerviz.picture.layout import Picture
from layerviz.picture.shapes import AnyShape, Badge, Beam, Ground, Head, Label, Line, Panel, Pool, Slab, Tile
from layerviz.picture.timeline import Key, Track, falling, landing, smooth

ROOM_MS = 320.0
FALL_MS, FALL_STAGGER_MS = 460.0, 170.0
DROP_MS, STAGGER_MS = 320.0, 60.0
MOST_STAGGER_MS = 420.0
OUT_MS, LIGHT_MS, ROW_MS = 220.0, 260.0, 110.0
WORDS_MS = 240.0
DISSOLVE_MS, DISSOLVE_STEP_MS = 420.0, 90.0
DROP_PX, CROSS_PX = 84.0, 150.0
FLIGHT_MS, LIFT_PX = 640.0, 30.0
COMPUTER = ("panel computer", "line computer")


def play(score: Score) -> None:
    """Moves everything that nobody has moved yet, from `score.now` on."""
    start = score.now
    room = _room(score, start)
    landed = _slabs(score, max(room[1], start))
    changed = _tiles(score, room, landed)
    for part in score.of_kind(Ground, Slab):
        if part.stays:
            score.change(part, room, (changed, changed + WORDS_MS))
    lit = _light(score, room, landed, changed)
    score.now = max(_words(score, room, lit, start), room[1])


def _room(score: Score, start: float) -> tuple[float, float]:
    """When the camera moves and rows that stay make room. What is gone dissolves first, from the top down."""
    goes = sorted((part for part in score.of_kind(Slab) if part.leaves), key=_level, reverse=True)
    if goes:
        for n, part in enumerate(goes):
            begin = start + n * DISSOLVE_STEP_MS
            score.leave(part, begin, begin + DISSOLVE_MS)
        for part in score.of_kind(Tile, Head, Label, Badge, Line, Beam, Pool):
            if part.leaves:
                begin = start + _rank_of(part, goes) * DISSOLVE_STEP_MS
                score.leave(part, begin, begin + DISSOLVE_MS * 0.8)
        start += (len(goes) - 1) * DISSOLVE_STEP_MS + DISSOLVE_MS * 0.7
    if len(score.cameras) > 1:  # a commit or a pull has made room already
        return score.cameras[-2].ms, score.cameras[-1].ms
    moved = score.is_moving_camera() or any(part.stays and _moves(part) for part in score.of_kind(Slab, Tile, Head))
    if not moved:
        return start, start
    score.move_camera(start, start + ROOM_MS)
    return start, start + ROOM_MS


def _slabs(score: Score, start: float) -> float:
    """New slabs fall on the stack, the lowest first; views come as they are. Says when tiles may land."""
    falling_parts = sorted((part for part in score.of_kind(Slab) if part.enters), key=_level)
    bodies = [part for part in falling_parts if _slab(part).style != "view"]
    for part in falling_parts:
        if _slab(part).style == "view":
            score.enter(part, start, start + FALL_MS)
    top = max((_slab(part).level for part in bodies), default=0.0)
    view = max(
        (slab.level for slab in score.after.frame.shapes if isinstance(slab, Slab) and slab.style == "view"),
        default=None,
    )
    levels = sorted({_slab(part).level for part in bodies})
    for part in bodies:
        slab = _slab(part)
        begin = (
            start - 60 + levels.index(slab.level) * FALL_STAGGER_MS
            if start > 60
            else levels.index(slab.level) * FALL_STAGGER_MS
        )
        height = 0.8 if view is not None and view > slab.level else 1.5
        high = slab.level + min(height + (top - slab.level) * 0.2, score.levels_above(slab.level))
        above = replace(slab, level=high, opacity=0.0)
        clear = replace(slab, level=high - (high - slab.level) * 0.12)
        score.enter(part, begin, begin + FALL_MS, above, falling, by=((begin + FALL_MS * 0.35, clear),))
    if not bodies:
        return start
    return max(start - 60, 0) + (len(levels) - 1) * FALL_STAGGER_MS + FALL_MS


def _tiles(score: Score, room: tuple[float, float], start: float) -> float:
    """New tiles drop in reading order, a whiteout from higher up; tiles that go fade. Says when light may change."""
    parts = score.of_kind(Tile)
    own = [part for part in parts if not is_seen(part) and not is_on_computer(part.shape)]
    lands = start
    dropping = sorted((part for part in own if part.enters), key=lambda part: (_level(part), _left(part)))
    step = stagger(len(dropping))
    for n, part in enumerate(dropping):
        tile = part.after
        assert isinstance(tile, Tile)
        cross = tile.look == "whiteout"
        begin = start + n * step
        origin = _on_computer(score, tile)
        if origin is not None:
            lands = max(lands, _fly(score, part, tile, origin, begin))
            continue
        most = score.levels_above(tile.level) * score.after.frame.camera.pitch
        high = replace(tile, raised=min(CROSS_PX if cross else DROP_PX, most), opacity=0.0)
        end = begin + (DROP_MS * 1.3 if cross else DROP_MS)
        score.enter(part, begin, end, high, falling)
        lands = max(lands, end)
    _keep_computer(score, room, lands)
    for part in own:
        if part.leaves:
            score.leave(part, start, start + DISSOLVE_MS * 0.7)
            lands = max(lands, start + DISSOLVE_MS * 0.7)
    for part in own:
        if part.stays:
            look = max(lands - 60, start)
            score.change(part, room, (look, look + OUT_MS))
    return max(lands - 60, start) if dropping or lands > start else start


def _keep_computer(score: Score, room: tuple[float, float], until: float) -> None:
    """Your computer stays until what was copied from it has landed; what stays on it stands still."""
    for part in list(score.parts.values()):
        if part.done or not (is_on_computer(part.shape) or part.shape.twin.startswith(COMPUTER)):
            continue
        tile = part.before
        if part.leaves and isinstance(tile, Tile):
            there = score.kept_in_place(tile)
            moved = max(room[1], room[0] + 1)
            gone = max(until, moved + 1) + WORDS_MS
            keys = (Key(0, tile), Key(room[0], tile), Key(moved, there), Key(gone - WORDS_MS, there))
            part.tracks.append((part.order, Track((*keys, Key(gone, replace(there, opacity=0.0))), gone)))
        elif part.leaves:
            score.leave(part, until, until + WORDS_MS)
        elif part.stays and isinstance(tile, Tile):
            score.change(part, room if room[1] > room[0] else (until, until + WORDS_MS))


def _on_computer(score: Score, tile: Tile) -> Tile | None:
    """The file on your computer that this tile is a copy of, if it stands beside the stage."""
    if tile.look != "solid" or tile.kind != "file" or not tile.twin.startswith("tile "):
        return None
    name = base(tile.twin.split(" ", 2)[2])
    for picture in (score.after, score.before):
        for shape in picture.frame.shapes:
            if not isinstance(shape, Tile) or not is_on_computer(shape) or shape.label != tile.label:
                continue
            if base(shape.twin.removeprefix("host ")) == name:
                return shape if picture is score.after else score.kept_in_place(shape)
    return None


def is_on_computer(shape: AnyShape) -> bool:
    """Whether it is a file of your computer's, or its name."""
    return shape.twin.startswith("host /")


def _fly(score: Score, part: Part, tile: Tile, origin: Tile, begin: float) -> float:
    """A copy leaves your computer, in front of everything, and lands on the slab; says when."""
    name = score.guest_id("copy")
    first = replace(
        tile, id=name, twin=name, address="", alt="", tag="", u0=origin.u0, u1=origin.u1, level=origin.level
    )
    first = replace(first, v0=origin.v0, v1=origin.v1, label_px=origin.label_px)
    last = replace(tile, id=name, twin=name, address="", alt="", tag="")
    lifted, end = begin + 120, begin + FLIGHT_MS
    score.guest(
        (
            Key(begin, first),
            Key(lifted, replace(first, raised=LIFT_PX)),
            Key(end - 110, replace(last, raised=LIFT_PX * 0.6), smooth),
            Key(end, last, falling),
        ),
        end,
    )
    part.tracks.append((part.order, Track((Key(end, tile),))))
    return end


def _light(score: Score, room: tuple[float, float], landed: float, changed: float) -> float:
    """Light that is covered goes out; then new light rises, row by row, and what it reaches is seen.

    In columns where nothing changes it goes on through new slabs as soon as they have `landed`; in the others after
    tiles have
    `changed`.
    """
    beams, pools = score.of_kind(Beam), score.of_kind(Pool)
    seen = [part for part in score.of_kind(Tile) if is_seen(part)]
    busy = {_column(part) for part in seen if _is_new(part)}
    out = changed
    for part in (*beams, *pools):
        if part.leaves:
            _go_out(score, part, room, landed, changed)
            out = max(out, changed + OUT_MS - 80)
        elif part.stays:
            _restretch(score, part, room, landed, changed)
    fresh = [part for part in (*beams, *pools) if part.enters]
    columns = sorted({_column(part) for part in fresh} | busy)
    arrive: dict[float, float] = {}
    end = out
    for group, start in (([c for c in columns if c not in busy], landed), ([c for c in columns if c in busy], out)):
        step = stagger(len(group))
        for n, column in enumerate(group):
            at = arrive[column] = _rise(score, [p for p in fresh if _column(p) == column], start + n * step)
            end = max(end, at)
    for part in sorted(seen, key=_left):
        at = max(arrive.get(_column(part), out) - 80, 0.0)
        if part.enters:
            tile = part.after
            assert isinstance(tile, Tile)
            low = replace(tile, raised=-14.0 if tile.look != "hole" else 0.0, opacity=0.0)
            score.enter(part, at, at + OUT_MS, low)
        elif part.leaves:
            score.leave(part, changed, changed + OUT_MS)
            at = changed
        else:
            score.change(part, room, (at, at + OUT_MS))
            if not _is_new(part):
                continue
        end = max(end, at + OUT_MS)
    return end


def _rise(score: Score, column: list[Part], start: float) -> float:
    """The light of one column, from the lowest row up; says when it arrives."""
    end = start
    rows = sorted({_level(part) for part in column})
    for part in column:
        begin = start + rows.index(_level(part)) * ROW_MS
        if isinstance(part.after, Beam):
            score.enter(part, begin, begin + LIGHT_MS, replace(part.after, reach=0.0, opacity=0.4), landing)
        else:
            score.enter(part, begin, begin + LIGHT_MS * 0.6)
        end = max(end, begin + LIGHT_MS)
    return end


def _go_out(score: Score, part: Part, room: tuple[float, float], landed: float, changed: float) -> None:
    """Light that will be covered stays until then: it follows the view up, and a new slab takes it at its underside."""
    beam = part.before
    if not isinstance(beam, Beam):
        assert isinstance(beam, Pool)
        pool = replace(beam, u=score.moved_u(beam.u))
        held = (
            Key(0, beam),
            Key(room[0], beam),
            Key(max(room[1], room[0] + 1), pool),
            Key(max(changed, room[1] + 2), pool),
        )
        end = held[-1].ms + OUT_MS
        part.tracks.append((part.order, Track((*held, Key(end, replace(pool, opacity=0.0))), end)))
        return
    stops = [Key(0, beam), Key(room[0], beam)]
    if room[1] > room[0]:
        u = score.moved_u(beam.u)
        view = _view_above(score.after, u, beam.low)
        stretched = replace(beam, u=u)
        if view is not None and view > beam.high == _view_above(score.before, beam.u, beam.low):
            stretched = replace(stretched, high=view)
        stops.append(Key(room[1], stretched))
        taken = min((level for level in _new_levels(score) if beam.low < level < stretched.high), default=None)
        if taken is not None:
            cut = max(landed - 120, room[1] + 1)
            stops += [Key(cut, stretched), Key(cut + 120, replace(stretched, high=taken))]
    last = stops[-1].shape
    begin = max(changed, stops[-1].ms + 1)
    stops += [Key(begin, last), Key(begin + OUT_MS, replace(last, opacity=0.0))]
    part.tracks.append((part.order, Track(tuple(stops), begin + OUT_MS)))


def _view_above(picture: Picture, u: float, low: float) -> float | None:
    """The level of the lowest view that stands above `low` there."""
    slabs = (shape for shape in picture.frame.shapes if isinstance(shape, Slab) and shape.style == "view")
    return min((slab.level for slab in slabs if slab.u0 <= u <= slab.u1 and slab.level > low), default=None)


def _new_levels(score: Score) -> list[float]:
    return [_slab(part).level for part in score.parts.values() if isinstance(part.shape, Slab) and part.enters]


def _restretch(score: Score, part: Part, room: tuple[float, float], landed: float, changed: float) -> None:
    """Light that went to the view follows it up, until a new slab takes it at its underside."""
    before, after = part.before, part.after
    if not isinstance(before, Beam) or not isinstance(after, Beam):
        score.change(part, room, (changed, changed + OUT_MS))
        return
    above = _view_above(score.after, after.u, after.low) or after.high
    to_view = before.high == _view_above(score.before, before.u, before.low)
    if to_view and above > after.high and room[1] > room[0]:
        high = replace(after, high=above)
        cut = max(landed - 120, room[1] + 1)
        score.change(part, (room[0], cut + 120), by=((room[1], high), (cut, high)))
    else:
        score.change(part, room, (changed, changed + OUT_MS))


def _words(score: Score, room: tuple[float, float], start: float, begin: float) -> float:
    """Names, rails, remarks, panels: old ones at once, new ones at the end."""
    rest = score.of_kind(Label, Badge, Line, Panel, Head, Ground, Slab, Tile)
    end = start
    for part in rest:
        if part.leaves:
            score.leave(part, begin, begin + WORDS_MS)
            end = max(end, begin + WORDS_MS)
        elif part.stays:
            move = room if room[1] > room[0] else (begin, begin + WORDS_MS)
            look = (max(start - 120, begin), max(start - 120, begin) + WORDS_MS)
            score.change(part, move, look)
            if part.before != part.after:
                end = max(end, look[1])
        else:
            at = max(start - 80, begin)
            if isinstance(part.after, Tile):  # a file that appears on your computer
                high = replace(part.after, raised=DROP_PX * 0.6, opacity=0.0)
                score.enter(part, at, at + DROP_MS, high, falling)
                end = max(end, at + DROP_MS)
                continue
            score.enter(part, at, at + WORDS_MS, ease=smooth)
            end = max(end, at + WORDS_MS)
    return end


def is_seen(part: Part) -> bool:
    return part.shape.twin.startswith("seen ")


def stagger(count: int) -> float:
    """Between one part and the next in reading order: 40 to 80 ms, less where there are many."""
    return min(STAGGER_MS, MOST_STAGGER_MS / max(count - 1, 1))


def _is_new(part: Part) -> bool:
    """Whether it comes or looks different."""
    if not part.stays:
        return True
    before, after = part.before, part.after
    return (
        isinstance(before, Tile)
        and isinstance(after, Tile)
        and (before.hue, before.label, before.look)
        != (
            after.hue,
            after.label,
            after.look,
        )
    )


def _moves(part: Part) -> bool:
    names = ("u0", "u1", "u", "level")
    return any(getattr(part.before, n, 0) != getattr(part.after, n, 0) for n in names)


def _slab(part: Part) -> Slab:
    shape = part.shape
    assert isinstance(shape, Slab)
    return shape


def _level(part: Part) -> float:
    shape: AnyShape = part.shape
    return shape.low if isinstance(shape, Beam) else getattr(shape, "level", 0.0)


def _left(part: Part) -> float:
    return float(getattr(part.shape, "u0", 0.0))


def _column(part: Part) -> float:
    """The middle of its column, in the picture after."""
    shape = part.shape
    return round((shape.u0 + shape.u1) / 2 if isinstance(shape, Tile) else float(getattr(shape, "u", 0.0)), 1)


def _rank_of(part: Part, slabs: Sequence[Part]) -> int:
    """Which of the slabs that go it stands on, counted from the top."""
    order = sorted(slabs, key=lambda other: -_level(other))
    for n, slab in enumerate(order):
        if getattr(part.before, "level", None) == getattr(slab.before, "level", None):
            return n
    return 0
