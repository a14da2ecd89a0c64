"""Images written: the form of docker today, the same bytes each time, and what comes in goes out unchanged."""

import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from layerviz.engine.actions import AddImage, BringImage, FinishBuild, StartBuild, Tag
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.content import of
from layerviz.engine.digests import chain_ids, diff_id, image_id
from layerviz.engine.entry import Entry
from layerviz.engine.find import image_by_ref
from layerviz.engine.table import Table
from layerviz.engine.world import START_OF_TIME, Config, HistoryLine, Image, Layer, Quoted, World
from layerviz.images.opening import images_in
from layerviz.images.problems import ImageProblem
from layerviz.images.saving import save
from layerviz.images.verifying import check_diff_ids
from tests.images import archives
from tests.images.archives import File


def built(ref: str = "two", world: World | None = None) -> World:
    """A world with an image of two layers and a line that changed the config only."""
    world = apply(world or empty_world(), StartBuild(ref, None)).world
    for number, files in enumerate(({"/a": b"1", "/b": b"2"}, {"/a": b"3"})):
        entries = tuple(Entry(path, content=of(data)) for path, data in files.items())
        history = HistoryLine(START_OF_TIME + number, f"COPY {number}/ /")
        world = apply(world, AddImage(None, Config(), history, entries)).world
    history = HistoryLine(START_OF_TIME + 9, "CMD sh", empty_layer=True)
    world = apply(world, AddImage(None, Config(cmd=("sh",)), history)).world
    return apply(world, FinishBuild()).world


def named(world: World, ref: str) -> Image:
    image = image_by_ref(world, ref)
    assert image is not None
    return image


def test_what_is_saved_is_loaded_with_the_same_ids(tmp_path: Path) -> None:
    world = built()
    save(world, ["two"], str(tmp_path / "two.tar"))
    (brought,) = images_in(str(tmp_path / "two.tar"))
    assert brought.refs == ("two:latest",)
    assert brought.reports == ()
    check_diff_ids([brought])
    assert image_id(brought.image) == image_id(named(world, "two"))
    assert chain_ids(brought.image.layers) == chain_ids(named(world, "two").layers)
    assert brought.image.config.cmd == ("sh",)


def test_the_archive_has_every_part_of_dockers_form(tmp_path: Path) -> None:
    world = apply(built(), Tag(named(built(), "two").key, "localhost:5000/team/two:1")).world
    image = named(world, "two")
    save(world, ["two", "localhost:5000/team/two:1"], str(tmp_path / "two.tar"))
    with tarfile.open(tmp_path / "two.tar") as tar:
        names = tar.getnames()
        assert {member.mtime for member in tar.getmembers()} == {0}

        def read(name: str) -> bytes:
            file = tar.extractfile(name)
            assert file is not None
            return file.read()

        blobs = {name: read(name) for name in names if name.startswith("blobs/sha256/")}
        manifest, layout, repositories, listed = (
            json.loads(read(name)) for name in ("manifest.json", "oci-layout", "repositories", "index.json")
        )
    assert names[-4:] == ["index.json", "manifest.json", "oci-layout", "repositories"]
    assert all(name.removeprefix("blobs/sha256/") == archives.digest(data) for name, data in blobs.items())
    diff_ids = [diff_id(layer) for layer in image.layers]
    paths = [f"blobs/{one.replace(':', '/')}" for one in diff_ids]
    assert manifest[0]["Layers"] == paths
    assert manifest[0]["Config"] == f"blobs/{image_id(image).replace(':', '/')}"
    assert manifest[0]["RepoTags"] == ["two:latest", "localhost:5000/team/two:1"]
    assert layout == {"imageLayoutVersion": "1.0.0"}
    top = diff_ids[-1].removeprefix("sha256:")
    assert repositories == {"two": {"latest": top}, "localhost:5000/team/two": {"1": top}}
    assert [one["annotations"]["io.containerd.image.name"] for one in listed["manifests"]] == [
        "docker.io/library/two:latest",
        "localhost:5000/team/two:1",
    ]
    oci = json.loads(blobs[f"blobs/{listed['manifests'][0]['digest'].replace(':', '/')}"])
    assert [one["digest"] for one in oci["layers"]] == diff_ids
    assert [one["size"] for one in oci["layers"]] == [len(blobs[path]) for path in paths]


