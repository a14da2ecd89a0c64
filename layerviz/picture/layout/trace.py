"""What remains visible of something that changed nothing: the steps of a lookup, the names that a listing gave."""

from collections.abc import Iterator

from layerviz.engine.events import Listed, LookedUp, Shown
from layerviz.engine.paths import display
from layerviz.picture import widths
from layerviz.picture.layout.fit import Bay, Lane
from layerviz.picture.layout.page import Page
from layerviz.picture.layout.place import Place
from layerviz.picture.layout.rows import Stage as Setting
from layerviz.picture.layout.sight import size_text
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Badge, Hue, Label, Line, Stage, shape_id

DOT_AWAY, STOP_AT = 12.0, 0.64
"""A step of a lookup stands right of its column, farther back than the eye at the corner of a hidden neighbour."""
LOWEST_BAND = 58.0
"""A flat band has room for a badge under its title from this height on."""
ANSWER_PX, LINE_PX, HEAD_PX = 18.0, 15.0, 14.0


def trace(setting: Setting, place: Place, page: Page) -> Iterator[AnyShape]:
    """Of the last lookup in a visible column, and of the last listing of this directory."""
    lookups = [event for event in place.trace if isinstance(event, LookedUp)]
    if lookups:
        yield from _lookup(setting, lookups[-1], page)
    diffs = [event for event in place.trace if isinstance(event, Shown) and event.what == "diff"]
    if diffs:
        yield from _diff(setting, diffs[-1], page)
    listings = [event for event in place.trace if isinstance(event, Listed) and event.path == place.directory]
    if listings:
        yield from _listing(setting, listings[-1], page)


def top_bay(setting: Setting, place: str) -> Bay | None:
    """The uppermost section of the stack that events call `place`."""
    found = None
    for bay in setting.fit.bays:
        if any(place in stack.names for stack in bay.section.stacks):
            found = bay
    return found


def lane_of(bay: Bay, path: str) -> Lane | None:
    return next((lane for lane in bay.lanes if any(name.path == path for name in lane.names)), None)


def levels(setting: Setting, bay: Bay) -> dict[int, tuple[float, Bay]]:
    """Level and section of each position of the stack that ends in `bay`."""
    return {
        position: (row.level, other)
        for other in setting.fit.bays
        if other is bay or (other.section.above and bay.section in other.section.walk())
        for row in other.section.rows
        for position in range(row.first, row.last + 1)
    }


def takes_margin(setting: Setting, place: Place) -> bool:
    """Whether the margin holds the steps of a lookup or the lines of a diff, so that remarks have no room."""
    if any(isinstance(event, Shown) and event.what == "diff" for event in place.trace):
        return True
    lookups = [event for event in place.trace if isinstance(event, LookedUp)]
    bay = top_bay(setting, lookups[-1].place) if lookups else None
    return bay is not None and _still_true(bay, lookups[-1])


def _lookup(setting: Setting, event: LookedUp, page: Page) -> Iterator[AnyShape]:
    bay = top_bay(setting, event.place)
    if bay is None or lane_of(bay, event.path) is None or not _still_true(bay, event):
        return
    by_position = levels(setting, bay)
    stops: list[tuple[int, str, Stage]] = []
    for position, said in event.asked:
        if position not in by_position:
            continue
        level, other = by_position[position]
        lane = lane_of(other, event.path)
        if lane is None:
            lane = lane_of(bay, event.path)
            assert lane is not None
        stops.append((position, said, Stage(lane.u1 + DOT_AWAY, STOP_AT, level)))
    if not stops:
        return
    name = event.path
    if len(stops) > 1:
        yield Line(
            id=shape_id("way", bay.section.name, name),
            twin=f"way {bay.section.number}",
            x0=0,
            y0=0,
            x1=0,
            y1=0,
            on0=stops[0][2],
            on1=stops[-1][2],
            hue="dim",
            width=1.6,
            dashed=True,
        )
    right = setting.fit.camera.x + bay.u1 + setting.fit.camera.depth_x + 42
    margin = setting.writing.rails
    for n, (position, answer, at) in enumerate(stops, 1):
        found = answer == "found"
        hue: Hue = "rw" if found else "bad" if answer in ("whiteout", "opaque") else "dim"
        text = setting.writing.say(f"lookup.{answer}", size=size_text(event.size_bytes), n=position)
        yield Badge(
            id=shape_id("stop", bay.section.name, n),
            twin=f"stop {bay.section.number} {n}",
            alt=setting.writing.say("alt.stop", n=n, position=position, answer=text, path=display(name)),
            x=0,
            y=0,
            on=at,
            text=str(n),
            style="dot",
            hue=hue,
        )
        if margin:
            _, y = setting.fit.camera.at(at)
            yield Badge(
                id=shape_id("stop", bay.section.name, n, "margin"),
                twin=f"answer dot {n}",
                x=right,
                y=y,
                text=str(n),
                style="dot",
                hue=hue,
            )
            yield Label(
                id=shape_id("answer", bay.section.name, n),
                twin=f"answer {n}",
                x=right + 22,
                y=y + 6,
                text=widths.elide(text, Font(ANSWER_PX, 700 if found else 500), page.width - right - 34),
                size_px=ANSWER_PX,
                weight=700 if found else 500,
                colour=hue,
            )
    if margin:
        _, y = setting.fit.camera.at(stops[0][2])
        head = setting.writing.say("lookup.of", path=display(name))
        yield Label(
            id=shape_id("lookup", bay.section.name),
            twin="lookup head",
            x=right - 12,
            y=y - 36,
            text=widths.elide_middle(head, Font(HEAD_PX, 600), page.width - right),
            size_px=HEAD_PX,
            weight=600,
            colour="dim",
        )


