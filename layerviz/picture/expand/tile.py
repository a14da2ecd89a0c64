"""Tiles: a version of a path as a small block on its slab, with what is written on it."""

from collections.abc import Iterator
from functools import lru_cache
from math import ceil

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
    tile_pose,
)
from layerviz.picture.expand.writing import pill, text_at
from layerviz.picture.icons import icon
from layerviz.picture.primitives import Font, Gradient, Path, Piece, Point, Primitive, Rgba, Stroke
from layerviz.picture.shapes import Camera, Hue, Look, Stage, Tile
from layerviz.picture.theme import BLACK, INK_ON_TILE, WHITE, Theme, deep, mix, rgba, second_round, tint
from layerviz.picture.widths import width

EMPTY_LOOKS = ("whiteout", "hole", "slot", "expected")
"""Looks without a body: an outline on the slab."""
_SHEETS, _SHEET_STEP, _SHEET_LIFT = 3, 4.0, 3.0
"""Names folded into one tile are a pile of thin sheets."""
_SHADOW_REACH_PX = 160.0
"""A tile raised by this much leaves no shadow on the slab below it."""
_TAG_PX = 14.0
_EYE_PX = 40.0
"""A covered tile that has no room for its word carries an eye; narrower ones have no room for that either."""
_LOW = 2.0
"""Of its label's size a flat tile is at least so high, or what stands along its edge would cross the writing."""
_LEAST_RUN_PX = 6.0


def tile(shape: Tile, camera: Camera, pose: Pose, theme: Theme) -> tuple[list[Piece], list[Piece]]:
    """The block with its outline if it is chosen or pointed at; and label and tag.

    The writing comes after the light of the tile's row, which must not lie over it.
    """
    opacity, raised = shape.opacity, shape.raised
    x = camera.x + shape.u0 + shape.v0 * camera.depth_x
    y = camera.y - shape.level * camera.pitch + shape.v0 * camera.depth_y
    shadow, drawn, written = _parts(
        round(shape.u1 - shape.u0, 1),
        round(shape.v1 - shape.v0, 3),
        round(shape.tall, 1),
        shape.hue,
        shape.look,
        shape.kind,
        shape.hues,
        shape.label,
        shape.label_px,
        shape.tag,
        shape.chosen,
        shape.pointed,
        pose,
        theme,
    )
    high = y - raised
    first = [Piece(x, high, picture, look, opacity, None, False, at) for picture, look, at in drawn]
    if shadow and raised < _SHADOW_REACH_PX:
        # Apart from the body: it stays behind when the tile rises, and is the same for all hues.
        faint = opacity * (1 - raised / _SHADOW_REACH_PX) if raised > 0 else opacity
        first.insert(0, Piece(x, y, shadow[0], shadow[1], faint))
    return first, [Piece(x, high, picture, look, opacity, None, False, at) for picture, look, at in written]


_Part = tuple[tuple[Primitive, ...], object, Point]
"""Primitives, their look, and where they lie from the tile's front left corner."""
_HERE = (0.0, 0.0)


@lru_cache(maxsize=4096)
def _parts(
    width_px: float,
    depth: float,
    tall: float,
    hue: Hue,
    look: Look,
    kind: str,
    hues: tuple[Hue, ...],
    label: str,
    label_px: float,
    tag: str,
    chosen: bool,
    pointed: bool,
    pose: Pose,
    theme: Theme,
) -> tuple[_Part | None, tuple[_Part, ...], tuple[_Part, ...]]:
    """Shadow, body and writing of a tile, wherever it stands."""
    form = (width_px, depth, pose)
    shadow: _Part | None = None
    if look in ("solid", "ghost") and not theme.flat:
        shadow = (_shadow(*form, theme), ("shadow", *form), _HERE)
    body = (hue, look, kind == "fold", *form, tall, hues, _spared(label, kind, label_px, depth, pose))
    drawn: list[_Part] = [(_body(*body, theme), ("tile", *body), _HERE)]
    lift = _top_lift(look, kind, tall, pose)
    if chosen or pointed:
        drawn.append((_outline(chosen, *form, lift, theme), ("outline", chosen, *form, lift), _HERE))
    return shadow, tuple(drawn), tuple(_writing(form, hue, look, kind, hues, label, label_px, tag, lift, theme))


