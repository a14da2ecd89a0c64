"""Manifests and indexes: what they are told to be, which image of an index is meant, and what is refused."""

import json
import platform

import pytest

from layerviz.images import manifests, platforms
from layerviz.images.manifests import Artifact, Descriptor, Index, Manifest
from layerviz.images.platforms import Platform
from layerviz.images.problems import ImageProblem

SHA = "sha256:" + "1" * 64


def described(media_type: str = "", digest: str = SHA, size: int = 3, **more: object) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest, "size": size} | more


def on(where: str, digit: str = "1", **more: object) -> dict[str, object]:
    os, architecture, *variant = where.split("/")
    said = {"os": os, "architecture": architecture} | ({"variant": variant[0]} if variant else {})
    return described(manifests.MANIFEST, "sha256:" + digit * 64, platform=said) | more


def read(**document: object) -> Manifest | Index | Artifact:
    return manifests.read(json.dumps({"schemaVersion": 2} | document).encode(), "x")


def index(*descriptors: dict[str, object]) -> tuple[Descriptor, ...]:
    got = read(manifests=list(descriptors))
    assert isinstance(got, Index)
    return got.manifests


def test_a_manifest_has_a_config_and_layers_whoever_wrote_it() -> None:
    oci = read(config=described(manifests.CONFIG), layers=[described(f"{manifests.LAYER}+gzip")])
    docker = read(
        mediaType=manifests.DOCKER_MANIFEST,
        config=described(manifests.DOCKER_CONFIG),
        layers=[described("application/vnd.docker.image.rootfs.diff.tar.gzip")],
    )
    assert isinstance(oci, Manifest) and isinstance(docker, Manifest)
    assert (oci.media_type, docker.media_type) == (manifests.MANIFEST, manifests.DOCKER_MANIFEST)
    assert [one.digest for one in oci.layers] == [one.digest for one in docker.layers] == [SHA]


@pytest.mark.parametrize(
    ("document", "type"),
    [
        ({"artifactType": "application/x", "config": described("application/vnd.oci.empty.v1+json")}, "application/x"),
        ({"config": described("application/vnd.cncf.helm.config.v1+json")}, "application/vnd.cncf.helm.config.v1+json"),
        (
            {"config": described(manifests.CONFIG), "layers": [described("application/vnd.dev.cosign.simple.v1+json")]},
            "application/vnd.dev.cosign.simple.v1+json",
        ),
    ],
)
def test_what_is_no_image_is_told_by_its_type(document: dict[str, object], type: str) -> None:
    assert read(**({"layers": []} | document)) == Artifact(type)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "is neither a manifest"),
        ({"schemaVersion": 1, "fsLayers": []}, "old schema 1"),
        ({"manifests": [described(digest="sha256:../../etc")]}, "is no sha256 digest"),
        ({"manifests": [described(size=-1)]}, "is said to have -1 bytes"),
        ({"manifests": 5}, "Expected `array"),
    ],
)
def test_a_document_that_is_neither_is_refused_with_the_reason(document: dict[str, object], words: str) -> None:
    with pytest.raises(ImageProblem, match=words):
        read(**document)


def test_foreign_layers_and_attestations_are_told_from_the_rest() -> None:
    foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    kept_back = "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd"
    types = (foreign, kept_back, manifests.LAYER)
    assert [one.is_foreign for one in index(*map(described, types))] == [True, True, False]
    note = {"vnd.docker.reference.type": "attestation-manifest"}
    said = index(on("unknown/unknown"), on("linux/amd64"), described(annotations=note))
    assert [one.is_attestation for one in said] == [True, False, True]


@pytest.mark.parametrize(
    ("wanted", "digit"),
    [
        ("linux/amd64", "1"),
        ("amd64", "1"),
        ("linux/x86_64", "1"),
        ("linux/arm64/v8", "2"),
        ("linux/arm64", "2"),
        ("linux/arm/v7", "4"),
        ("linux/arm", "4"),
        ("linux/arm/v6", "3"),
        ("windows/amd64", "5"),
    ],
)
def test_the_image_of_the_platform_that_was_asked_for_is_chosen(wanted: str, digit: str) -> None:
    has = index(
        on("unknown/unknown", "0"),
        on("windows/amd64", "5"),
        on("linux/amd64", "1"),
        on("linux/arm64/v8", "2"),
        on("linux/arm/v6", "3"),
        on("linux/arm/v7", "4"),
    )
    assert manifests.chosen(has, wanted, "x").digest == "sha256:" + digit * 64


@pytest.mark.parametrize(("machine", "digit"), [("x86_64", "1"), ("AMD64", "1"), ("aarch64", "2"), ("armv7l", "3")])
def test_without_a_wish_it_is_this_machines(monkeypatch: pytest.MonkeyPatch, machine: str, digit: str) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    has = index(on("linux/amd64", "1"), on("linux/arm64", "2"), on("linux/arm/v6", "3"))
    assert manifests.chosen(has, "", "x").digest == "sha256:" + digit * 64


def test_the_only_image_there_is_is_taken_unless_another_was_asked_for() -> None:
    (only, _) = has = index(on("linux/s390x"), on("unknown/unknown", "0"))
    assert manifests.chosen(has, "", "x") is only
    with pytest.raises(ImageProblem, match="holds no image for linux/amd64, it has linux/s390x; choose one of these"):
        manifests.chosen(has, "linux/amd64", "x")
    with pytest.raises(ImageProblem, match="names no image"):
        manifests.chosen(has[1:], "", "x")


@pytest.mark.parametrize("text", ["linux", "/amd64", "linux/amd64/v1/x", "linux amd64", "plan9/amd64"])
def test_what_names_no_platform_is_told_how_to_name_one(text: str) -> None:
    with pytest.raises(ImageProblem, match=r"names no platform; write OS/ARCHITECTURE"):
        platforms.written(text)


def test_a_platform_is_said_without_the_variant_that_is_usual() -> None:
    assert [
        str(one) for one in (Platform("linux", "amd64"), platforms.written("arm64/v8"), platforms.written("arm"))
    ] == [
        "linux/amd64",
        "linux/arm64",
        "linux/arm/v7",
    ]


def test_bytes_are_held_against_size_and_digest() -> None:
    (right, wrong, long) = index(
        described(digest="sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        described(),
        described(size=4),
    )
    manifests.require_bytes(b"abc", right, "x")
    with pytest.raises(ImageProblem, match=f"has become sha256:ba7816.* instead of {SHA}"):
        manifests.require_bytes(b"abc", wrong, "x")
    with pytest.raises(ImageProblem, match="has 3 bytes instead of 4"):
        manifests.require_bytes(b"abc", long, "x")
