"""Images damaged by chance, opened: whatever is wrong with one must come to a sentence, in time and in little memory.

    python -m tools.fuzz SECONDS [SEED]

Each case has a number, from which alone it is made, so that one that fails can be made again. The damage is done to the
bytes of an archive, or to one of the things in it (a layer's tar, a compressed layer, a config, a manifest), with what
names it made right again, so that what lies deeper is reached too. Cases that fail are kept in `build/fuzz`.
"""

import gzip
import json
import os
import random
import resource
import shutil
import signal
import sys
import tarfile
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from layerviz.cli.image import world_of
from layerviz.engine.compare import compare
from layerviz.engine.digests import image_id
from layerviz.engine.layer_facts import layer_facts
from layerviz.engine.pathstory import path_story
from layerviz.engine.search import find_paths
from layerviz.engine.waste import waste
from layerviz.images import contents, saving, tree
from layerviz.images.manifests import CONFIG, LAYER, MANIFEST
from layerviz.images.opening import images_of
from layerviz.images.verifying import check_diff_ids
from layerviz.resources import Problem
from layerviz.shell.docker.inspection import image_document, indented
from tests.images import archives, layouts
from tests.images.archives import File

zstd = import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")

KEPT = Path(__file__).resolve().parent.parent / "build" / "fuzz"
SECONDS = 30
ADDRESS_BYTES = 3 << 30
Damage = Callable[[random.Random, bytes], bytes]


class Case(NamedTuple):
    """A case as it lies in a folder: `text` names it."""

    text: str
    folder: Path


def main(words: list[str]) -> int:
    seconds = float(words[0]) if words else 60.0
    number = int(words[1]) if len(words) > 1 else random.randrange(1 << 31)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    end = time.monotonic() + seconds
    tried, failed = 0, 0
    said: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="layerviz-fuzz-") as home:
        os.environ["LAYERVIZ_CACHE"] = str(Path(home, "cache"))
        while time.monotonic() < end:
            folder = Path(home, "case")
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            fault, key = judged(number, folder)
            said[key] = said.get(key, 0) + 1
            if fault:
                failed += 1
                shutil.copytree(folder, KEPT / str(number), dirs_exist_ok=True)
                print(f"case {number}: {fault}", flush=True)
            tried += 1
            number += 1
    print(f"{tried} cases, {failed} failed; {dict(sorted(said.items(), key=lambda one: -one[1]))}")
    return 1 if failed else 0


def judged(number: int, folder: Path) -> tuple[str, str]:
    """What is wrong with how case `number` was taken ("": nothing), and what it was taken for."""
    before = set(Path(folder).rglob("*"))
    case = made(number, folder)
    made_files = set(Path(folder).rglob("*")) - before
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    try:
        key = used(case.text, folder.with_name("saved") if number % 4 == 0 else None)
    except Problem as problem:
        key = str(getattr(problem, "key", type(problem).__name__))
        sentence = str(problem)
        if "\n" in sentence or not sentence.startswith((str(folder), str(folder.with_name("saved")))):
            return f"not one sentence about {folder}: {sentence!r}", key
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return "".join(traceback.format_exception(error)), type(error).__name__
    finally:
        signal.alarm(0)
    more = set(Path(folder).rglob("*")) - made_files
    return (f"left {more}" if more else ""), key


def used(text: str, saved: Path | None) -> str:
    """All that commands and windows do with an image; where it can be `saved`, the same comes back."""
    images = images_of(text)
    for one in images:
        stack = one.image.layers
        lines = list(tree.lines(stack, as_json=True))
        list(tree.lines(stack))
        shown = [json.loads(line)["path"] for block in lines for line in block.splitlines()]
        if shown != sorted(shown):
            raise AssertionError("the tree is not sorted")
        waste(stack, contents.read)
        layer_facts(stack)
        find_paths(stack, "*a*")
        for path in shown[:5]:
            path_story(stack, path, contents.read)
        compare(stack, images[0].image.layers, contents.read)
        world = world_of(one)
        indented([image_document(world, world.images[-1])])
    check_diff_ids(images)
    for one in images:
        lines = list(tree.lines(one.image.layers, digest=True))
        for transport in ("docker-archive", "oci") if saved else ():
            shutil.rmtree(saved or "", ignore_errors=True)
            Path(saved or "").unlink(missing_ok=True)
            saving.save_image(one, saving.target(f"{transport}:{saved}"))
            (again,) = images_of(f"{transport}:{saved}")
            check_diff_ids([again])
            if image_id(again.image) != image_id(one.image) or lines != list(
                tree.lines(again.image.layers, digest=True)
            ):
                raise AssertionError(f"another image came back from {transport}")
    return "opened"


