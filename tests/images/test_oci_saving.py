"""Images written to layouts and archives: byte for byte what they were, whole or not at all."""

import gzip
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from backports import zstd

from layerviz.engine.digests import chain_ids, config_json, image_id
from layerviz.images import manifests, oci_form, saving
from layerviz.images.assembling import BroughtImage
from layerviz.images.layers import Progress
from layerviz.images.opening import image_of, images_of
from layerviz.images.problems import ImageProblem
from layerviz.images.verifying import check_diff_ids
from tests.images import archives, layouts
from tests.images.archives import File
from tests.images.layouts import Layout
from tests.images.test_saving import built

BASE = archives.layer([File("b", b"x" * 9000), File("a", b"1")], tarfile.GNU_FORMAT)
TOP = archives.layer([File(".wh.b")])
PACKED = [gzip.compress(BASE), zstd.compress(TOP)]
FORMS = ("oci", "oci-archive", "docker-archive")


def saved(brought: BroughtImage, text: str, progress: Progress | None = None) -> BroughtImage:
    """Writes the image to `text` and opens it there."""
    saving.save_image(brought, saving.target(text), progress)
    return image_of(text)


def files(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def made() -> BroughtImage:
    world = built()
    return BroughtImage(world.images[-1], ("two:latest",))


def same(one: BroughtImage, other: BroughtImage) -> bool:
    return (
        image_id(one.image) == image_id(other.image)
        and chain_ids(one.image.layers) == chain_ids(other.image.layers)
        and config_json(one.image) == config_json(other.image)
    )


@pytest.mark.parametrize("form", FORMS)
def test_what_was_made_here_has_the_same_ids_where_it_is_saved(tmp_path: Path, form: str) -> None:
    again = saved(made(), f"{form}:{tmp_path}/out:name:1")
    assert same(made(), again)
    assert again.refs == ("name:1",)
    check_diff_ids([again])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("stored", [(), PACKED], ids=["plain", "packed"])
def test_an_opened_image_is_saved_with_the_layers_and_the_config_it_had(
    tmp_path: Path, form: str, stored: list[bytes]
) -> None:
    brought = image_of(layouts.one([BASE, TOP], stored=stored).folder(tmp_path / "in"))
    again = saved(brought, f"{form}:{tmp_path}/out:x")
    assert same(brought, again)
    check_diff_ids([again])
    kept = [BASE, TOP] if form == "docker-archive" else stored or [BASE, TOP]
    assert again.parts is not None
    got = []
    for blob in again.parts.blobs:
        assert blob is not None
        got.append(Path(blob.file).read_bytes()[blob.start : blob.end])
    assert got == list(kept)


def test_a_layout_comes_back_as_it_was_file_by_file(tmp_path: Path) -> None:
    gzipped = [gzip.compress(BASE), gzip.compress(TOP)]
    layout = layouts.one([BASE, TOP], stored=gzipped, layer_type=f"{manifests.LAYER}+gzip")
    layout.folder(tmp_path / "in")
    saved(image_of(str(tmp_path / "in")), f"oci:{tmp_path}/out:x")
    before, after = files(tmp_path / "in"), files(tmp_path / "out")
    assert {name: json.loads(data) for name, data in after.items() if "blobs" not in name} == {
        name: json.loads(data) for name, data in before.items() if "blobs" not in name
    }
    assert {name: data for name, data in after.items() if "blobs" in name} == {
        name: data for name, data in before.items() if "blobs" in name
    }


def test_what_had_dockers_media_types_gets_those_of_the_layout(tmp_path: Path) -> None:
    how = {"media_type": manifests.DOCKER_MANIFEST, "config_type": manifests.DOCKER_CONFIG, "layer_type": "x.tar.gzip"}
    brought = image_of(layouts.one([BASE, TOP], stored=PACKED, **how).folder(tmp_path / "in"))
    again = saved(brought, f"oci:{tmp_path}/out")
    assert same(brought, again)
    assert again.parts is not None
    said = json.loads(again.parts.manifest)
    assert (said["mediaType"], said["config"]["mediaType"]) == (manifests.MANIFEST, manifests.CONFIG)
    assert [one["mediaType"] for one in said["layers"]] == [f"{manifests.LAYER}+gzip", f"{manifests.LAYER}+zstd"]
    assert [one["digest"] for one in said["layers"]] == [f"sha256:{archives.digest(data)}" for data in PACKED]


def test_a_manifest_that_tells_wrong_how_its_layers_are_packed_is_put_right(tmp_path: Path) -> None:
    brought = image_of(layouts.one([BASE, TOP], layer_type=f"{manifests.LAYER}+gzip").folder(tmp_path / "in"))
    again = saved(brought, f"oci:{tmp_path}/out")
    assert same(brought, again)
    assert again.parts is not None
    assert [one["mediaType"] for one in json.loads(again.parts.manifest)["layers"]] == [manifests.LAYER] * 2


def test_blobs_without_a_known_digest_are_kept_too(tmp_path: Path) -> None:
    members = archives.old([BASE, TOP])
    for number, data in enumerate(PACKED):
        members[f"{number:064x}/layer.tar"] = data
    brought = image_of(archives.written(tmp_path, members))
    again = saved(brought, f"oci:{tmp_path}/out")
    assert [one.blob_digest for one in again.image.layers] == [f"sha256:{archives.digest(data)}" for data in PACKED]


def test_an_image_is_added_to_a_layout_and_takes_the_place_of_its_name(tmp_path: Path) -> None:
    layout = Layout()
    layout.list(layout.image([BASE]), "keep", extra="kept")
    layout.list(layout.image([TOP]), "x")
    brought = image_of(layouts.one([BASE, TOP]).archive(tmp_path / "x.tar"))
    tmp_path /= "app"
    before = files(Path(layout.folder(tmp_path)))
    saved(brought, f"oci:{tmp_path}:x")
    assert [one.refs for one in images_of(str(tmp_path))] == [("app:keep",), ("app:x",)]
    assert same(image_of(f"oci:{tmp_path}:x"), brought)
    listed = json.loads((tmp_path / "index.json").read_bytes())["manifests"]
    assert listed[0]["annotations"]["extra"] == "kept"
    assert before.items() - files(tmp_path).items() == {("index.json", before["index.json"])}
    for _ in range(2):
        saving.save_image(brought, saving.target(f"oci:{tmp_path}"))
    listed = json.loads((tmp_path / "index.json").read_bytes())["manifests"]
    assert [one.get("annotations", {}).get(manifests.REF_NAME) for one in listed] == ["keep", "x", None]


def test_what_is_not_known_in_an_index_stays(tmp_path: Path) -> None:
    folder = Path(layouts.one([BASE]).folder(tmp_path / "out"))
    index = json.loads((folder / "index.json").read_bytes())
    (folder / "index.json").write_text(json.dumps(index | {"vendor": {"x": [1, "é"]}}))
    saving.save_image(made(), saving.target(f"oci:{folder}:y"))
    assert json.loads((folder / "index.json").read_bytes())["vendor"] == {"x": [1, "é"]}
    assert len(images_of(str(folder))) == 2


def test_a_damaged_blob_of_the_layout_is_replaced(tmp_path: Path) -> None:
    brought = image_of(layouts.one([BASE, TOP]).archive(tmp_path / "in.tar"))
    saved(brought, f"oci:{tmp_path}/out:x")
    blob = tmp_path / "out" / "blobs" / "sha256" / archives.digest(BASE)
    blob.write_bytes(b"y" * len(BASE))
    saved(brought, f"oci:{tmp_path}/out:y")
    assert blob.read_bytes() == BASE


def test_an_empty_folder_becomes_a_layout(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert same(saved(made(), f"oci:{tmp_path}/out:x"), made())


def test_a_foreign_layer_is_named_in_a_layout_and_missed_in_a_docker_archive(tmp_path: Path) -> None:
    layout = Layout()
    config = layout.blob(archives.config([BASE, TOP]), manifests.CONFIG)
    away = {
        "mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "digest": f"sha256:{archives.digest(BASE)}",
        "size": 5,
        "urls": ["https://x/y"],
    }
    document = {"config": config, "layers": [away, layout.blob(TOP, manifests.LAYER)]}
    layout.list(layout.document(manifests.DOCKER_MANIFEST, document))
    brought = image_of(layout.folder(tmp_path / "in"))
    again = saved(brought, f"oci:{tmp_path}/out")
    assert same(brought, again)
    assert again.parts is not None
    kept = json.loads(again.parts.manifest)["layers"][0]
    assert kept == away | {"mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"}
    with pytest.raises(ImageProblem, match="layer is kept elsewhere"):
        saved(brought, f"docker-archive:{tmp_path}/out.tar")


def test_the_same_image_gives_the_same_archive(tmp_path: Path) -> None:
    for form in ("oci-archive", "docker-archive"):
        for name in ("1", "2"):
            saved(made(), f"{form}:{tmp_path}/{name}:x")
        assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_an_archive_may_be_saved_over_itself(tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.old([BASE, TOP]))
    before = image_of(file)
    again = saved(before, f"docker-archive:{file}:new")
    assert image_id(again.image) == f"sha256:{archives.digest(archives.config([BASE, TOP]))}"
    assert again.refs == ("new:latest",)
    check_diff_ids([again])


def test_a_docker_archive_has_the_images_own_names_where_none_is_given(tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.old([BASE], ["one:1", "two:2"]))
    assert saved(image_of(file), f"docker-archive:{tmp_path}/out.tar").refs == ("one:1", "two:2")
    layout = layouts.one([BASE], "Not A Name").folder(tmp_path / "in")
    assert saved(image_of(layout), f"docker-archive:{tmp_path}/out.tar").refs == ()


@pytest.mark.parametrize("form", FORMS)
def test_progress_counts_to_the_end_and_can_end_the_writing(tmp_path: Path, form: str) -> None:
    class Ended(Exception):
        pass

    brought = image_of(archives.written(tmp_path, archives.old([BASE, TOP])))
    calls: list[tuple[int, int]] = []
    saved(brought, f"{form}:{tmp_path}/out", lambda done, total: calls.append((done, total)))
    assert calls[-1] == (len(BASE) + len(TOP), len(BASE) + len(TOP))

    def end(done: int, total: int) -> None:
        raise Ended

    with pytest.raises(Ended):
        saved(brought, f"{form}:{tmp_path}/other", end)
    assert {file.name for file in tmp_path.iterdir()} == {"image.tar", "out"}


@pytest.mark.parametrize("stored", [(), [gzip.compress(BASE), TOP]], ids=["plain", "packed"])
@pytest.mark.parametrize("form", FORMS)
def test_a_layer_that_is_not_what_it_is_called_is_not_saved(tmp_path: Path, form: str, stored: list[bytes]) -> None:
    lie = archives.layer([File("evil", b"x")])
    layout = Layout()
    config = layout.blob(archives.config([lie, TOP]), manifests.CONFIG)
    layers = [layout.blob(data, manifests.LAYER) for data in stored or [BASE, TOP]]
    layout.list(layout.document(manifests.MANIFEST, {"config": config, "layers": layers}), "x")
    brought = image_of(layout.folder(tmp_path / "in"))
    (tmp_path / "full").mkdir()
    saving.save_image(made(), saving.target(f"oci:{tmp_path}/full:y"))
    before = files(tmp_path / "full")
    with pytest.raises(ImageProblem, match=r"invalid diffID for layer 1|has become sha256:"):
        saved(brought, f"{form}:{tmp_path}/out")
    with pytest.raises(ImageProblem, match="invalid diffID for layer 1"):
        saved(brought, f"oci:{tmp_path}/full:x")
    assert files(tmp_path / "full") == before
    assert {file.name for file in tmp_path.iterdir()} == {"in", "full"}


@pytest.mark.parametrize("existing", [True, False])
def test_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existing: bool
) -> None:
    if existing:
        saving.save_image(made(), saving.target(f"oci:{tmp_path}/out:y"))
    before = files(tmp_path)
    brought = image_of(layouts.one([BASE, TOP]).archive(tmp_path.parent / f"{tmp_path.name}.tar"))

    def full(_known: object, _manifest: bytes, _tag: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(oci_form, "_listed", full)
    with pytest.raises(ImageProblem, match="out: the disk is full, nothing was written"):
        saving.save_image(brought, saving.target(f"oci:{tmp_path}/out:x"))
    assert files(tmp_path) == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", ["oci-archive", "docker-archive"])
def test_a_full_device_is_one_sentence(form: str) -> None:
    with pytest.raises(ImageProblem, match="the disk is full"):
        saving.save_image(made(), saving.target(f"{form}:/dev/full"))


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_that_is_missing_is_one_sentence(tmp_path: Path, form: str) -> None:
    with pytest.raises(ImageProblem, match="its folder does not exist; make the folder first"):
        saving.save_image(made(), saving.target(f"{form}:{tmp_path}/none/out"))


def test_what_is_in_the_way_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine").write_text("x")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ImageProblem, match="is no OCI layout"):
        saving.save_image(made(), saving.target(f"oci:{tmp_path}/notes"))
    with pytest.raises(ImageProblem, match="is a file; an OCI layout is a folder; name another folder"):
        saving.save_image(made(), saving.target(f"oci:{tmp_path}/file"))
    for form in ("oci-archive", "docker-archive"):
        with pytest.raises(ImageProblem, match="is a folder"):
            saving.save_image(made(), saving.target(f"{form}:{tmp_path}/notes"))
    assert files(tmp_path) == {"notes/mine": b"x", "file": b"x"}


@pytest.mark.parametrize("text", ["x.tar", "docker://a", "podman:x", "script:x", "lesson:x", "oci:x:@1"])
def test_what_is_no_place_to_write_to_is_told_with_those_that_are(text: str) -> None:
    with pytest.raises(ImageProblem, match=r"names no place to write an image to; write docker-archive:FILE"):
        saving.target(text)


@pytest.mark.parametrize(
    "text", ["oci:x:-a", "oci:x:a b", "oci-archive:x:é", "docker-archive:x:UPPER", "docker-archive:x:a:"]
)
def test_a_name_that_no_tool_takes_is_refused_before_anything_is_read(text: str) -> None:
    with pytest.raises(ImageProblem, match="an image may not be called"):
        saving.target(text)


def test_blobs_whose_digests_nobody_told_are_counted_twice_for_they_are_read_twice(tmp_path: Path) -> None:
    layer = archives.layer([File("a", os.urandom(3_000_000))])
    packed = gzip.compress(layer, 1)
    members = {name: packed if data == layer else data for name, data in archives.old([layer]).items()}
    brought = image_of(archives.written(tmp_path, members))
    told: list[tuple[int, int]] = []
    again = saved(brought, f"oci:{tmp_path}/out:x", lambda done, total: told.append((done, total)))
    assert again.image.layers[0].blob_digest == f"sha256:{archives.digest(packed)}"
    assert {total for _, total in told} == {max(len(layer), len(packed)) + len(packed)}
    steps = [done for done, _ in told]
    assert len(steps) > 4
    assert steps == sorted(steps)
    assert steps[-1] >= 2 * len(packed)


def test_processes_that_save_into_one_layout_at_once_do_not_lose_each_others_images(tmp_path: Path) -> None:
    common = archives.layer([File("common", os.urandom(2_000_000))])
    tags = [f"t{number}" for number in range(6)]
    for tag in tags:
        own = archives.layer([File(tag, tag.encode())])
        archives.written(tmp_path, archives.new([common, own]), f"{tag}.tar")
    command = [sys.executable, "-m", "layerviz", "save"]
    running = [subprocess.Popen([*command, f"{tmp_path}/{tag}.tar", f"oci:{tmp_path}/app:{tag}"]) for tag in tags]
    assert [one.wait(60) for one in running] == [0] * len(tags)
    found = images_of(f"{tmp_path}/app")
    assert sorted(ref for one in found for ref in one.refs) == [f"app:{tag}" for tag in tags]
    check_diff_ids(found)
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]


def test_a_layout_that_another_one_made_meanwhile_is_added_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (
        image_of(layouts.one([layer]).archive(tmp_path / f"{n}.tar")) for n, layer in enumerate((BASE, TOP))
    )
    there, exists = False, os.path.lexists

    def not_yet(path: str) -> bool:
        nonlocal there
        if str(path) == f"{tmp_path}/app" and not there:
            there = True
            saved(first, f"oci:{tmp_path}/app:first")
            return False
        return exists(path)

    monkeypatch.setattr(os.path, "lexists", not_yet)
    saved(second, f"oci:{tmp_path}/app:second")
    assert [one.refs for one in images_of(f"{tmp_path}/app")] == [("app:first",), ("app:second",)]
