"""OCI layouts, as folders and in archives: which image is meant, and everything that can be wrong with one."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from layerviz.engine import merge
from layerviz.engine.digests import config_json, diff_id, image_id
from layerviz.images import contents, manifests
from layerviz.images.assembling import BroughtImage
from layerviz.images.opening import image_of, images_of
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import tags
from layerviz.images.verifying import check_diff_ids
from tests.images import archives, layouts
from tests.images.archives import File
from tests.images.layouts import Layout

BASE = archives.layer([File("a", b"hello\n"), File("b", b"bee\n"), File("d/x", b"x" * 3000)])
TOP = archives.layer([File(".wh.b"), File("c", b"sea\n")])
OTHER = archives.layer([File("other", b"o")])
DOCKER = {
    "media_type": manifests.DOCKER_MANIFEST,
    "config_type": manifests.DOCKER_CONFIG,
    "layer_type": "application/vnd.docker.image.rootfs.diff.tar.gzip",
}


def files(brought: BroughtImage) -> dict[str, bytes]:
    return {
        found.entry.path: found.entry.content.read(reader=contents.read)
        for found in merge.walk(brought.image.layers)
        if found.entry.kind == "file"
    }


def on(brought: BroughtImage) -> str:
    said = json.loads(config_json(brought.image))
    return f"{said['os']}/{said['architecture']}"


def test_a_folder_and_an_archive_show_the_same_image_by_reference_and_by_content(tmp_path: Path) -> None:
    layout = layouts.one([BASE, TOP])
    folder, archive = layout.folder(tmp_path / "folder"), layout.archive(tmp_path / "x.tar")
    for text in (f"oci:{folder}:x", f"oci:{folder}", folder, f"{folder}:x", f"oci-archive:{archive}:x", archive):
        brought = image_of(text)
        assert files(brought) == {"/a": b"hello\n", "/c": b"sea\n", "/d/x": b"x" * 3000}
        assert image_id(brought.image) == f"sha256:{archives.digest(archives.config([BASE, TOP]))}"
        assert [diff_id(one) for one in brought.image.layers] == [f"sha256:{archives.digest(x)}" for x in (BASE, TOP)]
        assert (brought.refs, brought.reports) == (("x:x" if archive in text else "folder:x",), ())
        check_diff_ids([brought])


@pytest.mark.parametrize("how", [{}, DOCKER], ids=["OCI's", "docker's"])
def test_layers_are_what_their_bytes_are_whatever_the_media_types_say(tmp_path: Path, how: dict[str, str]) -> None:
    packed = [gzip.compress(BASE), TOP]
    brought = image_of(layouts.one([BASE, TOP], stored=packed, **how).folder(tmp_path))
    assert set(files(brought)) == {"/a", "/c", "/d/x"}
    check_diff_ids([brought])
    stored = [(one.blob_digest, one.blob_bytes) for one in brought.image.layers]
    assert stored == [(f"sha256:{archives.digest(data)}", len(data)) for data in packed]


def test_names_choose_among_several_images_and_all_are_listed_without_one(tmp_path: Path) -> None:
    layout = Layout()
    layout.list(layout.image([BASE]), "base")
    layout.list(layout.image([BASE, TOP]), "localhost/two:1", **{manifests.FULL_NAME: "docker.io/library/two:1"})
    layout.list(layout.image([OTHER]))
    folder = layout.folder(tmp_path / "Some_Layout")
    assert [one.refs for one in images_of(folder)] == [("some-layout:base",), ("two:1",), ()]
    wanted = {"base": 1, "localhost/two:1": 2, "two:1": 2, "docker.io/library/two:1": 2, "@1": 2, "@2": 1}
    assert {name: len(image_of(f"oci:{folder}:{name}").image.layers) for name in wanted} == wanted
    with pytest.raises(ImageProblem, match=r"holds several images \(base, localhost/two:1, @2\); name one of them"):
        image_of(folder)
    with pytest.raises(ImageProblem, match="holds no image none, it has base, localhost/two:1"):
        image_of(f"oci:{folder}:none")
    with pytest.raises(ImageProblem, match="holds no image @3, it has 3, counted from @0"):
        image_of(f"oci:{folder}:@3")


def test_one_image_under_several_names_is_one(tmp_path: Path) -> None:
    layout = Layout()
    image = layout.image([BASE])
    for name in ("one", "two", ""):
        layout.list(image, name)
    folder = layout.folder(tmp_path / "web")
    assert image_of(folder).refs == ("web:one", "web:two")
    assert image_of(f"{folder}:two").refs == ("web:two",)


def test_a_tag_alone_is_no_name_the_image_is_called_like_its_layout(tmp_path: Path) -> None:
    """Podman would call it localhost/1.0:latest."""
    layout = layouts.one([BASE], "1.0")
    packed = tmp_path / "app.oci.tar.gz"
    packed.write_bytes(gzip.compress(Path(layout.archive(tmp_path / "x.tar")).read_bytes()))
    for text in (layout.folder(tmp_path / "app"), str(packed)):
        brought = image_of(f"{text}:1.0")
        assert tags(brought.refs) == ("app:1.0",)
        assert image_of(text).refs == brought.refs


@pytest.mark.parametrize("tag", ["web:3", "localhost/web:3", "ghcr.io/a/web"])
def test_what_is_a_whole_name_stays_one(tmp_path: Path, tag: str) -> None:
    assert image_of(layouts.one([BASE], tag).folder(tmp_path / "app")).refs == (tag,)


def test_the_number_that_is_told_is_the_one_to_write(tmp_path: Path) -> None:
    layout = Layout()
    layout.list(layout.image([OTHER], on="unknown/unknown"))
    for layer in (BASE, TOP):
        layout.list(layout.image([layer]))
    with pytest.raises(ImageProblem, match=r"several images \(@1, @2\)"):
        image_of(layout.folder(tmp_path))
    assert set(files(image_of(f"{tmp_path}:@1"))) == {"/a", "/b", "/d/x"}


def test_layers_shared_by_images_of_a_layout_are_read_once(tmp_path: Path) -> None:
    layout = Layout()
    layout.list(layout.image([BASE]), "one")
    layout.list(layout.image([BASE, TOP]), "two")
    one, two = images_of(layout.folder(tmp_path))
    assert one.image.layers[0].entries is two.image.layers[0].entries


def test_of_an_index_the_platform_is_chosen_through_nested_ones_and_attestations_are_skipped(tmp_path: Path) -> None:
    layout = Layout()
    note = {"vnd.docker.reference.type": "attestation-manifest"}
    inner = layout.index(
        layout.image([BASE], on="linux/amd64"),
        layout.image([TOP], on="unknown/unknown", annotations=note),
        layout.image([OTHER], on="linux/s390x"),
        media_type=manifests.DOCKER_INDEX,
    )
    layout.list(layout.index(inner), "x")
    folder = layout.folder(tmp_path)
    assert on(image_of(folder, platform="linux/amd64")) == "linux/amd64"
    assert on(image_of(f"oci:{folder}:x", platform="s390x")) == "linux/s390x"
    assert len(images_of(folder, platform="linux/amd64")) == 1
    with pytest.raises(ImageProblem, match="holds no image for linux/arm64, it has linux/amd64, linux/s390x"):
        image_of(folder, platform="linux/arm64")


def test_lines_of_one_name_for_several_platforms_are_one_image(tmp_path: Path) -> None:
    layout = Layout()
    for where, layer in (("linux/amd64", BASE), ("linux/s390x", TOP)):
        layout.list(layout.image([layer], on=where), "x")
    layout.list(layout.image([OTHER], on="linux/amd64"), "y")
    folder = layout.folder(tmp_path)
    assert [on(one) for one in images_of(folder, platform="linux/s390x")] == ["linux/s390x", "linux/amd64"]
    assert on(image_of(f"oci:{folder}:x", platform="linux/s390x")) == "linux/s390x"


def test_a_foreign_layer_that_is_not_there_is_reported_and_the_rest_is_shown(tmp_path: Path) -> None:
    kept_back = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    layout = Layout()
    config = layout.blob(archives.config([OTHER, BASE]), manifests.CONFIG)
    away = {"mediaType": kept_back, "digest": f"sha256:{archives.digest(OTHER)}", "size": 5, "urls": ["https://x/y"]}
    layers = [away, layout.blob(BASE, manifests.LAYER)]
    layout.list(layout.document(manifests.MANIFEST, {"config": config, "layers": layers}), "x")
    brought = image_of(layout.folder(tmp_path))
    assert [str(report) for report in brought.reports] == [
        f"{tmp_path}, layer 1: the layer is kept elsewhere (a foreign layer): its files are not known"
    ]
    assert set(files(brought)) == {"/a", "/b", "/d/x"}
    assert diff_id(brought.image.layers[0]) == f"sha256:{archives.digest(OTHER)}"
    check_diff_ids([brought])


def test_what_is_no_image_is_left_out_with_a_report_and_refused_when_it_is_all_there_is(tmp_path: Path) -> None:
    layout = Layout()
    nothing = layout.blob(b"{}", "application/vnd.oci.empty.v1+json")
    chart = layout.document(manifests.MANIFEST, {"artifactType": "application/chart", "config": nothing, "layers": []})
    layout.list(chart, "chart")
    layout.list(layout.blob(b"{}", "application/spdx+json"))
    layout.list(layout.image([BASE]), "x")
    folder = layout.folder(tmp_path)
    (brought,) = images_of(folder)
    assert [report.said("en").partition(": an ")[2] for report in brought.reports] == [
        "artifact of the type 'application/chart', which is no image, was left out",
        "artifact of the type 'application/spdx+json', which is no image, was left out",
    ]
    with pytest.raises(ImageProblem, match="is no image but an artifact of the type 'application/chart'"):
        image_of(f"oci:{folder}:chart")


def test_a_blob_that_is_not_what_its_digest_says_is_found_when_it_is_checked(tmp_path: Path) -> None:
    packed, again = (gzip.compress(BASE, mtime=moment) for moment in (1, 2))
    layout = layouts.one([BASE, TOP], stored=[packed, TOP])
    layout.files[f"blobs/sha256/{archives.digest(packed)}"] = again
    brought = image_of(layout.folder(tmp_path))
    with pytest.raises(ImageProblem, match=f"{tmp_path}, layer 1: has become sha256:{archives.digest(again)} instead"):
        check_diff_ids([brought])


def _without(part: str) -> Callable[[Layout], None]:
    def removed(layout: Layout) -> None:
        del layout.files[_of(layout, part)]

    return removed


def _put(part: str, data: bytes) -> Callable[[Layout], None]:
    def changed(layout: Layout) -> None:
        layout.files[_of(layout, part)] = data

    return changed


def _of(layout: Layout, part: str) -> str:
    """The name of the config, the manifest or the second layer of the layout's image."""
    manifest = "blobs/" + layout.listed[0]["digest"].replace(":", "/")
    said = json.loads(layout.files[manifest])
    names = {"manifest": manifest, "config": said["config"]["digest"], "layer": said["layers"][1]["digest"]}
    return str(names.get(part, part)).replace("sha256:", "blobs/sha256/")


