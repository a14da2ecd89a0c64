"""Panels of lines that each belong to a layer: a pull's log, what inspect and history print, the driver's folders."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from layerviz.engine import digests, find
from layerviz.engine.sizes import size_of_layer
from layerviz.engine.world import Image, Layer, World
from layerviz.picture import widths
from layerviz.picture.layout.beside.sheet import LEAST_LEVEL, LINE, LINE_PX, OVERHANG, ROOMY_LINE, Level, Sheet
from layerviz.picture.layout.fit import Box
from layerviz.picture.layout.sight import size_text
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Hue, Line, Panel, Slab, shape_id

BAR_HEIGHT = 5.0
READS_PX = 18.0
"""A command is cut rather than written smaller than this: the slab beside it says it whole."""
TWO_LINES, APART = 2.9, 1.3
"""From so much room on, of its size, a command takes two lines, and how far these are apart."""
THREAD = 2.4
"""The least length of a thread between two names, of their size."""
HistoryLine = tuple[str, Layer | None]
"""What a line of history says, and the layer that it made."""


def log(sheet: Sheet, world: World, image: Image, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """What `docker pull` printed for each layer, the lowest first, and a bar for what was fetched. It was pulled by its
    first name; later ones were given here."""
    longest = "0" * 12 + ": Verifying Checksum"

    def fits(sheet: Sheet) -> bool:
        return widths.width(longest, sheet.font()) <= sheet.inside.width - sheet.chip_width

    sheet = sheet.large(len(image.layers), fits, ROOMY_LINE).of_lines(len(image.layers), ROOMY_LINE)
    yield from sheet.frame(f"$ docker pull {find.place_of(world, image)}", mono=True)
    step = sheet.step(len(image.layers), ROOMY_LINE)
    there = _older_layers(world, image)
    for n, layer in enumerate(image.layers):
        base = sheet.baseline(n, step) - (sheet.px * 0.28 if step >= sheet.px * LINE * 0.9 else 0)
        had = layer.key in there
        status = "Already exists" if had else "Pull complete"
        key, slab = str(layer.key), slabs.get(layer.key)
        yield sheet.chip(key, n, base, str(n + 1), slab.hue if slab else n + 1)
        x, room = sheet.inside.x + sheet.chip_width, sheet.inside.width - sheet.chip_width
        text = f"{blob_of(layer)[:12]}: {status}"
        text = text if widths.width(text, sheet.font()) <= room else status
        yield sheet.text(
            key, x, base, text, room, colour="dim" if had else "ink", address=slab.address if slab else "",
        )  # fmt: skip
        if step >= sheet.px * LINE * 0.9 and not had:
            yield Panel(
                id=shape_id("line", sheet.name, key, "bar"), twin=f"line {sheet.name} {key} bar",
                x=x, y=base + sheet.px * 0.64, width=room, height=BAR_HEIGHT, radius=BAR_HEIGHT / 2,
                style="bar", hue=slab.hue if slab else n + 1, fill_to=1.0,
            )  # fmt: skip


def inspect(sheet: Sheet, image: Image, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """RootFS.Layers: the lowest layer first, so that leaders would cross; the numbers tie each line to its slab."""
    sheet = sheet.large(len(image.layers), least=ROOMY_LINE).of_lines(len(image.layers), ROOMY_LINE)
    yield from sheet.frame("RootFS.Layers", mono=True)
    step = sheet.step(len(image.layers), ROOMY_LINE)
    for n, layer in enumerate(image.layers):
        base, key, slab = sheet.baseline(n, step), str(layer.key), slabs.get(layer.key)
        yield sheet.chip(key, n, base, str(n + 1), slab.hue if slab else n + 1)
        room = sheet.inside.width - sheet.chip_width
        yield sheet.text(
            key, sheet.inside.x + sheet.chip_width, base, _digest_in(diff_id(layer), sheet.font(), room), room,
            address=slab.address if slab else "", alt=diff_id(layer),
        )  # fmt: skip


def names(sheet: Sheet, image: Image, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """The two names of each layer: in the log of the pull at the left, in RootFS.Layers at the right, tied by
    threads."""

    def room(sheet: Sheet) -> float:
        return (sheet.inside.width - sheet.chip_width - THREAD * sheet.px) / 2

    def fits(sheet: Sheet) -> bool:
        return widths.width("0" * 12, sheet.font()) <= room(sheet)

    count = len(image.layers) + 1
    sheet = sheet.large(count, fits, ROOMY_LINE).of_lines(count, ROOMY_LINE)
    yield from sheet.frame(sheet.say("beside.two_names"))
    step = sheet.step(count, ROOMY_LINE)
    inside, half = sheet.inside, min(room(sheet), widths.width("0" * 12, sheet.font()))
    left, right = inside.x + sheet.chip_width, inside.right - half
    base = sheet.baseline(0, step)
    yield sheet.text("log", left, base, sheet.say("beside.in_log"), half, mono=False, colour="dim")
    yield sheet.text("inspect", right, base, sheet.say("beside.in_inspect"), half, mono=False, colour="dim")
    for n, layer in enumerate(image.layers):
        base, key, slab = sheet.baseline(n + 1, step), str(layer.key), slabs.get(layer.key)
        hue = slab.hue if slab else n + 1
        yield sheet.chip(key, n, base, str(n + 1), hue)
        blob, middle = widths.elide(blob_of(layer)[:12], sheet.font(), half), base - sheet.px * 0.36
        yield sheet.text(f"{key} blob", left, base, blob, half)
        yield Line(
            id=shape_id("thread", sheet.name, key), twin=f"line {sheet.name} {key} thread",
            x0=left + widths.width(blob, sheet.font()) + 6, y0=middle, x1=right - 6, y1=middle, hue=hue, width=1.6,
        )  # fmt: skip
        yield sheet.text(
            f"{key} diff", right, base, diff_id(layer).removeprefix("sha256:")[:12], half,
            address=slab.address if slab else "",
        )  # fmt: skip


def history(sheet: Sheet, image: Image, ref: str, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """`docker history`: newest first, as the slabs stand; lines that made a layer lie level with it, the others are
    dim."""
    lines = _history_lines(image)
    found = _level(sheet, lines, slabs)
    omitted = 0
    if found is None and sheet.inside.height / max(len(lines), 1) < LEAST_LEVEL * LINE_PX:
        omitted = sum(layer is None for _, layer in lines)
        lines = [line for line in lines if line[1] is not None]
        found = _level(sheet, [*lines, ("", None)], slabs) or _level(sheet, lines, slabs)
    count = len(lines) + bool(omitted)
    if found is not None:
        level, sheet = found, found.sheet
    else:
        level, sheet = None, sheet.large(count, lambda sheet: _reads(sheet, lines, sheet.px * LINE))
        sheet = sheet.of_lines(count)
    yield from sheet.frame(f"$ docker history {ref}", mono=True)
    step = sheet.step(count)
    for n, (text, layer) in enumerate(lines):
        base = level.baseline(n) if level else sheet.baseline(n, step)
        key = str(layer.key) if layer else f"empty {n}"
        slab = _slab_of(layer, slabs)
        if layer is not None:
            if slab and level:
                yield from level.leader(n, key, slab)
            position = next(n for n, other in enumerate(image.layers, 1) if other is layer)
            yield sheet.chip(key, n, base, str(position), slab.hue if slab else position)
        size = _size_of(layer)
        colour: Hue = "ink" if layer else "dim"
        room = _command_room(sheet, lines if size else ())
        parts = _command(sheet, text, room, _room_for(level, n) if level else step)
        for k, part in enumerate(parts):
            y = base + (k - (len(parts) - 1) / 2) * sheet.px * APART
            yield sheet.text(
                f"{key} {k}" if k else key, sheet.inside.x + sheet.chip_width, y, part, room, colour=colour,
                address=slab.address if slab else "", alt="" if k else text,
            )  # fmt: skip
        if size:
            yield sheet.text(f"{key} size", sheet.inside.right, base, size, room, colour=colour, align="right")
    if omitted and (level is None or len(level.middles) == count):
        base = level.baseline(len(lines)) if level else sheet.baseline(len(lines), step)
        text = sheet.say("beside.lines_without_layer", count=omitted)
        room = sheet.inside.width - sheet.chip_width
        yield sheet.text(
            "omitted", sheet.inside.x + sheet.chip_width, base, text, room, mono=False, colour="dim", px=sheet.small_px
        )


def _level(sheet: Sheet, lines: Sequence[HistoryLine], slabs: dict[int, Slab]) -> Level | None:
    """The sheet with its lines level with their slabs, written as large as they can be read whole."""
    anchors = [_slab_of(layer, slabs) for _, layer in lines]
    found = [level for sized in sheet.sizes() if (level := sized.level_with(anchors)) is not None]
    level = next((level for level in found if _reads(level.sheet, lines, level.gap)), found[-1] if found else None)
    if level is None or all(len(_command_of(level, line, lines)) == 1 for line in (lines[0], lines[-1])):
        return level
    box, more = level.sheet.box, level.sheet.px * APART / 2
    top, bottom = max(sheet.box.y, box.y - more), min(sheet.box.bottom + OVERHANG, box.bottom + more)
    return replace(level, sheet=replace(level.sheet, box=Box(box.x, top, box.width, bottom - top)))


def _command_of(level: Level, line: HistoryLine, lines: Sequence[HistoryLine]) -> tuple[str, ...]:
    return _command(level.sheet, line[0], _command_room(level.sheet, lines), level.gap)


def _room_for(level: Level, n: int) -> float:
    """The height that line `n` may take; the last one's, too, is that of one line where the sheet ends below it."""
    below = level.sheet.box.bottom - level.middles[n]
    return level.gap if below >= level.sheet.px * (APART / 2 + 0.3) else 0.0


