"""Small worlds for pictures, made of entries directly: no command has to run for them."""

from collections.abc import Mapping
from dataclasses import replace

from layerviz.engine.content import of
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from layerviz.engine.upper import Upper
from layerviz.engine.world import Container, HistoryLine, Image, Layer, World

Files = Mapping[str, str | None]
"""Path to content; None is a whiteout; a path that ends in "/" a directory."""


def entries(files: Files) -> list[Entry]:
    made: list[Entry] = []
    for path, text in files.items():
        if text is None:
            made.append(Entry(path, Kind.WHITEOUT))
        elif path.endswith("/"):
            made.append(Entry(path.rstrip("/"), Kind.DIR, 0o755))
        elif text.startswith("-> "):
            made.append(Entry(path, Kind.SYMLINK, 0o777, linkname=text[3:]))
        else:
            made.append(Entry(path, content=of(text.encode())))
    return made


def layer(key: int, files: Files, created_by: str = "") -> Layer:
    return Layer(key, Table.of(entries(files)), created_by)


def numbered(*names_and_numbers: tuple[str, int]) -> dict[str, str]:
    return {path: f"File {n}\n" for path, n in names_and_numbers}


A = layer(11, numbered(("/file1", 1), ("/file2", 2), ("/file3", 3)), "COPY a/ /")
B = layer(12, numbered(("/file4", 4), ("/file5", 5), ("/file6", 6)), "COPY b/ /")
C = layer(13, numbered(("/file5", 7)), "COPY c/ /")
D = layer(14, numbered(("/file7", 7)), "COPY d/ /")


def image(key: int, *layers: Layer) -> Image:
    return Image(key, layers, history=tuple(HistoryLine(0, layer.created_by) for layer in layers))


def container(key: int, name: str, of_image: Image, ref: str, files: Files) -> Container:
    own = Layer(key * 100, Upper.of(entries(files)))
    return Container(key, f"{key:064x}", name, of_image, ref, own, state="running")


def world(images: Mapping[str, Image], containers: tuple[Container, ...] = (), host: Files | None = None) -> World:
    return World(
        images=tuple(images.values()),
        tags=tuple((f"{name}:latest", image.key) for name, image in images.items()),
        containers=containers,
        host=Layer(1, Upper.of(entries(host or {}))),
        serial=1000,
    )


ONE, TWO, THREE, SEVEN = image(21, A), image(22, A, B), image(23, A, B, C), image(24, A, B, D)
ARTICLE = world({"one": ONE, "two": TWO, "three": THREE, "seven": SEVEN})


def with_container(*containers: Container, base: World = ARTICLE) -> World:
    return replace(base, containers=containers)
