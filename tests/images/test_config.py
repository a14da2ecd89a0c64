"""Configs as docker, podman and nobody write them."""

import json

import pytest

from layerviz.images.config import described
from layerviz.images.problems import ImageProblem

SPECIFIED = {
    "created": "2015-10-31T22:22:56.015925234Z",
    "architecture": "amd64",
    "os": "linux",
    "config": {
        "User": "alice",
        "ExposedPorts": {"8080/tcp": {}},
        "Env": ["PATH=/usr/bin:/bin", "FOO=oci=is", "EMPTY"],
        "Entrypoint": ["/bin/my-app-binary"],
        "Cmd": ["--foreground"],
        "Volumes": {"/var/log": {}},
        "WorkingDir": "/home/alice",
        "Labels": {"b": "2", "a": "1"},
    },
    "rootfs": {"diff_ids": ["sha256:1", "sha256:2"], "type": "layers"},
    "history": [
        {"created": "2015-10-31T22:22:54Z", "created_by": "/bin/sh -c #(nop) ADD file:a in /"},
        {"created": "2015-10-31T23:22:55+01:00", "created_by": 'CMD ["sh"]', "empty_layer": True},
    ],
    "unknown": [1, 2, 3],
}


def test_a_config_of_the_specification_is_read_field_by_field_and_kept_byte_for_byte() -> None:
    data = json.dumps(SPECIFIED).encode()
    got = described(data, "x")
    config = got.config
    assert config.raw == data
    assert config.env == (("PATH", "/usr/bin:/bin"), ("FOO", "oci=is"), ("EMPTY", ""))
    assert (config.entrypoint, config.cmd) == (("/bin/my-app-binary",), ("--foreground",))
    assert (config.user, config.working_dir) == ("alice", "/home/alice")
    assert config.labels == (("a", "1"), ("b", "2"))
    assert (config.exposed_ports, config.volumes) == (("8080/tcp",), ("/var/log",))
    assert got.diff_ids == ("sha256:1", "sha256:2")
    assert got.created == 1446330176
    assert [(line.created, line.empty_layer) for line in got.history] == [(1446330174, False), (1446330175, True)]


def test_null_counts_as_absent_and_most_fields_may_be_missing() -> None:
    got = described(b'{"rootfs": {"type": "layers", "diff_ids": null}, "config": null, "history": null}', "x")
    assert (got.diff_ids, got.history, got.created, got.config.cmd) == ((), (), 0, None)


def test_a_time_that_is_not_legible_decides_nothing() -> None:
    for text in ("0001-01-01T00:00:00Z", "yesterday", "2020-13-45T99:99:99Z"):
        described(json.dumps(SPECIFIED | {"created": text}).encode(), "x")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "missing required field `rootfs`"),
        (b'{"rootfs": {"type": "windows"}}', "rootfs.type must be layers, not 'windows'"),
        (b'{"rootfs": {"type": "layers", "diff_ids": [1]}}', "Expected `str`, got `int` - at `$.rootfs.diff_ids[0]`"),
        (b'{"rootfs": {"type": "layers"}, "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
    ],
)
def test_what_is_no_config_is_refused_in_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(ImageProblem) as caught:
        described(data, "image.tar, config abc.json")
    assert words in str(caught.value)
    assert str(caught.value).startswith("image.tar, config abc.json: ")
