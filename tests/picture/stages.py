"""Frames put together by hand: the key picture (seven files stored, six seen), and one of each kind of shape."""

from dataclasses import replace

from layerviz.picture.shapes import (
    AnyShape,
    Badge,
    Beam,
    Camera,
    Frame,
    Ground,
    Head,
    Label,
    Line,
    Panel,
    Pool,
    Slab,
    Stage,
    Tile,
    shape_id,
)

SLABS = Camera(x=318, y=724, pitch=120, depth_x=104.7, depth_y=-88, thickness=30, lift=11)
FLAT = Camera(x=560, y=700, pitch=97, depth_x=0, depth_y=-97, thickness=0, lift=3, phase=1.0)
BETWEEN = Camera(x=440, y=712, pitch=108, depth_x=52, depth_y=-92, thickness=15, lift=7, phase=0.5)
WIDTH = 936.0
FILES = {0: ((0, "1"), (1, "2"), (2, "3")), 1: ((3, "4"), (4, "5"), (5, "6")), 2: ((4, "7"),)}
SEEN = {0: (0, "1"), 1: (0, "2"), 2: (0, "3"), 3: (1, "4"), 4: (2, "7"), 5: (1, "6")}
VIEW = 4


def column(c: int) -> tuple[float, float]:
    """Left and right end of a tile in column `c`."""
    left = 42 + 142 * c + 12
    return left, left + 118


def middle(c: int) -> float:
    return sum(column(c)) / 2


def key_picture(camera: Camera = SLABS) -> Frame:
    """Three layers, a container's empty one and the merged view; 7 covers 5."""
    shapes: list[AnyShape] = [Ground(id="ground")]
    for n in range(3):
        shapes.append(slab(n))
        shapes += [
            Pool(id=shape_id("pool", n, c), u=middle(c), level=n, width=66, hue=low + 1) for c, low in passing(n)
        ]
        for c, label in FILES[n]:
            covered = SEEN[c] != (n, label)
            shapes.append(tile(n, c, label, hidden=covered))
        shapes += [beam(n, c, low) for c, low in passing(n, and_from=True)]
    shapes.append(container())
    shapes += [Pool(id=shape_id("pool", 3, c), u=middle(c), level=3, width=66, hue=SEEN[c][0] + 1) for c in SEEN]
    shapes += [beam(3, c, SEEN[c][0]) for c in SEEN]
    shapes.append(Slab(id="view.three", u0=0, u1=WIDTH, level=VIEW, style="view", title="Merged view"))
    for c, (n, label) in SEEN.items():
        shapes.append(replace(tile(VIEW, c, label), hue=n + 1))
        shapes.append(Head(id=shape_id("head", c), u=middle(c), level=VIEW, text=f"file{c + 1}"))
    shapes.append(Label(id="title", x=60, y=100, text="Seven files stored, six files seen", size_px=36, weight=700))
    return Frame(1600, 900, camera, tuple(shapes))


def slab(n: int) -> Slab:
    return Slab(
        id=shape_id("slab", "three", n + 1),
        alt=f"Layer {n + 1}, read-only. COPY {'abc'[n]}/ /",
        u0=0,
        u1=WIDTH,
        level=n,
        hue=n + 1,
        number=str(n + 1),
        title=f"Layer {n + 1}",
        detail=f"COPY {'abc'[n]}/ /",
        right="read-only",
        lock="lock",
    )


def container() -> Slab:
    return Slab(
        id="slab.c1.rw",
        u0=0,
        u1=WIDTH,
        level=3,
        style="container",
        hue="rw",
        title="Container layer",
        detail="empty until something is written",
        detail_mono=False,
        right="read-write",
        lock="lock-open",
    )


def tile(n: int, c: int, label: str, hidden: bool = False) -> Tile:
    left, right = column(c)
    return Tile(
        id=shape_id("tile", "three", n + 1, f"/file{c + 1}"),
        alt=f"/file{c + 1} in layer {n + 1}",
        u0=left,
        u1=right,
        level=n,
        hue=n + 1,
        label=label,
        look="hidden" if hidden else "solid",
        tag="hidden" if hidden else "",
    )


