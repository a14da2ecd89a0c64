"""A real archive of docker's old form: busybox and thirteen layers of changes (from wagoodman/dive's test data)."""

import os
from pathlib import Path

import pytest

from layerviz.engine import merge
from layerviz.engine.actions import BringImage
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.digests import image_id
from layerviz.engine.efficiency import efficiency
from layerviz.images import contents
from layerviz.images.opening import images_in
from layerviz.images.saving import save
from layerviz.images.tree import tree
from layerviz.images.verifying import check_diff_ids

FILE = Path(
    os.environ.get("LAYERVIZ_TEST_IMAGE")
    or Path(__file__).parents[2] / ".." / "shared" / "data" / "test-docker-image.tar"
)
pytestmark = [
    pytest.mark.usefixtures("both_ways"),
    pytest.mark.skipif(not FILE.is_file(), reason=f"there is no real archive at {FILE} (LAYERVIZ_TEST_IMAGE)"),
]


def test_its_layers_have_the_sizes_that_dive_expects_of_it() -> None:
    (brought,) = images_in(str(FILE))
    sizes = [layer.size_bytes or 0 for layer in brought.image.layers]
    assert len(sizes) == 14
    assert sum(sizes) == 1_220_598
    assert sum(sizes[1:]) == 66_237
    assert brought.refs == ("dive-test:latest",)
    assert brought.reports == ()


def test_its_efficiency_is_the_number_that_dives_own_tests_expect() -> None:
    (brought,) = images_in(str(FILE))
    got = efficiency(brought.image.layers)
    assert (got.score, got.wasted_bytes, got.size_bytes) == (0.9844212134184309, 32_025, 1_220_598)


def test_its_diff_ids_hold_and_its_image_id_names_its_config() -> None:
    (brought,) = images_in(str(FILE))
    check_diff_ids([brought])
    assert image_id(brought.image) == "sha256:75ae28b8ebf89b203319069ddcbecdf5c3838503bbebc0d0d85e4b8589c5de3a"


def test_what_was_removed_is_hidden_and_what_was_moved_is_seen_once() -> None:
    (brought,) = images_in(str(FILE))
    seen = {found.entry.path: found.position for found in merge.walk(brought.image.layers)}
    assert "/root/example" not in seen
    assert seen["/root/saved.txt"] == 14
    assert seen["/somefile.txt"] == 2
    assert len(seen) == 423


def test_its_hard_links_are_files_with_their_targets_content() -> None:
    lines = {line["path"]: line for line in tree(str(FILE), digest=True)}
    assert lines["/bin/[["]["sha256"] == lines["/bin/["]["sha256"]
    assert lines["/bin/[["]["size"] == 1_075_464


def test_loaded_and_saved_again_it_keeps_its_ids_and_bytes(tmp_path: Path) -> None:
    (brought,) = images_in(str(FILE))
    world = apply(empty_world(), BringImage(brought.image, brought.refs)).world
    save(world, ["dive-test"], str(tmp_path / "again.tar"))
    (again,) = images_in(str(tmp_path / "again.tar"))
    check_diff_ids([again])
    assert image_id(again.image) == image_id(brought.image)
    for before, after in zip(brought.image.layers, again.image.layers, strict=True):
        assert before.brought_tar is not None and after.brought_tar is not None
        assert before.brought_tar.read(reader=contents.read) == after.brought_tar.read(reader=contents.read)
