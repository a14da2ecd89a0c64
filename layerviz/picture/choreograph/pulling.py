"""A pull: lines of the log and their bars as docker reports them; slabs land from the bottom up as their line is
complete.

Downloads run side by side, layers are unpacked one after another. A layer that is there already only lights up.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layerviz.engine.events import Event, PullProgress
from layerviz.picture import widths
from layerviz.picture.choreograph.score import Part, Score
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import Label, Panel, Slab
from layerviz.picture.timeline import Key, falling, linear

ROOM_MS, FADE_MS = 320.0, 220.0
FALL_MS = 420.0
STATUS_MS = {
    "Pulling fs layer": 45.0,
    "Waiting": 45.0,
    "Downloading": 120.0,
    "Verifying Checksum": 45.0,
    "Download complete": 45.0,
    "Extracting": 170.0,
    "Pull complete": 90.0,
    "Already exists": 200.0,
}
DROP = 0.9
LINE_PX = 170.0
GLOW_MS = 620.0


@dataclass(frozen=True, slots=True)
class Report:
    """One progress line, and when it comes."""

    ms: float
    event: PullProgress


def play(score: Score, events: Sequence[Event]) -> None:
    """Schedules panel, lines, bars and slabs of the image that is pulled."""
    progress = [event for event in events if isinstance(event, PullProgress)]
    slot = score.after.slot(progress[0].image) if progress else None
    if slot is None or not slot.layer_keys:
        return
    start = _make_room(score)
    reports: list[Report] = []
    now = start
    for event in progress:
        reports.append(Report(now, event))
        now += STATUS_MS[event.status]
    end = now
    for position, key in enumerate(slot.layer_keys, 1):
        own = [report for report in reports if report.event.position == position]
        if own:
            end = max(end, _layer(score, key, own))
    score.now = end


def _make_room(score: Score) -> float:
    """What stands already moves aside, and the log's panel comes. Says when the first line may."""
    for part in list(score.parts.values()):
        twin = part.shape.twin
        if part.leaves and twin.startswith(("panel ", "line ")):
            score.leave(part, 0, FADE_MS)
        elif part.enters and twin.startswith("panel log"):
            score.enter(part, FADE_MS * 0.5, FADE_MS * 1.5)
    stays = [part for part in score.of_kind(Slab) if part.stays]
    if not stays:
        return FADE_MS * 1.5
    score.move_camera(0, ROOM_MS)
    for part in stays:
        score.change(part, (0, ROOM_MS))
    return ROOM_MS + 60


def _layer(score: Score, key: int, reports: list[Report]) -> float:
    slab = score.part(f"layer {key}")
    last = reports[-1]
    end = last.ms
    if slab is not None and slab.enters and isinstance(slab.after, Slab):
        end = _slab_lands(score, slab, slab.after, reports[0].ms, last.ms)
    elif slab is not None and isinstance(slab.after, Slab) and last.event.status == "Already exists":
        lit = replace(slab.after, glow=1.0)
        score.pulse(slab, last.ms, last.ms + GLOW_MS * 0.35, last.ms + GLOW_MS, lit)
        end = last.ms + GLOW_MS
    _line(score, key, reports)
    return end


def _slab_lands(score: Score, part: Part, slab: Slab, announced: float, complete: float) -> float:
    """Dashed from its first line on; it falls into place when its line is complete."""
    name = score.guest_id("expected")
    dashed = replace(
        slab, id=name, twin=name, alt="", address="", style="expected", title="", detail="", right="", lock=""
    )
    landed = complete + FALL_MS
    score.guest(
        (
            Key(announced, replace(dashed, opacity=0.0)),
            Key(announced + FADE_MS, replace(dashed, opacity=0.8)),
            Key(landed - 60, replace(dashed, opacity=0.8)),
            Key(landed, replace(dashed, opacity=0.0)),
        ),
        landed,
        part.order - 0.3,
    )
    drop = min(DROP, score.levels_above(slab.level))
    above = replace(slab, level=slab.level + drop, opacity=0.0)
    clear = replace(slab, level=slab.level + drop * 0.9)
    score.enter(part, complete, landed, above, falling, by=((complete + FALL_MS * 0.3, clear),))
    return landed


def _line(score: Score, key: int, reports: list[Report]) -> None:
    chip = score.part(f"line log {key} chip")
    first, last = reports[0].ms, reports[-1].ms
    if chip is not None and chip.enters:
        score.enter(chip, first, first + FADE_MS * 0.6)
    bar = score.part(f"line log {key} bar")
    if bar is not None and bar.enters and isinstance(bar.after, Panel):
        _bar(score, bar, bar.after, reports)
    for part in list(score.parts.values()):
        label = part.after
        if part.enters and isinstance(label, Label) and label.twin.startswith(f"line log {key} ") and not part.done:
            _text(score, label, reports, bar.after.width if bar and isinstance(bar.after, Panel) else LINE_PX)
            score.enter(part, last, last + 1, replace(label))
            return


def _text(score: Score, label: Label, reports: list[Report], room: float) -> None:
    """The line as it reads until the last report."""
    final = reports[-1].event.status
    font = Font(label.size_px, label.weight, "mono")
    for n, report in enumerate(reports[:-1]):
        until = reports[n + 1].ms
        name = score.guest_id("line")
        text = widths.elide(label.text.replace(final, report.event.status), font, room)
        shape = replace(label, id=name, twin=name, text=text, alt="", address="")
        if until > report.ms:
            score.guest((Key(report.ms, shape),), until)


def _bar(score: Score, part: Part, bar: Panel, reports: list[Report]) -> None:
    """Grows with the bytes; where the size is not known it has no end until it is complete."""
    empty = replace(bar, fill_to=0.0)
    keys = [Key(reports[0].ms, replace(empty, opacity=0.0)), Key(reports[0].ms + 60, empty)]
    for report in reports:
        event = report.event
        at = max(report.ms, keys[-1].ms + 1)
        if event.status == "Downloading" and event.total_bytes:
            share = event.current_bytes / event.total_bytes
            keys.append(Key(at + STATUS_MS["Downloading"] * 0.9, replace(bar, fill_to=share), linear))
        elif event.status == "Downloading":
            keys += [Key(at, replace(bar, fill_to=0.0)), Key(at + 1, replace(bar, fill_to=None), linear)]
        elif event.status in ("Verifying Checksum", "Download complete"):
            keys.append(Key(at, bar, linear))
    if keys[-1].shape != bar:
        keys.append(Key(keys[-1].ms + 1, bar))
    part.tracks.append((part.order, score.track(keys)))
