"""Shapes become primitives: a closed set, reusable looks, light below letters, outlines where things are."""

from dataclasses import replace

import pytest

from layerviz.picture.expand import outline, pieces, pieces_of, primitives
from layerviz.picture.expand.geometry import box, flattened
from layerviz.picture.primitives import Font, Gradient, Path, Piece, Point, Text
from layerviz.picture.shapes import AnyShape, Beam, Camera, Frame, Ground, Head, Label, Pool, Slab, Stage, Tile
from layerviz.picture.theme import DARK, LIGHT, PROJECTOR, THEMES, Theme, contrast, deep, mix
from layerviz.picture.widths import width
from tests.picture.stages import BETWEEN, FLAT, SLABS, key_picture, menagerie, slab, tile

CAMERAS = pytest.mark.parametrize("camera", [SLABS, BETWEEN, FLAT], ids=["slabs", "between", "flat"])
EVERY_THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


def drawn(shape: AnyShape, camera: Camera = SLABS, theme: Theme = DARK) -> list[Piece]:
    return list(pieces(Frame(1600, 900, camera, (shape,)), theme))


def part_of(parts: list[Piece], kind: str) -> Piece:
    return next(part for part in parts if isinstance(part.look, tuple) and part.look[0] == kind)


def words(parts: list[Piece]) -> list[str]:
    return [primitive.text for part in parts for primitive in part.primitives if isinstance(primitive, Text)]


def points_of(parts: list[Piece]) -> list[Point]:
    return [
        (part.x + part.aside[0] + x, part.y + part.aside[1] + y)
        for part in parts
        for primitive in part.primitives
        if isinstance(primitive, Path)
        for x, y in flattened(primitive.segments)
    ]


@CAMERAS
@EVERY_THEME
def test_everything_becomes_paths_and_lines_of_text_with_short_gradients(camera: Camera, theme: Theme) -> None:
    for part in pieces(menagerie(camera), theme):
        hash(part.look)
        for primitive in part.primitives:
            assert isinstance(primitive, Path | Text)
            if isinstance(primitive, Path) and isinstance(primitive.fill, Gradient):
                assert 2 <= len(primitive.fill.stops) <= 3
            if isinstance(primitive, Path):
                assert primitive.fill or primitive.stroke
                assert primitive.segments[0][0] == "M"


@EVERY_THEME
def test_the_projector_alone_has_no_gradients(theme: Theme) -> None:
    fills = [
        primitive.fill
        for frame in (key_picture(), key_picture(FLAT), menagerie(), menagerie(FLAT))
        for part in pieces(frame, theme)
        for primitive in part.primitives
        if isinstance(primitive, Path)
    ]
    assert any(isinstance(fill, Gradient) for fill in fills) is (theme is not PROJECTOR)


def test_every_kind_of_shape_is_seen_in_slabs() -> None:
    seen = {shape.id for shape, _ in pieces_of(menagerie(), DARK)}
    assert seen == {shape.id for shape in menagerie().shapes}


def test_a_look_does_not_depend_on_the_place() -> None:
    here = tile(0, 0, "1")
    there = replace(here, u0=here.u0 + 300, u1=here.u1 + 300, level=2.37)
    assert [part.look for part in drawn(here)] == [part.look for part in drawn(there)]


def test_tiles_that_differ_in_their_label_share_their_body() -> None:
    one, two = (drawn(tile(0, 0, label)) for label in ("1", "2"))
    assert part_of(one, "tile").look == part_of(two, "tile").look
    assert part_of(one, "label").look != part_of(two, "label").look
    assert words(one) == ["1"] and words(two) == ["2"]


@pytest.mark.parametrize(
    "change", [{"hue": 2}, {"look": "hidden"}, {"u1": 400.0}, {"kind": "fold"}, {"hues": (1, 2)}], ids=str
)
def test_a_body_that_differs_has_another_look(change: dict[str, object]) -> None:
    plain = tile(0, 0, "1")
    changed = replace(plain, **change)  # type: ignore[arg-type]  # fields by name
    assert part_of(drawn(changed), "tile").look != part_of(drawn(plain), "tile").look


def test_equal_looks_in_one_frame_have_equal_primitives() -> None:
    for camera in (SLABS, FLAT):
        known: dict[object, object] = {}
        for part in pieces(menagerie(camera), LIGHT):
            if part.look is not None:
                assert known.setdefault(part.look, part.primitives) == part.primitives


