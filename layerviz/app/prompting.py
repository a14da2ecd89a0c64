"""What the terminal needs of the command language: running, what is printed, what fits at the cursor, what a word is.
No Qt."""

import os
from collections.abc import Sequence
from pathlib import Path

from layerviz.app.terminal import Fitting, Printed
from layerviz.engine import sizes
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.world import World
from layerviz.images.ports import ports
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import TRANSPORTS, tags
from layerviz.shell import Completion, Ports, Result, complete, run_script, spans, units
from layerviz.shell.machine import Brought, PortError
from layerviz.strings import Lang, tr

MOST = 16


def run(
    world: World,
    text: str,
    lang: Lang,
    save_into: str = "",
    at_hand: tuple[Brought, ...] = (),
    by_window: bool = False,
) -> tuple[Result, ...]:
    """Every command of `text`, also those after one that failed.

    `docker load` reads files of this machine, as docker does, or takes the images that are `at_hand`; where the command
    is the window's own, also from any other place that images are opened from. `docker save` writes only into the
    folder that was chosen, `save_into`.
    """
    outside = ports(save_into or str(Path.home()), lang=lang)

    def load(file: str) -> tuple[Brought, ...]:
        if at_hand:
            return at_hand
        assert outside.load is not None
        return (_elsewhere(file) if by_window else ()) or outside.load(file)

    reached = Ports(load, outside.save if save_into else None, outside.read, terminal=True, lang=lang)
    return run_script(world, text, reached, keep_going=True)


def _elsewhere(text: str) -> tuple[Brought, ...]:
    """The images that `text` names where it is no archive's name. Raises `PortError`."""
    from layerviz.images.opening import images_of

    if not text.startswith(TRANSPORTS) and not os.path.isdir(text):
        return ()
    try:
        return tuple(Brought(one.image, tags(one.refs)) for one in images_of(text))
    except ImageProblem as problem:
        raise PortError(str(problem)) from None


def printed(results: Sequence[Result]) -> list[Printed]:
    """The transcript of commands that were run, each with its output."""
    pieces: list[Printed] = []
    for result in results:
        for number, line in enumerate(result.command.rstrip("\n").split("\n")):
            pieces.append(Printed("more" if number else "prompt", line))
        pieces += output([result])
    return pieces


def output(results: Sequence[Result]) -> list[Printed]:
    """What commands printed, without themselves."""
    pieces: list[Printed] = []
    for result in results:
        for kind, text in (("out", result.stdout), ("err", result.errors), ("hint", "\n".join(result.hints))):
            if text:
                pieces.append(Printed(kind, text.rstrip("\n")))
    return pieces


def fitting(world: World, text: str, cursor: int, lang: Lang) -> Sequence[Fitting]:
    """What fits at the cursor, best first: each with the line that it makes."""
    found = complete(world, text, cursor)[:MOST]
    return tuple(Fitting(_line(text, cursor, one), one.text, _what(world, one, lang)) for one in found)


def _line(text: str, cursor: int, one: Completion) -> str:
    # A directory is gone into; everything else is followed by the next word.
    space = "" if one.kind == "directory" or text[cursor : cursor + 1] == " " else " "
    return text[: one.start] + one.text + space + text[cursor:]


def _what(world: World, one: Completion, lang: Lang) -> str:
    """What a completion is, in a few words; "" where its name says it all."""
    if one.kind not in ("image", "container"):
        return ""
    try:
        place = resolve(world, parse(one.text))
    except AddressError:
        return ""
    if place.container is not None:
        return tr(lang, f"app.facts.state_{place.container.state}")
    layers = tr(lang, "app.build.layers", count=len(place.stack))
    size = sizes.size_of_image(place.image) if place.image is not None else None
    return layers if size is None else f"{layers}, {units.size(size)}"


def colours(text: str) -> Sequence[tuple[int, int, str]]:
    """Start, length and kind of each piece of a command."""
    return tuple((start, end - start, kind) for start, end, kind in spans(text)) if text else ()
