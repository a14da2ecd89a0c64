"""Small pictures are taken from where they are kept, and are always of these very lessons."""

import os
import shutil
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication

from layerviz.app import small_pictures, thumbnail
from layerviz.app.home import Home
from layerviz.app.look import Look
from layerviz.app.thumbnail import Thumbnail
from layerviz.kept import folder
from layerviz.lessons import playing
from layerviz.lessons.loading import lesson
from layerviz.lessons.progress import Progress
from layerviz.resources import assets, lessons_folder


@pytest.fixture(autouse=True)
def forgotten(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(memory / "cache"))
    small_pictures.fingerprint.cache_clear()


@pytest.fixture
def lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the lessons that may be changed."""
    copied = tmp_path / "lessons"
    shutil.copytree(lessons_folder(), copied)
    monkeypatch.setattr(small_pictures, "lessons_folder", lambda: copied)
    return copied


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the assets without any picture; where those would lie that come with layerviz."""
    place = tmp_path / "assets"
    monkeypatch.setattr(small_pictures, "assets", lambda *parts: assets(*parts) if parts else place)
    return place / "thumbnails"


def square(colour: str) -> QPixmap:
    pixmap = QPixmap(8, 8)
    pixmap.fill(QColor(colour))
    return pixmap


def colour_of(pixmap: QPixmap | None) -> str:
    assert pixmap is not None
    return pixmap.toImage().pixelColor(4, 4).name()


def test_a_changed_lesson_has_other_pictures_and_one_that_was_only_touched_has_not(lessons: Path) -> None:
    before = small_pictures.name_of(["lesson start"])
    file = next(iter(sorted(lessons.glob("*.yaml"))))
    os.utime(file, ns=(1, 1))
    small_pictures.fingerprint.cache_clear()
    assert small_pictures.name_of(["lesson start"]) == before
    file.write_text(file.read_text(encoding="utf-8") + "# another word\n", encoding="utf-8")
    small_pictures.fingerprint.cache_clear()
    assert small_pictures.name_of(["lesson start"]) != before


def test_a_picture_that_was_kept_comes_before_the_one_that_came_with_layerviz(
    qapp: QApplication, shipped: Path
) -> None:
    assert small_pictures.read("one") is None
    shipped.mkdir(parents=True)
    square("#00ff00").save(str(shipped / "one.png"))
    assert colour_of(small_pictures.read("one")) == "#00ff00"
    small_pictures.keep("one", square("#0000ff"))
    assert colour_of(small_pictures.read("one")) == "#0000ff"


def test_the_oldest_pictures_make_room(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_pictures, "MOST_KEPT", 2)
    for number, name in enumerate(("one", "two", "three")):
        small_pictures.keep(name, square("#0000ff"))
        os.utime(folder() / "thumbnails" / f"{name}.png", ns=(number, number))
    small_pictures.keep("four", square("#0000ff"))
    assert {file.stem for file in (folder() / "thumbnails").iterdir()} == {"three", "four"}


def test_what_comes_with_layerviz_looks_as_if_it_were_drawn(qapp: QApplication, shipped: Path) -> None:
    def opened() -> list[Thumbnail]:
        home = Home(Look("dark", "en"), Progress.open())
        home.resize(1440, 900)
        home.show()
        qapp.processEvents()
        while thumbnail.busy():
            qapp.processEvents()
        return home.findChildren(Thumbnail)

    drawn = opened()
    shutil.move(folder() / "thumbnails", shipped)
    taken = opened()
    assert len(drawn) == len(taken) > 6
    assert not (folder() / "thumbnails").exists()
    assert [one.grab().toImage() for one in drawn] == [one.grab().toImage() for one in taken]
    for one in (drawn[0], taken[0]):
        one.window().close()


def test_a_lesson_is_played_step_by_step_and_then_at_hand() -> None:
    story = lesson("two-layers-six-files")
    playing.play(story)
    while playing.play_on(story):
        pass
    playing.play.cache_clear()
    parts = 0
    while playing.play_on(story):
        parts += 1
    assert parts == len(story.steps) + 1
    misses = playing.play.cache_info().misses
    played = playing.play(story)
    assert playing.play.cache_info().misses == misses
    assert [run.step for run in played.steps] == list(story.steps)


def test_a_lesson_that_was_begun_is_played_to_its_end_when_it_is_asked_for() -> None:
    story = lesson("two-layers-six-files")
    playing.play(story)
    while playing.play_on(story):
        pass
    playing.play.cache_clear()
    assert playing.play_on(story) and playing.play_on(story)
    assert len(playing.play(story).steps) == len(story.steps)