def _command(sheet: Sheet, text: str, room: float, gap: float) -> tuple[str, ...]:
    """The command in as many lines as there is room for, cut at its end."""
    if gap < TWO_LINES * sheet.px:
        return (widths.elide(text, sheet.font(), room),)
    return widths.wrap(text, sheet.font(), room, 2)


def _reads(sheet: Sheet, lines: Sequence[HistoryLine], gap: float) -> bool:
    """Whether all commands stand there whole, or no smaller than they must be to read."""
    if gap < LEAST_LEVEL * sheet.px:
        return False
    room, most = _command_room(sheet, lines), 2 if gap >= TWO_LINES * sheet.px else 1
    return sheet.px <= READS_PX or all(len(widths.wrap(text, sheet.font(), room)) <= most for text, _ in lines)


def _command_room(sheet: Sheet, lines: Sequence[HistoryLine]) -> float:
    """What number and size leave to a command."""
    sizes = max((widths.width(_size_of(layer), sheet.font()) for _, layer in lines), default=0.0)
    return sheet.inside.width - sheet.chip_width - sizes - sheet.px


def _size_of(layer: Layer | None) -> str:
    return "0B" if layer is None else docker_size(size_of_layer(layer))


def _history_lines(image: Image) -> list[HistoryLine]:
    """What each line says, and the layer that it made, newest first."""
    lines: list[HistoryLine] = []
    layers = iter(image.layers)
    for line in image.history:
        layer = None if line.empty_layer else next(layers, None)
        lines.append((instruction(line.created_by if layer is None else layer.created_by or line.created_by), layer))
    lines += [(instruction(layer.created_by), layer) for layer in layers]
    return lines[::-1]


