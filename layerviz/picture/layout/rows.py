"""The stage itself as shapes: slabs, tiles, light and merged views, row by row from the ground up.

In a row: body, windows of light, tiles, light. So light lies over what it leaves and under what it meets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from os.path import commonprefix

from layerviz.engine.paths import display
from layerviz.picture.layout.fit import Bay, Fit, Lane
from layerviz.picture.layout.labels import Writing, tile_label
from layerviz.picture.layout.plan import Row, Section
from layerviz.picture.layout.sight import Name, TileKind, Version, label_of
from layerviz.picture.shapes import AnyShape, Beam, Hue, Look, Pool, Slab, Tile, shape_id
from layerviz.picture.shapes import Stage as Spot

TALL_SHARES = ((100_000_000, 1.0), (10_000_000, 0.8), (1_000_000, 0.5))
"""From so many bytes on a block takes this share of the height that it may have."""
TILE_DEPTH, TALL_DEPTH = (0.16, 0.84), (0.10, 0.74)
"""From where to where a tile reaches into its slab; a tall one lies nearer, so there is room for its
height before the slab above."""
UNKNOWN_PX = 620.0
"""How wide the view is that a question stands on before anything else does."""


@dataclass(frozen=True, slots=True)
class Light:
    """Where a column's light comes from and how far it goes: positions in the stack, and the rows it passes."""

    origin: int
    hue: Hue
    stopped_at: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """All that rows need to know of the picture they are for."""

    fit: Fit
    writing: Writing
    directory: str
    asking: bool
    chosen: str
    pointed: str
    notes: dict[tuple[int, str], str]
    """A word under a tile, by layer key and path."""
    named: bool = False


def stage_shapes(stage: Stage) -> Iterator[AnyShape]:
    """Bottom to top, left to right."""
    parts: list[tuple[float, float, Iterator[AnyShape]]] = []
    for bay in stage.fit.bays:
        for row in bay.section.rows:
            parts.append((row.level, bay.u0, _row(stage, bay, row)))
        if bay.section.view_level is not None:
            parts.append((bay.section.view_level, bay.u0, _view(stage, bay)))
    if stage.fit.mode == "flat":
        yield from _flat_order([shape for *_, shapes in sorted(parts, key=lambda p: p[:2]) for shape in shapes])
        return
    for *_, shapes in sorted(parts, key=lambda part: part[:2]):
        yield from shapes


def unknown(fit: Fit, writing: Writing, width: float) -> Iterator[AnyShape]:
    """What a question is asked over while nothing is there yet: a view that holds a question mark."""
    wide = min(width * 0.6, UNKNOWN_PX)
    left = (width - wide - fit.camera.depth_x) / 2
    yield Slab(
        id="unknown", twin="unknown", alt=writing.say("alt.unknown"), u0=left, u1=left + wide, level=0.0, style="view",
        hue="ink",
    )  # fmt: skip
    yield writing.question_mark("unknown.mark", "unknown mark", Spot(left + wide / 2, 0.5, 0.0), fit)


def _flat_order(shapes: Sequence[AnyShape]) -> Iterator[AnyShape]:
    """Bands, then light, then tiles: a column's light crosses all rows between its tile and the view."""
    for kinds in (Slab, Beam, Tile):
        yield from (shape for shape in shapes if isinstance(shape, kinds))
    yield from (shape for shape in shapes if not isinstance(shape, Slab | Beam | Tile))


def stack_of(section: Section, row: Row) -> str:
    """The name by which a row is addressed."""
    return section.name


def address_of(section: Section, row: Row, path: str = "") -> str:
    inside = "rw" if row.style == "container" else str(row.last)
    return f"{stack_of(section, row)}[{inside}]" + (f":{path}" if path else "")


def hue_at(section: Section, position: int) -> Hue:
    """The hue of the layer at `position` of the section's stack, in its own rows or in those below it."""
    for row in section.rows:
        if row.holds(position):
            return row.hue
    return position


