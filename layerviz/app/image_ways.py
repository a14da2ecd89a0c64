"""Ways of images from page to page and to files: archives into Build and out of it, an image of Explore into Build or
into a lesson of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

from layerviz.app.beside import RunBeside, raised
from layerviz.app.explore_image import Opened
from layerviz.app.explore_words import listed
from layerviz.app.settings import SettingsError, write_atomically
from layerviz.images.reference import tags
from layerviz.lessons import loading
from layerviz.shell.machine import Brought

if TYPE_CHECKING:
    from layerviz.app.window import Window


def build(window: "Window", image: Opened) -> None:
    """Goes on with `image` in Build, where it is loaded as by command; one that a lesson built, as the lesson left
    it."""
    if image.brought is None:
        lesson = loading.lesson(image.lesson)
        window.begin("step", lesson.id, len(lesson.steps) - 1)
        return
    checked = window.explore.checked
    if checked is not None and checked.wrong:
        # As docker would not load it either.
        look = window.look
        layers = listed([str(n) for n in checked.wrong], look.lang)
        window.remark(look.say("explore.wrong_not_built", count=len(checked.wrong), layers=layers))
        return
    brought = tuple(Brought(one.image, tags(one.refs)) for one in (image.all or (image.brought,)))
    window.show_page("build")
    window.build.take_images(image.text, brought, image.name)


def open_archive(window: "Window") -> None:
    """Asks for an archive and loads it into Build."""
    from PySide6.QtWidgets import QFileDialog

    file, _ = QFileDialog.getOpenFileName(window, window.look.say("home.image"), "", "*.tar")
    if file:
        window.load_archive(Path(file))


def save_image(window: "Window") -> None:
    """Asks where to, and saves the image on the stage of Build."""
    from PySide6.QtWidgets import QFileDialog

    name = window.build.image_shown()
    if not name:
        return
    file, _ = QFileDialog.getSaveFileName(
        window, window.look.say("build.save_image"), f"{name.replace(':', '-')}.tar", "*.tar"
    )
    if file:
        window.build.save_archive(name, file)


def make_lesson(window: "Window", image: Opened) -> None:
    """Asks where to, and makes a lesson of `image`, which opens."""
    from PySide6.QtWidgets import QFileDialog

    from layerviz.lessons.from_image import ref_of

    look = window.look
    if not image.stack:
        window.remark(look.say("explore.lesson_no_layers"))
        return
    title, kind = look.say("explore.lesson_title"), look.say("explore.lesson_kind")
    file, _ = QFileDialog.getSaveFileName(window, title, f"{ref_of(image.name)}.yaml", f"{kind} (*.yaml)")
    if file:
        save_lesson(window, image, Path(file if file.endswith((".yaml", ".yml")) else f"{file}.yaml"))


def save_lesson(window: "Window", image: Opened, file: Path) -> RunBeside:
    """Makes a lesson of `image` beside the window, writes it to `file` and opens it."""
    from layerviz.lessons.from_image import lesson_of

    look = window.look
    window.remark(look.say("explore.lesson_being_made"))
    beside = RunBeside(lambda: lesson_of(image.image, image.name))

    def made(text: str) -> None:
        try:
            write_atomically(file, text.encode())
        except SettingsError as problem:
            window.remark(look.say("explore.lesson_failed", reason=problem.what))
            return
        window.open_lesson_file(file)
        window.remark(look.say("explore.lesson_saved", name=file.name))

    beside.ended.connect(made)
    beside.broke.connect(raised)
    beside.start()
    return beside
