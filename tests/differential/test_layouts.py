"""Layouts and archives that other tools write are opened under the same ids, and those written here are theirs."""

import json
import os
from pathlib import Path

import pytest

from layerviz.engine.apply import empty_world
from layerviz.engine.digests import config_json, diff_id, image_id
from layerviz.engine.find import image_by_ref, tags_of
from layerviz.engine.world import World
from layerviz.images.assembling import BroughtImage
from layerviz.images.opening import image_of, images_of
from layerviz.images.saving import save_image, target
from layerviz.images.verifying import check_diff_ids
from layerviz.shell import run_script
from tests.differential.peers import inspected, needs, run, shown, store, umoci_unpacked, unpacked
from tests.differential.scripts import BASE, BY_HAND, by_chance, changed
from tests.images import archives, layouts
from tests.images.archives import File

REAL = Path(
    os.environ.get("LAYERVIZ_TEST_IMAGE")
    or Path(__file__).parents[2] / ".." / "shared" / "data" / "test-docker-image.tar"
)
has_real = pytest.mark.skipif(not REAL.is_file(), reason=f"there is no real archive at {REAL} (LAYERVIZ_TEST_IMAGE)")
CHANCES = 6
REFS = [*(f"hand{number}" for number in range(0, len(BY_HAND), 3)), *(f"chance{seed}" for seed in range(CHANCES))]
COMPRESSED = {
    "gzip": ("--dest-compress-format", "gzip"),
    "zstd": ("--dest-compress-format", "zstd"),
    "plain": ("--dest-oci-accept-uncompressed-layers",),
}


@pytest.fixture(scope="module")
def world() -> World:
    made = run_script(empty_world(), BASE, keep_going=True)[-1].world
    for number, commands in enumerate(BY_HAND.values()):
        if number % 3 == 0:
            made = run_script(made, changed(commands, result=f"hand{number}"), keep_going=True)[-1].world
    for seed in range(CHANCES):
        made = run_script(made, changed(by_chance(seed + 500), result=f"chance{seed}"), keep_going=True)[-1].world
    return made


def named(world: World, ref: str) -> BroughtImage:
    image = image_by_ref(world, ref)
    assert image is not None
    return BroughtImage(image, tags_of(world, image))


def ids(brought: BroughtImage) -> tuple[str, list[str]]:
    return image_id(brought.image), [diff_id(layer) for layer in brought.image.layers]


def config_of(place: str) -> bytes:
    """The config's bytes, as skopeo reads them."""
    return run("skopeo", "inspect", "--config", "--raw", place).encode()


@needs("skopeo", "umoci")
@pytest.mark.parametrize("ref", REFS)
def test_umoci_unpacks_what_was_saved_as_a_layout(world: World, tmp_path: Path, ref: str) -> None:
    brought = named(world, ref)
    save_image(brought, target(f"oci:{tmp_path}/layout:{ref}"))
    assert umoci_unpacked(f"{tmp_path}/layout:{ref}", tmp_path / "root") == shown(brought.image.layers)
    assert config_of(f"oci:{tmp_path}/layout:{ref}") == config_json(brought.image)
    history = json.loads(run("umoci", "stat", "--image", f"{tmp_path}/layout:{ref}", "--json"))["history"]
    stored = [line["layer"]["digest"] for line in history if line["layer"]]
    assert stored == [diff_id(layer) for layer in brought.image.layers]


@needs("skopeo")
def test_skopeo_finds_every_image_of_a_layout_that_was_filled_one_by_one(world: World, tmp_path: Path) -> None:
    for ref in REFS:
        save_image(named(world, ref), target(f"oci:{tmp_path}/layout:{ref}"))
    for ref in REFS:
        assert config_of(f"oci:{tmp_path}/layout:{ref}") == config_json(named(world, ref).image)
    run("skopeo", "copy", "-q", f"oci:{tmp_path}/layout:{REFS[0]}", f"oci:{tmp_path}/layout:theirs")
    assert ids(image_of(f"oci:{tmp_path}/layout:theirs")) == ids(named(world, REFS[0]))
    save_image(named(world, REFS[1]), target(f"oci:{tmp_path}/layout:ours"))
    opened = images_of(f"{tmp_path}/layout")
    assert sorted(ref for one in opened for ref in one.refs) == sorted(
        f"layout:{ref}" for ref in (*REFS, "theirs", "ours")
    )
    assert len({image_id(one.image) for one in opened}) == len(opened)