def light_of(section: Section, lane: Lane) -> Light | None:
    """The light of a column: from the version that is seen, or up to the whiteout that ends it; None for no light."""
    if lane.tally is not None:
        origin = max(lane.tally.seen, default=0)
        return Light(origin, hue_at(section, origin)) if origin else None
    (name,) = lane.names
    if name.seen is not None:
        return Light(name.seen, hue_at(section, name.seen))
    gone = [v for v in name.versions if v.is_whiteout]
    kept = [v for v in name.versions if not v.is_whiteout]
    if not gone or not kept or kept[0].position > gone[0].position:
        return None
    return Light(kept[0].position, hue_at(section, kept[0].position), stopped_at=gone[0].position)


def is_gone(lane: Lane) -> bool:
    """Some layer has it, and nobody sees it."""
    return not lane.fold and all(name.seen is None for name in lane.names) and any(name.versions for name in lane.names)


def _row(stage: Stage, bay: Bay, row: Row) -> Iterator[AnyShape]:
    section = bay.section
    yield _slab(stage, bay, row)
    lit = [] if stage.asking or section.view_level is None else _lit(section, bay.lanes)
    width = _beam_width(stage, bay)
    flat = stage.fit.mode == "flat"
    if not flat:
        for lane, light in lit:
            if light.origin < row.first and _passes(light, row):
                yield Pool(
                    id=shape_id("pool", stack_of(section, row), row.last, lane.path, *_fold_part(lane)),
                    twin=f"pool {row.key} {lane.path}",
                    u=lane.middle,
                    level=row.level,
                    width=width,
                    hue=light.hue,
                )
    for lane in bay.lanes:
        tile = _tile(stage, section, row, lane)
        if tile is not None:
            yield tile
    for lane, light in lit:
        beam = _beam(stage, section, row, lane, light, width)
        if beam is not None:
            yield beam


def _lit(section: Section, lanes: Sequence[Lane]) -> list[tuple[Lane, Light]]:
    return [(lane, light) for lane in lanes if (light := light_of(section, lane)) is not None]


def _passes(light: Light, row: Row) -> bool:
    return light.stopped_at is None or row.last < light.stopped_at


def _beam(stage: Stage, section: Section, row: Row, lane: Lane, light: Light, width: float) -> Beam | None:
    """The light that leaves `row` in this column: in slabs up to the next row, in the flat view all the way."""
    assert section.view_level is not None
    from_tile = row.holds(light.origin)
    flat = stage.fit.mode == "flat"
    if not from_tile and (flat and (row is not section.rows[0] or light.origin >= section.first)):
        return None
    if light.origin > row.last or not _passes(light, row) or (light.stopped_at is not None and (from_tile or flat)):
        return None
    above = next((other for other in section.rows if other.level > row.level), None)
    high = section.view_level if flat or above is None else above.level
    stopped = light.stopped_at is not None and above is not None and above.holds(light.stopped_at)
    return Beam(
        id=shape_id("beam", stack_of(section, row), row.last, lane.path, *_fold_part(lane)),
        twin=f"beam {row.key} {lane.path}",
        u=lane.middle,
        low=row.level,
        high=high,
        width=width,
        hue=light.hue,
        strength=0.6 if light.stopped_at is not None else 1.0,
        from_tile=from_tile,
        foot=_foot(stage, section, lane, light) if from_tile else 0.0,
        stopped=stopped,
    )


def _foot(stage: Stage, section: Section, lane: Lane, light: Light) -> float:
    if lane.fold:
        return 0.0
    (name,) = lane.names
    version = name.version(light.origin)
    return _tall(stage, section, version) if version is not None else 0.0


def _beam_width(stage: Stage, bay: Bay) -> float:
    if not bay.lanes:
        return 40.0
    return min(68.0, (bay.lanes[0].u1 - bay.lanes[0].u0) * 0.56)


