"""Tiles: a version of a path as a small block on its slab, with what is written on it."""

from collections.abc import Iterator
from functools import lru_cache

from layerviz.picture.expand.geometry import (
    Pose,
    Segments,
    box,
    flattened,
    hatching,
    moved,
    on_plane,
    polyline,
    rounded_rectangle,
    swept_up,
)
from layerviz.picture.expand.writing import pill, pill_width, text_at
from layerviz.picture.icons import icon
from layerviz.picture.primitives import Font, Gradient, Path, Piece, Point, Primitive, Rgba, Stroke
from layerviz.picture.shapes import Camera, Hue, Stage, Tile
from layerviz.picture.theme import BLACK, INK_ON_TILE, WHITE, Theme, deep, mix, rgba, second_round, tint
from layerviz.picture.widths import width

EMPTY_LOOKS = ("whiteout", "hole", "slot", "expected")
"""Looks without a body: an outline on the slab."""
_SHEETS, _SHEET_STEP, _SHEET_LIFT = 3, 4.0, 3.0
"""Names folded into one tile are a pile of thin sheets."""
_TAG_PX = 14.0
_TALL_PX = 52.0
"""From this height on a covered tile has room for its word; below it carries the eye alone."""
_EYE_PX = 40.0
"""Narrower tiles have no room for the eye either."""


