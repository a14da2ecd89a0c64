"""Docker archives made by hand for the tests, in both of docker's forms and in none."""

import io
import json
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple


class File(NamedTuple):
    """One entry of a layer; `content` None and `kind` say what is no file."""

    name: str
    content: bytes = b""
    kind: bytes = tarfile.REGTYPE
    link: str = ""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    device: tuple[int, int] = (0, 0)


def layer(files: Iterable[File], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form, errors="surrogateescape") as tar:
        for file in files:
            info = tarfile.TarInfo(file.name)
            info.size, info.type, info.linkname, info.mode = len(file.content), file.kind, file.link, file.mode
            info.uid, info.gid = file.uid, file.gid
            info.devmajor, info.devminor = file.device
            tar.addfile(info, io.BytesIO(file.content))
    return buffer.getvalue()


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def config(layers: Sequence[bytes], created_by: Sequence[str] = (), **more: object) -> bytes:
    said = {
        "architecture": "amd64",
        "os": "linux",
        "created": "2021-02-01T00:00:00Z",
        "config": {"Cmd": ["sh"], "Env": ["PATH=/bin"]},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest(one)}" for one in layers]},
        "history": [{"created": "2021-02-01T00:00:00Z", "created_by": text} for text in created_by],
    }
    return json.dumps(said | more).encode()


def outer(members: Mapping[str, bytes | str]) -> bytes:
    """The archive's own tar: bytes are files, strings are where symlinks lead."""
    return layer(
        File(name, link=what, kind=tarfile.SYMTYPE) if isinstance(what, str) else File(name, what)
        for name, what in members.items()
    )


def old(
    layers: Sequence[bytes], tags: Sequence[str] = ("old:latest",), created_by: Sequence[str] = ()
) -> dict[str, bytes | str]:
    """As engines up to 24 wrote it: a folder a layer, one that occurs twice a symlink to the other."""
    members: dict[str, bytes | str] = {}
    names: list[str] = []
    first: dict[bytes, str] = {}
    for number, data in enumerate(layers):
        folder = f"{number:064x}"
        names.append(f"{folder}/layer.tar")
        members[f"{folder}/VERSION"] = b"1.0"
        members[f"{folder}/json"] = b"{}"
        members[names[-1]] = f"../{first[data]}/layer.tar" if data in first else data
        first.setdefault(data, folder)
    said = config(layers, created_by)
    members[f"{digest(said)}.json"] = said
    line = {"Config": f"{digest(said)}.json", "RepoTags": list(tags) or None, "Layers": names}
    members["manifest.json"] = json.dumps([line]).encode()
    return members


def new(
    layers: Sequence[bytes],
    tags: Sequence[str] = ("new:latest",),
    stored: Sequence[bytes] | None = None,
    **more: object,
) -> dict[str, bytes | str]:
    """As engines from 25 on write it; `stored` are the layers as they lie there, compressed perhaps; the config says
    `more`."""
    said = config(layers, (), **more)
    blobs = [f"blobs/sha256/{digest(data)}" for data in stored or layers]
    members: dict[str, bytes | str] = dict(zip(blobs, stored or layers, strict=True))
    members[f"blobs/sha256/{digest(said)}"] = said
    line = {"Config": f"blobs/sha256/{digest(said)}", "RepoTags": list(tags), "Layers": blobs}
    members["manifest.json"] = json.dumps([line]).encode()
    members["oci-layout"] = b'{"imageLayoutVersion":"1.0.0"}'
    return members


def several(images: Mapping[str, Sequence[bytes]]) -> dict[str, bytes | str]:
    """One archive of many images, by tag; what they have in common lies there once."""
    members: dict[str, bytes | str] = {}
    lines: list[object] = []
    for tag, layers in images.items():
        one = new(layers, [tag])
        manifest = one.pop("manifest.json")
        assert isinstance(manifest, bytes)
        lines += json.loads(manifest)
        members |= one
    return members | {"manifest.json": json.dumps(lines).encode()}


def written(folder: Path, members: Mapping[str, bytes | str], name: str = "image.tar") -> str:
    file = folder / name
    file.write_bytes(outer(members))
    return str(file)
