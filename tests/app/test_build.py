"""Build: the example of file 7, once by hand and once by typing; undo, redo, what is kept."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from layerviz.app.build import Build
from layerviz.app.preview import PreviewScene
from layerviz.app.prompting import run
from layerviz.app.session import Origin, short_name
from layerviz.app.window import Window
from layerviz.engine.address import parse, resolve
from layerviz.engine.apply import empty_world
from layerviz.engine.digests import image_id
from layerviz.engine.sizes import seen, stored
from layerviz.picture.shapes import Slab
from tests.app.hands import LEFT, Key, addresses, click, click_shape, drag, picture_of, press, settle
from tests.images import archives, layouts
from tests.images.archives import File

REAL = Path(
    os.environ.get("LAYERVIZ_TEST_IMAGE", Path(__file__).parents[3] / "shared" / "data" / "test-docker-image.tar")
)
FILES = (
    "mkdir a b c",
    'echo "File 1" > a/file1; echo "File 2" > a/file2; echo "File 3" > a/file3',
    'echo "File 4" > b/file4; echo "File 5" > b/file5; echo "File 6" > b/file6',
    'echo "File 7" > c/file5',
)


def type_lines(build: Build, *lines: str) -> None:
    for line in lines:
        QTest.keyClicks(build.terminal.prompt, line)
        QTest.keyClick(build.terminal.prompt, Key.Key_Return)
    settle(build.stage)


def mark_of(build: Build, place: int) -> QPoint:
    """Where the mark stands whose tip names the command of `place`."""
    marks, name = build.undo_line.marks, short_name(build.session.done[place - 1].text)
    for x in range(0, marks.width(), 4):
        QTest.mouseMove(marks, QPoint(x, marks.height() // 3))
        if marks.toolTip() == name:
            return QPoint(x, marks.height() // 3)
    raise AssertionError(f"no mark is called {name}")


def row_of(build: Build, name: str) -> QPoint:
    """Where the row of a folder of your computer stands in its pane."""
    pane = build.tools.computer
    index = [row.name for row in pane.rows].index(name)
    return pane.row_rect(index).center().toPoint()


def drop(build: Build, name: str) -> None:
    """Drags a folder of your computer onto the middle of the stage."""
    drag(build.tools.computer, row_of(build, name), build.stage, build.stage.rect().center())
    settle(build.stage)


def test_file_seven_over_file_five_by_drag_and_drop(window: Window) -> None:
    window.show_page("build")
    build = window.build
    type_lines(build, *FILES)
    drag(build.tools.bases["scratch"], QPoint(40, 18), build.stage, build.stage.rect().center())
    assert build.world.images == ()  # scratch alone is no image yet
    for folder in ("a/", "b/", "c/"):
        drop(build, folder)
    stack = resolve(build.world, parse("mine")).stack
    assert [layer.created_by for layer in stack] == ["COPY a/ /", "COPY b/ /", "COPY c/ /"]
    assert (len(seen(stack)), len(stored(stack))) == (6, 7)
    assert {"mine[3]:/file5", "mine[2]:/file5"} <= addresses(build.stage)
    assert 'echo "COPY c/ /" >> Dockerfile' in build.terminal.view.toPlainText()
    assert "you could have typed this" in build.terminal.view.toPlainText()


def test_the_same_by_typing_gives_the_same_image(window: Window) -> None:
    window.show_page("build")
    build = window.build
    type_lines(build, *FILES)
    type_lines(build, "cat > Dockerfile <<EOF", "FROM scratch", "COPY a/ /", "COPY b/ /", "COPY c/ /", "EOF")
    type_lines(build, "docker build -t mine .")
    typed = resolve(build.world, parse("mine"))
    assert (len(seen(typed.stack)), len(stored(typed.stack))) == (6, 7)

    build.begin(Origin())
    type_lines(build, *FILES)
    click(build.tools.bases["scratch"])
    for folder in ("a/", "b/", "c/"):
        drop(build, folder)
    dragged = resolve(build.world, parse("mine"))
    assert typed.image is not None and dragged.image is not None
    assert [len(layer.entries) for layer in typed.stack] == [len(layer.entries) for layer in dragged.stack]
    assert image_id(typed.image).startswith("sha256:")


def test_while_a_folder_is_dragged_the_layer_to_come_is_shown_and_esc_gives_up(window: Window) -> None:
    window.build.begin(Origin("example", "two_layers"))
    window.show_page("build")
    build = window.build
    pane = build.tools.computer
    start = row_of(build, "c/")
    goal = pane.mapFromGlobal(build.stage.mapToGlobal(build.stage.rect().center()))
    QTest.mousePress(pane, LEFT, pos=start)
    QTest.mouseMove(pane, start + QPoint(30, 0))
    QTest.mouseMove(pane, goal)
    QApplication.processEvents()
    scene = build.stage.scene
    assert isinstance(scene, PreviewScene) and scene.shows_something
    settle(build.stage)
    assert "two[3]" in addresses(build.stage)
    press(window, Key.Key_Escape)
    QTest.mouseRelease(pane, LEFT, pos=goal)
    settle(build.stage)
    assert build.session.done == ()
    assert "two[3]" not in addresses(build.stage)


def test_undo_and_redo_have_no_limit_and_any_place_can_be_jumped_to(window: Window) -> None:
    window.show_page("build")
    build = window.build
    worlds = [build.world]
    for line in FILES:
        type_lines(build, line)
        worlds.append(build.world)
    build.stage.setFocus()
    for world in reversed(worlds[:-1]):
        press(window, Key.Key_Z, modifiers=Qt.KeyboardModifier.ControlModifier)
        assert build.world is world
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    press(window, Key.Key_Z, modifiers=both)
    assert build.world is worlds[1]
    click(build.undo_line.marks, mark_of(build, 4))
    assert build.world is worlds[4]
    click(build.undo_line.undo)
    assert build.world is worlds[3]


def test_a_command_after_undo_cuts_off_what_was_undone(window: Window) -> None:
    window.show_page("build")
    build = window.build
    type_lines(build, "mkdir a", "mkdir b")
    click(build.undo_line.undo)
    type_lines(build, "mkdir z")
    assert [one.text for one in build.session.done] == ["mkdir a", "mkdir z"]
    assert not build.undo_line.redo.isEnabled()


def test_a_mistake_is_said_in_words_and_changes_nothing(window: Window) -> None:
    window.show_page("build")
    build = window.build
    type_lines(build, "docker run -it nothing-of-this-name")
    assert "Unable to find image" in build.terminal.view.toPlainText()
    assert not build.session.can_undo
    assert not build.undo_line.undo.isEnabled()


def test_tab_completes_and_up_brings_back(window: Window) -> None:
    window.build.begin(Origin("example", "two_layers"))
    window.show_page("build")
    build, prompt = window.build, window.build.terminal.prompt
    QTest.keyClicks(prompt, "docker hist")
    QTest.keyClick(prompt, Key.Key_Tab)
    assert prompt.text() == "docker history "
    QTest.keyClicks(prompt, "tw")
    assert build.terminal.strip.isVisible()
    QTest.keyClick(prompt, Key.Key_Tab)
    assert prompt.text().strip() == "docker history two"
    QTest.keyClick(prompt, Key.Key_Return)
    assert "COPY dir:" in build.terminal.view.toPlainText()
    QTest.keyClick(prompt, Key.Key_Up)
    assert prompt.text().strip() == "docker history two"


def test_an_unfinished_build_comes_back_after_a_restart(open_window: Callable[[], Window], memory: Path) -> None:
    first = open_window()
    first.show_page("build")
    type_lines(first.build, *FILES, "echo 'FROM scratch' > Dockerfile", 'echo "COPY a/ /" >> Dockerfile')
    type_lines(first.build, "docker build -t mine .")
    click(first.build.undo_line.undo)
    place, world = first.build.session.at, first.build.world
    first.close()
    second = open_window()
    second.show_page("build")
    build = second.build
    assert build.session.at == place
    assert len(build.session.done) == place + 1
    assert build.world.clock == world.clock
    click(build.undo_line.redo)
    assert resolve(build.world, parse("mine")).image is not None


def test_from_a_step_into_build_and_back_to_the_same_step(window: Window) -> None:
    window.open_lesson("two-layers-six-files")
    player = window.player
    player.jump(4)
    settle(player.stage)
    click(player.build_button)
    build = window.build
    assert window.pages.currentWidget() is build
    assert build.session.place.show == ("two",)
    type_lines(build, "docker run -d --name c1 two")
    click(build.return_button)
    assert window.pages.currentWidget() is player
    assert player.walk is not None and (player.walk.step, player.walk.phase) == (4, "rest")


def test_instructions_are_finished_in_a_line_before_they_are_added(window: Window) -> None:
    window.build.begin(Origin("example", "two_layers"))
    window.show_page("build")
    build = window.build
    click(build.tools.instructions["ENV"])
    form = build.tools.forms["ENV"]
    assert form.isVisible()
    QTest.keyClicks(form.field, "A=b")
    QTest.keyClick(form.field, Key.Key_Return)
    image = resolve(build.world, parse("two")).image
    assert image is not None and ("A", "b") in image.config.env
    assert len(image.layers) == 2


@pytest.mark.skipif(not REAL.is_file(), reason=f"there is no real archive at {REAL} (LAYERVIZ_TEST_IMAGE)")
def test_an_archive_is_loaded_beside_the_window_and_its_directories_can_be_stepped_into(
    window: Window, qtbot: QtBot
) -> None:
    window.load_archive(REAL)
    build = window.build
    assert not build.terminal.isEnabled() and not build.tools.isEnabled()
    qtbot.waitUntil(build.terminal.isEnabled, timeout=20_000)
    settle(build.stage)
    place = resolve(build.world, parse("dive-test"))
    assert len(place.stack) == 14
    assert "Loaded image: dive-test:latest" in build.terminal.view.toPlainText()
    root = next(s for s in picture_of(build.stage).frame.shapes if s.address == "dive-test:/root")
    click_shape(build.stage, root.id)
    click_shape(build.stage, root.id)
    settle(build.stage)
    assert "dive-test[14]:/root/saved.txt" in addresses(build.stage)


def test_docker_load_takes_files_as_docker_does_and_the_window_takes_layouts_too(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    layouts.one([archives.layer([File("a", b"1")])], "1.0").folder(folder)
    for text in (str(folder), f"oci:{folder}:1.0"):
        command = f"docker load -i {text}"
        (typed,) = run(empty_world(), command, "en")
        assert (typed.status, typed.world.images) == (1, ())
        assert typed.stderr.startswith(f"open {text}: ")
        (by_window,) = run(empty_world(), command, "en", by_window=True)
        assert [ref for ref, _ in by_window.world.tags] == ["app:1.0"]


def test_what_was_built_is_saved_and_loads_again(window: Window, qtbot: QtBot, tmp_path: Path) -> None:
    window.build.begin(Origin("example", "two_layers"))
    window.show_page("build")
    build = window.build
    before = resolve(build.world, parse("two")).image
    assert before is not None
    build.save_archive("two", str(tmp_path / "two.tar"))
    qtbot.waitUntil(build.terminal.isEnabled, timeout=20_000)
    build.begin(Origin())
    build.load_archive(str(tmp_path / "two.tar"))
    qtbot.waitUntil(build.terminal.isEnabled, timeout=20_000)
    after = resolve(build.world, parse("two")).image
    assert after is not None and image_id(after) == image_id(before)
    settle(build.stage)


def test_the_prompt_follows_what_was_printed_until_it_stands_at_the_foot(window: Window) -> None:
    window.show_page("build")
    terminal = window.build.terminal
    QTest.qWait(0)
    empty = terminal.prompt.y()
    type_lines(window.build, "mkdir a")
    QTest.qWait(0)
    one = terminal.prompt.y()
    type_lines(window.build, *["ls -a"] * 20)
    QTest.qWait(0)
    assert empty < one < terminal.prompt.y() <= terminal.height() - terminal.prompt.height()
    bar = terminal.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0


def test_a_pull_is_played_with_its_log_and_then_the_stack_has_the_whole_stage(window: Window) -> None:
    window.resize(1280, 720)
    window.show_page("build")
    stage = window.build.stage
    type_lines(window.build, "docker pull redis")
    assert stage.duration_ms > 1000
    stage.scrub(stage.duration_ms / 2)
    frame = stage.frame_now
    assert frame is not None and any(shape.id.startswith("panel") for shape in frame.shapes)
    settle(stage)
    picture = picture_of(stage)
    assert not any(shape.id.startswith("panel") for shape in picture.frame.shapes)
    slabs = [stage.outline_of(shape.id) for shape in picture.frame.shapes if isinstance(shape, Slab)]
    right = max(corner.x() for corners in slabs for corner in corners)
    assert right > stage.width() * 0.9


@pytest.mark.parametrize("tab", ["palette", "happened"])
def test_stage_and_terminal_give_way_to_the_drawer(window: Window, tab: str) -> None:
    window.resize(1024, 640)
    window.show_page("build")
    build = window.build
    QTest.qWait(20)
    wide = build.stage.width()
    click(build.drawer_button)
    click(build.tabs.button(tab))
    drawer = build.tools if tab == "palette" else build.right
    assert drawer.isVisible()
    for part in (build.stage, build.terminal, build.undo_line, build.head.summary):
        assert part.mapTo(build, QPoint(0, 0)).x() >= drawer.width()
    click(build.drawer_button)
    assert not drawer.isVisible() and build.stage.width() == wide