@needs("podman")
@pytest.mark.parametrize("form", ["oci-archive", "docker-archive"])
def test_podman_loads_what_was_saved_under_its_id(world: World, tmp_path: Path, form: str) -> None:
    with store() as there:
        for ref in REFS[::3]:
            brought = named(world, ref)
            save_image(brought, target(f"{form}:{tmp_path}/{ref}:localhost/{ref}:x"))
            there.podman("load", "-q", "-i", tmp_path / ref)
            assert inspected(there, [f"localhost/{ref}:x"]) == [ids(brought)]
            root = Path(there.podman("image", "mount", f"localhost/{ref}:x"))
            assert unpacked(root) == shown(brought.image.layers)
            there.podman("image", "unmount", f"localhost/{ref}:x")


@needs("skopeo")
@pytest.mark.parametrize("how", COMPRESSED)
def test_what_skopeo_copies_into_a_layout_has_the_ids_and_the_tree_it_had(
    world: World, tmp_path: Path, how: str
) -> None:
    for ref in REFS[::2]:
        brought = named(world, ref)
        save_image(brought, target(f"docker-archive:{tmp_path}/{ref}.tar:{ref}:x"))
        copied = f"oci:{tmp_path}/layout:{ref}"
        run("skopeo", "copy", "-q", *COMPRESSED[how], f"docker-archive:{tmp_path}/{ref}.tar:{ref}:x", copied)
        opened = image_of(copied)
        check_diff_ids([opened])
        assert ids(opened) == ids(brought)
        assert shown(opened.image.layers) == shown(brought.image.layers)


@needs("skopeo", "umoci")
@has_real
@pytest.mark.parametrize("how", COMPRESSED)
def test_a_real_image_goes_through_every_form_and_comes_back_as_it_was(tmp_path: Path, how: str) -> None:
    real = image_of(str(REAL))
    run("skopeo", "copy", "-q", *COMPRESSED[how], f"docker-archive:{REAL}", f"oci:{tmp_path}/theirs:x")
    opened = image_of(f"{tmp_path}/theirs")
    # What only docker has in a config is left out by skopeo when it becomes OCI's: another id, the same layers.
    assert config_json(opened.image) == config_of(f"oci:{tmp_path}/theirs:x")
    assert ids(opened)[1] == ids(real)[1]
    save_image(opened, target(f"oci:{tmp_path}/ours:x"))
    theirs, ours = (blobs(tmp_path / name) for name in ("theirs", "ours"))
    # The manifest that this skopeo writes for plain layers calls them gzip, and is put right.
    assert ours == theirs if how != "plain" else len(ours & theirs) == len(theirs) - 1
    save_image(opened, target(f"oci-archive:{tmp_path}/ours.tar:x"))
    if how == "zstd":
        # Neither umoci 0.4.7 nor a docker archive of skopeo 1.9 takes it.
        run("skopeo", "copy", "-q", f"oci-archive:{tmp_path}/ours.tar:x", f"oci:{tmp_path}/back:x")
        assert blobs(tmp_path / "back") == theirs
        return
    assert umoci_unpacked(f"{tmp_path}/ours:x", tmp_path / "root") == shown(real.image.layers)
    run("skopeo", "copy", "-q", f"oci-archive:{tmp_path}/ours.tar:x", f"docker-archive:{tmp_path}/back.tar:back:x")
    assert ids(image_of(f"{tmp_path}/back.tar:back:x"))[1] == ids(real)[1]


