"""Panels of blocks: what layers take on disk, and what the memory holds of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from layerviz.engine.sizes import size_of_container, size_of_image, size_of_layer, size_of_stack
from layerviz.engine.world import Container, Image, Layer
from layerviz.picture import widths
from layerviz.picture.layout.beside.listing import docker_size
from layerviz.picture.layout.beside.sheet import PADDING, Sheet
from layerviz.picture.layout.fit import Box
from layerviz.picture.layout.sight import size_text
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Badge, Hue, Panel, Slab, Tile, shape_id

BLOCK_HEIGHT = 42.0
BAR_SHARE, TALL_SHARE, TALL_GAP = 1.0, 1.5, 40.0
"""How high a layer's bar is, of its line's size, and where there is so much room between lines."""
OWN_LINES = 3.6
"""Height of what is said of a container, of its line's size."""
TILE_PX = 15.0
LEAST_DEPTH = 36.0
"""A slab that is less deep has no room for a tile with writing."""
LEAST_BLOCK = 8.0


@dataclass(frozen=True, slots=True)
class Block:
    """So many bytes of one hue; `again`: they were counted before."""

    key: str
    size_bytes: float
    hue: Hue
    again: bool = False


def several_images(sheet: Sheet, images: Sequence[tuple[str, Image]]) -> Iterator[AnyShape]:
    """What the list of images adds up to, against what the disk holds: layers that they share are counted in each line,
    and stored once."""
    listed = _counted(images)
    stored = [block for block in listed if not block.again]
    saved = _total(listed) - _total(stored)
    high = next(
        (m for sized in sheet.sizes() if (m := _measures(sized, len(images))).whole <= sized.inside.height), None
    )
    measures = high or _low_measures(sheet, len(images))
    sheet = measures.sheet.of_height(measures.whole)
    yield from sheet.frame("docker images", mono=True)
    inside, line = sheet.inside, measures.line
    y = inside.y + line * 0.7
    for name, image in images:
        size = size_of_image(image)
        yield sheet.text(f"image {name}", inside.x, y, name, inside.width * 0.62)
        if size is not None:
            yield sheet.text(
                f"image {name} size", inside.right, y, docker_size(size), inside.width * 0.36, align="right"
            )
        y += line
    y += measures.gap - line * 0.7
    scale = inside.width / max(_total(listed), 1.0)
    for key, blocks in (("listed", listed), ("on_disk", stored)):
        total = _total(blocks)
        number = min(measures.number_px, 24.0) if inside.width <= 260 else measures.number_px
        y += measures.head
        yield sheet.text(
            key, inside.x, y - number * 0.4, sheet.say(f"beside.{key}"), inside.width * 0.5, mono=False, colour="dim"
        )
        yield sheet.text(
            f"{key} sum", inside.right, y - number * 0.4, size_text(round(total)), inside.width * 0.6, mono=False,
            weight=700, align="right", px=number,
        )  # fmt: skip
        yield from _bar(sheet, key, blocks, inside.x, y, scale, measures.bar)
        y += measures.bar
        if high is not None:
            yield from _under_bar(sheet, key, blocks, scale, y + sheet.small_px * 1.25)
        y += measures.under
    if saved > 0 and y < inside.bottom:
        text = sheet.say("beside.saved", size=size_text(round(saved)))
        px = round(sheet.px * 1.2)
        yield sheet.text(
            "saved", inside.x, y + px * 0.9, text, inside.width, mono=False, weight=700, colour="rw", px=px
        )


@dataclass(frozen=True, slots=True)
class _Measures:
    """Heights in a panel of images: of a line of the list, of what is free below the list, of a bar's head, the bar and
    what is below it; and of all of it together."""

    sheet: Sheet
    line: float
    gap: float
    head: float
    bar: float
    under: float
    number_px: float
    whole: float


def _measures(sheet: Sheet, count: int) -> _Measures:
    px = sheet.px
    line, gap, head, bar, under = px * 2, px * 0.6, px * 2.6, BLOCK_HEIGHT * px / 16, sheet.small_px * 2.1
    whole = line * count + gap + 2 * (head + bar + under) + px * 1.6
    return _Measures(sheet, line, gap, head, bar, under, round(px * 1.9), whole)