def beam(n: int, c: int, low: int) -> Beam:
    return Beam(id=shape_id("beam", n, c), u=middle(c), low=n, high=n + 1, width=66, hue=low + 1, from_tile=low == n)


def passing(n: int, and_from: bool = False) -> list[tuple[int, int]]:
    """Columns whose light passes row `n`, or begins there too, with the row where it begins."""
    return [(c, low) for c, (low, _) in SEEN.items() if low < n or (and_from and low == n)]


def menagerie(camera: Camera = SLABS) -> Frame:
    """Every kind of shape in every style, without a sensible composition."""
    left, right = column(0)
    blank = Tile(id="", u0=left, u1=right, level=0, label="8", tag="a word")
    tiles: list[AnyShape] = [
        replace(blank, id=f"look.{look}", look=look)
        for look in ("solid", "hidden", "whiteout", "hole", "slot", "ghost", "expected")
    ]
    tiles += [replace(blank, id=f"kind.{kind}", kind=kind) for kind in ("file", "dir", "link", "device", "fold")]
    tiles += [
        replace(blank, id="striped", kind="dir", hues=(1, 2)),
        replace(blank, id="second", hue=9),
        replace(blank, id="chosen", chosen=True),
        replace(blank, id="pointed", pointed=True),
        replace(blank, id="raised", raised=40),
    ]
    light: list[AnyShape] = [
        Pool(id="pool", u=100, level=0, width=60, hue=2),
        Beam(id="beam", u=100, low=0, high=1, width=60, hue=2),
        Beam(id="stopped", u=200, low=0, high=1, width=60, hue=3, stopped=True, strength=0.6, from_tile=False),
        Beam(id="rising", u=300, low=0, high=1, width=60, hue="rw", reach=0.4),
    ]
    slabs: list[AnyShape] = [
        slab(0),
        replace(slab(1), id="dimmed", dim=1.0),
        replace(slab(1), id="glowing", glow=1.0),
        replace(slab(1), id="second round", hue=11, number="11"),
        container(),
        replace(slab(2), id="expected", style="expected"),
        Slab(id="view", u0=0, u1=WIDTH, level=4, style="view", title="Merged view"),
    ]
    page: list[AnyShape] = [
        Head(id="head", u=100, level=4, text="ca-certificates.conf"),
        Head(id="gone", u=200, level=4, text="gone", seen=False),
        Label(id="label", x=60, y=100, text="存了七个文件 stored", size_px=20, weight=600),
        Label(id="right", x=900, y=100, text="right", align="right", mono=True, colour="dim", spacing=1.5),
        Label(id="on stage", x=0, y=0, text="on stage", on=Stage(10, 0.5, 1), align="centre"),
        Badge(id="pill", x=100, y=300, text="7 B", icon="up"),
        Badge(id="dot", x=100, y=340, text="12", style="dot", hue=4),
        Badge(id="check", x=140, y=340, icon="check", style="dot", hue="rw"),
        Badge(id="filled", x=100, y=380, text="new", style="filled", hue="bad", on=Stage(0, 0, 0)),
        Badge(id="plain", x=100, y=420, icon="hidden", style="plain", hue="bad"),
        Line(id="line", x0=10, y0=10, x1=200, y1=10, dot=True),
        Line(id="dashed", x0=10, y0=20, x1=10, y1=200, dashed=True, hue="accent"),
        Line(id="rail", x0=20, y0=20, x1=20, y1=200, hues=(3, 2, 1), width=3),
        Panel(id="panel", x=60, y=788, width=1480, height=84, radius=16),
        Panel(id="well", x=60, y=600, width=200, height=84, style="well"),
        Panel(id="card", x=60, y=500, width=200, height=84, style="card"),
        Panel(id="choice", x=60, y=400, width=40, height=84, style="choice"),
        Panel(id="step", x=60, y=300, width=10, height=10, radius=5, style="dot", hue="bad"),
        Panel(id="bar", x=60, y=200, width=200, height=10, radius=5, style="bar", hue=2, fill_to=0.4),
        Panel(id="endless", x=60, y=220, width=200, height=10, radius=5, style="bar", hue=2),
    ]
    shapes = (Ground(id="ground"), *slabs, *tiles, *light, *page)
    return Frame(1600, 900, camera, shapes)
