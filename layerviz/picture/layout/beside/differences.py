"""What `docker diff` prints of a container, beside its layer."""

from collections.abc import Iterator

from layerviz.engine.changes import changes
from layerviz.engine.paths import display
from layerviz.engine.world import Container
from layerviz.picture.layout.beside.sheet import CHIP_WIDTH, Sheet
from layerviz.picture.shapes import AnyShape, Hue

_HUES: dict[str, Hue] = {"A": "rw", "C": "accent", "D": "bad"}


def diff(sheet: Sheet, container: Container) -> Iterator[AnyShape]:
    """A line for each path with its letter, the same as on the tiles of the container's layer; as many as the sheet has
    room for."""
    lines = changes(container)
    most = max(1, int(sheet.inside.height // 24))
    omitted = len(lines) - most + 1 if len(lines) > most else 0
    shown = lines[: len(lines) - omitted] if omitted else lines
    sheet = sheet.of_lines(max(len(shown) + bool(omitted), 1))
    yield from sheet.frame(f"$ docker diff {container.name}", mono=True)
    step = sheet.step(len(shown) + bool(omitted))
    for n, (letter, path) in enumerate(shown):
        base = sheet.baseline(n, step)
        yield sheet.chip(path, n, base, letter, _HUES[letter])
        yield sheet.text(
            path,
            sheet.inside.x + CHIP_WIDTH,
            base,
            display(path),
            sheet.inside.width - CHIP_WIDTH,
            address=f"{container.name}[rw]:{path}",
            alt=f"{letter} {display(path)}",
        )
    if omitted:
        yield sheet.text("omitted", sheet.inside.x + CHIP_WIDTH, sheet.baseline(len(shown), step), f"+{omitted}", 80)
