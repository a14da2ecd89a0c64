"""Images for Explore's tests: the real archive where it lies, and small ones made here."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from layerviz.app.explore import Explore
from layerviz.app.window import Window
from layerviz.images import manifests
from tests.images.archives import File, config, digest, layer, old, several, written
from tests.images.layouts import Layout

REAL = Path(
    os.environ.get("LAYERVIZ_TEST_IMAGE", Path(__file__).parents[3] / "shared" / "data" / "test-docker-image.tar")
)
needs_real = pytest.mark.skipif(not REAL.exists(), reason=f"the real archive is not at {REAL}")

BASE = layer((File("dir/again", b"one\ntwo\nthree\n"), File("dir/gone", b"x" * 100), File("dir/keep", b"\0\1binary")))
SECOND = layer((File("dir/again", b"one\n2\nthree\n"), File("dir/.wh.gone"), File("dir/sub/new", b"new\n")))
OTHER = layer((File("dir/other", b"other\n"),))
STEPS = ("COPY a/ /dir/", "RUN change things")


def small(folder: Path) -> Path:
    """Two layers: /dir/again is written twice, /dir/gone is deleted."""
    return Path(written(folder, old((BASE, SECOND), ["small:latest"], STEPS), "small.tar"))


def two_images(folder: Path) -> Path:
    """One archive of two images that stand on the same first layer."""
    return Path(written(folder, several({"one:latest": (BASE, SECOND), "two:latest": (BASE, OTHER)}), "two.tar"))


def lying(folder: Path) -> Path:
    """An archive whose second layer is not what its DiffID says."""
    members = old((BASE, SECOND), ["small:latest"], STEPS)
    name = next(name for name, data in members.items() if data == SECOND)
    members[name] = SECOND.replace(b"one\n2\nthree\n", b"one\n3\nthree\n")
    return Path(written(folder, members, "lying.tar"))


def with_foreign(folder: Path) -> Path:
    """A layout of three layers; the second is kept elsewhere."""
    kept_back = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    first, away, last = (layer((File(name, b"x"),)) for name in ("one", "away", "two"))
    layout = Layout()
    elsewhere = {"mediaType": kept_back, "digest": f"sha256:{digest(away)}", "size": 5, "urls": ["https://x/y"]}
    said = {
        "config": layout.blob(config((first, away, last)), manifests.CONFIG),
        "layers": [layout.blob(first, manifests.LAYER), elsewhere, layout.blob(last, manifests.LAYER)],
    }
    layout.list(layout.document(manifests.MANIFEST, said), "x")
    return Path(layout.folder(folder / "layout"))


def until(happens: Callable[[], object], ms: int = 20_000) -> None:
    """Lets the window live until something holds."""
    for _ in range(ms // 20):
        if happens():
            return
        QTest.qWait(20)
    raise AssertionError("it did not come to that")


def opened_bare(window: Window, file: Path) -> Explore:
    """Explore with the only image of `file`."""
    window.open_image(str(file))
    explore = window.explore
    until(lambda: not explore.doors.is_busy and explore.image is not None and explore.image.text == str(file))
    # On a busy machine its layers appear one by one.
    explore.stage.complete()
    return explore


def opened(window: Window, file: Path) -> Explore:
    """Explore with the only image of `file`, and all that is found out of it."""
    explore = opened_bare(window, file)
    until(lambda: explore.checked is not None and explore.checked.done == explore.checked.of)
    until(lambda: explore.findings.score.score is not None and explore.layers.model.rows[0].facts is not None)
    return explore
