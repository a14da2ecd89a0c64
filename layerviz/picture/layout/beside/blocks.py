"""Panels of blocks: what layers take on disk, and what the memory holds of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from layerviz.engine.sizes import size_of_container, size_of_image
from layerviz.engine.world import Container, Image, Layer
from layerviz.picture import widths
from layerviz.picture.layout.beside.sheet import CHIP_WIDTH, HEADING_HEIGHT, LINE_PX, PADDING, SMALL_PX, Sheet
from layerviz.picture.layout.fit import Box
from layerviz.picture.layout.sight import size_text
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Badge, Hue, Panel, Slab, Tile, shape_id

BLOCK_HEIGHT, BAR_HEIGHT = 42.0, 14.0
TALL_GAP, TALL_BAR, TALL_PX = 40.0, 28.0, 17.0
"""With so much room between its lines a panel has higher bars and larger numbers."""
NUMBER_PX = 30.0
SUM_PX, TILE_PX = 20.0, 15.0
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
    whole = 30.0 * len(images) + 14 + 2 * (36 + BLOCK_HEIGHT + 46) + 24
    low = whole > sheet.inside.height
    sheet = sheet.of_height(whole)
    yield from sheet.frame("docker images", mono=True)
    inside = sheet.inside
    line = min(30.0, inside.height * 0.4 / max(len(images), 1))
    y = inside.y + line * 0.7
    for name, image in images:
        size = size_of_image(image)
        yield sheet.text(f"image {name}", inside.x, y, name, inside.width * 0.62)
        if size is not None:
            yield sheet.text(f"image {name} size", inside.right, y, _docker(size), inside.width * 0.36, align="right")
        y += line
    listed = _counted(images)
    stored = [block for block in listed if not block.again]
    y += 14
    scale = inside.width / max(_total(listed), 1.0)
    for key, blocks in (("listed", listed), ("on_disk", stored)):
        total = _total(blocks)
        yield sheet.text(
            key, inside.x, y + 20, sheet.say(f"beside.{key}"), inside.width * 0.5, mono=False, colour="dim", px=16
        )
        yield sheet.text(
            f"{key} sum", inside.right, y + 24, size_text(round(total)), inside.width * 0.6, mono=False, weight=700,
            align="right", px=NUMBER_PX if inside.width > 260 else 24,
        )  # fmt: skip
        yield from _bar(sheet, key, blocks, inside.x, y + 36, scale, low=low)
        y += 36 + BLOCK_HEIGHT * 0.6 + (26 if key == "on_disk" else 14) if low else 36 + BLOCK_HEIGHT + 46
    saved = _total(listed) - _total(stored)
    if saved > 0 and y < inside.bottom:
        text = sheet.say("beside.saved", size=size_text(round(saved)))
        yield sheet.text("saved", inside.x, y, text, inside.width, mono=False, weight=700, colour="rw", px=18)


def one_stack(
    sheet: Sheet, layers: Sequence[Layer], slabs: dict[int, Slab], heading: str, container: Container | None
) -> Iterator[AnyShape]:
    """The sum, and a bar for each layer, the top one first, level with its slab."""
    known = all(layer.size_bytes is not None for layer in layers)
    lines: list[Layer | None] = [*([None] if known else []), *reversed(layers)]
    level = sheet.level_with([None if layer is None else slabs.get(layer.key) for layer in lines])
    sheet = level.sheet if level else sheet.of_lines(len(lines))
    yield from sheet.frame(heading)
    step = sheet.step(len(lines))
    inside = sheet.inside
    largest = max((layer.size_bytes or 0 for layer in layers), default=0)
    roomy = level is not None and _least_gap(level.middles) >= TALL_GAP
    height, px, number_room = (TALL_BAR, TALL_PX, 92.0) if roomy else (BAR_HEIGHT, LINE_PX, 78.0)
    for n, layer in enumerate(lines):
        base = level.baseline(n) if level else sheet.baseline(n, step)
        if layer is None:
            total = size_text(sum(other.size_bytes or 0 for other in layers))
            half = inside.width * 0.5
            yield sheet.text("sum", inside.x, base, sheet.say("beside.sum"), half, mono=False, colour="dim")
            yield sheet.text("sum size", inside.right, base, total, half, align="right", weight=700, px=SUM_PX)
            continue
        slab = slabs.get(layer.key)
        own = container is not None and layer is container.layer
        key, position = str(layer.key), len(lines) - n
        hue: Hue = slab.hue if slab else position
        yield sheet.chip(key, n, base, "rw" if own else str(position), hue)
        room = inside.width - CHIP_WIDTH - number_room - 6
        size = layer.size_bytes
        share = (size or 0) / largest if largest else 0.0
        yield Panel(
            id=shape_id("line", sheet.name, key, "bar"), twin=f"line {sheet.name} {key} bar", x=inside.x + CHIP_WIDTH,
            y=base - LINE_PX * 0.36 - height / 2, width=room, height=height, radius=4, style="bar", hue=hue,
            fill_to=None if size is None else share if not size else max(share, 0.02),
            address=slab.address if slab else "",
        )  # fmt: skip
        if size is not None:
            yield sheet.text(
                f"{key} size", inside.right, base + (px - LINE_PX) * 0.36, size_text(size), number_room, align="right",
                px=px,
            )  # fmt: skip


def _least_gap(middles: Sequence[float]) -> float:
    return min((below - above for above, below in pairwise(middles)), default=0.0)


def several_containers(sheet: Sheet, containers: Sequence[Container], image: Image) -> Iterator[AnyShape]:
    """What each container has of its own, and the one image that stands below all of them."""
    sheet = sheet.of_height(64.0 * len(containers) + 100)
    yield from sheet.frame("docker ps -s", mono=True)
    inside = sheet.inside
    size = size_of_image(image)
    step = min(64.0, (inside.height - 90) / max(len(containers), 1))
    y = inside.y + 10
    for container in containers:
        own = size_of_container(container)
        yield sheet.text(f"name {container.name}", inside.x, y + 14, container.name, inside.width * 0.5, weight=700)
        yield sheet.text(
            f"own {container.name}", inside.right, y + 14, size_text(own), inside.width * 0.5, weight=700,
            colour="rw", align="right",
        )  # fmt: skip
        if size is not None and step >= 44:
            virtual = sheet.say("beside.virtual", size=_docker(own + size))
            yield sheet.text(
                f"virtual {container.name}", inside.x, y + 34, virtual, inside.width, mono=False, colour="dim"
            )
        y += step
    y += 12
    height = max(44.0, min(72.0, inside.bottom - y - 34))
    yield Panel(
        id=shape_id("line", sheet.name, "image"), twin=f"line {sheet.name} image", x=inside.x, y=y, width=inside.width,
        height=height, radius=8, style="card",
    )  # fmt: skip
    text = sheet.say("beside.image_once", size=size_text(size) if size is not None else "")
    lines = widths.wrap(text, Font(SMALL_PX, 600), inside.width - 24, 2)
    for k, line in enumerate(lines):
        base = y + height / 2 + 5 + (k - (len(lines) - 1) / 2) * 19
        yield sheet.text(f"image text {k}", inside.x + 12, base, line, inside.width - 24, mono=False, weight=600)


def memory(sheet: Sheet, containers: Sequence[str], base: Layer | None, slabs: dict[int, Slab]) -> Iterator[AnyShape]:
    """The page cache: who reads the one file, and level with its layer the one block that it takes."""
    slab = slabs.get(base.key) if base else None
    least = 30.0 * (len(containers) + 1) + 30
    level = sheet.level_with([slab])
    height = min(96.0, max(56.0, sheet.inside.height - least))
    room = sheet.box.bottom - PADDING * 0.7
    leads = slab is not None and level is not None and room - height + 12 <= level.middles[0] <= room - 12
    box, whole = sheet.box, HEADING_HEIGHT + least + height + PADDING * 0.7
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
    text = widths.elide(sheet.say("beside.one_copy"), Font(20, 700), inside.width - 40)
    yield Badge(
        id=shape_id("line", sheet.name, "one"), twin=f"line {sheet.name} one", x=inside.x + inside.width / 2,
        y=y + height / 2, text=text, style="filled", hue=slab.hue if slab else 1, size_px=20,
    )  # fmt: skip
    step = min(30.0, (y - inside.y) / (len(containers) + 1.4))
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
    sheet: Sheet, key: str, blocks: Sequence[Block], x: float, y: float, scale: float, *, low: bool
) -> Iterator[AnyShape]:
    """The blocks in one line, each with its size below; where the panel is low, without."""
    height = BLOCK_HEIGHT * 0.6 if low else BLOCK_HEIGHT
    for block in blocks:
        width = max(block.size_bytes * scale - 3, LEAST_BLOCK)
        name = shape_id("line", sheet.name, key, block.key)
        yield Panel(
            id=name, twin=f"line {sheet.name} {key} {block.key}", x=x, y=y, width=width, height=height, radius=6,
            style="again" if block.again else "dot", hue=block.hue, alt=size_text(round(block.size_bytes)),
        )  # fmt: skip
        text = size_text(round(block.size_bytes))
        if not low and widths.width(text, Font(SMALL_PX)) <= width:
            yield sheet.text(
                f"{key} {block.key} size", x + width / 2, y + BLOCK_HEIGHT + 17, text, width, mono=False, colour="dim",
                align="centre",
            )  # fmt: skip
        x += max(block.size_bytes * scale, LEAST_BLOCK + 3)


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
        known = {who: sum(layer.size_bytes or 0 for layer in layers) for who, layers in groups.items()}
        left = (size_of_image(image) or sum(known.values())) - sum(known.values())
        for who, layers in groups.items():
            rest = left if any(layer.size_bytes is None for layer in layers) else 0
            hue = hues.setdefault(who, len(hues) + 1)
            blocks.append(Block(f"{name} {len(hues)} {hue}", known[who] + rest, hue, again=who in before))
            left -= rest
        before |= set(groups)
    return [block for block in blocks if block.size_bytes > 0]


def _docker(size_bytes: int) -> str:
    return size_text(size_bytes).replace(" ", "")


def _total(blocks: Sequence[Block]) -> float:
    return sum((block.size_bytes for block in blocks), 0.0)