def test_no_label_of_a_tile_lies_under_light() -> None:
    order = list(pieces_of(key_picture(), DARK))
    for n in range(3):
        beams = [at for at, (shape, _) in enumerate(order) if isinstance(shape, Beam) and shape.low == n]
        labels = [
            at
            for at, (shape, part) in enumerate(order)
            if isinstance(shape, Tile) and shape.level == n and words([part])
        ]
        assert labels and min(labels) > max(beams)


def test_a_tile_that_comes_back_to_the_left_covers_the_labels_before_it() -> None:
    under, over = tile(4, 3, "5"), replace(tile(4, 2, "7"), id="moving", u1=500.0)
    order = list(pieces_of(Frame(1600, 900, SLABS, (under, over)), DARK))
    label = next(at for at, (shape, part) in enumerate(order) if shape is under and words([part]))
    body = next(at for at, (shape, _) in enumerate(order) if shape is over)
    assert label < body


@EVERY_THEME
def test_hatching_is_cut_to_the_tile(theme: Theme) -> None:
    body = drawn(tile(1, 4, "5", hidden=True), theme=theme)[0]
    lines = body.primitives[-1]
    assert isinstance(lines, Path) and len(lines.segments) > 10
    top = body.primitives[-2]
    assert isinstance(top, Path)
    left, upper, right, lower = box(flattened(top.segments))
    for segment in lines.segments:
        x, y = segment[1]  # type: ignore[misc]  # lines have no closing segment
        assert left - 0.01 <= x <= right + 0.01 and upper - 0.01 <= y <= lower + 0.01


def test_a_covered_tile_says_so_in_a_word_and_by_an_eye_where_it_is_given_none() -> None:
    covered = tile(1, 4, "5", hidden=True)
    assert "hidden" in words(drawn(covered))
    wordless = replace(covered, tag="")
    eye = drawn(wordless)[-1]
    assert len(eye.primitives) > 1 and words([eye]) == []
    narrow = replace(wordless, u1=wordless.u0 + 30)
    assert len(drawn(narrow)) == len(drawn(replace(wordless, u1=wordless.u0 + 60))) - 1
    assert len(drawn(wordless, FLAT)) == len(drawn(wordless)) - 1


def test_a_whiteout_is_empty_and_carries_a_cross_that_stands_upright() -> None:
    parts = drawn(replace(tile(3, 5, "6"), look="whiteout", tag=""))
    assert words(parts) == []
    cross = parts[0].primitives[-1]
    assert isinstance(cross, Path)
    (a, b), (c, d) = ((s[1] for s in cross.segments[k : k + 2]) for k in (0, 2))  # type: ignore[misc]  # lines only
    assert abs(b[0] - a[0]) == pytest.approx(abs(b[1] - a[1]))
    assert abs(d[0] - c[0]) == pytest.approx(abs(d[1] - c[1]))


def test_a_raised_tile_leaves_its_shadow_behind_which_fades() -> None:
    low, high, gone = (drawn(replace(tile(0, 0, "1"), raised=px)) for px in (10, 100, 400))
    assert part_of(low, "tile").y == part_of(high, "tile").y + 90
    below, far_below = part_of(low, "shadow"), part_of(high, "shadow")
    assert below.y == far_below.y
    assert below.opacity > far_below.opacity
    assert len(gone) == len(low) - 1


def test_light_ends_under_the_bar_that_stops_it() -> None:
    stopped = Beam(id="b", u=400, low=2, high=3, width=66, hue=2, stopped=True, from_tile=False)
    strip, foot, bar = (part_of(drawn(stopped), kind) for kind in ("beam", "foot", "bar"))
    edge = SLABS.y - 3 * SLABS.pitch + SLABS.thickness
    assert bar.y == strip.y == pytest.approx(edge + 7)
    assert strip.strip_px == pytest.approx(foot.y - strip.y)


def test_light_on_its_way_has_come_as_far_as_its_reach_says_and_meets_no_bar_yet() -> None:
    whole = Beam(id="b", u=400, low=0, high=1, width=66, hue=2, stopped=True)
    half = replace(whole, reach=0.5)
    assert drawn(half)[0].strip_px == pytest.approx((drawn(whole)[0].strip_px or 0) / 2)
    assert len(drawn(half)) == len(drawn(whole)) - 1


