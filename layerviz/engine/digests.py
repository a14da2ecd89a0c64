"""The ids of layers and images: DiffID, ChainID, image ID, as SHA-256 of real bytes.

All are computed when first asked for and remembered outside the world for as long as what they name lives. That of a
large layer takes seconds: not for the window's thread.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from weakref import WeakKeyDictionary

from layerviz.engine import canonical
from layerviz.engine.content import Content, Reader, lent_reader
from layerviz.engine.world import Config, Entries, HistoryLine, Image, Layer

ARCHITECTURE, OS = "amd64", "linux"

_DIFF_ID = re.compile(r"sha256:[0-9a-f]{64}")
_DIFF_IDS: "WeakKeyDictionary[Entries, str]" = WeakKeyDictionary()
_IMAGE_IDS: "WeakKeyDictionary[Image, str]" = WeakKeyDictionary()


def tar_of(layer: Layer, reader: Reader = lent_reader) -> Iterator[bytes]:
    """The layer's tar in pieces: the one that it was brought as, or the canonical one."""
    if layer.brought_tar is not None:
        return layer.brought_tar.chunks(reader)
    return canonical.tar(layer.entries, reader)


def diff_id(layer: Layer, reader: Reader = lent_reader) -> str:
    """The digest of the layer's uncompressed tar, "sha256:…"."""
    given = layer.quoted_diff_id or layer.brought_diff_id
    if given:
        return _prefixed(given)
    known = _DIFF_IDS.get(layer.entries)
    if known is None:
        known = _DIFF_IDS[layer.entries] = digest_of(canonical.tar(layer.entries, reader))
    return known


def is_diff_id(text: str) -> bool:
    return _DIFF_ID.fullmatch(text) is not None


def chain_of(diff_ids: Sequence[str]) -> tuple[str, ...]:
    """The ChainID of each stack that begins at the bottom of `diff_ids` (image-spec, config.md, "Layer ChainID")."""
    chain: list[str] = []
    for diff in map(_prefixed, diff_ids):
        chain.append(f"sha256:{sha256(f'{chain[-1]} {diff}'.encode()).hexdigest()}" if chain else diff)
    return tuple(chain)


def chain_ids(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The ChainID of each layer of a stack, bottom first."""
    return chain_of([diff_id(layer) for layer in layers])


def chain_id(layers: Sequence[Layer]) -> str:
    """The ChainID of a whole stack; "" of none."""
    return chain_ids(layers)[-1] if layers else ""


def image_id(image: Image) -> str:
    """The digest of the config's bytes, as the classic store names an image."""
    if image.quoted:
        return _prefixed(image.quoted.image_id)
    known = _IMAGE_IDS.get(image)
    if known is None:
        known = _IMAGE_IDS[image] = digest_of([config_json(image)])
    return known


def config_json(image: Image) -> bytes:
    """The image's config, byte for byte as it was brought, else in the order of image-spec's Go types."""
    if image.config.raw:
        return image.config.raw
    document = {
        "created": rfc3339(image.created),
        "architecture": ARCHITECTURE,
        "os": OS,
        "config": run_config(image.config),
        "rootfs": {"type": "layers", "diff_ids": [diff_id(layer) for layer in image.layers]},
        "history": [_history_line(line) for line in image.history],
    }
    return _go_json(document)


def run_config(config: Config) -> dict[str, object]:
    """What a config says about running, as JSON names it; what is empty is left out, as Go's `omitempty` does."""
    known: dict[str, object] = {
        "User": config.user,
        "ExposedPorts": {port: {} for port in sorted(config.exposed_ports)},
        "Env": [f"{name}={value}" for name, value in config.env],
        "Entrypoint": list(config.entrypoint or ()),
        "Cmd": list(config.cmd or ()),
        "Volumes": {volume: {} for volume in sorted(config.volumes)},
        "WorkingDir": config.working_dir,
        "Labels": dict(sorted(config.labels)),
    }
    return {name: value for name, value in known.items() if value}


def content_digest(content: Content, reader: Reader = lent_reader) -> str:
    """The digest of a file's bytes."""
    return digest_of(content.chunks(reader))


def digest_of(pieces: Sequence[bytes] | Iterator[bytes]) -> str:
    """The SHA-256 of `pieces` one after another, "sha256:…"."""
    total = sha256()
    for piece in pieces:
        total.update(piece)
    return f"sha256:{total.hexdigest()}"


def rfc3339(seconds: int) -> str:
    """Seconds since 1970 as UTC: 2021-02-01T00:00:00Z."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _prefixed(digest: str) -> str:
    return digest if ":" in digest else f"sha256:{digest}"


def _history_line(line: HistoryLine) -> dict[str, object]:
    known: dict[str, object] = {"created": rfc3339(line.created), "created_by": line.created_by}
    if line.comment:
        known["comment"] = line.comment
    if line.empty_layer:
        known["empty_layer"] = True
    return known


def _go_json(document: object) -> bytes:
    """Compact, and with the escapes of Go's encoding/json, so that bytes look as docker's do."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").encode()
