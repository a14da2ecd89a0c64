"""One door: what a person writes leads to an image, wherever that lies."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from layerviz.engine import merge
from layerviz.engine.digests import image_id
from layerviz.engine.world import World
from layerviz.images import made
from layerviz.images.opening import image_of, images_in, images_of
from layerviz.images.problems import ImageProblem
from tests.images import archives, layouts
from tests.images.archives import File
from tests.images.test_saving import built

LAYER = archives.layer([File("a", b"1")])
OTHER = archives.layer([File("b", b"2")])
SCRIPT = """
mkdir d; echo hello > d/file
printf 'FROM scratch\\nCOPY d/ /\\n' > Dockerfile
docker build -q -t one .
docker tag one two:2
"""


@pytest.fixture(autouse=True)
def no_lessons(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(made, "_lessons", [])
    yield


def paths(text: str) -> set[str]:
    return {found.entry.path for found in merge.walk(image_of(text).image.layers)}


def several(tmp_path: Path, *forms: dict[str, bytes | str]) -> str:
    """One archive of docker's with all of these images."""
    lines = [json.loads(form["manifest.json"])[0] for form in forms]
    members: dict[str, bytes | str] = {}
    for form in forms:
        members |= form
    return archives.written(tmp_path, members | {"manifest.json": json.dumps(lines).encode()})


def test_a_path_alone_is_told_by_what_it_holds(tmp_path: Path) -> None:
    docker = archives.written(tmp_path, archives.old([LAYER]), "a")
    layout = layouts.one([LAYER])
    for text in (docker, layout.archive(tmp_path / "b"), layout.folder(tmp_path / "c")):
        assert paths(text) == {"/a"}


def test_an_archive_that_is_both_is_read_as_dockers(tmp_path: Path) -> None:
    layout = layouts.one([LAYER], "x")
    both = archives.written(tmp_path, {**layout.members, **archives.new([OTHER], ["docker:latest"])})
    assert image_of(both).refs == ("docker:latest",)
    assert image_of(f"oci-archive:{both}").refs == ("image:x",)


def test_an_image_of_several_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    one, two, none = (
        archives.new([LAYER], ["one:latest", "one:1"]),
        archives.new([OTHER], ["two:2"]),
        archives.new([], []),
    )
    file = several(tmp_path, one, two, none)
    assert [image.refs for image in images_of(file)] == [("one:latest", "one:1"), ("two:2",), ()]
    for name in ("one", "one:1", "docker.io/library/one:latest", "@0"):
        assert paths(f"docker-archive:{file}:{name}") == {"/a"}
    assert paths(f"{file}:@1") == {"/b"}
    assert len(images_of(f"{file}:two:2")) == 1
    with pytest.raises(ImageProblem, match=r"several images \(one:latest, one:1, two:2, @2\)"):
        image_of(file)
    with pytest.raises(ImageProblem, match="holds no image @3, it has 3, counted from @0"):
        image_of(f"{file}:@3")


def test_of_images_that_share_a_name_it_is_that_of_the_platform(tmp_path: Path) -> None:
    forms: list[dict[str, bytes | str]] = []
    for architecture, layer in (("amd64", LAYER), ("s390x", OTHER)):
        form = archives.new([layer], ["x:latest"])
        line = json.loads(form["manifest.json"])[0]
        config = archives.config([layer], architecture=architecture)
        line["Config"] = f"blobs/sha256/{archives.digest(config)}"
        forms.append(form | {line["Config"]: config, "manifest.json": json.dumps([line]).encode()})
    file = several(tmp_path, *forms)
    for platform, has in (("linux/amd64", "a"), ("linux/s390x", "b")):
        for text in (file, f"{file}:x"):
            brought = image_of(text, platform=platform)
            assert [found.entry.name for found in merge.walk(brought.image.layers)] == [has]
    with pytest.raises(
        ImageProblem, match=f"^{file}: holds no image for linux/riscv64, it has linux/amd64, linux/s390x"
    ):
        image_of(file, platform="linux/riscv64")


