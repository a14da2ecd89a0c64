"""Hundreds of images made by chance, with every case of the layer rules on which the tools agree: umoci, podman and the
kernel's overlayfs each show what we show, without exception."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from layerviz.images.opening import images_in
from tests.differential.by_chance import layers
from tests.differential.peers import Node, needs, run, shown, store, umoci_unpacked, unpacked
from tests.images import archives

BATCH = 20
BATCHES = range(10)
ROOT = Path(__file__).parents[2]


def batch(number: int, folder: Path) -> tuple[Path, dict[str, dict[str, Node]]]:
    """An archive of images, and what we show of each."""
    form = (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)[number % 2]
    images = {
        f"i{seed}:latest": [archives.layer(files, form) for files in layers(seed)]
        for seed in range(number * BATCH, (number + 1) * BATCH)
    }
    file = Path(archives.written(folder, archives.several(images), f"{number}.tar"))
    return file, {one.refs[0]: shown(one.image.layers) for one in images_in(str(file))}


@needs("skopeo", "umoci")
@pytest.mark.parametrize("number", BATCHES)
def test_umoci_unpacks_what_is_shown(tmp_path: Path, number: int) -> None:
    file, ours = batch(number, tmp_path)
    layout = tmp_path / "oci"
    for tag, tree in ours.items():
        name = tag.partition(":")[0]
        run("skopeo", "copy", "-q", f"docker-archive:{file}:{tag}", f"oci:{layout}:{name}")
        assert umoci_unpacked(f"{layout}:{name}", tmp_path / name) == tree, tag


@needs("podman")
@pytest.mark.parametrize("number", BATCHES[::2])
def test_podman_mounts_what_is_shown(tmp_path: Path, number: int) -> None:
    file, ours = batch(number, tmp_path)
    with store() as there:
        there.podman("load", "-q", "-i", file)
        for tag, tree in ours.items():
            root = Path(there.podman("image", "mount", tag))
            assert unpacked(root) == tree, tag


@needs("unshare")
def test_the_kernels_overlayfs_shows_what_is_shown(tmp_path: Path) -> None:
    made = [batch(number, tmp_path) for number in BATCHES]
    ours = {tag: tree for _, trees in made for tag, tree in trees.items()}
    command = ["unshare", "-m", sys.executable, "-m", "tests.differential.overlay_reader"]
    files = json.dumps([str(file) for file, _ in made])
    done = subprocess.run(command, cwd=ROOT, input=files, capture_output=True, text=True, timeout=300)
    if done.returncode != 0 and "mount" in done.stderr:
        pytest.skip(f"no overlayfs can be mounted here: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    theirs = {tag: {path: Node(*node) for path, node in tree.items()} for tag, tree in json.loads(done.stdout).items()}
    assert theirs.keys() == ours.keys()
    for tag, tree in ours.items():
        assert theirs[tag] == tree, tag
