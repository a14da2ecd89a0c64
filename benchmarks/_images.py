"""Docker archives for measuring: as many entries as wanted in 12 layers, made once and kept in the temporary folder.

Sizes, depths and names are those of a Debian image with Python: paths of about 45 bytes, some longer than the 100 that
a tar header has room for, files of about 2 KB, symlinks, hard links, whiteouts, opaque directories, files written
again by later layers, directories repeated in every layer below which something lies.
"""

import json
import random
import tempfile
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

LAYERS = (0.30, 0.08, 0.12, 0.06, 0.10, 0.04, 0.09, 0.05, 0.06, 0.04, 0.03, 0.03)
"""Which part of the entries each layer has, bottom first."""
_FORMAT = 5
_MEAN_FILE_BYTES = 2250
_TOPS = (
    "usr/lib/python3/dist-packages",
    "usr/share/doc",
    "usr/lib/x86_64-linux-gnu",
    "opt/app/node_modules",
    "var/lib",
)
_WORDS = (
    "client",
    "server",
    "util",
    "parser",
    "types",
    "index",
    "model",
    "schema",
    "locale",
    "README",
    "config",
    "test",
)


def archive(entries: int, form: str = "plain") -> Path:
    """The archive of about `entries` entries whose layers are stored `plain` or as `gzip`."""
    folder = Path(tempfile.gettempdir(), "layerviz-benchmarks")
    file = folder / f"{entries}-{form}-{_FORMAT}.tar"
    if not file.exists():
        folder.mkdir(exist_ok=True)
        unfinished = file.with_suffix(".part")
        with unfinished.open("wb") as out:
            _write(out, entries, form)
        unfinished.replace(file)
    return file


def _write(out: BinaryIO, entries: int, form: str) -> None:
    chance = random.Random(7)
    filling = _filling(chance)
    known: list[bytes] = []
    diff_ids, names = [], []
    for part in LAYERS:
        tar = b"".join(_layer(int(entries * part), known, filling, chance)) + bytes(1024)
        diff_ids.append(f"sha256:{sha256(tar).hexdigest()}")
        if form == "gzip":
            packer = zlib.compressobj(6, zlib.DEFLATED, 31)
            tar = packer.compress(tar) + packer.flush()
        names.append(f"blobs/sha256/{sha256(tar).hexdigest()}")
        _add(out, names[-1].encode(), tar)
    config = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    said = json.dumps(config).encode()
    line = {"Config": f"{sha256(said).hexdigest()}.json", "RepoTags": ["bench:latest"], "Layers": names}
    _add(out, line["Config"].encode(), said)  # type: ignore[attr-defined] # a dictionary of several types
    _add(out, b"manifest.json", json.dumps([line]).encode())
    out.write(bytes(1024))


def _layer(entries: int, known: list[bytes], filling: bytes, chance: random.Random) -> Iterator[bytes]:
    """One layer, its names in the order of a walk; `known` are the directories of the layers below, and of this one
    afterwards."""
    wanted = _names(entries, known, chance)
    mtime = 1_600_000_000 + chance.randrange(10**7)
    before = (b"", 0, 0)
    for name in sorted(wanted, key=lambda one: one.rstrip(b"/").replace(b"/", b"\0")):
        kind, mode = b"0", 0o755 if chance.random() < 0.1 else 0o644
        size, link = 0, b""
        base = name.rsplit(b"/", 1)[-1]
        roll, time = chance.random(), mtime + chance.randrange(50)
        if name.endswith(b"/"):
            kind, mode = b"5", 0o755
        elif base.startswith(b".wh."):
            mode = 0o600
        elif roll < 0.05:
            kind, link, mode = b"2", b"../lib/" + base, 0o777
        elif roll < 0.055 and before[0]:
            kind, (link, mode, time) = b"1", before
        else:
            size = min(int(chance.expovariate(1 / _MEAN_FILE_BYTES)), 200_000)
            before = name, mode, time
        yield from _entry(name, kind, mode, time, size, link)
        if size:
            start = chance.randrange(len(filling) - size)
            yield filling[start : start + size]
            yield bytes(-size % 512)


