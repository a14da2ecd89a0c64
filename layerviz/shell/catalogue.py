"""The images that `docker pull` and `FROM` find, and the packages that apt and apk know: data files, read once.

Illustrative images have real bytes; of quoted ones only what public sources say is known (assets/catalogue/README.md).
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import cast

import yaml

from layerviz.engine import content, digests
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from layerviz.engine.world import Config, HistoryLine, Image, Layer, Quoted
from layerviz.resources import Problem, assets

Node = Mapping[str, object]


class CatalogueError(Problem):
    """A file of the catalogue that does not say what it must."""


def program(name: str) -> bytes:
    """The content of an illustrative program file; the lab runs the program that it names."""
    return f"\x7fELF layerviz program {name}: illustrative, it runs in the lab only\n".encode()


@dataclass(frozen=True, slots=True)
class Offer:
    """An image as a registry would offer it, its names, and the digest of its manifest."""

    image: Image
    names: tuple[str, ...]
    manifest_digest: str


@cache
def offers() -> Mapping[str, Offer]:
    """All images by each of their names ("redis:latest")."""
    found: dict[str, Offer] = {}
    for file in sorted(assets("catalogue").glob("*.yaml")):
        offer = _offer(_load(str(file)), file.stem)
        found.update(dict.fromkeys(offer.names, offer))
    return found


def find(ref: str) -> Offer | None:
    """The image offered under the normal form of a reference ("redis:latest")."""
    return offers().get(ref)


def has_repository(ref: str) -> bool:
    """Whether any tag of the repository is offered."""
    name = ref.partition("@")[0].rpartition(":")[0]
    return any(known.rpartition(":")[0] == name for known in offers())


@dataclass(frozen=True, slots=True)
class Package:
    """A package: its version, what it needs, and its files."""

    name: str
    version: str
    needs: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Distribution:
    """The packages of a distribution, and the names of the lists that `apt-get update` fetches."""

    packages: Mapping[str, Package] = field(default_factory=dict)
    lists: tuple[str, ...] = ()


@cache
def distribution(name: str) -> Distribution:
    """What the package manager of "ubuntu" or "alpine" knows."""
    document = _load(str(assets("catalogue", "packages", f"{name}.yaml")))
    packages = {
        package: Package(package, _text(node, "version"), _texts(node, "needs"), tuple(_entries(node, 0)))
        for package, node in _nodes(document, "packages").items()
    }
    return Distribution(packages, _texts(document, "lists"))


def blob(layer: Layer) -> tuple[str, int | None]:
    """Digest and size of a layer as it is sent: quoted, or of our own tar in a gzip that stores without packing.

    A gzip of stored blocks is the same everywhere; compressors differ between builds.
    """
    if layer.is_quoted:
        return layer.blob_digest, layer.blob_bytes
    digest = hashlib.sha256(b"\x1f\x8b\x08\0\0\0\0\0\0\xff")
    size, check, length = 10, 0, 0
    for chunk in digests.tar_of(layer):
        check, length = zlib.crc32(chunk, check), length + len(chunk)
        for start in range(0, len(chunk), 0xFFFF):
            part = chunk[start : start + 0xFFFF]
            digest.update(struct.pack("<BHH", 0, len(part), len(part) ^ 0xFFFF) + part)
            size += 5 + len(part)
    digest.update(struct.pack("<BHHII", 1, 0, 0xFFFF, check, length & 0xFFFFFFFF))
    return digest.hexdigest(), size + 13


def manifest_digest(image: Image) -> str:
    """The digest of the manifest that a registry would keep for an illustrative image (image-spec, manifest.md)."""
    config = digests.config_json(image)
    layers = [
        {"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": size, "digest": f"sha256:{digest}"}
        for digest, size in map(blob, image.layers)
    ]
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": {
            "mediaType": "application/vnd.docker.container.image.v1+json",
            "size": len(config),
            "digest": f"sha256:{hashlib.sha256(config).hexdigest()}",
        },
        "layers": layers,
    }
    return hashlib.sha256(json.dumps(manifest, indent=3).encode()).hexdigest()


def _offer(document: Node, name: str) -> Offer:
    created = _instant(_text(document, "created"))
    layers = tuple(_layer(cast(Node, node), created) for node in cast(list[object], document.get("layers", [])))
    quoted_node = document.get("quoted")
    quoted = None
    if quoted_node is not None:
        node = cast(Node, quoted_node)
        digest = f"sha256:{_text(node, 'manifest_digest')}"
        quoted = Quoted(
            f"sha256:{_text(node, 'image_id')}", digest, _text(node, "size"), int(_text(node, "size_bytes"))
        )
    image = Image(
        key=0,
        layers=layers,
        config=_config(_nodes(document, "config")),
        history=tuple(_history(document, layers, created)),
        created=created,
        quoted=quoted,
        origin="quoted" if quoted else "catalogue",
    )
    manifest = quoted.manifest_digest if quoted else f"sha256:{manifest_digest(image)}"
    names = _texts(document, "names")
    if not names:
        raise CatalogueError(name, "an image needs names")
    repository = names[0].rpartition(":")[0]
    return Offer(replace(image, repo_digests=(f"{repository}@{manifest}",)), names, manifest)


def _layer(node: Node, created: int) -> Layer:
    instruction = _text(node, "instruction")
    if "diff_id" in node:
        size, blob_bytes = node.get("size"), node.get("blob_bytes")
        return Layer(
            key=0,
            entries=Table.of(()),
            created_by=instruction,
            quoted_diff_id=f"sha256:{_text(node, 'diff_id')}",
            blob_digest=_text(node, "blob"),
            blob_bytes=None if blob_bytes is None else int(str(blob_bytes)),
            quoted_bytes=None if size is None else int(str(size)),
        )
    made = Layer(key=0, entries=Table.of(_entries(node, created)), created_by=instruction)
    digest, size_bytes = blob(made)
    return replace(made, blob_digest=digest, blob_bytes=size_bytes)


def _entries(node: Node, created: int) -> Iterator[Entry]:
    mtime = created * 10**9
    for path, mode in _nodes(node, "directories").items():
        yield Entry(path, Kind.DIR, int(str(mode), 8), mtime_ns=mtime)
    for path, text in _nodes(node, "files").items():
        yield Entry(path, mode=0o644, mtime_ns=mtime, content=content.of(str(text).encode()))
    for directory, names in _nodes(node, "programs").items():
        for name in str(names).split():
            yield Entry(f"{directory}/{name}", mode=0o755, mtime_ns=mtime, content=content.of(program(name)))
    for path, target in _nodes(node, "links").items():
        yield Entry(path, Kind.SYMLINK, 0o777, mtime_ns=mtime, linkname=str(target))
    applets = dict(_nodes(node, "applets"))
    if applets:
        file, name = str(applets.pop("file")), str(applets.pop("program"))
        yield Entry(file, mode=0o755, mtime_ns=mtime, content=content.of(program(name)))
        for directory, names in applets.items():
            for applet in str(names).split():
                yield Entry(f"{directory}/{applet}", Kind.SYMLINK, 0o777, mtime_ns=mtime, linkname=file)


def _config(node: Node) -> Config:
    return Config(
        env=tuple((name, str(value)) for name, value in _nodes(node, "env").items()),
        cmd=_texts(node, "cmd") or None,
        entrypoint=_texts(node, "entrypoint") or None,
        working_dir=str(node.get("working_dir", "")),
        exposed_ports=_texts(node, "exposed_ports"),
        volumes=_texts(node, "volumes"),
    )


def _history(document: Node, layers: tuple[Layer, ...], created: int) -> Iterator[HistoryLine]:
    lines = cast(list[Node], document.get("history", []))
    if not lines:
        for layer in layers:
            yield HistoryLine(created, layer.created_by)
    for line in lines:
        yield HistoryLine(created, _text(line, "created_by"), empty_layer="empty_layer" in line)


def _load(file: str) -> Node:
    with open(file, encoding="utf-8") as text:
        return cast(Node, yaml.load(text, Loader=yaml.CBaseLoader))


def _instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _text(node: Node, key: str) -> str:
    if key not in node:
        raise CatalogueError(key, "is missing in a file of the catalogue")
    return str(node[key])


def _texts(node: Node, key: str) -> tuple[str, ...]:
    return tuple(str(item) for item in cast(list[object], node.get(key, [])))


def _nodes(node: Node, key: str) -> Mapping[str, Node]:
    return cast(Mapping[str, Node], node.get(key, {}))
