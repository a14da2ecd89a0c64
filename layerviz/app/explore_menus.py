"""What the menus of Explore offer: the bar's buttons where they have no room, the ways to save, and what can be done
with what is chosen."""

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QMenu

from layerviz.app.explore_saving import KEYS
from layerviz.app.explore_story import StoryCard
from layerviz.app.look import Look
from layerviz.app.parts import Button
from layerviz.images.reference import Form


def fill_more(menu: QMenu, buttons: Mapping[str, Button], inner: Mapping[str, Callable[[QMenu], None]]) -> None:
    """A line for each of `buttons`; `inner` fills the menus of those that have one."""
    menu.clear()
    for name, button in buttons.items():
        if name in inner:
            inner[name](menu.addMenu(button.text()))
        else:
            _add(menu, button)


def fill_export(menu: QMenu, look: Look, picture: Callable[[], object], save: Callable[[Form], None]) -> None:
    menu.clear()
    menu.addAction(look.say("explore.as_picture")).triggered.connect(lambda _=False: picture())
    menu.addSeparator()
    for form, key in KEYS:
        action = menu.addAction(look.say(f"explore.{key}"))
        action.triggered.connect(lambda _=False, form=form: save(form))


def fill_story(menu: QMenu, look: Look, story: StoryCard) -> None:
    """What the card below the stage offers; nothing where it tells of nothing."""
    menu.clear()
    if story.story is None:
        return
    for button in story.buttons:
        if not button.isHidden():
            _add(menu, button)
    menu.addSeparator()
    copies = menu.addAction(f"{look.say(f'explore.copy_{story.story.copied}')}\tCtrl+C")
    copies.triggered.connect(lambda _=False: story.copy_button.click())


def _add(menu: QMenu, button: Button) -> None:
    action = menu.addAction(button.text())
    action.setEnabled(button.isEnabled())
    action.triggered.connect(lambda _=False: button.click())
