"""Several containers read one file: their lookups fall through their stacks, one after another, and end in its one
tile; then the one block of memory lights."""

from dataclasses import replace

from layerviz.picture.choreograph.looking import Stop, hop, light_falls
from layerviz.picture.choreograph.score import Part, Score
from layerviz.picture.layout import Column, Slot
from layerviz.picture.shapes import Badge, Stage, Tile
from layerviz.picture.timeline import Key, smooth

STOP_MS, STAGGER_MS, SLIDE_MS, LIGHT_MS = 95.0, 240.0, 280.0, 320.0
TILE = "line memory tile"
BLOCK = ("line memory one", "line memory cache", "line memory cache leader")


def play(score: Score) -> None:
    """What has just come beside the stage as read by all of its containers; after everything else has come."""
    tile = score.part(TILE)
    if tile is None or not tile.enters or not isinstance(tile.after, Tile):
        return
    # It was there all the time: it does not fall.
    tile.tracks.clear()
    score.enter(tile, max(score.now - LIGHT_MS, 0.0), score.now)
    end = score.now
    for n, slot in enumerate(slot for slot in score.after.slots if len(slot.levels) > 1):
        end = max(end, _ends_in(score, slot, tile.after, score.now + n * STAGGER_MS))
    for twin in BLOCK:
        part = score.part(twin)
        if part is not None and part.enters:
            _lights(score, part, end)
    score.now = end + LIGHT_MS


def _ends_in(score: Score, slot: Slot, tile: Tile, start: float) -> float:
    """The lookup of one container; says when it arrives at the tile."""
    column = Column(slot.name, "", "", slot.u0, slot.u1)
    levels = sorted(set(slot.levels), reverse=True)
    stops = [
        Stop(level, column, found=level == tile.level, at_ms=start + n * STOP_MS)
        for n, level in enumerate(levels[1:], 1)
        if level >= tile.level
    ]
    light_falls(score, stops, levels[0], start)
    name = score.guest_id("read")
    low = Stage(stops[-1].u, 0.5, tile.level)
    point = Badge(id=name, twin=name, x=0, y=0, on=low, style="dot", hue="ink", size_px=8)
    begin, end = stops[-1].at_ms, stops[-1].at_ms + SLIDE_MS
    there = replace(point, on=Stage((tile.u0 + tile.u1) / 2, 0.5, tile.level))
    score.guest((Key(begin, point), Key(end, there, smooth), Key(end + 80, replace(there, opacity=0.0))), end + 80)
    hop(score, TILE, end)
    return end


def _lights(score: Score, part: Part, start: float) -> None:
    part.tracks.clear()
    score.enter(part, start, start + LIGHT_MS)