def _low_measures(sheet: Sheet, count: int) -> _Measures:
    """Where there is little room: lower bars, and nothing below them."""
    line = min(28.0, sheet.inside.height * 0.4 / max(count, 1))
    return _Measures(sheet, line, 8.0, 32.0, BLOCK_HEIGHT * 0.6, 8.0, 26.0, sheet.inside.height)


def one_stack(
    sheet: Sheet, layers: Sequence[Layer], slabs: dict[int, Slab], heading: str, container: Container | None
) -> Iterator[AnyShape]:
    """The sum, and a bar for each layer, the top one first, level with its slab."""
    known = all(layer.size_bytes is not None for layer in layers)
    lines: list[Layer | None] = [*([None] if known else []), *reversed(layers)]
    anchors = [None if layer is None else slabs.get(layer.key) for layer in lines]
    level = next((level for sized in sheet.sizes() if (level := sized.level_with(anchors)) is not None), None)
    sheet = level.sheet if level else sheet.large(len(lines)).of_lines(len(lines))
    yield from sheet.frame(heading)
    step = sheet.step(len(lines))
    inside = sheet.inside
    largest = max((size_of_layer(layer) or 0 for layer in layers), default=0)
    sizes = [size_text(size) for layer in layers if (size := size_of_layer(layer)) is not None]
    number_room = max((widths.width(text, sheet.font()) for text in sizes), default=0.0) + 2
    height = sheet.px * (BAR_SHARE if level is None or level.gap < TALL_GAP else TALL_SHARE)
    for n, layer in enumerate(lines):
        base = level.baseline(n) if level else sheet.baseline(n, step)
        if layer is None:
            total = size_text(size_of_stack(layers) or 0)
            half, px = inside.width * 0.5, round(sheet.px * 1.3)
            yield sheet.text("sum", inside.x, base, sheet.say("beside.sum"), half, mono=False, colour="dim")
            yield sheet.text("sum size", inside.right, base, total, half, align="right", weight=700, px=px)
            continue
        slab = slabs.get(layer.key)
        own = container is not None and layer is container.layer
        key, position = str(layer.key), len(lines) - n
        hue: Hue = slab.hue if slab else position
        chip = sheet.chip(key, n, base, "rw" if own else str(position), hue)
        yield chip
        x = inside.x + sheet.chip_width
        size = size_of_layer(layer)
        share = (size or 0) / largest if largest else 0.0
        yield Panel(
            id=shape_id("line", sheet.name, key, "bar"), twin=f"line {sheet.name} {key} bar", x=x,
            y=chip.y - height / 2, width=inside.right - number_room - sheet.px * 0.8 - x, height=height, radius=4,
            style="bar", hue=hue, fill_to=None if size is None else share if not size else max(share, 0.02),
            address=slab.address if slab else "",
        )  # fmt: skip
        if size is not None:
            yield sheet.text(f"{key} size", inside.right, base, size_text(size), number_room, align="right")