def test_light_begins_on_the_lifted_top_of_its_tile() -> None:
    on_tile = Beam(id="b", u=400, low=0, high=1, width=66, hue=2)
    in_window = replace(on_tile, from_tile=False)
    assert drawn(in_window)[1].y - drawn(on_tile)[1].y == pytest.approx(SLABS.lift)


def test_between_the_views_there_is_no_light() -> None:
    beam = Beam(id="b", u=400, low=0, high=1, width=66, hue=2)
    pool = Pool(id="p", u=400, level=1, width=66, hue=2)
    assert drawn(beam, BETWEEN) == drawn(pool, BETWEEN) == []
    assert drawn(beam, FLAT) and not drawn(pool, FLAT)


def test_writers_get_light_in_one_piece_that_reaches_as_far_as_the_painters_strips() -> None:
    beam = Beam(id="b", u=400, low=0, high=1, width=66, hue=2)
    strip, foot = drawn(beam)
    frame = Frame(1600, 900, SLABS, (beam,))
    ((_, _, whole),) = primitives(frame, DARK)
    path = whole[0]
    assert isinstance(path, Path)
    left, top, right, bottom = box(flattened(path.segments))
    foot_bottom = max(y for _, y in points_of([foot]))
    assert (left, top, right) == pytest.approx((strip.x, strip.y, strip.x + 66))
    assert bottom == pytest.approx(foot_bottom)


def test_writing_fades_before_the_front_edge_has_closed() -> None:
    almost = replace(BETWEEN, phase=0.2)
    assert words(drawn(slab(0)))
    assert 0 < drawn(slab(0), almost)[-1].opacity < 0.5
    assert words(drawn(slab(0), BETWEEN)) == []
    assert "Layer 1" in words(drawn(slab(0), FLAT))


def test_a_camera_that_moves_changes_the_bodies_alone() -> None:
    lower = replace(SLABS, pitch=100, depth_x=81, depth_y=-68, thickness=28)
    before, after = ({part.look for part in drawn(slab(0), camera)} for camera in (SLABS, lower))
    assert len(before - after) == 1


def test_the_front_edge_cuts_the_instruction_before_it_meets_the_lock() -> None:
    long = replace(slab(0), u1=420, detail="RUN apt-get update && apt-get install -y python3 && rm -rf /var/lib/apt")
    start, end = (next(part for part in drawn(long) if word in words([part])) for word in ("Layer 1", "read-only"))
    last = start.primitives[-1]
    assert isinstance(last, Text) and "…" in last.text
    assert start.x + last.x + width(last.text, last.font) < min(x for x, _ in points_of([end]))


def test_a_dimmed_slab_can_still_be_read() -> None:
    order = drawn(replace(slab(0), dim=1.0))
    veil = order.index(part_of(order, "dimmed"))
    assert all(words([part]) == [] for part in order[: veil + 1])
    assert words(order[veil + 1 :])


@EVERY_THEME
def test_labels_and_tags_read_on_what_lies_under_them(theme: Theme) -> None:
    least = 7.0 if theme.flat else 4.5
    for hue in range(1, 9):
        colour = theme.tile(hue)
        under = mix(colour, theme.base, theme.sunk)
        covered = drawn(replace(tile(1, 4, "5", hidden=True), hue=hue), theme=theme)
        label = part_of(covered, "label").primitives[-1]
        assert isinstance(label, Text)
        assert contrast(label.colour, under) >= min(least, 4.5)
        tag = drawn(replace(tile(1, 4, "5"), hue=hue, tag="e/file2"), theme=theme)[-1].primitives[-1]
        assert isinstance(tag, Text)
        assert contrast(tag.colour, theme.ground[0]) >= least
    detail = next(part for part in drawn(slab(0), theme=theme) if "Layer 1" in words([part])).primitives[-1]
    assert isinstance(detail, Text)
    body = theme.tile(1) if theme.flat else deep(theme.tile(1))
    assert contrast(detail.colour, mix(body, theme.base, theme.front)) >= min(least, 4.5)