def tile_body(tile: Tile, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """The block itself, and its outline if it is chosen or pointed at. Its writing is `tile_writing`."""
    x, y = camera.at(_corner(tile))
    width_px, depth = round(tile.u1 - tile.u0, 1), round(tile.v1 - tile.v0, 3)
    rests = tile.raised <= 0
    if not rests and tile.look not in EMPTY_LOOKS and not theme.flat:
        faint = max(0.0, 1 - tile.raised / 160) * tile.opacity
        if faint > 0:
            key = ("shadow", width_px, depth, pose)
            yield Piece(x, y, _shadow_alone(width_px, depth, pose, theme), key, faint)
        y -= tile.raised
    elif not rests:
        y -= tile.raised
    body = (tile.hue, tile.look, tile.kind == "fold", width_px, depth, pose, rests, tile.hues)
    yield Piece(x, y, _body(*body, theme), body, tile.opacity)
    if tile.chosen or tile.pointed:
        mark = ("outline", tile.chosen, width_px, depth, pose, _top_lift(tile, pose))
        yield Piece(x, y, _outline(tile.chosen, width_px, depth, pose, mark[-1], theme), mark, tile.opacity)


def tile_writing(tile: Tile, camera: Camera, pose: Pose, theme: Theme) -> Iterator[Piece]:
    """Label and tag. They come after the light of the tile's row, which must not lie over them."""
    if not (tile.label or tile.tag or tile.kind in _GLYPHS) or tile.look in ("hole", "slot"):
        return
    x, y = camera.at(_corner(tile))
    y -= tile.raised
    width_px, depth = round(tile.u1 - tile.u0, 1), round(tile.v1 - tile.v0, 3)
    glyph = _GLYPHS.get(tile.kind, "")
    if (tile.label or glyph) and tile.look != "whiteout":
        offset = _label_offset(tile, width_px, depth, pose)
        ground_hue = tile.hue if tile.look == "hidden" else None
        key = ("label", tile.label, glyph, tile.look, ground_hue, round(tile.label_px, 1))
        if 0 < pose.phase < 1:  # the offset changes with every frame; the picture of an upright label does not
            yield Piece(x + offset[0], y + offset[1], _label(*key[1:], (0.0, 0.0), theme), key, tile.opacity)
        else:  # on the body's own corner, so that both are rounded to the same whole pixel
            yield Piece(x, y, _label(*key[1:], offset, theme), (*key, offset), tile.opacity)
    if tile.tag:
        tag = (tile.tag, tile.look, tile.hue, width_px, depth, pose)
        drawn = _tag(*tag, theme)
        if drawn:
            yield Piece(x, y, drawn, ("tag", *tag), tile.opacity)


def tile_outline(tile: Tile, camera: Camera) -> tuple[Point, ...]:
    """Foot and top together, with square corners."""
    x, y = camera.at(_corner(tile))
    y -= tile.raised
    right = tile.u1 - tile.u0
    dx, dy = (tile.v1 - tile.v0) * camera.depth_x, (tile.v1 - tile.v0) * camera.depth_y
    lift = 0.0 if tile.look in EMPTY_LOOKS else camera.lift * (0.5 if tile.look == "hidden" else 1)
    return (
        (x, y - lift),
        (x, y),
        (x + right, y),
        (x + right + dx, y + dy),
        (x + right + dx, y + dy - lift),
        (x + dx, y + dy - lift),
    )


_GLYPHS = {"dir": "dir", "link": "link", "device": "device"}


def _corner(tile: Tile) -> Stage:
    return Stage(tile.u0, tile.v0, tile.level)


def _radius(width_px: float, pose: Pose) -> float:
    round_px = 12.0 if width_px >= 90 else 8.0
    return round_px + (min(6.0, round_px) - round_px) * pose.phase


def _foot(width_px: float, depth: float, pose: Pose, grown: float = 0.0) -> Segments:
    more = grown / pose.depth_px
    return on_plane(pose, -grown, width_px + grown, -more, depth + more, _radius(width_px, pose) + grown * 0.8)


def _top_lift(tile: Tile, pose: Pose) -> float:
    if tile.look in EMPTY_LOOKS:
        return 0.0
    if tile.kind == "fold":
        return (_SHEETS - 1) * _SHEET_STEP + _SHEET_LIFT
    return pose.lift * (0.5 if tile.look == "hidden" else 1.0)


@lru_cache(maxsize=2048)
def _body(
    hue: Hue,
    look: str,
    folded: bool,
    width_px: float,
    depth: float,
    pose: Pose,
    rests: bool,
    hues: tuple[Hue, ...],
    theme: Theme,
) -> tuple[Primitive, ...]:
    foot = _foot(width_px, depth, pose)
    if look in EMPTY_LOOKS:
        return _empty(hue, look, foot, pose, theme)
    colour = theme.tile(hue)
    covered = look == "hidden"
    parts: list[Primitive] = []
    if rests and not covered:
        parts += _shadow(foot, pose, theme)
    if folded:
        for k in range(_SHEETS):
            parts += _block(colour, covered, moved(foot, 0, -k * _SHEET_STEP), _SHEET_LIFT, theme)
        return tuple(parts)
    lift = pose.lift * (0.5 if covered else 1)
    parts += _block(colour, covered, foot, lift, theme)
    if look == "ghost":
        parts.append(Path(moved(foot, 0, -lift), stroke=_dashed(theme.writable, 2.4 * theme.weight, (3, 2))))
    if len(hues) > 1 and not covered:
        parts += _stripes(hues, width_px, depth, lift, pose, theme)
    elif second_round(hue) and not covered:
        parts += _second_bar(width_px, depth, lift, pose)
    return tuple(parts)


def _block(colour: Rgba, covered: bool, foot: Segments, lift: float, theme: Theme) -> Iterator[Primitive]:
    light = theme.name == "light"
    body = mix(colour, theme.base, theme.sunk) if covered else colour
    if covered:
        rim = mix(deep(colour), theme.ink if light else theme.base, 0.40)
    else:
        rim = mix(colour, INK_ON_TILE if light else WHITE, 0.45)
    yield Path(swept_up(foot, lift), fill=mix(body, rgba("#101a3a") if light else BLACK, 0.42))
    top = moved(foot, 0, -lift)
    left, upper, right, lower = box(flattened(top))
    if theme.flat or covered:
        face: Rgba | Gradient = body
    else:
        face = Gradient((left, upper), (right, lower), ((0.0, mix(body, WHITE, 0.26)), (1.0, body)))
    yield Path(top, fill=face, stroke=Stroke(rim, 1.3 * theme.weight))
    if covered:
        lines = mix(deep(colour), theme.ink, 0.25) if light else mix(colour, theme.base, 0.50)
        gap = 10.0 if right - left > 60 else 6.0
        yield Path(hatching(flattened(top), gap), stroke=Stroke(lines, 1.4 * theme.weight))


def _empty(hue: Hue, look: str, foot: Segments, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    dashes = (4.0, 3.0)
    if look == "hole":
        return (Path(foot, stroke=_dashed(theme.dim, 1.6 * theme.weight, dashes)),)
    if look == "slot":
        return (Path(foot, stroke=_dashed(theme.writable, 1.6 * theme.weight, dashes)),)
    if look == "expected":
        colour = theme.tile(hue)
        edge = colour if theme.dark else theme.readable(colour, 3.0)
        return (Path(foot, fill=tint(colour, 0.22), stroke=_dashed(edge, 1.8 * theme.weight, dashes)),)
    left, top, right, bottom = box(flattened(foot))
    x, y, arm = (left + right) / 2, (top + bottom) / 2, min((bottom - top) * 0.24, (right - left) * 0.3)
    # The cross stands upright, as labels do: a sheared one does not read as a sign.
    cross = (*polyline((x - arm, y - arm), (x + arm, y + arm)), *polyline((x + arm, y - arm), (x - arm, y + arm)))
    return (
        Path(foot, fill=tint(mix(theme.bad, theme.base, 0.86), 0.92), stroke=Stroke(theme.bad, 2.6 * theme.weight)),
        Path(cross, stroke=Stroke(theme.bad, max(2.6, arm * 0.26) * theme.weight, cap="round")),
    )


def _dashed(colour: Rgba, line: float, pattern: tuple[float, float]) -> Stroke:
    return Stroke(colour, line, (pattern[0] * line, pattern[1] * line))


def _shadow(foot: Segments, pose: Pose, theme: Theme) -> Iterator[Primitive]:
    if theme.flat:
        return
    strength = (80 if theme.dark else 46) / 255
    far = min(1.0, pose.lift / 11)
    for dx, dy, share in ((7.0, 7.0, 0.30), (5.0, 5.0, 0.45), (3.0, 3.5, 0.45)):
        yield Path(moved(foot, dx * far, dy * far), fill=tint(theme.shadow, strength * share))


@lru_cache(maxsize=256)
def _shadow_alone(width_px: float, depth: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    return tuple(_shadow(_foot(width_px, depth, pose), pose, theme))


def _stripes(
    hues: tuple[Hue, ...], width_px: float, depth: float, lift: float, pose: Pose, theme: Theme
) -> Iterator[Primitive]:
    """A directory that several layers write to: their hues along its front edge."""
    inset = min(8.0, width_px * 0.08)
    each = (width_px - 2 * inset) / len(hues)
    for k, hue in enumerate(hues):
        u = inset + each * k
        stripe = on_plane(pose, u, u + each, depth * 0.05, depth * 0.21, 3)
        yield Path(moved(stripe, 0, -lift), fill=theme.tile(hue), stroke=Stroke(INK_ON_TILE, 1))


def _second_bar(width_px: float, depth: float, lift: float, pose: Pose) -> Iterator[Primitive]:
    inset, thick = min(5.0, width_px * 0.2), 3.4 / pose.depth_px
    start = depth * 0.05 + 1.5 / pose.depth_px
    bar = on_plane(pose, inset, width_px - inset, start, start + thick, 1.6)
    yield Path(moved(bar, 0, -lift), fill=tint(INK_ON_TILE, 170 / 255))


@lru_cache(maxsize=256)
def _outline(
    chosen: bool, width_px: float, depth: float, pose: Pose, lift: float, theme: Theme
) -> tuple[Primitive, ...]:
    ring = moved(_foot(width_px, depth, pose, 5.0 if chosen else 3.5), 0, -lift)
    colour, line = (theme.ink, 3.0) if chosen else (theme.accent, 2.4)
    halo = tint(theme.ground[0], 0.8)
    return (Path(ring, stroke=Stroke(halo, line + 3)), Path(ring, stroke=Stroke(colour, line)))


def _label_offset(tile: Tile, width_px: float, depth: float, pose: Pose) -> Point:
    """From the body's front left corner to the middle of its top."""
    lift = _top_lift(tile, pose) + (6.0 if len(tile.hues) > 1 and pose.phase < 0.5 else 0.0)
    x = width_px / 2 + depth / 2 * pose.depth_x
    return round(x, 2), round(depth / 2 * pose.depth_y - lift, 2)


@lru_cache(maxsize=4096)
def _label(
    label: str, glyph: str, look: str, hue: Hue | None, px: float, at: Point, theme: Theme
) -> tuple[Primitive, ...]:
    """Upright on purpose: sheared digits do not read from the back row."""
    covered = look == "hidden"
    ink = theme.ink if covered or look == "expected" else INK_ON_TILE
    font = Font(px, 700 if px >= 24 else 600)
    wide = width(label, font)
    x, base = at[0], at[1] + px * 0.36
    parts: list[Primitive] = []
    size = px + 2 if glyph else 0.0
    gap = 5.0 if glyph and label else 0.0
    whole = size + gap + wide
    if covered and hue is not None:
        field = mix(theme.tile(hue), theme.base, theme.sunk)
        high = max(px * 0.88, size)
        parts.append(Path(rounded_rectangle(x - whole / 2 - 7, at[1] - high / 2, whole + 14, high, 6), fill=field))
    if glyph:
        parts += icon(glyph, x - whole / 2, at[1] - size / 2, size, ink, 2.0)
    if label:
        parts.append(text_at(x - whole / 2 + size + gap, base, label, font, ink))
    return tuple(parts)


@lru_cache(maxsize=512)
def _tag(
    tag: str, look: str, hue: Hue, width_px: float, depth: float, pose: Pose, theme: Theme
) -> tuple[Primitive, ...]:
    """A word at the tile's front edge where the tile is tall enough for it; of a covered one else the eye alone."""
    covered = look == "hidden"
    tall = abs(depth * pose.depth_y) >= _TALL_PX
    x, y = width_px / 2 + 4, -5.0
    if look == "ghost":
        return pill(x, y + 7, tag, theme.writable, theme, "up", fill=theme.writable, ink=_on(theme), px=16, weight=700)
    colour = theme.bad if covered else theme.text(hue)
    if look == "whiteout":
        colour = theme.bad
    icon_name = "hidden" if covered else ""
    fits = pill_width(tag, icon_name, _TAG_PX) <= width_px * 1.1
    if (tall and fits) or (not covered and tall):
        return pill(x, y, tag, colour, theme, icon_name, px=_TAG_PX)
    if not covered or width_px < _EYE_PX:
        return ()
    at_x, at_y = width_px - 12 + 12 / pose.depth_px * pose.depth_x, 12 / pose.depth_px * pose.depth_y
    dot = rounded_rectangle(at_x - 11, at_y - 11, 22, 22, 11)
    return (
        Path(dot, fill=theme.ground[0], stroke=Stroke(colour, 1.3 * theme.weight)),
        *icon("hidden", at_x - 7, at_y - 7, 14, colour),
    )


def _on(theme: Theme) -> Rgba:
    return WHITE if theme.name == "light" else INK_ON_TILE