@needs("skopeo", "umoci", "podman")
@has_real
def test_a_real_archive_saved_in_each_form_has_its_own_config_and_tree(tmp_path: Path) -> None:
    real = image_of(str(REAL))
    for form in ("docker-archive", "oci", "oci-archive"):
        save_image(real, target(f"{form}:{tmp_path}/{form}:localhost/real:x"))
        assert config_of(f"{form}:{tmp_path}/{form}:localhost/real:x") == config_json(real.image)
    assert umoci_unpacked(f"{tmp_path}/oci:localhost/real:x", tmp_path / "root") == shown(real.image.layers)
    with store() as there:
        for form in ("docker-archive", "oci-archive"):
            there.podman("load", "-q", "-i", tmp_path / form)
            assert inspected(there, ["localhost/real:x"]) == [ids(real)]


def blobs(layout: Path) -> set[str]:
    return {file.name for file in (layout / "blobs" / "sha256").iterdir()}


@needs("skopeo")
@has_real
@pytest.mark.parametrize("form", ["docker-archive", "oci-archive"])
def test_archives_that_skopeo_writes_are_told_by_their_content(tmp_path: Path, form: str) -> None:
    run("skopeo", "copy", "-q", f"docker-archive:{REAL}", f"{form}:{tmp_path}/x:a/name:tag")
    opened = image_of(f"{tmp_path}/x")
    check_diff_ids([opened])
    assert ids(opened)[1] == ids(image_of(str(REAL)))[1]
    assert image_id(image_of(f"{form}:{tmp_path}/x:a/name:tag").image) == image_id(opened.image)


@needs("podman")
@pytest.mark.parametrize("form", ["docker-archive", "oci-archive", "oci-dir"])
def test_what_podman_saves_is_opened_under_its_ids(world: World, tmp_path: Path, form: str) -> None:
    save_image(named(world, REFS[0]), target(f"docker-archive:{tmp_path}/in.tar:localhost/one:1"))
    with store() as there:
        there.podman("load", "-q", "-i", tmp_path / "in.tar")
        there.podman("save", "-q", "--format", form, "-o", tmp_path / "out", "localhost/one:1")
    opened = image_of(f"{tmp_path}/out")
    check_diff_ids([opened])
    assert ids(opened) == ids(named(world, REFS[0]))
    assert shown(opened.image.layers) == shown(named(world, REFS[0]).image.layers)


@needs("podman")
def test_several_images_that_podman_saves_together_are_all_there(world: World, tmp_path: Path) -> None:
    with store() as there:
        for ref in REFS[:3]:
            save_image(named(world, ref), target(f"docker-archive:{tmp_path}/{ref}.tar:localhost/{ref}:1"))
            there.podman("load", "-q", "-i", tmp_path / f"{ref}.tar")
        names = [f"localhost/{ref}:1" for ref in REFS[:3]]
        there.podman("save", "-q", "-m", "-o", tmp_path / "all.tar", *names)
    opened = {one.refs: one for one in images_of(f"{tmp_path}/all.tar")}
    assert opened.keys() == {(name,) for name in names}
    for ref, name in zip(REFS, names, strict=False):
        assert ids(opened[name,]) == ids(named(world, ref))


@needs("skopeo")
@pytest.mark.parametrize("architecture", ["amd64", "s390x", "arm64"])
def test_of_an_image_for_several_platforms_skopeo_takes_the_same(tmp_path: Path, architecture: str) -> None:
    layout = layouts.Layout()
    inner = layout.index(
        *(
            layout.image([archives.layer([File(where.replace("/", "-"), b"x")])], on=where)
            for where in ("linux/amd64", "linux/s390x", "linux/arm64")
        )
    )
    layout.list(inner, "x")
    folder = layout.folder(tmp_path / "layout")
    copied = f"docker-archive:{tmp_path}/{architecture}.tar:x:1"
    run("skopeo", "--override-os", "linux", "--override-arch", architecture, "copy", "-q", f"oci:{folder}:x", copied)
    assert ids(image_of(copied)) == ids(image_of(folder, platform=f"linux/{architecture}"))
