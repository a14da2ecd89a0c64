"""What a command only shows: the slabs that its lines speak of light up, line by line."""

from collections.abc import Sequence
from dataclasses import replace

from layerviz.engine.events import ConfigChanged, Event, Shown
from layerviz.picture.choreograph.score import Part, Score
from layerviz.picture.layout import Slot
from layerviz.picture.shapes import AnyShape, Label, Slab, Tile

PULSE_MS, STEP_MS, MOST_MS = 460.0, 170.0, 1200.0
SPOT_MS, TURN_MS, DIMMED, QUIET = 280.0, 90.0, 0.7, 0.3
"""One slab after another in the light while the others are dim: for each, to turn to it, and how dim; the same of
their lines."""
LINE_MS, WRITE_MS = 220.0, 520.0
TOP_DOWN = ("history",)
ONE_BY_ONE = ("inspect", "history")


def play(score: Score, events: Sequence[Event]) -> None:
    """What was written on the image's label, then the last thing that was shown."""
    for change in [event for event in events if isinstance(event, ConfigChanged)]:
        _write(score, change)
    for event in [event for event in events if isinstance(event, Shown)][-1:]:
        _show(score, event)


def _write(score: Score, event: ConfigChanged) -> None:
    """The line of an instruction that only fills in the config comes after all the others."""
    word, _, rest = event.instruction.partition(" ")
    for part in score.parts.values():
        label = part.after
        if not part.enters or not isinstance(label, Label) or not label.twin.startswith("line config "):
            continue
        if label.text.startswith(word.upper()) and rest.split("=")[0].split(" ")[0] in label.text:
            part.tracks.clear()
            start = score.now - LINE_MS * 0.5
            score.enter(part, start, start + WRITE_MS, replace(label, x=label.x + 36, opacity=0.0))
            score.now = start + WRITE_MS
            return


def _show(score: Score, event: Shown) -> None:
    slots = [slot for slot in score.after.slots if event.target in slot.names] or list(score.after.slots)
    start = score.now
    lines = _entering_lines(score, event.what)
    if event.what == "diff":
        _own_tiles(score, slots, start, lines)
        return
    levels = sorted({level for slot in slots for level in slot.levels}, reverse=event.what in TOP_DOWN)
    one_by_one = event.what in ONE_BY_ONE
    if one_by_one and not any(slot.view_level is not None for slot in slots):
        score.now = max(_spotlight(score, event.what, slots, levels, lines), score.now)
        return
    step = min(STEP_MS, MOST_MS / max(len(levels), 1)) if one_by_one else 0.0
    end = start
    for n, level in enumerate(levels):
        at = start + n * step
        for part in _slabs(score, slots, level):
            end = max(end, _pulse(score, part, at))
    for n, line in enumerate(lines):
        at = start + n * (step or STEP_MS * 0.4)
        line.tracks.clear()
        score.enter(line, at, at + LINE_MS)
        end = max(end, at + LINE_MS)
    for slot in slots:
        if slot.view_level is not None and event.what == "inspect":
            for part in _slabs(score, [slot], slot.view_level):
                end = max(end, _pulse(score, part, start + len(levels) * step))
    score.now = max(end, score.now)


def _spotlight(score: Score, what: str, slots: list[Slot], levels: Sequence[float], lines: list[Part]) -> float:
    """Slabs without tiles: each comes into the light with its line, while the rest of the stack is dim."""
    start = score.now
    end = start + TURN_MS + SPOT_MS * len(levels)
    turns = {level: start + TURN_MS + n * SPOT_MS for n, level in enumerate(levels)}
    for level, at in turns.items():
        for part in _slabs(score, slots, level):
            slab = part.after
            assert isinstance(slab, Slab)
            dim, lit = replace(slab, dim=DIMMED), replace(slab, glow=1.0)
            score.extend(part, start, _turn(start, at, end, slab, dim, lit))
    layers = {p.shape.twin.removeprefix("layer "): at for lv, at in turns.items() for p in _slabs(score, slots, lv)}
    for part in lines:
        at = layers.get(part.shape.twin.split(" ")[2], start)
        part.tracks.clear()
        score.enter(part, at, at + TURN_MS * 2)
    for part in list(score.parts.values()):
        words = part.shape.twin.split(" ")
        if part.after is None or part.enters or len(words) < 3 or words[:2] != ["line", what] or words[2] not in layers:
            continue
        at, line = layers[words[2]], part.after
        score.extend(part, start, _turn(start, at, end, line, replace(line, opacity=QUIET), line))
    return end + TURN_MS * 2


def _turn(
    start: float, at: float, end: float, plain: AnyShape, dim: AnyShape, lit: AnyShape
) -> list[tuple[float, AnyShape]]:
    """Dim from `start` to `end`, but in the light when it is its turn."""
    stops = [(start, plain), (start + TURN_MS, dim), (at, dim), (at + TURN_MS, lit), (at + SPOT_MS, lit)]
    if at + SPOT_MS < end:
        stops += [(at + SPOT_MS + TURN_MS, dim), (end, dim)]
    return [*stops, (end + TURN_MS * 2, plain)]


def _own_tiles(score: Score, slots: list[Slot], start: float, lines: list[Part]) -> None:
    """The tiles of a container's layer, one after another, each with its line."""
    keys = {slot.layer_keys[-1] for slot in slots if slot.layer_keys}
    tiles = [
        part
        for part in score.parts.values()
        if isinstance(part.after, Tile) and any(part.shape.twin.startswith(f"tile {key} ") for key in keys)
    ]
    tiles.sort(key=lambda part: getattr(part.shape, "u0", 0.0))
    end = start
    for n, part in enumerate(tiles):
        at = start + n * STEP_MS
        assert isinstance(part.after, Tile)
        end = at + PULSE_MS
        score.pulse(part, at, at + PULSE_MS * 0.4, end, replace(part.after, raised=14.0))
    for n, line in enumerate(lines):
        line.tracks.clear()
        score.enter(line, start + n * STEP_MS, start + n * STEP_MS + LINE_MS)
        end = max(end, start + n * STEP_MS + LINE_MS)
    score.now = max(end, score.now)


def _entering_lines(score: Score, what: str) -> list[Part]:
    """Lines of the panel beside the stage that come with this command, from the top down."""
    lines = [part for part in score.parts.values() if part.enters and part.shape.twin.startswith(f"line {what} ")]
    return sorted(lines, key=lambda part: (getattr(part.shape, "y", 0.0), part.order))


def _slabs(score: Score, slots: list[Slot], level: float) -> list[Part]:
    """The slabs at that level on which one of the stacks stands."""
    found: list[Part] = []
    for part in score.parts.values():
        slab = part.after
        if not isinstance(slab, Slab) or abs(slab.level - level) > 0.01:
            continue
        if any(slab.u0 - 1 <= slot.u0 and slot.u1 <= slab.u1 + 1 for slot in slots):
            found.append(part)
    return found


def _pulse(score: Score, part: Part, start: float) -> float:
    assert isinstance(part.after, Slab)
    score.pulse(part, start, start + PULSE_MS * 0.35, start + PULSE_MS, replace(part.after, glow=1.0))
    return start + PULSE_MS
