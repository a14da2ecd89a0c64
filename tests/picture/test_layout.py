"""What stands in a picture: slabs, tiles, light, views, names; in every way of showing it."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layerviz.engine.digests import image_id
from layerviz.engine.events import CopiedUp, Listed, LookedUp, Shown
from layerviz.picture.layout import Card, Picture, Place, Vacated, View, layout
from layerviz.picture.layout.plan import meant
from layerviz.picture.layout.sight import size_text
from layerviz.picture.shapes import Badge, Beam, Head, Label, Line, Panel, Pool, Slab, Stage, Tile
from layerviz.strings import LANGUAGES
from tests.picture.judging import problems, texts
from tests.picture.worlds import (
    ARTICLE,
    SEVEN,
    THREE,
    A,
    B,
    Files,
    container,
    image,
    layer,
    with_container,
    world,
)

SIZES = (
    View(title="Seven files stored, six files seen", kicker="LESSON 3", caption="Seven stored, six seen.", step=(6, 8)),
    View(width=1200, height=900, title="A page of another shape"),
    View(fixed=True, width=760, height=564),
    View(fixed=True, width=1240, height=744),
    View(fixed=True, width=976, height=416),
)
PLACES = (
    Place(("three",)),
    Place(("three", "seven")),
    Place(("one", "two", "three")),
    Place(("one",), beside="computer"),
    Place(("three",), beside="history"),
    Place(("three",), beside="inspect"),
    Place(("three",), beside="names"),
    Place(("three",), beside="driver"),
    Place(("three",), beside="config"),
    Place(("three", "seven"), beside="disk"),
)


def picture(place: Place = PLACES[0], view: View = SIZES[2], of=ARTICLE) -> Picture:  # type: ignore[no-untyped-def]  # a World
    return layout(of, place, view)


def tiles(of: Picture, stack: str = "three") -> dict[str, Tile]:
    """By address."""
    return {shape.address: shape for shape in of.frame.shapes if isinstance(shape, Tile)}


@pytest.mark.parametrize("mode", ["slabs", "flat", "auto"])
@pytest.mark.parametrize(("place", "view", "lang"), tuple(product(PLACES, SIZES, LANGUAGES)))
def test_nothing_overlaps_or_leaves_the_page_in_any_size_mode_and_language(place, view, lang, mode) -> None:  # type: ignore[no-untyped-def]  # parameters
    assert problems(picture(place, replace(view, lang=lang, mode=mode)).frame) == []


def test_a_covered_tile_is_hidden_and_the_upper_one_is_seen() -> None:
    shown = tiles(picture())
    assert shown["three[2]:/file5"].look == "hidden"
    assert shown["three[3]:/file5"].look == "solid"
    assert shown["three:/file5"].label == "7"
    assert shown["three:/file5"].hue == 3


def test_a_tile_keeps_the_colour_of_its_layer_in_the_merged_view() -> None:
    shown = tiles(picture())
    assert [shown[f"three:/file{n}"].hue for n in range(1, 7)] == [1, 1, 1, 2, 3, 2]


def test_light_rises_from_the_newest_version_and_leaves_a_window_in_each_slab_it_passes() -> None:
    shapes = picture().frame.shapes
    beams = [shape for shape in shapes if isinstance(shape, Beam)]
    of_file_1 = sorted((beam.low, beam.from_tile) for beam in beams if beam.twin.endswith("/file1"))
    assert of_file_1 == [(0.0, True), (1.0, False), (2.0, False)]
    assert [(beam.low, beam.from_tile) for beam in beams if beam.twin.endswith("/file5")] == [(2.0, True)]
    assert sorted(pool.level for pool in shapes if isinstance(pool, Pool) and pool.twin.endswith("/file1")) == [
        1.0,
        2.0,
    ]


def test_a_whiteout_ends_the_light_at_a_bar_and_leaves_a_hole_in_the_view() -> None:
    world = with_container(container(31, "c1", THREE, "three", {"/file2": None}))
    of = picture(Place(("c1",)), of=world)
    shown = tiles(of)
    assert shown["c1[rw]:/file2"].look == "whiteout"
    assert shown["c1[1]:/file2"].look == "hidden"
    assert shown["c1:/file2"].look == "hole"
    stopped = [beam for beam in of.frame.shapes if isinstance(beam, Beam) and beam.stopped]
    assert [(beam.low, beam.high) for beam in stopped] == [(2.0, 3.0)]


def test_the_flat_view_has_one_line_of_light_a_column_and_the_same_ids() -> None:
    slabs, flat = picture(), picture(view=replace(SIZES[2], mode="flat"))
    assert flat.frame.camera.phase == 1
    assert sum(isinstance(shape, Beam) for shape in flat.frame.shapes) == 6
    assert {t.id for t in tiles(flat).values()} == {t.id for t in tiles(slabs).values()}


def test_while_a_question_is_asked_nothing_is_revealed() -> None:
    of = picture(view=replace(SIZES[2], asking=True))
    assert not any(isinstance(shape, Beam | Pool | Head) for shape in of.frame.shapes)
    assert {tile.look for tile in tiles(of).values()} == {"solid"}
    assert not any(address.startswith("three:") for address in tiles(of))
    assert "?" in texts(of.frame.shapes)
    assert not any("hidden" in shape.alt for shape in of.frame.shapes)


def test_a_layer_that_is_only_expected_is_dashed() -> None:
    of = picture(Place(("three",), expected=("three[3]",)))
    styles = [shape.style for shape in of.frame.shapes if isinstance(shape, Slab)]
    assert styles == ["layer", "layer", "expected", "view"]


def test_what_images_share_stands_once_under_both() -> None:
    of = picture(Place(("three", "seven")), SIZES[0])
    slabs = {shape.twin: shape for shape in of.frame.shapes if isinstance(shape, Slab)}
    assert {f"layer {key}" for key in (11, 12, 13, 14)} <= set(slabs)
    left, right, base = slabs["layer 13"], slabs["layer 14"], slabs["layer 11"]
    assert left.level == right.level > slabs["layer 12"].level
    assert left.u1 < right.u0
    assert (base.u0, base.u1) == pytest.approx((left.u0, right.u1))
    assert [slot.name for slot in of.slots] == ["three", "seven"]


def test_an_image_that_ends_below_the_top_is_a_label_at_its_height() -> None:
    of = picture(Place(("one", "two", "three")), SIZES[0])
    tags = {shape.text: shape.on.level for shape in of.frame.shapes if isinstance(shape, Badge) and shape.on}
    assert tags == {"one": 0.0, "two": 1.0, "three": 2.0}
    assert sum(isinstance(shape, Slab) and shape.style == "view" for shape in of.frame.shapes) == 1


def test_containers_of_one_image_stand_side_by_side_over_its_merged_view() -> None:
    both = with_container(
        container(31, "c1", THREE, "three", {"/file2": "File 2\n"}),
        container(32, "c2", THREE, "three", {"/file6": None}),
    )
    of = picture(Place(("c1", "c2")), SIZES[0], both)
    assert problems(of.frame) == []
    views = {shape.address: shape for shape in of.frame.shapes if isinstance(shape, Slab) and shape.style == "view"}
    assert set(views) == {"three:/", "c1:/", "c2:/"}
    assert views["three:/"].level < views["c1:/"].level == views["c2:/"].level
    shown = tiles(of)
    assert shown["c1:/file2"].hue == "rw" and shown["c2:/file2"].hue == 1
    assert shown["three[1]:/file2"].look == "solid"  # the image's own view still shows it


def test_two_layers_with_one_diff_id_have_ids_of_their_own() -> None:
    twice = image(25, A, replace(A, key=15), B)
    of = picture(Place(("twice",)), of=world({"twice": twice}))
    assert problems(of.frame) == []


def test_a_directory_tile_counts_what_lies_below_and_shows_who_gives_to_it() -> None:
    low = layer(41, {"/etc/": "", "/etc/a": "x", "/etc/b": "y", "/long": "a file with a longer line than a toy has"})
    high = layer(42, {"/etc/": "", "/etc/c": "z"})
    shown = tiles(picture(Place(("i",)), of=world({"i": image(26, low, high)})))
    assert shown["i[1]:/etc"].label == "2" and shown["i[2]:/etc"].label == "1"
    assert shown["i:/etc"].label == "3" and shown["i:/etc"].hues == (1, 2)
    assert shown["i[1]:/etc"].look == "solid"  # directories merge, they do not hide
    assert shown["i:/long"].label == "40 B"


def test_an_opaque_directory_hides_lower_ones_only() -> None:
    from layerviz.engine.entry import Entry, Kind
    from layerviz.engine.table import Table
    from layerviz.engine.world import Layer

    low = layer(41, {"/d/": "", "/d/a": "File 1\n"})
    high = Layer(42, Table.of([Entry("/d", Kind.DIR, 0o755, opaque=True), *_files("/d/b", "File 2\n")]))
    shown = tiles(picture(Place(("i",), directory="/d"), of=world({"i": image(26, low, high)})))
    assert shown["i[1]:/d/a"].look == "hidden"
    assert shown["i[2]:/d/b"].look == "solid"
    assert "i:/d/a" not in shown or shown["i:/d/a"].look == "hole"


def _files(path: str, text: str):  # type: ignore[no-untyped-def]  # entries
    from tests.picture.worlds import entries

    return entries({path: text})


def test_a_wide_directory_folds_and_spares_what_several_layers_touch() -> None:
    many = {f"/name{n:03d}": "some longer text than a toy" for n in range(100)}
    top = layer(52, {"/name077": "another text, and a longer one"})
    of = picture(Place(("i",)), SIZES[0], world({"i": image(27, layer(51, many), top)}))
    assert of.mode == "flat"
    assert len(of.columns) == 40
    assert of.columns[-1].folded and len(of.columns[-1].folded) == 61
    assert "/name077" in {column.path for column in of.columns[:-1]}
    assert tiles(of)["i:/"].alt == "61 more names in /"
    assert problems(of.frame) == []


def test_a_deep_stack_folds_to_twelve_rows() -> None:
    deep = image(28, *(layer(60 + n, {f"/f{n}": f"File {n}\n"}) for n in range(20)))
    of = picture(Place(("deep",)), SIZES[0], world({"deep": deep}))
    rows = [shape for shape in of.frame.shapes if isinstance(shape, Slab) and shape.style == "layer"]
    assert len(rows) == 12
    assert len(of.slots[0].levels) == 20
    assert problems(of.frame) == []


def test_shallow_slabs_turn_flat_by_themselves_and_only_then() -> None:
    deep = world({"deep": image(28, *(layer(60 + n, {f"/f{n}": f"File {n}\n"}) for n in range(9)))})
    low = View(fixed=True, width=760, height=420)
    assert picture(Place(("deep",)), low, deep).mode == "flat"
    assert picture(Place(("deep",)), replace(low, mode="slabs"), deep).mode == "slabs"
    assert picture(view=low).mode == "slabs"


def test_everything_that_can_be_clicked_has_an_address_and_words() -> None:
    of = picture(view=SIZES[0])
    for shape in of.frame.shapes:
        if isinstance(shape, Slab | Tile):
            assert shape.address and shape.alt, shape.id
    assert all(of.alt)


def test_a_picture_of_nothing_is_a_page() -> None:
    of = picture(Place(("nobody",)), SIZES[0])
    assert of.slots == () and problems(of.frame) == []
    assert any(isinstance(shape, Label) and shape.id == "title" for shape in of.frame.shapes)


def test_a_name_that_begins_an_image_id_is_not_that_image() -> None:
    from layerviz.engine.digests import image_id

    digits = image_id(THREE).removeprefix("sha256:")
    assert picture(Place((digits[:2],))).slots == ()
    assert picture(Place((digits[:12],))).slots != ()


def test_the_chosen_tile_is_marked_and_no_other() -> None:
    shown = tiles(picture(view=replace(SIZES[2], chosen="three[3]:/file5")))
    assert [address for address, tile in shown.items() if tile.chosen] == ["three[3]:/file5"]


def test_a_lookup_stays_visible_as_numbered_steps_while_it_is_still_true() -> None:
    way = LookedUp("three", "/file1", ((3, "absent"), (2, "absent"), (1, "found")), 1, 7)
    of = picture(Place(("three",), trace=(way,)), SIZES[0])
    dots = [shape for shape in of.frame.shapes if isinstance(shape, Badge) and shape.twin.startswith("stop ")]
    assert [(dot.text, dot.on and dot.on.level) for dot in dots] == [("1", 2.0), ("2", 1.0), ("3", 0.0)]
    assert "found: 7 B" in texts(of.frame.shapes)
    stale = replace(way, found=2)
    of = picture(Place(("three",), trace=(stale,)), SIZES[0])
    assert not any(shape.twin.startswith("stop ") for shape in of.frame.shapes)


def test_traces_of_listing_diff_and_copy_up_stay_visible() -> None:
    w = with_container(
        container(31, "c1", THREE, "three", {"/file1": "File 1\n", "/file2": None, "/file8": "File 8\n"})
    )
    names = tuple((f"file{n}", 1) for n in (1, 3, 4, 5, 6, 8))
    of = picture(Place(("c1",), trace=(Listed("c1", "/", names),)), SIZES[0], w)
    assert "6 names listed" in texts(of.frame.shapes)
    of = picture(Place(("c1",), trace=(Shown("diff", "c1"),)), SIZES[0], w)
    letters = {shape.twin.split(" ")[-1]: shape.text for shape in of.frame.shapes if shape.twin.startswith("diff ")}  # type: ignore[union-attr]  # badges
    assert letters == {"/file1": "C", "/file2": "D", "/file8": "A"}
    of = picture(Place(("c1",), trace=(CopiedUp("c1", "/file1", 1, 7),)), SIZES[3], w)
    assert tiles(of)["c1[rw]:/file1"].tag in ("7 B", "")


def test_remarks_speak_of_what_is_in_focus() -> None:
    of = picture(Place(("three",), focus=("three[3]:/file5",)), SIZES[0])
    assert {"7 covers 5", "5 is still stored"} <= set(texts(of.frame.shapes))
    leader = [shape for shape in of.frame.shapes if isinstance(shape, Line) and shape.id.endswith("leader")]
    assert len(leader) == 1 and leader[0].y0 == leader[0].y1


def test_lines_of_history_lie_level_with_their_slabs() -> None:
    of = picture(Place(("three",), beside="history"), SIZES[0])
    leaders = [shape for shape in of.frame.shapes if isinstance(shape, Line) and shape.id.startswith("leader.")]
    assert [leader.on0.level for leader in leaders if leader.on0] == [2.0, 1.0, 0.0]
    commands = [shape for shape in of.frame.shapes if isinstance(shape, Label) and shape.text.startswith("COPY")]
    assert [round(leader.y1) for leader in leaders] == [round(text.y - text.size_px * 0.36) for text in commands]


def test_lines_of_inspect_which_read_the_other_way_round_have_the_layers_numbers_and_no_leader() -> None:
    of = picture(Place(("three",), beside="inspect"), SIZES[0])
    assert not any(isinstance(shape, Line) and shape.twin.startswith("line ") for shape in of.frame.shapes)
    chips = [shape for shape in of.frame.shapes if isinstance(shape, Badge) and shape.id.startswith("line.inspect.")]
    assert [(chip.text, chip.hue) for chip in chips] == [("1", 1), ("2", 2), ("3", 3)]


def test_a_panel_that_repeats_the_stage_goes_before_its_slabs_do() -> None:
    two = with_container(
        container(31, "c1", THREE, "three", {"/file1": "File 1\n", "/file8": "File 8\n"}),
        container(32, "c2", THREE, "three", {}),
    )
    narrow, wide = (
        picture(Place(("c1", "c2"), beside="disk"), View(fixed=True, width=width, height=620), two)
        for width in (760, 1240)
    )
    assert (narrow.mode, wide.mode) == ("slabs", "slabs")
    assert "panel disk" not in {shape.twin for shape in narrow.frame.shapes}
    assert "panel disk" in {shape.twin for shape in wide.frame.shapes}
    beside = picture(Place(("c1", "c2"), beside="history"), View(fixed=True, width=760, height=620), two)
    assert "panel history" in {shape.twin for shape in beside.frame.shapes}  # which says what the stage does not


def test_large_files_are_taller_and_stay_below_the_slab_above() -> None:
    small, large, larger = "x" * 9, "y" * 2_000_000, "z" * 20_000_000
    of = image(25, layer(51, {"/a": small, "/b": large, "/c": larger}), layer(52, {"/d": small}))
    for view in SIZES:
        drawn = picture(Place(("big",)), view, world({"big": of}))
        if drawn.mode == "flat":
            continue
        tall = {tile.address: tile.tall for tile in tiles(drawn, "big").values()}
        assert 0 == tall["big[1]:/a"] < tall["big[1]:/b"] < tall["big[1]:/c"]
        assert tall["big:/c"] == 0  # a view has no bytes of its own
        camera = drawn.frame.camera
        tile = tiles(drawn, "big")["big[1]:/c"]
        top = camera.at(Stage(tile.u0, tile.v1, tile.level))[1] - camera.lift - tile.tall
        assert top >= camera.at(Stage(0, 0, 1))[1] + camera.thickness
        beam = next(s for s in drawn.frame.shapes if isinstance(s, Beam) and s.twin == "beam 51 /c")
        assert beam.foot == tile.tall


def test_blocks_that_were_counted_before_are_hatched() -> None:
    of = picture(Place(("three", "seven"), beside="disk"), SIZES[0])
    styles = [s.style for s in of.frame.shapes if isinstance(s, Panel) and s.id.startswith("line.disk.listed")]
    assert styles.count("again") == 1 and "again" not in styles[:1]
    stored = [s.style for s in of.frame.shapes if isinstance(s, Panel) and s.id.startswith("line.disk.on_5fdisk")]
    assert stored and set(stored) == {"dot"}


def test_a_view_that_shows_no_name_says_so() -> None:
    of = picture(Place(("three",), directory="/nowhere"), SIZES[0])
    assert "nothing here" in texts(of.frame.shapes)
    asking = picture(Place(("three",), directory="/nowhere"), replace(SIZES[0], asking=True))
    assert "nothing here" not in texts(asking.frame.shapes)


def test_cards_stand_beside_the_same_view() -> None:
    cards = tuple(
        Card(name, "snapshots, each with the whole tree", "gone", "snapshot", faded=n == 1)
        for n, name in enumerate("ABCDEF")
    )
    for view in SIZES:
        of = picture(Place(("three",), beside="cards", cards=cards), view)
        assert problems(of.frame) == []
        if any(shape.twin == "card A" for shape in of.frame.shapes):
            assert set("ABCDEF") <= set(texts(of.frame.shapes))


def test_what_a_card_has_no_room_for_ends_in_an_ellipsis() -> None:
    words = "on NTFS: layers in folders of their own, the container in a file that is a disk"
    cards = tuple(Card(name, words) for name in "ABCDEF")
    of = picture(Place(("three",), beside="cards", cards=cards), SIZES[4])
    lines = [s.text for s in of.frame.shapes if isinstance(s, Label) and s.twin.startswith("card A on")]
    assert len(lines) == 1 and lines[0].endswith("…") and words.startswith(lines[0][:-1].rstrip())


def test_your_computer_shows_files_as_tiles_that_can_be_taken() -> None:
    host = {"/a/file1": "File 1\n", "/c/file5": "File 7\n", "/Dockerfile": "FROM scratch\nCOPY a/ /\n"}
    of = picture(Place(("two",), beside="computer"), SIZES[0], world({"two": image(22, A, B)}, host=host))
    shown = tiles(of)
    assert shown["host:/a/file1"].hue == 1  # layer 1 holds the same file
    assert shown["host:/c/file5"].hue == 3 and shown["host:/c/file5"].label == "7"  # what the next layer would be
    assert problems(of.frame) == []


def test_what_is_listed_twice_is_stored_once() -> None:
    of = picture(Place(("three", "seven"), beside="disk"), SIZES[0])
    bars = {
        key: sum(
            shape.width + 3
            for shape in of.frame.shapes
            if isinstance(shape, Panel) and shape.id.startswith(f"line.disk.{part}.")
        )
        for key, part in (("listed", "listed"), ("stored", "on_5fdisk"))
    }
    shared, own = A.entries.size_bytes + B.entries.size_bytes, 7
    assert bars["stored"] / bars["listed"] == pytest.approx((shared + 2 * own) / (2 * (shared + own)), rel=0.05)
    assert size_text(2 * (shared + own)) in texts(of.frame.shapes)


def test_a_page_has_one_composition_whatever_its_resolution() -> None:
    small = picture(view=replace(SIZES[0], width=1600, height=900)).frame
    large = picture(view=replace(SIZES[0], width=3840, height=2160)).frame
    assert large.shapes == small.shapes
    assert (large.scale, small.scale) == (2.4, 1.0)


NAMES = st.sampled_from([f"/file{n}" for n in range(1, 9)])
CONTENT = st.one_of(
    st.none(), st.integers(1, 9).map(lambda n: f"File {n}\n"), st.just("a longer line than a toy has\n")
)
LAYERS = st.lists(st.dictionaries(NAMES, CONTENT, max_size=5), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(LAYERS, st.sampled_from(SIZES), st.sampled_from(["slabs", "flat", "auto"]), st.booleans())
def test_any_stack_makes_a_good_picture(stack: list[Files], view: View, mode: str, asking: bool) -> None:
    made = image(29, *(layer(70 + n, files, f"COPY {n}/ /") for n, files in enumerate(stack)))
    of = picture(Place(("any",)), replace(view, mode=mode, asking=asking), world({"any": made}))  # type: ignore[arg-type]  # one of the modes
    assert problems(of.frame) == []
    seen = {shape.address for shape in of.frame.shapes if isinstance(shape, Tile) and shape.look == "solid"}
    from layerviz.engine.merge import children

    if not asking:
        assert {f"any:{found.entry.path}" for found in children(made.layers, "/")} == {
            a for a in seen if a.startswith("any:")
        }


def test_seven_images_of_one_base_still_find_room() -> None:
    many = world({f"i{n}": image(80 + n, A, layer(90 + n, {f"/own{n}": f"File {n}\n"})) for n in range(4)})
    for view in SIZES[:1] + SIZES[3:4]:
        assert problems(picture(Place(tuple(f"i{n}" for n in range(4))), view, many).frame) == []


def test_unrelated_images_stand_on_feet_of_their_own() -> None:
    other = image(95, layer(96, {"/x": "File 1\n"}))
    of = picture(Place(("three", "other")), SIZES[0], world({"three": THREE, "other": other, "seven": SEVEN}))
    bases = [shape for shape in of.frame.shapes if isinstance(shape, Slab) and shape.level == 0]
    assert len(bases) == 2 and bases[0].u1 < bases[1].u0
    assert problems(of.frame) == []


@pytest.mark.parametrize("digits", [1, 2, 11])
def test_the_beginning_of_an_id_names_nothing_on_a_stage_unless_it_is_a_whole_short_id(digits: int) -> None:
    w = with_container(container(31, "c1", THREE, "three", {}))
    for whole in (image_id(THREE).removeprefix("sha256:"), w.containers[0].id):
        assert meant(w, whole[:12]) is not None
        assert layout(w, Place((whole[:digits],)), SIZES[0]).slots == ()
    assert meant(w, "c1") is not None and meant(w, "three") is not None


@pytest.mark.parametrize("size", [(976, 416), (920, 384), (664, 416)])
def test_short_names_are_whole_over_stacks_side_by_side_in_the_flat_view(size: tuple[int, int]) -> None:
    view = View(mode="flat", fixed=True, width=size[0], height=size[1])
    heads = [shape.text for shape in picture(Place(("three", "seven")), view).frame.shapes if isinstance(shape, Head)]
    assert len(heads) >= 10
    assert not any("…" in text for text in heads)


def test_in_the_flat_view_rows_that_stacks_share_leave_their_commands_more_room() -> None:
    view = View(mode="flat", fixed=True, width=920, height=384)
    bands = [shape for shape in picture(Place(("three", "seven")), view).frame.shapes if isinstance(shape, Slab)]
    shared = [band for band in bands if band.style == "layer" and band.number in ("1", "2")]
    alone = [band for band in bands if band.style == "layer" and band.number == "3"]
    assert min(band.head_px for band in shared) > max(band.head_px for band in alone)
    assert [band.detail for band in shared] == ["COPY a/ /", "COPY b/ /"]


def test_a_containers_layer_has_a_short_title_where_the_band_is_narrow() -> None:
    of = with_container(*(container(31 + n, f"c{n + 1}", THREE, "three", {"/new": "x"}) for n in range(2)))
    for width, title in ((1600, "Container layer"), (920, "Own layer")):
        view = View(mode="flat", fixed=True, width=width, height=500)
        bands = [shape for shape in picture(Place(("c1", "c2")), view, of).frame.shapes if isinstance(shape, Slab)]
        assert {band.title for band in bands if band.style == "container"} == {title}


def test_a_place_left_empty_keeps_everything_beside_and_below_it_where_it_stood() -> None:
    of = with_container(*(container(31 + n, f"c{n + 1}", THREE, "three", {"/new": "x"}) for n in range(2)))
    left = replace(of, containers=of.containers[1:])
    before = picture(Place(("c1", "c2")), of=of)
    after = picture(Place(("three", "c2"), vacated=(Vacated(0, "c1"),)), of=left)
    assert after.frame.camera == before.frame.camera
    stood = {shape.twin: shape for shape in before.frame.shapes if isinstance(shape, Slab | Tile)}
    stands = {shape.twin: shape for shape in after.frame.shapes if isinstance(shape, Slab | Tile)}
    assert stands.keys() < stood.keys()
    for twin, shape in stands.items():
        assert (shape.u0, shape.u1, shape.level) == (stood[twin].u0, stood[twin].u1, stood[twin].level)