def several_containers(sheet: Sheet, containers: Sequence[Container], image: Image) -> Iterator[AnyShape]:
    """What each container has of its own, and the one image that stands below all of them."""
    size = size_of_image(image)
    text = sheet.say("beside.image_once", size=size_text(size) if size is not None else "")

    def words(sheet: Sheet) -> tuple[str, ...]:
        return widths.wrap(text, Font(sheet.small_px, 600), sheet.inside.width - 24, 2)

    def card(sheet: Sheet) -> float:
        return sheet.small_px * (1.4 * len(words(sheet)) + 1.8)

    def virtual(container: Container) -> str:
        return sheet.say("beside.virtual", size=docker_size(size_of_container(container) + (size or 0)))

    def fits(sheet: Sheet) -> bool:
        room = sheet.inside.width
        return all(widths.width(virtual(one), Font(sheet.small_px)) <= room for one in containers) and (
            len(containers) * sheet.px * OWN_LINES + sheet.px + card(sheet) <= sheet.inside.height
        )

    found = next((sized for sized in sheet.sizes() if fits(sized)), None)
    sheet = found or sheet
    sheet = sheet.of_height(OWN_LINES * sheet.px * len(containers) + sheet.px + card(sheet))
    yield from sheet.frame("docker ps -s", mono=True)
    inside, height = sheet.inside, card(sheet)
    step = min(OWN_LINES * sheet.px, (inside.height - sheet.px - height) / max(len(containers), 1))
    y = inside.y
    for container in containers:
        own, base = size_of_container(container), y + sheet.px * 1.2
        yield sheet.text(f"name {container.name}", inside.x, base, container.name, inside.width * 0.5, weight=700)
        yield sheet.text(
            f"own {container.name}", inside.right, base, size_text(own), inside.width * 0.5, weight=700,
            colour="rw", align="right",
        )  # fmt: skip
        if size is not None and step >= 2.8 * sheet.px:
            yield sheet.text(
                f"virtual {container.name}", inside.x, base + sheet.small_px * 1.5, virtual(container), inside.width,
                mono=False, colour="dim", px=sheet.small_px,
            )  # fmt: skip
        y += step
    y = inside.bottom - height
    yield Panel(
        id=shape_id("line", sheet.name, "image"), twin=f"line {sheet.name} image", x=inside.x, y=y, width=inside.width,
        height=height, radius=8, style="card",
    )  # fmt: skip
    lines = words(sheet)
    for k, line in enumerate(lines):
        base = y + height / 2 + sheet.small_px * (0.36 + (k - (len(lines) - 1) / 2) * 1.4)
        yield sheet.text(
            f"image text {k}", inside.x + 12, base, line, inside.width - 24, mono=False, weight=600, px=sheet.small_px
        )


