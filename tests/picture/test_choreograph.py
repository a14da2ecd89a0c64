"""Motion between two pictures: what moves how, in which order, and that it begins and ends exactly at them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerviz.engine.entry import Entry
from layerviz.engine.events import (
    Committed,
    ConfigChanged,
    ContainerChanged,
    CopiedUp,
    Event,
    LayerAdded,
    LayerDeleted,
    Listed,
    LookedUp,
    PullProgress,
    Shown,
    WhiteoutWritten,
    Written,
)
from layerviz.engine.table import Table
from layerviz.engine.upper import Upper
from layerviz.engine.world import Entries, Layer
from layerviz.picture.choreograph import choreograph
from layerviz.picture.expand.geometry import tile_pose
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.shapes import AnyShape, Badge, Beam, Frame, Label, Panel, Slab, Tile
from layerviz.picture.timeline import Timeline, joined, still
from tests.picture.judging import problems
from tests.picture.test_layout import LAYERS, SIZES
from tests.picture.worlds import ARTICLE, THREE, TWO, A, B, Files, container, image, layer, with_container, world

WINDOW = View(fixed=True, width=760, height=564)
ALONE = world({"three": THREE})
COVER = (LayerAdded("three", 3, 13, "COPY c/ /"),)


def picture(show: Iterable[str], of=ARTICLE, view: View = WINDOW, **place) -> Picture:  # type: ignore[no-untyped-def]  # a World, fields of Place
    return layout(of, Place(tuple(show), **place), view)


def film(timeline: Timeline, count: int = 24) -> list[Frame]:
    return [timeline.at(timeline.duration_ms * n / count) for n in range(count + 1)]


def of_twin(frame: Frame, twin: str) -> AnyShape | None:
    """The shape that shows that thing; of one that changes its look, the new one."""
    return next((shape for shape in frame.shapes if shape.twin == twin), None)


def first_ms(timeline: Timeline, is_so: Callable[[Frame], bool]) -> float:
    """The first of 200 moments of which it is so."""
    for n in range(201):
        ms = timeline.duration_ms * n / 200
        if is_so(timeline.at(ms)):
            return ms
    raise AssertionError("never")


def value(frame: Frame, twin: str, name: str, default: float = 0.0) -> float:
    """A number of the shape that shows that thing."""
    return float(getattr(of_twin(frame, twin), name, default))


def peak(timeline: Timeline, twin: str, name: str) -> int:
    """When, in hundredths of the time, that number is largest."""
    return max(range(101), key=lambda n: value(timeline.at(timeline.duration_ms * n / 100), twin, name))


def appears(timeline: Timeline, twin: str) -> float:
    """When the thing is first there."""
    return first_ms(timeline, lambda frame: of_twin(frame, twin) is not None)


def check(before: Picture, events: tuple[Event, ...], after: Picture) -> Timeline:
    """The motion, held against all that must hold for any."""
    timeline = choreograph(before, events, after)
    assert timeline.at(0) == before.frame
    assert timeline.at(timeline.duration_ms) == after.frame
    assert timeline.at(-5) == before.frame and timeline.at(timeline.duration_ms + 5) == after.frame
    for frame in film(timeline):
        assert problems(frame, moving=True) == []
    return timeline


def test_a_new_layer_falls_while_nothing_below_it_changes() -> None:
    timeline = check(picture(["two"]), COVER, picture(["three"]))
    assert 600 <= timeline.duration_ms <= 1800
    levels = [slab.level for f in film(timeline, 60) if (slab := of_twin(f, "layer 13")) and isinstance(slab, Slab)]
    assert levels[0] > levels[-1] == 2.0
    assert levels == sorted(levels, reverse=True)
    for frame in film(timeline):
        below = of_twin(frame, "layer 11")
        assert isinstance(below, Slab) and below.level == 0.0 and below.opacity == 1.0


def test_covering_goes_slab_tile_dark_light_view() -> None:
    """Slab 3 lands, then 7; the beam of 5 goes out; then the light of 7 rises and the view changes colour."""
    timeline = check(picture(["two"]), COVER, picture(["three"]))

    def slab_lies(frame: Frame) -> bool:
        slab = of_twin(frame, "layer 13")
        return isinstance(slab, Slab) and slab.level == 2.0

    def seven_lies(frame: Frame) -> bool:
        tile = of_twin(frame, "tile 13 /file5")
        return isinstance(tile, Tile) and tile.raised == 0 and tile.opacity == 1

    def five_is_dark(frame: Frame) -> bool:
        return of_twin(frame, "beam 12 /file5") is None

    def seven_shines(frame: Frame) -> bool:
        beam = of_twin(frame, "beam 13 /file5")
        return isinstance(beam, Beam) and beam.reach == 1

    def view_is_amber(frame: Frame) -> bool:
        tile = of_twin(frame, "seen 0 /file5")
        old = any(shape.id.startswith("was.view.") for shape in frame.shapes)
        return isinstance(tile, Tile) and tile.hue == 3 and not old

    order = [first_ms(timeline, rule) for rule in (slab_lies, seven_lies, five_is_dark, seven_shines, view_is_amber)]
    assert order == sorted(order)
    assert len(set(order)) >= 4


def test_the_row_of_the_view_keeps_its_length_while_a_file_is_covered() -> None:
    for frame in film(check(picture(["two"]), COVER, picture(["three"]))):
        names = {
            s.twin for s in frame.shapes if s.twin.startswith("seen 0 /") and isinstance(s, Tile) and s.opacity > 0
        }
        assert len(names) == 6


def test_light_of_a_column_that_does_not_change_passes_the_new_slab_at_once() -> None:
    timeline = check(picture(["two"]), COVER, picture(["three"]))
    passing = appears(timeline, "pool 13 /file1")
    covering = appears(timeline, "beam 13 /file5")
    assert passing < covering


def test_the_first_layer_falls_and_its_light_rises_to_a_new_view() -> None:
    empty = layout(ARTICLE, Place(()), WINDOW)
    timeline = check(empty, (LayerAdded("one", 1, 11, "COPY a/ /"),), picture(["one"]))
    tiles = [appears(timeline, f"tile 11 /file{n}") for n in (1, 2, 3)]
    assert tiles == sorted(tiles) and len(set(tiles)) == 3  # in reading order


def test_copies_fly_from_your_computer() -> None:
    host = {"/c/file5": "File 7\n"}
    before = world({"two": TWO}, host=host)
    after = world({"two": TWO, "three": THREE}, host=host)
    old = picture(["two"], before, view=SIZES[0], beside="computer")
    timeline = check(old, COVER, picture(["three"], after, view=SIZES[0], beside="computer"))
    flying = [
        frame.camera.at((tile.u0, tile.v0, tile.level))  # type: ignore[arg-type]  # a Stage is such a triple
        for frame in film(timeline, 60)
        for tile in frame.shapes
        if isinstance(tile, Tile) and tile.id.startswith("moving.copy")
    ]
    assert len(flying) > 5
    start = next(shape for shape in old.frame.shapes if shape.twin == "host /c/file5")
    assert isinstance(start, Tile)
    assert flying[0][0] > flying[-1][0] + 200  # from the panel at the right to the slab


def lookup(path: str, *answers: str, found: int | None) -> LookedUp:
    asked = tuple((4 - n, answer) for n, answer in enumerate(answers))
    return LookedUp("c1", path, asked, found, 7)  # type: ignore[arg-type]  # answers as engine.merge gives them


def test_a_lookup_falls_row_by_row_and_stops_at_the_first_hit() -> None:
    c1 = with_container(container(31, "c1", THREE, "three", {}))
    event = lookup("/file4", "absent", "absent", "found", found=2)
    timeline = check(picture(["c1"], c1), (event,), picture(["c1"], c1, trace=(event,)))
    shown = [appears(timeline, f"stop 0 {n}") for n in (1, 2, 3)]
    assert shown == sorted(shown) and len(set(shown)) == 3
    lowest = min(
        badge.on.level
        for frame in film(timeline, 80)
        for badge in frame.shapes
        if isinstance(badge, Badge) and badge.id.startswith("moving.look") and badge.on
    )
    assert lowest == 1.0  # layer 2: what lies below was never asked
    rising = [s for f in film(timeline, 80) for s in f.shapes if isinstance(s, Beam) and s.id.startswith("moving.rise")]
    assert {beam.hue for beam in rising} == {2}


def test_a_lookup_without_a_trace_leaves_nothing_behind() -> None:
    c1 = with_container(container(31, "c1", THREE, "three", {}))
    timeline = check(
        picture(["c1"], c1),
        (lookup("/file7", "absent", "absent", "absent", "absent", found=None),),
        picture(["c1"], c1),
    )
    assert timeline.duration_ms == 0  # no column of that name: nothing to see
    timeline = check(picture(["c1"], c1), (lookup("/file5", "absent", "found", found=3),), picture(["c1"], c1))
    assert timeline.duration_ms > 600


def test_copy_up_lifts_the_whole_file_with_its_bytes() -> None:
    old = with_container(container(31, "c1", THREE, "three", {}))
    new = with_container(container(31, "c1", THREE, "three", {"/file1": "File 1\nmore\n"}))
    events = (CopiedUp("c1", "/file1", 1, 7), Written("c1", "/file1", 12, created=False))
    timeline = check(picture(["c1"], old), events, picture(["c1"], new))
    ghosts = [s for f in film(timeline, 60) for s in f.shapes if isinstance(s, Tile) and s.look == "ghost"]
    assert {ghost.tag for ghost in ghosts} == {"7 B"}
    levels = [ghost.level for ghost in ghosts]
    assert levels == sorted(levels) and (levels[0], levels[-1]) == (0.0, 3.0)
    assert any(isinstance(s, Tile) and s.look == "slot" for f in film(timeline) for s in f.shapes)
    hidden = first_ms(timeline, lambda f: getattr(of_twin(f, "tile 11 /file1"), "look", "") == "hidden")
    arrived = appears(timeline, "tile 3100 /file1")
    assert arrived <= hidden


def test_truncating_copies_nothing_up() -> None:
    old = with_container(container(31, "c1", THREE, "three", {}))
    new = with_container(container(31, "c1", THREE, "three", {"/file1": "File 8\n"}))
    events = (CopiedUp("c1", "/file1", 1, 0), Written("c1", "/file1", 7, created=False))
    timeline = check(picture(["c1"], old), events, picture(["c1"], new))
    assert not any(isinstance(s, Tile) and s.look == "ghost" for f in film(timeline, 60) for s in f.shapes)


def test_a_whiteout_drops_and_then_the_light_ends() -> None:
    old = with_container(container(31, "c1", THREE, "three", {}))
    new = with_container(container(31, "c1", THREE, "three", {"/file2": None}))
    timeline = check(picture(["c1"], old), (WhiteoutWritten("c1", "/file2", 1),), picture(["c1"], new))

    def lies(frame: Frame) -> bool:
        tile = of_twin(frame, "tile 3100 /file2")
        return isinstance(tile, Tile) and tile.raised == 0

    landed = first_ms(timeline, lies)
    stopped = first_ms(timeline, lambda f: any(isinstance(s, Beam) and s.stopped and s.opacity > 0.5 for s in f.shapes))
    hole = first_ms(timeline, lambda f: getattr(of_twin(f, "seen 0 /file2"), "look", "") == "hole")
    assert landed <= stopped + 60 and landed <= hole + 60
    assert all(isinstance(of_twin(f, "tile 11 /file2"), Tile) for f in film(timeline))  # it stays stored


def test_a_new_file_lands_and_opens_a_column() -> None:
    old = with_container(container(31, "c1", THREE, "three", {}))
    new = with_container(container(31, "c1", THREE, "three", {"/file8": "File 8\n"}))
    timeline = check(picture(["c1"], old), (Written("c1", "/file8", 7, created=True),), picture(["c1"], new))
    there = value(picture(["c1"], new).frame, "tile 11 /file1", "u0")
    room = first_ms(timeline, lambda frame: value(frame, "tile 11 /file1", "u0") == there)
    lands = appears(timeline, "tile 3100 /file8")
    assert room <= lands + 60


def test_a_container_layer_arrives_and_dissolves_while_nothing_below_moves() -> None:
    one = with_container(container(31, "c1", THREE, "three", {}))
    both = with_container(
        container(31, "c1", THREE, "three", {}), container(32, "c2", THREE, "three", {"/file8": "File 8\n"})
    )
    check(picture(["three"], one), (ContainerChanged("c1", "created"),), picture(["c1"], one))
    check(picture(["c1"], one), (ContainerChanged("c2", "created"),), picture(["c1", "c2"], both))
    gone = with_container(container(32, "c2", THREE, "three", {"/file8": "File 8\n"}))
    timeline = check(picture(["c1", "c2"], both), (ContainerChanged("c1", "removed"),), picture(["c1", "c2"], gone))
    for frame in film(timeline):
        own = of_twin(frame, "tile 3200 /file8")
        assert isinstance(own, Tile) and own.opacity == 1.0
        seen = [s for s in frame.shapes if s.twin.endswith(" /file8") and s.twin.startswith("seen ")]
        assert len(seen) == 1 and seen[0].opacity == 1.0  # the other container's view does not even flicker
    assert any(0 < s.opacity < 1 for f in film(timeline) if (s := of_twin(f, "layer 3100")) is not None)


def test_a_commit_leaves_the_container_its_layer_and_makes_a_copy_of_it() -> None:
    c1 = container(31, "c1", THREE, "three", {"/file8": "File 8\n", "/file2": None})
    kept_layer = Layer(c1.layer.key, Table.of(rows(c1.layer.entries)), "")
    kept = image(30, *THREE.layers, kept_layer)
    moved = replace(c1, layer=Layer(9000, Upper.of(rows(c1.layer.entries)), ""))
    before = with_container(c1)
    after = with_container(moved, base=world({"three": THREE, "kept": kept}))
    timeline = check(picture(["c1"], before), (Committed("c1", "kept", c1.layer.key),), picture(["c1", "kept"], after))
    for frame in film(timeline):
        own = [shape.opacity for shape in frame.shapes if shape.id in ("slab.c1.4", "was.slab.c1.4")]
        assert sum(own) >= 0.95
    copies = [of_twin(frame, "layer 3100") for frame in film(timeline)[1:]]
    assert all(isinstance(copy, Slab) for copy in copies)


def rows(entries: Entries) -> list[Entry]:
    return [entries.entry(row) for row in range(len(entries))]


def test_deleted_layers_dissolve_from_the_top_down() -> None:
    small = world({"one": image(21, A)})
    events = tuple(LayerDeleted("three", position, 10 + position, "") for position in (3, 2))
    timeline = check(picture(["three"]), events, picture(["one"], small))
    early = {
        key: 100
        - next(n for n in range(100, -1, -1) if value(film(timeline, 100)[n], f"layer {key}", "opacity") >= 0.5)
        for key in (12, 13)
    }
    assert early[13] > early[12]


def test_a_pull_lands_slabs_bottom_up_as_their_lines_complete() -> None:
    events: list[Event] = []
    for status in ("Pulling fs layer", "Downloading", "Download complete"):
        events += [PullProgress("three", n, f"{n}" * 12, status, 5, 10) for n in (1, 2, 3)]
    for n in (1, 2, 3):
        events += [PullProgress("three", n, f"{n}" * 12, status) for status in ("Extracting", "Pull complete")]
    timeline = check(layout(ALONE, Place(()), WINDOW), tuple(events), picture(["three"], ALONE, beside="log"))

    def lies(key: int, level: float) -> Callable[[Frame], bool]:
        return lambda frame: value(frame, f"layer {key}", "level", 9.0) == level

    landed = [first_ms(timeline, lies(10 + n, n - 1.0)) for n in (1, 2, 3)]
    assert landed == sorted(landed) and len(set(landed)) == 3
    words = {
        s.text.partition(": ")[2]
        for f in film(timeline, 120)
        for s in f.shapes
        if isinstance(s, Label) and ": " in s.text
    }
    assert {"Pulling fs layer", "Downloading", "Extracting", "Pull complete"} <= words
    fills = [
        s.fill_to for f in film(timeline, 60) for s in f.shapes if isinstance(s, Panel) and s.twin == "line log 11 bar"
    ]
    grown = [fill for fill in fills if fill is not None]
    assert grown == sorted(grown) and grown[-1] == 1.0


def test_a_bar_of_unknown_size_has_no_end_until_it_is_complete() -> None:
    events = tuple(
        PullProgress("three", 1, "1" * 12, status)
        for status in ("Pulling fs layer", "Downloading", "Download complete", "Extracting", "Pull complete")
    )
    timeline = check(layout(ALONE, Place(()), WINDOW), events, picture(["three"], ALONE, beside="log"))
    fills = {
        s.fill_to for f in film(timeline, 200) for s in f.shapes if isinstance(s, Panel) and s.twin == "line log 11 bar"
    }
    assert None in fills and 1.0 in fills


def test_a_layer_that_is_there_already_only_lights_up() -> None:
    event = PullProgress("seven", 1, "1" * 12, "Already exists")
    timeline = check(picture(["three"]), (event,), picture(["three", "seven"]))
    glows = [slab.glow for f in film(timeline, 60) if isinstance(slab := of_twin(f, "layer 11"), Slab)]
    assert max(glows) > 0.7 and glows[-1] == 0.0


def test_what_is_shown_lights_its_slabs_line_by_line() -> None:
    timeline = check(picture(["three"]), (Shown("inspect", "three"),), picture(["three"], beside="inspect"))
    peaks = {key: peak(timeline, f"layer {key}", "glow") for key in (11, 12, 13)}
    assert peaks[11] < peaks[12] < peaks[13]  # RootFS.Layers begins at the base
    timeline = check(picture(["three"]), (Shown("history", "three"),), picture(["three"], beside="history"))
    peaks = {key: peak(timeline, f"layer {key}", "glow") for key in (11, 12, 13)}
    assert peaks[11] > peaks[12] > peaks[13]  # history reads like the stack


def test_names_that_are_listed_light_in_reading_order() -> None:
    event = Listed("three", "/", tuple((f"file{n}", 1) for n in range(1, 7)))
    timeline = check(picture(["three"]), (event,), picture(["three"], trace=(event,)))
    peaks = [peak(timeline, f"seen 0 /file{k}", "raised") for k in range(1, 7)]
    assert peaks == sorted(peaks) and peaks[0] < peaks[-1]


def test_a_config_line_is_written_and_no_slab_moves() -> None:
    from layerviz.engine.world import Config

    new = image(33, A, B)
    new = replace(new, config=Config(env=(("LANG", "C.UTF-8"),)))
    w = world({"two": TWO, "new": new})
    before, after = picture(["two"], w, beside="config"), picture(["new"], w, beside="config")
    timeline = check(before, (ConfigChanged("new", "ENV LANG=C.UTF-8"),), after)
    for frame in film(timeline):
        slabs = [shape for shape in frame.shapes if isinstance(shape, Slab) and shape.style == "layer"]
        assert [(slab.level, slab.opacity) for slab in slabs] == [(0.0, 1.0), (1.0, 1.0)]
    assert any(isinstance(s, Label) and s.text == "ENV LANG=C.UTF-8" for s in timeline.at(timeline.duration_ms).shapes)


def test_slabs_to_flat_moves_the_camera_and_nothing_jumps() -> None:
    slabs, flat = picture(["three"]), picture(["three"], view=replace(WINDOW, mode="flat"))
    timeline = check(slabs, (), flat)
    phases = [frame.camera.phase for frame in film(timeline, 40)]
    assert phases == sorted(phases) and (phases[0], phases[-1]) == (0.0, 1.0)
    check(flat, (), slabs)


def test_stepping_into_a_directory_and_resizing_are_the_same_call_without_events() -> None:
    deep = world({"i": image(26, layer(41, {"/d/": "", "/d/a": "File 1\n", "/b": "File 2\n"}))})
    check(picture(["i"], deep), (), picture(["i"], deep, directory="/d"))
    check(picture(["three"]), (), picture(["three"], view=replace(WINDOW, width=900, height=640)))
    check(picture(["three"]), (), picture(["three"], view=replace(WINDOW, lang="zh_CN")))


def test_reduced_motion_cross_fades_and_nothing_moves() -> None:
    calm = replace(WINDOW, reduced_motion=True)
    before, after = picture(["two"], view=calm), picture(["three"], view=calm)
    timeline = check(before, COVER, after)
    assert timeline.duration_ms <= 300
    cameras = {frame.camera for frame in film(timeline)}
    assert cameras <= {before.frame.camera, after.frame.camera}
    places = {(s.id, getattr(s, "level", None)) for f in film(timeline) for s in f.shapes}
    both = {(s.id, getattr(s, "level", None)) for p in (before, after) for s in p.frame.shapes}
    assert places <= both


def test_nothing_that_differs_takes_no_time() -> None:
    assert choreograph(picture(["three"]), (), picture(["three"])).duration_ms == 0


def test_timelines_join_with_a_mark_where_each_ends() -> None:
    first = choreograph(picture(["one"]), (), picture(["two"]))
    second = choreograph(picture(["two"]), (), picture(["three"]))
    both = joined([still(picture(["one"])), first, second])
    assert both.duration_ms == first.duration_ms + second.duration_ms
    assert both.marks == (first.duration_ms, both.duration_ms)
    assert both.at(first.duration_ms) == picture(["two"]).frame
    assert both.at(first.duration_ms + 100) == second.at(100)


def test_a_frame_depends_on_its_time_alone() -> None:
    timeline = choreograph(picture(["two"]), COVER, picture(["three"]))
    forward = [timeline.at(ms) for ms in range(0, 1500, 100)]
    backward = [timeline.at(ms) for ms in reversed(range(0, 1500, 100))]
    assert forward == backward[::-1]


@settings(deadline=None, max_examples=40)
@given(LAYERS, LAYERS, st.sampled_from(SIZES), st.booleans())
def test_any_picture_becomes_any_other(old: list[Files], new: list[Files], view: View, grows: bool) -> None:
    low = [layer(70 + n, files) for n, files in enumerate(old)]
    high = (low if grows else []) + [layer(170 + n, files) for n, files in enumerate(new)]
    w = world({"old": image(29, *low), "new": image(30, *high)})
    before, after = layout(w, Place(("old",)), view), layout(w, Place(("new",)), view)
    events = (LayerAdded("new", len(high), 170 + len(new) - 1, ""),)
    timeline = choreograph(before, events, after)
    assert timeline.at(0) == (before.frame if timeline.duration_ms else after.frame)
    assert timeline.at(timeline.duration_ms) == after.frame
    for n in range(1, 8):
        frame = timeline.at(timeline.duration_ms * n / 8)
        assert len({shape.id for shape in frame.shapes}) == len(frame.shapes)


@pytest.mark.parametrize("view", SIZES)
def test_a_motion_stays_on_the_page_in_every_size(view: View) -> None:
    timeline = choreograph(picture(["two"], view=view), COVER, picture(["three"], view=view))
    for frame in film(timeline, 30):
        assert problems(frame, moving=True) == []


def test_on_the_way_tiles_change_their_width_in_steps_and_their_place_smoothly() -> None:
    timeline = check(picture(["three"]), (), picture(["three", "seven"]))
    frames = film(timeline, 90)[1:-1]
    tiles = [tile for frame in frames if isinstance(tile := of_twin(frame, "tile 11 /file1"), Tile)]
    widths = [tile.u1 - tile.u0 for tile in tiles]
    middles = {round((tile.u0 + tile.u1) / 2, 2) for tile in tiles}
    looks = {round(width, 1) for width in widths}
    moved = sum(abs(a - b) > 0.01 for a, b in pairwise(widths))
    assert len(looks) <= abs(widths[-1] - widths[0]) / 3 + 2
    assert len(middles) > moved
    depths = {round(frame.camera.depth_y, 3) for frame in frames}
    assert len(depths) <= abs(frames[-1].camera.depth_y - frames[0].camera.depth_y) + 2
    assert len({round(frame.camera.y, 3) for frame in frames}) > len(depths)


def test_on_the_way_the_form_of_tiles_follows_the_camera_in_larger_steps_that_are_those_of_their_width_too() -> None:
    timeline = check(picture(["three"]), (), picture(["three", "seven"]))
    frames = [frame for frame in film(timeline, 90) if frame.camera.tiles is not None]
    assert len(frames) > 20
    assert timeline.at(0).camera.tiles is timeline.at(timeline.duration_ms).camera.tiles is None
    forms = [tile_pose(frame.camera) for frame in frames]
    assert len(set(forms)) < len({frame.camera.depth_y for frame in frames}) * 2 / 3
    assert max(abs(form.depth_y - frame.camera.depth_y) for form, frame in zip(forms, frames, strict=True)) < 4
    widths = [tile.u1 - tile.u0 for frame in frames if isinstance(tile := of_twin(frame, "tile 11 /file1"), Tile)]
    assert len({(form, round(width, 1)) for form, width in zip(forms, widths, strict=True)}) == len(set(forms))
