"""While an image is being read its layers appear as they are done; what was open before comes back if one gives up."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from layerviz.app import opening
from layerviz.app.explore import Explore
from layerviz.app.explore_reading import Arriving, Pace, ReadingScene
from layerviz.app.window import Window
from layerviz.images.assembling import BroughtImage, checked, outlined
from layerviz.images.layers import Blob, Progress, ReadLayer
from layerviz.images.onlooker import Onlooker
from layerviz.images.opening import images_of
from layerviz.images.problems import ImageProblem
from layerviz.picture.shapes import Slab, Tile
from tests.app.hands import Key, addresses, click, press, settle
from tests.app.images import BASE, SECOND, STEPS, opened, small, until
from tests.images.archives import File, layer, old, written
from tests.images.registry import fake

THIRD = layer((File("top/new", b"new\n"),))


class Gate(Onlooker):
    """Lets the reading go on one layer at a time."""

    def __init__(self, onlooker: Onlooker) -> None:
        self._onlooker = onlooker

    def found(self, images: Sequence[BroughtImage]) -> None:
        self._onlooker.found(images)

    def reached(self, read: Mapping[Blob, int]) -> None:
        self._onlooker.reached(read)

    def layer(self, blob: Blob, read: ReadLayer) -> None:
        steps.acquire()
        self._onlooker.layer(blob, read)


steps = threading.Semaphore(0)


@pytest.fixture
def one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Lets one more layer be read."""
    global steps
    steps = threading.Semaphore(0)

    def slow(text: str, progress: Progress, onlooker: Onlooker) -> tuple[BroughtImage, ...]:
        over = threading.Event()

        def go_on() -> None:
            while not over.wait(0.05):
                try:
                    progress(1, 100)
                except opening.GivenUp:
                    steps.release(100)
                    return

        # The bytes of so small an image tell nothing on their way.
        beside = threading.Thread(target=go_on)
        beside.start()
        try:
            images = images_of(text, progress, onlooker=Gate(onlooker))
            steps.acquire()
            if "lost" in text:
                raise ImageProblem(text, "nothing_there")
            return images
        finally:
            over.set()
            beside.join()

    monkeypatch.setattr(opening, "images_of", slow)
    yield lambda: steps.release()
    steps.release(100)


def three(folder: Path, name: str = "three.tar") -> Path:
    members = old((BASE, SECOND, THIRD), ["three:latest"], (*STEPS, "RUN touch /top/new"))
    return Path(written(folder, members, name))


def slabs(explore: Explore) -> list[tuple[str, str]]:
    """Number and style of each layer's slab, bottom first."""
    frame = explore.stage.frame_now
    assert frame is not None
    return [(one.number, one.style) for one in frame.shapes if isinstance(one, Slab) and one.style != "view"]


def steps_of(explore: Explore) -> dict[int, str]:
    """How far each layer of the list is."""
    return {line.position: line.arrival.step if line.arrival else "read" for line in explore.layers.model.rows}


def test_layers_appear_in_the_list_and_on_the_stage_as_they_are_read(
    window: Window, tmp_path: Path, one_at_a_time: Callable[[], None]
) -> None:
    window.open_image(str(three(tmp_path)))
    explore = window.explore
    until(lambda: isinstance(explore.stage.scene, ReadingScene))
    assert explore.layers.isVisible() and explore.stage.isVisible() and not explore.opening.isVisible()
    assert explore.layers.name.text() == "three:latest"
    assert [line.text for line in explore.layers.model.rows] == ["touch /top/new", "change things", "COPY a/ /dir/"]
    assert explore.reading.count.text() == "0 of 3 layers read" and explore.reading.cancel.hasFocus()
    assert slabs(explore) == [("1", "expected"), ("2", "expected"), ("3", "expected")]
    one_at_a_time()
    until(lambda: explore.reading.count.text() == "1 of 3 layers read")
    settle(explore.stage)
    assert slabs(explore) == [("1", "layer"), ("2", "expected"), ("3", "expected")]
    assert steps_of(explore)[1] == "read" and steps_of(explore)[3] != "read"
    assert "three[1]:/dir" in addresses(explore.stage) and "three:/dir" not in addresses(explore.stage)
    window.grab()
    for _ in range(3):
        one_at_a_time()
    until(lambda: explore.image is not None)
    settle(explore.stage)
    assert not explore.is_reading and explore.story.isVisible() and not explore.reading.isVisible()
    assert slabs(explore) == [("1", "layer"), ("2", "layer"), ("3", "layer")]
    assert set(steps_of(explore).values()) == {"read"}
    assert {"three:/dir", "three:/top"} <= addresses(explore.stage)


def test_what_is_there_stays_where_it_is_when_the_rest_comes(
    window: Window, tmp_path: Path, one_at_a_time: Callable[[], None]
) -> None:
    window.open_image(str(three(tmp_path)))
    explore = window.explore
    until(lambda: isinstance(explore.stage.scene, ReadingScene))
    for _ in range(3):
        one_at_a_time()
    until(lambda: explore.reading.count.text() == "3 of 3 layers read")
    settle(explore.stage)
    before = explore.stage.picture
    one_at_a_time()
    until(lambda: explore.image is not None)
    after = explore.stage.picture
    assert before is not None and after is not None
    assert before.frame.camera == after.frame.camera and before.mode == after.mode
    tiles = {one.twin: (one.u0, one.u1, one.level) for one in before.frame.shapes if isinstance(one, Tile)}
    assert (
        tiles
        and tiles.items()
        <= {one.twin: (one.u0, one.u1, one.level) for one in after.frame.shapes if isinstance(one, Tile)}.items()
    )


