"""Layers made by chance that meet in few names, with everything that a layer may hold and nothing that it must not: no
name twice, no parent left out. On such layers all tools agree."""

import posixpath
import tarfile
from random import Random

from tests.images.archives import File

DIR, LINK, HARD = tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
FIFO, CHAR, BLOCK = tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE
_NAMES = ("d", "e", "f", "s", "café", "n" * 110)
_MODES = (0o644, 0o600, 0o755, 0o4755, 0o2711, 0o1644, 0o000)


def layers(seed: int) -> list[list[File]]:
    """Two to six layers, bottom first."""
    pick = Random(seed)
    return [_layer(pick, place) for place in range(pick.randrange(2, 7))]


def _layer(pick: Random, place: int) -> list[File]:
    made: dict[str, File] = {}
    hidden: set[str] = set()
    opaque: set[str] = set()
    for _ in range(pick.randrange(1, 16)):
        parts = [pick.choice(_NAMES) for _ in range(pick.choice((1, 1, 2, 2, 3)))]
        name = "/".join(parts)
        if name in made or not _enter(made, parts[:-1], pick):
            continue
        match pick.randrange(12):
            case 0 | 1 | 2 if place:
                hidden.add(name)
            case 3 if place:
                made[name] = _directory(name, pick)
                opaque.add(name)
            case 4 | 5:
                made[name] = _directory(name, pick)
            case 6:
                made[name] = File(name, kind=LINK, link=pick.choice((*_NAMES, "/d/e", "../f", "nowhere")))
            case 7:
                kind = pick.choice((FIFO, CHAR, BLOCK))
                made[name] = File(name, kind=kind, mode=0o640, device=(0, 0) if kind == FIFO else (7, 3))
            case 8:
                files = [file for file in made.values() if file.kind == tarfile.REGTYPE]
                if files:
                    # A link's header repeats what its target's says, as in tars that programs write.
                    target = pick.choice(files)
                    made[name] = target._replace(name=name, content=b"", kind=HARD, link=target.name)
            case _:
                size = pick.choice((0, 1, 20, 511, 512, 1025))
                owner = pick.choice(((0, 0), (1000, 1000), (33, 4)))
                made[name] = File(name, pick.randbytes(size), mode=pick.choice(_MODES), uid=owner[0], gid=owner[1])
    markers = [posixpath.join(posixpath.dirname(name), f".wh.{posixpath.basename(name)}") for name in hidden]
    files = [*made.values(), *map(File, markers)]
    pick.shuffle(files)
    # Parents before what they hold, whiteouts before their siblings, as writers should; links after what they name.
    files.sort(
        key=lambda file: (
            file.kind == HARD,
            [(0, part) if part[:4] == ".wh." else (1, part) for part in file.name.split("/")],
        )
    )
    return [*files, *(File(f"{name}/.wh..wh..opq") for name in sorted(opaque))]


def _enter(made: dict[str, File], parts: list[str], pick: Random) -> bool:
    """Makes the directories on the way; false where something else is in it."""
    for depth in range(1, len(parts) + 1):
        name = "/".join(parts[:depth])
        if made.setdefault(name, _directory(name, pick)).kind != DIR:
            return False
    return True


def _directory(name: str, pick: Random) -> File:
    return File(name, kind=DIR, mode=pick.choice((0o755, 0o700, 0o1777, 0o2755)))