def test_images_without_names_are_told_apart_by_number_not_taken_for_one(tmp_path: Path) -> None:
    file = several(tmp_path, archives.new([LAYER], []), archives.new([OTHER], []))
    with pytest.raises(ImageProblem, match=r"several images \(@0, @1\)"):
        image_of(file)
    assert paths(f"{file}:@1") == {"/b"}


def test_a_foreign_layer_of_a_docker_archive_is_reported(tmp_path: Path) -> None:
    members = archives.new([OTHER, LAYER])
    line = json.loads(members["manifest.json"])[0]
    digest = f"sha256:{archives.digest(OTHER)}"
    kept_back = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    line["LayerSources"] = {digest: {"mediaType": kept_back, "digest": digest, "size": 1}}
    del members[f"blobs/sha256/{archives.digest(OTHER)}"]
    file = archives.written(tmp_path, members | {"manifest.json": json.dumps([line]).encode()})
    assert [report.key for report in image_of(file).reports] == ["foreign"]
    assert paths(file) == {"/a"}


def test_an_archive_of_very_many_files_can_be_given_up_before_it_turns_out_to_be_none(tmp_path: Path) -> None:
    class Ended(Exception):
        pass

    def end(done: int, total: int) -> None:
        raise Ended

    (tmp_path / "x.tar").write_bytes(archives.layer(File(f"{number}") for number in range(5000)))
    with pytest.raises(Ended):
        image_of(str(tmp_path / "x.tar"), end)


def test_what_is_not_there_is_told_with_the_ways_to_an_image() -> None:
    with pytest.raises(ImageProblem, match=r"^alpine:3: is no file and no folder here; .* docker://NAME\[:TAG\]"):
        image_of("alpine:3")
    with pytest.raises(ImageProblem, match=r"^none\.tar: cannot be read"):
        image_of("docker-archive:none.tar:x")


def test_a_file_is_opened_by_its_name_alone_however_odd_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    archives.written(tmp_path, archives.old([LAYER]), "docker:x")
    assert len(images_in("docker:x")) == 1
    assert paths("docker:x") == {"/a"}


def test_the_images_of_a_script_are_those_it_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "make.sh").write_text(SCRIPT)
    monkeypatch.chdir(tmp_path)
    assert paths("script:make.sh:two:2") == paths("script:make.sh:one") == paths("script:make.sh") == {"/file"}
    assert [one.refs for one in images_of("script:make.sh")] == [("one:latest", "two:2")]
    with pytest.raises(ImageProblem, match=r"^script:make\.sh: holds no image three, it has one:latest, two:2"):
        image_of("script:make.sh:three")


def test_a_script_may_load_archives_and_saves_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    archives.written(tmp_path, archives.old([LAYER]))
    (tmp_path / "load.sh").write_text("docker load -q -i image.tar\ndocker save -o out.tar old\n")
    assert paths("script:load.sh:old") == {"/a"}
    assert not (tmp_path / "out.tar").exists()


def test_a_script_that_fails_or_makes_nothing_is_one_sentence(tmp_path: Path) -> None:
    script = tmp_path / "x.sh"
    script.write_text("echo x\ncat none\n")
    with pytest.raises(ImageProblem, match=f"^{script}:2: a command failed: cat: none: No such file"):
        image_of(f"script:{script}")
    script.write_text("echo x\n")
    with pytest.raises(ImageProblem, match="makes no image that has a name"):
        image_of(f"script:{script}")
    with pytest.raises(ImageProblem, match="cannot be read"):
        image_of(f"script:{tmp_path}/none.sh")


def test_an_image_of_a_lesson_is_that_of_the_last_step_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first, last = built("old"), built("new")
    asked: list[str] = []

    def worlds(lesson: str) -> tuple[World, ...]:
        asked.append(lesson)
        return last, first

    made.lend(worlds)
    assert image_id(image_of("lesson:x:old").image) == image_id(first.images[-1])
    assert [one.refs for one in images_of("lesson:x")] == [("new:latest",)]
    assert asked == ["x", "x"]


def test_lessons_are_unknown_until_their_floor_lends_itself() -> None:
    with pytest.raises(ImageProblem, match="names no image"):
        image_of("lesson:x:old")
