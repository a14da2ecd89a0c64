"""The menus of Build: what can stand on the stage, and what one can begin from."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from layerviz.app.examples import examples
from layerviz.app.look import Look
from layerviz.app.session import Origin
from layerviz.engine.find import place_of
from layerviz.engine.world import World

MOST_BESIDE = 3
"""Stacks that stand beside each other."""


def fill_show(
    menu: QMenu, look: Look, world: World, shown: tuple[str, ...], show: Callable[[tuple[str, ...]], None]
) -> None:
    """Containers and images that have a name, each alone, or beside what is `shown`."""
    menu.clear()
    names = [container.name for container in world.containers]
    tagged = {key for _, key in world.tags}
    names += [place_of(world, image) for image in world.images if image.key in tagged]
    for name in names:
        action = menu.addAction(name)
        action.setCheckable(True)
        action.setChecked(name in shown)
        action.triggered.connect(lambda _=False, name=name: show((name,)))
    if shown and len(names) > 1:
        menu.addSeparator()
        for name in names:
            if name not in shown:
                action = menu.addAction(look.say("build.beside", name=name))
                beside = (*shown[1 - MOST_BESIDE :], name)
                action.triggered.connect(lambda _=False, beside=beside: show(beside))


def fill_beginnings(menu: QMenu, look: Look, begin: Callable[[Origin], None]) -> None:
    """Nothing, and the examples."""
    menu.clear()
    nothing = menu.addAction(look.say("build.from_nothing"))
    nothing.triggered.connect(lambda: begin(Origin()))
    menu.addSeparator()
    for one in examples():
        action = menu.addAction(look.say(f"example.{one.id}"))
        action.triggered.connect(lambda _=False, one=one: begin(Origin("example", one.id)))
