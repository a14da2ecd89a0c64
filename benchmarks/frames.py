"""Frames of motion in software raster: every lesson in every theme at 1080p and 4K, and 600 tiles that all move.

A frame's time is that of asking the timeline for it and of painting it. Processor time is measured, so that a busy
machine does not count, though what its other work does to caches still does. Each step begins without any sprite; as in
the window nothing is collected while something moves.
The 600 tiles are compared with a bare loop that fills the page and copies the same pictures to the same places.
"""

import gc
import math
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPixmap

from benchmarks._limits import Row, told
from layerviz.lessons import stage
from layerviz.lessons.loading import lessons
from layerviz.lessons.playing import play
from layerviz.picture.expand import pieces
from layerviz.picture.layout import View
from layerviz.picture.paint import Sprites, load_fonts, paint, painting, qcolour
from layerviz.picture.shapes import AnyShape, Beam, Camera, Frame, Ground, Pool, Slab, Tile
from layerviz.picture.theme import DARK, THEMES, Theme
from layerviz.picture.timeline import Timeline

SIZES = {"1080p": (1920, 1080, 60, 16.0), "4K": (3840, 2160, 30, 33.0)}
"""Width, height, frames sampled a second, and the limit in ms that 95 of 100 frames keep."""
MAX_RATIO = 3.0
TILES, ROWS, FRAMES = 600, 6, 90


def main() -> int:
    app = QGuiApplication(sys.argv[:1])
    status = told(measured())
    app.quit()
    return status


def measured() -> Iterator[Row]:
    load_fonts()
    whole, bare = moving_tiles()
    peer = f"{whole:.1f} ms to {bare:.1f} ms"
    yield Row(f"{TILES} moving tiles against a bare loop of copies", whole / bare, MAX_RATIO, "×", peer)
    runs = [run for lesson in lessons() for run in play(lesson).steps]
    gc.collect()
    gc.freeze()
    for name, (width, height, rate, limit) in SIZES.items():
        canvas = QImage(width, height, QImage.Format.Format_RGB32)
        view = View(width=width, height=height, fixed=False)
        for theme in THEMES.values():
            times = sorted(
                spent
                for run in runs
                for spent in step(stage.timeline(run, stage.captioned(run, view)), rate, theme, canvas)
            )
            peer = f"{len(times):,} frames, median {times[len(times) // 2]:.1f} ms, longest {times[-1]:.0f} ms"
            what = f"95 of 100 frames at {name}, {theme.name}"
            yield Row(what, times[int(len(times) * 0.95)], limit, "ms", peer)


def step(timeline: Timeline, rate: int, theme: Theme, canvas: QImage) -> Iterator[float]:
    """The time of each frame in ms."""
    sprites = Sprites()
    gc.disable()
    for k in range(round(timeline.duration_ms * rate / 1000) + 1):
        began = time.process_time()
        frame = timeline.at(min(timeline.duration_ms, k * 1000 / rate))
        with painting(canvas) as painter:
            paint(frame, theme, painter, sprites)
        yield (time.process_time() - began) * 1000
    gc.enable()


def moving_tiles() -> tuple[float, float]:
    """How long a frame takes, and the copies in it alone; in ms."""
    canvas = QImage(1920, 1080, QImage.Format.Format_RGB32)
    sprites = Sprites()
    whole: list[float] = []
    bare: list[float] = []
    for frame in crowd():
        with painting(canvas) as painter:
            whole.append(timed(lambda frame=frame, painter=painter: paint(frame, DARK, painter, sprites)))  # type: ignore[misc]  # mypy cannot infer defaults
        copies = list(copies_of(frame, sprites))
        with painting(canvas) as painter:
            bare.append(timed(lambda copies=copies, painter=painter: copy(copies, painter)))  # type: ignore[misc]  # as above
    return middle(whole), middle(bare)


Copy = tuple[int, int, QPixmap, int]


def copies_of(frame: Frame, sprites: Sprites) -> Iterator[Copy]:
    shelf, _, _ = sprites.begin(frame.camera, DARK, 1.0)
    for piece in pieces(frame, DARK):
        sprite = shelf.get(piece.look)
        if sprite is not None:
            x, y = round(piece.x + piece.aside[0]) + sprite.left, round(piece.y + piece.aside[1]) + sprite.top
            yield x, y, sprite.pixmap, sprite.height if piece.strip_px is None else round(piece.strip_px)


def copy(copies: list[Copy], painter: QPainter) -> None:
    blit = painter.drawPixmap
    painter.fillRect(painter.viewport(), qcolour(DARK.ground[0]))
    for x, y, pixmap, height in copies:
        blit(x, y, pixmap, 0, 0, pixmap.width(), height)


def crowd() -> Iterator[Frame]:
    """600 tiles in six rows, each with its light, every one of them higher or lower in every frame."""
    columns = TILES // ROWS
    pitch = 1400 / columns
    camera = Camera(x=200, y=940, pitch=150, depth_x=138, depth_y=-116, thickness=32, lift=8)
    slabs = [
        Slab(id=f"slab.{n}", u0=0, u1=1500, level=n, hue=n + 1, number=str(n + 1), title=f"Layer {n + 1}")
        for n in range(ROWS)
    ]
    for k in range(FRAMES):
        shapes: list[AnyShape] = [Ground(id="ground")]
        for n, slab in enumerate(slabs):
            lefts = [40 + pitch * c for c in range(columns)]
            shapes.append(slab)
            shapes += [
                Pool(id=f"p{n}.{c}", u=u + 22, level=n, width=24, hue=c % 8 + 1) for c, u in enumerate(lefts[::4])
            ]
            shapes += [
                Tile(
                    id=f"t{n}.{c}", u0=u, u1=u + 44, level=n, hue=n + 1, label=str((c * 7 + n) % 9 + 1), label_px=24,
                    raised=10 + 10 * math.sin(k / 9 + c % 40),
                )
                for c, u in enumerate(lefts)
            ]  # fmt: skip
            shapes += [
                Beam(id=f"b{n}.{c}", u=u + 22, low=n, high=n + 1, width=24, hue=c % 8 + 1)
                for c, u in enumerate(lefts[::4])
            ]
        yield replace(Frame(1920, 1080, camera, ()), shapes=tuple(shapes))


def timed(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def middle(times: list[float]) -> float:
    return sorted(times)[len(times) // 2]


if __name__ == "__main__":
    sys.exit(main())