@pytest.mark.parametrize("key", [Key.Key_Escape, Key.Key_Space], ids=["escape", "cancel"])
def test_who_gives_up_is_where_one_was_with_all_that_was_known(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, key: Key
) -> None:
    explore = opened(window, small(tmp_path))
    explore.show_path("/dir/again")
    settle(explore.stage)
    request.getfixturevalue("one_at_a_time")
    window.open_image(str(three(tmp_path)))
    until(lambda: isinstance(explore.stage.scene, ReadingScene))
    assert explore.findings.score.score is None and "three[1]" in addresses(explore.stage)
    press(window, key)
    assert not explore.is_reading
    assert explore.image is not None and explore.image.name == "small"
    assert (explore.directory, explore.path) == ("/dir", "/dir/again")
    assert explore.layers.name.text() == "small:latest" and explore.story.story is not None
    until(lambda: explore.findings.score.score is not None and explore.checked is not None)


def test_the_first_image_given_up_leads_back_to_the_ways_in(
    window: Window, tmp_path: Path, one_at_a_time: Callable[[], None]
) -> None:
    window.open_image(str(three(tmp_path)))
    until(lambda: isinstance(window.explore.stage.scene, ReadingScene))
    click(window.explore.reading.cancel)
    assert window.explore.opening.welcome.isVisible() and not window.explore.layers.isVisible()


def test_what_breaks_on_the_way_is_said_and_back_leads_to_where_one_was(
    window: Window, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    explore = opened(window, small(tmp_path))
    one_at_a_time: Callable[[], None] = request.getfixturevalue("one_at_a_time")
    window.open_image(str(three(tmp_path, "lost.tar")))
    until(lambda: isinstance(explore.stage.scene, ReadingScene))
    for _ in range(4):
        one_at_a_time()
    until(explore.opening.failed.isVisible)
    click(explore.opening.failed.back)
    assert explore.image is not None and explore.image.name == "small" and not explore.is_reading


def test_language_and_size_change_while_an_image_is_being_read(
    window: Window, tmp_path: Path, one_at_a_time: Callable[[], None]
) -> None:
    window.open_image(str(three(tmp_path)))
    explore = window.explore
    until(lambda: isinstance(explore.stage.scene, ReadingScene))
    window.look.choose_lang("zh_CN")
    assert explore.reading.count.text() == "已读 0 / 3 层"
    window.resize(1024, 640)
    window.look.choose_theme("light")
    assert not window.grab().isNull()
    assert isinstance(explore.stage.scene, ReadingScene)


def test_an_image_that_is_still_brought_says_how_far_each_layer_is(tmp_path: Path) -> None:
    (brought,) = images_of(str(three(tmp_path)))
    parts = brought.parts
    assert parts is not None
    digests = tuple(f"sha256:{number}" for number in range(3))
    blobs = tuple(Blob(f"/not/here/{number}", 0, 1000) for number in range(3))
    absent = replace(parts, blobs=blobs, digests=digests)
    arriving = Arriving("docker://x")
    assert arriving.now() is None
    arriving.found([outlined(absent, checked(absent, "x"), "x")])
    arriving.arrived(digests[0], 1000)
    arriving.arrived(digests[1], 250)
    reading = arriving.now()
    assert reading is not None and reading.stored_bytes == 3000 and reading.unread == {1, 2, 3}
    assert [(one.step, one.share) for one in reading.arrivals] == [("here", 1.0), ("coming", 0.25), ("waiting", 0.0)]
    arriving.reached({blobs[0]: 500})
    reading = arriving.now()
    assert reading is not None and reading.arrivals[0][:2] == ("being_read", 0.5)


def test_speed_is_that_of_the_last_seconds_and_begins_anew_with_another_work(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    pace = Pace()
    told = []
    for done in (0, 100, 200, 1200, 2200, 3200, 10):
        pace.tell(done)
        told.append(pace.a_second)
        now += 1.0
    assert told == [0, 100, 100, 550, 1000, 1000, 0]


def test_layers_of_a_registry_appear_while_others_come_and_cancel_ends_it(
    window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    explore = window.explore
    with fake.running() as registry:
        paths = registry.add_image([BASE, SECOND], history=[{"created_by": step} for step in STEPS])
        registry.instead[paths[1]] += [fake.silent, fake.Handler.as_usual]
        window.open_image(f"docker://{registry.host}/x")
        until(lambda: explore.is_reading and explore.reading.count.text() == "1 of 2 layers read")
        until(lambda: paths[1] in registry.paths() and explore.stage.frame_now is not None)
        settle(explore.stage)
        assert slabs(explore) == [("1", "expected"), ("2", "layer")]
        assert steps_of(explore) == {1: "waiting", 2: "read"}
        before = time.monotonic()
        click(explore.reading.cancel)
        until(lambda: not explore.is_reading)
        assert time.monotonic() - before < 2
        window.open_image(f"docker://{registry.host}/x")
        until(lambda: explore.image is not None)
        assert explore.image is not None and explore.image.refs == (f"{registry.host}/x:latest",)
        assert registry.paths().count(paths[2]) == 1
