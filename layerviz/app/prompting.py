"""What the terminal needs of the command language: running, what fits at the cursor, what a word is. No Qt."""

from collections.abc import Sequence
from pathlib import Path

from layerviz.app.terminal import Fitting
from layerviz.engine.world import World
from layerviz.images.ports import ports
from layerviz.shell import Ports, Result, run_script, spans
from layerviz.strings import Lang


def run(world: World, text: str, lang: Lang, save_into: str = "") -> tuple[Result, ...]:
    """Every command of `text`, also those after one that failed.

    `docker load` reads files of this machine; `docker save` writes only into the folder that was chosen, `save_into`.
    """
    outside = ports(save_into or str(Path.home()), lang=lang)
    reached = Ports(outside.load, outside.save if save_into else None, outside.read, terminal=True, lang=lang)
    return run_script(world, text, reached, keep_going=True)


def fitting(world: World, text: str, cursor: int, lang: Lang) -> Sequence[Fitting]:
    """What fits at the cursor, best first."""
    return ()


def colours(text: str) -> Sequence[tuple[int, int, str]]:
    """Start, length and kind of each piece of a command."""
    return tuple((start, end - start, kind) for start, end, kind in spans(text)) if text else ()
