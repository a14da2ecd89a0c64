"""Copy-up and commit: what is there twice afterwards comes from where it was.

A copied file lifts off its layer as a ghost with its bytes and lands on the container's; a committed layer leaves a
copy of the container's slab, which turns solid.
"""

from collections.abc import Sequence
from dataclasses import replace

from layerviz.engine.events import Committed, CopiedUp, Event, Renamed
from layerviz.picture.choreograph.score import Part, Score
from layerviz.picture.layout.sight import size_text
from layerviz.picture.shapes import Slab, Tile
from layerviz.picture.timeline import Key, smooth

LIFT_MS, FLIGHT_MS, ARRIVE_MS = 160.0, 780.0, 200.0
COMMIT_MS = 1000.0
RAISED_PX = 26.0


def play(score: Score, events: Sequence[Event]) -> None:
    """Schedules the copies; everything else is left to the changes."""
    for event in events:
        if isinstance(event, CopiedUp):
            _copy_up(score, event)
        elif isinstance(event, Committed) and event.key:
            _commit(score, event)
        elif isinstance(event, Renamed):
            _rename(score, event)


def _copy_up(score: Score, event: CopiedUp) -> None:
    slot = score.after.slot(event.place)
    if slot is None or not slot.layer_keys or event.position > len(slot.layer_keys):
        return
    source = score.part(f"tile {slot.layer_keys[event.position - 1]} {event.path}")
    target = score.part(f"tile {slot.layer_keys[-1]} {event.path}")
    if source is None or target is None or target.done or not target.enters:
        return
    low, high = source.before, target.after
    if not isinstance(low, Tile) or not isinstance(high, Tile) or not event.size_bytes:
        return
    start = score.now
    lifted, arrived = start + LIFT_MS, start + LIFT_MS + FLIGHT_MS
    name = score.guest_id("copy")
    ghost = replace(
        low,
        id=name,
        twin=name,
        address="",
        alt="",
        look="ghost",
        tag=size_text(event.size_bytes),
        chosen=False,
        pointed=False,
    )
    there = replace(ghost, u0=high.u0, u1=high.u1, v0=high.v0, v1=high.v1, level=high.level)
    score.guest(
        (
            Key(start, ghost),
            Key(lifted, replace(ghost, raised=RAISED_PX), smooth),
            Key(arrived - LIFT_MS * 0.6, replace(there, raised=RAISED_PX * 0.5), smooth),
            Key(arrived, there, smooth),
            Key(arrived + ARRIVE_MS, replace(there, opacity=0.0)),
        ),
        arrived + ARRIVE_MS,
    )
    waiting = score.guest_id("slot")
    slot_shape = replace(high, id=waiting, twin=waiting, address="", alt="", look="slot", label="", tag="")
    score.guest(
        (
            Key(start, replace(slot_shape, opacity=0.0)),
            Key(lifted, slot_shape),
            Key(arrived, slot_shape),
            Key(arrived + 100, replace(slot_shape, opacity=0.0)),
        ),
        arrived + 100,
        target.order + 0.4,
    )
    score.enter(target, arrived, arrived + ARRIVE_MS * 0.5)
    score.now = arrived + ARRIVE_MS * 0.5


def _commit(score: Score, event: Committed) -> None:
    """The layer's key went to the image: on the stage the container keeps its slab, and a copy of it becomes the
    image's."""
    slot = score.after.slot(event.container)
    if slot is None or not slot.layer_keys or slot.layer_keys[-1] == event.key:
        return
    own = slot.layer_keys[-1]
    copies: list[tuple[Part, Part]] = []
    for kind in ("layer", "tile", "beam", "pool"):
        for twin, part in list(score.parts.items()):
            words = twin.split(" ", 2)
            if words[0] != kind or len(words) < 2 or words[1] != str(event.key) or part.before is None:
                continue
            kept = score.part(" ".join((kind, str(own), *words[2:])))
            if kept is None or kept.before is not None:
                continue
            kept.before, part.before = part.before, None
            if part.after is None:
                del score.parts[twin]
            else:
                copies.append((part, kept))
    start, end = score.now, score.now + COMMIT_MS
    for part, kept in copies:
        shape, origin = part.after, kept.before
        if isinstance(shape, Slab) and isinstance(origin, Slab):
            first = replace(shape, u0=origin.u0, u1=origin.u1, level=origin.level)
        elif isinstance(shape, Tile) and isinstance(origin, Tile):
            first = replace(shape, u0=origin.u0, u1=origin.u1, level=origin.level)  # type: ignore[assignment]  # as its part
        else:
            continue
        clear = replace(first, opacity=0.0)
        score.enter(part, start, end, clear, smooth, by=((start + COMMIT_MS * 0.3, first),))
    if copies:
        score.move_camera(start, end)
        for _, kept in copies:
            if isinstance(kept.after, Slab):
                score.change(kept, (start, end))


def _rename(score: Score, event: Renamed) -> None:
    """The tile goes from its old column to the new one."""
    slot = score.after.slot(event.place)
    if slot is None or not slot.layer_keys:
        return
    old = score.part(f"tile {slot.layer_keys[-1]} {event.old}")
    new = score.part(f"tile {slot.layer_keys[-1]} {event.new}")
    if old is None or new is None or old.before is None or not new.enters or old.done or new.done:
        return
    if isinstance(old.before, Tile) and isinstance(new.after, Tile) and old.before.look == new.after.look:
        new.before, old.before = old.before, None
        if old.after is None:
            del score.parts[
                old.shape.twin if old.shape.twin in score.parts else f"tile {slot.layer_keys[-1]} {event.old}"
            ]
