"""What stands beside the stack and speaks of it: rails, names of stacks, labels of images, the steps of a lookup,
remarks."""

from collections.abc import Iterator, Sequence

from layerviz.picture import widths
from layerviz.picture.layout import view_name
from layerviz.picture.layout.fit import Bay, Box
from layerviz.picture.layout.labels import NAME_PX
from layerviz.picture.layout.page import Page
from layerviz.picture.layout.place import Place, View
from layerviz.picture.layout.plan import Section, Stack
from layerviz.picture.layout.remarks import remarks
from layerviz.picture.layout.rows import Stage as Setting
from layerviz.picture.layout.trace import trace
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Badge, Hue, Label, Line, Stage, shape_id

RAIL_HEAD_PX, SMALL_PX = 19.0, 14.0
RAIL_AWAY, RAIL_GAP = 46.0, 18.0
TAG_AWAY, TAG_STEP = 34.0, 32.0
LOW_PITCH = 84.0
FOOTPRINT_PX, FOOTPRINT_LINE, FOOTPRINT_OPACITY = 18.0, 1.5, 0.7


def names_px(roots: Sequence[Section], page: bool) -> float:
    """Height that names of several stacks take above them, and above the names of their columns."""
    return (38.0 if page else 30.0) if sum(root.leaves for root in roots) > 1 else 0.0


def tags_px(roots: Sequence[Section], view: View) -> float:
    """Width that labels of images take right of the stack."""
    tags = [stack for root in roots for section in root.walk() for stack, _ in _tagged(section)]
    return max((widths.width(stack.name, Font(SMALL_PX, 600)) + 24 + TAG_AWAY for stack in tags), default=0.0)


def shapes(
    setting: Setting, roots: Sequence[Section], place: Place, view: View, room: Box, page: Page
) -> Iterator[AnyShape]:
    """Everything but the stack itself, back to front."""
    writing = setting.writing
    slabs = setting.fit.mode == "slabs"
    if writing.rails and slabs and len(roots) == 1:
        yield from _rails(setting, roots[0])
    elif slabs:
        yield from view_name.shapes(setting, room)
    several = sum(root.leaves for root in roots) > 1
    for bay in setting.fit.bays:
        if bay.section.vacated_by:
            yield from _footprint(setting, bay)
            continue
        section = bay.section
        if several and section.stacks and not section.above and slabs:
            yield from _name(setting, bay)
        yield from _tags(setting, bay)
    if not view.asking:
        yield from trace(setting, place, page)
        if writing.rails and slabs and not any(_tagged(bay.section) for bay in setting.fit.bays):
            yield from remarks(setting, place, room)


def _name(setting: Setting, bay: Bay) -> Iterator[Label]:
    """The stack's own name, at the left above its highest part; where there is room, how many layers it has."""
    section = bay.section
    level = section.view_level if section.view_level is not None else section.level + len(section.rows) - 1
    heads = section.view_level is not None and bool(bay.lanes) and not setting.asking
    camera = setting.fit.camera
    left = camera.depth_x + 4
    rise = setting.fit.names_px + 4 if heads else 14.0
    text, count, end = setting.writing.stack_name(section, bay)
    at = Stage(bay.u0, 0, level)
    yield Label(
        id=shape_id("name", section.name),
        twin=f"name {section.name}",
        alt=section.name,
        address=section.name,
        x=left,
        y=camera.depth_y - rise,
        on=at,
        text=text,
        size_px=NAME_PX,
        weight=700,
    )
    if count:
        yield Label(
            id=shape_id("name", section.name, "layers"),
            twin=f"name {section.name} layers",
            x=left + end - widths.width(count, Font(SMALL_PX)),
            y=camera.depth_y - rise,
            on=at,
            text=count,
            size_px=SMALL_PX,
            colour="dim",
        )


def _footprint(setting: Setting, bay: Bay) -> Iterator[AnyShape]:
    """Where the layer of a container lay that was removed: dotted round its ground, without a body, and in words."""
    name, level = bay.section.vacated_by, bay.section.level
    corners = [Stage(bay.u0, 0, level), Stage(bay.u1, 0, level), Stage(bay.u1, 1, level), Stage(bay.u0, 1, level)]
    for n, (start, end) in enumerate(zip(corners, (*corners[1:], corners[0]), strict=True)):
        yield Line(
            id=shape_id("footprint", name, n), twin=f"footprint {name} {n}", x0=0, y0=0, x1=0, y1=0, on0=start,
            on1=end, width=FOOTPRINT_LINE, dashed=True, opacity=FOOTPRINT_OPACITY,
        )  # fmt: skip
    room = (bay.u1 - bay.u0) * 0.7
    text = widths.elide(setting.writing.say("removed", name=name), Font(FOOTPRINT_PX, 500), room)
    yield Label(
        id=shape_id("footprint", name), twin=f"footprint {name}", x=0, y=FOOTPRINT_PX * 0.36, text=text,
        on=Stage((bay.u0 + bay.u1) / 2, 0.5, level), size_px=FOOTPRINT_PX, weight=500, colour="dim", align="centre",
    )  # fmt: skip


def _tagged(section: Section) -> tuple[tuple[Stack, int], ...]:
    """The stacks that get a label at their height: where several end in one section, or one ends where others go on."""
    return section.ends if len(section.ends) > 1 or (section.above and section.ends) else ()


