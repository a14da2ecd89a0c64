"""What the terminal needs of the command language: running, what fits at the cursor, what a word is. No Qt."""

from collections.abc import Sequence

from layerviz.app.terminal import Fitting
from layerviz.engine import sizes
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.world import World
from layerviz.shell import Ports, Result, complete, run_script, spans
from layerviz.strings import Lang, tr

MOST = 12


def run(world: World, text: str, lang: Lang) -> tuple[Result, ...]:
    """Every command of `text`, also those after one that failed."""
    return run_script(world, text, ports=Ports(lang=lang), keep_going=True)
