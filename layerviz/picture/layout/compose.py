"""From a world to a picture: what stands on the stage, how large, and everything around it."""

from collections.abc import Iterator

from layerviz.engine.events import CopiedUp, Written
from layerviz.engine.world import World
from layerviz.picture.layout import beside, choice, margin, rows
from layerviz.picture.layout.fit import MOST_ROWS, Box, Fit, fit, head_text
from layerviz.picture.layout.labels import Writing
from layerviz.picture.layout.page import Page
from layerviz.picture.layout.place import Column, Picture, Place, Slot, View
from layerviz.picture.layout.plan import Section, Stack, plan, stacks_of
from layerviz.picture.layout.sight import size_text
from layerviz.picture.shapes import AnyShape, Frame, Hue

RAIL_PX, REMARK_PX = (258.0, 232.0), (180.0, 200.0)
"""What rails at the left and remarks at the right take from the stage of a page, which has margins, and of a window."""
VIEW_NAME_PX = 48.0
"""What stacks side by side, whose planes leave but little corners, leave at their left for the name of these."""
GIVES_WAY = ("disk", "diff")
"""Panels that say what the stage says too: they go before the slabs do."""
NAMES_PX, LEAST_BAND_PX, LEAST_ROWS = 100.0, 30.0, 6
"""What columns' names and the view may take above flat bands, how low a band may be, and how many there are however
low the stage is."""
WIDEST_BARE = 1100.0
"""Slabs that carry no tiles look lost when they are wider."""


def layout(world: World, place: Place, view: View) -> Picture:
    """The picture of `place` in `world`. Addresses that nothing answers to are left out; an empty stage is a page with
    its heading and caption."""
    page = Page.of(view)
    stacks = stacks_of(world, place.show)
    expected = frozenset(_expected_keys(world, place))
    roots = plan(
        stacks, place.directory, expected, _most_rows(place, view, page), sparse=place.sparse, vacated=place.vacated
    )
    containers = sum(stack.container is not None for stack in stacks)
    panel = beside.box(page, place, bool(roots), containers)
    if panel and place.beside in GIVES_WAY and view.mode == "auto" and _crowds(roots, page, panel, place, view):
        panel = None
    room = page.stage.inset(right=page.stage.right - panel.x + 32) if panel and roots else page.stage
    tiles = any(section.names for root in roots for section in root.walk())
    several = sum(root.leaves for root in roots) > 1
    rails = bool(roots) and not panel and tiles and room.width >= (1180 if view.fixed else 1160)
    heads, pitch = tiles and (view.named or not view.asking), 150.0 if view.fixed else 144.0
    box = _stage_box(roots, room, view, rails, tiles, several)
    kept, page_, sizes = _kept(place), not view.fixed, not place.sparse
    found = fit(roots, box, view.mode, kept, heads=heads, most_pitch=pitch, page=page_, sizes=sizes)
    if found.mode == "flat" and rails:
        rails = False
        found = fit(roots, room, "flat", kept, heads=heads, most_pitch=pitch, page=page_, sizes=sizes)
    writing = Writing(view.lang, len(stacks) > 1, tiles, room, page.width, rails, sizes=sizes)
    stage = rows.Stage(
        found, writing, place.directory, view.asking, view.chosen, view.pointed, _notes(place, roots), view.named
    )
    shapes: list[AnyShape] = [*page.shapes(_topic(roots))]
    if roots:
        shapes += rows.stage_shapes(stage)
        shapes += choice.shapes(found, place.column)
        shapes += margin.shapes(stage, roots, place, view, room, page)
    elif view.asking and not panel:
        shapes += rows.unknown(found, writing, box.width)
    if panel:
        shapes += beside.shapes(world, place, view, panel, found, stacks)
    frame = Frame(page.width, page.height, found.camera, tuple(shapes), page.scale)
    return Picture(frame, place, view, found.mode, tuple(_columns(found)), tuple(_slots(found, stacks)))


