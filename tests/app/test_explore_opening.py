"""How images come into Explore: recent ones, several in one archive, Cancel, what cannot be read, what lies."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from layerviz.app import opening
from layerviz.app.passing import Passing
from layerviz.app.window import Window
from layerviz.engine.content import Reader
from layerviz.images.aside import Asked
from layerviz.images.assembling import BroughtImage
from layerviz.images.layers import Progress
from layerviz.images.onlooker import Onlooker
from layerviz.images.opening import image_of
from layerviz.picture.shapes import Slab
from tests.app.hands import Key, click, press, settle
from tests.app.images import lying, opened, opened_bare, small, two_images, until, with_foreign
from tests.images.archives import File, layer, old, written


def test_with_nothing_open_there_are_two_ways_in_and_a_lessons_image(window: Window) -> None:
    window.show_page("explore")
    explore = window.explore
    assert explore.opening.welcome.isVisible() and not explore.layers.isVisible()
    click(explore.opening.welcome.lesson)
    assert explore.image is not None and explore.image.name == "three"
    assert explore.layers.isVisible() and explore.layers.positions == (3, 2, 1)
    until(lambda: explore.findings.findings)


def test_the_homes_card_leads_to_explore(window: Window) -> None:
    window.show_page("lessons")
    click(window.home.image_card)
    assert window.pages.currentWidget() is window.explore


def test_a_dropped_file_is_opened(window: Window, tmp_path: Path) -> None:
    file = small(tmp_path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    place, copies = QPointF(50, 50), Qt.DropAction.CopyAction
    event = QDropEvent(place, copies, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dropEvent(event)
    until(lambda: window.explore.image is not None)
    assert window.explore.layers.name.text() == "small:latest"


def test_recent_images_are_offered_the_next_time(open_window: Callable[[], Window], tmp_path: Path) -> None:
    first = open_window()
    opened(first, small(tmp_path))
    first.close()
    again = open_window()
    again.show_page("explore")
    page = again.explore.opening.welcome
    item = page.rows.itemAt(0)
    assert item is not None
    choice = item.widget()
    assert choice is not None and choice.accessibleName() == str(tmp_path / "small.tar")
    click(choice)
    until(lambda: again.explore.image is not None)


def test_an_archive_of_several_images_asks_which_one(window: Window, tmp_path: Path) -> None:
    window.open_image(str(two_images(tmp_path)))
    explore = window.explore
    until(explore.opening.chooser.isVisible)
    assert [one.accessibleName() for one in explore.opening.chooser.choices] == [
        "one:latest, 2 layers, 138 B",
        "two:latest, 2 layers, 128 B",
    ]
    assert explore.opening.chooser.choices[0].hasFocus()
    press(window, Key.Key_Tab, Key.Key_Space)
    until(lambda: explore.image is not None)
    assert explore.image is not None and explore.image.name == "two"


def test_cancel_goes_back_to_what_was_there(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    explore = opened(window, small(tmp_path))
    reached, ended = threading.Event(), threading.Event()

    def slow(text: str, progress: Progress, onlooker: Onlooker) -> tuple[BroughtImage, ...]:
        try:
            for done in range(10_000):
                progress(done * 1000, 10_000_000)
                reached.set()
                threading.Event().wait(0.01)
        finally:
            ended.set()
        return ()

    monkeypatch.setattr(opening, "images_of", slow)
    window.open_image("docker://large")
    until(reached.is_set)
    busy = explore.opening.busy
    until(lambda: "of 10 MB" in busy.line.text() and "/s" in busy.line.text())
    assert busy.isVisible() and busy.bar.value() > 0
    press(window, Key.Key_Escape)
    assert not explore.opening.isVisible()
    assert explore.layers.name.text() == "small:latest"
    assert ended.wait(5)


def test_a_damaged_archive_is_told_in_one_sentence_with_its_place(window: Window, tmp_path: Path) -> None:
    whole = small(tmp_path)
    broken = tmp_path / "broken.tar"
    broken.write_bytes(whole.read_bytes()[:2800])
    window.open_image(str(broken))
    explore = window.explore
    until(explore.opening.failed.isVisible)
    failed = explore.opening.failed
    assert failed.where.text().startswith(str(broken))
    assert failed.where.text().endswith("byte 2048")
    assert failed.what.text().endswith(".") and failed.hint.text()
    window.look.choose_lang("zh_CN")
    assert failed.what.text().endswith("。")
    click(failed.back)
    assert explore.opening.welcome.isVisible()


def test_what_was_odd_about_an_archive_is_told(window: Window, tmp_path: Path) -> None:
    file = small(tmp_path)
    assert not opened(window, file).layers.odd.isVisible()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(file.read_bytes().rstrip(b"\0") + b"\0" * 300)
    padded = cut.read_bytes()
    cut.write_bytes(padded[: len(padded) // 512 * 512])
    explore = opened(window, cut)
    assert explore.layers.odd.isVisible() and "cut.tar" in explore.layers.odd.toolTip()


def test_what_is_not_there_is_said(window: Window, tmp_path: Path) -> None:
    window.open_image(str(tmp_path / "nothing.tar"))
    until(window.explore.opening.failed.isVisible)
    assert "nothing.tar" in window.explore.opening.failed.where.text()


def test_a_layer_that_is_not_what_its_diff_id_says_is_shown_in_rose_and_can_be_looked_at(
    window: Window, tmp_path: Path
) -> None:
    explore = opened(window, lying(tmp_path))
    assert explore.layers.check.text == "layer 2 is not what its DiffID says"
    assert explore.layers.wrong == (2,)
    explore.go_to("/dir")
    assert explore.head.summary.text() == "3 names seen, 1 deleted"


def test_odd_names_are_shown_chosen_and_found(window: Window, tmp_path: Path) -> None:
    odd = ("bad\udcff", "new\nline", "l" * 3000, "zażółć", "a:b", "c[1]", "tab\there", "中文名字")
    members = old((layer(File(f"dir/{name}", b"x") for name in odd),), ["odd:latest"])
    explore = opened(window, Path(written(tmp_path, members, "odd.tar")))
    explore.go_to("/dir")
    for name in odd:
        explore.stage.chosen.emit(f"odd:/dir/{name}")
        settle(explore.stage)
        assert explore.path == f"/dir/{name}"
        assert explore.story.story is not None and explore.story.story.lines[0].head.startswith("written, 1 B")
    window.grab()
    explore.search.look_for("/dir/*")
    assert {hit.path for hit in explore.search.found.model.rows} == {f"/dir/{name}" for name in odd}
    window.grab()


def test_an_image_that_docker_would_not_load_is_not_taken_to_build(window: Window, tmp_path: Path) -> None:
    explore = opened(window, lying(tmp_path))
    click(explore.act_buttons["to_build"])
    assert window.pages.currentWidget() is explore
    said = [tip.text for tip in window.findChildren(Passing)]
    assert said == ["Layer 2 is not what its DiffID says, so docker would not load it."]


def test_an_image_without_layers_is_shown_as_what_it_is(window: Window, tmp_path: Path) -> None:
    explore = opened_bare(window, Path(written(tmp_path, old((), ["none:latest"]), "none.tar")))
    assert explore.layers.line.text() == "docker-archive, 0 layers, 0 B"
    assert explore.note_left.text() == "No layer has anything here."
    until(lambda: explore.layers.check.text == "there are no bytes to verify")
    until(lambda: explore.findings.score.text == "100.0 %")
    click(explore.act_buttons["lesson"])
    assert [tip.text for tip in window.findChildren(Passing)] == [
        "An image without layers has nothing to walk through."
    ]


def test_an_image_of_130_layers_folds_those_that_have_no_room(window: Window, tmp_path: Path) -> None:
    layers = tuple(layer((File(f"d{n}/f", b"x" * n), File("same", str(n).encode()))) for n in range(130))
    explore = opened(window, Path(written(tmp_path, old(layers, ["many:latest"]), "many.tar")))
    assert explore.layers.check.text == "all 130 layers match their DiffIDs"
    explore.choose_layer(3)
    settle(explore.stage)
    frame = explore.stage.frame_now
    assert frame is not None
    (chosen,) = [shape for shape in frame.shapes if isinstance(shape, Slab) and shape.glow]
    assert chosen.title.startswith("Layers 1 to ")


def test_a_check_that_nobody_waits_for_ends_within_a_layer(tmp_path: Path) -> None:
    def give_up() -> None:
        raise opening.GivenUp

    brought = image_of(str(lying(tmp_path)))
    with pytest.raises(opening.GivenUp):
        next(Asked(brought.image.layers, brought, [1, 2], give_up).answers())


def test_reading_that_nobody_waits_for_ends_with_the_next_file(tmp_path: Path) -> None:
    content = image_of(str(small(tmp_path))).image.layers[0].entries.entry(1).content
    told: list[object] = []

    def work(reader: Reader) -> bytes:
        first = content.read(None, reader)
        beside.give_up()
        with pytest.raises(opening.GivenUp):
            content.read(None, reader)
        told.append(first)
        return first

    beside = opening.ReadBeside(work)
    beside.start()
    until(lambda: told)
    assert told == [b"one\ntwo\nthree\n"]


def test_a_file_that_changes_while_it_is_looked_at_is_told_and_no_layer_is_called_wrong(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: raised.append(error))
    file = small(tmp_path)
    explore = opened_bare(window, file)
    os.truncate(file, 1000)
    words = "not checked any further: the file has changed since it was opened"
    until(lambda: explore.layers.check.text == words)
    window.look.choose_lang("zh_CN")
    assert explore.layers.check.text == "没有继续核对：文件打开之后被改动过"
    explore.layers.check.grab()
    assert explore.checked is not None and explore.checked.wrong == ()
    until(lambda: not explore.is_finding_out)
    assert raised == []


def test_a_layer_that_lies_elsewhere_leaves_the_others_to_be_looked_at(window: Window, tmp_path: Path) -> None:
    explore = opened_bare(window, with_foreign(tmp_path))
    until(lambda: explore.layers.check.text == "2 of 3 layers match; 1 not here")
    assert explore.note_left.text() == "The files of layer 2 are not known, so what it changes is not shown."
    assert explore.layers.odd.isVisible() and not explore.layers.odd.text().startswith("/")
    picture = explore.stage.picture
    assert picture is not None
    slabs = {shape.address for shape in picture.frame.shapes if isinstance(shape, Slab)}
    shown = {shape.address.rpartition(":")[2] for shape in picture.frame.shapes}
    assert len(slabs) == 4 and shown >= {"/one", "/two"}


def test_enter_takes_an_image_of_several(window: Window, tmp_path: Path) -> None:
    window.open_image(str(two_images(tmp_path)))
    explore = window.explore
    until(explore.opening.chooser.isVisible)
    press(window, Key.Key_Tab, Key.Key_Return)
    until(lambda: explore.image is not None)
    assert explore.image is not None and explore.image.name == "two"


def test_escape_and_back_leave_the_choice_of_an_image_and_what_failed(window: Window, tmp_path: Path) -> None:
    explore = opened(window, small(tmp_path))
    window.open_image(str(two_images(tmp_path)))
    until(explore.opening.chooser.isVisible)
    press(window, Key.Key_Escape)
    assert explore.image is not None and not explore.opening.isVisible()
    window.open_image(str(two_images(tmp_path)))
    until(explore.opening.chooser.isVisible)
    click(explore.opening.chooser.back)
    assert explore.image is not None and not explore.opening.isVisible()
    window.open_image(str(tmp_path / "nothing.tar"))
    until(explore.opening.failed.isVisible)
    press(window, Key.Key_Escape)
    assert explore.image is not None and not explore.opening.isVisible()