def _deep(layout: Layout) -> None:
    descriptor = layout.listed.pop()
    for _ in range(20):
        descriptor = layout.index(descriptor)
    layout.list(descriptor)


def _circle(layout: Layout) -> None:
    index = layout.index(layout.listed.pop())
    layout.files[_name(index)] = json.dumps({"schemaVersion": 2, "manifests": [index]}).encode().ljust(index["size"])
    layout.list(index | {"size": len(layout.files[_name(index)])})


def _name(descriptor: layouts.Json) -> str:
    return "blobs/" + str(descriptor["digest"]).replace(":", "/")


def _wide(layout: Layout) -> None:
    """Every index names the one below a thousand times: what is not asked for is not read."""
    descriptor = layout.listed.pop()
    for _ in range(10):
        descriptor = layout.index(*[descriptor | {"platform": layouts.platform("linux/amd64")}] * 1000)
    layout.list(descriptor)


def _bad_config(data: bytes) -> Callable[[Layout], None]:
    def changed(layout: Layout) -> None:
        manifest = json.loads(layout.files[_name(layout.listed.pop())])
        config = layout.blob(data, manifests.CONFIG)
        layout.list(layout.document(manifests.MANIFEST, {"config": config, "layers": manifest["layers"]}))

    return changed


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_without("oci-layout"), "is no OCI layout"),
        (_put("oci-layout", b"not json"), "oci-layout: is no JSON"),
        (_put("oci-layout", b'{"imageLayoutVersion":"2.0.0"}'), "oci-layout: imageLayoutVersion '2.0.0' is unknown"),
        (_put("index.json", b"not json"), "index.json: is no JSON"),
        (
            _put("index.json", b'{"manifests": [], "more": ' + b"[" * 100_000),
            "index.json: the JSON is nested too deeply",
        ),
        (_put("index.json", b'{"mediaType": "\x88"}'), "index.json: is no JSON"),
        (_put("index.json", b'{"manifests": []}'), "index.json: the index names no image"),
        (_put("index.json", b"{}"), "index.json: is neither a manifest"),
        (_put("index.json", b" " * (17 << 20)), "index.json has 17825792 bytes"),
        (_put("index.json", b'{"manifests": [{"digest": "sha256:../x", "size": 1}]}'), "is no sha256 digest"),
        (_without("manifest"), "has no blobs/sha256/"),
        (_put("manifest", b"{}"), "has 2 bytes instead of"),
        (_without("config"), "has no blobs/sha256/"),
        (_put("config", archives.config([BASE, TOP]).replace(b"amd64", b"arm64")), "has become sha256:"),
        (_bad_config(b"not json"), ": is no JSON"),
        (_bad_config(b'{"rootfs": {"type": "layers"}}'), "layers length mismatch: expected 0, got 2"),
        (_bad_config(b'{"more": ' + b"[" * 100_000), "the JSON is nested too deeply"),
        (_without("layer"), "layer 2: has no blobs/sha256/"),
        (_put("layer", TOP[:700]), f"has 700 bytes instead of {len(TOP)}"),
        (_put("layer", b"x" * len(TOP)), "layer 2, byte "),
        (_deep, "indexes lead to indexes, more than 16 times"),
        (_circle, "has become sha256:"),
    ],
)
@pytest.mark.parametrize("form", ["oci", "oci-archive"])
def test_what_is_wrong_with_a_layout_is_one_sentence(
    tmp_path: Path, damage: Callable[[Layout], None], words: str, form: str
) -> None:
    layout = layouts.one([BASE, TOP])
    damage(layout)
    place = tmp_path / "place"
    layout_at = layout.folder(place) if form == "oci" else layout.archive(place)
    with pytest.raises(ImageProblem) as caught:
        image_of(f"{form}:{layout_at}")
    assert words in str(caught.value)
    assert str(caught.value).startswith(layout_at)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("seed", range(60))
