"""Panels of lines that each belong to a layer: a pull's log, what inspect and history print, the driver's folders."""

from collections.abc import Iterator, Sequence

from layerviz.engine import digests, find
from layerviz.engine.world import Image, Layer, World
from layerviz.picture import widths
from layerviz.picture.layout.beside.sheet import CHIP_WIDTH, LINE_PX, ROOMY_LINE, SMALL_PX, Sheet
from layerviz.picture.layout.sight import size_text
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Line, Panel, Slab, shape_id

BAR_HEIGHT = 5.0
SIZE_ROOM = 62.0


def log(sheet: Sheet, world: World, image: Image, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """What `docker pull` printed for each layer, the lowest first, and a bar for what was fetched. It was pulled by its
    first name; later ones were given here."""
    sheet = sheet.of_lines(len(image.layers), ROOMY_LINE)
    yield from sheet.frame(f"$ docker pull {find.place_of(world, image)}", mono=True)
    step = sheet.step(len(image.layers), ROOMY_LINE)
    there = _older_layers(world, image)
    for n, layer in enumerate(image.layers):
        base = sheet.baseline(n, step) - (4 if step >= 30 else 0)
        had = layer.key in there
        status = "Already exists" if had else "Pull complete"
        key, slab = str(layer.key), slabs.get(layer.key)
        yield sheet.chip(key, n, base, str(n + 1), slab.hue if slab else n + 1)
        room = sheet.inside.width - CHIP_WIDTH
        digits = blob_of(layer)[:12]
        text = (
            f"{digits}: {status}" if widths.width(f"{digits}: {status}", Font(LINE_PX, 400, "mono")) <= room else status
        )
        yield sheet.text(
            key, sheet.inside.x + CHIP_WIDTH, base, text, room, colour="dim" if had else "ink",
            address=slab.address if slab else "",
        )  # fmt: skip
        if step >= 30 and not had:
            yield Panel(
                id=shape_id("line", sheet.name, key, "bar"), twin=f"line {sheet.name} {key} bar",
                x=sheet.inside.x + CHIP_WIDTH, y=base + 9, width=room, height=BAR_HEIGHT, radius=BAR_HEIGHT / 2,
                style="bar", hue=slab.hue if slab else n + 1, fill_to=1.0,
            )  # fmt: skip


def inspect(sheet: Sheet, image: Image, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """RootFS.Layers: the lowest layer first, so that leaders would cross; the numbers tie each line to its slab."""
    sheet = sheet.of_lines(len(image.layers), ROOMY_LINE)
    yield from sheet.frame("RootFS.Layers", mono=True)
    step = sheet.step(len(image.layers), ROOMY_LINE)
    for n, layer in enumerate(image.layers):
        base, key, slab = sheet.baseline(n, step), str(layer.key), slabs.get(layer.key)
        yield sheet.chip(key, n, base, str(n + 1), slab.hue if slab else n + 1)
        room = sheet.inside.width - CHIP_WIDTH
        yield sheet.text(
            key, sheet.inside.x + CHIP_WIDTH, base, _digest_in(diff_id(layer), room), room,
            address=slab.address if slab else "", alt=diff_id(layer),
        )  # fmt: skip


def names(sheet: Sheet, image: Image, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """The two names of each layer: in the log of the pull at the left, in RootFS.Layers at the right, tied by
    threads."""
    sheet = sheet.of_lines(len(image.layers) + 1, ROOMY_LINE)
    yield from sheet.frame(sheet.say("beside.two_names"))
    step = sheet.step(len(image.layers) + 1, ROOMY_LINE)
    inside = sheet.inside
    half = (inside.width - CHIP_WIDTH) * 0.5
    left, right = inside.x + CHIP_WIDTH, inside.x + CHIP_WIDTH + half + 18
    base = sheet.baseline(0, step)
    yield sheet.text("log", left, base, sheet.say("beside.in_log"), half, mono=False, colour="dim")
    yield sheet.text("inspect", right, base, sheet.say("beside.in_inspect"), half - 18, mono=False, colour="dim")
    for n, layer in enumerate(image.layers):
        base, key, slab = sheet.baseline(n + 1, step), str(layer.key), slabs.get(layer.key)
        hue = slab.hue if slab else n + 1
        yield sheet.chip(key, n, base, str(n + 1), hue)
        font = Font(LINE_PX, 400, "mono")
        blob = widths.elide(blob_of(layer)[:12], font, half - 12)
        yield sheet.text(f"{key} blob", left, base, blob, half)
        yield Line(
            id=shape_id("thread", sheet.name, key), twin=f"line {sheet.name} {key} thread",
            x0=left + widths.width(blob, font) + 6, y0=base - 5, x1=right - 6, y1=base - 5, hue=hue, width=1.6,
        )  # fmt: skip
        yield sheet.text(
            f"{key} diff", right, base, diff_id(layer).removeprefix("sha256:")[:12], half - 18,
            address=slab.address if slab else "",
        )  # fmt: skip


def history(sheet: Sheet, image: Image, ref: str, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """`docker history`: newest first, as the slabs stand; lines that made a layer lie level with it, the others are
    dim."""
    lines = _history_lines(image)
    level = sheet.level_with([_slab_of(layer, slabs) for _, layer in lines])
    omitted = 0
    if level is None and sheet.inside.height / max(len(lines), 1) < 22:
        omitted = sum(layer is None for _, layer in lines)
        lines = [line for line in lines if line[1] is not None]
        anchors = [_slab_of(layer, slabs) for _, layer in lines]
        level = sheet.level_with([*anchors, None]) or sheet.level_with(anchors)
    count = len(lines) + bool(omitted)
    sheet = level.sheet if level else sheet.of_lines(count)
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
        size = "0B" if layer is None else docker_size(layer.size_bytes)
        room = sheet.inside.width - CHIP_WIDTH - SIZE_ROOM
        yield sheet.text(
            key, sheet.inside.x + CHIP_WIDTH, base, text, room, colour="ink" if layer else "dim",
            address=slab.address if slab else "",
        )  # fmt: skip
        if size:
            yield sheet.text(
                f"{key} size", sheet.inside.right, base, size, SIZE_ROOM, colour="ink" if layer else "dim",
                align="right",
            )  # fmt: skip
    if omitted and (level is None or len(level.middles) == count):
        base = level.baseline(len(lines)) if level else sheet.baseline(len(lines), step)
        text = sheet.say("beside.lines_without_layer", count=omitted)
        room = sheet.inside.width - CHIP_WIDTH
        yield sheet.text("omitted", sheet.inside.x + CHIP_WIDTH, base, text, room, mono=False, colour="dim")


def _history_lines(image: Image) -> list[tuple[str, Layer | None]]:
    """What each line says, and the layer that it made, newest first."""
    lines: list[tuple[str, Layer | None]] = []
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
    note = widths.wrap(sheet.say("beside.makes_view", driver=name), Font(SMALL_PX), sheet.inside.width, 3)
    above = 1 + len(note)
    level = sheet.level_with([*[None] * above, *(slabs.get(layer.key) for layer in reversed(stack))])
    sheet = level.sheet if level else sheet.of_lines(len(stack) + above)
    yield from sheet.frame("GraphDriver", mono=True)
    inside = sheet.inside
    step = sheet.step(len(stack) + above)
    bases = [level.baseline(n) if level else sheet.baseline(n, step) for n in range(len(stack) + above)]
    yield sheet.text("name", inside.x, bases[0], f"Name: {name}", inside.width, weight=700)
    for k, line in enumerate(note):
        yield sheet.text(
            f"note {k}", inside.x, bases[1 + k] - 3 * k, line, inside.width, mono=False, colour="dim", px=SMALL_PX
        )
    for n, layer in enumerate(reversed(stack)):
        base, key, slab = bases[above + n], str(layer.key), slabs.get(layer.key)
        if slab:
            if level:
                yield from level.leader(above + n, key, slab)
            yield sheet.chip(key, n, base, str(len(stack) - n), slab.hue)
        text = f"UpperDir {layer_folder(layer)}" if n == 0 else f"{'LowerDir ' if n == 1 else ':'}{layer_folder(layer)}"
        x = inside.x + CHIP_WIDTH + (widths.width("LowerDir", Font(LINE_PX, 400, "mono")) if n > 1 else 0)
        yield sheet.text(key, x, base, text, inside.right - x, address=slab.address if slab else "")


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
    sheet = sheet.of_height(34.0 * max(len(lines), 1) + 80)
    yield from sheet.frame(sheet.say("beside.config_of", name=ref), style="panel")
    step = min(sheet.step(len(lines) + 2), 34.0)
    inside = sheet.inside
    for n, line in enumerate(lines):
        yield sheet.text(f"config {line}", inside.x, sheet.baseline(n, step), line, inside.width)
    if not lines:
        yield sheet.text(
            "none",
            inside.x,
            sheet.baseline(0, step),
            sheet.say("beside.config_empty"),
            inside.width,
            mono=False,
            colour="dim",
        )
    base = sheet.baseline(max(len(lines), 1), step) + 10
    yield Line(
        id=shape_id("line", sheet.name, "rule"), twin=f"line {sheet.name} rule", x0=inside.x, y0=base - 18,
        x1=inside.right, y1=base - 18, hue="dim", width=1,
    )  # fmt: skip
    text = sheet.say("beside.config_no_layer", layers=layer_count)
    for k, part in enumerate(widths.wrap(text, Font(SMALL_PX), inside.width, 3)):
        yield sheet.text(
            f"note {k}", inside.x, base + 6 + 20 * k, part, inside.width, mono=False, colour="dim", px=SMALL_PX
        )


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


def _digest_in(digest: str, room: float) -> str:
    font = Font(LINE_PX, 400, "mono")
    if widths.width(digest[:19] + "…", font) <= room:
        return widths.elide(digest, font, min(room, widths.width(digest[:19] + "…", font) + 1))
    return digest.removeprefix("sha256:")[:12]


def _older_layers(world: World, image: Image) -> set[int]:
    """Keys of layers that an image stored earlier has too."""
    return {layer.key for other in world.images if other.key < image.key for layer in other.layers}


def _list(words: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"
