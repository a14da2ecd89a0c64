"""Layers as the specification allows them, if no docker writes them so: read here, unpacked by umoci and podman."""

import tarfile
from pathlib import Path
from random import Random

import pytest

from layerviz.images.opening import images_in
from tests.differential.peers import needs, shown, store, umoci, unpacked
from tests.images import archives
from tests.images.archives import File
from tests.images.test_sparse import FORMS, MAPS, sparse

DIR, LINK, HARD = tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE


def folder(name: str, mode: int = 0o755) -> File:
    return File(name, kind=DIR, mode=mode)


BASE = [
    folder("d"),
    File("d/x", b"x"),
    folder("d/s"),
    File("d/s/y", b"y"),
    folder("e", 0o700),
    File("e/z", b"z"),
    File("f", b"file", mode=0o4755),
    File("l", kind=LINK, link="d"),
    File("h", kind=HARD, link="f", mode=0o4755),
]

CASES: dict[str, list[list[File]]] = {
    "a whiteout": [[File(".wh.f")]],
    "a whiteout of a directory": [[File(".wh.d")]],
    "a whiteout of what is not there": [[File(".wh.nothing"), File("new", b"n")]],
    "a whiteout before a sibling of that name": [[File(".wh.f"), File("f", b"new")]],
    "a whiteout after a sibling of that name": [[File("f", b"new"), File(".wh.f")]],
    "an opaque marker first": [[folder("d"), File("d/.wh..wh..opq"), File("d/new", b"n")]],
    "an opaque marker last": [[folder("d"), File("d/new", b"n"), File("d/.wh..wh..opq")]],
    "an opaque marker above what comes again": [[folder("d"), File("d/.wh..wh..opq"), folder("d/s"), File("d/s/n")]],
    "an opaque root": [[File(".wh..wh..opq"), File("alone", b"a")]],
    "a whiteout inside an opaque directory": [[folder("d"), File("d/.wh..wh..opq"), File("d/.wh.x")]],
    "a whiteout, then the directory anew": [[File(".wh.d")], [folder("d"), File("d/new", b"n")]],
    "a directory over a directory": [[folder("d", 0o711)]],
    "a directory over a file": [[folder("f"), File("f/in", b"i")]],
    "a directory over a symlink": [[folder("l"), File("l/in", b"i")]],
    "a file over a directory": [[File("d", b"now a file")]],
    "a file over a symlink": [[File("l", b"now a file")]],
    "a symlink over a directory": [[File("d", kind=LINK, link="e")]],
    "a symlink over a file": [[File("f", kind=LINK, link="e/z")]],
    "a fifo over a directory": [[File("d", kind=tarfile.FIFOTYPE)]],
    "a hard link to a file of a lower layer": [[File("e/h2", kind=HARD, link="d/x")]],
    "a hard link to a symlink": [[File("m", kind=LINK, link="f"), File("n", kind=HARD, link="m")]],
    "a hard link before what comes in its target's place": [
        [File("g", kind=HARD, link="d/x"), folder("d"), File("d/x")]
    ],
    "a hard link before what takes its target's directory away": [
        [File("g", kind=HARD, link="d/x"), File("d", b"new")]
    ],
    "a hard link, then its target changes": [[File("g", kind=HARD, link="d/x")], [File("d/x", b"changed")]],
    "a hard link, then its target goes": [[File("g", kind=HARD, link="d/x")], [File("d/.wh.x")]],
    "a fifo and devices": [[File("p", kind=tarfile.FIFOTYPE), File("b", kind=tarfile.BLKTYPE)]],
    "absolute and dotted names": [[File("/abs", b"a"), File("./dot", b"d"), File("d//s/./two", b"2")]],
    "the root itself": [[folder("./", 0o711), File("new", b"n")]],
    "long names": [
        [folder("n" * 90), folder("n" * 90 + "/" + "m" * 90), File("n" * 90 + "/" + "m" * 90 + "/" + "o" * 99)]
    ],
    "names that are no text": [[File("caf\udce9", b"c"), File("\udcff\udcfe")]],
    "an empty layer": [[]],
    "sizes around a block": [[File(f"s{size}", bytes(size)) for size in (1, 511, 512, 513, 1024)]],
}
ODD: dict[str, list[list[File]]] = {
    "missing parents": [[File("new/deep/f", b"n"), File("d/s/more", b"m")]],
    "missing parents, whose attributes a lower layer has": [[File("e/more", b"m")]],
    "one name twice": [[File("twice", b"1"), File("twice", b"2"), File("f", b"3"), File("f", b"4")]],
}
"""Forbidden or not told by the specification: here we do as umoci does."""