def made(number: int, folder: Path) -> Case:
    """Case `number`, written into `folder`."""
    chance = random.Random(number)
    layers = [_layer(chance) for _ in range(chance.randrange(1, 4))]
    deep = chance.random()
    if deep < 0.35:
        layers[-1] = _damaged(chance, layers[-1], (*_BYTES, *_TAR, *_TAR))
    stored = [chance.choice(_PACK)(layer) for layer in layers]
    if 0.35 < deep < 0.5:
        at = chance.randrange(len(stored))
        stored[at] = _damaged(chance, stored[at], _BYTES)
    form = chance.randrange(4)
    members = _docker(chance, layers, stored, form, deep) if form < 2 else _layout(chance, layers, stored, deep)
    if form == 3:
        for name, data in members.items():
            place = folder / "layout" / name
            if not place.resolve().is_relative_to(folder.resolve()) or len(name) > 200 or "\0" in name:
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data if isinstance(data, bytes) else data.encode())
        return Case(f"oci:{folder / 'layout'}", folder)
    whole = archives.outer(members)
    if deep > 0.65:
        whole = _damaged(chance, whole, (*_BYTES, *_TAR))
    if chance.random() < 0.05:
        whole = chance.choice(_PACK)(whole)
    (folder / "image.tar").write_bytes(whole)
    transport = "docker-archive:" if form < 2 else "oci-archive:"
    return Case(chance.choice(["", transport]) + str(folder / "image.tar"), folder)


