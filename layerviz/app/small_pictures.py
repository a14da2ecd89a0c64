"""Where small pictures are kept: in the user's folder for caches, and those of a first start with layerviz itself.

A picture's name is made of all that it depends on, the contents of lessons and of what plays and draws them included.
So none is ever shown of another lesson or version: what does not fit is drawn.
"""

import contextlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from PySide6.QtGui import QPixmap

from layerviz.kept import folder, kept, write_whole
from layerviz.resources import assets, lessons_folder

MOST_KEPT = 500
"""Pictures of former themes, sizes and versions that are kept."""
FLOORS = ("engine", "lessons", "picture", "shell", "strings")
MODULES = ("examples", "home_scenes", "scenes", "strokes", "thumbnail", "tokens")
"""The floors below, and the modules beside this one, that a picture depends on."""


def name_of(depends: Iterable[object]) -> str:
    """The name of the picture that depends on these, and on the contents that all of them depend on."""
    return _digest([repr((fingerprint(), *depends)).encode()])[:32]


def read(name: str) -> QPixmap | None:
    """The picture of that name, if there is one."""
    for place in (folder() / "thumbnails", assets() / "thumbnails"):
        pixmap = QPixmap(str(place / f"{name}.png"))
        if not pixmap.isNull():
            return pixmap
    return None


def keep(name: str, pixmap: QPixmap) -> None:
    """Keeps it for the next start; the oldest ones make room."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    pixmap.save(buffer, "PNG")
    place = folder() / "thumbnails"
    with contextlib.suppress(OSError):
        write_whole(place / f"{name}.png", bytes(data.data()), durable=False)
    there = sorted(place.glob("*.png"), key=lambda one: one.stat().st_mtime_ns)
    for old in there[:-MOST_KEPT]:
        old.unlink(missing_ok=True)


@cache
def fingerprint() -> str:
    """Changes when a picture may: made of the contents of all files that pictures come from."""
    files = dict(_sources())
    return kept("pictures", list(files), lambda: _digest(_pieces(files)))


def _sources() -> Iterator[tuple[Path, str]]:
    """Every such file, and its name wherever layerviz lies."""
    package = Path(__file__).parents[1]
    for floor in FLOORS:
        yield from _below(package / floor, "*.py", floor)
    for module in MODULES:
        yield package / "app" / f"{module}.py", f"app/{module}.py"
    yield from _below(lessons_folder(), "*.yaml", "lessons")
    for area in ("catalogue", "strings"):
        yield from _below(assets(area), "*", area)


def _below(place: Path, pattern: str, named: str) -> Iterator[tuple[Path, str]]:
    for file in sorted(place.rglob(pattern)):
        if file.is_file() and file.suffix != ".pyc":
            yield file, f"{named}/{file.relative_to(place).as_posix()}"


def _pieces(files: dict[Path, str]) -> Iterator[bytes]:
    for file, name in files.items():
        data = file.read_bytes()
        yield f"{name} {len(data)}\n".encode()
        yield data


def _digest(pieces: Iterable[bytes]) -> str:
    # Not before the first paint.
    import hashlib

    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