def _slab(stage: Stage, bay: Bay, row: Row) -> Slab:
    section = bay.section
    text = stage.writing.edge(section, row, bay.u1 - bay.u0, stage.fit)
    style = "layer" if row.style == "folded" else row.style
    return Slab(
        id=shape_id("slab", stack_of(section, row), row.last),
        twin=f"layer {row.key}",
        alt=stage.writing.slab_alt(section, row),
        address=address_of(section, row),
        u0=bay.u0,
        u1=bay.u1,
        level=row.level,
        style=style,
        hue=row.hue,
        number=text.number,
        title=text.title,
        detail=text.detail,
        detail_mono=text.mono,
        right=text.right,
        lock=text.lock,
        text_px=text.px,
        head_px=bay.head_px,
        title_px=bay.title_px,
        glow=1.0 if stage.chosen and stage.chosen == address_of(section, row) else 0.0,
    )


def _tile(stage: Stage, section: Section, row: Row, lane: Lane) -> Tile | None:
    """What the row holds in this column; of a folded run of layers the newest version, of folded names their number."""
    address = address_of(section, row, lane.path)
    if lane.tally is not None:
        count = lane.tally.written(row.first, row.last)
        if not count:
            return None
        label = tile_label(str(count), stage.fit, lane)
        return Tile(
            id=shape_id("tile", stack_of(section, row), row.last, lane.path, "more"),
            twin=f"tile {row.key} {lane.path} more",
            alt=stage.writing.fold_alt(count, lane.path),
            address=address,
            u0=lane.u0,
            u1=lane.u1,
            level=row.level,
            hue=row.hue,
            kind="fold",
            label=label.label,
            label_px=label.px,
        )
    version = next((v for name in lane.names if (v := _newest_in(name, row)) is not None), None)
    if version is None:
        return None
    hidden = version.hidden and not stage.asking
    look: Look = "whiteout" if version.is_whiteout else "hidden" if hidden else "solid"
    label = tile_label(label_of(version, toy=section.toy), stage.fit, lane, version.kind)
    tall = _tall(stage, section, version)
    v0, v1 = TALL_DEPTH if tall else TILE_DEPTH
    return Tile(
        id=shape_id("tile", stack_of(section, row), row.last, lane.path),
        twin=f"tile {row.key} {lane.path}",
        alt=stage.writing.tile_alt(section, row, version, hidden),
        address=address,
        u0=lane.u0,
        u1=lane.u1,
        level=row.level,
        hue=row.hue,
        look=look,
        kind=version.kind,
        v0=v0,
        v1=v1,
        tall=tall,
        tag=stage.writing.tag(stage.notes.get((row.key, lane.path), ""), hidden, stage.fit, lane),
        chosen=stage.chosen == address,
        pointed=stage.pointed == address,
        label=label.label,
        label_px=label.px,
    )


def _tall(stage: Stage, section: Section, version: Version) -> float:
    """What the block of a large file is higher than others, in px: by its size, as far as it stays below the slab
    above."""
    if section.toy or version.kind != "file" or version.is_whiteout or stage.fit.mode == "flat":
        return 0.0
    share = next((share for least, share in TALL_SHARES if version.entry.size_bytes >= least), 0.0)
    room = stage.fit.depth_px * (1 - TALL_DEPTH[1]) - stage.fit.camera.lift - 1
    return round(max(room, 0.0) * share, 1)


def _newest_in(name: Name, row: Row) -> Version | None:
    found = [v for position in range(row.last, row.first - 1, -1) if (v := name.version(position)) is not None]
    return found[0] if found else None