def _layer(chance: random.Random) -> bytes:
    files = [File(name, chance.randbytes(chance.choice([0, 1, 511, 512, 2000]))) for name in chance.sample(_NAMES, 5)]
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)
    files += [
        File(chance.choice(_NAMES), kind=chance.choice(kinds), link=chance.choice(_NAMES), mode=chance.randrange(4096))
        for _ in range(chance.randrange(5))
    ]
    chance.shuffle(files)
    return archives.layer(files, chance.choice([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))


_NAMES = [
    "a", "b", "d", "d/a", "d/b", "d/e/f", ".wh.a", ".wh.d", "d/.wh..wh..opq", "d/.wh.e", "é", "n" * 99, "./a", "/b",
    "d/" * 20 + "x", "../out", "a/../b", ".wh..wh.plnk/1.2", "etc/passwd", "usr/lib/" + "m" * 90 + "/x", "caf\udce9",
]  # fmt: skip


def _docker(
    chance: random.Random, layers: list[bytes], stored: list[bytes], form: int, deep: float
) -> Mapping[str, bytes | str]:
    members = archives.old(layers) if form else archives.new(layers, stored=stored)
    if 0.5 < deep < 0.65:
        name = chance.choice([name for name, data in members.items() if isinstance(data, bytes) and data[:1] in b"[{"])
        data = members[name]
        assert isinstance(data, bytes)
        members[name] = _damaged(chance, data, (*_BYTES, *_JSON, *_JSON))
    if chance.random() < 0.05:
        members[chance.choice(list(members))] = chance.choice(list(members))
    return members


def _layout(chance: random.Random, layers: list[bytes], stored: list[bytes], deep: float) -> Mapping[str, bytes | str]:
    layout = layouts.Layout()
    config, manifest = archives.config(layers), b""
    if 0.5 < deep < 0.55:
        config = _damaged(chance, config, (*_BYTES, *_JSON, *_JSON))
    blobs = [layout.blob(data, LAYER) for data in stored]
    said = {"schemaVersion": 2, "mediaType": MANIFEST, "config": layout.blob(config, CONFIG), "layers": blobs}
    manifest = json.dumps(said).encode()
    if 0.55 < deep < 0.6:
        manifest = _damaged(chance, manifest, (*_BYTES, *_JSON, *_JSON))
    layout.list(layout.blob(manifest, MANIFEST), "x")
    members: dict[str, bytes | str] = dict(layout.members)
    if 0.6 < deep < 0.65:
        name = chance.choice(["index.json", "oci-layout"])
        members[name] = _damaged(chance, layout.members[name], (*_BYTES, *_JSON, *_JSON))
    return members


def _damaged(chance: random.Random, data: bytes, ways: tuple[Damage, ...]) -> bytes:
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        data = chance.choice(ways)(chance, data) if data else data
    return data


def _flipped(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 3, 20])):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.choice([chance.randrange(len(data)), chance.randrange(len(data)) // 512 * 512])]


def _zeroed(chance: random.Random, data: bytes) -> bytes:
    at, size = chance.randrange(len(data)), chance.choice([1, 12, 512, 3000])
    return data[:at] + bytes(len(data[at : at + size])) + data[at + size :]


def _spliced(chance: random.Random, data: bytes) -> bytes:
    grain = chance.choice([1, 512])
    start, end, to = (chance.randrange(len(data)) // grain * grain for _ in range(3))
    return data[:to] + data[min(start, end) : max(start, end)][:20_000] + data[to + chance.choice([0, 512, 5000]) :]


def _inserted(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + chance.randbytes(chance.choice([1, 7, 512])) + data[at:]


def _field(chance: random.Random, data: bytes) -> bytes:
    """A field of a header gets an interesting value, and the header its checksum."""
    header = chance.randrange(max(len(data) // 512, 1)) * 512
    block = bytearray(data[header : header + 512])
    if len(block) < 512:
        return data
    start, size = chance.choice(_FIELDS)
    value = chance.choice(_VALUES)(chance, size)[:size]
    block[start : start + len(value)] = value
    if chance.random() < 0.9:
        block[148:156] = b" " * 8
        block[148:156] = b"%06o\0 " % sum(block)
    return data[:header] + bytes(block) + data[header + 512 :]


_FIELDS = [(0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (124, 12), (136, 12), (156, 1), (156, 1), (157, 100)]
_FIELDS += [(257, 8), (329, 8), (337, 8), (345, 155)]
_VALUES: list[Callable[[random.Random, int], bytes]] = [
    lambda chance, size: chance.randbytes(size),
    lambda chance, size: b"7" * size,
    lambda chance, size: b"\xff" * size,
    lambda chance, size: b"\x80" + bytes(size - 1),
    lambda chance, size: b"\x80" + b"\xff" * (size - 1),
    lambda chance, size: bytes(size),
    lambda chance, size: b" " * size,
    lambda chance, size: b"%o" % chance.randrange(1 << 20),
    lambda chance, size: b"-%o" % chance.randrange(1 << 20),
    lambda chance, size: chance.choice(b"01234567xgLKVSDMN\0").to_bytes(1, "big"),
    lambda chance, size: chance.choice(_NAMES).encode("utf-8", "surrogateescape") + b"\0",
]


def _number(chance: random.Random, data: bytes) -> bytes:
    """One of the JSON's numbers or words becomes another."""
    places = [at for at, byte in enumerate(data) if byte in b'":,[]{}0123456789']
    if not places:
        return data
    at = chance.choice(places)
    return data[:at] + chance.choice(_TOKENS) + data[at + chance.choice([0, 1, 1]) :]


def _value(chance: random.Random, data: bytes) -> bytes:
    """A value of the JSON becomes one of another kind."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return data
    at = said
    while True:
        if isinstance(at, dict) and at:
            key: object = chance.choice(list(at))
        elif isinstance(at, list) and at:
            key = chance.randrange(len(at))
        else:
            return json.dumps(said).encode()
        below = at[key]
        if not isinstance(below, dict | list) or not below or chance.random() < 0.3:
            at[key] = chance.choice(_ODD)
            return json.dumps(said).encode()
        at = below


_DEEP = b"[" * 970 + b"]" * 970
_TOKENS = [
    _DEEP,
    b"9" * 5000,
    b'"x":"\xff",',
    b"",
    b"-",
    b"9" * 30,
    b"1e999",
    b"null",
    b'"',
    b"[",
    b"}",
    b"\\ud800",
    b"\0",
    b"\xff",
    b"[" * 3000,
    b"NaN",
    b" ",
]
_ODD: list[object] = [None, True, -1, 1 << 70, 1.5, "", "x", "../../etc/passwd", "a\0b", "\n", "é" * 5000, [], {}, [[]]]
_ODD += [
    "sha256:" + "0" * 64,
    "sha512:" + "0" * 128,
    "sha256:../x",
    [None],
    {"a": 1},
    "application/x",
    "\ud800",
    [1] * 2000,
]
_BYTES: tuple[Damage, ...] = (_flipped, _flipped, _cut, _zeroed, _spliced, _inserted)
_TAR: tuple[Damage, ...] = (_field,)
_JSON: tuple[Damage, ...] = (_number, _value)
_PACK: tuple[Callable[[bytes], bytes], ...] = (bytes, bytes, gzip.compress, lambda data: bytes(zstd.compress(data)))


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"longer than {SECONDS} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
