"""OCI layouts made by hand for the tests, as folders and inside a tar."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from layerviz.images.manifests import CONFIG, INDEX, LAYER, MANIFEST
from tests.images import archives

Json = dict[str, Any]


class Layout:
    """The files of a layout; what is put in comes back as the descriptor that leads to it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}'}
        self.listed: list[Json] = []

    def blob(self, data: bytes, media_type: str = "", **more: object) -> Json:
        self.files[f"blobs/sha256/{archives.digest(data)}"] = data
        return {"mediaType": media_type, "digest": f"sha256:{archives.digest(data)}", "size": len(data)} | more

    def document(self, media_type: str, document: Json, **more: object) -> Json:
        said = {"schemaVersion": 2, "mediaType": media_type} | document
        return self.blob(json.dumps(said).encode(), media_type, **more)

    def image(
        self,
        layers: Sequence[bytes],
        stored: Sequence[bytes] = (),
        media_type: str = MANIFEST,
        config_type: str = CONFIG,
        layer_type: str = LAYER,
        on: str = "",
        **more: Any,
    ) -> Json:
        """An image of `layers`, which lie there as `stored`; `on` is the platform that its descriptor names."""
        os, _, architecture = (on or "linux/amd64").partition("/")
        config = self.blob(archives.config(layers, os=os, architecture=architecture), config_type)
        blobs = [self.blob(data, layer_type) for data in stored or layers]
        if on:
            more["platform"] = platform(on)
        return self.document(media_type, {"config": config, "layers": blobs}, **more)

    def index(self, *manifests: Json, media_type: str = INDEX, **more: object) -> Json:
        return self.document(media_type, {"manifests": list(manifests)}, **more)

    def list(self, descriptor: Json, name: str = "", **annotations: str) -> None:
        """A line of index.json."""
        known = {"org.opencontainers.image.ref.name": name} if name else {}
        said = descriptor.get("annotations", {}) | known | annotations
        self.listed.append(descriptor | ({"annotations": said} if said else {}))

    @property
    def members(self) -> Mapping[str, bytes]:
        document = {"schemaVersion": 2, "mediaType": INDEX, "manifests": self.listed}
        return {"index.json": json.dumps(document).encode()} | self.files

    def folder(self, folder: Path) -> str:
        for name, data in self.members.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        return str(folder)

    def archive(self, file: Path) -> str:
        file.write_bytes(archives.outer(self.members))
        return str(file)


def platform(on: str) -> Json:
    os, architecture, *variant = on.split("/")
    return {"os": os, "architecture": architecture} | ({"variant": variant[0]} if variant else {})


def one(layers: Sequence[bytes], name: str = "x", **how: Any) -> Layout:
    """A layout of one image."""
    layout = Layout()
    layout.list(layout.image(layers, **how), name)
    return layout
