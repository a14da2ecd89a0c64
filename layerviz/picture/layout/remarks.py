"""Remarks in the right margin: what covers what, what is hidden and still stored, what a whiteout is.

Each stands at the height of its tile; its leader, where it has one, is one level line, so leaders cannot cross.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from layerviz.engine.events import Listed
from layerviz.engine.paths import base, display
from layerviz.picture import widths
from layerviz.picture.layout.fit import Bay, Box, Lane
from layerviz.picture.layout.place import Place
from layerviz.picture.layout.plan import Row
from layerviz.picture.layout.rows import Stage as Setting
from layerviz.picture.layout.rows import address_of
from layerviz.picture.layout.sight import Name, Version, label_of
from layerviz.picture.layout.trace import takes_margin
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Hue, Label, Line, Stage, shape_id

HEAD_PX, LEAST_HEAD_PX, SMALL_PX = 18.0, 14.0, 14.0
MOST = 3


@dataclass(frozen=True, slots=True)
class Remark:
    y: float
    head: str
    lines: tuple[str, ...]
    hue: Hue
    head_px: float
    leader: Stage | None = None


def remarks(setting: Setting, place: Place, room: Box) -> Iterator[AnyShape]:
    """At most three, from the top down; none while the margin shows a lookup."""
    if takes_margin(setting, place):
        return
    leaves = [bay for bay in setting.fit.bays if not bay.section.above]
    if len(leaves) != 1 or len(setting.fit.bays) != 1:
        return
    (bay,) = leaves
    camera = setting.fit.camera
    x = camera.x + bay.u1 + camera.depth_x + 30
    space = room.right + (14 if room.right + 14 < setting.writing.page_right - 20 else -4) - x
    bottom = room.y
    if any(isinstance(event, Listed) for event in place.trace) and bay.section.view_level is not None:
        bottom = camera.at(Stage(0, 0, bay.section.view_level))[1] + 14
    found = sorted(_found(setting, bay, place, space), key=lambda remark: remark.y)[:MOST]
    for n, remark in enumerate(found):
        y = max(remark.y, bottom + 24)
        leader = remark.leader if y == remark.y else None
        yield from _drawn(setting, n, remark, x, y, leader)
        bottom = y + 22 + 19 * len(remark.lines)


def _drawn(setting: Setting, n: int, remark: Remark, x: float, y: float, leader: Stage | None) -> Iterator[AnyShape]:
    name = shape_id("remark", n)
    if leader is not None:
        camera = setting.fit.camera
        at_x, at_y = camera.at(leader)
        yield Line(
            id=f"{name}.leader", twin=f"remark {remark.head} leader", x0=at_x - 8, y0=at_y - camera.lift / 2, x1=x - 12,
            y1=at_y - camera.lift / 2, hue=remark.hue, width=1.6, dot=True,
        )  # fmt: skip
    yield Label(
        id=name, twin=f"remark {remark.head}", alt=" ".join((remark.head, *remark.lines)), x=x, y=y,
        text=remark.head, size_px=remark.head_px, weight=700, colour=remark.hue,
    )  # fmt: skip
    for k, line in enumerate(remark.lines):
        yield Label(
            id=f"{name}.{k}", twin=f"remark {remark.head} {k}", x=x, y=y + 22 + 19 * k, text=line, size_px=SMALL_PX,
            colour="dim",
        )  # fmt: skip


def _found(setting: Setting, bay: Bay, place: Place, space: float) -> Iterator[Remark]:
    section = bay.section
    focus = set(place.focus)
    rows = list(section.rows)
    for lane in bay.lanes:
        if lane.fold:
            continue
        (name,) = lane.names
        if name.is_directory:
            continue
        spoken = bool(
            focus & {address_of(section, row, name.path) for row in rows} | (focus & {f"{section.name}:{name.path}"})
        )
        fresh = bool(rows) and name.version(rows[-1].last) is not None
        if not spoken and (focus or not fresh):
            continue
        yield from _of_lane(setting, bay, lane, name, rows, space)
        return


def _of_lane(setting: Setting, bay: Bay, lane: Lane, name: Name, rows: list[Row], space: float) -> Iterator[Remark]:
    level_of = {position: row.level for row in rows for position in range(row.first, row.last + 1)}
    toy = bay.section.toy
    gone = name.seen is None and any(version.is_whiteout for version in name.versions)
    hidden = [version for version in name.versions if version.hidden]
    if gone and bay.section.view_level is not None:
        at = _height(setting, lane, bay.section.view_level)
        yield _remark(setting, at, "gone", {"name": base(display(name.path))}, "bad", space)
        whiteout = next(version for version in name.versions if version.is_whiteout)
        at = _height(setting, lane, level_of[whiteout.position])
        yield _remark(setting, at - 10, "whiteout", {}, "bad", space)
        if hidden:
            at = _height(setting, lane, level_of[hidden[0].position])
            yield _remark(setting, at - 4, "still_there", {"n": hidden[0].position}, "bad", space)
        return
    seen = name.on_view
    if seen is None or not hidden or seen.position not in level_of:
        return
    values: dict[str, object] = {"path": display(name.path), "new": _short(seen, toy), "old": _short(hidden[0], toy)}
    corner = Stage(lane.u1, 0.18, level_of[seen.position])
    at = setting.fit.camera.at(corner)[1] - setting.fit.camera.lift / 2
    values["n"] = hidden[0].position
    copied = values["new"] == values["old"]
    key = "covers_plain" if not (values["new"] and values["old"]) else "changed" if copied else "covers"
    leader = corner if _is_last_of_row(bay, lane, rows, seen.position) else None
    yield _remark(setting, at + 6, key, values, _row_hue(rows, seen.position), space, leader)
    at = _height(setting, lane, level_of[hidden[0].position])
    key = "still" if values["old"] else "still_plain"
    yield _remark(setting, at + 6, key, values, "bad", space)


def _is_last_of_row(bay: Bay, lane: Lane, rows: list[Row], position: int) -> bool:
    """Whether no other tile of that row stands in the leader's way."""
    row = next(row for row in rows if row.holds(position))
    others = (other for other in bay.lanes if other.u0 > lane.u0)
    return not any(name.version(n) for other in others for name in other.names for n in range(row.first, row.last + 1))


def _remark(
    setting: Setting,
    y: float,
    key: str,
    values: dict[str, object],
    hue: Hue,
    space: float,
    leader: Stage | None = None,
) -> Remark:
    say = setting.writing.say
    whole = say(f"remark.{key}", **values)
    px = next((px for px in (HEAD_PX, 16.0) if widths.width(whole, Font(px, 700)) <= space), LEAST_HEAD_PX)
    head = widths.elide_middle(whole, Font(px, 700), space)
    lines = widths.wrap(say(f"remark.{key}_is", **values), Font(SMALL_PX), space, 3)
    return Remark(y, head, lines, hue, px, leader)


def _row_hue(rows: list[Row], position: int) -> Hue:
    return next(row.hue for row in rows if row.holds(position))


def _short(version: Version, toy: bool) -> str:
    return label_of(version, toy=True) if toy else ""


def _height(setting: Setting, lane: Lane, level: float) -> float:
    return setting.fit.camera.at(Stage(lane.middle, 0.5, level))[1]
