"""Your computer shows the files of the world that it is shown, whichever it was shown before."""

from layerviz.app.computer_pane import host_rows
from layerviz.engine.apply import empty_world
from layerviz.engine.world import World
from layerviz.shell import run_script


def after(world: World, script: str) -> World:
    return run_script(world, script)[-1].world


def chips(world: World) -> list[tuple[str, str]]:
    (row,) = host_rows(world)
    return [(chip.label, chip.name) for chip in row.chips]


def test_files_follow_what_is_in_them_there_and_back() -> None:
    one = after(empty_world(), "mkdir a; echo 'File 1' > a/one; echo 'File 2' > a/two")
    changed = after(one, "echo 'File 3' > a/two")
    fewer = after(changed, "rm a/one")
    for world, shown in (
        (one, [("1", "one"), ("2", "two")]),
        (changed, [("1", "one"), ("3", "two")]),
        (fewer, [("3", "two")]),
        (one, [("1", "one"), ("2", "two")]),
    ):
        assert chips(world) == shown


def test_a_folder_s_number_follows_what_lies_below_it() -> None:
    world = after(empty_world(), "mkdir -p a/b; touch a/b/one")
    assert chips(world) == [("1", "b")]
    assert chips(after(world, "touch a/b/two")) == [("2", "b")]
    assert chips(world) == [("1", "b")]