def test_the_same_image_gives_the_same_bytes_and_shared_layers_are_stored_once(tmp_path: Path) -> None:
    one, two = tmp_path / "1.tar", tmp_path / "2.tar"
    save(built(), ["two"], str(one))
    save(built(), ["two"], str(two))
    assert one.read_bytes() == two.read_bytes()
    both = built("other", built())
    save(both, ["two", "other"], str(two))
    with tarfile.open(two) as tar:
        names = tar.getnames()
    assert len(names) == len(set(names))


def test_a_loaded_image_saved_again_has_its_own_layers_and_config_byte_for_byte(tmp_path: Path) -> None:
    base = archives.layer([File("b", b"x" * 9000), File("a", b"1"), File("a/../c", b"2")], tarfile.GNU_FORMAT)
    top = archives.layer([File(".wh.b")], tarfile.PAX_FORMAT)
    (brought,) = images_in(archives.written(tmp_path, archives.old([base, top])))
    world = apply(empty_world(), BringImage(brought.image, brought.refs)).world
    save(world, ["old"], str(tmp_path / "again.tar"))
    with tarfile.open(tmp_path / "again.tar") as tar:
        saved = [file.read() for member in tar if member.isfile() and (file := tar.extractfile(member))]
    assert base in saved
    assert top in saved
    assert archives.config([base, top]) in saved


def test_a_name_without_a_tag_saves_all_its_tags_and_an_id_saves_none(tmp_path: Path) -> None:
    world = built()
    world = apply(world, Tag(named(world, "two").key, "two:1.0")).world
    file = str(tmp_path / "out.tar")
    save(world, ["two"], file)
    assert images_in(file)[0].refs == ("two:latest", "two:1.0")
    save(world, ["two:1.0"], file)
    assert images_in(file)[0].refs == ("two:1.0",)
    save(world, [image_id(named(world, "two"))], file)
    assert images_in(file)[0].refs == ()


def test_an_image_without_layers_can_be_saved(tmp_path: Path) -> None:
    image = Image(0, (), Config(cmd=("x",)))
    world = apply(empty_world(), BringImage(image, ("nothing",))).world
    save(world, ["nothing"], str(tmp_path / "out.tar"))
    (brought,) = images_in(str(tmp_path / "out.tar"))
    assert brought.image.layers == ()


def test_a_quoted_image_cannot_be_saved_and_says_why(tmp_path: Path) -> None:
    layer = Layer(0, Table(), quoted_diff_id="sha256:" + "0" * 64)
    quoted = Image(0, (layer,), quoted=Quoted("sha256:" + "1" * 64, "sha256:" + "2" * 64, "104MB", 104000000))
    world = apply(empty_world(), BringImage(quoted, ("redis:latest",))).world
    with pytest.raises(ImageProblem, match="redis: is only quoted from public sources, its files are not here"):
        save(world, ["redis"], str(tmp_path / "out.tar"))
    assert not (tmp_path / "out.tar").exists()


def test_what_cannot_be_saved_is_one_sentence_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ImageProblem, match="there is no image nosuch"):
        save(built(), ["nosuch"], str(tmp_path / "out.tar"))
    with pytest.raises(ImageProblem, match="its folder does not exist"):
        save(built(), ["two"], str(tmp_path / "none" / "out.tar"))
    with pytest.raises(ImageProblem, match="the disk is full"):
        save(built(), ["two"], "/dev/full")
    assert list(tmp_path.iterdir()) == []


def test_a_layer_whose_archive_changed_is_not_saved_as_something_else(tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.old([archives.layer([File("a", b"1")])]))
    (brought,) = images_in(file)
    changed = replace(brought.image, layers=(replace(brought.image.layers[0], brought_diff_id="sha256:" + "0" * 64),))
    world = apply(empty_world(), BringImage(changed, ("old",))).world
    with pytest.raises(ImageProblem, match="has become sha256:"):
        save(world, ["old"], str(tmp_path / "out.tar"))
    assert not (tmp_path / "out.tar").exists()