def _spared(label: str, kind: str, label_px: float, depth: float, pose: Pose) -> float:
    """How much of the middle of a low tile's front edge its writing takes from stripes and bar, in steps that repeat;
    0 where the tile is high enough for both."""
    if pose.phase < 0.5 or depth * pose.depth_px >= label_px * _LOW:
        return 0.0
    return ceil((_writing_width(label, _GLYPHS.get(kind, ""), label_px) + 10) / 8) * 8.0


def _writing_width(label: str, glyph: str, px: float) -> float:
    return (px + 2 if glyph else 0.0) + (5.0 if glyph and label else 0.0) + width(label, _label_font(px))


def _standing(label: str, glyph: str, px: float, width_px: float, height_px: float) -> str:
    """Where a label stands: "beside" its glyph, on a narrow tile "below" it, or "alone" where that is too low too."""
    if not label or not glyph or width(label, _label_font(px)) <= width_px - GLYPH_PX - LABEL_MARGIN_PX + 1:
        return "beside"
    return "below" if height_px >= 2 * px + TWO_LINES_MORE_PX else "alone"


def _label_font(px: float) -> Font:
    return Font(px, 700 if px >= 24 else 600)


def _writing(
    form: tuple[float, float, Pose],
    hue: Hue,
    look: Look,
    kind: str,
    hues: tuple[Hue, ...],
    label: str,
    label_px: float,
    tag: str,
    lift: float,
    theme: Theme,
) -> Iterator[_Part]:
    if look in ("hole", "slot"):
        return
    width_px, depth, pose = form
    glyph = _GLYPHS.get(kind, "")
    if (label or glyph) and look != "whiteout":
        stands = _standing(label, glyph, label_px, width_px, depth * pose.depth_px)
        over_stripes = 0.0 if len(hues) < 2 else 6.0 if pose.phase < 0.5 else 4.0 if stands == "below" else 0.0
        middle = (width_px / 2 + depth / 2 * pose.depth_x, depth / 2 * pose.depth_y - lift - over_stripes)
        glyph = "" if stands == "alone" else glyph
        words = (label, glyph, look, hue if look == "hidden" else None, round(label_px, 1), stands == "below")
        yield _label(*words, theme), ("label", words), middle
    if tag or (look == "hidden" and width_px >= _EYE_PX and pose.phase < 0.5):
        sign = (tag, look, hue)
        yield _tag(*sign, theme), ("tag", sign), _tag_place(tag, look, width_px, depth, pose)


def tile_outline(shape: Tile, camera: Camera) -> tuple[Point, ...]:
    """Foot and top together, with square corners."""
    x, y = camera.at(Stage(shape.u0, shape.v0, shape.level))
    y -= shape.raised
    wide = shape.u1 - shape.u0
    dx, dy = (shape.v1 - shape.v0) * camera.depth_x, (shape.v1 - shape.v0) * camera.depth_y
    lift = _top_lift(shape.look, shape.kind, shape.tall, tile_pose(camera))
    return (
        (x, y - lift),
        (x, y),
        (x + wide, y),
        (x + wide + dx, y + dy),
        (x + wide + dx, y + dy - lift),
        (x + dx, y + dy - lift),
    )


GLYPH_PX, LABEL_MARGIN_PX = 24.0, 8.0
"""What a glyph takes from the room of a label beside it, and what is free around both."""
TWO_LINES_MORE_PX = 8.0
_GLYPHS = {"dir": "dir", "link": "link", "device": "device"}


def _radius(width_px: float, pose: Pose) -> float:
    round_px = 12.0 if width_px >= 90 else 8.0
    return round_px + (min(6.0, round_px) - round_px) * pose.phase


@lru_cache(maxsize=256)
def _foot(width_px: float, depth: float, pose: Pose, grown: float = 0.0) -> Segments:
    more = grown / pose.depth_px
    return on_plane(pose, -grown, width_px + grown, -more, depth + more, _radius(width_px, pose) + grown * 0.8)


def _top_lift(look: str, kind: str, tall: float, pose: Pose) -> float:
    if look in EMPTY_LOOKS:
        return 0.0
    if kind == "fold":
        return (_SHEETS - 1) * _SHEET_STEP + _SHEET_LIFT
    return (pose.lift + tall * (1 - pose.phase)) * (0.5 if look == "hidden" else 1.0)


