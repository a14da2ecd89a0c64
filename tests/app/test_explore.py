"""Explore on the real archive: the stage, the layers, the stories, the search and the findings, by real events."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from layerviz.app.explore import Explore
from layerviz.app.explore_viewer import Viewer
from layerviz.app.grip import Grip
from layerviz.app.window import Window
from layerviz.picture.shapes import Panel, Slab
from tests.app.hands import LEFT, Key, addresses, click, click_shape, moves, picture_of, press, settle
from tests.app.images import REAL, needs_real, opened, until

pytestmark = needs_real
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def explore(window: Window) -> Explore:
    return opened(window, REAL)


def tile(explore: Explore, address: str) -> str:
    """The id of the tile at an address."""
    frame = explore.stage.frame_now
    assert frame is not None
    return next(
        shape.id for shape in frame.shapes if shape.address == address and shape.id.startswith(("tile", "view"))
    )


def heads(explore: Explore) -> list[str]:
    story = explore.story.story
    return [line.head for line in story.lines] if story is not None else []


def choose_row(explore: Explore, position: int) -> None:
    """A click on a layer of the list."""
    layers = explore.layers
    index = layers.model.index(layers.positions.index(position))
    layers.list.scrollTo(index)
    QTest.mouseClick(layers.list.viewport(), LEFT, pos=layers.list.visualRect(index).center())
    settle(explore.stage)


def test_the_list_has_every_layer_newest_first_and_the_histories_empty_line_between(explore: Explore) -> None:
    assert explore.layers.positions == (14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0, 1)
    assert explore.layers.name.text() == "dive-test:latest"
    assert explore.layers.line.text() == "docker-archive, 14 layers, 1,220,598 B"
    assert explore.layers.model.rows[13].text == 'CMD ["sh"]'


def test_all_layers_are_held_against_their_diff_ids_after_the_first_frame(explore: Explore) -> None:
    assert explore.layers.check.text == "all 14 layers match their DiffIDs"


def test_efficiency_is_what_dive_says(explore: Explore) -> None:
    assert explore.findings.score.text == "98.4 %"
    assert explore.findings.sentence.text() == (
        "32,025 of 1,220,598 bytes are wasted: 48 % of the 66,237 that the build added to its base."
    )


def test_layers_are_sorted_by_size_and_by_waste(explore: Explore) -> None:
    explore.layers.order.setCurrentIndex(1)
    explore.layers.order.activated.emit(1)
    assert explore.layers.positions[0] == 1 and 0 not in explore.layers.positions
    explore.layers.order.activated.emit(2)
    hidden = [line.facts.hidden_bytes for line in explore.layers.model.rows if line.facts is not None]
    assert hidden == sorted(hidden, reverse=True) and hidden[0] == 6405
    explore.layers.order.activated.emit(0)
    assert explore.layers.positions[0] == 14


def test_two_clicks_step_into_a_directory_and_its_crumb_leads_back(explore: Explore) -> None:
    click_shape(explore.stage, tile(explore, "dive-test:/root"))
    settle(explore.stage)
    assert (explore.directory, explore.path) == ("/", "/root")
    click_shape(explore.stage, tile(explore, "dive-test:/root"))
    settle(explore.stage)
    assert explore.directory == "/root"
    assert explore.head.summary.text() == "3 names seen, 1 deleted"
    assert explore.note_left.text() == "Layers 1, 2 and 12 have nothing in /root and are left out."
    assert not any(address.startswith("dive-test[12]") for address in addresses(explore.stage))
    click(explore.head.crumb("/"))
    assert explore.directory == "/"


def test_the_keyboard_alone_steps_in_and_back(window: Window, explore: Explore) -> None:
    explore.stage.setFocus()
    for _ in range(20):
        press(window, Key.Key_Right)
        if explore.stage.pointed_address == "dive-test:/root":
            break
    press(window, Key.Key_Return)
    settle(explore.stage)
    assert explore.path == "/root"
    press(window, Key.Key_Return)
    settle(explore.stage)
    assert explore.directory == "/root"
    press(window, Key.Key_Backspace)
    settle(explore.stage)
    assert (explore.directory, explore.path) == ("/", "/root")
    press(window, Key.Key_Escape)
    assert explore.path == ""


def test_a_merged_tile_plays_how_it_is_found_frames_its_column_and_tells_its_story(explore: Explore) -> None:
    explore.go_to("/root")
    settle(explore.stage)
    click_shape(explore.stage, tile(explore, "dive-test:/root/saved.txt"))
    assert moves(explore.stage)
    settle(explore.stage)
    assert any(isinstance(shape, Panel) and shape.style == "choice" for shape in picture_of(explore.stage).frame.shapes)
    assert heads(explore) == [
        "written, 6,405 B, mode 644",
        "mode changed to 755: all 6,405 B again",
        "6,405 B stored and never seen, in layer 8",
    ]
    assert explore.layers.list.currentIndex().row() == explore.layers.positions.index(14)
    assert explore.findings.list.currentIndex().row() == 0


def test_a_hidden_version_is_chosen_in_its_layer(explore: Explore) -> None:
    explore.go_to("/root")
    settle(explore.stage)
    click_shape(explore.stage, tile(explore, "dive-test[8]:/root/saved.txt"))
    assert not moves(explore.stage)
    assert explore.stage.chosen_address == "dive-test[8]:/root/saved.txt"
    assert explore.layers.list.currentIndex().row() == explore.layers.positions.index(8)


def test_a_directory_that_was_deleted_can_still_be_looked_into(explore: Explore) -> None:
    explore.go_to("/root")
    explore.show_path("/root/example")
    assert heads(explore)[-1] == "deleted by a whiteout"
    click(explore.story.enter_button)
    assert explore.directory == "/root/example"
    assert explore.head.summary.text() == "0 names seen, 4 deleted"


def test_search_finds_names_that_nobody_sees_and_enter_steps_to_the_first(window: Window, explore: Explore) -> None:
    press(window, Key.Key_F, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert explore.search.field.hasFocus()
    press(window, "somefile*.txt")
    until(explore.search.found.isVisible)
    found = [hit.path for hit in explore.search.found.model.rows]
    assert found == [
        "/root/example/somefile1.txt",
        "/root/example/somefile2.txt",
        "/root/example/somefile3.txt",
        "/somefile.txt",
    ]
    press(window, Key.Key_Return)
    assert (explore.directory, explore.path) == ("/root/example", "/root/example/somefile1.txt")
    assert not explore.search.found.isVisible()


def test_the_list_of_what_was_found_is_walked_with_arrows_and_left_with_esc(window: Window, explore: Explore) -> None:
    explore.search.field.setFocus()
    press(window, "*saved*")
    press(window, Key.Key_Down)
    assert explore.search.found.list.hasFocus()
    press(window, Key.Key_Down, Key.Key_Return)
    assert explore.path == "/root/.saved.txt"
    explore.search.field.setFocus()
    press(window, Key.Key_Down, Key.Key_Escape)
    assert explore.search.field.hasFocus()
    press(window, Key.Key_Escape)
    assert not explore.search.found.isVisible() and explore.search.field.text() == ""


def test_a_search_without_a_hit_says_so(window: Window, explore: Explore) -> None:
    explore.search.field.setFocus()
    press(window, "*.pyc")
    until(explore.search.found.isVisible)
    assert explore.search.found.note.text() == "No name matches *.pyc in 14 layers."


def test_a_finding_leads_to_its_path_and_stays_chosen(explore: Explore) -> None:
    card = explore.findings.card(explore.findings.findings[0])
    assert (card.title, card.path, card.size, card.positions) == (
        "Mode changed later",
        "/root/saved.txt",
        "12,810 B",
        (8, 14),
    )
    view = explore.findings.list
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(explore.findings.model.index(0)).center())
    settle(explore.stage)
    assert (explore.directory, explore.path) == ("/root", "/root/saved.txt")
    assert view.currentIndex().row() == 0


def test_a_layer_with_nothing_here_is_shown_where_it_has_something(explore: Explore) -> None:
    explore.go_to("/root")
    choose_row(explore, 12)
    assert explore.directory == "/tmp"
    assert explore.stage.chosen_address == "dive-test[12]"
    assert heads(explore)[0] == "cp /root/saved.txt /tmp/saved.again1.txt"


def test_f6_goes_from_pane_to_pane_and_round(window: Window, explore: Explore) -> None:
    click(explore.head)
    explore.search.field.setFocus()
    press(window, Key.Key_F6)
    assert explore.stage.pointed_address.endswith(":/bin"), "one sees where the keyboard is"
    assert window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    press(window, Key.Key_F6)
    assert explore.layers.list.currentIndex().row() == 0 and not explore.layer, "coming to a row is no choice"
    explore.search.field.setFocus()
    seen = []
    for _ in range(6):
        press(window, Key.Key_F6)
        seen.append(window.focusWidget())
    assert seen == [
        explore.stage,
        explore.layers.list,
        explore.story.area,
        explore.findings.list,
        explore.open_button,
        explore.search.field,
    ]
    press(window, Key.Key_F6, modifiers=SHIFT)
    assert window.focusWidget() is explore.open_button


def test_every_button_and_list_has_a_name_for_a_screen_reader(explore: Explore) -> None:
    named = (
        explore.search.field,
        explore.layers.list,
        explore.layers.order,
        explore.findings.list,
        explore.open_button,
        *explore.act_buttons.values(),
    )
    assert all(widget.accessibleName() for widget in named)
    index = explore.layers.model.index(explore.layers.positions.index(8))
    said = explore.layers.model.data(index, Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Layer 8, mv /root/example/somefile3.txt /root/saved.txt, 6,405 B")


def test_language_and_theme_change_at_once(window: Window, explore: Explore) -> None:
    explore.show_path("/root/saved.txt")
    window.look.choose_lang("zh_CN")
    window.look.choose_theme("light")
    assert explore.head.summary.text() == "看得见 3 个名字，删去 1 个"
    assert heads(explore)[0] == "写入，6,405 字节，模式 644"
    assert explore.layers.check.text == "全部 14 层都与 DiffID 相符"


@pytest.mark.parametrize(("width", "height"), [(1024, 640), (1280, 720), (1440, 900), (1920, 1080)])
def test_nothing_is_cut_at_any_size(window: Window, explore: Explore, width: int, height: int) -> None:
    window.resize(width, height)
    QTest.qWait(30)
    for button in (*explore.act_buttons.values(), explore.open_button, explore.more_button, explore.drawer_button):
        if button.isVisible():
            assert button.width() >= button.sizeHint().width() - 1
            assert explore.bar.rect().contains(button.geometry())
    assert explore.stage.height() >= 240
    assert explore.layers.isVisible() == (width >= 1100)
    assert explore.findings.isVisible() == (width >= 1360)


def test_the_findings_are_a_tab_beside_the_layers_where_there_is_no_room_for_both(
    window: Window, explore: Explore
) -> None:
    window.resize(1280, 720)
    QTest.qWait(30)
    assert explore.layers.isVisible() and not explore.findings.isVisible()
    click(explore.tabs.button("findings"))
    assert explore.findings.isVisible() and not explore.layers.isVisible()
    window.resize(1024, 640)
    QTest.qWait(30)
    assert not explore.findings.isVisible()
    click(explore.drawer_button)
    assert explore.findings.isVisible()


def test_tab_goes_from_the_search_over_stage_layers_story_and_findings_to_the_bar(
    window: Window, explore: Explore
) -> None:
    explore.show_path("/root/saved.txt")
    settle(explore.stage)
    explore.search.field.setFocus()
    seen = []
    for _ in range(10):
        press(window, Key.Key_Tab)
        seen.append(window.focusWidget())
    assert seen == [
        explore.stage,
        explore.layers.order,
        explore.layers.list,
        explore.story.copy_button,
        explore.story.view_button,
        explore.story.compare_button,
        explore.story.area,
        explore.findings.list,
        explore.bar.tabs[0],
        explore.bar.tabs[1],
    ]


def test_enter_on_a_chosen_file_shows_its_text(window: Window, explore: Explore) -> None:
    explore.show_path("/root/saved.txt")
    settle(explore.stage)
    explore.stage.entered.emit(explore.stage.chosen_address)
    (viewer,) = window.findChildren(Viewer)
    until(lambda: viewer.well.view.toPlainText().startswith("# dive"))
    viewer.close()


def test_full_screen_shows_the_stage_alone_and_comes_back(window: Window, explore: Explore) -> None:
    explore.go_to("/root")
    press(window, Key.Key_F5)
    assert not explore.layers.isVisible() and not explore.story.isVisible()
    press(window, Key.Key_Escape)
    assert explore.layers.isVisible() and explore.story.isVisible()
    assert explore.directory == "/root"


def test_the_pile_of_folded_names_lists_all_of_them(window: Window, explore: Explore) -> None:
    explore.go_to("/bin")
    settle(explore.stage)
    frame = explore.stage.frame_now
    assert frame is not None
    pile = next(shape.id for shape in frame.shapes if shape.id.startswith("view") and shape.id.endswith(".more"))
    click_shape(explore.stage, pile)
    assert explore.search.found.isVisible()
    assert len(explore.search.found.model.rows) == 394
    assert explore.search.found.list.hasFocus()
    press(window, Key.Key_Down, Key.Key_Return)
    assert explore.path == "/bin/[["
    assert heads(explore)[0] == "hard link to /bin/["


def test_panes_can_be_dragged_and_stay_so_the_next_time(open_window: Callable[[], Window]) -> None:
    first = open_window()
    explore = opened(first, REAL)
    edge = QPoint(explore.layers.width(), 400)
    grip = explore.childAt(edge)
    assert isinstance(grip, Grip)
    QTest.mousePress(grip, LEFT, pos=QPoint(4, 300))
    QTest.mouseMove(grip, grip.mapFrom(explore, QPoint(400, 400)))
    assert explore.layers.width() == 400
    QTest.mouseMove(grip, grip.mapFrom(explore, QPoint(900, 400)))
    QTest.mouseRelease(grip, LEFT)
    assert explore.layers.width() == 420
    first.close()
    again = opened(open_window(), REAL)
    assert again.layers.width() == 420


def test_a_layer_that_stands_folded_with_others_is_shown_by_their_row(window: Window, explore: Explore) -> None:
    window.resize(1024, 640)
    QTest.qWait(30)
    explore.choose_layer(2)
    settle(explore.stage)
    frame = explore.stage.frame_now
    assert frame is not None
    assert [shape.title for shape in frame.shapes if isinstance(shape, Slab) and shape.glow] == ["Layers 1 to 6"]
    assert heads(explore)[0] == "ADD file:139c3708fb62 in /somefile.txt"