def _most_rows(place: Place, view: View, page: Page) -> int:
    """How many rows stand there before some are folded: as many as can be read flat."""
    if view.mode == "slabs":
        return MOST_ROWS
    legible = max(LEAST_ROWS, int((page.stage.height - NAMES_PX) // LEAST_BAND_PX))
    return legible if place.sparse else min(MOST_ROWS, legible)


def _crowds(roots: tuple[Section, ...], page: Page, panel: Box, place: Place, view: View) -> bool:
    """Whether slabs have room without the panel only."""
    whole = page.stage
    rooms = (whole.inset(right=whole.right - panel.x + 32), whole)
    boxes = (_stage_box(roots, room, view, rails=False, tiles=True, several=True) for room in rooms)
    beside_it, alone = (
        fit(roots, box, "auto", _kept(place), heads=True, most_pitch=144.0, page=not view.fixed).mode for box in boxes
    )
    return (beside_it, alone) == ("flat", "slabs")


def _stage_box(roots: tuple[Section, ...], room: Box, view: View, rails: bool, tiles: bool, several: bool) -> Box:
    """What the slabs may take of `room`, with rails, remarks, names and labels beside them."""
    if not roots:
        return room
    tags = margin.tags_px(roots, view)
    left, right = RAIL_PX[view.fixed] if rails else 0.0, REMARK_PX[view.fixed] if rails and not several else 0.0
    if tiles and several and not rails and not view.fixed:
        left = VIEW_NAME_PX
    box = room.inset(left=left, top=margin.names_px(roots, not view.fixed), right=max(tags, right))
    spare = box.width - WIDEST_BARE
    if not tiles and not several and spare > 0:
        return box.inset(left=spare / 2, right=spare / 2)
    return box


def _expected_keys(world: World, place: Place) -> Iterator[int]:
    for text in place.expected:
        name, _, inside = text.removesuffix("]").partition("[")
        for stack in stacks_of(world, (name,)):
            if inside.isdigit() and 1 <= int(inside) <= len(stack.layers):
                yield stack.layers[int(inside) - 1].key


def _kept(place: Place) -> frozenset[str]:
    """Paths that folding spares: those in focus or chosen, and those that something just happened to."""
    spoken = [address[address.index(":/") + 1 :] for address in place.focus if ":/" in address]
    happened = [path for event in place.trace if (path := getattr(event, "path", ""))]
    return frozenset([*spoken, *happened, place.column])


def _notes(place: Place, roots: tuple[Section, ...]) -> dict[tuple[int, str], str]:
    """Bytes that were copied or written, as a word under their tile."""
    notes: dict[tuple[int, str], str] = {}
    sections = [section for root in roots for section in root.walk() if not section.above and section.layers]
    for event in place.trace:
        for section in sections:
            key = section.layers[-1].key
            if isinstance(event, CopiedUp | Written) and any(event.place in s.names for s in section.stacks):
                notes[key, event.path] = size_text(event.size_bytes)
    return notes


def _topic(roots: tuple[Section, ...]) -> Hue:
    """The hue of what stands on top, which colours the caption's mark."""
    tops = [section.rows[-1].hue for root in roots for section in root.walk() if section.rows]
    return tops[-1] if tops else "accent"


def _columns(found: Fit) -> Iterator[Column]:
    for bay in found.bays:
        for lane in bay.lanes:
            name = lane.text if lane.fold else head_text(lane.names[0])
            yield Column(bay.section.name, lane.path, name, lane.u0, lane.u1, lane.names if lane.fold else ())


def _slots(found: Fit, stacks: tuple[Stack, ...]) -> Iterator[Slot]:
    """Where each stack stands, with the levels of all its layers, those that it shares too."""
    for stack in stacks:
        levels: list[float] = []
        top = None
        for bay in found.bays:
            section = bay.section
            if not _stands_in(stack, section):
                continue
            for row in section.rows:
                # Layers that are left out below a row count as it does.
                levels += [row.level] * (min(row.last, len(stack.layers)) - len(levels))
            top = bay
        if top is None:
            continue
        levels += [levels[-1] if levels else 0.0] * (len(stack.layers) - len(levels))
        yield Slot(
            stack.name,
            stack.names,
            top.section.number,
            tuple(levels[: len(stack.layers)]),
            top.section.view_level,
            top.u0,
            top.u1,
            tuple(layer.key for layer in stack.layers),
        )


def _stands_in(stack: Stack, section: Section) -> bool:
    return any(other.name == stack.name for other in section.stacks) or any(
        other.name == stack.name for other, _ in section.ends
    )
