"""The picture of a real image's directory: layers that hold nothing there are left out, a chosen column is framed."""

from layerviz.engine.apply import empty_world
from layerviz.engine.world import World
from layerviz.picture.layout import Picture, Place, View, layout
from layerviz.picture.shapes import Panel, Slab, Stage, Tile
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