def _tags(setting: Setting, bay: Bay) -> Iterator[AnyShape]:
    """Labels of images pointing at the height where each ends; those of one height stand over each other."""
    section = bay.section
    by_level: dict[float, list[Stack]] = {}
    for stack, position in _tagged(section):
        level = next((row.level for row in section.rows if row.holds(position)), section.level)
        by_level.setdefault(level, []).append(stack)
    camera = setting.fit.camera
    for level, stacks in by_level.items():
        middle = -(camera.pitch - 2) / 2 + camera.thickness if camera.thickness else -camera.pitch / 2
        step = min(TAG_STEP, (camera.pitch - 6) / len(stacks))
        for n, stack in enumerate(stacks):
            width = widths.width(stack.name, Font(SMALL_PX, 600)) + 18
            rise = middle + (n - (len(stacks) - 1) / 2) * step
            near = camera.depth_x * 0.62 + 8
            far = camera.depth_x + TAG_AWAY - 10
            yield Line(
                id=shape_id("tagline", stack.name),
                twin=f"tagline {stack.name}",
                x0=near,
                y0=middle,
                x1=far,
                y1=rise,
                on0=Stage(bay.u1, 0, level),
                on1=Stage(bay.u1, 0, level),
                hue="ink",
                width=1.5,
                dot=n == 0,
            )
            yield Badge(
                id=shape_id("tag", stack.name),
                twin=f"tag {stack.name}",
                alt=setting.writing.say("alt.tag", name=stack.name, n=len(stack.layers)),
                address=stack.address,
                x=far + width / 2,
                y=rise,
                on=Stage(bay.u1, 0, level),
                text=stack.name,
                size_px=SMALL_PX,
            )


def _rails(setting: Setting, root: Section) -> Iterator[AnyShape]:
    """What the parts of the stack are called, at its left."""
    leaves = [section for section in root.walk() if section.stacks and not section.above]
    several = len(leaves) > 1
    first = leaves[0]
    say = setting.writing.say
    if first.view_level is not None:
        key = "rail.views" if several else "rail.view_of_image" if first.stacks[0].kind == "image" else "rail.view"
        yield from _rail(
            setting, "view", first.view_level, first.view_level, ("ink",), say(key), say(f"{key}_is"), True
        )
    own = [row for row in first.rows if row.style == "container"]
    if any(not any(row.style == "container" for row in leaf.rows) for leaf in leaves):
        own = []
    if own:
        key = "rail.containers" if several else "rail.container"
        # Beside a low slab there is no room for two lines below the head.
        text = say(f"{key}_is" if setting.fit.camera.pitch >= LOW_PITCH else "rail.containers_is")
        yield from _rail(setting, "own", own[0].level, own[-1].level, ("rw",), say(key), text)
    if root.above:
        if root.view_level is not None:
            yield from _rail(
                setting,
                "shared",
                root.view_level,
                root.view_level,
                ("dim",),
                say("rail.merged"),
                say("rail.merged_is"),
                True,
            )
        upper = [row for row in first.rows if row not in own]
        if upper:
            hues = tuple(row.hue for row in reversed(upper))
            yield from _rail(
                setting, "upper", upper[0].level, upper[-1].level, hues, say("rail.upper"), say("rail.upper_is")
            )
    rows = [row for row in root.rows if row.style != "container"]
    if rows:
        key = "rail.shared" if root.above else "rail.image"
        if root.above and any(stack.kind == "container" for leaf in leaves for stack in leaf.stacks):
            key = "rail.image_of_all"
        elif not own and not root.above:
            key = "rail.layers"
        hues = tuple(row.hue for row in reversed(rows))
        yield from _rail(
            setting, "image", rows[0].level, rows[-1].level, hues, say(key), say(f"{key}_is", count=len(rows))
        )


def _rail(
    setting: Setting,
    name: str,
    low: float,
    high: float,
    hues: tuple[Hue, ...],
    head: str,
    text: str,
    is_view: bool = False,
) -> Iterator[AnyShape]:
    camera = setting.fit.camera
    depth = -camera.depth_y
    top = -depth * (0.88 if is_view else 0.52)
    bottom = 0.0 if is_view else camera.thickness
    lines = text.split("\n")
    yield Line(
        id=shape_id("rail", name),
        twin=f"rail {name}",
        x0=-RAIL_AWAY,
        y0=top,
        x1=-RAIL_AWAY,
        y1=bottom,
        on0=Stage(0, 0, high),
        on1=Stage(0, 0, low),
        hue=hues[0],
        hues=_three(hues),
        width=3,
    )
    y = (top + bottom + camera.pitch * (high - low)) / 2 - len(lines) * 19 / 2 + 6
    yield Label(
        id=shape_id("rail", name, "head"),
        twin=f"rail {name} head",
        x=-RAIL_AWAY - RAIL_GAP,
        y=y,
        on=Stage(0, 0, high),
        text=head,
        size_px=RAIL_HEAD_PX,
        weight=700,
        align="right",
    )
    for n, line in enumerate(lines):
        yield Label(
            id=shape_id("rail", name, n),
            twin=f"rail {name} {n}",
            x=-RAIL_AWAY - RAIL_GAP,
            y=y + 21 + 19 * n,
            on=Stage(0, 0, high),
            text=line,
            size_px=SMALL_PX,
            colour="dim",
            align="right",
        )


def _three(hues: tuple[Hue, ...]) -> tuple[Hue, ...]:
    """At most three of them, spread evenly; none for one, which needs no gradient."""
    if len(hues) < 2:
        return ()
    if len(hues) <= 3:
        return hues
    return hues[0], hues[len(hues) // 2], hues[-1]
