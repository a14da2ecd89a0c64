"""What `docker diff` prints of a container, beside its layer."""

from collections.abc import Iterator

from layerviz.engine.changes import changes
from layerviz.engine.paths import display
from layerviz.engine.world import Container
from layerviz.picture import widths
from layerviz.picture.layout.beside.sheet import LINE, LINE_PX, Sheet
from layerviz.picture.shapes import AnyShape, Hue

_HUES: dict[str, Hue] = {"A": "rw", "C": "accent", "D": "bad"}


def diff(sheet: Sheet, container: Container) -> Iterator[AnyShape]:
    """A line for each path with its letter, the same as on the tiles of the container's layer; as many as the sheet has
    room for."""
    lines = changes(container)
    most = max(1, int(sheet.inside.height // (LINE_PX * 1.7)))
    omitted = len(lines) - most + 1 if len(lines) > most else 0
    shown = lines[: len(lines) - omitted] if omitted else lines
    count = max(len(shown) + bool(omitted), 1)

    def fits(sheet: Sheet) -> bool:
        room = sheet.inside.width - sheet.chip_width
        return all(widths.width(display(path), sheet.font()) <= room for _, path in shown)

    sheet = sheet.large(count, fits, LINE).of_lines(count)
    yield from sheet.frame(f"$ docker diff {container.name}", mono=True)
    step = sheet.step(count)
    for n, (letter, path) in enumerate(shown):
        base = sheet.baseline(n, step)
        yield sheet.chip(path, n, base, letter, _HUES[letter])
        yield sheet.text(
            path,
            sheet.inside.x + sheet.chip_width,
            base,
            display(path),
            sheet.inside.width - sheet.chip_width,
            address=f"{container.name}[rw]:{path}",
            alt=f"{letter} {display(path)}",
        )
    if omitted:
        yield sheet.text(
            "omitted", sheet.inside.x + sheet.chip_width, sheet.baseline(len(shown), step), f"+{omitted}", 80
        )