@lru_cache(maxsize=2048)
def _body(
    hue: Hue,
    look: str,
    folded: bool,
    width_px: float,
    depth: float,
    pose: Pose,
    tall: float,
    hues: tuple[Hue, ...],
    spared: float,
    theme: Theme,
) -> tuple[Primitive, ...]:
    foot = _foot(width_px, depth, pose)
    if look in EMPTY_LOOKS:
        return _empty(hue, look, foot, pose, theme)
    colour = theme.tile(hue)
    covered = look == "hidden"
    parts: list[Primitive] = []
    if folded:
        for k in range(_SHEETS):
            parts += _block(colour, covered, moved(foot, 0, -k * _SHEET_STEP), _SHEET_LIFT, theme)
        return tuple(parts)
    lift = _top_lift(look, "", tall, pose)
    parts += _block(colour, covered, foot, lift, theme)
    if look == "ghost":
        parts.append(Path(moved(foot, 0, -lift), stroke=_dashed(theme.writable, 2.4 * theme.weight, (3, 2))))
    if len(hues) > 1 and not covered:
        parts += _stripes(hues, width_px, depth, lift, spared, pose, theme)
    elif second_round(hue) and not covered:
        parts += _second_bar(width_px, depth, lift, spared, pose)
    return tuple(parts)


def _block(colour: Rgba, covered: bool, foot: Segments, lift: float, theme: Theme) -> Iterator[Primitive]:
    light = theme.name == "light"
    body = mix(colour, theme.base, theme.sunk) if covered else colour
    if covered:
        rim = mix(deep(colour), theme.ink if light else theme.base, 0.40)
    else:
        rim = mix(colour, INK_ON_TILE if light else WHITE, 0.45)
    edge, top, around = _form(foot, lift)
    left, upper, right, lower = box(around)
    yield Path(edge, fill=mix(body, rgba("#101a3a") if light else BLACK, 0.42))
    if theme.flat or covered:
        face: Rgba | Gradient = body
    else:
        face = Gradient((left, upper), (right, lower), ((0.0, mix(body, WHITE, 0.26)), (1.0, body)))
    yield Path(top, fill=face, stroke=Stroke(rim, 1.3 * theme.weight))
    if covered:
        lines = mix(deep(colour), theme.ink, 0.25) if light else mix(colour, theme.base, 0.50)
        gap = 10.0 if right - left > 60 else 6.0
        yield Path(hatching(around, gap), stroke=Stroke(lines, 1.4 * theme.weight))


@lru_cache(maxsize=256)
def _form(foot: Segments, lift: float) -> tuple[Segments, Segments, tuple[Point, ...]]:
    """Edge and top together, the top alone, and its corners; the same for all hues."""
    top = moved(foot, 0, -lift)
    return swept_up(foot, lift), top, flattened(top)


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


@lru_cache(maxsize=256)
def _shadow(width_px: float, depth: float, pose: Pose, theme: Theme) -> tuple[Primitive, ...]:
    foot = _foot(width_px, depth, pose)
    strength = (80 if theme.dark else 46) / 255
    far = min(1.0, pose.lift / 11)
    return tuple(
        Path(moved(foot, dx * far, dy * far), fill=tint(theme.shadow, strength * share))
        for dx, dy, share in ((6.5, 6.5, 0.45), (4.0, 4.5, 0.65))
    )