def _view(stage: Stage, bay: Bay) -> Iterator[AnyShape]:
    section = bay.section
    level = section.view_level
    assert level is not None
    stack = section.name
    address = f"{stack}:{stage.directory}"
    yield Slab(
        id=shape_id(*_view_id(section)),
        twin=_seen_twin(section, "*"),
        alt=stage.writing.view_alt(section, stage.asking),
        address=address,
        u0=bay.u0,
        u1=bay.u1,
        level=level,
        style="view",
        hue="ink",
        title=stage.writing.view_title(section, stage.fit),
        head_px=bay.head_px,
        title_px=bay.title_px,
        text_px=stage.writing.edge_px,
        glow=1.0 if stage.chosen == address else 0.0,
    )
    if stage.asking:
        if not section.above:
            yield stage.writing.question(section, bay, stage.fit)
            yield from _heads(stage, section, bay, level) if stage.named else ()
        return
    if not bay.lanes and (nothing := stage.writing.nothing(section, bay, stage.fit)) is not None:
        yield nothing
    for lane in bay.lanes:
        tile = _seen_tile(stage, section, lane, level)
        if tile is not None:
            yield tile
    if not section.above:
        yield from _heads(stage, section, bay, level)


def _heads(stage: Stage, section: Section, bay: Bay, level: float) -> Iterator[AnyShape]:
    """The names; those that cutting made alike are cut another way."""
    heads = [stage.writing.head(section, lane, level, stage.fit) for lane in bay.lanes]
    whole: dict[str, list[str]] = {}
    for lane, head in zip(bay.lanes, heads, strict=True):
        whole.setdefault(head.text, []).append(display(lane.text))
    for lane, head in zip(bay.lanes, heads, strict=True):
        same = whole[head.text]
        alike = len(commonprefix(same)) if len(same) > 1 else 0  # noqa: RUF071 # letters, not parts of paths
        yield stage.writing.head(section, lane, level, stage.fit, alike) if alike else head


def _seen_tile(stage: Stage, section: Section, lane: Lane, level: float) -> Tile | None:
    light = light_of(section, lane)
    if lane.tally is not None:
        count = sum(lane.tally.seen.values())
        if not count or light is None:
            return None
        return _seen(
            stage, section, lane, level, light.hue, f"+{count}", "fold", stage.writing.fold_alt(count, lane.path)
        )
    (name,) = lane.names
    version = name.on_view
    if version is None:
        if not is_gone(lane):
            return None
        hole = _seen(stage, section, lane, level, "dim", "", "file", stage.writing.hole_alt(section, name))
        return replace(hole, look="hole")
    giving = tuple(hue_at(section, position) for position in name.giving)
    label = str(name.below) if version.kind == "dir" else label_of(version, toy=section.toy)
    hue, alt = hue_at(section, version.position), stage.writing.seen_alt(section, name, version)
    tile = _seen(stage, section, lane, level, hue, label, version.kind, alt)
    return replace(tile, hues=giving if len(giving) > 1 else ())


def _seen(
    stage: Stage, section: Section, lane: Lane, level: float, hue: Hue, text: str, kind: TileKind, alt: str
) -> Tile:
    address = f"{section.name}:{lane.path}"
    label = tile_label(text, stage.fit, lane, kind)
    return Tile(
        id=shape_id(*_view_id(section), lane.path, *_fold_part(lane)),
        twin=_seen_twin(section, lane.path + (" more" if lane.fold else "")),
        alt=alt,
        address=address,
        u0=lane.u0,
        u1=lane.u1,
        level=level,
        hue=hue,
        kind=kind,
        label=label.label,
        label_px=label.px,
        chosen=stage.chosen == address,
        pointed=stage.pointed == address,
    )


def _view_id(section: Section) -> tuple[str, str]:
    """A view of what several stacks share is not the view of one of them."""
    return ("shared" if section.above else "view"), section.name


def _fold_part(lane: Lane) -> tuple[str, ...]:
    return ("more",) if lane.fold else ()


def _seen_twin(section: Section, path: str) -> str:
    return f"seen {'trunk ' if section.above else ''}{section.number} {path}"
