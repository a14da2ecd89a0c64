"""What a person writes for an image, and which place it means."""

import pytest

from layerviz.images.problems import ImageProblem
from layerviz.images.reference import InEngine, InFile, InRegistry, Made, Reference, parsed

THERE = {"image.tar", "with:colon.tar", "folder", "a:b", "a", "make.sh", "odd:folder"}
SHA = "sha256:" + "ab" * 32


def read(text: str) -> Reference:
    return parsed(text, THERE.__contains__)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("docker-archive:image.tar", InFile("docker-archive", "image.tar")),
        ("docker-archive:image.tar:two:1", InFile("docker-archive", "image.tar", "two:1")),
        (
            "docker-archive:image.tar:localhost:5000/two:1",
            InFile("docker-archive", "image.tar", "localhost:5000/two:1"),
        ),
        ("docker-archive:image.tar:@1", InFile("docker-archive", "image.tar", number=1)),
        ("docker-archive:with:colon.tar:two", InFile("docker-archive", "with:colon.tar", "two")),
        ("docker-archive:none.tar:two:1", InFile("docker-archive", "none.tar", "two:1")),
        ("docker-archive:C:\\images\\none.tar:two", InFile("docker-archive", "C:\\images\\none.tar", "two")),
        ("oci:folder", InFile("oci", "folder")),
        ("oci:folder:tag", InFile("oci", "folder", "tag")),
        ("oci:folder:@0", InFile("oci", "folder", number=0)),
        ("oci:none:tag", InFile("oci", "none", "tag")),
        ("oci-archive:image.tar:tag", InFile("oci-archive", "image.tar", "tag")),
        ("image.tar", InFile(None, "image.tar")),
        ("image.tar:two", InFile(None, "image.tar", "two")),
        ("odd:folder", InFile(None, "odd:folder")),
        ("a:b", InFile(None, "a:b")),
        ("a:c", InFile(None, "a", "c")),
        ("none.tar", InFile(None, "none.tar")),
        ("none:1", InFile(None, "none:1")),
        ("docker-daemon:redis:7", InEngine("docker-daemon", "redis:7")),
        ("podman:0123456789ab", InEngine("podman", "0123456789ab")),
        ("podman:", InEngine("podman", "")),
        ("script:make.sh:two:1", Made("script", "make.sh", "two:1")),
        ("script:none.sh", Made("script", "none.sh")),
        ("lesson:layers:three", Made("lesson", "layers", "three")),
        ("lesson:layers", Made("lesson", "layers")),
        ("docker://alpine", InRegistry("docker.io", "library/alpine", "latest")),
        ("docker://team/app:1.2", InRegistry("docker.io", "team/app", "1.2")),
        ("docker://registry.example/a/b/c:x", InRegistry("registry.example", "a/b/c", "x")),
        ("docker://localhost:5000/app", InRegistry("localhost:5000", "app", "latest")),
        ("docker://[::1]:5000/app", InRegistry("[::1]:5000", "app", "latest")),
        (f"docker://localhost/app@{SHA}", InRegistry("localhost", "app", "", SHA)),
        (f"docker://images.example/app:1@{SHA}", InRegistry("images.example", "app", "1", SHA)),
    ],
)
def test_each_form_means_its_place(text: str, place: Reference) -> None:
    assert read(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "docker-archive:",
        "oci:",
        "oci::tag",
        "docker:alpine",
        "dir:x",
        "containers-storage:x",
        "podman::x",
        "script:",
        "oci:a\0b",
        "\0",
    ],
)
def test_what_is_no_reference_is_one_sentence_that_lists_the_forms(text: str) -> None:
    with pytest.raises(ImageProblem, match=r"names no image; write docker-archive:FILE\[:NAME\], oci:FOLDER") as caught:
        read(text)
    assert "\n" not in str(caught.value)
    assert "docker://" in caught.value.said("zh_CN")


@pytest.mark.parametrize(
    "text", ["docker://", "docker://Alpine", "docker://a//b", "docker://a:", "docker://a@sha256:1"]
)
def test_a_name_that_no_registry_may_have_is_refused(text: str) -> None:
    with pytest.raises(ImageProblem, match="behind docker:// stands no name"):
        read(text)


def test_a_text_of_many_colons_takes_no_time() -> None:
    asked: list[str] = []

    def exists(text: str) -> bool:
        asked.append(text)
        return False

    parsed("oci:" + "a:" * 60_000, exists)
    assert len(asked) < 3000


def test_a_registrys_image_has_the_name_that_docker_shows() -> None:
    names = {
        "docker://alpine": "alpine:latest",
        "docker://team/app:1": "team/app:1",
        f"docker://localhost:5000/app@{SHA}": f"localhost:5000/app@{SHA}",
    }
    places = {text: read(text) for text in names}
    assert {text: place.name for text, place in places.items() if isinstance(place, InRegistry)} == names