def _stripes(
    hues: tuple[Hue, ...], width_px: float, depth: float, lift: float, spared: float, pose: Pose, theme: Theme
) -> Iterator[Primitive]:
    """A directory that several layers write to: their hues along its front edge."""
    runs = _runs(min(8.0, width_px * 0.08), width_px, spared)
    most = -(-len(hues) // max(len(runs), 1))
    for n, (start, end) in enumerate(runs):
        shown = hues[n * most : (n + 1) * most]
        each = (end - start) / max(len(shown), 1)
        for k, hue in enumerate(shown):
            u = start + each * k
            stripe = on_plane(pose, u, u + each, depth * 0.05, depth * 0.21, 3)
            yield Path(moved(stripe, 0, -lift), fill=theme.tile(hue), stroke=Stroke(INK_ON_TILE, 1))


def _second_bar(width_px: float, depth: float, lift: float, spared: float, pose: Pose) -> Iterator[Primitive]:
    thick = 3.4 / pose.depth_px
    near = depth * 0.05 + 1.5 / pose.depth_px
    for start, end in _runs(min(5.0, width_px * 0.2), width_px, spared):
        bar = on_plane(pose, start, end, near, near + thick, 1.6)
        yield Path(moved(bar, 0, -lift), fill=tint(INK_ON_TILE, 170 / 255))


def _runs(inset: float, width_px: float, spared: float) -> tuple[tuple[float, float], ...]:
    """From where to where along the front edge marks stand: all along, or left and right of what is spared."""
    if not spared:
        return ((inset, width_px - inset),)
    left = (width_px - spared) / 2
    return ((inset, left), (width_px - left, width_px - inset)) if left - inset >= _LEAST_RUN_PX else ()


@lru_cache(maxsize=256)
def _outline(
    chosen: bool, width_px: float, depth: float, pose: Pose, lift: float, theme: Theme
) -> tuple[Primitive, ...]:
    ring = moved(_foot(width_px, depth, pose, 5.0 if chosen else 3.5), 0, -lift)
    colour, line = (theme.ink, 3.0) if chosen else (theme.accent, 2.4)
    halo = tint(theme.ground[0], 0.8)
    return (Path(ring, stroke=Stroke(halo, line + 3)), Path(ring, stroke=Stroke(colour, line)))


@lru_cache(maxsize=4096)
def _label(
    label: str, glyph: str, look: str, hue: Hue | None, px: float, below: bool, theme: Theme
) -> tuple[Primitive, ...]:
    """Upright on purpose: sheared digits do not read from the back row."""
    covered = look == "hidden"
    ink = theme.ink if covered or look == "expected" else INK_ON_TILE
    font = _label_font(px)
    wide = width(label, font)
    parts: list[Primitive] = []
    size = px + 2 if glyph else 0.0
    whole = max(size, wide) if below else _writing_width(label, glyph, px)
    gap = whole - size - wide
    if covered and hue is not None:
        field = mix(theme.tile(hue), theme.base, theme.sunk)
        high = size + px + 2 if below else max(px * 0.88, size)
        parts.append(Path(rounded_rectangle(-whole / 2 - 7, -high / 2, whole + 14, high, 6), fill=field))
    if below:
        parts += icon(glyph, -size / 2, -size - 1, size, ink, 2.0)
        parts.append(text_at(-wide / 2, px * 0.72 + 3, label, font, ink))
        return tuple(parts)
    if glyph:
        parts += icon(glyph, -whole / 2, -size / 2, size, ink, 2.0)
    if label:
        parts.append(text_at(-whole / 2 + size + gap, px * 0.36, label, font, ink))
    return tuple(parts)


def _tag_place(tag: str, look: str, width_px: float, depth: float, pose: Pose) -> Point:
    """Where the middle of a word, or of the eye that stands for it, lies from the body's corner."""
    if tag:
        return width_px / 2 + 4, 2.0 if look == "ghost" else -5.0
    inward = 8 / pose.depth_px  # at the front left corner, from which a slab's writing leans away
    return 12 + inward * pose.depth_x, inward * pose.depth_y


@lru_cache(maxsize=512)
def _tag(tag: str, look: str, hue: Hue, theme: Theme) -> tuple[Primitive, ...]:
    if look == "ghost":
        on_fill = WHITE if theme.name == "light" else INK_ON_TILE
        return pill(0, 0, tag, theme.writable, theme, "up", fill=theme.writable, ink=on_fill, px=16, weight=700)
    covered = look == "hidden"
    colour = theme.bad if covered or look == "whiteout" else theme.text(hue)
    if tag:
        return pill(0, 0, tag, colour, theme, "hidden" if covered else "", px=_TAG_PX)
    return (
        Path(rounded_rectangle(-11, -11, 22, 22, 11), fill=theme.ground[0], stroke=Stroke(colour, 1.3 * theme.weight)),
        *icon("hidden", -7, -7, 14, colour),
    )
