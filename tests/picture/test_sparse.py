"""The picture of a real image's directory: layers that hold nothing there are left out, a chosen column is framed."""

from dataclasses import replace

from layerviz.engine.apply import empty_world
from layerviz.engine.world import World
from layerviz.picture.expand import primitives
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.layout.choice import lit
from layerviz.picture.primitives import Font, Text
from layerviz.picture.shapes import Head, Panel, Slab, Stage, Tile
from layerviz.picture.theme import THEMES
from layerviz.picture.widths import width
from layerviz.shell import run_script

STEPS = """\
mkdir -p a/in b/other c/in && echo 1 > a/in/one && echo 2 > b/other/two && echo 3 > c/in/one
printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\nCOPY c/ /\\n' > Dockerfile
docker build -t mine .
"""


def world(text: str = STEPS) -> World:
    results = run_script(empty_world(), text)
    assert [result.stderr for result in results if result.status] == []
    return results[-1].world


def drawn(directory: str, column: str = "", height: float = 560, made: World | None = None) -> Picture:
    view = View(mode="flat", width=736, height=height, fixed=True)
    return layout(made or world(), Place(("mine",), directory, sparse=True, column=column), view)


def numbers(picture: Picture) -> list[str]:
    return [shape.number for shape in picture.frame.shapes if isinstance(shape, Slab) and shape.style == "layer"]


def test_layers_with_nothing_in_the_directory_are_left_out() -> None:
    assert numbers(drawn("/in")) == ["1", "3"]
    assert numbers(drawn("/")) == ["1", "2", "3"]


def test_rows_stand_on_each_other_without_a_gap_and_every_position_has_a_level() -> None:
    picture = drawn("/in")
    levels = [shape.level for shape in picture.frame.shapes if isinstance(shape, Slab)]
    assert sorted(levels) == [0.0, 1.0, 2.0]
    slot = picture.slot("mine")
    assert slot is not None and slot.levels == (0.0, 1.0, 1.0)


def test_the_chosen_column_is_framed_from_the_view_to_the_lowest_row() -> None:
    picture = drawn("/in", column="/in/one")
    frame = next(shape for shape in picture.frame.shapes if isinstance(shape, Panel) and shape.style == "choice")
    tiles = [shape for shape in picture.frame.shapes if isinstance(shape, Tile)]
    assert len(tiles) == 3
    for tile in tiles:
        x, y = picture.frame.camera.at(Stage(tile.u0, 0.0, tile.level))
        right, _ = picture.frame.camera.at(Stage(tile.u1, 0.0, tile.level))
        assert frame.x < x and right < frame.x + frame.width
        assert frame.y < y <= frame.y + frame.height
    assert not any(isinstance(s, Panel) and s.style == "choice" for s in drawn("/in", column="/in/none").frame.shapes)


def test_as_many_rows_stand_there_as_can_be_read_and_the_rest_is_folded() -> None:
    steps = "".join(f"mkdir d{n} && echo {n} > d{n}/f{n}\n" for n in range(14))
    lines = "".join(f"COPY d{n}/ /\\n" for n in range(14))
    made = world(f"{steps}printf 'FROM scratch\\n{lines}' > Dockerfile\ndocker build -t mine .\n")
    high, low = drawn("/", made=made), drawn("/", height=300, made=made)
    assert len(numbers(high)) == 14 and "" not in numbers(high)
    assert len(numbers(low)) == 6 and numbers(low).count("") >= 1


def test_a_chosen_name_is_never_folded() -> None:
    names = " ".join(f"a/n{n:02}" for n in range(60))
    made = world(
        f"mkdir a && touch {names}\nprintf 'FROM scratch\\nCOPY a/ /\\n' > Dockerfile\ndocker build -t mine .\n"
    )
    folded = {column.path for column in drawn("/", made=made).columns if not column.folded}
    chosen = {column.path for column in drawn("/", "/n59", made=made).columns if not column.folded}
    assert "/n59" not in folded and "/n59" in chosen


def many(names: str = "name-{n:04d}.txt") -> World:
    files = "".join(f"head -c {1000 + 37 * n} /dev/zero > m/{names.format(n=n)}\n" for n in range(60))
    return world(f"mkdir m\n{files}printf 'FROM scratch\\nCOPY m/ /m/\\n' > Dockerfile\ndocker build -t mine .\n")


def test_where_names_are_folded_those_that_stay_say_their_size() -> None:
    picture = drawn("/m", made=many())
    tiles = [s for s in picture.frame.shapes if isinstance(s, Tile) and s.kind == "file"]
    assert len(picture.columns[-1].folded) > 40
    assert tiles and all(tile.label for tile in tiles)


def test_names_that_begin_and_end_alike_are_told_apart() -> None:
    picture = drawn("/m", made=many("a-long-name-{n:04d}-of-a-thing.txt"), height=300)
    texts = [s.text for s in picture.frame.shapes if isinstance(s, Head)]
    assert len(set(texts)) == len(texts) and any(text.startswith("…") for text in texts)


def test_a_picture_that_is_lit_is_the_one_that_is_laid_out_so() -> None:
    made, place = world(), Place(("mine",), "/in", sparse=True)
    view = View(mode="flat", width=736, height=560, fixed=True)
    for chosen, pointed in (("mine:/in/one", ""), ("mine[3]:/in/one", "mine:/in/two"), ("mine[1]", "mine[3]")):
        wanted = layout(made, place, replace(view, chosen=chosen, pointed=pointed))
        assert wanted.frame != layout(made, place, view).frame
        assert lit(layout(made, place, view), chosen, pointed) == wanted
        assert lit(wanted, "", "") == layout(made, place, view)


def test_a_title_may_reach_to_the_first_tile() -> None:
    command = "RUN " + "a-step-with-a-long-name " * 3
    made = world("mkdir a && echo 1 > a/f\nprintf 'FROM scratch\\nCOPY a/ /\\n' > Dockerfile\ndocker build -t mine .\n")
    image = made.images[-1]
    layers = (*image.layers[:-1], replace(image.layers[-1], created_by=command))
    named = replace(made, images=(*made.images[:-1], replace(image, layers=layers)))
    picture = drawn("/", made=named)
    (slab,) = (s for s in picture.frame.shapes if isinstance(s, Slab) and s.style == "layer")
    tile = next(s for s in picture.frame.shapes if isinstance(s, Tile) and s.level == slab.level)
    font = Font(slab.text_px - 1, 400, "mono")
    reaches = slab.u0 - slab.head_px + 56 + width(slab.detail, font)
    assert slab.u0 < reaches <= tile.u0
    drawn_parts = (part for _, _, parts in primitives(picture.frame, THEMES["dark"]) for part in parts)
    words = [part.text for part in drawn_parts if isinstance(part, Text)]
    assert slab.detail in words, "it is painted as it was cut"


def test_directories_that_several_layers_give_to_stay_among_many() -> None:
    folders = "".join(f"mkdir -p a/d{n:02d} && echo {n} > a/d{n:02d}/one\n" for n in range(40))
    more = "mkdir -p b/d35 b/d38 && echo x > b/d35/two && echo y > b/d38/two\n"
    made = world(
        f"{folders}{more}printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\n' > Dockerfile\ndocker build -t mine .\n"
    )
    picture = drawn("/", made=made)
    assert {"/d35", "/d38"} <= {column.path for column in picture.columns}
    assert len(picture.columns) > 12, "directories need no room for sizes"
