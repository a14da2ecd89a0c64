"""The images that an engine of this machine has: what they share, and one of them opened."""

from pathlib import Path

from PySide6.QtWidgets import QMenu

from layerviz.app.explore_shared import SharedSheet
from layerviz.app.window import Window
from tests.app.hands import click
from tests.app.images import BASE, OTHER, SECOND, opened, small, until
from tests.images import archives
from tests.images.conftest import engine, engine_folder
from tests.images.local_engines import Act, Handler, on_posix, says

__all__ = ["engine", "engine_folder"]
pytestmark = on_posix
NUMBERS = ("1" * 64, "2" * 64)


def has_two_images(answers: dict[str, Act]) -> None:
    """The engine has those of `two_images`, which it tells by ids and sizes."""
    listed = []
    for number, name, layers in zip(NUMBERS, ("one", "two"), ((BASE, SECOND), (BASE, OTHER)), strict=True):
        listed.append({"Id": f"sha256:{number}", "RepoTags": [f"{name}:latest"], "Size": 160, "Created": 1})
        diff_ids = [f"sha256:{archives.digest(layer)}" for layer in layers]
        answers[f"/images/{number}/json"] = says(200, {"RootFS": {"Type": "layers", "Layers": diff_ids}})
        past = [{"Created": 1, "CreatedBy": text, "Size": size} for text, size in (("COPY b /", 38), ("ADD a /", 122))]
        answers[f"/images/{number}/history"] = says(200, past)
    answers["/images/json"] = says(200, listed)


def offered(window: Window, menu: QMenu | None) -> dict[str, bool]:
    """What a menu offers, and whether it can be had."""
    assert menu is not None
    menu.aboutToShow.emit()
    return {action.text(): action.isEnabled() for action in menu.actions() if action.text()}


def test_my_images_offers_the_engines_that_are_here_or_says_that_there_is_none(
    window: Window, tmp_path: Path, engine_folder: Path
) -> None:
    explore = opened(window, small(tmp_path))
    sheet = explore.sheets.show_shared()
    assert sheet is not None
    choices = offered(window, sheet.add_button.menu())
    assert choices["Neither docker nor podman is running on this machine"] is False
    assert not any("The images of" in text for text in choices)
    sheet.close()


def test_what_the_images_of_an_engine_share_is_shown_without_exporting_any(
    window: Window, tmp_path: Path, engine: dict[str, Act]
) -> None:
    has_two_images(engine)
    explore = opened(window, small(tmp_path))
    sheet = explore.sheets.show_shared()
    assert sheet is not None
    menu = sheet.add_button.menu()
    assert offered(window, menu)["The images of docker on this machine"]
    assert menu is not None
    next(action for action in menu.actions() if "docker" in action.text()).trigger()
    found: list[SharedSheet] = []

    def stands() -> bool:
        found[:] = [one for one in window.findChildren(SharedSheet) if len(one.rows) == 3]
        return bool(found)

    until(stands)
    assert found[0].rows[2].accessibleName() == (
        "two, shares 122 B with small and 122 B with one, removing it alone frees 38 B"
    )
    assert not any(asked.endswith("/get") for asked in Handler.asked)
    found[0].close()


def test_one_of_an_engines_images_is_chosen_and_then_opened_by_its_name(
    window: Window, tmp_path: Path, engine: dict[str, Act]
) -> None:
    has_two_images(engine)
    engine["/images/two:latest/json"] = says(200, {"Id": f"sha256:{NUMBERS[1]}", "Size": 160})
    (tmp_path / "export").mkdir()
    engine["/images/two:latest/get"] = says(200, archive_of_two(tmp_path / "export"))
    window.open_image("docker-daemon:")
    explore = window.explore
    until(explore.opening.chooser.isVisible)
    assert [one.accessibleName() for one in explore.opening.chooser.choices] == [
        "one:latest, 2 layers, 160 B",
        "two:latest, 2 layers, 160 B",
    ]
    click(explore.opening.chooser.choices[1])
    until(lambda: explore.image is not None)
    assert explore.image is not None and explore.image.text == "docker-daemon:two:latest"
    assert len(explore.image.stack[0].entries) > 0


def archive_of_two(folder: Path) -> bytes:
    members = archives.old((BASE, OTHER), ["two:latest"])
    return Path(archives.written(folder, members)).read_bytes()