def _diff(setting: Setting, event: Shown, page: Page) -> Iterator[AnyShape]:
    """The letters of `docker diff` on the tiles of the container's layer, and its lines in the margin."""
    bay = top_bay(setting, event.target)
    if bay is None or not bay.section.rows:
        return
    row = bay.section.rows[-1]
    found = [(lane, letter) for lane in bay.lanes if (letter := _letter(lane, row.last))]
    for lane, letter in found:
        yield Badge(
            id=shape_id("diff", bay.section.name, lane.path),
            twin=f"diff {bay.section.number} {lane.path}",
            alt=f"{letter} {display(lane.path)}",
            x=8,
            y=0,
            on=Stage(lane.u0, 0.16, row.level),
            text=letter,
            style="dot",
            hue=_DIFF_HUES[letter],
        )
    if not setting.writing.rails:
        return
    camera = setting.fit.camera
    x = camera.x + bay.u1 + camera.depth_x + 30
    _, y = camera.at(Stage(0, 0.5, row.level))
    yield Label(
        id=shape_id("diff", bay.section.name),
        twin="lookup head",
        x=x,
        y=y - 30,
        text=widths.elide(f"$ docker diff {event.target}", Font(HEAD_PX, 500, "mono"), page.width - x - 12),
        size_px=HEAD_PX,
        weight=500,
        mono=True,
        colour="dim",
    )
    for n, (lane, letter) in enumerate(found):
        yield Label(
            id=shape_id("diff", bay.section.name, "line", n),
            twin=f"line diff {n}",
            x=x,
            y=y - 4 + 24 * n,
            text=widths.elide_middle(f"{letter} {display(lane.path)}", Font(LINE_PX, 500, "mono"), page.width - x - 12),
            size_px=LINE_PX,
            weight=500,
            mono=True,
            colour=_DIFF_HUES[letter],
        )


_DIFF_HUES: dict[str, Hue] = {"A": "rw", "C": "accent", "D": "bad"}


def _letter(lane: Lane, top: int) -> str:
    """What `docker diff` says of what the top layer has in this column; "" where it has nothing."""
    for name in lane.names:
        version = name.version(top)
        if version is not None and not lane.fold:
            below = any(other.position < top and not other.is_whiteout for other in name.versions)
            return "D" if version.is_whiteout else "C" if below else "A"
    return ""


def _still_true(bay: Bay, event: LookedUp) -> bool:
    """Whether the same lookup would end there now."""
    lane = lane_of(bay, event.path)
    return lane is not None and any(name.path == event.path and name.seen == event.found for name in lane.names)


def _listing(setting: Setting, event: Listed, page: Page) -> Iterator[AnyShape]:
    """How many names were listed, on the front edge of the view."""
    bay = top_bay(setting, event.place)
    if bay is None or bay.section.view_level is None:
        return
    text = setting.writing.say("listed", count=len(event.names))
    width = widths.width(text, Font(14, 600)) + 18
    slabs = setting.fit.mode == "slabs"
    if not slabs and setting.fit.camera.pitch < LOWEST_BAND:
        return
    if setting.writing.several and slabs:
        *_, end = setting.writing.stack_name(bay.section, bay)
        after = setting.fit.camera.depth_x + 4 + end + 16
        yield Badge(
            id=shape_id("listed", bay.section.name), twin=f"listed {bay.section.number}", alt=text,
            x=after + width / 2, y=setting.fit.camera.depth_y - setting.fit.names_px - 11,
            on=Stage(bay.u0, 0, bay.section.view_level), text=text, hue="accent",
        )  # fmt: skip
        return
    titled = widths.width(setting.writing.view_title(bay.section, setting.fit), Font(setting.writing.edge_px, 700))
    beside = titled + width + 26 <= bay.head_px
    right = page.width - 12 - width / 2 - setting.fit.camera.at(Stage(bay.u1, 0, bay.section.view_level))[0]
    yield Badge(
        id=shape_id("listed", bay.section.name),
        twin=f"listed {bay.section.number}",
        alt=text,
        x=min(width / 2 + 6, right) if slabs else -width / 2 - 6 if beside else width / 2 + 8 - bay.head_px,
        y=-4 if slabs else -setting.fit.camera.pitch * (0.44 if beside else 0.21),
        on=Stage(bay.u1 if slabs else bay.u0, 0, bay.section.view_level),
        text=text,
        hue="accent",
    )