def _names(entries: int, known: list[bytes], chance: random.Random) -> set[bytes]:
    names: set[bytes] = set()
    own: list[bytes] = []
    while len(names) < entries:
        roll = chance.random()
        if known and roll < 0.25:
            # Written again, hidden, or added to what lower layers have.
            folder = chance.choice(known)
        else:
            top = chance.choice(_TOPS).encode()
            folder = top + b"/%s-%d/" % (chance.choice(_WORDS).encode(), chance.randrange(10**6))
            if chance.random() < 0.5:
                folder += b"%s/" % chance.choice(_WORDS).encode()
            if chance.random() < 0.05:
                folder += b"a-rather-long-name-for-a-directory-%d/another-one-%d/" % (roll * 1e6, roll * 1e7)
            own.append(folder)
        cuts = [at for at, letter in enumerate(folder) if letter == 47]
        names.update(folder[: cut + 1] for cut in cuts)
        for number in range(chance.randrange(4, 24)):
            names.add(folder + b"%s_%d.py" % (_WORDS[number % 12].encode(), number // 12))
        if known and chance.random() < 0.03:
            gone = chance.choice(known).rstrip(b"/")
            parent, _, base = gone.rpartition(b"/")
            if not any(name.startswith(gone + b"/") for name in list(names)[-30:]):
                names.add(parent + b"/.wh." + base)
        if known and roll < 0.004:
            names.add(folder + b".wh..wh..opq")
        elif known and roll < 0.05:
            names.discard(folder + b"test_0.py")
            names.add(folder + b".wh.test_0.py")
    known += own
    return names


def _entry(name: bytes, kind: bytes, mode: int, mtime: int, size: int, link: bytes) -> Iterator[bytes]:
    """A header as Go's archive/tar writes it: ustar, its prefix for long names, PAX where that is not enough."""
    prefix, path = b"", b""
    if len(name) > 100:
        path = name
        cut = name.rfind(b"/", 0, min(len(name) - 1, 155))
        if cut > 0 and len(name) - cut - 1 <= 100:
            prefix, name, path = name[:cut], name[cut + 1 :], b""
    if path or len(link) > 100:
        records = _record(b"path", path) if path else b""
        records += _record(b"linkpath", link) if len(link) > 100 else b""
        yield _header(b"PaxHeaders.0/x", b"x", 0o644, 0, len(records), b"", b"")
        yield records + bytes(-len(records) % 512)
    yield _header(name[:100], kind, mode, mtime, size, link[:100], prefix)


def _record(key: bytes, value: bytes) -> bytes:
    body = b" " + key + b"=" + value + b"\n"
    size = len(body) + 1
    while len(str(size)) + len(body) != size:
        size += 1
    return str(size).encode() + body


def _header(name: bytes, kind: bytes, mode: int, mtime: int, size: int, link: bytes, prefix: bytes) -> bytes:
    start = name.ljust(100, b"\0") + b"%07o\0%07o\0%07o\0%011o\0%011o\0" % (mode, 0, 0, size, mtime)
    end = kind + link.ljust(100, b"\0") + b"ustar\x0000" + bytes(64) + b"0000000\x000000000\0"
    end += prefix.ljust(155, b"\0") + bytes(12)
    return start + b"%06o\0 " % (sum(start) + 256 + sum(end)) + end


def _add(out: BinaryIO, name: bytes, data: bytes) -> None:
    for piece in _entry(name, b"0", 0o644, 0, len(data), b""):
        out.write(piece)
    out.write(data)
    out.write(bytes(-len(data) % 512))


def _filling(chance: random.Random) -> bytes:
    """Text that gzip makes about two and a half times smaller."""
    words = [chance.randbytes(chance.randrange(2, 9)).hex().encode() for _ in range(3000)]
    pieces = (chance.randbytes(3) if chance.random() < 0.35 else chance.choice(words) for _ in range(90_000))
    return b" ".join(pieces)[: 1 << 19]
