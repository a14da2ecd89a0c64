"""Your computer: its folders, and their files as tiles that may be copied (or dragged) onto the stack."""

from collections.abc import Iterator

from layerviz.engine import merge, paths
from layerviz.engine.entry import Kind
from layerviz.engine.paths import display
from layerviz.engine.world import World
from layerviz.picture import widths
from layerviz.picture.layout.beside.sheet import LINE_PX, Sheet
from layerviz.picture.layout.sight import Name, is_toy, label_of, sight
from layerviz.picture.primitives import Font
from layerviz.picture.shapes import AnyShape, Badge, Hue, Tile, shape_id

TILE_WIDTH, LEAST_TILE, TILE_GAP = 84.0, 24.0, 12.0
ROW_HEIGHT, LEAST_ROW, SHORT_ROW = 104.0, 72.0, 34.0
NAME_PX = 14.0


def computer(sheet: Sheet, world: World, next_hue: Hue) -> Iterator[AnyShape]:
    """A row for each folder of the home folder. Files that no layer has yet carry the hue of the next one; the others
    that of the layer which holds them."""
    stack = (world.host,)
    folders = [found.entry.path for found in merge.children(stack, world.cwd) if found.entry.kind is Kind.DIR]
    loose = [name for name in sight(stack, world.cwd) if not name.is_directory]
    rows: list[tuple[str, tuple[Name, ...]]] = [
        (folder, tuple(name for name in sight(stack, folder) if not name.is_directory)) for folder in folders
    ]
    if loose:
        rows.append((world.cwd, tuple(loose)))
    tall = [bool(names) and is_toy(names) for _, names in rows]
    room = sheet.inside.height - SHORT_ROW * tall.count(False)
    high = min(ROW_HEIGHT, room / max(tall.count(True), 1))
    if high < LEAST_ROW:
        tall, high = [False] * len(rows), 0.0
    sheet = sheet.of_height(sum(high if is_tall else SHORT_ROW for is_tall in tall) or SHORT_ROW)
    yield from sheet.frame(sheet.say("beside.computer"), style="panel")
    y = sheet.inside.y
    for (folder, names), is_tall in zip(rows, tall, strict=True):
        height = high if is_tall else SHORT_ROW
        yield from _folder(sheet, world, folder, names, y, height, is_tall, next_hue)
        y += height


def _folder(
    sheet: Sheet,
    world: World,
    folder: str,
    names: tuple[Name, ...],
    y: float,
    height: float,
    is_tall: bool,
    next_hue: Hue,
) -> Iterator[AnyShape]:
    inside = sheet.inside
    is_home = folder == world.cwd
    title = display(paths.base(folder)) + "/" if not is_home else ""
    middle = y + height / 2
    label_room = min(84.0, max(34.0, widths.width(title, Font(LINE_PX, 700, "mono")) + 16))
    if title:
        yield sheet.text(
            f"folder {folder}", inside.x, middle + 5, title, label_room - 6, weight=700, address=f"host:{folder}",
        )  # fmt: skip
    left = inside.x + (label_room if title else 0.0)
    room = inside.right - left
    if not is_tall:
        text = "  ".join(display(name.name) for name in names)
        yield sheet.text(f"files {folder}", left, middle + 5, text, room, colour="dim")
        return
    count = len(names)
    lean = _share(sheet) * sheet.fit.camera.depth_x
    pitch = min(TILE_WIDTH, (room - lean + TILE_GAP) / count)
    width = pitch - TILE_GAP
    toy = is_toy(names)
    for n, name in enumerate(names):
        x = left + n * pitch
        if width < LEAST_TILE:
            return
        yield from _tile(sheet, world, name, x, middle + 14, width, toy, next_hue)


def _share(sheet: Sheet) -> float:
    """How much of a slab's depth a tile takes here: 46 px of the page, and half of it at most."""
    return min(0.5, 46.0 / max(-sheet.fit.camera.depth_y, 1.0))


def _tile(
    sheet: Sheet, world: World, name: Name, x: float, y: float, width: float, toy: bool, next_hue: Hue
) -> Iterator[AnyShape]:
    """A tile whose front left corner stands at (x, y) of the page, with its file's name under it."""
    version = name.on_view
    if version is None:
        return
    camera = sheet.fit.camera
    share = _share(sheet)
    address = f"host:{name.path}"
    label = label_of(version, toy=toy)
    yield Tile(
        id=shape_id("tile", "host", name.path),
        twin=f"host {name.path}",
        alt=sheet.say("alt.host", path=display(name.path), label=label),
        address=address,
        u0=x - camera.x,
        u1=x - camera.x + width,
        level=(camera.y - y) / camera.pitch,
        v0=0.0,
        v1=share,
        hue=_hue(world, name, next_hue),
        label=label if widths.width(label, Font(22, 700)) <= width else "",
        label_px=22.0 if len(label) <= 2 else 14.0,
    )
    text = widths.elide(display(name.name), Font(NAME_PX, 600), width + TILE_GAP - 20)
    yield Badge(
        id=shape_id("name", "host", name.path),
        twin=f"host {name.path} name",
        x=x + width / 2 + 4,
        y=y + 12,
        text=text,
        size_px=NAME_PX,
        hue="ink",
    )


def _hue(world: World, name: Name, next_hue: Hue) -> Hue:
    """The position of the newest image layer that holds the same file, by its content; else the next layer's."""
    version = name.on_view
    assert version is not None
    for image in reversed(world.images):
        for position in range(len(image.layers), 0, -1):
            entries = image.layers[position - 1].entries
            for row in range(min(len(entries), 64)):
                entry = entries.entry(row)
                if entry.kind is Kind.FILE and entry.name == name.name and entry.content == version.entry.content:
                    return position
    return next_hue