def test_damage_by_chance_is_one_sentence_or_none(tmp_path: Path, seed: int) -> None:
    pick = Random(seed)
    layout = Layout()
    both = [layout.image([BASE, TOP], stored=[gzip.compress(BASE), TOP], on="linux/amd64")]
    both.append(layout.image([TOP], on="linux/arm64"))
    layout.list(layout.index(*both), "x")
    layout.list(layout.image([BASE]), "y")
    members = dict(layout.members)
    for _ in range(pick.randint(1, 3)):
        name = pick.choice(sorted(members))
        at = pick.randrange(len(members[name]) + 1)
        members[name] = pick.choice(
            (
                members[name][:at],
                members[name][:at] + bytes([pick.randrange(256)]) + members[name][at + 1 :],
                members[name][:at] + pick.choice((b"[", b"{", b'"', b",", b"0")) + members[name][at:],
                members[name][:at] + members[name][at + pick.randint(1, 20) :],
            )
        )
    file = tmp_path / "x.tar"
    file.write_bytes(archives.outer(members))
    try:
        images = images_of(str(file))
        check_diff_ids(images)
    except ImageProblem as problem:
        assert str(problem).startswith(str(file))
        assert "\n" not in str(problem)
    else:
        assert {path for one in images for path in files(one)} <= {"/a", "/b", "/c", "/d/x"}


def test_an_index_that_names_the_same_a_thousand_times_is_read_once(tmp_path: Path) -> None:
    layout = layouts.one([BASE])
    _wide(layout)
    assert set(files(image_of(layout.folder(tmp_path)))) == {"/a", "/b", "/d/x"}


def test_a_blob_that_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    layout = layouts.one([BASE])
    folder = Path(layout.folder(tmp_path))
    blob = folder / "blobs" / "sha256" / archives.digest(BASE)
    blob.unlink()
    blob.mkdir()
    with pytest.raises(ImageProblem, match="is a folder; name a file"):
        image_of(str(folder))


def test_a_folder_that_is_no_layout_and_a_layout_that_is_not_there_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(ImageProblem, match="is no OCI layout"):
        image_of(str(tmp_path))
    with pytest.raises(ImageProblem, match="is not there; check the name of the folder"):
        image_of(f"oci:{tmp_path}/none:x")
    with pytest.raises(ImageProblem, match="is a file; an OCI layout is a folder; write oci-archive:FILE"):
        image_of(f"oci:{tmp_path}/file")