def memory(sheet: Sheet, containers: Sequence[str], base: Layer | None, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """The page cache: who reads the one file, and level with its layer the one block that it takes."""
    slab = slabs.get(base.key) if base else None
    sheet = sheet.large(len(containers) + 1, least=3.4)
    line = sheet.px * 2
    least = line * (len(containers) + 1) + line
    level = sheet.level_with([slab])
    height = min(sheet.px * 6, max(56.0, sheet.inside.height - least))
    room = sheet.box.bottom - PADDING * 0.7
    leads = slab is not None and level is not None and room - height + 12 <= level.middles[0] <= room - 12
    box, whole = sheet.box, sheet.heading_height + least + height + PADDING * 0.7
    top = max(box.y, box.bottom - whole) if leads else box.y + max(0.0, box.height - whole) / 2
    bottom = box.bottom if leads else min(box.bottom, top + whole)
    sheet = replace(sheet, box=Box(box.x, top, box.width, bottom - top))
    yield from sheet.frame(sheet.say("beside.page_cache"))
    inside = sheet.inside
    y = inside.bottom - height
    tile = _file_of(sheet, slab) if slab is not None else None
    if tile is not None:
        yield tile
    if leads and slab is not None and level is not None:
        yield from sheet.leader("cache", slab, level.share, level.middles[0], x=inside.x)
    yield Panel(
        id=shape_id("line", sheet.name, "cache"), twin=f"line {sheet.name} cache", x=inside.x, y=y, width=inside.width,
        height=height, radius=10, style="card", alt=sheet.say("beside.one_copy"),
    )  # fmt: skip
    px = max(20.0, round(sheet.px * 1.1))
    text = widths.elide(sheet.say("beside.one_copy"), Font(px, 700), inside.width - 40)
    yield Badge(
        id=shape_id("line", sheet.name, "one"), twin=f"line {sheet.name} one", x=inside.x + inside.width / 2,
        y=y + height / 2, text=text, style="filled", hue=slab.hue if slab else 1, size_px=px,
    )  # fmt: skip
    step = min(line, (y - inside.y) / (len(containers) + 1.4))
    readers = sheet.say("beside.readers", count=len(containers))
    yield sheet.text("readers", inside.x, inside.y + step * 0.7, readers, inside.width, mono=False, colour="dim")
    for n, name in enumerate(containers, 1):
        at = inside.y + step * (n + 0.7)
        yield sheet.text(
            f"reader {name}", inside.x + PADDING, at, name, inside.width - PADDING, weight=500, colour="rw"
        )


def _file_of(sheet: Sheet, slab: Slab) -> Tile | None:
    """The one file that all of them read, on its layer, of whose files no other is known; None where it has no room."""
    text = sheet.say("beside.library")
    width = widths.width(text, Font(TILE_PX, 600)) + 40
    fit = sheet.fit
    if fit.mode == "flat" or fit.depth_px < LEAST_DEPTH or width > (slab.u1 - slab.u0) * 0.5:
        return None
    right = slab.u1 - 24
    return Tile(
        id=shape_id("tile", sheet.name), twin=f"line {sheet.name} tile", alt=text, address=slab.address,
        u0=right - width, u1=right, level=slab.level, hue=slab.hue, label=text, label_px=TILE_PX,
    )  # fmt: skip


def _bar(
    sheet: Sheet, key: str, blocks: Sequence[Block], x: float, y: float, scale: float, height: float
) -> Iterator[AnyShape]:
    """The blocks in one line."""
    for block in blocks:
        yield Panel(
            id=shape_id("line", sheet.name, key, block.key), twin=f"line {sheet.name} {key} {block.key}", x=x, y=y,
            width=max(block.size_bytes * scale - 3, LEAST_BLOCK), height=height, radius=6,
            style="again" if block.again else "dot", hue=block.hue, alt=size_text(round(block.size_bytes)),
        )  # fmt: skip
        x += max(block.size_bytes * scale, LEAST_BLOCK + 3)


def _under_bar(sheet: Sheet, key: str, blocks: Sequence[Block], scale: float, base: float) -> Iterator[AnyShape]:
    """The size of each block below it. Where some are too narrow for theirs: what is stored as a sum, and of the list,
    whose blocks are those again, what the hatched ones are."""
    texts = [size_text(round(block.size_bytes)) for block in blocks]
    px, x, room = sheet.small_px, sheet.inside.x, sheet.inside.width
    wide = [max(block.size_bytes * scale - 3, LEAST_BLOCK) for block in blocks]
    if all(widths.width(text, Font(px)) <= most for text, most in zip(texts, wide, strict=True)):
        for block, text, width in zip(blocks, texts, wide, strict=True):
            yield sheet.text(
                f"{key} {block.key} size", x + width / 2, base, text, width, mono=False, colour="dim", align="centre",
                px=px,
            )  # fmt: skip
            x += width + 3
    else:
        text = sheet.say("beside.counted_again") if any(block.again for block in blocks) else " + ".join(texts)
        yield sheet.text(f"{key} blocks", x, base, text, room, mono=False, colour="dim", px=px)


def _counted(images: Sequence[tuple[str, Image]]) -> list[Block]:
    """What each image counts, in blocks of the layers that the same images have. A quoted layer of unknown size is part
    of what the image's published size leaves over."""
    users = {
        layer.key: tuple(
            n for n, (_, image) in enumerate(images) if any(other.key == layer.key for other in image.layers)
        )
        for _, image in images
        for layer in image.layers
    }
    blocks: list[Block] = []
    before: set[tuple[int, ...]] = set()
    hues: dict[tuple[int, ...], Hue] = {}
    for name, image in images:
        groups: dict[tuple[int, ...], list[Layer]] = {}
        for layer in image.layers:
            groups.setdefault(users[layer.key], []).append(layer)
        known = {who: sum(size_of_layer(layer) or 0 for layer in layers) for who, layers in groups.items()}
        left = (size_of_image(image) or sum(known.values())) - sum(known.values())
        for who, layers in groups.items():
            rest = left if any(layer.size_bytes is None for layer in layers) else 0
            hue = hues.setdefault(who, len(hues) + 1)
            blocks.append(Block(f"{name} {len(hues)} {hue}", known[who] + rest, hue, again=who in before))
            left -= rest
        before |= set(groups)
    return [block for block in blocks if block.size_bytes > 0]


def _total(blocks: Sequence[Block]) -> float:
    return sum((block.size_bytes for block in blocks), 0.0)