def _slab_of(layer: Layer | None, slabs: dict[int, Slab]) -> Slab | None:
    return None if layer is None else slabs.get(layer.key)


def driver(sheet: Sheet, stack: Sequence[Layer], name: str, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """GraphDriver: its name, and the folders of which it makes the view, the upper one first, as the slabs stand."""
    says = sheet.say("beside.makes_view", driver=name)

    def notes(sheet: Sheet) -> tuple[str, ...]:
        return widths.wrap(says, Font(sheet.small_px), sheet.inside.width, 2)

    def level_of(sheet: Sheet) -> Level | None:
        return sheet.level_with([None, None, *(slabs.get(layer.key) for layer in reversed(stack))])

    def fits(sheet: Sheet) -> bool:
        texts = [_folder_line(layer, n) for n, layer in enumerate(reversed(stack))]
        room = sheet.inside.width - sheet.chip_width
        return all(widths.width(text, sheet.font()) <= room for text in texts)

    above = 2
    level = next((level for sized in sheet.sizes() if fits(sized) and (level := level_of(sized)) is not None), None)
    if level:
        sheet = level.sheet
    else:
        sheet = sheet.large(len(stack) + above, fits).of_lines(len(stack) + above)
    yield from sheet.frame("GraphDriver", mono=True)
    inside = sheet.inside
    step = sheet.step(len(stack) + above)
    bases = [level.baseline(n) if level else sheet.baseline(n, step) for n in range(len(stack) + above)]
    yield sheet.text("name", inside.x, bases[0], f"Name: {name}", inside.width, weight=700)
    for k, line in enumerate(notes(sheet)):
        base = bases[0] + sheet.px * 0.5 + sheet.small_px * (1.1 + 1.35 * k)
        yield sheet.text(f"note {k}", inside.x, base, line, inside.width, mono=False, colour="dim", px=sheet.small_px)
    for n, layer in enumerate(reversed(stack)):
        base, key, slab = bases[above + n], str(layer.key), slabs.get(layer.key)
        if slab:
            if level:
                yield from level.leader(above + n, key, slab)
            yield sheet.chip(key, n, base, str(len(stack) - n), slab.hue)
        x = inside.x + sheet.chip_width + (widths.width("LowerDir", sheet.font()) if n > 1 else 0)
        yield sheet.text(key, x, base, _folder_line(layer, n), inside.right - x, address=slab.address if slab else "")


def _folder_line(layer: Layer, n: int) -> str:
    """How the driver names the folder of the layer that is the `n`th from above."""
    return f"UpperDir {layer_folder(layer)}" if n == 0 else f"{'LowerDir ' if n == 1 else ':'}{layer_folder(layer)}"


def config(sheet: Sheet, image: Image, ref: str) -> Iterator[AnyShape]:
    """The image's label: what its config says, which no layer holds."""
    conf = image.config
    lines = [f"ENV {key}={value}" for key, value in conf.env]
    if conf.entrypoint is not None:
        lines.append(f"ENTRYPOINT {_list(conf.entrypoint)}")
    if conf.cmd is not None:
        lines.append(f"CMD {_list(conf.cmd)}")
    lines += [f"WORKDIR {conf.working_dir}"] if conf.working_dir else []
    lines += [f"LABEL {key}={value}" for key, value in conf.labels]
    layer_count = sheet.say("layer_count", count=len(image.layers))
    text = sheet.say("beside.config_no_layer", layers=layer_count)
    sheet = sheet.large(len(lines) + 4)
    notes = widths.wrap(text, Font(sheet.small_px), sheet.inside.width, 3)
    note_step = sheet.small_px * 1.4
    below = sheet.px * 1.1 + note_step * len(notes)
    sheet = sheet.of_height(sheet.px * LINE * max(len(lines), 1) + below)
    yield from sheet.frame(sheet.say("beside.config_of", name=ref), style="panel")
    inside = sheet.inside
    step = max(sheet.px * 1.4, min(sheet.px * LINE, (inside.height - below) / max(len(lines), 1)))
    for n, line in enumerate(lines):
        yield sheet.text(f"config {line}", inside.x, sheet.baseline(n, step), line, inside.width)
    if not lines:
        nothing = sheet.say("beside.config_empty")
        yield sheet.text("none", inside.x, sheet.baseline(0, step), nothing, inside.width, mono=False, colour="dim")
    rule = inside.y + step * max(len(lines), 1) + sheet.px * 0.3
    yield Line(
        id=shape_id("line", sheet.name, "rule"), twin=f"line {sheet.name} rule", x0=inside.x, y0=rule, x1=inside.right,
        y1=rule, hue="dim", width=1,
    )  # fmt: skip
    for k, part in enumerate(notes):
        base = rule + sheet.px * 0.3 + note_step * (k + 0.86)
        yield sheet.text(f"note {k}", inside.x, base, part, inside.width, mono=False, colour="dim", px=sheet.small_px)


def diff_id(layer: Layer) -> str:
    return layer.quoted_diff_id or digests.diff_id(layer)


def blob_of(layer: Layer) -> str:
    """The digits of the packed layer's digest; of a layer that was built here, which has no one packed form, its
    DiffID's."""
    return (layer.blob_digest or diff_id(layer)).removeprefix("sha256:")


def instruction(created_by: str) -> str:
    """As people write it, without what the classic builder puts before it."""
    text = created_by.strip()
    if text.startswith("/bin/sh -c #(nop)"):
        return text.removeprefix("/bin/sh -c #(nop)").strip()
    return f"RUN {text.removeprefix('/bin/sh -c ')}" if text.startswith("/bin/sh -c ") else text


def docker_size(size_bytes: int | None) -> str:
    """As docker prints it, without a space; nothing where it is not known."""
    return "" if size_bytes is None else size_text(size_bytes).replace(" ", "")


def layer_folder(layer: Layer) -> str:
    """A short name of the folder in which overlay2 keeps the layer."""
    return f"{diff_id(layer).removeprefix('sha256:')[:6]}…/diff"


def _digest_in(digest: str, font: Font, room: float) -> str:
    """As much of it as there is room for; without its algorithm where that leaves less than a short id."""
    if widths.width(digest[:19] + "…", font) <= room:
        return widths.elide(digest, font, room)
    return digest.removeprefix("sha256:")[:12]


def _older_layers(world: World, image: Image) -> set[int]:
    """Keys of layers that an image stored earlier has too."""
    return {layer.key for other in world.images if other.key < image.key for layer in other.layers}


def _list(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"