@CAMERAS
def test_outlines_lie_where_things_are_drawn(camera: Camera) -> None:
    for shape, part in pieces_of(menagerie(camera), DARK):
        around = outline(shape, camera)
        if isinstance(shape, Ground):
            assert around == ()
            continue
        left, top, right, bottom = box(around)
        x, y = part.x + part.aside[0], part.y + part.aside[1]
        assert left - 130 <= x <= right + 130 and top - 60 <= y <= bottom + 60, shape.id


def test_a_tiles_outline_holds_its_foot_and_its_lifted_top() -> None:
    shape = tile(0, 0, "1")
    left, top, right, bottom = box(outline(shape, SLABS))
    assert (left, bottom) == pytest.approx(SLABS.at(Stage(shape.u0, shape.v0, 0)))
    assert right - left == pytest.approx(118 + 0.68 * SLABS.depth_x)
    assert bottom - top == pytest.approx(0.68 * 88 + SLABS.lift)


def test_a_lines_outline_is_as_wide_as_its_text() -> None:
    label = Label(id="l", x=100, y=50, text="stored 存了", size_px=20, align="right", spacing=1)
    left, top, right, bottom = box(outline(label, SLABS))
    assert right == pytest.approx(100)
    assert right - left == pytest.approx(width(label.text, Font(20), 1.0) - 1)
    assert top < 50 - 14 and bottom > 50


def test_heads_run_along_the_depth_axis_and_lean_in_the_flat_view() -> None:
    head = Head(id="h", u=100, level=4, text="file1")
    in_slabs, flat = (drawn(head, camera)[0].primitives[0] for camera in (SLABS, FLAT))
    assert isinstance(in_slabs, Text) and isinstance(flat, Text)
    assert in_slabs.angle == pytest.approx(-40, abs=0.2)
    assert flat.angle == -52


def test_what_is_invisible_is_not_drawn() -> None:
    assert drawn(replace(tile(0, 0, "1"), opacity=0)) == []
    assert drawn(replace(slab(0), opacity=0)) == []


def test_a_slabs_outline_in_the_flat_view_is_its_band_with_its_head() -> None:
    left, top, right, bottom = box(outline(slab(1), FLAT))
    assert right - left == pytest.approx(slab(1).u1 + slab(1).head_px)
    assert bottom - top == pytest.approx(FLAT.pitch - 4)
    assert isinstance(slab(1), Slab)


@pytest.mark.parametrize("hues", [(), tuple(range(1, 13))], ids=["the bar of the second round", "stripes"])
@pytest.mark.parametrize("pitch", [24.0, 27.0, 34.0, 60.0])
def test_what_stands_along_the_edge_of_a_flat_tile_does_not_cross_its_writing(
    pitch: float, hues: tuple[int, ...]
) -> None:
    camera = replace(FLAT, pitch=pitch, depth_y=-pitch)
    low = replace(tile(2, 3, "12"), hue=10, kind="dir", label_px=14.0, hues=hues)
    low = replace(low, u1=low.u0 + 140)
    parts = drawn(low, camera)
    body, label = part_of(parts, "tile"), part_of(parts, "label")
    left, top, right, bottom = box(tuple(points_of([label])))
    written = next(primitive for primitive in label.primitives if isinstance(primitive, Text))
    right = max(right, label.x + label.aside[0] + written.x + width(written.text, written.font))
    marks = [
        box(tuple(points_of([body._replace(primitives=(primitive,))])))
        for primitive in body.primitives[2:]
        if isinstance(primitive, Path)
    ]
    assert len(marks) >= max(len(hues), 1)
    assert not any(a < right and c > left and b < bottom and d > top for a, b, c, d in marks)


@pytest.mark.parametrize(("wide", "camera"), [(118, SLABS), (62, replace(SLABS, pitch=64, depth_x=50, depth_y=-42))])
def test_the_eye_of_a_covered_tile_does_not_lie_over_its_writing(wide: float, camera: Camera) -> None:
    for text, px in (("5", 24.0), ("65 B", 14.0)):
        covered = replace(tile(1, 4, "5", hidden=True), tag="", label=text, label_px=px)
        covered = replace(covered, u1=covered.u0 + wide)
        *_, written, eye = drawn(covered, camera)
        left = written.x + written.aside[0] - width(text, Font(px, 700)) / 2
        assert eye.x + eye.aside[0] + 11 < left
