"""What is built here and saved is the same image for skopeo, umoci and podman: the same ids, the same tree."""

import json
from pathlib import Path

import pytest

from layerviz.engine.apply import empty_world
from layerviz.engine.digests import diff_id, image_id
from layerviz.engine.entry import Kind
from layerviz.engine.find import image_by_ref
from layerviz.engine.world import Image, World
from layerviz.images.saving import save
from layerviz.shell import run_script
from tests.differential.peers import inspected, needs, run, shown, store, umoci, unpacked
from tests.differential.scripts import BASE, BY_HAND, by_chance, changed

CHANCES = 12


def played(script: str, world: World | None = None) -> World:
    results = run_script(world or empty_world(), script, keep_going=True)
    return results[-1].world


@pytest.fixture(scope="module")
def world() -> World:
    """All images of this module, in one world."""
    made = played(BASE)
    for number, commands in enumerate(BY_HAND.values()):
        made = played(changed(commands, result=f"hand{number}"), made)
    for seed in range(CHANCES):
        made = played(changed(by_chance(seed), result=f"first{seed}"), made)
        made = played(changed(by_chance(seed + 1000), image=f"first{seed}", result=f"chance{seed}"), made)
    return made


REFS = ["base", *(f"hand{number}" for number in range(len(BY_HAND))), *(f"chance{seed}" for seed in range(CHANCES))]
TITLES = ["base", *BY_HAND, *(f"chance {seed}" for seed in range(CHANCES))]


@pytest.fixture(scope="module")
def archive(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("saved") / "all.tar"
    save(world, [f"{ref}:latest" for ref in REFS], str(file))
    return file


def named(world: World, ref: str) -> Image:
    image = image_by_ref(world, ref)
    assert image is not None
    return image


@needs("skopeo", "umoci")
@pytest.mark.parametrize("ref", REFS, ids=TITLES)
def test_umoci_unpacks_the_tree_that_is_shown(world: World, archive: Path, tmp_path: Path, ref: str) -> None:
    assert umoci(archive, f"{ref}:latest", tmp_path) == shown(named(world, ref).layers)


@needs("skopeo")
def test_skopeo_reads_the_same_ids(world: World, archive: Path) -> None:
    for ref in REFS[::5]:
        config = run("skopeo", "inspect", "--config", "--raw", f"docker-archive:{archive}:{ref}:latest")
        image = named(world, ref)
        assert json.loads(config)["rootfs"]["diff_ids"] == [diff_id(layer) for layer in image.layers]


@needs("podman")
def test_podman_loads_every_image_under_its_id_and_shows_the_same_tree(world: World, archive: Path) -> None:
    with store() as there:
        there.podman("load", "-q", "-i", archive)
        images = [named(world, ref) for ref in REFS]
        expected = [(image_id(image), [diff_id(layer) for layer in image.layers]) for image in images]
        assert inspected(there, REFS) == expected
        for ref in (*REFS[1 : len(BY_HAND) : 4], *REFS[-4:]):
            root = Path(there.podman("image", "mount", ref))
            assert unpacked(root) == shown(named(world, ref).layers), ref
            there.podman("image", "unmount", ref)


def test_the_scripts_do_what_they_are_here_for(world: World) -> None:
    changes = [len(named(world, ref).layers[-1].entries) for ref in REFS]
    assert sum(changes) > 150
    kinds = {entry.kind for ref in REFS for layer in named(world, ref).layers for entry in layer.entries}  # type: ignore[attr-defined] # tables of images can be walked
    assert kinds >= {Kind.FILE, Kind.DIR, Kind.SYMLINK, Kind.HARDLINK, Kind.WHITEOUT}
