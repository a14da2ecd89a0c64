"""All images of an engine, by what it says of them: nothing is exported to know what they share."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from layerviz.cli.root import layerviz
from layerviz.engine.digests import image_id
from layerviz.images.engine_images import images_in
from layerviz.images.opening import image_of, images_of
from layerviz.images.problems import ImageProblem
from layerviz.images.registry.together import Patience
from layerviz.images.shared import shared_of
from tests.images import archives
from tests.images.archives import File
from tests.images.local_engines import (
    Act,
    Handler,
    needs_podman,
    on_posix,
    podman,
    says,
    stalls_after,
)

pytestmark = [on_posix, pytest.mark.usefixtures("engine_folder")]
ONE, TWO = "1" * 64, "2" * 64
BASE, TOOL, APP, EMPTY = (f"sha256:{letter * 64}" for letter in "abcd")
Past = list[tuple[str, int]]


def has(engine: dict[str, Act], images: dict[str, tuple[list[str], list[str], Past]]) -> None:
    """The engine has images by their ids: names, DiffIDs, and the history, newest first."""
    listed = []
    for digits, (names, layers, past) in images.items():
        size = sum(count for _, count in past)
        listed.append({"Id": f"sha256:{digits}", "RepoTags": names, "Size": size, "Created": 34})
        engine[f"/images/{digits}/json"] = says(200, {"RootFS": {"Type": "layers", "Layers": layers}})
        lines = [{"Created": 12, "CreatedBy": text, "Size": count} for text, count in past]
        engine[f"/images/{digits}/history"] = says(200, lines)
    engine["/images/json"] = says(200, listed)


def test_what_its_images_share_is_known_from_what_it_says(engine: dict[str, Act]) -> None:
    has(
        engine,
        {
            ONE: (["x:latest", "y:1"], [BASE, TOOL], [("/bin/sh -c make", 300), ("/bin/sh -c #(nop) ADD b /", 1000)]),
            TWO: (["<none>:<none>"], [BASE, APP], [("COPY a / # buildkit", 50), ("/bin/sh -c #(nop) ADD b /", 1000)]),
        },
    )
    got = shared_of(images_of("docker-daemon:"))
    assert [(one.refs, one.id, one.size_bytes, one.unique_bytes) for one in got.images] == [
        (("x:latest", "y:1"), f"sha256:{ONE}", 1300, 300),
        ((), f"sha256:{TWO}", 1050, 50),
    ]
    assert [layer.layer.created_by for layer in got.layers] == ["ADD b /", "RUN make", "COPY a /"]
    assert (got.stored_bytes, got.freed_bytes([0, 1]), got.freed_bytes([1])) == (1350, 1350, 50)
    assert [one.image.origin for one in got.images] == ["docker-daemon:x:latest", f"docker-daemon:{TWO}"]
    assert not any(asked.endswith("/get") for asked in Handler.asked)


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        # Newest first, as engines tell it; of what has no bytes the likeliest lines made layers.
        ([("CMD x", 0), ("COPY b /", 7), ("WORKDIR /a", 0), ("RUN a", 5)], [5, 0, 7]),
        ([("CMD x", 0), ("COPY b /", 7), ("RUN true", 0), ("WORKDIR /a", 0), ("RUN a", 5)], [5, 0, 7]),
        ([("RUN c", 3), ("ENV a=b", 0), ("RUN b", 2), ("USER x", 0), ("RUN a", 1)], [1, 2, 3]),
        ([("CMD x", 0), ("", 3), ("", 0), ("", 2)], [2, 0, 3]),
    ],
)
def test_each_layer_has_the_bytes_of_its_line(engine: dict[str, Act], past: Past, expected: list[int]) -> None:
    has(engine, {ONE: (["x:latest"], [BASE, TOOL, APP], past)})
    (one,) = images_of("docker-daemon:")
    assert [layer.size_bytes for layer in one.image.layers] == expected
    assert one.reports == ()


@pytest.mark.parametrize(
    "past", [[], [("RUN a", 1)], [("RUN a", 1), ("RUN b", 2), ("RUN c", 3)], [("RUN a", 1), ("RUN b", -1)]]
)
def test_an_image_whose_history_does_not_tell_the_sizes_is_read(
    engine: dict[str, Act], tmp_path: Path, past: Past
) -> None:
    base, tool = archives.layer([File("a", bytes(10))]), archives.layer([File("b", bytes(20))])
    data = Path(archives.written(tmp_path, archives.new([base, tool], ["x:latest"]))).read_bytes()
    has(engine, {ONE: (["x:latest", "y:1"], [f"sha256:{archives.digest(one)}" for one in (base, tool)], past)})
    engine["/images/x:latest/json"] = says(200, {"Id": ONE})
    engine["/images/x:latest/get"] = says(200, data)
    (one,) = images_of("docker-daemon:")
    assert [layer.size_bytes for layer in one.image.layers] == [10, 20]
    assert (one.refs, one.image.origin) == (("x:latest", "y:1"), "docker-daemon:x:latest")


def test_a_history_that_the_engine_cannot_tell_keeps_no_image_back(engine: dict[str, Act]) -> None:
    has(engine, {ONE: (["x:latest"], [BASE], [("a", 5)])})
    engine[f"/images/{ONE}/history"] = says(500, {"message": "nil pointer dereference"})
    assert [one.refs for one in images_of("docker-daemon:")] == [("x:latest",)]


def test_an_image_of_one_layer_is_as_large_as_that(engine: dict[str, Act]) -> None:
    has(engine, {ONE: (["x:latest"], [BASE], [])})
    engine["/images/json"] = says(200, [{"Id": ONE, "RepoTags": ["x:latest"], "Size": 77}])
    assert [layer.size_bytes for layer in images_of("docker-daemon:")[0].image.layers] == [77]


def test_an_image_that_goes_meanwhile_is_left_out(engine: dict[str, Act]) -> None:
    has(engine, {ONE: (["x:latest"], [BASE], [("a", 1)]), TWO: (["y:latest"], [BASE], [("a", 1)])})
    del engine[f"/images/{TWO}/history"]
    assert [one.refs for one in images_of("docker-daemon:")] == [("x:latest",)]


def test_an_engine_without_images_says_so(engine: dict[str, Act]) -> None:
    engine["/images/json"] = says(200, [])
    for open_them in (images_of, image_of):
        with pytest.raises(ImageProblem, match=r"^docker-daemon: the engine has no images"):
            open_them("docker-daemon:")


def test_the_only_image_of_an_engine_needs_no_name_of_several_one_must_be_named(
    engine: dict[str, Act], tmp_path: Path
) -> None:
    layer = archives.layer([File("a", b"1")])
    data = Path(archives.written(tmp_path, archives.new([layer], ["x:latest"]))).read_bytes()
    has(engine, {ONE: (["x:latest"], [BASE], [("a", 1)])})
    engine["/images/x:latest/json"] = says(200, {"Id": ONE})
    engine["/images/x:latest/get"] = says(200, data)
    assert image_of("docker-daemon:").image.origin == "docker-daemon:x:latest"
    has(engine, {ONE: (["x:latest"], [BASE], [("a", 1)]), TWO: (["y:latest"], [BASE], [("a", 1)])})
    with pytest.raises(
        ImageProblem, match=r"several images \(x:latest, y:latest\); name one of them: docker-daemon:NAME"
    ):
        image_of("docker-daemon:")
    many: list[list[str]] = [[], *([f"x{number}:1"] for number in range(1, 12))]
    has(engine, {f"{number:064x}": (names, [BASE], [("a", 1)]) for number, names in enumerate(many)})
    with pytest.raises(ImageProblem, match=r"^docker-daemon: .* \(000000000000, x1:1, .*, x9:1, …\);"):
        image_of("docker-daemon:")


def test_one_that_says_nothing_or_nonsense_is_one_sentence(engine: dict[str, Act]) -> None:
    has(engine, {ONE: (["x:latest"], ["sha256:1"], [("a", 1)])})
    with pytest.raises(ImageProblem, match=r"docker-daemon:x:latest: .*'sha256:1'"):
        images_of("docker-daemon:")
    engine[f"/images/{ONE}/json"] = says(200, {"RootFS": 3})
    with pytest.raises(ImageProblem, match=r"^docker-daemon: the engine failed"):
        images_of("docker-daemon:")
    engine["/images/json"] = stalls_after(b"[")
    with pytest.raises(ImageProblem, match="the engine sent nothing for 1 s"):
        images_in("docker-daemon", patience=Patience(1, ()))


def test_cancel_ends_the_asking(engine: dict[str, Act]) -> None:
    engine["/images/json"] = stalls_after(b"[")

    def cancel(done: int, all_bytes: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        images_of("docker-daemon:", cancel)


def test_without_an_engine_the_command_says_what_to_start(engine_folder: Path) -> None:
    told = CliRunner().invoke(layerviz, ["images", "podman:"])
    assert told.exit_code == 1
    assert told.stderr.count("\n") == 1
    assert f"podman system service --time=0 unix://{engine_folder}/none.sock" in told.stderr


@needs_podman
def test_podman_tells_what_its_images_share(engine_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = archives.layer([File("base", bytes(5000))])
    tool = archives.layer([File("tool", bytes(300))])
    nothing = archives.layer([])
    past = [("ADD base /", False), ("ENV a=b", True), ("RUN true", False), ("COPY tool /", False)]
    lines = [{"created": "2021-02-01T00:00:00Z", "created_by": text, "empty_layer": empty} for text, empty in past]
    files = [
        archives.written(engine_folder, archives.new([base, nothing, tool], ["one:latest"], history=lines), "one.tar"),
        archives.written(engine_folder, archives.new([base], ["two:1"], history=lines[:1]), "two.tar"),
    ]
    with podman(engine_folder, monkeypatch, files):
        told = CliRunner().invoke(layerviz, ["images", "podman:", "--json", "--remove", "localhost/one"])
        assert told.exit_code == 0, told.stderr
        said = json.loads(told.stdout)
        assert sorted(one["names"] for one in said["images"]) == [["localhost/one:latest"], ["localhost/two:1"]]
        # Podman counts the bytes of the tars.
        sizes = [len(base), len(nothing), len(tool)]
        assert (said["stored_bytes"], said["freed_bytes"]) == (sum(sizes), sum(sizes[1:]))
        for one in images_of("podman:"):
            opened = image_of(one.image.origin)
            assert image_id(opened.image) == image_id(one.image)
            assert [layer.brought_diff_id for layer in opened.image.layers] == [
                layer.quoted_diff_id for layer in one.image.layers
            ]
