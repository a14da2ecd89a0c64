"""A lookup: light falls through a column, row by row, until the first hit; from there it rises. A listing: its names
light."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layerviz.engine.events import Event, Listed, LookedUp
from layerviz.engine.paths import join
from layerviz.picture.choreograph.score import Score
from layerviz.picture.layout import Column, Picture, Slot
from layerviz.picture.shapes import Badge, Beam, Hue, Slab, Stage, Tile
from layerviz.picture.timeline import Key, linear, smooth

LOOKUP_MS = 1150.0
STOP_MS = 150.0, 290.0
RISE_MS, HOLD_MS, FADE_MS = 150.0, 260.0, 240.0
HOP_PX, HOP_MS = 13.0, 340.0
NAME_MS, NAMES_MS = 60.0, 700.0
TRACES = ("stop ", "answer ", "way ", "lookup ", "listed ")


@dataclass(frozen=True, slots=True)
class Stop:
    """One layer asked: its level, the column there, and when the light arrives."""

    level: float
    column: Column
    found: bool
    at_ms: float

    @property
    def u(self) -> float:
        return (self.column.u0 + self.column.u1) / 2


def play(score: Score, events: Sequence[Event]) -> None:
    """What stood of an earlier lookup goes first; then the last lookup in a visible column is played, then the
    listing."""
    for part in list(score.parts.values()):
        if part.leaves and part.shape.twin.startswith(TRACES):
            score.leave(part, 0, FADE_MS)
    lookups = [event for event in events if isinstance(event, LookedUp)]
    for event in reversed(lookups):
        slot = score.before.slot(event.place)
        if slot is not None and _falls(score, event, slot):
            break
    for listing in [event for event in events if isinstance(event, Listed)][-1:]:
        _names_light(score, listing)


def column_at(picture: Picture, slot: Slot, level: float, path: str) -> Column | None:
    """The column of `path` in the row at `level` of that stack: shared rows have columns of their own."""
    for shape in picture.frame.shapes:
        if not isinstance(shape, Slab) or abs(shape.level - level) > 0.01 or not shape.address:
            continue
        if shape.u0 - 1 <= slot.u0 and slot.u1 <= shape.u1 + 1:
            stack = shape.address.partition("[")[0].partition(":")[0]
            for column in picture.columns:
                if column.stack == stack and column.stands_for(path):
                    return column
    return None


def _falls(score: Score, event: LookedUp, slot: Slot) -> bool:
    """Says whether there was anything to see."""
    picture = score.before
    asked = [(position, answer) for position, answer in event.asked if position <= len(slot.levels)]
    step = min(STOP_MS[1], max(STOP_MS[0], LOOKUP_MS / max(len(asked), 1)))
    start = score.now + 80
    stops: list[Stop] = []
    for n, (position, answer) in enumerate(asked, 1):
        level = slot.levels[position - 1]
        column = column_at(picture, slot, level, event.path)
        if column is None:
            return False
        stops.append(Stop(level, column, answer == "found", start + n * step))
    if not stops:
        return False
    top = slot.view_level if slot.view_level is not None else stops[0].level + 1
    light_falls(score, stops, top, start)
    _numbers(score, stops, slot)
    end = stops[-1].at_ms
    if stops[-1].found:
        end = _light_rises(score, stops, slot, top, event.path)
    score.now = end + 60
    return True


def light_falls(score: Score, stops: list[Stop], top: float, start: float) -> None:
    """A bright point from the view down, and behind it light in each row it has passed."""
    fade = stops[-1].at_ms + HOLD_MS
    name = score.guest_id("look")
    point = Badge(id=name, twin=name, x=0, y=0, on=Stage(stops[0].u, 0.5, top), style="dot", hue="ink", size_px=8)
    keys = [Key(start, replace(point, opacity=0.0)), Key(start + 60, point)]
    before, above = start + 60, top
    for stop in stops:
        here = replace(point, on=Stage(stop.u, 0.5, stop.level))
        keys.append(Key(max(stop.at_ms, before + 1), here, smooth))
        keys.append(Key(stop.at_ms + 50, here))
        beam_name = score.guest_id("fall")
        beam = Beam(
            id=beam_name, twin=beam_name, u=stop.u, low=stop.level, high=above, width=26, hue="ink", strength=0.8,
            from_tile=False,
        )  # fmt: skip
        score.guest(
            (
                Key(before, replace(beam, low=above)),
                Key(max(stop.at_ms, before + 1), beam, smooth),
                Key(max(fade, stop.at_ms + 2), beam),
                Key(fade + FADE_MS + 2, replace(beam, opacity=0.0), linear),
            ),
            fade + FADE_MS + 2,
            score.order_of_row(stop.level, stop.u),
        )
        before, above = stop.at_ms + 50, stop.level
    last = keys[-1].shape
    keys += [Key(fade, last), Key(fade + 120, replace(last, opacity=0.0))]
    score.guest(keys, fade + 120)


def _numbers(score: Score, stops: list[Stop], slot: Slot) -> None:
    """The numbered dots appear as the light comes by; where the picture after has none they are there for the lookup
    only."""
    for n, stop in enumerate(stops, 1):
        shown = False
        for twin in (f"stop {slot.number} {n}", f"answer dot {n}", f"answer {n}"):
            part = score.part(twin)
            if part is not None and not part.done and part.after is not None:
                part.before = None
                score.enter(part, stop.at_ms - 40, stop.at_ms + 120)
                shown = True
        if not shown:
            name = score.guest_id("stop")
            hue: Hue = "rw" if stop.found else "dim"
            dot = Badge(
                id=name, twin=name, x=0, y=0, on=Stage(stop.column.u1 + 12, 0.5, stop.level), text=str(n), style="dot",
                hue=hue,
            )  # fmt: skip
            gone = stops[-1].at_ms + HOLD_MS + FADE_MS
            score.guest(
                (
                    Key(stop.at_ms - 40, replace(dot, opacity=0.0)),
                    Key(stop.at_ms + 80, dot),
                    Key(gone, dot),
                    Key(gone + FADE_MS, replace(dot, opacity=0.0)),
                ),
                gone + FADE_MS,
            )
    for twin in (f"way {slot.number}", "lookup head"):
        part = score.part(twin)
        if part is not None and not part.done and part.after is not None:
            part.before = None
            at = stops[0].at_ms - 120 if twin == "lookup head" else stops[-1].at_ms
            score.enter(part, at, at + FADE_MS)


def _light_rises(score: Score, stops: list[Stop], slot: Slot, top: float, path: str) -> float:
    """From the hit back up to the view, in the colour of the layer that has it."""
    hit = stops[-1]
    position = slot.levels.index(hit.level) + 1
    tile = score.part(f"tile {slot.layer_keys[position - 1]} {path}")
    start = hit.at_ms + 60
    hue: Hue = "rw"
    if tile is not None and isinstance(tile.before, Tile):
        hue = tile.before.hue
        hop(score, tile.shape.twin, hit.at_ms)
    end = start
    rows = [*reversed(stops)]
    for n, stop in enumerate(rows):
        above = rows[n + 1].level if n + 1 < len(rows) else top
        name = score.guest_id("rise")
        beam = Beam(
            id=name, twin=name, u=stop.u, low=stop.level, high=above, width=54, hue=hue, from_tile=n == 0,
        )  # fmt: skip
        begin = start + n * RISE_MS * 0.7
        end = begin + RISE_MS
        gone = start + len(rows) * RISE_MS * 0.7 + HOLD_MS
        score.guest(
            (
                Key(begin, replace(beam, reach=0.0)),
                Key(end, beam, linear),
                Key(gone, beam),
                Key(gone + FADE_MS, replace(beam, opacity=0.0)),
            ),
            gone + FADE_MS,
            score.order_of_row(stop.level, stop.u),
        )
    hop(score, f"seen {slot.number} {path}", end)
    return end + HOP_MS


def _names_light(score: Score, event: Listed) -> None:
    """Each name that was listed hops in the view, in reading order."""
    slot = score.before.slot(event.place)
    if slot is None:
        return
    twins = [f"seen {slot.number} {join(event.path, name)}" for name, _ in event.names]
    found = [part for twin in twins if (part := score.part(twin)) is not None and part.before == part.after]
    found.sort(key=lambda part: getattr(part.shape, "u0", 0.0))
    step = min(NAME_MS, NAMES_MS / max(len(found), 1))
    start = score.now + 60
    for n, part in enumerate(found):
        hop(score, part.shape.twin, start + n * step)
    if found:
        score.now = start + (len(found) - 1) * step + HOP_MS


def hop(score: Score, twin: str, start: float) -> None:
    """A tile that stays lifts itself for a moment."""
    part = score.part(twin)
    if part is None or not (part.done or part.before == part.after) or not isinstance(part.after, Tile):
        return
    up = replace(part.after, raised=HOP_PX)
    score.pulse(part, start, start + HOP_MS * 0.4, start + HOP_MS, up)