def written(tmp_path: Path, layers: list[list[File]], form: int = tarfile.PAX_FORMAT) -> Path:
    tars = [archives.layer(files, form) for files in [BASE, *layers]]
    return Path(archives.written(tmp_path, archives.new(tars, ["x:latest"])))


@needs("skopeo", "umoci")
@pytest.mark.parametrize("case", [*CASES, *ODD])
def test_umoci_unpacks_what_is_shown(tmp_path: Path, case: str) -> None:
    file = written(tmp_path, {**CASES, **ODD}[case])
    (brought,) = images_in(str(file))
    assert umoci(file, "x:latest", tmp_path) == shown(brought.image.layers)


@needs("skopeo", "umoci")
@pytest.mark.parametrize("seed", range(25))
def test_umoci_unpacks_what_is_shown_of_layers_made_by_chance(tmp_path: Path, seed: int) -> None:
    file = written(tmp_path, by_chance(seed), (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)[seed % 2])
    (brought,) = images_in(str(file))
    assert umoci(file, "x:latest", tmp_path) == shown(brought.image.layers)


@needs("podman")
def test_podman_shows_the_same_where_the_specification_speaks(tmp_path: Path) -> None:
    with store() as there:
        for case in list(CASES)[::3]:
            file = written(tmp_path, CASES[case])
            (brought,) = images_in(str(file))
            there.podman("load", "-q", "-i", file)
            root = Path(there.podman("image", "mount", "x"))
            assert unpacked(root) == shown(brought.image.layers), case
            there.podman("image", "unmount", "x")
            there.podman("rmi", "-f", "x")


@needs("skopeo", "umoci")
@pytest.mark.parametrize("form", FORMS[1:])
def test_umoci_unpacks_sparse_files_as_they_are_shown(tmp_path: Path, form: str) -> None:
    # The pax forms alone: an entry of type "S" umoci and podman refuse.
    for number, (size, pairs) in enumerate(MAPS.values()):
        (tmp_path / str(number)).mkdir()
        tar = sparse(form, size, pairs, name=b"s") + archives.layer([])
        members = archives.new([archives.layer(BASE), tar], ["x:latest"])
        file = Path(archives.written(tmp_path / str(number), members))
        (brought,) = images_in(str(file))
        assert umoci(file, "x:latest", tmp_path / str(number)) == shown(brought.image.layers)


@needs("podman")
def test_podman_shows_sparse_files_as_they_are_shown_here(tmp_path: Path) -> None:
    files = b"".join(sparse(form, *MAPS["holes between"], name=form.encode()) for form in FORMS[1:])
    file = archives.written(tmp_path, archives.new([archives.layer(BASE), files + archives.layer([])], ["x:latest"]))
    (brought,) = images_in(file)
    with store() as there:
        there.podman("load", "-q", "-i", file)
        assert unpacked(Path(there.podman("image", "mount", "x"))) == shown(brought.image.layers)
        there.podman("image", "unmount", "x")


def by_chance(seed: int) -> list[list[File]]:
    """Two or three layers that meet in few names. Parents come first, and no name twice, as is required."""
    pick = Random(seed)
    return [_layer(pick) for _ in range(pick.choice((2, 3)))]


def _layer(pick: Random) -> list[File]:
    files: dict[str, File] = {}
    names = ("d", "e", "f", "l", "x", "s")
    for _ in range(pick.randrange(1, 9)):
        parts = [pick.choice(names) for _ in range(pick.choice((1, 2, 2, 3)))]
        parents = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        if any(parent in files and files[parent].kind != DIR for parent in parents):
            continue
        for parent in parents:
            files.setdefault(parent, folder(parent, pick.choice((0o755, 0o700))))
        *above, last = parts
        name = "/".join(parts)
        match pick.randrange(6):
            case 0:
                if name not in files:
                    files.setdefault("/".join([*above, f".wh.{last}"]), File("/".join([*above, f".wh.{last}"])))
            case 1:
                files.setdefault(name, folder(name))
                if files[name].kind == DIR:
                    files.setdefault(f"{name}/.wh..wh..opq", File(f"{name}/.wh..wh..opq"))
            case 2:
                files.setdefault(name, File(name, kind=LINK, link=pick.choice(names)))
            case 3:
                files.setdefault(name, folder(name, pick.choice((0o755, 0o1777))))
            case _:
                files.setdefault(name, File(name, str(pick.random()).encode(), mode=pick.choice((0o644, 0o600))))
    return list(files.values())
